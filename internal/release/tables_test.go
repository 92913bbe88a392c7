// SPDX-License-Identifier: EUPL-1.2

package release_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// rows returns all rows of a query.
func rows(t testing.TB, tables *release.Tables, r *domain.Release, q dataset.Query) (out [][]string) {
	t.Helper()
	err := tables.Rows(context.Background(), r, q, func(cells [][]byte) error {
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

// TestQueries asks as the interface does and names the rows that answer.
func TestQueries(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		dataset *dataset.Dataset
		query   string
		want    string
	}{
		{"all, in the order of the file", dataset.Areas, "", "WORLD 00 05 08"},
		{"a code", dataset.Goals, "status=in-progress", "ts2-02 ts2-05"},
		{"two codes", dataset.Goals, "status=in-progress,achieved", "ts2-02 ts2-05 tp18-01"},
		{"two columns", dataset.Goals, "status=announced&fieldOfAction=ts2-netze", "ts2-03 ts2-04"},
		{"an identifier", dataset.Goals, "id=ts2-03", "ts2-03"},
		{"identifiers that do not exist", dataset.Goals, "id=ts2-99,ts2", ""},
		{"a truth value", dataset.Goals, "quantified=FALSE", "ts2-02 tp18-01"},
		{"a leading zero is part of the key", dataset.Observations, "area=00", "obs-007 obs-012"},

		{"a number with other places", dataset.Observations, "value=59", "obs-007"},
		{"zero is not empty", dataset.Observations, "value=0", "obs-013"},
		{"numbers", dataset.Observations, "value=-0.5,100.0", "obs-005 obs-012"},
		{"from a number", dataset.Observations, "valueFrom=8200", "obs-001 obs-004"},
		{"to a number", dataset.Observations, "valueTo=1", "obs-009 obs-012 obs-013"},
		{"between numbers", dataset.Observations, "valueFrom=1.1&valueTo=3.50", "obs-008 obs-010 obs-011"},
		{"an empty number is in no range", dataset.Strategies, "goalCountFrom=0", "teststrategie-2-0"},
		{"an empty number is in no range below", dataset.Strategies, "goalCountTo=99", "teststrategie-2-0"},

		{"a period as reported", dataset.Goals, "due=2022/2025", "ts2-04"},
		{"a period is text, not a range", dataset.Goals, "due=2022", ""},
		{"from a year", dataset.Goals, "dueFrom=2023", "ts2-01 ts2-04 ts2-05"},
		{"to a year", dataset.Goals, "dueTo=2022", "ts2-02 ts2-04 tp18-01"},
		{"a day inside an interval", dataset.Goals, "dueFrom=2024-06-01&dueTo=2024-06-01", "ts2-01 ts2-04"},
		{"to a month", dataset.Goals, "dueTo=2021-12", "tp18-01"},
		{"a date", dataset.Withdrawn, "withdrawnFrom=2023-12&withdrawnTo=2023", "obs-000"},
		{"a date outside", dataset.Withdrawn, "withdrawnFrom=2024", ""},

		{"what was known on the last day of a month", dataset.Strategies, "asOf=2021-08-31", "testprogramm-2018"},
		{"what was known the day before", dataset.Strategies, "asOf=2021-08-30", ""},
		{"what was known on a day", dataset.Observations, "asOf=2021-11-12&indicator=e-file-users", "obs-002 obs-003 obs-004"},
		{"what was known before that day", dataset.Observations, "asOf=2021-11-11&indicator=e-file-users", "obs-002 obs-003"},
		{"asOf and the column asOf", dataset.OZGServiceCounts, "asOf=2021-11-30&asOfFrom=2021-11-12", "ozg-01 ozg-02 ozg-03 ozg-04 ozg-05 ozg-06"},

		{"a word with an umlaut", dataset.Goals, "q=B%C3%BCrger", "ts2-02"},
		{"spelled with ue", dataset.Goals, "q=buerger", "ts2-02"},
		{"without dots", dataset.Goals, "q=BURGER", "ts2-02"},
		{"ss and ß", dataset.Goals, "q=massnahmen", "tp18-01"},
		{"an English title", dataset.Goals, "q=citizens'", "ts2-02"},
		{"two words in two columns", dataset.Goals, "q=networks+schnelle", "ts2-03"},
		{"all words are needed", dataset.Goals, "q=networks+schnelle+absent", ""},
		{"a word inside another", dataset.Goals, "q=portal", "ts2-02"},
		{"an identifier is found", dataset.Goals, "q=TP18", "tp18-01"},
		{"a code is not text", dataset.Goals, "q=in-progress", ""},
		{"a per cent sign is itself", dataset.Goals, "q=%25", ""},
		{"an underscore is itself", dataset.Goals, "q=ts2_01", ""},
		{"a backslash is itself", dataset.Goals, "q=%5C", ""},
		{"a quotation mark", dataset.Goals, "q=%22schnelle", "ts2-03"},
		{"punctuation around words", dataset.Goals, "q=(netze),+schnelle.", "ts2-03"},
		{"punctuation before what is anywhere", dataset.Goals, "q=*-chnelle!", "ts2-03"},
		{"a hyphen without a break", dataset.Observations, "q=e%E2%80%91file", "obs-001 obs-002 obs-003 obs-004"},
		{"an apostrophe ends no statement", dataset.Goals, "q='+OR+1%3D1+--", ""},
		{"a NUL parts words", dataset.Goals, "q=netze%00schnelle", "ts2-03"},

		{"a row of a list", dataset.Contradictions, "rows=obs-003", "contradiction-2"},
		{"one of two rows of lists", dataset.Contradictions, "rows=obs-003,ozg-01", "contradiction-1 contradiction-2"},
		{"a part of an identifier is another", dataset.Contradictions, "rows=obs-00", ""},
		{"an identifier in another letter case is another", dataset.Contradictions, "rows=OBS-003", ""},
		{"an identifier of a dataset without a list", dataset.GoalProgress, "actual=obs-004", "ts2-01.e-file-users"},

		{"sorted by text", dataset.Goals, "sort=title", "ts2-02 ts2-01 ts2-03 ts2-05 tp18-01 ts2-04"},
		{"sorted by periods, the empty first", dataset.Goals, "sort=due", "ts2-03 tp18-01 ts2-02 ts2-05 ts2-01 ts2-04"},
		{"sorted by periods, the latest first", dataset.Goals, "sort=-due", "ts2-04 ts2-01 ts2-05 ts2-02 tp18-01 ts2-03"},
		{"sorted by numbers, not by digits", dataset.FieldsOfAction, "sort=-number", "tp18-recht ts2-netze ts2-verwaltung"},
		{"an empty number comes before all", dataset.Strategies, "sort=goalCount", "testprogramm-2018 teststrategie-2-0"},
		{"equals keep the order of the file", dataset.Goals, "sort=status", "tp18-01 ts2-01 ts2-03 ts2-04 ts2-02 ts2-05"},
		{"and turn it with the order", dataset.Goals, "sort=-status", "ts2-05 ts2-02 ts2-04 ts2-03 ts2-01 tp18-01"},
		{"by two columns", dataset.Goals, "sort=status,-due", "tp18-01 ts2-04 ts2-01 ts2-03 ts2-05 ts2-02"},
		{"the first of an order", dataset.Goals, "sort=-due&limit=2", "ts2-04 ts2-01"},
		{"a limit beyond the end", dataset.Areas, "limit=10000", "WORLD 00 05 08"},
	}
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		tables := release.NewTables(s, 1<<30)
		releases := release.New(s, 64<<20)
		if err := releases.Refresh(context.Background()); err != nil {
			t.Fatal(err)
		}
		snapshot, err := releases.Current()
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range tests {
			values, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			q, err := dataset.ParseQuery(tt.dataset, values, snapshot.Vocabulary)
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			var ids []string
			for _, row := range rows(t, tables, r, q) {
				ids = append(ids, row[0])
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("%s: %s?%s gives\n    %q, want\n    %q", tt.name, tt.dataset.ID, tt.query, got, tt.want)
			}
			q.Limit = 0
			total, err := tables.Count(context.Background(), r, q)
			if all := len(rows(t, tables, r, q)); err != nil || int(total) != all {
				t.Errorf("%s: the count is %d, error %v; there are %d rows", tt.name, total, err, all)
			}
		}
	})
}

