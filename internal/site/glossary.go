// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

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
