// SPDX-License-Identifier: EUPL-1.2

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
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// answer is a complete answer in memory.
type answer struct {
	body   []byte
	header http.Header
	etag   string
	file   string // path of a file with the body, or empty
}

// copiedHeaders are the headers that a server of static files sends.
var copiedHeaders = []string{"Cache-Control", "Content-Encoding", "Content-Length", "Content-Type", "Etag", "Last-Modified", "Vary"}

// serveReference fetches answers from another server once, uncompressed and with gzip,
// and serves them from memory, or from files as http.FileServer does.
func serveReference(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("reference", flag.ExitOnError)
	address := flags.String("address", "", "address to listen on")
	from := flags.String("from", "", "address of the server to fetch the answers from")
	list := flags.String("list", "", "file with one path per line")
	folder := flags.String("files", "", "folder for files with the answers; empty means to serve them from memory")
	_ = flags.Parse(args)
	answers := map[string]*answer{}
	f, err := os.Open(*list)
	if err != nil {
		return err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		for _, coding := range []string{"", "gzip"} {
			a, err := fetch(ctx, "http://"+*from+lines.Text(), coding)
			if err != nil {
				return err
			}
			if *folder != "" {
				a.file = filepath.Join(*folder, strconv.Itoa(len(answers)))
				if err := os.WriteFile(a.file, a.body, 0o600); err != nil {
					return err
				}
			}
			answers[coding+lines.Text()] = a
		}
	}
	return listen(ctx, *address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := answers[r.Header.Get("Accept-Encoding")+r.RequestURI]
		if a == nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		if tag := r.Header.Get("If-None-Match"); tag != "" && strings.Contains(tag, a.etag) {
			h["Etag"], h["Cache-Control"], h["Vary"] = a.header["Etag"], a.header["Cache-Control"], a.header["Vary"]
			w.WriteHeader(http.StatusNotModified)
			return
		}
		for _, name := range copiedHeaders {
			if v := a.header[name]; v != nil {
				h[name] = v
			}
		}
		if a.file == "" {
			_, _ = w.Write(a.body)
			return
		}
		f, err := os.Open(a.file)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer f.Close()
		http.ServeContent(w, r, "", time.Time{}, f)
	}))
}

// fetch requests an address in a content coding and requires the status 200.
func fetch(ctx context.Context, url, coding string) (*answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept-Encoding", coding)
	if coding == "" {
		r.Header.Set("Accept-Encoding", "identity")
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	response.Header["Content-Length"] = []string{fmt.Sprint(len(body))}
	return &answer{body: body, header: response.Header, etag: response.Header.Get("Etag")}, nil
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
