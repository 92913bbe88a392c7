// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"html/template"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/plot"
)

// goalsPage is the page of all goals: by strategy and field of action, or in the order
// that the reader chose.
type goalsPage struct {
	frame
	Form       listForm
	Strategies []strategyGoals
	// Sorted are the goals in an order that the reader chose.
	Sorted []Row
	// Known is the plot of what is known, in lists that are not filtered.
	Known template.HTML
}

type strategyGoals struct {
	Strategy Row
	Fields   []fieldGoals
}

type fieldGoals struct {
	Field Row
	Goals []Row
}

func buildGoals(ctx context.Context, r *renderer) (page, error) {
	p := &goalsPage{}
	p.Description = r.text(dataset.Goals.Description)
	var found []Row
	var err error
	if p.Form, found, err = r.apply(ctx, r.goalList()); err != nil {
		return nil, err
	}
	p.Downloads = []download{r.downloadList(dataset.Goals, p.Form), r.downloadAll(dataset.GoalProgress)}
	if p.Form.Sorted {
		p.Sorted = found
		return p, nil
	}
	if !p.Form.Filtered {
		c, err := goalsFigure(ctx, r)
		if err != nil {
			return nil, err
		}
		if p.Known, err = c.inPage(); err != nil {
			return nil, err
		}
		p.alternates = []alternate{{"image/svg+xml", c.figure.Title, r.page("/goals.svg")}}
	}
	for _, s := range byAdoption(r.all(dataset.Strategies)) {
		of := strategyGoals{Strategy: s}
		for _, f := range matching(r.all(dataset.FieldsOfAction), "strategy", s.ID()) {
			if rows := matching(found, "fieldOfAction", f.ID()); len(rows) > 0 {
				of.Fields = append(of.Fields, fieldGoals{f, rows})
			}
		}
		if len(of.Fields) > 0 || !p.Form.Filtered {
			p.Strategies = append(p.Strategies, of)
		}
	}
	return p, nil
}

// goalListing defines the parameters of the list of goals.
var goalListing = &listing{
	of: dataset.Goals, reduced: []string{"due"},
	old: []string{
		"field", "fieldOfAction", "theme", "themes", "figures=yes", "quantified=true", "figures=no", "quantified=false",
		"due=any", formPrefix + "due=any", "sort=known", "sort=-knownUntil",
	},
}

func (r *renderer) goalList() list {
	by := func(name string) field { return r.byColumn(dataset.Goals, name) }
	assessment := by("assessment")
	label := assessment.title
	assessment.title = func(code string) string { return cmp.Or(r.outcomesOf(code), label(code)) }
	return list{
		listing: goalListing,
		fields: []field{
			by("strategy"), by("fieldOfAction"), assessment, r.byYear("due"), by("quantified"), by("themes").labelled(), by("source").labelled(),
		},
		sorts: []order{{"due", "due", byPeriod("due", false)}, {"-knownUntil", "known", byPeriod("knownUntil", true)}, r.sortByTitle()},
	}
}

// goalColumn is a property that goals are counted by.
type goalColumn struct {
	// name is the key of its words, filters what the list of goals is asked for.
	name    string
	filters []string
	counts  func(Row) bool
}

// goalColumns are the columns of the table of goals; outcomes are those that every goal
// is in exactly one of.
var (
	goalColumns = append([]goalColumn{
		{"goals", nil, func(Row) bool { return true }},
		{"figures", []string{"quantified", "true"}, func(row Row) bool { return row.Get("quantified") == "true" }},
	}, outcomes...)
	outcomes = []goalColumn{
		{"achieved", []string{"assessment", "achieved,achieved-late"}, assessedAs("achieved", "achieved-late")},
		{"missed", []string{"assessment", "missed,dropped"}, assessedAs("missed", "dropped")},
		{"notknown", []string{"assessment", "unknown-since,unresolved"}, assessedAs("unknown-since", "unresolved")},
		{"running", []string{"assessment", "on-record", "due!", dataset.None}, func(row Row) bool { return row.Get("assessment") == "on-record" && row.Get("due") != "" }},
		{"nodate", []string{"assessment", "on-record", "due", dataset.None}, func(row Row) bool { return row.Get("assessment") == "on-record" && row.Get("due") == "" }},
	}
)

