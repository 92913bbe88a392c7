package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
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
	{"a file", "UPDATE release_files SET content = 'x' WHERE path = 'areas.csv'", []string{": the files of its data package have the SHA-256 "}},
	{"a file deleted", "DELETE FROM release_files WHERE path = 'areas.csv'", []string{": the files of its data package have the SHA-256 "}},
	{"the title", "UPDATE releases SET title = 'X'", []string{`column title: is "X"; by the data package it must be "`}},
	{"the notes", "UPDATE releases SET notes = 'X'", []string{`column notes: is "X"; by the data package it must be "Nur für Tests."`}},
	{"the content hash", "UPDATE releases SET content_hash = 'x'", []string{": the files of its data package have the SHA-256 "}},
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
