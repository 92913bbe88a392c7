package store_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/strategy"
)

// rows returns all rows of a query.
func rows(t testing.TB, s *store.Store, r *strategy.Release, q dataset.Query) [][]string {
	t.Helper()
	var out [][]string
	if err := s.Rows(context.Background(), r, q, appendTo(&out)); err != nil {
		t.Fatal(err)
	}
	return out
}

func page(t testing.TB, s *store.Store, r *strategy.Release, q dataset.Query) ([][]string, *dataset.Position) {
	t.Helper()
	page, err := s.Page(context.Background(), r, q, new([]byte))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	if err := page.Each(appendTo(&out)); err != nil || len(out) != page.Rows {
		t.Fatalf("%d rows of %d, error %v", len(out), page.Rows, err)
	}
	return out, page.Next
}

func appendTo(rows *[][]string) func([][]byte) error {
	return func(cells [][]byte) error {
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = string(c)
		}
		*rows = append(*rows, row)
		return nil
	}
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
		{"a quotation mark", dataset.Goals, "q=%22ein", "ts2-02"},
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
		releases := representation.NewReleases(s)
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
			q, err := dataset.ParseQuery(tt.dataset, values, snapshot.Vocabulary(r))
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			var ids []string
			for _, row := range rows(t, s, r, q) {
				ids = append(ids, row[0])
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("%s: %s?%s gives\n    %q, want\n    %q", tt.name, tt.dataset.ID, tt.query, got, tt.want)
			}
			q.Limit = 0
			total, err := s.Count(context.Background(), r, q)
			if all := len(rows(t, s, r, q)); err != nil || int(total) != all {
				t.Errorf("%s: the count is %d, error %v; there are %d rows", tt.name, total, err, all)
			}
		}
	})
}

func TestFields(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		q := dataset.Query{
			Dataset: dataset.Areas, Limit: 2,
			Fields: []int{dataset.Areas.Column("level"), dataset.Areas.Column("id")},
			Sort:   []dataset.Order{{Column: dataset.Areas.Column("title")}},
		}
		if diff := cmp.Diff([][]string{{"state", "08"}, {"country", "00"}}, rows(t, s, r, q)); diff != "" {
			t.Errorf("rows (-want +got)\n%s", diff)
		}
	})
}

// TestYieldFails ends the reading with the error of the reader.
func TestYieldFails(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		enough := errors.New("enough")
		for range 40 { // more often than there are connections
			n := 0
			err := s.Rows(context.Background(), r, dataset.Query{Dataset: dataset.Goals}, func([][]byte) error {
				n++
				return enough
			})
			if !errors.Is(err, enough) || n != 1 {
				t.Fatalf("error %v after %d rows", err, n)
			}
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
	text := strings.Join(words, " ")[:dataset.MaxText]
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
		for name, tt := range queries {
			q, err := dataset.ParseQuery(tt.dataset, tt.values, &representation.Vocabulary{})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if n, err := s.Count(context.Background(), r, q); err != nil || n != 0 {
				t.Errorf("%s: %d rows, error %v", name, n, err)
			}
			if got := rows(t, s, r, q); len(got) != 0 {
				t.Errorf("%s: rows %q", name, got)
			}
			q.Limit = 10
			if got, next := page(t, s, r, q); len(got) != 0 || next != nil {
				t.Errorf("%s: a page %q, the next at %v", name, got, next)
			}
		}
	})
}

// TestManyQuestions asks at once more than a connection keeps statements for.
func TestManyQuestions(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		all := rows(t, s, r, dataset.Query{Dataset: dataset.Goals})
		var group sync.WaitGroup
		for i := range 4 {
			group.Go(func() {
				for limit := range 3 * store.StatementsKept {
					limit = 1 + (limit+i)%(2*store.StatementsKept)
					var got [][]string
					err := s.Rows(context.Background(), r, dataset.Query{Dataset: dataset.Goals, Limit: limit}, appendTo(&got))
					if err != nil || len(got) != min(limit, len(all)) {
						t.Errorf("limit %d: %d rows, error %v", limit, len(got), err)
						return
					}
				}
			})
		}
		group.Wait()
		for _, n := range s.Statements() {
			if n > store.StatementsKept {
				t.Errorf("a connection keeps %d statements", n)
			}
		}
	})
}

