// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"os"
	"path/filepath"
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
