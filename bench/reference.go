package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// kept is an answer in memory with header fields ready to be sent.
type kept struct {
	body   []byte
	header http.Header
	etag   string
}

// described are the header fields that a static server sends with a file.
var described = []string{"Cache-Control", "Content-Encoding", "Content-Length", "Content-Type", "Etag", "Last-Modified", "Vary"}

// serveReference fetches the answers of another server once, in identity and
// gzip, and then serves these bytes from memory.
func serveReference(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("reference", flag.ExitOnError)
	address := flags.String("address", "", "address to listen on")
	from := flags.String("from", "", "address of the server that the answers are taken from")
	list := flags.String("list", "", "file with the paths, one a line")
	_ = flags.Parse(args)
	answers := map[string]*kept{}
	f, err := os.Open(*list)
	if err != nil {
		return err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		for _, coding := range []string{"", "gzip"} {
			k, err := fetch(ctx, "http://"+*from+lines.Text(), coding)
			if err != nil {
				return err
			}
			answers[coding+lines.Text()] = k
		}
	}
	return listen(ctx, *address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k := answers[r.Header.Get("Accept-Encoding")+r.RequestURI]
		if k == nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		if tag := r.Header.Get("If-None-Match"); tag != "" && strings.Contains(tag, k.etag) {
			h["Etag"], h["Cache-Control"], h["Vary"] = k.header["Etag"], k.header["Cache-Control"], k.header["Vary"]
			w.WriteHeader(http.StatusNotModified)
			return
		}
		for _, name := range described {
			if v := k.header[name]; v != nil {
				h[name] = v
			}
		}
		_, _ = w.Write(k.body)
	}))
}

func fetch(ctx context.Context, url, coding string) (*kept, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept-Encoding", coding)
	if coding == "" {
		r.Header.Set("Accept-Encoding", "identity")
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, answer.Status)
	}
	answer.Header["Content-Length"] = []string{fmt.Sprint(len(body))}
	return &kept{body, answer.Header, answer.Header.Get("Etag")}, nil
}

// listen serves until the context ends.
func listen(ctx context.Context, address string, h http.Handler) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
