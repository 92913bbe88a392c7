// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

const altered = ": the rows in the database are not those that were published"

// damages are changes to a published release behind the program's back, and what is
// reported of each.
var damages = []struct {
	name, sql string
	want      []string
}{
	{"a cell", "UPDATE goals SET title = 'X' WHERE id = 'ts2-02'", []string{`dataset goals, row ts2-02, column title: is "X", but the data package has "`, "dataset goals" + altered}},
	{"a derived cell", "UPDATE observations SET unit = 'euro' WHERE id = 'obs-006'", []string{
		`dataset observations, row obs-006, column unit: is "euro", but the data package has "percent"`, "dataset observations" + altered,
	}},
	{"a computed cell", "UPDATE goal_progress SET share = '99' WHERE id = 'ts2-03.gigabit-households'", []string{
		`dataset goal-progress, row ts2-03.gigabit-households, column share: is "99", but the data package has "62.5"`, "dataset goal-progress" + altered,
	}},
	{"a row deleted", "DELETE FROM observations WHERE id = 'obs-006'", []string{
		"dataset observations, row obs-006: is missing; the data package has it", "dataset observations: the database holds 12 rows, 13 were published",
	}},
	{"all rows deleted", "DELETE FROM milestones", []string{
		"dataset milestones, row tp18-m1: is missing", "dataset milestones, row tp18-m2: is missing",
		"dataset milestones, row tp18-m3: is missing", "dataset milestones: the database holds 0 rows, 3 were published",
	}},
	{"a row added", "INSERT INTO withdrawn (version, ordinal, id, dataset, withdrawn, reason, reason_en) SELECT version, 2, 'x', 'goals', '2024', '', '' FROM withdrawn", []string{
		"dataset withdrawn, row x: is not in the data package", "dataset withdrawn: the database holds 2 rows, 1 were published",
	}},
	{"the order of rows", "UPDATE areas SET ordinal = 10 - ordinal", []string{"dataset areas" + altered}},
	{"the record of a row count", "UPDATE release_datasets SET row_count = 12 WHERE dataset = 'observations'", []string{"dataset observations: the database holds 13 rows, 12 were published"}},
	{"the record of a checksum", "UPDATE release_datasets SET content_hash = 'x' WHERE dataset = 'areas'", []string{"dataset areas" + altered}},
	{"the record of a dataset", "DELETE FROM release_datasets WHERE dataset = 'areas'", []string{"release 2024.01.0 has 17 datasets of 18"}},
	{"an unknown dataset", "UPDATE release_datasets SET dataset = 'colours' WHERE dataset = 'areas'", []string{"dataset colours: this program does not know the dataset and cannot verify it"}},
	{"the record of columns", "UPDATE release_datasets SET columns = 'id,population' WHERE dataset = 'areas'", []string{"dataset areas: the column population is not known to this version of the program"}},
	{"a file", "UPDATE release_files SET content = 'x' WHERE path = 'areas.csv'", []string{"file areas.csv: has 1 bytes with the SHA-256 "}},
	{"a file emptied, the only one left", "DELETE FROM release_files WHERE path <> 'areas.csv'; UPDATE release_files SET content = '', sum = ''", append([]string{
		"file datapackage.json: is missing",
	}, missingBut("areas")...)},
	{"a file deleted", "DELETE FROM release_files WHERE path = 'areas.csv'", []string{", file areas.csv: is missing"}},
	{"files deleted and altered", "DELETE FROM release_files WHERE path IN ('areas.csv', 'withdrawn.csv'); UPDATE release_files SET content = 'x' WHERE path IN ('goals.csv', 'sources.csv')", []string{
		", file areas.csv: is missing", ", file withdrawn.csv: is missing", ", file goals.csv: has 1 bytes with the SHA-256 ", ", file sources.csv: has 1 bytes with the SHA-256 ",
	}},
	{"datapackage.json deleted", "DELETE FROM release_files WHERE path IN ('datapackage.json', 'areas.csv')", []string{", file datapackage.json: is missing", ", file areas.csv: is missing"}},
	{"datapackage.json altered", "UPDATE release_files SET content = 'x' WHERE path = 'datapackage.json'; DELETE FROM release_files WHERE path = 'areas.csv'", []string{
		", file datapackage.json: has 1 bytes with the SHA-256 ", ", file areas.csv: is missing",
	}},
	{"the title", "UPDATE releases SET title = 'X'", []string{`column title: is "X", but the data package says "`, ": what is recorded about it (id, title, time, notes, previous release, checksums) is not what was published"}},
	{"the notes", "UPDATE releases SET notes = 'X'", []string{`column notes: is "X", but the data package says "Nur für Tests."`, ": what is recorded about it (id, title, time, notes, previous release, checksums) is not what was published"}},
	{"the content hash", "UPDATE releases SET content_hash = 'x'", []string{": the files of its data package have the SHA-256 ", ": what is recorded about it (id, title, time, notes, previous release, checksums) is not what was published"}},
}

