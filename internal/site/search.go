// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/table"
)

// searchPage is the page of a search: hits of all kinds, the best first.
type searchPage struct {
	frame
	// Answers are pages and lists that the words ask for.
	Answers []answerLink
	// LeftOut are the words that rows need not have, Also what was searched for besides the
	// others; Area is an area about which nothing was found. All are as readers type them.
	LeftOut, Also []string
	Area          string
	// SingleWords are searches for single words, if nothing has all of them.
	SingleWords []answerLink
	Hits        []hit
	Total       int
	// Kinds are the datasets with hits, Kind is the one chosen.
	Kinds []kindLink
	Kind  string
	// Bounded reports whether more rows match than are ranked.
	Bounded bool
	Pages   []pageLink
	// First is the number of the first hit on the page, from 1.
	First int
}

type kindLink struct {
	counted
	Title   string
	Current bool
}

type pageLink struct {
	Number  int
	Href    string
	Current bool
}

// hit is a row, or a dataset, that a search found.
type hit struct {
	Row
	Href, Kind     string
	Title, Snippet template.HTML
	// Outcome is what is known about a goal.
	Outcome string
	dataset *dataset.Dataset
	// rank is how well it matches (table.Page.Rank), similar whether it does so by a word
	// that the reader did not use.
	rank    int
	similar bool
}

const (
	hitsOnPage = 20
	// maxRanked is the maximum number of rows of a dataset that a search ranks for one
	// combination of words, and maxSought how many words all combinations have. A reader
	// gives at most half as many (dataset.MaxWords).
	maxRanked = 1000
	maxSought = 40
)

// searched are the datasets that a search covers, the most useful first.
var searched = []*dataset.Dataset{
	dataset.Goals, dataset.Indicators, dataset.FieldsOfAction, dataset.Contradictions, dataset.Observations, dataset.OZGServiceCounts,
	dataset.Milestones, dataset.Strategies, dataset.Sources, dataset.Codelists, dataset.Areas,
}

// searched returns the term that the request searches for.
func (r Request) searched() string {
	if r.Pattern != "/search" {
		return ""
	}
	return r.Params.Get("q")
}

func buildSearch(ctx context.Context, r *renderer) (page, error) {
	p := &searchPage{}
	p.Description, p.NoIndex = r.word("search.lead"), true
	words, err := dataset.ParseWords(r.searched())
	if err != nil || len(words) == 0 {
		return p, err
	}
	p.Title = r.word("search.title") + ": " + r.quoted(r.searched())
	q := r.synonyms.ask(r.searched(), words)
	p.LeftOut = q.leftOut
	required, named := wordsOf(q.terms), r.namedIn(q.terms)
	var s *search
	if s, p.Also, err = r.search(ctx, q); err != nil {
		return nil, err
	}
	none := len(s.hits) == 0
	if rest := named.without(q.terms); none && len(rest) > 0 && len(rest) < len(q.terms) {
		if err := s.find(ctx, wordsOf(rest), 0, false); err != nil {
			return nil, err
		}
		if len(s.hits) > 0 {
			p.LeftOut = append(p.LeftOut, named.typed)
		}
	}
	if len(s.hits) == 0 {
		if p.SingleWords, err = r.singleWords(ctx, q); err != nil {
			return nil, err
		}
	}
	if p.Answers, err = r.answers(ctx, q, named); err != nil {
		return nil, err
	}
	if err := r.answerOn(ctx, p, named, s.hits, none); err != nil {
		return nil, err
	}
	for _, d := range s.datasets() {
		p.alternates = append(p.alternates, r.apiQuery(dataset.Query{Dataset: d, Words: required}, required))
	}
	p.Bounded = s.bounded
	slices.SortStableFunc(s.hits, func(a, b hit) int { return cmp.Compare(q.place(a), q.place(b)) })
	return p, r.paginate(p, s.hits, s.words)
}

