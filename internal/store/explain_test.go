package store_test

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
)

// explained are the main questions. SQLite must look up the columns that are
// named; PostgreSQL may not look at more rows than are named.
var explained = []struct {
	name, query string
	count       bool
	columns     string // that SQLite looks up after the release
	rows        int    // that PostgreSQL may look at and leave out
}{
	{"default page", "limit=100", false, "", 0},
	{"by indicator", "indicator=I&limit=100", false, "indicator=?", 100},
	{"by area", "area=A&limit=100", false, "area=?", 100},
	{"by goal", "goal=none&limit=100", false, "goal=?", 100},
	{"by both", "indicator=I&area=A&limit=100", false, "indicator=? AND area=?", 100},
	{"by both, by time", "indicator=I&area=A&sort=period&limit=100", false, "indicator=? AND area=?", 100},
	{"by both, latest first", "indicator=I&area=A&sort=-period&limit=100", false, "indicator=? AND area=?", 100},
	{"by indicator, by time", "indicator=I&sort=period&limit=100", false, "indicator=?", 100},
	{"by indicator, latest first", "indicator=I&sort=-period&limit=100", false, "indicator=?", 100},
	{"by area, by time", "area=A&sort=period&limit=100", false, "area=?", 100},
	{"by area, latest first", "area=A&sort=-period&limit=100", false, "area=?", 100},
	{"by time", "sort=period&limit=100", false, "", 100},
	{"latest first", "sort=-period&limit=100", false, "", 100},
	{"of a time", "periodFrom=2026-04&sort=period&limit=100", false, "period_end>?", 100},
	{"of an indicator and a time", "indicator=I&area=A&periodFrom=2020-01&periodTo=2020-12", false, "indicator=? AND area=? AND period_end>?", 200},
	{"number of an indicator's", "indicator=I", true, "indicator=?", 50_000},
	{"number of an area's", "area=A", true, "area=?", 1000},
	{"number of both", "indicator=I&area=A", true, "indicator=? AND area=?", 100},
}

var removed = regexp.MustCompile(`Rows Removed by Filter: (\d+)`)

// TestPlans asks both databases how they answer the main questions, PostgreSQL over
// 250,000 observations: never by reading all of them.
func TestPlans(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		rows := 250_126 // the smallest history: six indicators in 100 months
		if s.Dialect() == "sqlite" {
			rows = 5000 // it plans by the statistics of the migration, whatever there is
		}
		r := storetest.PublishSynthetic(t, s, rows)
		if err := s.Analyze(ctx); err != nil {
			t.Fatal(err)
		}
		plan := func(t *testing.T, q dataset.Query, count bool, columns string, most int) {
			t.Helper()
			plan, err := s.Plan(ctx, r, q, count)
			if err != nil {
				t.Fatal(err)
			}
			if s.Dialect() == "sqlite" {
				checkSQLite(t, plan, columns)
			} else {
				checkPostgres(t, plan, most)
			}
		}
		fill := strings.NewReplacer("=I", "="+synthetic.IndicatorID(2), "=A", "="+synthetic.AreaID(70))
		for _, tt := range explained {
			t.Run(tt.name, func(t *testing.T) {
				plan(t, parse(t, fill.Replace(tt.query)), tt.count, tt.columns, tt.rows)
			})
		}
		if s.Dialect() == "sqlite" { // PostgreSQL knows that there is one release only
			t.Run("number of a kind", func(t *testing.T) { plan(t, parse(t, "kind=actual"), true, "", 0) })
		}
		t.Run("page 10,000 by cursor", func(t *testing.T) {
			q := parse(t, "limit=20")
			q.After = &dataset.Position{Ordinal: 200_000}
			plan(t, q, false, "ordinal>?", 0)
		})
		t.Run("page 10,000 by cursor, by time", func(t *testing.T) {
			q := parse(t, "sort=period&limit=20")
			q.After = &dataset.Position{Keys: []string{"2024-06-30"}, Ordinal: 200_000}
			plan(t, q, false, "period_end", 2000)
		})
	})
}

func checkSQLite(t *testing.T, plan, columns string) {
	t.Helper()
	want := "(release_seq=?"
	if columns != "" {
		want += " AND " + columns
	}
	if strings.HasSuffix(columns, "period_end") {
		want = "period_end" // a comparison of row values is written differently
	}
	series := strings.HasPrefix(columns, "indicator=? AND area=?") // is short, and may be sorted
	if !strings.Contains(plan, want) || strings.Contains(plan, "SCAN observations") || !series && strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("SQLite does not look up %q, or sorts:\n%s", want, plan)
	}
}

func checkPostgres(t *testing.T, plan string, most int) {
	t.Helper()
	if strings.Contains(plan, "Seq Scan on observations") {
		t.Errorf("PostgreSQL reads the whole table:\n%s", plan)
	}
	for _, found := range removed.FindAllStringSubmatch(plan, -1) {
		if n, _ := strconv.Atoi(found[1]); n > most {
			t.Errorf("PostgreSQL reads %d rows that it leaves out, at most %d may be:\n%s", n, most, plan)
		}
	}
}
