// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"slices"
	"strings"
	"unicode"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// question is what a reader asks in a search: the words that rows must have, and what the
// others say about the rows.
type question struct {
	terms []term
	// leftOut are the other words, as typed.
	leftOut []string
	// kind is the dataset whose rows come first, nil if none does.
	kind *dataset.Dataset
	// lists are the lists that the words ask for.
	lists []askedList
}

// term is a word to search for, as typed without punctuation around it, and folded.
type term struct{ typed, word string }

func wordsOf(terms []term) []string {
	var out []string
	for _, t := range terms {
		out = append(out, t.word)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ask returns what a text consisting of the words (dataset.ParseWords) asks. Words that
// say what is wanted are searched for only if there are no others.
func (s *synonyms) ask(text string, words []string) question {
	const (
		filler = iota
		telling
		content
	)
	var q question
	var asking []string
	q.lists, asking = s.answersTo(words)
	type part struct {
		term
		role int
		cut  string // of a compound
	}
	var parts []part
	searched := filler
	for _, typed := range strings.FieldsFunc(text, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }) {
		folded, err := dataset.ParseWords(typed)
		if err != nil {
			continue // what is not allowed was refused with the whole text
		}
		for _, word := range folded {
			p := part{term: term{domain.TrimPunctuation(typed), word}}
			if domain.Fold(p.typed) != strings.TrimPrefix(word, dataset.Anywhere) {
				p.typed = word // folding makes several words, or digits, of some characters
			}
			kind := s.kind(word)
			switch {
			case !slices.Contains(words, word): // punctuation
				continue
			case kind != nil || slices.Contains(asking, word):
				p.role = telling
			case !s.fills(word):
				p.role = content
				p.term, p.cut, kind = s.cutKind(p.term)
			}
			if q.kind == nil {
				q.kind = kind
			}
			searched = max(searched, p.role)
			parts = append(parts, p)
		}
	}
	for _, p := range parts {
		if p.role == searched {
			q.terms = append(q.terms, p.term)
		} else {
			p.cut = p.typed
		}
		if p.cut != "" && !slices.Contains(q.leftOut, p.cut) {
			q.leftOut = append(q.leftOut, p.cut)
		}
	}
	return q
}

// cutKind cuts the part of a compound with hyphens that asks for a kind of rows: 5G-Ziel
// is about 5G. The kind is nil if there is none.
func (s *synonyms) cutKind(t term) (rest term, cut string, kind *dataset.Dataset) {
	typed, words := strings.FieldsFunc(t.typed, isHyphen), strings.Split(t.word, "-")
	if len(typed) != len(words) || len(words) < 2 {
		return t, "", nil
	}
	for i, word := range words {
		if kind := s.kind(word); kind != nil {
			cut = typed[i]
			return term{strings.Join(slices.Delete(typed, i, i+1), "-"), strings.Join(slices.Delete(words, i, i+1), "-")}, cut, kind
		}
	}
	return t, "", nil
}

// isHyphen reports whether a search takes a character for a hyphen (domain.Fold).
func isHyphen(c rune) bool { return c == '-' || c == '\u2010' || c == '\u2011' }

// widen returns the terms that find more than a term does: the parts of a compound, without
// their endings. It returns the term if there are none.
func (s *synonyms) widen(t term) []term {
	if strings.HasPrefix(t.word, dataset.Anywhere) {
		return []term{t}
	}
	var out []term
	for _, part := range strings.FieldsFunc(t.typed, isHyphen) {
		for _, typed := range s.compound(part) {
			word := domain.Fold(typed)
			if s.kind(word) != nil {
				continue
			}
			if !s.known(word) {
				typed = stem(typed)
			}
			if word = domain.TrimPunctuation(domain.Fold(typed)); word != "" {
				out = append(out, term{typed, word})
			}
		}
	}
	if len(out) == 0 {
		return []term{t}
	}
	return out
}

// compound returns the two words that a word consists of, if both are known, else the word.
func (s *synonyms) compound(typed string) []string {
	for i := range typed {
		first, second := domain.Fold(typed[:i]), domain.Fold(typed[i:])
		if s.known(first) && (s.known(second) || s.kind(second) != nil) {
			return []string{typed[:i], typed[i:]}
		}
	}
	return []string{typed}
}

// stem returns a German word without its ending: a search finds digitalen by digital. Short
// words are left as they are, because too much begins with what would remain.
func stem(word string) string {
	if len([]rune(word)) < 6 {
		return word
	}
	for _, ending := range []string{"en", "er", "es", "em", "e", "s"} {
		if strings.HasSuffix(word, ending) {
			return strings.TrimSuffix(word, ending)
		}
	}
	return word
}
