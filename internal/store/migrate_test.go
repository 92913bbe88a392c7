// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
	"github.com/zielstand/zielstand/migrations"
)

func TestMigrateUpDownUp(t *testing.T) {
	testenv.Sequential(t)
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
		if err := s.MigrateTo(ctx, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Latest(ctx); err == nil || errors.Is(err, domain.ErrNotFound) {
			t.Errorf("without tables Latest gives the error %v", err)
		}
		if err := s.Migrate(ctx); err != nil {
			t.Fatalf("up again: %v", err)
		}
		if _, err := s.Latest(ctx); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("after a new start Latest gives the error %v", err)
		}
		storetest.Publish(t, s)
	})
}

// TestDatasetCounts checks that a migration counts the datasets of older releases, so
// that a release that lost one is recognised.
func TestDatasetCounts(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		r := storetest.Publish(t, s)
		if err := s.Whole(ctx, r); err != nil {
			t.Fatal(err)
		}
		if err := s.MigrateTo(ctx, beforeEvidence); err != nil {
			t.Fatal(err)
		}
		kept := map[*dataset.Dataset]bool{}
		db := storetest.Connect(t, databaseURL)
		for _, d := range dataset.All {
			columns := columnsOf(db, d.Table())
			kept[d] = !slices.ContainsFunc(d.Columns, func(c dataset.Column) bool { return !slices.Contains(columns, c.SQL()) })
		}
		if err := s.MigrateTo(ctx, 3); err != nil {
			t.Fatal(err)
		}
		if err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		for _, d := range dataset.All {
			if !kept[d] {
				continue // its cells in later columns were dropped
			}
			if err := s.Read(ctx, r, d, func([][]byte) error { return nil }); err != nil {
				t.Errorf("down to version 3 and up again: %v", err)
			}
		}
		if err := s.Whole(ctx, r); err != nil {
			t.Errorf("counted by the migration: %v", err)
		}
		storetest.Execute(t, databaseURL, "DELETE FROM release_datasets WHERE dataset = 'milestones'")
		if r, err := s.Latest(ctx); err != nil || !errors.Is(s.Whole(ctx, r), domain.ErrUnavailable) {
			t.Errorf("without milestones: %v, %v", err, s.Whole(ctx, r))
		}
	})
}

// beforeEvidence is the version of the tables before goal-status and the columns that
// came with it.
const beforeEvidence = 8

// TestOlderColumns reads a release that was published before the datasets had all their
// columns: the later ones are empty, and the release is as it was published.
func TestOlderColumns(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		r := storetest.Publish(t, s)
		d := dataset.Strategies
		names := d.Names()[:len(d.Columns)-1]
		sum := sha256.New()
		for _, row := range rows(t, s, r, d) {
			sum.Write([]byte(strings.Join(row[:len(names)], "\x00") + "\x00\x01"))
		}
		storetest.Execute(t, databaseURL, fmt.Sprintf("UPDATE release_datasets SET columns = '%s', content_hash = '%x' WHERE dataset = '%s'", strings.Join(names, ","), sum.Sum(nil), d.ID))
		storetest.Execute(t, databaseURL,
			"DELETE FROM release_datasets WHERE dataset = 'goal-status'",
			"UPDATE releases SET datasets = datasets - 1, record = ''", // which later releases have
			"UPDATE release_datasets SET record = ''")
		r, err := s.Latest(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Whole(ctx, r); err != nil {
			t.Error(err)
		}
		got := rows(t, s, r, d)
		if len(got) == 0 || got[0][1] == "" || got[0][len(names)] != "" {
			t.Errorf("rows without the column %s: %q", d.Columns[len(names)].Name, got)
		}
		if got := rows(t, s, r, dataset.GoalStatus); len(got) != 0 {
			t.Errorf("rows of a dataset that did not exist yet: %q", got)
		}
		if faults, err := ingest.Verify(ctx, s, r); err != nil || len(faults) > 0 {
			t.Errorf("faults %v, error %v", faults, err)
		}
		storetest.Execute(t, databaseURL, "UPDATE strategies SET title = 'x' WHERE id = 'testprogramm-2018'")
		faults, err := ingest.Verify(ctx, s, r)
		if err != nil {
			t.Fatal(err)
		}
		checkFaults(t, faults, []string{`dataset strategies, row testprogramm-2018, column title: is "x"`, "dataset strategies" + altered})
	})
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

// TestTables compares the tables with the descriptions of the datasets: a new column
// needs a migration for both databases.
func TestTables(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		storetest.Open(t, databaseURL)
		db := storetest.Connect(t, databaseURL)
		for _, d := range dataset.All {
			want := []string{"version", "ordinal"}
			for _, c := range d.Columns {
				want = append(want, c.SQL())
			}
			if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(columnsOf(db, d.Table())))); diff != "" {
				t.Errorf("the table %s is not what the description of %s asks for; add a migration to migrations/postgres and migrations/sqlite (-description +table)\n%s", d.Table(), d.ID, diff)
			}
		}
	})
}

// columnsOf returns the columns of a table; none if there is no such table.
func columnsOf(db *sql.DB, table string) []string {
	rows, err := db.Query("SELECT * FROM " + table + " LIMIT 0")
	if err != nil {
		return nil
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	return columns
}

// TestTwins checks that both databases have migrations with the same names.
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

// TestMigrationIsAppliedOnce applies a migration again that rebuilds tables, as an
// instance does that listed the pending ones before another applied them.
func TestMigrationIsAppliedOnce(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	databaseURL := storetest.SQLite(t)
	storetest.Open(t, databaseURL)
	_, err := storetest.Connect(t, databaseURL).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (7, 1)")
	if err == nil || !strings.Contains(err.Error(), "the migration is already applied") {
		t.Errorf("a migration that is recorded twice gave the error %v", err)
	}
}

// TestNewerDatabase opens a database that a later version of the program migrated.
func TestNewerDatabase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		storetest.Publish(t, storetest.Open(t, databaseURL))
		storetest.Execute(t, databaseURL, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)")
		s, err := store.Open(store.Options{URL: databaseURL})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		err = s.Migrate(context.Background())
		if err == nil || !strings.Contains(err.Error(), "a later version of the program has migrated the database (its tables have version 999, this program knows ") ||
			!strings.Contains(err.Error(), "restore the backup from before the upgrade") {
			t.Errorf("the error is %v", err)
		}
	})
}
