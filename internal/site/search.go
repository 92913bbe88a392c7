package site

import (
	"net/url"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// found is what a search found in one dataset.
type found struct {
	Dataset *dataset.Dataset
	Hits    []statement
	// Total is how many rows there are, of which Hits are the first.
	Total int
	// All are the questions to the interface that give all of them.
	All []alternate
}

// mostFound is how many rows of a dataset a search shows.
const mostFound = 25

// searched are the datasets that a search looks through, in the order in which
// readers want the results.
var searched = []*dataset.Dataset{
	dataset.Goals, dataset.Indicators, dataset.Observations, dataset.OZGServiceCounts, dataset.Contradictions,
	dataset.Milestones, dataset.FieldsOfAction, dataset.Strategies, dataset.Sources, dataset.Codelists,
}

func (v *view) search() (content, error) {
	c := content{template: "search", title: v.word("search.title"), description: v.word("search.lead"), transient: true}
	words := strings.Fields(domain.Fold(v.Query))
	groups, total := []found{}, 0
	if len(words) > 0 {
		c.title += ": " + v.quoted(v.Query)
		groups = append(groups, v.foundDatasets(words)...)
		for _, d := range searched {
			g, err := v.find(d, words)
			if err != nil {
				return c, err
			}
			if g.Hits != nil {
				groups = append(groups, g)
				c.machine = append(c.machine, g.All...)
			}
		}
	}
	for _, g := range groups {
		total += g.Total
	}
	c.data = map[string]any{"Groups": groups, "Total": total}
	return c, nil
}

func (v *view) find(d *dataset.Dataset, words []string) (found, error) {
	g := found{Dataset: d}
	queries, err := v.searches(d, words)
	if err != nil {
		return g, err
	}
	var rows []Row
	for _, q := range queries {
		n, some, err := v.first(q)
		if err != nil {
			return g, err
		}
		if n > 0 {
			g.Total += n
			g.All = append(g.All, v.asked(q))
		}
		rows = merged(rows, some)
	}
	for _, r := range rows[:min(len(rows), mostFound)] {
		g.Hits = append(g.Hits, statement{r, v.place(r), v.say(r)})
	}
	twice, err := v.foundTwice(queries)
	g.Total -= twice
	return g, err
}

// searches are what a search asks a dataset: for the words, and for figures of
// areas whose name has them, since a figure of Bayern holds only the key 09.
func (v *view) searches(d *dataset.Dataset, words []string) ([]dataset.Query, error) {
	queries := []dataset.Query{{Dataset: d, Words: words}}
	if d.Column("area") < 0 {
		return queries, nil
	}
	areas, err := v.query(dataset.Query{Dataset: dataset.Areas, Words: words})
	if err != nil || len(areas) == 0 {
		return queries, err
	}
	return append(queries, dataset.Query{Dataset: d, Filters: equal(d, "area", distinct(areas, "id")...)}), nil
}

// foundTwice is how many rows both of two queries find.
func (v *view) foundTwice(queries []dataset.Query) (int, error) {
	if len(queries) < 2 {
		return 0, nil
	}
	n, err := v.site.tables.Count(v.ctx, v.Release, dataset.Query{
		Dataset: queries[0].Dataset, Words: queries[0].Words, Filters: queries[1].Filters,
	})
	return int(n), err
}

// first counts the rows of a query and reads those that a search shows.
func (v *view) first(q dataset.Query) (int, []Row, error) {
	n, err := v.site.tables.Count(v.ctx, v.Release, q)
	if err != nil || n == 0 {
		return 0, nil, err
	}
	q.Limit = mostFound
	rows, err := v.query(q)
	return int(n), rows, err
}

// asked is the query as a question to the interface, about the same release.
func (v *view) asked(q dataset.Query) alternate {
	values, title := url.Values{"release": {v.Release.ID}}, v.word("search.words")
	if len(q.Words) > 0 {
		values.Set("q", v.Query)
	}
	for _, f := range q.Filters {
		values.Set(q.Dataset.Columns[f.Column].Name, strings.Join(f.Values, ","))
		title = v.word("search.areas")
	}
	return alternate{"application/json", q.Dataset.Title.In(v.Language) + ": " + title, v.file("/v1/" + q.Dataset.ID + "?" + encoded(values))}
}

// merged are the rows of both, each once.
func merged(a, b []Row) []Row {
	seen := map[string]bool{}
	var out []Row
	for _, rows := range [][]Row{a, b} {
		for _, r := range rows {
			if !seen[r.ID()] {
				seen[r.ID()] = true
				out = append(out, r)
			}
		}
	}
	return out
}

// foundDatasets are the datasets whose title, description or keywords have the
// words.
func (v *view) foundDatasets(words []string) []found {
	g := found{}
	for _, d := range dataset.All {
		text := d.ID + " " + d.Title.DE + " " + d.Title.EN + " " + d.Description.DE + " " + d.Description.EN
		for _, k := range d.Keywords {
			text += " " + k.DE + " " + k.EN
		}
		if hasAll(domain.Fold(text), words) {
			g.Hits = append(g.Hits, statement{Href: v.path("/datasets/" + d.ID), Text: d.Title.In(v.Language)})
		}
	}
	if g.Total = len(g.Hits); g.Total == 0 {
		return nil
	}
	return []found{g}
}

func hasAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
