// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestSQLitePath opens files whose names contain characters with a meaning in a URI.
func TestSQLitePath(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	for _, name := range []string{"a#b.db", "a%20b.db", "a b+ä&c=d.db"} {
		path := filepath.Join(t.TempDir(), name)
		storetest.Open(t, "sqlite:"+path)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s: the database is elsewhere: %v", name, err)
		}
	}
}

// TestPingWritesNothing asks a store that has just created its file, which must be
// possible while the disk is full.
func TestPingWritesNothing(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	s := storetest.Open(t, url)
	storetest.Publish(t, s)
	written := func() int64 {
		info, err := os.Stat(strings.TrimPrefix(url, "sqlite:") + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	before := written()
	if err := s.Ping(context.Background()); err != nil {
		t.Fatal(err)
	}
	if after := written(); after != before {
		t.Errorf("the write-ahead log has %d bytes after Ping, and %d before", after, before)
	}
	var mode int
	if err := storetest.Connect(t, url).QueryRow("PRAGMA auto_vacuum").Scan(&mode); err != nil || mode != 2 {
		t.Errorf("auto_vacuum is %d, error %v; want 2 (incremental)", mode, err)
	}
}
