package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
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
	if err == nil || !strings.Contains(err.Error(), "answers that were still being sent after 50ms are cut off: ") {
		t.Errorf("the error is %v", err)
	}
	<-left
}

// TestWatch says once that the database is lost, that it is back, and which
// release is served.
func TestWatch(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
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
	for _, err := range []error{lost, lost, nil, nil, errors.New("prepare: broken"), errors.New("prepare: broken"), nil, store.Altered("a row is altered"), nil} {
		w.report(err)
	}
	for _, version := range []string{"2024.01.0", "2024.02.0"} {
		pkg := storetest.Package(t)
		if version != storetest.Release {
			storetest.Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "2024.02.0"`)
			storetest.Replace(t, pkg, "datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-02-29T12:00:00Z"`)
		}
		storetest.PublishPackage(t, s, pkg)
		w.report(releases.Refresh(t.Context()))
		w.report(releases.Refresh(t.Context()))
	}
	const want = `level=WARN msg="database lost" error="unavailable: connection refused"
level=INFO msg="database back"
level=WARN msg="new release not served" error="prepare: broken"
level=WARN msg="new release not served" error="a row is altered"
level=INFO msg="new release" release=2024.02.0 before=2024.01.0
`
	if diff := cmp.Diff(want, log.String()); diff != "" {
		t.Errorf("the log (-want +got)\n%s", diff)
	}
}
