package cli

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
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