// missingBut returns the faults of a release that has lost the files of all datasets but one.
func missingBut(id string) []string {
	var faults []string
	for _, d := range dataset.All {
		if !d.Computed && d.ID != id {
			faults = append(faults, ", file "+d.ID+".csv: is missing")
		}
	}
	return faults
}

// TestVerify damages a release in many ways: each is found, named as exactly as
// possible, and nothing else is.
func TestVerify(t *testing.T) {
	t.Parallel()
	for _, tt := range damages {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, databaseURL string) {
				ctx := context.Background()
				s := storetest.Open(t, databaseURL)
				r := storetest.Publish(t, s)
				if faults, err := ingest.Verify(ctx, s, r); err != nil || len(faults) > 0 {
					t.Fatalf("untouched: %v, error %v", faults, err)
				}
				statement := tt.sql
				if strings.HasPrefix(databaseURL, "sqlite:") {
					statement = strings.ReplaceAll(statement, "content = 'x'", "content = x'78'")
				}
				storetest.Execute(t, databaseURL, statement)
				r, err := s.Latest(ctx)
				if err != nil {
					t.Fatal(err)
				}
				faults, err := ingest.Verify(ctx, s, r)
				if err != nil {
					t.Fatal(err)
				}
				checkFaults(t, faults, tt.want)
			})
		})
	}
}

// TestRecordsOfDeleted does not take a release that was deleted while it was read for one
// without datasets.
func TestRecordsOfDeleted(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		storetest.Publish(t, s)
		pkg := storetest.Next(t, storetest.Package(t))
		storetest.PublishPackage(t, s, pkg)
		releases, err := s.Releases(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if faults, err := s.Records(ctx, releases...); err != nil || len(faults) > 0 {
			t.Errorf("faults %v, error %v", faults, err)
		}
		if _, err := s.Prune(ctx, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Records(ctx, releases...); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("after one was deleted: error %v", err)
		}
	})
}

func checkFaults(t *testing.T, faults []store.Fault, want []string) {
	t.Helper()
	for _, text := range want {
		n := 0
		for _, f := range faults {
			if strings.Contains(f.String(), "release 2024.01.0") && strings.Contains(f.String(), text) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d faults say %s:\n%v", n, text, faults)
		}
	}
	if len(faults) != len(want) {
		t.Errorf("%d faults, want %d:", len(faults), len(want))
		for _, f := range faults {
			t.Log(f)
		}
	}
}

// TestVerifyGenerated verifies a release that has no data package.
func TestVerifyGenerated(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		r := storetest.PublishSynthetic(t, s, 500)
		storetest.Execute(t, databaseURL, "UPDATE observations SET kind = 'x'")
		faults, err := ingest.Verify(context.Background(), s, r)
		if err != nil || len(faults) != 1 || faults[0].String() != "release "+r.ID+", dataset observations"+altered {
			t.Errorf("%d faults, error %v:\n%v", len(faults), err, faults)
		}
	})
}

// TestVerifyDeleted does not call a release damaged that is deleted meanwhile.
func TestVerifyDeleted(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		gone := *r
		gone.Seq++
		if faults, err := s.Verify(context.Background(), &gone, nil); !errors.Is(err, domain.ErrUnavailable) || len(faults) > 0 {
			t.Errorf("%v, error %v", faults, err)
		}
	})
}

// unverified are the columns whose alteration is not found, and why.
var unverified = map[string]string{
	"releases.withdrawn": "changes when another release is used",
	"releases.signature": "the command release verify compares it with the files",
	"withdrawn.ordinal":  "of the only row, it does not matter",
	"changes.ordinal":    "of the only row, it does not matter",
}

// TestVerifyEverything alters each column of each table that a release is stored in, one
// after the other: each is found, in its place.
func TestVerifyEverything(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		storetest.Publish(t, s)
		later := storetest.Next(t, storetest.Package(t))
		storetest.Replace(t, later, "goals.csv", "Elektronische Akte für alle", "Die elektronische Akte")
		storetest.PublishPackage(t, s, later)
		db := storetest.Connect(t, databaseURL)
		places := 0
		for _, table := range tablesOfReleases() {
			for _, column := range columnNames(t, db, table.name) {
				name := table.name + "." + column
				if unverified[name] != "" {
					continue
				}
				places++
				restore := alter(t, db, table.name, column, table.row)
				faults, err := verifyNewest(ctx, s)
				restore()
				var text strings.Builder
				for _, f := range faults {
					text.WriteString(f.String() + "\n")
				}
				if err != nil {
					text.WriteString(err.Error())
				}
				if !strings.Contains(text.String(), table.place) {
					t.Errorf("%s is altered, and not found in %s: %s", name, table.place, text.String())
				}
			}
		}
		if faults, err := verifyNewest(ctx, s); err != nil || len(faults) > 0 {
			t.Errorf("restored: %v, error %v", faults, err)
		}
		if places < 200 {
			t.Errorf("only %d columns were altered", places)
		}
	})
}