func TestFields(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		tables := release.NewTables(s, 1<<30)
		q := dataset.Query{
			Dataset: dataset.Areas, Limit: 2,
			Fields: []int{dataset.Areas.Column("level"), dataset.Areas.Column("id")},
			Sort:   []dataset.Order{{Column: dataset.Areas.Column("title")}},
		}
		if diff := cmp.Diff([][]string{{"state", "08"}, {"country", "00"}}, rows(t, tables, r, q)); diff != "" {
			t.Errorf("rows (-want +got)\n%s", diff)
		}
	})
}

// TestLargestQuestions asks with as many words and values as a query may have.
func TestLargestQuestions(t *testing.T) {
	t.Parallel()
	var words, values []string
	for i := range dataset.MaxValues {
		words = append(words, string(rune('a'+i%26))+string(rune('b'+i/26)))
		values = append(values, fmt.Sprintf("row-%d", i))
	}
	text := strings.Join(words[:dataset.MaxWords], strings.Repeat(" ", 40))
	queries := map[string]struct {
		dataset *dataset.Dataset
		values  url.Values
	}{
		"words":       {dataset.Goals, url.Values{"q": {text}}},
		"length":      {dataset.Goals, url.Values{"q": {strings.Repeat("%", dataset.MaxText)}}},
		"identifiers": {dataset.Goals, url.Values{"id": {strings.Join(values, ",")}}},
		"list":        {dataset.Contradictions, url.Values{"rows": {strings.Join(values, ",")}}},
	}
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		tables := release.NewTables(s, 1<<30)
		for name, tt := range queries {
			q, err := dataset.ParseQuery(tt.dataset, tt.values, &release.Vocabulary{})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if n, err := tables.Count(context.Background(), r, q); err != nil || n != 0 {
				t.Errorf("%s: %d rows, error %v", name, n, err)
			}
			if got := rows(t, tables, r, q); len(got) != 0 {
				t.Errorf("%s: rows %q", name, got)
			}
			q.Limit = 10
			page, err := tables.Query(context.Background(), r, q)
			if err != nil || page.Total != 0 || page.Next != 0 {
				t.Errorf("%s: a page %+v, error %v", name, page, err)
			}
		}
	})
}