func assessedAs(codes ...string) func(Row) bool {
	return func(row Row) bool { return slices.Contains(codes, row.Get("assessment")) }
}

// columnNames returns the names of the columns of the table of goals.
func columnNames() []string {
	var out []string
	for _, c := range goalColumns {
		out = append(out, c.name)
	}
	return out
}

// outcome returns the name of the column that a goal is counted in.
func outcome(row Row) string {
	for _, c := range outcomes {
		if c.counts(row) {
			return c.name
		}
	}
	return ""
}

// outcomesOf names the outcomes that goals of one assessment are divided into, empty if they
// are not.
func (n names) outcomesOf(assessment string) string {
	var parts []string
	for _, c := range outcomes {
		if len(c.filters) > 2 && c.filters[1] == assessment {
			parts = append(parts, n.word("col."+c.name))
		}
	}
	return strings.Join(parts, " / ")
}

// tally counts goals by column, with links to the goals counted.
func (r *renderer) tally(goals []Row, scope ...string) []counted {
	var out []counted
	for _, column := range goalColumns {
		c := counted{}
		for _, goal := range goals {
			if column.counts(goal) {
				c.Count++
			}
		}
		if c.Count > 0 {
			c.Href = r.listed("/goals", append(slices.Clone(scope), r.inCodelists(column.filters)...)...)
		}
		out = append(out, c)
	}
	return out
}

// inCodelists leaves out of the values for assessment those that are not in the codelist
// of the release: the list would refuse them.
func (r *renderer) inCodelists(filters []string) []string {
	out := slices.Clone(filters)
	if len(out) > 0 && out[0] == "assessment" {
		out[1] = strings.Join(slices.DeleteFunc(strings.Split(out[1], ","), func(code string) bool { return !r.Vocabulary.Knows(out[0], code) }), ",")
	}
	return out
}

// goalsFigure is the plot of what is known about all goals.
func goalsFigure(_ context.Context, r *renderer) (chart, error) {
	goals := r.all(dataset.Goals)
	c := r.chart("goals", r.word("goals.known"), r.word("goals.knowntext"), nil)
	c.footnote = c.credit
	b := plot.BarChart{Unit: r.word("col.goals")}
	for _, o := range outcomes {
		n := 0
		for _, goal := range goals {
			if o.counts(goal) {
				n++
			}
		}
		b.Bars = append(b.Bars, plot.Bar{Label: r.word("col." + o.name), Value: float64(n), Text: r.count(n)})
	}
	return bars(c, b), nil
}

// byAdoption sorts strategies, the newest first.
func byAdoption(strategies []Row) []Row {
	return slices.SortedStableFunc(slices.Values(strategies), func(a, b Row) int {
		return strings.Compare(b.Get("adopted"), a.Get("adopted"))
	})
}

// fieldPage is the page of a field of action.
type fieldPage struct {
	frame
	Field                         Row
	Goals, Milestones, Indicators []Row
}

func buildField(ctx context.Context, r *renderer) (page, error) {
	row, err := r.row(ctx, dataset.FieldsOfAction, r.ID)
	if err != nil {
		return nil, err
	}
	milestones, err := r.where(ctx, dataset.Milestones, "fieldOfAction", r.ID)
	if err != nil {
		return nil, err
	}
	rows := matching(r.all(dataset.Goals), "fieldOfAction", r.ID)
	p := &fieldPage{
		Field: row, Goals: rows, Milestones: milestones,
		Indicators: matching(r.all(dataset.Indicators), "fieldOfAction", r.ID),
	}
	p.Title, p.Description = r.name(row), r.word("field.lead")
	for _, rows := range [][]Row{rows, p.Indicators, milestones} {
		if len(rows) > 0 {
			d := rows[0].dataset
			p.Downloads = append(p.Downloads, r.downloadRows(r.text(d.Title), d, "fieldOfAction", r.ID))
		}
	}
	return p, nil
}
