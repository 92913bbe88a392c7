// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// answerLink leads to a page or a list that answers a search. It has no address if nothing
// is in the list.
type answerLink struct {
	counted
	Text string
}

// answers returns the pages and lists that the words ask for.
func (r *renderer) answers(ctx context.Context, q question, named namedAreas) ([]answerLink, error) {
	var out []answerLink
	for _, pattern := range r.synonyms.pagesOn(wordsOf(named.without(q.terms))) {
		if slices.ContainsFunc(q.lists, func(a askedList) bool { return a.Path == pattern && a.Filters == nil }) {
			continue
		}
		if p := lookup(pattern); r.leadsTo(p) {
			out = append(out, answerLink{counted{Href: r.page(pattern)}, r.word(cmp.Or(p.title, p.name))})
		}
	}
	due, err := r.dueIn(ctx, q)
	if err != nil {
		return nil, err
	}
	out = append(out, due...)
	for _, a := range q.lists {
		link := answerLink{counted: counted{Href: r.page(a.Path)}, Text: r.word("search.answer." + a.Name)}
		if len(a.Filters) > 0 {
			filters := r.inCodelists(a.Filters)
			if filters[1] == "" {
				continue
			}
			n, err := r.countWhere(ctx, dataset.Goals, filters[0], strings.Split(filters[1], ",")...)
			if err != nil {
				return nil, err
			}
			link.Count, link.Href = n, r.listed(a.Path, filters...)
			if n == 0 {
				link.Href = ""
			}
		}
		out = append(out, link)
	}
	return out, nil
}

// dueIn returns a link to the goals that are due in a year, if the question names no more
// than the year and goals.
func (r *renderer) dueIn(ctx context.Context, q question) ([]answerLink, error) {
	if len(q.terms) != 1 || !isYear.MatchString(q.terms[0].word) || q.kind != nil && q.kind != dataset.Goals {
		return nil, nil
	}
	year := q.terms[0].word
	first, err := strconv.Atoi(year)
	if err != nil {
		return nil, err
	}
	due := []string{"dueFrom", year, "dueBefore", strconv.Itoa(first + 1)}
	goals, err := dataset.ParseQuery(dataset.Goals, url.Values{due[0]: due[1:2], due[2]: due[3:]}, r.Vocabulary)
	if err != nil {
		return nil, err
	}
	n, err := r.reader.tables.Count(ctx, r.Release, goals)
	if err != nil || n == 0 {
		return nil, err
	}
	return []answerLink{{counted{int(n), r.listed("/goals", due...)}, fmt.Sprintf(r.word("search.due"), year)}}, nil
}

var isYear = regexp.MustCompile(`^(19|20)[0-9]{2}$`)

// namedAreas are the areas that a question names.
type namedAreas struct {
	// ids are several if areas have the same name.
	ids []string
	// typed is the name as typed, words are folded.
	typed string
	words []string
}

// namedIn returns the areas whose names have most of the terms. If several names have as
// many, the last one counts: areas within others come after them.
func (r *renderer) namedIn(terms []term) (out namedAreas) {
	var alternatives [][]string
	for _, t := range terms {
		alternatives = append(alternatives, r.synonyms.alternatives(t.word))
	}
	for _, area := range r.all(dataset.Areas) {
		for _, column := range []string{"title", "title" + english} {
			named := nameIn(area.Get(column), terms, alternatives)
			switch {
			case named.words == nil || len(named.words) < len(out.words):
			case len(named.words) > len(out.words) || named.typed != out.typed:
				out = named
				out.ids = []string{area.ID()}
			case !slices.Contains(out.ids, area.ID()):
				out.ids = append(out.ids, area.ID())
			}
		}
	}
	return out
}

// nameIn returns the terms that are the name of an area, none unless all of it is there. The
// alternatives of each term count as well.
func nameIn(title string, terms []term, alternatives [][]string) (named namedAreas) {
	// Of “Köln, Stadt” and “Halle (Westf.), Stadt”, readers type less.
	name, _, _ := strings.Cut(title, ",")
	name, _, _ = strings.Cut(name, " (")
	missing := strings.Fields(domain.Fold(name))
	for i, t := range terms {
		for _, a := range alternatives[i] {
			words := strings.Fields(a)
			if !slices.Equal(words, missing) && !slices.Contains(missing, a) {
				continue
			}
			named.typed = strings.TrimSpace(named.typed + " " + t.typed)
			named.words = append(named.words, t.word)
			missing = slices.DeleteFunc(missing, func(w string) bool { return slices.Contains(words, w) })
			break
		}
	}
	if len(missing) > 0 {
		return namedAreas{}
	}
	return named
}

// without returns the terms that are not in the name.
func (n namedAreas) without(terms []term) []term {
	return slices.DeleteFunc(slices.Clone(terms), func(t term) bool { return slices.Contains(n.words, t.word) })
}

// answerOn links to the pages of the areas that a question names. If there is none, and
// neither a hit nor any figure about them, the page says so, except for the home area,
// which everything is about.
func (r *renderer) answerOn(ctx context.Context, p *searchPage, named namedAreas, hits []hit, none bool) error {
	if len(named.ids) == 0 {
		return nil
	}
	if slices.Contains(named.ids, dataset.HomeArea) {
		none = false
	}
	for _, id := range named.ids {
		if lookup("/areas").exists(r.Release) && r.hasPage(id) {
			p.Answers = slices.Insert(p.Answers, 0, answerLink{counted{Href: r.page("/areas/" + id)}, fmt.Sprintf(r.word("area.title"), r.nameOf(dataset.Areas, id))})
			return nil
		}
	}
	if !none {
		for _, h := range hits {
			if area := h.Get("area"); area != "" && hasWords(r.nameOf(dataset.Areas, area), named.words) {
				return nil
			}
		}
		for _, d := range []*dataset.Dataset{dataset.Observations, dataset.OZGServiceCounts} {
			if n, err := r.countWhere(ctx, d, "area", named.ids...); n > 0 || err != nil {
				return err
			}
		}
	}
	p.Area = named.typed
	if ozg := r.page("/ozg"); !slices.ContainsFunc(p.Answers, func(a answerLink) bool { return a.Href == ozg }) {
		p.Answers = append(p.Answers, answerLink{counted{Href: ozg}, r.word("ozg.title")})
	}
	return nil
}