// TestOtherColumns refuses to read packed rows with a description that has other
// columns than they were packed by, in any way of reading.
func TestOtherColumns(t *testing.T) {
	t.Parallel()
	columns := func(change func(c []dataset.Column) []dataset.Column) *dataset.Dataset {
		other := *dataset.Areas
		other.Columns = change(slices.Clone(other.Columns))
		return &other
	}
	others := map[string]*dataset.Dataset{
		"one more": columns(func(c []dataset.Column) []dataset.Column { return append(c, dataset.Column{Name: "population"}) }),
		"one before": columns(func(c []dataset.Column) []dataset.Column {
			return slices.Insert(c, 1, dataset.Column{Name: "population"})
		}),
		"one less": columns(func(c []dataset.Column) []dataset.Column { return c[:3] }),
		"swapped":  columns(func(c []dataset.Column) []dataset.Column { c[1], c[2] = c[2], c[1]; return c }),
		"renamed":  columns(func(c []dataset.Column) []dataset.Column { c[1].Name = "name"; return c }),
	}
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		r := storetest.Publish(t, s)
		nothing := func([][]byte) error {
			t.Error("a row was read")
			return nil
		}
		for name, other := range others {
			want := fmt.Sprintf("release %s, dataset areas: its packed rows have the columns id,title,titleEn,level; this program expects %s;", r.ID, strings.Join(other.Names(), ","))
			for _, limit := range []int{0, 2} {
				err := s.Rows(ctx, r, dataset.Query{Dataset: other, Limit: limit}, nothing)
				if !errors.Is(err, strategy.ErrUnavailable) || !strings.Contains(err.Error(), want) {
					t.Errorf("%s, limit %d: error %v\nwant %s", name, limit, err, want)
				}
			}
			if err := s.Stream(ctx, r, dataset.Query{Dataset: other}, nothing); !errors.Is(err, strategy.ErrUnavailable) {
				t.Errorf("%s, streamed: error %v", name, err)
			}
		}
	})
}

// TestPackedAnew reads rows that another program packed with another number of
// columns while this one runs, and rows that were damaged: never as if they were
// whole.
func TestPackedAnew(t *testing.T) {
	t.Parallel()
	const unit = "\x1f"
	for name, cells := range map[string]string{
		"a column more":   strings.Join([]string{"05", "Land", "State", "state", "18", "2", ""}, unit),
		"a column less":   strings.Join([]string{"05", "Land", "State", "2", ""}, unit),
		"without ordinal": strings.Join([]string{"05", "Land", "State", "state", ""}, unit),
		"cut off":         strings.Join([]string{"05", "Land", "Sta"}, unit),
		"nothing":         "",
		"a row twice":     strings.Repeat(strings.Join([]string{"05", "Land", "State", "state", "2", ""}, unit), 2),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, databaseURL string) {
				s := storetest.Open(t, databaseURL)
				r := storetest.Publish(t, s)
				db := plain(t, databaseURL)
				if _, err := db.Exec("UPDATE areas SET cells = $1 WHERE id = '05'", cells); err != nil {
					t.Fatal(err)
				}
				for _, query := range []string{"", "limit=3", "limit=10", "id=05&limit=1", "sort=id", "fields=id,title"} {
					values, _ := url.ParseQuery(query)
					q, err := dataset.ParseQuery(dataset.Areas, values, anything{})
					if err != nil {
						t.Fatal(err)
					}
					err = s.Rows(context.Background(), r, q, func(cells [][]byte) error {
						if string(cells[0]) == "05" {
							t.Errorf("%q: the row is read as %s", query, cells)
						}
						return nil
					})
					if !errors.Is(err, strategy.ErrUnavailable) || !strings.Contains(err.Error(), "release 2024.01.0, dataset areas: ") {
						t.Errorf("%q: error %v", query, err)
					}
				}
			})
		})
	}
}
