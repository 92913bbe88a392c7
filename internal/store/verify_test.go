package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/strategy"
)

// damages are changes to a published release beside the program, and what is reported
// of each. Counted says whether the numbers of rows alone tell it.
var damages = []struct {
	name, sql string
	want      []string
	counted   bool
}{
	{"a column", "UPDATE goals SET title = 'X' WHERE id = 'ts2-02'", []string{`dataset goals, row ts2-02, column title: is "X", but the packed row has "`}, false},
	{"a packed row", "UPDATE observations SET cells = replace(cells, '62.50', '82.50') WHERE id = 'obs-006'", []string{
		`dataset observations, row obs-006, column value: is "62.50", but the packed row has "82.50"`,
		`dataset observations, row obs-006, column value_number: is "62.5", but the packed row has "82.5"`,
		`dataset observations, row obs-006, column value: is "82.50", but the data package has "62.50"`,
		`dataset observations: its rows have the SHA-256 `,
	}, false},
	{"a column and the packed row", "UPDATE areas SET title = 'Erde', search_text = replace(search_text, 'welt', 'erde'), cells = replace(cells, 'Welt', 'Erde') WHERE id = 'WORLD'", []string{
		`dataset areas, row WORLD, column title: is "Erde", but the data package has "Welt"`, `dataset areas: its rows have the SHA-256 `,
	}, false},
	{"a derived column and the packed row", "UPDATE observations SET unit = 'euro', cells = replace(cells, 'percent', 'euro') WHERE id = 'obs-006'", []string{
		`dataset observations, row obs-006, column unit: is "euro", but the data package has "percent"`, `dataset observations: its rows have the SHA-256 `,
	}, false},
	{"a computed row", "UPDATE goal_progress SET share = '99', share_number = 99, cells = replace(cells, '62.5'||chr(31), '99'||chr(31)) WHERE id = 'ts2-03.gigabit-households'", []string{
		`dataset goal-progress, row ts2-03.gigabit-households, column share: is "99", but the data package has "62.5"`, `dataset goal-progress: its rows have the SHA-256 `,
	}, false},
	{"the last day of a period", "UPDATE observations SET period_end = '2099-12-31' WHERE id = 'obs-001'", []string{`dataset observations, row obs-001, column period_end: is "2099-12-31", but the packed row has "2024-12-31"`}, false},
	{"the double beside a number", "UPDATE ozg_service_counts SET value_number = NULL WHERE id = 'ozg-01'", []string{`dataset ozg-service-counts, row ozg-01, column value_number: is empty, but the packed row has "`}, false},
	{"the text that is searched", "UPDATE goals SET search_text = '' WHERE id = 'ts2-02'", []string{`dataset goals, row ts2-02, column search_text: is "", but the packed row has "`}, false},
	{"a packed row that is cut off", "UPDATE areas SET cells = substr(cells, 1, 7) WHERE id = 'WORLD'", []string{`dataset areas, row WORLD: the packed row that begins with "WORLD" has 1 parts, not 5`, `dataset areas: its rows have the SHA-256 `}, false},
	{"a row deleted", "DELETE FROM observations WHERE id = 'obs-006'", []string{
		"dataset observations: rows are missing after the row obs-005: number 7 follows number 5", "dataset observations: it has 12 rows, not 13",
		"dataset observations, row obs-006: is missing; the data package has it", `dataset observations: its rows have the SHA-256 `,
	}, true},
	{"the last row deleted", "DELETE FROM areas WHERE ordinal = (SELECT MAX(ordinal) FROM areas)", []string{"dataset areas: it has 3 rows, not 4", "dataset areas, row 08: is missing; the data package has it", `dataset areas: its rows have the SHA-256 `}, true},
	{"all rows deleted", "DELETE FROM milestones", []string{
		"dataset milestones: it has 0 rows, not 3", "dataset milestones, row tp18-m1: is missing", "dataset milestones, row tp18-m2: is missing",
		"dataset milestones, row tp18-m3: is missing", `dataset milestones: its rows have the SHA-256 `,
	}, true},
	{"a row added", "INSERT INTO withdrawn (release_seq, ordinal, id, dataset, withdrawn, reason, reason_en, search_text, cells) SELECT release_seq, 2, 'x', 'goals', '2024', '', '', '', 'x'||chr(31)||'goals'||chr(31)||'2024'||chr(31)||chr(31)||chr(31)||'2'||chr(31) FROM withdrawn", []string{
		"dataset withdrawn: it has 2 rows, not 1", "dataset withdrawn, row x: is not in the data package",
		`dataset withdrawn, row x, column search_text: is "", but the packed row has "x\ngoals\n\n\n"`, `dataset withdrawn: its rows have the SHA-256 `,
	}, true},
	{"the order of rows", "UPDATE areas SET ordinal = 10 - ordinal", []string{
		"dataset areas: rows are missing at the beginning: number 6 follows number 0", "dataset areas, row 08: is number 6, but its packed row ends in 4",
		"dataset areas, row 05: is number 7, but its packed row ends in 3", "dataset areas, row 00: is number 8, but its packed row ends in 2",
		"dataset areas, row WORLD: is number 9, but its packed row ends in 1", `dataset areas: its rows have the SHA-256 `,
	}, false},
	{"the record of a row count", "UPDATE release_datasets SET row_count = 12 WHERE dataset = 'observations'", []string{"dataset observations: it has 13 rows, not 12"}, true},
	{"the record of a checksum", "UPDATE release_datasets SET content_hash = 'x' WHERE dataset = 'areas'", []string{"dataset areas: its rows have the SHA-256 "}, false},
	{"the record of a dataset", "DELETE FROM release_datasets WHERE dataset = 'areas'", []string{": it has 13 datasets, which is not the number", "dataset areas: it has 4 rows, not 0"}, true},
	{"the name of a dataset", "UPDATE release_datasets SET dataset = 'colours' WHERE dataset = 'milestones'", []string{
		"dataset milestones: it has 3 rows, not 0", "dataset colours: this program does not know the dataset and cannot verify it",
	}, true},
	{"the record of packed columns", "UPDATE release_datasets SET packed_columns = 'id,name' WHERE dataset = 'areas'", []string{"dataset areas: its packed rows have the columns id,name; this program expects id,title,titleEn,level"}, false},
	{"the record of columns", "UPDATE release_datasets SET columns = 'id,population' WHERE dataset = 'areas'", []string{"dataset areas: it was published with the column population, which this program does not know"}, false},
	{"a file", "UPDATE release_files SET content = 'x' WHERE path = 'areas.csv'", []string{": the files of its data package have the SHA-256 "}, false},
	{"a file deleted", "DELETE FROM release_files WHERE path = 'areas.csv'", []string{": the files of its data package have the SHA-256 "}, false},
	{"the title", "UPDATE releases SET title = 'X'", []string{`column title: is "X"; by the data package it must be "`}, false},
	{"the notes", "UPDATE releases SET notes = 'X'", []string{`column notes: is "X"; by the data package it must be "Nur für Tests."`}, false},
	{"the content hash", "UPDATE releases SET content_hash = 'x'", []string{": the files of its data package have the SHA-256 "}, false},
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
					statement = strings.ReplaceAll(strings.ReplaceAll(statement, "chr(", "char("), "content = 'x'", "content = x'78'")
				}
				execute(t, plain(t, databaseURL), statement)
				r, err := s.Latest(ctx)
				if err != nil {
					t.Fatal(err)
				}
				faults, err := ingest.Verify(ctx, s, r)
				if err != nil {
					t.Fatal(err)
				}
				checkFaults(t, faults, tt.want)
				faults, err = s.Verify(ctx, r, store.Verification{Effort: new(int64)})
				if found := len(faults) > 0; err != nil || found != tt.counted {
					t.Errorf("counted: %v, error %v, want damage %v", faults, err, tt.counted)
				}
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

