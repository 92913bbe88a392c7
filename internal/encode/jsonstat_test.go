// SPDX-License-Identifier: EUPL-1.2

package encode_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
)

// seen are observations of one indicator: two of them repeat each other.
var seen = [][]string{
	{"obs-1", "users", "ds2-47", "05", "2021-06", "target", "3.50", "exact", "a", "1", "2022", "", "percent", "", "", "", ""},
	{"obs-2", "users", "", "05", "2021", "actual", "1.10", "at-least", "a", "2", "2022", "", "percent", "", "", "", ""},
	{"obs-3", "users", "", "05", "2021", "actual", "1.10", "at-least", "b", "3", "2022", "", "percent", "", "", "", ""},
	{"obs-4", "users", "", "00", "", "actual", "-2", "exact", "b", "4", "2022", "", "percent", "", "", "", ""},
}

func observations() encode.Document {
	d := document(dataset.Observations.Columns)
	d.Dataset, d.Address = dataset.Observations, "https://example.org/v1/observations"
	d.Titles = func(of string) (map[string]dataset.Text, error) {
		return map[string]map[string]dataset.Text{
			"indicators": {"users": {DE: "Nutzende", EN: "Users"}}, "areas": {"05": {DE: "Nordrhein-Westfalen", EN: "North Rhine-Westphalia"}},
		}[of], nil
	}
	d.Codes = func() ([]encode.Code, error) {
		return []encode.Code{{List: "unit", Code: "percent", Title: dataset.Text{DE: "Prozent", EN: "percent"}}, {List: "qualifier", Code: "at-least", Title: dataset.Text{DE: "mindestens", EN: "at least"}}}, nil
	}
	return d
}

// TestJSONStat writes each figure once, at its place in the cube.
func TestJSONStat(t *testing.T) {
	t.Parallel()
	want := `{"version":"2.0","class":"dataset","href":"https://example.org/v1/observations","label":"Nutzende","source":"Zielstand","updated":"2026-11-21T12:00:00Z",
"id":["indicator","goal","area","period","kind"],"size":[1,2,2,3,2],"role":{"geo":["area"],"metric":["indicator"],"time":["period"]},"dimension":{
"area":{"label":"Gebiet","category":{"index":["05","00"],"label":{"00":"00","05":"Nordrhein-Westfalen"}}},
"goal":{"label":"Ziel","category":{"index":["ds2-47","none"],"label":{"ds2-47":"ds2-47","none":"ohne Angabe"}}},
"indicator":{"label":"Indikator","category":{"index":["users"],"label":{"users":"Nutzende"},"unit":{"users":{"label":"Prozent"}}}},
"kind":{"label":"Art","category":{"index":["target","actual"],"label":{"actual":"actual","target":"target"}}},
"period":{"label":"Zeitraum","category":{"index":["2021","2021-06","none"],"label":{"2021":"2021","2021-06":"2021-06","none":"ohne Angabe"}}}},
"value":{"2":3.50,"13":1.10,"23":-2},"status":{"13":"at-least"},"extension":{"release":"2026.11.0","license":"http://l.example/2","status":{"at-least":"mindestens"}}}`
	got := string(write(t, encode.JSONStat, observations(), seen))
	if diff := cmp.Diff(strings.ReplaceAll(want, "\n", "")+"\n", got); diff != "" {
		t.Errorf("bytes (-want +got)\n%s", diff)
	}
	english := observations()
	english.Labels = "en"
	if got := string(write(t, encode.JSONStat, english, seen)); !strings.Contains(got, `"label":"Users"`) || !strings.Contains(got, `"none":"not given"`) {
		t.Errorf("labels=en: %s", got)
	}
	if got := write(t, encode.JSONStat, observations(), nil); !json.Valid(got) || !strings.Contains(string(got), `"size":[0,0,0,0],`) || !strings.Contains(string(got), `"value":{}`) {
		t.Errorf("no rows: %s", got)
	}
	if f, ok := encode.Find("jsonstat", ""); !ok || f.Name != encode.JSONStat.Name {
		t.Error("the format is not found")
	}
}

// TestJSONStatRefuses names what does not fit into a cube.
func TestJSONStatRefuses(t *testing.T) {
	t.Parallel()
	change := func(column, value string) []string {
		row := slices.Clone(seen[2])
		row[dataset.Observations.Column(column)] = value
		return row
	}
	many := make([][]string, encode.MaxJSONStat+1)
	for i := range many {
		many[i] = seen[0]
	}
	without := observations()
	without.Columns = without.Columns[:5]
	for _, tt := range []struct {
		name string
		d    encode.Document
		rows [][]string
		want string
	}{
		{"values", observations(), append(slices.Clone(seen), change("value", "1.1")), "has one value for 05, 2021, actual, but the rows obs-2 (at-least 1.10, source a) and obs-3 (at-least 1.1, source b) differ; filter by source or qualifier, or use another format"},
		{"qualifiers", observations(), append(slices.Clone(seen), change("qualifier", "exact")), "and obs-3 (exact 1.10, source b) differ; "},
		{"indicators", observations(), append(slices.Clone(seen), change("indicator", "other")), "is for one indicator, but the rows have users, other and others; filter with indicator=users"},
		{"rows", observations(), many, "is limited to 10000 rows; use a filter or another format"},
		{"columns", without, nil, "requires the columns id, value, qualifier, source, unit, indicator, goal, area, period, kind, breakdown; leave out the parameter fields"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			e := encode.JSONStat.New(&b, tt.d)
			var err error
			for _, row := range tt.rows {
				cells := make([][]byte, len(row))
				for i, c := range row {
					cells[i] = []byte(c)
				}
				if err = e.Row(cells); err != nil {
					break
				}
			}
			if err == nil {
				err = e.Close()
			}
			var invalid *domain.Invalid
			if !errors.As(err, &invalid) || invalid.Name != "format" || invalid.Value != "jsonstat" || !strings.Contains(invalid.Rule, tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
			if b.Len() > 0 {
				t.Errorf("something was written: %s", &b)
			}
		})
	}
}
