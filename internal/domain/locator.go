// SPDX-License-Identifier: EUPL-1.2

package domain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// LocatorRule describes what CheckLocator accepts.
const LocatorRule = "a locator has parts separated by a comma and a space: sections (8.2, 8.2 (1) c), words of the codelist locator-part " +
	"with or without a number (Seite 3, Vorwort), and last perhaps a quotation („…“)"

// LocatorError describes the part of a locator that breaks the rule.
type LocatorError struct {
	// Part is the wrong part, Rule is what is wrong with it.
	Part, Rule string
}

// Error returns the part and what is wrong with it.
func (e *LocatorError) Error() string { return fmt.Sprintf("its part %q %s", e.Part, e.Rule) }

var (
	section       = regexp.MustCompile(`^[1-9][0-9]*(\.[1-9][0-9]*)*( \([1-9][0-9]*\))?( [a-z])?$`)
	partNumber    = regexp.MustCompile(`^(.+) [1-9][0-9]*[a-z]?([-–][1-9][0-9]*[a-z]?)?$`)
	openQuotation = regexp.MustCompile(`(^|, )([„»«“”"‚›‹‘])`)
)

// closing are the marks that close a quotation, by the mark that opens it.
var closing = map[string]string{
	"„": "“”", "»": "«", "«": "»", "“": "”", "”": "”", `"`: `"`, "‚": "‘’", "›": "‹", "‹": "›", "‘": "’",
}

// CheckLocator returns a *LocatorError if the text does not name a place in a document,
// as in "8.2 (1) c", "Anlage 2, Folie 8" or "4, „Ausblick“". Words are the allowed names
// of parts. A quotation comes last, because it may contain anything but its own marks.
func CheckLocator(text string, words []string) error {
	places := text
	if at := openQuotation.FindStringSubmatchIndex(text); at != nil {
		quotation := text[at[4]:]
		open := text[at[4]:at[5]]
		inner := strings.TrimPrefix(quotation, open)
		end := strings.IndexAny(inner, closing[open])
		if end < 1 || strings.TrimSpace(inner[:end]) == "" || utf8.RuneCountInString(inner[end:]) != 1 || open != closing[open] && strings.Contains(inner, open) {
			return &LocatorError{quotation, "is not one quotation: it must end with the mark that closes it, which must not occur before; write marks within it as ‚…‘"}
		}
		if at[4] == 0 {
			return nil
		}
		places = text[:at[0]]
	}
	for part := range strings.SplitSeq(places, ", ") {
		word := part
		if m := partNumber.FindStringSubmatch(part); m != nil {
			word = m[1]
		}
		if !section.MatchString(part) && !slices.Contains(words, word) {
			return &LocatorError{part, "is neither a section nor a word of the codelist locator-part with or without a number"}
		}
	}
	return nil
}
