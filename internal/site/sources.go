// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// sourcesPage is the page of the source documents.
type sourcesPage struct {
	frame
	Form    listForm
	Sources []Row
}

// sourceListing is what the list of sources can be asked.
var sourceListing = &listing{
	of: dataset.Sources, reduced: []string{"published"},
	old: []string{"year", formPrefix + "published", "sort=newest", "sort=-published"}, retired: []string{"publisher"},
}

func buildSources(ctx context.Context, r *renderer) (page, error) {
	p := &sourcesPage{}
	p.Title, p.Description = r.text(dataset.Sources.Title), r.text(dataset.Sources.Description)
	var err error
	p.Form, p.Sources, err = r.apply(ctx, list{
		listing: sourceListing,
		fields:  []field{r.byColumn(dataset.Sources, "kind"), r.byYear("published")},
		sorts:   []order{{"-published", "newest", byPeriod("published", true)}, r.sortByTitle()},
	})
	if err != nil {
		return nil, err
	}
	p.Downloads = []download{r.downloadList(dataset.Sources, p.Form)}
	p.NoIndex = p.Form.Filtered || p.Form.Sorted
	return p, nil
}

// sourcePage is the page of a source: what was taken from it, with the places.
type sourcePage struct {
	frame
	Source Row
	Taken  []taken
}

// taken are the rows of a dataset that come from a source.
type taken struct {
	Dataset *dataset.Dataset
	Rows    []statement
	More    bool
}

// sourced are the datasets whose rows name a source and a place in it.
var sourced = []*dataset.Dataset{dataset.Goals, dataset.GoalStatus, dataset.Observations, dataset.OZGServiceCounts, dataset.Milestones}

func buildSource(ctx context.Context, r *renderer) (page, error) {
	row, err := r.row(ctx, dataset.Sources, r.ID)
	if err != nil {
		return nil, err
	}
	p := &sourcePage{Source: row, frame: frame{Citation: r.cite(r.Release.ID, r.name(row), r.pinnedPath("sources/"+r.ID, "", ""))}}
	p.Title, p.Description = r.name(row), r.cell(row, "access")
	p.Downloads = []download{r.downloadRow(r.word("source"), dataset.Sources, r.ID)}
	p.shown = []*dataset.Dataset{dataset.Sources}
	for _, d := range sourced {
		rows, more, err := r.figures(ctx, d, "source", r.ID)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			continue
		}
		t := taken{Dataset: d, More: more}
		slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(a.Get("locator"), b.Get("locator")) })
		for _, row := range rows {
			t.Rows = append(t.Rows, r.statement(row))
		}
		p.Taken = append(p.Taken, t)
		p.shown = append(p.shown, d)
		p.Downloads = append(p.Downloads, r.downloadRows(r.text(d.Title), d, "source", r.ID))
	}
	return p, nil
}

// themePage is the page of a theme: the goals, indicators, milestones and
// contradictions on it.
type themePage struct {
	frame
	Theme                     Row
	Goals, Indicators         []Row
	Milestones, Contradictory counted
}

func buildTheme(ctx context.Context, r *renderer) (page, error) {
	row, err := r.row(ctx, dataset.Codelists, "theme."+r.ID)
	if err != nil {
		return nil, err
	}
	on := func(rows []Row) []Row {
		return slices.DeleteFunc(slices.Clone(rows), func(row Row) bool { return !slices.Contains(strings.Fields(row.Get("themes")), r.ID) })
	}
	milestones, err := r.query(ctx, dataset.Query{Dataset: dataset.Milestones})
	if err != nil {
		return nil, err
	}
	p := &themePage{
		Theme: row, Goals: on(r.all(dataset.Goals)), Indicators: on(r.all(dataset.Indicators)),
		Milestones:    counted{len(on(milestones)), r.listed("/milestones", "themes", r.ID)},
		Contradictory: counted{len(on(r.all(dataset.Contradictions))), r.listed("/contradictions", "themes", r.ID)},
	}
	p.Title, p.Description = r.name(row), r.cell(row, "definition")
	return p, nil
}

// glossaryPage explains the terms of the pages: the codes of the codelists, and
// abbreviations.
type glossaryPage struct {
	frame
	Lists         []glossaryList
	Abbreviations []string
}

// glossaryList are the terms of a codelist.
type glossaryList struct {
	Codelist string
	Terms    []Row
}

// explained are the codelists in the glossary, in the order of the page. What is a
// property of a single dataset is explained there.
var explained = []string{
	"kind", "qualifier", "assessment", "status", "progress-state", "measure", "coverage", "execution", "priority",
	"milestone-state", "contradiction-type", "source-kind", "derivation", "direction", "theme",
}

// abbreviations are those in the data and on the pages, each with a word that explains it.
var abbreviations = []string{"EfA", "LeiKa", "OZG"}

func buildGlossary(_ context.Context, r *renderer) (page, error) {
	p := &glossaryPage{Abbreviations: abbreviations}
	p.Description = r.word("glossary.lead")
	p.Downloads = []download{r.downloadAll(dataset.Codelists)}
	for _, list := range explained {
		terms := slices.DeleteFunc(matching(r.all(dataset.Codelists), "codelist", list), func(row Row) bool { return row.Get("definition") == "" })
		if len(terms) > 0 {
			p.Lists = append(p.Lists, glossaryList{list, terms})
		}
	}
	return p, nil
}

// methodSections are the sections of the page on method, the keys of their words.
var methodSections = []string{"sources", "values", "periods", "progress", "contradictions", "limits"}

// methodPage explains how the data are recorded and assessed.
type methodPage struct {
	frame
	// Sections are the keys of its words.
	Sections    []string
	Assessments []Row
}

func buildMethod(_ context.Context, r *renderer) (page, error) {
	p := &methodPage{
		Sections:    methodSections,
		Assessments: matching(r.all(dataset.Codelists), "codelist", "assessment"),
	}
	p.Description = r.word("method.lead")
	return p, nil
}