// TestHeld answers from the release held while the database is away, and from
// an older one only what was read before. When the database is back, what failed
// is read after all.
func TestHeld(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		first := storetest.Publish(t, s)
		pkg := storetest.Package(t)
		storetest.Replace(t, pkg, "datapackage.json", storetest.Release, "2024.02.0")
		storetest.Replace(t, pkg, "datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-02-29T12:00:00Z"`)
		storetest.Replace(t, pkg, "goal-status.csv", "ts2-02,in-progress", "ts2-02,achieved")
		second := storetest.PublishPackage(t, s, pkg)
		away := storetest.Open(t, databaseURL)
		tables := release.NewTables(away, 1<<30)
		if err := tables.Hold(ctx, second); err != nil {
			t.Fatal(err)
		}
		if _, err := tables.Table(ctx, first, dataset.Areas); err != nil {
			t.Fatal(err)
		}
		if err := away.Close(); err != nil {
			t.Fatal(err)
		}
		for _, d := range dataset.All {
			if _, err := tables.Table(ctx, second, d); err != nil {
				t.Errorf("%s of the release held: %v", d.ID, err)
			}
		}
		if n, err := tables.Count(ctx, second, dataset.Query{Dataset: dataset.Goals, AsOf: "2021-11-29"}); err != nil || n != 1 {
			t.Errorf("%d goals as of a day of the release held, error %v", n, err)
		}
		if _, err := tables.Table(ctx, first, dataset.Areas); err != nil {
			t.Errorf("a dataset that was read: %v", err)
		}
		for range 2 { // a failure is not remembered: the second asks again
			if _, err := tables.Count(ctx, first, dataset.Query{Dataset: dataset.Goals}); !errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("a dataset that was not read: error %v", err)
			}
		}
	})
}

// TestBudget checks that the least recently used datasets of older releases are dropped,
// and never those of the held release.
func TestBudget(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := storetest.Open(t, storetest.Any(t))
	first := storetest.Publish(t, s)
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "datapackage.json", storetest.Release, "2024.02.0")
	storetest.Replace(t, pkg, "datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-02-29T12:00:00Z"`)
	for name, cells := range map[string][2]string{
		"goals.csv": {"Elektronische Akte für alle", "Die elektronische Akte"}, "areas.csv": {"Welt", "Erde"},
		"withdrawn.csv": {"Die Zahl stand doppelt.", "Die Zahl stand zweimal da."},
	} {
		storetest.Replace(t, pkg, name, cells[0], cells[1])
	}
	second := storetest.PublishPackage(t, s, pkg)
	read := func(tables *release.Tables, r *domain.Release, d *dataset.Dataset) any {
		t.Helper()
		got, err := tables.Table(ctx, r, d)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	goals, _ := release.NewTables(s, 1<<30).Table(ctx, first, dataset.Goals)
	areas, _ := release.NewTables(s, 1<<30).Table(ctx, first, dataset.Areas)
	tables := release.NewTables(s, goals.Bytes()+areas.Bytes())
	if err := tables.Hold(ctx, second); err != nil {
		t.Fatal(err)
	}
	held := read(tables, second, dataset.Observations)
	oldGoals, oldAreas := read(tables, first, dataset.Goals), read(tables, first, dataset.Areas)
	if read(tables, first, dataset.Goals) != oldGoals || read(tables, first, dataset.Areas) != oldAreas {
		t.Error("what fits into the budget was read twice")
	}
	read(tables, first, dataset.Goals)
	read(tables, first, dataset.Withdrawn) // needs room: areas are the least recently used
	if read(tables, first, dataset.Goals) != oldGoals {
		t.Error("what was used last was dropped")
	}
	if read(tables, first, dataset.Areas) == oldAreas {
		t.Error("nothing was dropped")
	}
	if read(tables, second, dataset.Observations) != held {
		t.Error("a dataset of the release held was dropped")
	}
}

// TestBudgetTooSmall asks for a dataset that is larger than the budget and, because reading
// takes long, does not wait: it is there for who asks again, although another one was used
// meanwhile.
func TestBudgetTooSmall(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	tables := release.NewTables(s, 1)
	if _, err := tables.Table(t.Context(), r, dataset.Goals); err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	free := tables.Occupy()
	if _, err := tables.Table(gone, r, dataset.Areas); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("a dataset that is being read: error %v", err)
	}
	if _, err := tables.Table(gone, r, dataset.Goals); err != nil {
		t.Errorf("what was used last was dropped: error %v", err)
	}
	free()
	areas, err := tables.Table(t.Context(), r, dataset.Areas)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := tables.Table(gone, r, dataset.Areas); err != nil || again != areas {
		t.Errorf("what was read last was dropped: error %v", err)
	}
	if _, err := tables.Table(gone, r, dataset.Goals); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("what does not fit into the budget was not dropped: error %v", err)
	}
}

