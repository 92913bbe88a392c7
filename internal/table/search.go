// SPDX-License-Identifier: EUPL-1.2

package table

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// Related are the tables of other datasets of the same release by their id, as far as
// the query needs them (dataset.Query.Related).
type Related map[string]*Table

// rank says how well a row matches a word: where the word is and, within a place, whether
// it is a word there or the beginning of one. Rows with lower ranks come first.
type rank uint8

// The places of words, each followed by the rank of their beginnings.
const (
	inTitle   rank = 2 * iota // the identifier or the title of the row
	inSubject                 // the identifier or the title of a row it refers to
	inText                    // any other text
	inSource                  // the identifier or the title of its source
	ranks
)

// hit holds for a row whose cell in the column is in the set: the word is found there.
type hit struct {
	alternative
	rank rank
}

// search returns where each word of the query is found, the best ranks first. It reads all
// distinct texts once for each word. The error is the context's.
func (t *Table) search(ctx context.Context, q dataset.Query, related Related) ([][]hit, error) {
	out := make([][]hit, len(q.Words))
	for i, word := range q.Words {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		word, anywhere := strings.CutPrefix(word, dataset.Anywhere)
		for n, of := range t.dataset.Columns {
			if !of.Searched() {
				continue
			}
			c, place := &t.columns[n], placeOf(n, of)
			var found []matches
			if of.Of != dataset.Sources.ID { // the words and years in their identifiers are not the row's
				found = append(found, c.holding(word, anywhere))
			}
			if other := related[of.Of]; other != nil && of.Type == dataset.Reference {
				found = append(found, c.naming(other.titled(word, anywhere)))
			}
			for _, m := range found {
				for beginning, s := range m {
					if s.high > s.low {
						out[i] = append(out[i], hit{alternative{c, s}, place + rank(beginning)})
					}
				}
			}
		}
		slices.SortStableFunc(out[i], func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	}
	return out, nil
}

func placeOf(n int, of dataset.Column) rank {
	switch {
	case n == 0, of.Name == "title", of.Name == "titleEn":
		return inTitle
	case of.Type == dataset.String, of.Type == dataset.Period:
		return inText
	case of.Of == dataset.Sources.ID:
		return inSource
	}
	return inSubject
}

// matches are the cells that have a word, and those that only have it within one: at its
// beginning, or anywhere if that was asked for.
type matches [2]set

// titled returns the identifiers of the rows whose title has the word; the value reports
// whether the title has it only within another word.
func (t *Table) titled(word string, anywhere bool) map[string]bool {
	ids := map[string]bool{}
	for n, of := range t.dataset.Columns {
		if of.Name != "title" && of.Name != "titleEn" {
			continue
		}
		c := &t.columns[n]
		found := c.holding(word, anywhere)
		if found[0].high+found[1].high == 0 {
			continue
		}
		for row := range t.rows {
			code := c.codes.at(row)
			whole, within := found[0].has(code), found[1].has(code)
			if !whole && !within {
				continue
			}
			id := string(t.Cell(row, 0))
			if known, ok := ids[id]; !ok || known {
				ids[id] = !whole
			}
		}
	}
	return ids
}

// naming returns the cells that are one of the identifiers.
func (c *column) naming(ids map[string]bool) (m matches) {
	if len(ids) == 0 {
		return m
	}
	for code := range c.ends {
		if within, ok := ids[string(c.cell(uint32(code)))]; ok {
			m.add(within, uint32(code), len(c.ends))
		}
	}
	return m
}

func (m *matches) add(within bool, code uint32, of int) {
	if within {
		m[1].add(code, of)
	} else {
		m[0].add(code, of)
	}
}

// holding returns the cells that have the word. All cells are searched as one text;
// matches across cells are skipped.
func (c *column) holding(word string, anywhere bool) (m matches) {
	text, ends := c.text, c.ends
	if c.folded != nil {
		text, ends = c.folded, c.foldedEnds
	}
	for at, code := 0, 0; ; {
		i := bytes.Index(text[at:], []byte(word))
		if i < 0 {
			return m
		}
		code += endBeyond(ends[code:], at+i)
		at = int(ends[code])
		if found, whole := domain.FindWord(slice(text, ends, uint32(code)), word, anywhere); found {
			m.add(!whole, uint32(code), len(ends))
		}
	}
}

// endBeyond returns the index of the first end beyond a position, most likely a near one.
func endBeyond(ends []uint32, at int) int {
	step := 1
	for step < len(ends) && int(ends[step-1]) <= at {
		step *= 2
	}
	from, to := step/2, min(step, len(ends))
	return from + sort.Search(to-from, func(i int) bool { return int(ends[from+i]) > at })
}

// ranked fills the page with the rows found in the order of their ranks: the rank of a
// row is the worst of its words, and the rank of a word is its best one.
func (t *Table) ranked(ctx context.Context, q dataset.Query, words [][]hit, p *Page) error {
	rankOf := func(row uint32) (worst rank) {
		for _, hits := range words {
			for i := range hits {
				if h := &hits[i]; h.set.has(h.column.codes.at(int(row))) {
					worst = max(worst, h.rank)
					break
				}
			}
		}
		return worst
	}
	first, skip := rank(0), uint32(0)
	if q.After > int64(t.rows) {
		first = ranks
	} else if q.After > 0 {
		skip = uint32(q.After)
		first = rankOf(skip - 1)
	}
	var byRank [ranks][]uint32
	looked := 0
	err := p.found.each(0, func(row uint32) error {
		if looked++; looked%rowsPerLook == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		at := rankOf(row)
		later := at > first || at == first && row >= skip
		if later && (q.Limit == 0 || len(byRank[at]) <= q.Limit) {
			byRank[at] = append(byRank[at], row)
		}
		return nil
	})
	p.listed = []uint32{}
	for _, rows := range byRank {
		p.listed = append(p.listed, rows...)
		p.ranks = append(p.ranks, len(p.listed))
	}
	if q.Limit > 0 {
		p.cut(q)
	}
	return err
}

// Rank returns how well the row of a search matches that is number i on the page: the
// lower, the better, and comparable between datasets.
func (p *Page) Rank(i int) int {
	return sort.Search(len(p.ranks), func(r int) bool { return p.ranks[r] > i })
}

// RankTexts ranks something that is not a row, by its titles and other texts, as a search
// ranks rows. It reports false if they lack a word.
func RankTexts(words, titles, texts []string) (worst int, ok bool) {
	for _, word := range words {
		word, anywhere := strings.CutPrefix(word, dataset.Anywhere)
		best := ranks
		for place, in := range map[rank][]string{inTitle: titles, inText: texts} {
			for _, text := range in {
				if found, whole := domain.FindWord([]byte(domain.Searchable(text)), word, anywhere); whole {
					best = min(best, place)
				} else if found {
					best = min(best, place+1)
				}
			}
		}
		if best == ranks {
			return 0, false
		}
		worst = max(worst, int(best))
	}
	return worst, true
}