// TestVerifyPacked verifies a large dataset by its packed rows alone, as far as the
// effort lasts, and a small one in full.
func TestVerifyPacked(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]string{
		"UPDATE observations SET cells = replace(cells, 'actual', 'target') WHERE ordinal = 700": "dataset observations: its rows have the SHA-256 ",
		"UPDATE observations SET cells = 'x' WHERE ordinal = 700":                                `dataset observations: the packed row that begins with "x" has 0 parts, not 14`,
		"DELETE FROM observations WHERE ordinal = 700":                                           "dataset observations: rows are missing after the row syn-0000699: number 701 follows number 699",
		"UPDATE observations SET kind = 'target' WHERE ordinal = 700":                            "",
		"UPDATE indicators SET direction = 'x' WHERE ordinal = 7":                                "column direction",
	} {
		storetest.Each(t, func(t *testing.T, databaseURL string) {
			s := storetest.Open(t, databaseURL)
			r := storetest.PublishSynthetic(t, s, 5000)
			execute(t, plain(t, databaseURL), statement)
			for effort, read := range map[int64]bool{40_000: true, 0: false} {
				faults, err := s.Verify(context.Background(), r, store.Verification{Effort: &effort})
				found := want == ""
				for _, f := range faults {
					found = found || strings.Contains(f.String(), want)
				}
				if err != nil || read != found && want != "" {
					t.Errorf("%s, read %v: %v, error %v", statement, read, faults, err)
				}
			}
		})
	}
}

// TestDamaged is an outage to those who ask, and tells the operator what to do.
func TestDamaged(t *testing.T) {
	t.Parallel()
	err := store.Damaged{{Release: "1.2.3", Dataset: "goals", Row: "a", Text: "is missing"}, {Release: "1.2.3"}}
	const want = "release 1.2.3, dataset goals, row a: is missing (and 1 more); “zielstand release verify 1.2.3” reports all"
	if !errors.Is(err, strategy.ErrUnavailable) || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestVerifyMany lists some of many faults and counts the others.
func TestVerifyMany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		r := storetest.PublishSynthetic(t, s, 500)
		execute(t, plain(t, databaseURL), "UPDATE observations SET kind = 'x'")
		faults, err := ingest.Verify(context.Background(), s, r)
		if err != nil || len(faults) != 21 || faults[20].String() != "release "+r.ID+", dataset observations: and 480 more faults" {
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
		if faults, err := s.Verify(context.Background(), &gone, store.Verification{}); !errors.Is(err, strategy.ErrUnavailable) || len(faults) > 0 {
			t.Errorf("%v, error %v", faults, err)
		}
	})
}
