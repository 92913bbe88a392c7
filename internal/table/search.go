package table

import (
	"bytes"
	"context"
	"sort"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// Related are the tables of other datasets of the same release by their id, as far as
// the query needs them (dataset.Query.Related).
type Related map[string]*Table

// place is where a word was found; rows with better places come first.
type place uint8

const (
	inTitle   place = iota // the identifier or the title of the row
	inSubject              // the identifier or the title of a row it refers to
	inText                 // any other text
	inSource               // the identifier or the title of its source
	places
)

// hit holds for a row whose cell in the column is in the set: the word is found there.
type hit struct {
	alternative
	place place
}

// search returns where each word of the query is found, the best places first.
func (t *Table) search(words []string, related Related) [][]hit {
	out := make([][]hit, len(words))
	for i, word := range words {
		word, anywhere := strings.CutPrefix(word, dataset.Anywhere)
		for p := range places {
			for n, of := range t.dataset.Columns {
				if !of.Searched() || placeOf(n, of) != p {
					continue
				}
				c := &t.columns[n]
				sets := []set{c.holding(word, anywhere)}
				if other := related[of.Of]; other != nil && of.Type == dataset.Reference {
					sets = append(sets, c.naming(other.titled(word, anywhere)))
				}
				for _, s := range sets {
					if s.high > s.low {
						out[i] = append(out[i], hit{alternative{c, s}, p})
					}
				}
			}
		}
	}
	return out
}

func placeOf(n int, of dataset.Column) place {
	switch {
	case n == 0, of.Name == "title", of.Name == "titleEn":
		return inTitle
	case of.Type == dataset.String:
		return inText
	case of.Of == dataset.Sources.ID:
		return inSource
	}
	return inSubject
}

// titled returns the identifiers of the rows whose title has the word.
func (t *Table) titled(word string, anywhere bool) map[string]bool {
	ids := map[string]bool{}
	for n, of := range t.dataset.Columns {
		if of.Name != "title" && of.Name != "titleEn" {
			continue
		}
		c := &t.columns[n]
		found := c.holding(word, anywhere)
		if found.high == found.low {
			continue
		}
		for row := range t.rows {
			if found.has(c.codes.at(row)) {
				ids[string(t.Cell(row, 0))] = true
			}
		}
	}
	return ids
}

// naming returns the cells that are one of the identifiers.
func (c *column) naming(ids map[string]bool) (s set) {
	if len(ids) == 0 {
		return s
	}
	for code := range c.ends {
		if ids[string(c.cell(uint32(code)))] {
			s.add(uint32(code), len(c.ends))
		}
	}
	return s
}

// holding returns the cells that have the word, at the beginning of a word or anywhere.
// All cells are searched as one text; matches across cells are skipped.
func (c *column) holding(word string, anywhere bool) (s set) {
	text, ends := c.text, c.ends
	if c.folded != nil {
		text, ends = c.folded, c.foldedEnds
	}
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(word))
		if i < 0 {
			return s
		}
		at += i
		code := sort.Search(len(ends), func(code int) bool { return int(ends[code]) > at })
		cell := slice(text, ends, uint32(code))
		at = int(ends[code])
		if domain.HasWord(cell, word, anywhere) {
			s.add(uint32(code), len(ends))
		}
	}
}

// ranked fills the page with the rows found in the order of where the words stand: the
// worst place of a row's words counts, and that of a word is its best one.
func (t *Table) ranked(ctx context.Context, q dataset.Query, words [][]hit, p *Page) error {
	var byPlace [places][]uint32
	placeOf := func(row uint32) (worst place) {
		for _, hits := range words {
			for i := range hits {
				if h := &hits[i]; h.set.has(h.column.codes.at(int(row))) {
					worst = max(worst, h.place)
					break
				}
			}
		}
		return worst
	}
	first, skip := place(0), uint32(0)
	if q.After != nil && q.After.Ordinal <= int64(t.rows) {
		skip = uint32(q.After.Ordinal)
		first = placeOf(skip - 1)
	} else if q.After != nil {
		first = places
	}
	looked := 0
	err := p.found.each(0, func(row uint32) error {
		if looked++; looked%rowsPerLook == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		at := placeOf(row)
		if at > first || at == first && row >= skip {
			byPlace[at] = append(byPlace[at], row)
		}
		return nil
	})
	p.listed = make([]uint32, 0, p.Total)
	for _, rows := range byPlace {
		p.listed = append(p.listed, rows...)
	}
	if q.Limit > 0 {
		p.cut(q)
	}
	return err
}
