// SPDX-License-Identifier: EUPL-1.2

package site

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

//go:embed synonyms.yaml
var synonymFile []byte

// synonyms are the words of readers: those that mean the same, and those that say what they
// look for. All words are folded.
type synonyms struct {
	Fillers map[string][]string `yaml:"fillers"`
	Kinds   []struct {
		Dataset string   `yaml:"dataset"`
		Page    string   `yaml:"page"`
		Words   []string `yaml:"words"`
	} `yaml:"kinds"`
	Pages []struct {
		Page  string   `yaml:"page"`
		Words []string `yaml:"words"`
	} `yaml:"pages"`
	Groups  [][]string  `yaml:"groups"`
	Answers []askedList `yaml:"answers"`
}

// askedList is a list that words ask for.
type askedList struct {
	Name    string   `yaml:"name"`
	Words   []string `yaml:"words"`
	Path    string   `yaml:"path"`
	Filters []string `yaml:"filters"`
}

func loadSynonyms() (*synonyms, error) {
	s := &synonyms{}
	if err := yaml.Unmarshal(synonymFile, s); err != nil {
		return nil, fmt.Errorf("synonyms.yaml: %w", err)
	}
	fold := func(words []string) {
		for i := range words {
			words[i] = domain.Fold(words[i])
		}
	}
	for _, words := range s.Fillers {
		fold(words)
	}
	for _, k := range s.Kinds {
		fold(k.Words)
	}
	for _, p := range s.Pages {
		fold(p.Words)
	}
	for _, g := range s.Groups {
		fold(g)
	}
	for _, a := range s.Answers {
		fold(a.Words)
	}
	return s, nil
}

// fills reports whether a word only turns others into a question, in any language:
// readers use German words on English pages, too.
func (s *synonyms) fills(word string) bool {
	for _, words := range s.Fillers {
		if slices.Contains(words, word) {
			return true
		}
	}
	return false
}

// kind returns the dataset whose rows a word asks for, nil if it does not.
func (s *synonyms) kind(word string) *dataset.Dataset {
	for _, k := range s.Kinds {
		if slices.Contains(k.Words, word) {
			return dataset.ByID(k.Dataset)
		}
	}
	return nil
}

// answersTo returns the lists that the words ask for, and those of the words that do.
func (s *synonyms) answersTo(words []string) (lists []askedList, asking []string) {
	for _, a := range s.Answers {
		asks := false
		for _, entry := range a.Words {
			given := saying(entry, words)
			if len(given) > 0 && !slices.ContainsFunc(given, func(w string) bool { return slices.Contains(asking, w) }) {
				asks, asking = true, append(asking, given...)
			}
		}
		if asks {
			lists = append(lists, a)
		}
	}
	return lists, asking
}

// saying returns those of the words that are in an entry, regardless of their endings, or
// nil unless all words of the entry are there.
func saying(entry string, words []string) []string {
	var out []string
	for of := range strings.FieldsSeq(entry) {
		i := slices.IndexFunc(words, func(w string) bool { return w == of || stem(w) == stem(of) })
		if i < 0 {
			return nil
		}
		out = append(out, words[i])
	}
	return out
}

// pagesOn returns the patterns of the pages that are about all of the words.
func (s *synonyms) pagesOn(words []string) []string {
	about := func(entries []string) bool {
		var covered []string
		for _, entry := range entries {
			covered = append(covered, saying(entry, words)...)
		}
		return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(covered, w) })
	}
	var out []string
	for _, k := range s.Kinds {
		if about(k.Words) {
			out = append(out, k.Page)
		}
	}
	for _, p := range s.Pages {
		if about(p.Words) {
			out = append(out, p.Page)
		}
	}
	return out
}

// alternatives returns a word, followed by those that mean the same.
func (s *synonyms) alternatives(word string) []string {
	out := []string{word}
	for _, g := range s.Groups {
		if !slices.Contains(g, word) {
			continue
		}
		for _, other := range g {
			// A word already finds those that begin with it.
			if found, _ := domain.FindWord([]byte(other), word, false); !found && !slices.Contains(out, other) {
				out = append(out, other)
			}
		}
	}
	return out
}

// known reports whether a word is in a group.
func (s *synonyms) known(word string) bool {
	return slices.ContainsFunc(s.Groups, func(g []string) bool { return slices.Contains(g, word) })
}

// combinations returns what to search for: one word of each position, all of which a row
// must have. The words as given come first; others follow as long as all have no more
// words than most.
func (s *synonyms) combinations(words []string, most int) [][]string {
	out := [][]string{{}}
	for _, w := range words {
		var next [][]string
		for _, a := range s.alternatives(w) {
			for _, before := range out {
				next = append(next, append(slices.Clone(before), strings.Fields(a)...))
			}
		}
		out = next[:min(len(next), max(1, most/len(words)))]
	}
	for i := range out {
		slices.Sort(out[i])
		out[i] = slices.Compact(out[i])
	}
	return out
}
