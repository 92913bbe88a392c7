package cli

import (
	"bytes"
	"strings"
	"testing"
)

// TestBufferedLog keeps lines, and writes them whole and in order.
func TestBufferedLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := &bufferedLog{to: &out, waiting: true} // no timer beside the test
	line := strings.Repeat("x", 99) + "\n"
	for range logBuffer/100 - 1 {
		if n, err := l.Write([]byte(line)); n != 100 || err != nil {
			t.Fatalf("%d bytes, error %v", n, err)
		}
	}
	if out.Len() != 0 {
		t.Errorf("%d bytes are written before there are many", out.Len())
	}
	for range 3 {
		_, _ = l.Write([]byte(line))
	}
	if out.Len() < logBuffer {
		t.Errorf("%d bytes are written of %d", out.Len(), logBuffer)
	}
	l.Flush()
	if want := strings.Repeat(line, logBuffer/100+2); out.String() != want {
		t.Errorf("%d bytes instead of %d", out.Len(), len(want))
	}
}
