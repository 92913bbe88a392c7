// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestRunEnds cuts off an answer that does not end in time.
func TestRunEnds(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	left := make(chan struct{})
	handler := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
		close(left)
	})
	go func() {
		if response, err := http.Get("http://" + listener.Addr().String()); err == nil {
			t.Errorf("the answer has status %d", response.StatusCode)
			_ = response.Body.Close()
		}
	}()
	err = run(ctx, &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}, listener, 50*time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "responses that were still being sent after 50ms are cut off: ") {
		t.Errorf("the error is %v", err)
	}
	<-left
}

// TestWatch expects one log line for a lost database, its recovery, each new release, and an
// older one that is altered.
func TestWatch(t *testing.T) {
	t.Parallel()
	databaseURL := storetest.SQLite(t)
	s := storetest.Open(t, databaseURL)
	releases := release.New(s, 64<<20)
	var log bytes.Buffer
	w := &watch{releases: releases, logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))}
	lost := fmt.Errorf("%w: connection refused", domain.ErrUnavailable)
	for _, err := range []error{lost, lost, nil, nil, errors.New("broken"), errors.New("broken"), nil, fmt.Errorf("%w: %w: no folder", release.ErrNotPrepared, domain.ErrUnavailable), nil, store.Altered("a row is altered"), nil} {
		w.report(err)
	}
	for _, version := range []string{"2024.01.0", "2024.02.0", "2024.03.0"} {
		pkg := storetest.Package(t)
		if version != storetest.Release {
			storetest.Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "`+version+`"`)
			storetest.Replace(t, pkg, "datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "`+strings.TrimSuffix(strings.ReplaceAll(version, ".", "-"), "-0")+`-28T12:00:00Z"`)
		}
		storetest.PublishPackage(t, s, pkg)
		if version == "2024.03.0" {
			storetest.Execute(t, databaseURL, "UPDATE releases SET title = 'Forged' WHERE id = '"+storetest.Release+"'")
		}
		w.report(releases.Refresh(t.Context()))
		w.report(releases.Refresh(t.Context()))
	}
	const want = `level=WARN msg="database lost" error="unavailable: connection refused"
level=INFO msg="database back"
level=WARN msg="new release not served" error=broken
level=WARN msg="new release not served" error="its common answers cannot be built: unavailable: no folder"
level=WARN msg="new release not served" error="a row is altered"
level=INFO msg="new release" release=2024.02.0 before=2024.01.0
level=INFO msg="new release" release=2024.03.0 before=2024.02.0
level=WARN msg="older release not served" error="release 2024.01.0: what is recorded about it (id, title, time, notes, previous release, checksums) is not what was published"
`
	if diff := cmp.Diff(want, log.String()); diff != "" {
		t.Errorf("the log (-want +got)\n%s", diff)
	}
}

// TestServeBeforeRelease asks a server whose release cannot be loaded.
func TestServeBeforeRelease(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storetest.Publish(t, storetest.Open(t, "sqlite:"+filepath.Join(dir, "z.db")))
	storetest.Execute(t, "sqlite:"+filepath.Join(dir, "z.db"), "UPDATE goals SET status = 'altered'")
	var log testenv.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan int, 1)
	go func() {
		done <- Run(ctx, []string{
			"--http-address", "127.0.0.1:0", "--database-url", "sqlite:" + filepath.Join(dir, "z.db"), "--cache-path", filepath.Join(dir, "cache"),
		}, nil, io.Discard, &log)
	}()
	address := ""
	for deadline := time.Now().Add(time.Minute); address == ""; time.Sleep(10 * time.Millisecond) {
		if m := regexp.MustCompile(`msg=listening address=(\S+)\n`).FindStringSubmatch(log.String()); m != nil {
			address = m[1]
		} else if time.Now().After(deadline) {
			t.Fatalf("the server does not listen:\n%s", log.String())
		}
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/v1/goals": 503, "/v1/catalog/dcat.ttl": 503} {
		response, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != want {
			t.Errorf("%s: status %d, want %d, error %v", path, response.StatusCode, want, err)
		}
		if want == 503 && (response.Header.Get("Retry-After") == "" || !strings.Contains(string(body), "no release is loaded yet")) {
			t.Errorf("%s: Retry-After %q, body %s", path, response.Header.Get("Retry-After"), body)
		}
	}
	for deadline := time.Now().Add(time.Minute); !strings.Contains(log.String(), "new release not served"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			break
		}
	}
	cancel()
	if status := <-done; status != 0 {
		t.Errorf("status %d:\n%s", status, log.String())
	}
	if !strings.Contains(log.String(), "new release not served") || strings.Contains(log.String(), "database lost") {
		t.Errorf("the log does not name the damaged release:\n%s", log.String())
	}
}

// TestNotify expects what a server reports to systemd from start to end.
func TestNotify(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "notify-") // shorter than the path of a socket may be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	received := func() string {
		t.Helper()
		_ = socket.SetReadDeadline(time.Now().Add(time.Minute))
		message := make([]byte, 1024)
		n, err := socket.Read(message)
		if err != nil {
			t.Fatal(err)
		}
		return string(message[:n])
	}
	url := "sqlite:" + filepath.Join(dir, "z.db")
	s := storetest.Open(t, url)
	storetest.Publish(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan int, 1)
	go func() {
		done <- Run(ctx, []string{"--http-address", "127.0.0.1:0", "--database-url", url}, []string{"NOTIFY_SOCKET=" + filepath.Join(dir, "notify")}, io.Discard, io.Discard)
	}()
	got := []string{received(), received()}
	cancel()
	got = append(got, received())
	if status := <-done; status != 0 {
		t.Errorf("exit status %d", status)
	}
	want := []string{
		"READY=1\nSTATUS=Loading the latest release",
		"STATUS=Serving release " + storetest.Release,
		"STOPPING=1\nSTATUS=Answering the last requests",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
