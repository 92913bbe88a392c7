package store_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/strategy"
	"github.com/zielstand/zielstand/migrations"
)

func TestMigrateUpDownUp(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		storetest.Publish(t, s)
		if err := s.Migrate(ctx); err != nil {
			t.Fatalf("a second time: %v", err)
		}
		if r, err := s.Latest(ctx); err != nil || r.ID != storetest.Release {
			t.Fatalf("after a second migration the latest release is %v, error %v", r, err)
		}
		if err := s.MigrateDown(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Latest(ctx); err == nil || errors.Is(err, strategy.ErrNotFound) {
			t.Errorf("without tables Latest gives the error %v", err)
		}
		if err := s.Migrate(ctx); err != nil {
			t.Fatalf("up again: %v", err)
		}
		if _, err := s.Latest(ctx); !errors.Is(err, strategy.ErrNotFound) {
			t.Errorf("after a new start Latest gives the error %v", err)
		}
		storetest.Publish(t, s)
	})
}

// TestDatasetCounts: a release from before its datasets were counted is counted
// by the migration, and one that loses a dataset is told from a whole one.
func TestDatasetCounts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		r := storetest.Publish(t, s)
		if err := s.Whole(ctx, r); err != nil {
			t.Fatal(err)
		}
		db := plain(t, databaseURL)
		execute(t, db, "ALTER TABLE releases DROP COLUMN datasets")
		dropCells(t, db)
		execute(t, db, "DELETE FROM goose_db_version WHERE version_id >= 4")
		if err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		if err := s.Whole(ctx, r); err != nil {
			t.Errorf("counted by the migration: %v", err)
		}
		execute(t, db, "DELETE FROM release_datasets WHERE dataset = 'milestones'")
		if r, err := s.Latest(ctx); err != nil || !errors.Is(s.Whole(ctx, r), strategy.ErrUnavailable) {
			t.Errorf("without milestones: %v, %v", err, s.Whole(ctx, r))
		}
	})
}

// dropCells makes the tables as they were before rows were kept in one value.
func dropCells(t testing.TB, db *sql.DB) {
	t.Helper()
	execute(t, db, "ALTER TABLE release_datasets DROP COLUMN packed_columns")
	for _, d := range dataset.All {
		execute(t, db, "ALTER TABLE "+d.Table()+" DROP COLUMN cells")
	}
}

// TestCells: rows from before they were kept in one value are packed by the
// migration as Publish packs them.
func TestCells(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		storetest.Publish(t, s)
		db := plain(t, databaseURL)
		packed := func() map[string][]string {
			out := map[string][]string{}
			for _, d := range dataset.All {
				rows, err := db.Query("SELECT cells FROM " + d.Table() + " ORDER BY ordinal")
				if err != nil {
					t.Fatal(err)
				}
				for rows.Next() {
					var cells string
					if err := rows.Scan(&cells); err != nil {
						t.Fatal(err)
					}
					out[d.ID] = append(out[d.ID], cells)
				}
				if err := rows.Err(); err != nil {
					t.Fatal(err)
				}
			}
			return out
		}
		before := packed()
		dropCells(t, db)
		execute(t, db, "DELETE FROM goose_db_version WHERE version_id >= 5")
		if err := s.Migrate(context.Background()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, packed()); diff != "" || len(before["observations"]) == 0 {
			t.Errorf("rows packed by Publish and by the migration (-Publish +migration)\n%s", diff)
		}
	})
}

// TestPackedColumns fills in what packed rows consist of for releases from before
// this was recorded, as Publish records it, also where a release was published with
// fewer columns. What a program leaves empty that does not know the column is
// what it published.
func TestPackedColumns(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		r := storetest.Publish(t, s)
		want := packedColumns(r)
		db := plain(t, databaseURL)
		execute(t, db, "ALTER TABLE release_datasets DROP COLUMN packed_columns")
		execute(t, db, "UPDATE release_datasets SET columns = 'id,title' WHERE dataset = 'areas'")
		execute(t, db, "DELETE FROM goose_db_version WHERE version_id >= 7")
		if err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		r, err := s.Latest(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, packedColumns(r)); diff != "" {
			t.Errorf("columns of packed rows (-Publish +migration)\n%s", diff)
		}
		execute(t, db, "UPDATE release_datasets SET packed_columns = ''")
		if r, err = s.Latest(ctx); err != nil {
			t.Fatal(err)
		}
		want["areas"] = []string{"id", "title"}
		if diff := cmp.Diff(want, packedColumns(r)); diff != "" {
			t.Errorf("columns of packed rows (-want +left empty)\n%s", diff)
		}
	})
}

func packedColumns(r *strategy.Release) map[string][]string {
	out := map[string][]string{}
	for _, part := range r.Datasets {
		out[part.ID] = part.Packed
	}
	return out
}

func execute(t testing.TB, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// TestMigrateConcurrent starts several programs at once on a new database.
func TestMigrateConcurrent(t *testing.T) {
	t.Parallel()
	databaseURL := storetest.Postgres(t)
	var wait sync.WaitGroup
	for range 4 {
		s, err := store.Open(store.Options{URL: databaseURL})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		wait.Go(func() {
			if err := s.Migrate(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

// TestTables holds the tables against the descriptions of the datasets: a
// column added to a description needs a migration for both databases.
func TestTables(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		storetest.Open(t, databaseURL)
		db := plain(t, databaseURL)
		for _, d := range dataset.All {
			want := []string{"release_seq", "ordinal", "cells", "search_text"}
			for _, c := range d.Columns {
				want = append(want, c.SQL())
				switch {
				case c.Type == dataset.Period:
					want = append(want, c.Start(), c.Order())
				case c.Numeric():
					want = append(want, c.Order())
				}
			}
			if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(columnsOf(t, db, d.Table())))); diff != "" {
				t.Errorf("the table %s is not what the description of %s asks for; add a migration to migrations/postgres and migrations/sqlite (-description +table)\n%s", d.Table(), d.ID, diff)
			}
		}
	})
}

func columnsOf(t *testing.T, db *sql.DB, table string) []string {
	t.Helper()
	rows, err := db.Query("SELECT * FROM " + table + " LIMIT 0")
	if err != nil {
		t.Errorf("%s: %v; a new dataset needs a migration", table, err)
		return nil
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	return columns
}

// plain opens the database without the store.
func plain(t testing.TB, databaseURL string) *sql.DB {
	t.Helper()
	driver, source := "pgx", databaseURL
	if path, ok := strings.CutPrefix(databaseURL, "sqlite:"); ok {
		driver, source = "sqlite", path
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// TestTwins holds that both databases have migrations of the same names.
func TestTwins(t *testing.T) {
	t.Parallel()
	var names [2][]string
	for i, dialect := range []string{"postgres", "sqlite"} {
		entries, err := migrations.FS.ReadDir(dialect)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names[i] = append(names[i], e.Name())
		}
	}
	if len(names[0]) == 0 || !slices.Equal(names[0], names[1]) {
		t.Errorf("migrations of postgres %v, of sqlite %v", names[0], names[1])
	}
}