// search finds what has the terms of a question. If that is not what most readers look for,
// it widens the search and returns what else it searched for.
func (r *renderer) search(ctx context.Context, q question) (s *search, also []string, err error) {
	s = &search{renderer: r, left: maxSought, seen: map[string]bool{}}
	required := wordsOf(q.terms)
	if err := s.find(ctx, required, len(required)*2, false); err != nil || slices.ContainsFunc(s.hits, q.wants) {
		return s, nil, err
	}
	also, err = s.widen(ctx, q.terms)
	return s, also, err
}

// maxSingleWords is the maximum number of words that are searched for one by one, each as in
// a search of its own.
const maxSingleWords = 5

// singleWords returns links to the searches for single terms of a question that find anything.
func (r *renderer) singleWords(ctx context.Context, q question) ([]answerLink, error) {
	if len(q.terms) < 2 {
		return nil, nil
	}
	var out []answerLink
	for _, t := range q.terms[:min(len(q.terms), maxSingleWords)] {
		s, _, err := r.search(ctx, r.synonyms.ask(t.typed, []string{t.word}))
		if err != nil {
			return nil, err
		}
		if n := len(s.hits); n > 0 {
			out = append(out, answerLink{counted{n, r.page("/search") + "?" + url.Values{"q": {t.typed}}.Encode()}, r.quoted(t.typed)})
		}
	}
	return out, nil
}

// titled is the number of ranks of words in a title.
const titled = 2

// wants reports whether a hit is what most readers look for: the words are in the title of
// what they ask for, else of a goal or an indicator.
func (q question) wants(h hit) bool {
	switch {
	case h.rank >= titled:
		return false
	case q.kind != nil:
		return h.dataset == q.kind
	}
	return h.dataset == dataset.Goals || h.dataset == dataset.Indicators
}

// place returns a number that is lower the earlier a hit comes: the kind asked for is
// first, then goals and indicators with the words in their title, then what matches best.
func (q question) place(h hit) int {
	const beyond = 100 // all ranks
	place := h.rank
	switch {
	case q.kind != nil && h.dataset == q.kind:
	case h.rank < titled && (h.dataset == dataset.Goals || h.dataset == dataset.Indicators):
		place += beyond
	default:
		place += beyond + titled
	}
	if h.similar {
		return 2*place + 1
	}
	return 2 * place
}

// search collects hits. Each row is a hit once, however often it is found.
type search struct {
	*renderer
	hits []hit
	seen map[string]bool
	// left is how many words may still be searched for, words are those that were.
	left  int
	words []string
	// bounded reports whether more rows match than are ranked.
	bounded bool
}

// datasets returns the datasets that the release has.
func (s *search) datasets() []*dataset.Dataset {
	return slices.DeleteFunc(slices.Clone(searched), func(d *dataset.Dataset) bool {
		return d == dataset.Areas && !lookup("/areas").exists(s.Release)
	})
}

// find adds rows and datasets with the words, or rows with words of the same meaning, unless
// no words are left. It keeps some for another search.
func (s *search) find(ctx context.Context, words []string, keep int, similar bool) error {
	if len(words) == 0 || len(words) > s.left {
		return nil
	}
	combinations := s.synonyms.combinations(words, s.left-keep)
	for _, c := range combinations {
		s.left -= len(c)
	}
	for _, d := range s.datasets() {
		for i, c := range combinations {
			if err := s.findRows(ctx, d, c, similar || i > 0); err != nil {
				return err
			}
		}
	}
	s.findDatasets(words, similar)
	s.words = append(s.words, words...)
	return nil
}

