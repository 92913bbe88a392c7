package api

import (
	"bytes"
	"log/slog"
	"testing"
	"time"
)

// TestAppendAccess writes a line beside slog's text handler.
func TestAppendAccess(t *testing.T) {
	t.Parallel()
	end := time.Date(2024, 1, 31, 12, 0, 0, 123_456_789, time.FixedZone("", 3600))
	for _, route := range []string{"/v1/goals/:goalId", ""} {
		d := done{route, 200, 1 << 40, "twice-1", end.Add(-1234 * time.Microsecond), nil}
		var want bytes.Buffer
		record := slog.NewRecord(end, slog.LevelInfo, "request", 0)
		record.AddAttrs(slog.String("method", "GET"), slog.String("route", d.route), slog.Int("status", d.status),
			slog.Int64("bytes", d.bytes), slog.Duration("duration", end.Sub(d.start)), slog.String("request", d.id))
		if err := slog.NewTextHandler(&want, nil).Handle(t.Context(), record); err != nil {
			t.Fatal(err)
		}
		if got := string(appendAccess(nil, "GET", d, end)); got != want.String() {
			t.Errorf("got  %swant %s", got, want.String())
		}
	}
}
