// SPDX-License-Identifier: EUPL-1.2

package site

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/zielstand/zielstand/internal/domain"
)

//go:embed synonyms.yaml
var synonymFile []byte

// synonyms are the words of readers: those that mean the same, and those that ask for a
// list. All words are folded.
type synonyms struct {
	Groups  [][]string `yaml:"groups"`
	Answers []struct {
		Name    string   `yaml:"name"`
		Words   []string `yaml:"words"`
		Path    string   `yaml:"path"`
		Filters []string `yaml:"filters"`
	} `yaml:"answers"`
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
	for _, g := range s.Groups {
		fold(g)
	}
	for _, a := range s.Answers {
		fold(a.Words)
	}
	return s, nil
}

// asks reports whether a word asks for a list.
func (s *synonyms) asks(word string) bool {
	for _, a := range s.Answers {
		if slices.Contains(a.Words, word) {
			return true
		}
	}
	return false
}

// alternatives returns a word, followed by those that mean the same.
func (s *synonyms) alternatives(word string) []string {
	out := []string{word}
	for _, g := range s.Groups {
		if !slices.Contains(g, word) {
			continue
		}
		for _, other := range g {
			// A word finds those that begin with it by itself.
			if found, _ := domain.FindWord([]byte(other), word, false); !found && !slices.Contains(out, other) {
				out = append(out, other)
			}
		}
	}
	return out
}

// combinations returns what to search for: one word of each position, all of which a row
// must have. The words as given come first.
func (s *synonyms) combinations(words []string) [][]string {
	out := [][]string{{}}
	for _, w := range words {
		var next [][]string
		for _, a := range s.alternatives(w) {
			for _, before := range out {
				next = append(next, append(slices.Clone(before), strings.Fields(a)...))
			}
		}
		out = next[:min(len(next), max(1, maxSought/len(words)))]
	}
	for i := range out {
		slices.Sort(out[i])
		out[i] = slices.Compact(out[i])
	}
	return out
}
