// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// rows returns all rows of a dataset of a release.
func rows(t testing.TB, s *store.Store, r *domain.Release, d *dataset.Dataset) (out [][]string) {
	t.Helper()
	err := s.Read(context.Background(), r, d, func(cells [][]byte) error {
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = string(c)
		}
		out = append(out, row)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestYieldFails ends the reading with the error of the reader.
func TestYieldFails(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		enough := errors.New("enough")
		for range 40 { // more often than there are connections
			n := 0
			err := s.Read(context.Background(), r, dataset.Goals, func([][]byte) error {
				n++
				return enough
			})
			if !errors.Is(err, enough) || n != 1 {
				t.Fatalf("error %v after %d rows", err, n)
			}
		}
	})
}

// TestPrunedMeanwhile prunes and publishes while another program has the file open, and a
// third reads an older state, so that new pages stay in the write-ahead log: the file is
// smaller than before, and smaller than what it will have, but not cut off.
func TestPrunedMeanwhile(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	databaseURL := storetest.SQLite(t)
	s := storetest.Open(t, databaseURL)
	content := storetest.Content(t, s, storetest.Package(t))
	random := rand.NewChaCha8([32]byte{})
	publish := func(id string, size int) {
		large := make([]byte, size)
		_, _ = random.Read(large)
		content.Release.ID, content.Files = id, []store.File{store.NewFile("large.bin", large)}
		r, err := s.Publish(t.Context(), content)
		if err != nil {
			t.Fatal(err)
		}
		content.Previous = r.Seq
	}
	for _, id := range []string{"2024.01.0", "2024.02.0", "2024.03.0"} {
		publish(id, 1<<20)
	}
	server := storetest.Open(t, databaseURL)
	look := func(when string) {
		if r, err := server.Latest(t.Context()); err != nil || r.Seq != content.Previous {
			t.Errorf("%s: %v, error %v", when, r, err)
		}
	}
	look("before")
	if _, err := s.Prune(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	backup, err := storetest.Connect(t, databaseURL).Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := backup.QueryRow("SELECT COUNT(*) FROM releases").Scan(new(int)); err != nil {
		t.Fatal(err)
	}
	publish("2024.04.0", 1<<19)
	look("during the backup")
	if err := backup.Rollback(); err != nil {
		t.Fatal(err)
	}
	look("after the backup")
	publish("2024.05.0", 1<<10)
	look("after another release")
	if err := os.Truncate(strings.TrimPrefix(databaseURL, "sqlite:"), 1<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Latest(t.Context()); !errors.Is(err, domain.ErrUnavailable) || !strings.Contains(err.Error(), "was cut off") {
		t.Errorf("the file is cut off: error %v", err)
	}
}

// TestAltered refuses rows that are not those that were published.
func TestAltered(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ statement, want string }{
		"a cell":             {"UPDATE goals SET status = 'achieved' WHERE id = 'ts2-01'", "the rows in the database are not those that were published"},
		"a row missing":      {"DELETE FROM goals WHERE id = 'ts2-01'", "the database holds 5 rows, 6 were published"},
		"rows exchanged":     {"UPDATE goals SET ordinal = 100 WHERE id = 'ts2-01'", "the rows in the database are not those that were published"},
		"an unknown column":  {"UPDATE release_datasets SET columns = 'id,mood' WHERE dataset = 'goals'", "the column mood is not known to this version of the program"},
		"a column forgotten": {"UPDATE release_datasets SET columns = 'id,title' WHERE dataset = 'goals'", "the rows in the database are not those that were published"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, databaseURL string) {
				s := storetest.Open(t, databaseURL)
				storetest.Publish(t, s)
				storetest.Execute(t, databaseURL, tt.statement)
				r, err := s.Latest(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				err = s.Read(context.Background(), r, dataset.Goals, func([][]byte) error { return nil })
				want := "read goals of release 2024.01.0: " + tt.want
				if !errors.Is(err, domain.ErrUnavailable) || err.Error() != want {
					t.Errorf("error %v\nwant  %s", err, want)
				}
			})
		})
	}
}

// TestUnreadableTimes does not serve releases whose recorded times were altered.
func TestUnreadableTimes(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		"UPDATE releases SET published = 'x'", "UPDATE releases SET withdrawn = 'x'", "UPDATE release_datasets SET issued = 'x'", "UPDATE release_datasets SET modified = 'x'",
	} {
		t.Run(statement, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, databaseURL string) {
				s := storetest.Open(t, databaseURL)
				storetest.Publish(t, s)
				storetest.Execute(t, databaseURL, statement)
				if _, err := s.Latest(context.Background()); !errors.Is(err, domain.ErrUnavailable) {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}