// widen adds what is found by the parts of compounds and by words without their endings. It
// returns them as typed, or nothing if that finds no more.
func (s *search) widen(ctx context.Context, terms []term) ([]string, error) {
	var wider, changed []term
	for _, t := range terms {
		more := s.synonyms.widen(t)
		wider = append(wider, more...)
		for _, m := range more {
			if m.word != t.word {
				changed = append(changed, m)
			}
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	found := len(s.hits)
	if err := s.find(ctx, wordsOf(wider), len(terms), true); err != nil || len(s.hits) == found {
		return nil, err
	}
	var out []string
	for _, t := range changed {
		out = append(out, t.typed)
	}
	return out, nil
}

// paginate shows the hits of the chosen kind on the chosen page, with the words marked.
func (r *renderer) paginate(p *searchPage, hits []hit, words []string) error {
	p.Kind = r.Params.Get("kind")
	link := func(kind string, number int) string {
		q := url.Values{"q": {r.searched()}}
		if kind != "" {
			q.Set("kind", kind)
		}
		if number > 1 {
			q.Set("page", strconv.Itoa(number))
		}
		return r.page("/search") + "?" + q.Encode()
	}
	all := len(hits)
	var allowed []string
	for _, d := range append([]*dataset.Dataset{nil}, searched...) {
		n := 0
		for _, h := range hits {
			if h.dataset == d {
				n++
			}
		}
		if n > 0 {
			name := kindOf(d)
			allowed = append(allowed, name)
			p.Kinds = append(p.Kinds, kindLink{counted{n, link(name, 1)}, r.word("search.kind." + name), name == p.Kind})
		}
	}
	if p.Kind != "" {
		if len(hits) > 0 && !slices.Contains(allowed, p.Kind) {
			return domain.NotOneOf("kind", p.Kind, "has no results", allowed)
		}
		hits = slices.DeleteFunc(hits, func(h hit) bool { return kindOf(h.dataset) != p.Kind })
	}
	p.Kinds = slices.Insert(p.Kinds, 0, kindLink{counted{all, link("", 1)}, r.word("search.all"), p.Kind == ""})
	p.Total = len(hits)
	number, pages, err := r.pager(len(hits), hitsOnPage, func(number int) string { return link(p.Kind, number) })
	if err != nil {
		return err
	}
	p.Pages = pages
	p.First = (number-1)*hitsOnPage + 1
	p.Hits = hits[p.First-1 : min(len(hits), number*hitsOnPage)]
	for i := range p.Hits {
		r.present(&p.Hits[i], words)
	}
	return nil
}

// pager returns the number of the page that is asked for, from 1, and links to all pages if
// there are several.
func (r *renderer) pager(rows, size int, link func(number int) string) (number int, links []pageLink, err error) {
	pages := max(1, (rows+size-1)/size)
	number = 1
	if given := r.Params.Get("page"); given != "" {
		if number, err = strconv.Atoi(given); err != nil || number < 1 || number > pages {
			return 0, nil, &domain.Invalid{Name: "page", Value: given, Rule: fmt.Sprintf("must be a whole number from 1 to %d", pages)}
		}
	}
	for i := 1; i <= pages && pages > 1; i++ {
		links = append(links, pageLink{i, link(i), i == number})
	}
	return number, links, nil
}

// kindOf returns the value of the parameter kind.
func kindOf(d *dataset.Dataset) string {
	if d == nil {
		return "datasets"
	}
	return d.ID
}

// findDatasets adds datasets by title, description and keywords.
func (s *search) findDatasets(words []string, similar bool) {
	for _, d := range dataset.All {
		if !catalog.Listed(s.Release, d) {
			continue
		}
		var texts []string
		for _, t := range append([]dataset.Text{d.Description}, d.Keywords...) {
			texts = append(texts, t.DE, t.EN)
		}
		if rank, ok := table.RankTexts(words, []string{d.ID, d.Title.DE, d.Title.EN}, texts); ok && !s.seen[d.ID] {
			s.seen[d.ID] = true
			s.hits = append(s.hits, hit{Href: s.page("/datasets/" + d.ID), Title: template.HTML(template.HTMLEscapeString(s.text(d.Title))), rank: rank, similar: similar})
		}
	}
}

// findRows adds rows with the words.
func (s *search) findRows(ctx context.Context, d *dataset.Dataset, words []string, similar bool) error {
	page, err := s.reader.tables.Query(ctx, s.of, dataset.Query{Dataset: d, Words: words, Limit: maxRanked})
	if err != nil {
		return err
	}
	s.bounded = s.bounded || page.Next > 0
	n := 0
	return page.Each(ctx, func(cells [][]byte) error {
		row := Row{d, release.Texts(cells)}
		if key := d.ID + "/" + row.ID(); !s.seen[key] && (d != dataset.Areas || s.hasPage(row.ID())) {
			s.seen[key] = true
			s.hits = append(s.hits, hit{Row: row, dataset: d, Href: s.rowPage(row), rank: page.Rank(n), similar: similar})
		}
		n++
		return nil
	})
}

// hasPage reports whether an area has a page.
func (r *renderer) hasPage(area string) bool {
	_, ok := slices.BinarySearch(r.Vocabulary.Offering(), area)
	return ok
}

// notWord reports whether a character separates words. A hyphen does not.
func notWord(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '-' }

// present writes the title of a hit and the part of it that has the words.
func (r *renderer) present(h *hit, words []string) {
	h.Kind = r.word("search.hit." + kindOf(h.dataset))
	if h.dataset == nil {
		return
	}
	var marked []string
	for _, w := range words {
		marked = append(marked, r.synonyms.alternatives(w)...)
	}
	title := r.describe(h.Row)
	h.Title = mark(title, marked)
	if h.dataset == dataset.Goals {
		h.Outcome = r.outcomeOf(h.Row)
	}
	for _, c := range h.dataset.Columns {
		if c.Type != dataset.String || !c.Searched() || c.Name == "title" || strings.HasSuffix(c.Name, english) {
			continue
		}
		if text := r.cell(h.Row, c.Name); hasWord(text, marked) {
			h.Snippet = mark(excerpt(text, marked), marked)
			return
		}
	}
	if text := cmp.Or(r.cell(h.Row, "summary"), r.cell(h.Row, "definition")); text != "" {
		h.Snippet = mark(excerpt(text, nil), nil)
	}
}

// maxSnippet is the length of an excerpt in characters.
const maxSnippet = 180

// excerpt returns the part of a text around the first of the words.
func excerpt(text string, words []string) string {
	tokens := strings.Fields(text)
	from, length := 0, 0
	for i, t := range tokens {
		if hasWord(t, words) {
			from = i
			break
		}
	}
	for before := 0; from > 0 && before+len(tokens[from-1]) < maxSnippet/3; from-- {
		before += len(tokens[from-1]) + 1
	}
	to := from
	for ; to < len(tokens) && length < maxSnippet; to++ {
		length += len([]rune(tokens[to])) + 1
	}
	out := strings.Join(tokens[from:to], " ")
	if from > 0 {
		out = "… " + out
	}
	if to < len(tokens) {
		out += " …"
	}
	return out
}

// hasWord reports whether a text has one of the words, by the rule of the search.
func hasWord(text string, words []string) bool {
	folded := []byte(domain.Searchable(text))
	return slices.ContainsFunc(words, func(w string) bool {
		word, anywhere := strings.CutPrefix(w, dataset.Anywhere)
		found, _ := domain.FindWord(folded, word, anywhere)
		return found
	})
}

// hasWords reports whether a text has all words.
func hasWords(text string, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !hasWord(text, []string{w}) })
}

// mark escapes a text and marks the words in it that the search found.
func mark(text string, words []string) template.HTML {
	var b strings.Builder
	for len(text) > 0 {
		end := strings.IndexFunc(text, notWord)
		switch {
		case end == 0:
			end = strings.IndexFunc(text, func(c rune) bool { return !notWord(c) })
			if end < 0 {
				end = len(text)
			}
			b.WriteString(template.HTMLEscapeString(text[:end]))
		default:
			if end < 0 {
				end = len(text)
			}
			token := template.HTMLEscapeString(text[:end])
			if hasWord(text[:end], words) {
				token = "<mark>" + token + "</mark>"
			}
			b.WriteString(token)
		}
		text = text[end:]
	}
	return template.HTML(b.String())
}

// apiQuery is a search as an address of the API.
func (r *renderer) apiQuery(q dataset.Query, words []string) alternate {
	values := url.Values{"release": {r.Release.ID}, "q": {strings.Join(words, " ")}}
	return alternate{"application/json", r.text(q.Dataset.Title) + ": " + r.word("search.words"), r.file("/v1/" + q.Dataset.ID + "?" + encodeQuery(values))}
}
