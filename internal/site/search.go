package site

import (
	"net/url"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/suggest"
)

// found is what a search found in one dataset.
type found struct {
	Dataset *dataset.Dataset
	Hits    []statement
	// All is the address of all rows found, if the page does not show them.
	All string
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
	words := strings.Fields(suggest.Fold(v.Query))
	groups, total := []found{}, 0
	if len(words) > 0 {
		c.title += ": «" + v.Query + "»"
		groups = append(groups, v.foundDatasets(words)...)
		for _, d := range searched {
			g, err := v.find(d, words)
			if err != nil {
				return c, err
			}
			if g.Hits != nil {
				groups = append(groups, g)
				c.machine = append(c.machine, alternate{"application/json", d.Title.In(v.Language), v.asked(d)})
			}
		}
	}
	for _, g := range groups {
		total += len(g.Hits)
	}
	c.data = map[string]any{"Groups": groups, "Total": total}
	return c, nil
}

// asked is the same search in the interface.
func (v *view) asked(d *dataset.Dataset) string {
	return v.file("/v1/" + d.ID + "?q=" + url.QueryEscape(v.Query))
}

func (v *view) find(d *dataset.Dataset, words []string) (found, error) {
	g := found{Dataset: d}
	rows, err := v.query(dataset.Query{Dataset: d, Words: words, Limit: mostFound + 1})
	if err != nil {
		return g, err
	}
	inAreas, err := v.ofAreas(d, words)
	if err != nil {
		return g, err
	}
	rows = merged(rows, inAreas)
	if len(rows) > mostFound {
		rows, g.All = rows[:mostFound], v.asked(d)
	}
	for _, r := range rows {
		g.Hits = append(g.Hits, statement{r, v.place(r), v.say(r)})
	}
	return g, nil
}

// ofAreas are the figures of areas whose name has the words: a figure of Bayern
// holds only the key 09.
func (v *view) ofAreas(d *dataset.Dataset, words []string) ([]Row, error) {
	if d.Column("area") < 0 {
		return nil, nil
	}
	areas, err := v.query(dataset.Query{Dataset: dataset.Areas, Words: words})
	if err != nil || len(areas) == 0 {
		return nil, err
	}
	return v.query(dataset.Query{Dataset: d, Filters: equal(d, "area", distinct(areas, "id")...), Limit: mostFound + 1})
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
		if hasAll(suggest.Fold(text), words) {
			g.Hits = append(g.Hits, statement{Href: v.path("/datasets/" + d.ID), Text: d.Title.In(v.Language)})
		}
	}
	if g.Hits == nil {
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
