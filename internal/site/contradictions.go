// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// contradictionsPage is the page of all contradictions, by type.
type contradictionsPage struct {
	frame
	Form   listForm
	Groups []contradictionGroup
}

// contradictionGroup are the contradictions of a type.
type contradictionGroup struct {
	Type string
	Rows []contradiction
	// Folded groups are closed until a reader opens them.
	Folded bool
}

// contradictionTypes are the types in the order of the page; those after
// openTypes explain rather than contradict and are folded.
var contradictionTypes = []string{"contradiction", "different-measure", "rounding", "easily-confused"}

const openTypes = 2

// contradiction is a contradiction with the rows that contradict each other.
type contradiction struct {
	Row
	Statements []statement
}

// statement is a row in a line, with the address at which the pages show it.
type statement struct {
	Row
	Href, Text string
}

func buildContradictions(ctx context.Context, r *renderer) (page, error) {
	all, err := r.withStatements(ctx, r.all(dataset.Contradictions))
	if err != nil {
		return nil, err
	}
	p := &contradictionsPage{}
	p.Description = r.text(dataset.Contradictions.Description)
	p.listed = listed(all)
	var found []Row
	if p.Form, found, err = r.apply(ctx, r.contradictionList()); err != nil {
		return nil, err
	}
	p.Downloads = []download{r.downloadList(dataset.Contradictions, p.Form)}
	byID := map[string]contradiction{}
	for _, c := range all {
		byID[c.ID()] = c
	}
	types := contradictionTypes
	for _, t := range distinct(found, "type") { // the codelist may have others
		if !slices.Contains(types, t) {
			types = append(slices.Clone(types), t)
		}
	}
	for i, t := range types {
		g := contradictionGroup{Type: t, Folded: i >= openTypes && !p.Form.Filtered}
		for _, row := range matching(found, "type", t) {
			g.Rows = append(g.Rows, byID[row.ID()])
		}
		if len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	return p, nil
}

// contradictionListing defines the parameters of the list of contradictions.
var contradictionListing = &listing{of: dataset.Contradictions, old: []string{"theme", "themes"}, retired: []string{"source"}}

func (r *renderer) contradictionList() list {
	by := func(name string) field { return r.byColumn(dataset.Contradictions, name) }
	return list{listing: contradictionListing, fields: []field{by("type"), by("themes").labelled()}, sorts: []order{r.sortByTitle()}}
}

func (r *renderer) statement(row Row) statement {
	return statement{row, r.rowPage(row), r.describe(row)}
}

// withStatements reads the rows that contradictions name.
func (r *renderer) withStatements(ctx context.Context, rows []Row) ([]contradiction, error) {
	var ids []string
	for _, row := range rows {
		ids = append(ids, strings.Fields(row.Get("rows"))...)
	}
	named := map[string]Row{}
	for _, d := range []*dataset.Dataset{dataset.Observations, dataset.OZGServiceCounts, dataset.Milestones, dataset.Goals, dataset.GoalStatus, dataset.Strategies, dataset.Indicators, dataset.Sources} {
		found, err := r.rowsByID(ctx, d, ids)
		if err != nil {
			return nil, err
		}
		for id, row := range found {
			named[id] = row
		}
	}
	var out []contradiction
	for _, row := range rows {
		c := contradiction{Row: row}
		for _, id := range strings.Fields(row.Get("rows")) {
			if statement, ok := named[id]; ok {
				c.Statements = append(c.Statements, r.statement(statement))
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// contradictionsOf returns the contradictions that name one of the rows.
func (r *renderer) contradictionsOf(ctx context.Context, rows []Row) ([]contradiction, error) {
	ids := map[string]bool{}
	for _, row := range rows {
		ids[row.ID()] = true
	}
	var concerned []Row
	for _, c := range r.all(dataset.Contradictions) {
		if slices.ContainsFunc(strings.Fields(c.Get("rows")), func(id string) bool { return ids[id] }) {
			concerned = append(concerned, c)
		}
	}
	return r.withStatements(ctx, concerned)
}

// names reports whether the contradiction names one of the rows.
func (c contradiction) names(rows []Row) bool {
	return slices.ContainsFunc(c.Statements, func(s statement) bool {
		return slices.ContainsFunc(rows, func(r Row) bool { return r.ID() == s.ID() })
	})
}

// listed returns the identifiers of the contradictions that a page lists.
func listed(contradictions []contradiction) map[string]bool {
	out := map[string]bool{}
	for _, c := range contradictions {
		out[c.ID()] = true
	}
	return out
}

var linkedID = regexp.MustCompile(`\b(contradiction|obs)-[0-9]+\b`)

// called returns what a contradiction or a figure on the page is called, or the identifier
// of another.
func (n names) called(id string) string {
	if row := n.lookup(dataset.Observations, id); row.Exists() {
		return n.amount(row.Get("value"), row.Get("qualifier"), row.Get("unit")) + " (" + n.shortSource(row.Get("source")) + ")"
	}
	if row := n.lookup(dataset.Contradictions, id); row.Exists() {
		return n.quoted(n.name(row))
	}
	return id
}

// linkIdentifiers returns a note in which the identifiers of contradictions, and of
// figures on the page, are links with what they are called.
func (r *renderer) linkIdentifiers(note string, listed map[string]bool) template.HTML {
	// No character that is escaped can be part of an identifier.
	return template.HTML(linkedID.ReplaceAllStringFunc(template.HTMLEscapeString(note), func(id string) string {
		text := r.called(id)
		href := r.page("/figures/" + id)
		switch contradiction := r.lookup(dataset.Contradictions, id); {
		case text == id:
			return id
		case listed[id]:
			href = "#" + id
		case contradiction.Exists():
			href = r.rowPage(contradiction)
		}
		return `<a href="` + template.HTMLEscapeString(href) + `" lang="` + r.Code + `">` + template.HTMLEscapeString(text) + `</a>`
	}))
}
