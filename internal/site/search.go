package site

import (
	"context"
	"net/url"
	"strings"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// searchPage is the page of a search.
type searchPage struct {
	frame
	Groups []hits
	Total  int
}

// hits are what a search found in one dataset, or datasets if Dataset is nil.
type hits struct {
	Dataset *dataset.Dataset
	// Rows are the first of Total rows.
	Rows  []statement
	Total int
	// All are the queries to the API that return all of them.
	All []alternate
}

// maxHits is how many rows of a dataset a search shows.
const maxHits = 25

// searched are the datasets that a search covers, the most useful first.
var searched = []*dataset.Dataset{
	dataset.Goals, dataset.Indicators, dataset.Observations, dataset.OZGServiceCounts, dataset.Contradictions,
	dataset.Milestones, dataset.FieldsOfAction, dataset.Strategies, dataset.Sources, dataset.Codelists,
}

func buildSearch(ctx context.Context, r *renderer) (page, error) {
	p := &searchPage{}
	p.Description, p.NoIndex = r.word("search.lead"), true
	words := strings.Fields(domain.Fold(r.Query))
	if len(words) == 0 {
		return p, nil
	}
	p.Title = r.word("search.title") + ": " + r.quoted(r.Query)
	groups := []hits{r.findDatasets(words)}
	for _, d := range searched {
		g, err := r.findRows(ctx, d, words)
		if err != nil {
			return nil, err
		}
		groups = append(groups, g)
		p.alternates = append(p.alternates, g.All...)
	}
	for _, g := range groups {
		if p.Total += g.Total; g.Total > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	return p, nil
}

// findDatasets finds datasets by title, description and keywords.
func (r *renderer) findDatasets(words []string) hits {
	var out hits
	for _, d := range dataset.All {
		if !catalog.Listed(r.Release, d) {
			continue
		}
		text := d.ID
		for _, t := range append([]dataset.Text{d.Title, d.Description}, d.Keywords...) {
			text += " " + t.DE + " " + t.EN
		}
		if containsAll(domain.Fold(text), words) {
			out.Rows = append(out.Rows, statement{Href: r.page("/datasets/" + d.ID), Text: r.text(d.Title)})
		}
	}
	out.Total = len(out.Rows)
	return out
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// findRows finds rows with the words, and figures of areas whose name has them,
// since a figure refers to its area by key.
func (r *renderer) findRows(ctx context.Context, d *dataset.Dataset, words []string) (hits, error) {
	out := hits{Dataset: d}
	byWords := dataset.Query{Dataset: d, Words: words}
	queries := []dataset.Query{byWords}
	if d.Column("area") >= 0 {
		ids, err := r.areas(ctx, d, words)
		if err != nil {
			return out, err
		}
		if len(ids) > 0 {
			byArea := dataset.Query{Dataset: d, Filters: equal(d, "area", ids...)}
			queries = append(queries, byArea)
			twice, err := r.count(ctx, dataset.Query{Dataset: d, Words: words, Filters: byArea.Filters})
			if err != nil {
				return out, err
			}
			out.Total = -twice
		}
	}
	seen := map[string]bool{}
	for _, q := range queries {
		n, err := r.count(ctx, q)
		if err != nil {
			return out, err
		}
		if n == 0 {
			continue
		}
		out.Total += n
		out.All = append(out.All, r.apiQuery(q))
		q.Limit = maxHits
		rows, err := r.query(ctx, q)
		if err != nil {
			return out, err
		}
		for _, row := range rows {
			if !seen[row.ID()] && len(out.Rows) < maxHits {
				seen[row.ID()] = true
				out.Rows = append(out.Rows, r.statement(row))
			}
		}
	}
	return out, nil
}

// areas returns the areas whose name or key has the words, without those that have no
// rows in the dataset: most words are part of hundreds of names.
func (r *renderer) areas(ctx context.Context, d *dataset.Dataset, words []string) ([]string, error) {
	rows, err := r.query(ctx, dataset.Query{Dataset: dataset.Areas, Words: words})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, row := range rows {
		id := row.ID()
		if !containsAll(domain.Fold(id+" "+row.Get("title")+" "+row.Get("titleEn")), words) {
			continue // they are in the address of its key
		}
		n, err := r.count(ctx, dataset.Query{Dataset: d, Filters: equal(d, "area", id)})
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, id)
		}
	}
	return out, nil
}

// apiQuery is a query as an address of the API.
func (r *renderer) apiQuery(q dataset.Query) alternate {
	values, title := url.Values{"release": {r.Release.ID}}, r.word("search.words")
	if len(q.Words) > 0 {
		values.Set("q", r.Query)
	}
	for _, f := range q.Filters {
		values.Set(q.Dataset.Columns[f.Column].Name, strings.Join(f.Values, ","))
		title = r.word("search.areas")
	}
	return alternate{"application/json", r.text(q.Dataset.Title) + ": " + title, r.file("/v1/" + q.Dataset.ID + "?" + encodeQuery(values))}
}