// TestReadOnce reads a dataset once however many ask, and lets go of one who does
// not wait.
func TestReadOnce(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.PublishSynthetic(t, s, 5000)
	tables := release.NewTables(s, 1<<30)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := tables.Table(gone, r, dataset.Observations); !errors.Is(err, domain.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("who does not wait gets the error %v", err)
	}
	var group sync.WaitGroup
	found := make([]any, 20)
	for i := range found {
		group.Go(func() {
			got, err := tables.Table(context.Background(), r, dataset.Observations)
			if err != nil {
				t.Error(err)
			}
			found[i] = got
		})
	}
	group.Wait()
	for _, got := range found {
		if got != found[0] {
			t.Error("a dataset was read more than once")
		}
	}
}

// TestReadsHang takes all places for reads of older releases: a question about one is
// given up after the Timeout, and a new release is held all the same.
func TestReadsHang(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		tables := release.NewTables(s, 1<<30)
		tables.Timeout = 50 * time.Millisecond
		tables.Occupy()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if _, err := tables.Table(ctx, r, dataset.Goals); !errors.Is(err, domain.ErrUnavailable) || ctx.Err() != nil {
			t.Errorf("a question: %v", err)
		}
		tables = release.NewTables(s, 1<<30)
		tables.Occupy()
		if err := tables.Hold(ctx, r); err != nil {
			t.Errorf("a new release: %v", err)
		}
	})
}
