package site

import (
	"html/template"
	"regexp"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// statement is a row that another text speaks of, with the place where the
// pages show it.
type statement struct {
	Row
	Href, Text string
}

// contradiction is a contradiction with the statements that it is between.
type contradiction struct {
	Row
	Statements []statement
}

// stated are the datasets whose rows a contradiction can name.
var stated = []*dataset.Dataset{
	dataset.Observations, dataset.OZGServiceCounts, dataset.Milestones, dataset.Goals, dataset.Strategies,
}

// withStatements reads the rows that contradictions name.
func (v *view) withStatements(contradictions []Row) ([]contradiction, error) {
	var ids []string
	for _, c := range contradictions {
		ids = append(ids, strings.Fields(c.Get("rows"))...)
	}
	found := map[string]Row{}
	for _, d := range stated {
		rows, err := v.byID(d, ids)
		if err != nil {
			return nil, err
		}
		for id, r := range rows {
			found[id] = r
		}
	}
	v.listed = map[string]bool{}
	var out []contradiction
	for _, c := range contradictions {
		one := contradiction{Row: c}
		v.listed[c.ID()] = true
		for _, id := range strings.Fields(c.Get("rows")) {
			if r := found[id]; r.Is() {
				one.Statements = append(one.Statements, statement{r, v.place(r), v.say(r)})
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// contradicting are the contradictions that name one of the rows.
func (v *view) contradicting(rows []Row) ([]contradiction, error) {
	all, err := v.all(dataset.Contradictions)
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, r := range rows {
		named[r.ID()] = true
	}
	concerned := slices.DeleteFunc(slices.Clone(all), func(c Row) bool {
		return !slices.ContainsFunc(strings.Fields(c.Get("rows")), func(id string) bool { return named[id] })
	})
	return v.withStatements(concerned)
}

// place is the address at which the pages show a row, empty if they do not.
func (v *view) place(r Row) string {
	switch r.dataset {
	case dataset.Goals:
		return v.path("/goals/" + r.ID())
	case dataset.Indicators:
		return v.path("/indicators/" + r.ID())
	case dataset.FieldsOfAction:
		return v.path("/fields/" + r.ID())
	case dataset.Observations:
		return v.path("/indicators/"+r.Get("indicator")) + "#" + r.ID()
	case dataset.Milestones:
		return v.path("/fields/"+r.Get("fieldOfAction")) + "#" + r.ID()
	case dataset.OZGServiceCounts:
		return v.path("/ozg") + "#" + r.ID()
	case dataset.Strategies:
		return v.path("/goals") + "#" + r.ID()
	case dataset.Contradictions:
		return v.path("/contradictions") + "#" + r.ID()
	case dataset.Sources:
		return v.path("/sources") + "#" + r.ID()
	case dataset.Codelists:
		return v.path("/datasets/codelists")
	}
	return ""
}

// say puts a row in a line: a figure with what it is of and when, else the
// title.
func (v *view) say(r Row) string {
	switch r.dataset {
	case dataset.Observations:
		return v.named(dataset.Indicators, r.Get("indicator")) + ": " +
			v.amount(r.Get("value"), r.Get("qualifier"), r.Get("unit")) + v.aside(r)
	case dataset.OZGServiceCounts:
		return v.label("measure", r.Get("measure")) + ": " + v.amount(r.Get("value"), r.Get("qualifier"), "count") + v.aside(r)
	}
	return v.name(r)
}

// aside says in brackets of what kind, part, area and time a figure is; the
// state itself goes without saying.
func (v *view) aside(r Row) string {
	parts := []string{v.label("kind", r.Get("kind"))}
	if part := v.breakdown(r); part != "" {
		parts = append(parts, part)
	}
	if area := r.Get("area"); area != home {
		parts = append(parts, v.named(dataset.Areas, area))
	}
	if when(r) != "" {
		parts = append(parts, v.period(when(r)))
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// home is the key of the area that the strategies are of.
const home = "05"

var contradictionID = regexp.MustCompile(`\bcontradiction-[0-9]+\b`)

// linked is a note in which the names of contradictions lead to them.
func (v *view) linked(note string) template.HTML {
	var b strings.Builder
	at := 0
	for _, m := range contradictionID.FindAllStringIndex(note, -1) {
		id := note[m[0]:m[1]]
		b.WriteString(template.HTMLEscapeString(note[at:m[0]]))
		b.WriteString(v.linkTo(id))
		at = m[1]
	}
	b.WriteString(template.HTMLEscapeString(note[at:]))
	return template.HTML(b.String())
}

func (v *view) linkTo(contradiction string) string {
	r := v.look(dataset.Contradictions, contradiction)
	if !r.Is() {
		return template.HTMLEscapeString(contradiction)
	}
	href := v.place(r)
	if v.listed[contradiction] {
		href = "#" + contradiction
	}
	return `<a href="` + template.HTMLEscapeString(href) + `" lang="` + v.Language + `">` + template.HTMLEscapeString(v.quoted(v.name(r))) + `</a>`
}