// TestVerifyPieces alters each column of a large file.
func TestVerifyPieces(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		large := make([]byte, 2<<20+1)
		_, _ = rand.NewChaCha8([32]byte{}).Read(large)
		content := storetest.Content(t, s, storetest.Package(t))
		content.Files = []store.File{store.NewFile("b.csv", large)}
		var err error
		if content.Release.ContentHash, err = store.ContentHash(content.Files); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Publish(ctx, content); err != nil {
			t.Fatal(err)
		}
		db := storetest.Connect(t, databaseURL)
		for table, row := range map[string]string{"file_pieces": "piece = 1", "release_files": "path = 'b.csv'"} {
			for _, column := range columnNames(t, db, table) {
				if table == "release_files" && column == "content" { // the pieces are the content
					continue
				}
				restore := alter(t, db, table, column, row)
				faults, err := verifyNewest(ctx, s)
				restore()
				if err != nil || len(faults) == 0 || !strings.Contains(faults[0].String(), "release 2024.01.0, file b.csv") && column != "path" {
					t.Errorf("%s.%s is altered: %v, error %v", table, column, faults, err)
				}
			}
		}
		if faults, err := verifyNewest(ctx, s); err != nil || len(faults) > 0 {
			t.Errorf("restored: %v, error %v", faults, err)
		}
	})
}

func verifyNewest(ctx context.Context, s *store.Store) ([]store.Fault, error) {
	releases, err := s.Releases(ctx)
	if err != nil {
		return nil, err
	}
	return ingest.Verify(ctx, s, releases[0])
}

// tableOfRelease is a table, a row of it, and where a fault of it is.
type tableOfRelease struct{ name, row, place string }

func tablesOfReleases() []tableOfRelease {
	all := []tableOfRelease{
		{"releases", "id = '2024.02.0'", "release "},
		{"release_datasets", "dataset = 'goals' AND release_seq = (SELECT MAX(seq) FROM releases)", "release 2024.02.0"},
		{"release_files", "path = 'goals.csv' AND release_seq = (SELECT MAX(seq) FROM releases)", "release 2024.02.0"},
	}
	for _, d := range dataset.All {
		table := d.Table()
		all = append(all, tableOfRelease{table, "version = (SELECT MAX(version) FROM " + table + ") AND ordinal = (SELECT MIN(ordinal) FROM " + table + ")", "release 2024.02.0, dataset " + d.ID})
	}
	return all
}

func columnNames(t *testing.T, db *sql.DB, table string) []string {
	t.Helper()
	rows, err := db.Query("SELECT * FROM " + table + " WHERE 1 = 0")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	// Foreign keys protect the numbers of releases.
	return slices.DeleteFunc(columns, func(c string) bool { return c == "seq" || c == "release_seq" })
}

// alter changes a cell and returns what restores it.
func alter(t *testing.T, db *sql.DB, table, column, row string) (restore func()) {
	t.Helper()
	var old any
	column = `"` + column + `"`
	if err := db.QueryRow("SELECT " + column + " FROM " + table + " WHERE " + row).Scan(&old); err != nil {
		t.Fatalf("%s.%s: %v", table, column, err)
	}
	var altered any
	switch v := old.(type) {
	case string:
		altered = v + "x"
	case []byte:
		changed := append([]byte("x"), v...)
		if len(v) > 0 {
			changed = slices.Clone(v)
			changed[len(v)/2] ^= 1
		}
		altered = changed
	case int64:
		altered = v + 1_000_000
		if column == `"synthetic"` { // a bool in SQLite
			altered = 1 - v
		}
	case bool:
		altered = !v
	default:
		t.Fatalf("%s.%s is %T", table, column, old)
	}
	// What identifies the row may be what is altered.
	set := func(value, now any) {
		where, args := row, []any{value}
		if now != nil {
			where, args = column+" = $2", append(args, now)
		}
		if _, err := db.Exec("UPDATE "+table+" SET "+column+" = $1 WHERE "+where, args...); err != nil {
			t.Fatalf("%s.%s: %v", table, column, err)
		}
	}
	set(altered, nil)
	return func() { set(old, altered) }
}
