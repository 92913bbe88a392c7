// Package suggest finds the allowed word that a mistyped one probably meant.
package suggest

import "strings"

// Nearest returns the candidate with the smallest edit distance to word,
// letter case aside, if it differs in at most a third of its letters (at least
// two may differ); otherwise the first that holds word as a part; otherwise the
// empty string. The first of equals wins.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", max(2, len(word)/3)+1
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	if best == "" && len(word) > 3 {
		best = holding(strings.ToLower(word), candidates)
	}
	return best
}

func holding(part string, candidates []string) string {
	for _, c := range candidates {
		if strings.Contains(strings.ToLower(c), part) {
			return c
		}
	}
	return ""
}

// distance is the Levenshtein distance in runes.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range s {
		diagonal := row[0]
		row[0] = i + 1
		for j := range t {
			cost := diagonal
			if s[i] != t[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(t)]
}
