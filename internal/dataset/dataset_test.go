// SPDX-License-Identifier: EUPL-1.2

package dataset_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
)

var (
	camelCase  = regexp.MustCompile(`^[a-z]+([A-Z][a-z]+)*$`)
	kebabCase  = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	pascalCase = regexp.MustCompile(`^[A-Z][A-Za-z]*$`)
)

func TestSchemaName(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]string{
		"Goal": "Goal", "GoalProgress": "GoalProgress", "OZGServiceCount": "OzgServiceCount", "CountOZG": "CountOzg",
	} {
		if got := (&dataset.Dataset{Schema: schema}).SchemaName(); got != want {
			t.Errorf("%s is called %s, want %s", schema, got, want)
		}
	}
}

// TestDescriptions checks what the rest of the program relies on in descriptions.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, d := range dataset.All {
		t.Run(d.ID, func(t *testing.T) {
			if !kebabCase.MatchString(d.ID) || !camelCase.MatchString(d.Item) || !pascalCase.MatchString(d.Schema) {
				t.Errorf("names %s, %s, %s are not in kebab-case, camelCase, UpperCamelCase", d.ID, d.Item, d.Schema)
			}
			for _, name := range []string{"id " + d.ID, "item " + d.Item, "schema " + d.Schema, "title " + d.Title.DE, "title " + d.Title.EN} {
				if seen[name] {
					t.Errorf("%s is used twice", name)
				}
				seen[name] = true
			}
			if dataset.ByID(d.ID) != d {
				t.Error("ByID does not find it")
			}
			if d.Column("id") != 0 || d.Columns[0].Type != dataset.Identifier || !d.Columns[0].Required {
				t.Error("the first column is not a required identifier called id")
			}
			if !d.Secondary && (len(d.Keywords) == 0 || len(d.Themes) == 0) {
				t.Error("a dataset of the catalogue has keywords and themes")
			}
			for _, k := range d.Keywords {
				if strings.Contains(k.DE+k.EN, ",") {
					t.Errorf("keyword %v has a comma", k)
				}
			}
			checkTexts(t, d.Title, d.Description)
			for _, name := range d.Includable() {
				for _, c := range d.Joined([]int{d.Column(name)}) {
					if d.Column(c.Name) >= 0 {
						t.Errorf("include=%s adds the column %s, which exists", name, c.Name)
					}
				}
			}
			if d.Figures != nil {
				for _, name := range append([]string{d.Figures.Value, d.Figures.Period, "source", "area", "kind", "qualifier"}, d.Figures.Series...) {
					if d.Column(name) < 0 {
						t.Errorf("figures have no column %s", name)
					}
				}
			}
			for i, c := range d.Columns {
				checkColumn(t, d, c)
				if d.Column(c.Name) != i {
					t.Errorf("the column %s occurs twice", c.Name)
				}
			}
		})
	}
	for i, id := range dataset.IDs() {
		if id != dataset.All[i].ID {
			t.Errorf("IDs has %s where All has %s", id, dataset.All[i].ID)
		}
	}
	if d := dataset.ByID("goal"); d != nil {
		t.Errorf("ByID found %s for goal", d.ID)
	}
}

func checkTexts(t *testing.T, texts ...dataset.Text) {
	t.Helper()
	for _, text := range texts {
		if text.In("de") == "" || text.In("en") == "" || text.In("fr") != text.DE {
			t.Errorf("text %+v is not in both languages", text)
		}
	}
}

func checkColumn(t *testing.T, d *dataset.Dataset, c dataset.Column) {
	t.Helper()
	if !camelCase.MatchString(c.Name) {
		t.Errorf("column %s is not in camelCase", c.Name)
	}
	checkTexts(t, c.Title, c.Description)
	entries := c.Type == dataset.Code || c.Type == dataset.Reference
	if c.Type != dataset.List && (c.Of != "") != entries {
		t.Errorf("column %s of the type %s is of %q", c.Name, c.Type, c.Of)
	}
	if c.Entry() == dataset.Reference && dataset.ByID(c.Of) == nil {
		t.Errorf("column %s refers to the unknown dataset %s", c.Name, c.Of)
	}
	if c.Example != "" {
		if err := c.Check(c.Example); err != nil {
			t.Errorf("column %s has the example %s: %v", c.Name, c.Example, err)
		}
	}
	if c.Computed && slices.ContainsFunc(d.Edited(), func(e dataset.Column) bool { return e.Name == c.Name }) {
		t.Errorf("column %s is computed and edited", c.Name)
	}
	if c.Via == "" {
		return
	}
	reference, columns, _ := strings.Cut(c.Via, ".")
	from := d.Column(reference)
	for column := range strings.SplitSeq(columns, "|") {
		if from < 0 || d.Columns[from].Type != dataset.Reference || dataset.ByID(d.Columns[from].Of).Column(column) < 0 {
			t.Errorf("column %s is derived via %s, which is not a reference and its columns", c.Name, c.Via)
		}
	}
	if slices.ContainsFunc(d.Edited(), func(e dataset.Column) bool { return e.Name == c.Name }) {
		t.Errorf("column %s is derived and edited", c.Name)
	}
}

func TestColumnNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		column             dataset.Column
		sql                string
		filterable, range_ bool
	}{
		{dataset.Column{Name: "fieldOfAction", Type: dataset.Reference}, "field_of_action", true, false},
		{dataset.Column{Name: "titleEn", Type: dataset.String}, "title_en", false, false},
		{dataset.Column{Name: "value", Type: dataset.Decimal}, "value", true, true},
		{dataset.Column{Name: "goalCount", Type: dataset.Integer}, "goal_count", true, true},
		{dataset.Column{Name: "asOf", Type: dataset.Period}, "as_of", true, true},
		{dataset.Column{Name: "withdrawn", Type: dataset.Date}, "withdrawn", true, true},
		{dataset.Column{Name: "quantified", Type: dataset.Boolean}, "quantified", true, false},
		{dataset.Column{Name: "rows", Type: dataset.List}, "rows", true, false},
	} {
		c := tt.column
		if c.SQL() != tt.sql || c.Filterable() != tt.filterable || c.Ranged() != tt.range_ {
			t.Errorf("%s: %s, %v, %v; want %+v", c.Name, c.SQL(), c.Filterable(), c.Ranged(), tt)
		}
	}
}

func TestEntry(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		column dataset.Column
		want   dataset.Type
	}{
		{dataset.Column{Type: dataset.List}, dataset.List},
		{dataset.Column{Type: dataset.List, Of: "theme"}, dataset.Code},
		{dataset.Column{Type: dataset.List, Of: "goals"}, dataset.Reference},
		{dataset.Column{Type: dataset.Code, Of: "status"}, dataset.Code},
		{dataset.Column{Type: dataset.Reference, Of: "goals"}, dataset.Reference},
		{dataset.Column{Type: dataset.Period}, dataset.Period},
	} {
		if got := tt.column.Entry(); got != tt.want {
			t.Errorf("entries of %+v have the type %s, want %s", tt.column, got, tt.want)
		}
	}
	if !dataset.Indicators.RefersTo(dataset.Indicators) || !dataset.Goals.RefersTo(dataset.GoalStatus) || dataset.Contradictions.RefersTo(dataset.Observations) {
		t.Error("RefersTo does not follow the columns that list identifiers of one dataset")
	}
}

// TestTableSchema describes lists as text without foreign keys, which would have to
// match whole cells.
func TestTableSchema(t *testing.T) {
	t.Parallel()
	s := dataset.Goals.TableSchema(dataset.Goals.Columns)
	var keys []string
	for _, k := range s.ForeignKeys {
		keys = append(keys, k.Fields+" "+k.Reference.Resource+"."+k.Reference.Fields)
	}
	want := []string{"strategy strategies.id", "fieldOfAction fields-of-action.id", "source sources.id", "evidence goal-status.id"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("foreign keys of goals (-want +got)\n%s", diff)
	}
	for _, k := range dataset.Areas.TableSchema(dataset.Areas.Columns).ForeignKeys[:2] {
		if k.Reference.Resource != "" {
			t.Errorf("%s refers to the resource %s, not to its own", k.Fields, k.Reference.Resource)
		}
	}
	if f := s.Fields[dataset.Goals.Column("relatedGoals")]; f.Type != "string" {
		t.Errorf("a list has the type %s", f.Type)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind      dataset.Type
		good, bad []string
	}{
		{dataset.Identifier, []string{"05", "ds2-01", "unit.percent", "A_b"}, []string{"-a", ".a", "a b", "ä", "a/b", "a\x00", "a\n"}},
		{dataset.Reference, []string{"05"}, []string{"a b"}},
		{dataset.Code, []string{"1-2"}, []string{"a,b"}},
		{dataset.String, []string{"anything at all", "="}, nil},
		{dataset.Date, []string{"2021-11-12", "2024-02-29"}, []string{"2021", "2021-11", "2023-02-29", "12.11.2021", "0000-12-31"}},
		{dataset.Period, []string{"2021", "2018/2021"}, []string{"2021-13", "soon"}},
		{dataset.Decimal, []string{"1.10", "-1"}, []string{"1,10", "1e3"}},
		{dataset.Integer, []string{"0", "78", "-1"}, []string{"1.0", "007", "-0", "+1"}},
		{dataset.Boolean, []string{"true", "false"}, []string{"TRUE", "1", "ja"}},
		{dataset.List, []string{"obs-1", "obs-1 obs-2"}, []string{"obs-1,obs-2", "obs-1 ä"}},
	} {
		c := dataset.Column{Name: "x", Type: tt.kind}
		for _, cell := range tt.good {
			if err := c.Check(cell); err != nil {
				t.Errorf("%s %q: %v", tt.kind, cell, err)
			}
		}
		for _, cell := range tt.bad {
			if err := c.Check(cell); err == nil {
				t.Errorf("%s %q is accepted", tt.kind, cell)
			}
		}
	}
}

func TestWhole(t *testing.T) {
	t.Parallel()
	whole := dataset.Query{Dataset: dataset.Goals}
	if !whole.Whole() || whole.Filtered() {
		t.Error("the empty query is not the whole dataset")
	}
	for query, filtered := range map[string]bool{
		"status=announced": true, "q=x": true, "asOf=2021-01-01": true, "dueFrom=2021": true, "sort=id": false, "fields=id": false, "limit=1": false,
	} {
		q, err := parse(t, dataset.Goals, query)
		if err != nil {
			t.Fatal(err)
		}
		if q.Whole() || q.Filtered() != filtered {
			t.Errorf("%s: whole %v, filtered %v", query, q.Whole(), q.Filtered())
		}
	}
	whole.After = 1
	if whole.Whole() {
		t.Error("a later page is the whole dataset")
	}
}
