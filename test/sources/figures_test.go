// SPDX-License-Identifier: EUPL-1.2

package sources

import (
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// claim is a row with a figure and the places that its locator names.
type claim struct {
	row
	dataset string
	unit    string
	text    document
	places  []span
}

// allClaims returns the rows with a figure, without the text of their sources.
func allClaims(t *testing.T) []claim {
	t.Helper()
	units := map[string]string{}
	for _, r := range rows(t, "indicators") {
		units[r["id"]] = r["unit"]
	}
	var out []claim
	for _, r := range rows(t, "observations") {
		out = append(out, claim{row: r, dataset: "observations", unit: units[r["indicator"]]})
	}
	for _, r := range rows(t, "ozg-service-counts") {
		out = append(out, claim{row: r, dataset: "ozg-service-counts", unit: "count"})
	}
	return out
}

// claims returns the rows with a figure from one of the documents.
func claims(t *testing.T) []claim {
	t.Helper()
	texts := documents(t)
	var out []claim
	for _, c := range allClaims(t) {
		if files[c.row["source"]] == nil {
			continue
		}
		c.text = texts[c.row["source"]]
		var err error
		if c.places, err = passages(c.row["source"], c.text, c.row["locator"]); err != nil {
			t.Errorf("%s: %v", c.row["id"], err)
		}
		out = append(out, c)
	}
	return out
}

// figures returns the positions of the figure in the places that the locator names: of
// an amount as reported, of the words that the figure derives from, or of the number.
func (c claim) figures() []span {
	var out []span
	for _, p := range c.places {
		if c.row["reported"] != "" {
			out = append(out, c.text.amounts(p, c.row["reported"])...)
		} else {
			out = append(out, c.text.figures(p, c.row["value"], c.unit, c.row["derivation"])...)
		}
	}
	return out
}

// amounts returns the positions of an amount that are not the end of a longer number.
func (d document) amounts(part span, words string) []span {
	return slices.DeleteFunc(d.phrases(part, words), func(s span) bool {
		return s.start > 0 && strings.ContainsRune("0123456789.,", rune(d.flat[s.start-1]))
	})
}

// TestFigures finds each figure, as a number or in words, in the place that its locator
// names.
func TestFigures(t *testing.T) {
	t.Parallel()
	checkFigures(t, claims(t), "figure")
}

func checkFigures(t *testing.T, all []claim, test string) {
	t.Helper()
	exceptions := readExceptions(t, test)
	for _, c := range all {
		holds := len(c.figures()) > 0
		if !exceptions.excuse(t, c, holds) && !holds {
			t.Errorf("%s: %s (%s) is not in %s, %s", c.row["id"], c.wording(), c.unit, c.row["source"], c.row["locator"])
		}
	}
	exceptions.unused(t)
}

// wording is what is sought in the document.
func (c claim) wording() string {
	switch {
	case c.row["reported"] != "":
		return c.row["reported"]
	case c.row["derivation"] != "":
		return c.row["value"] + " as " + c.row["derivation"]
	}
	return c.row["value"]
}

// reservations are the words directly before a figure, by qualifier. The first that
// matches counts.
var reservations = []struct {
	qualifier string
	words     *regexp.Regexp
}{
	{"just-over", regexp.MustCompile(`(?i)(?:(?:^|\P{L})gut|knapp über) $`)},
	{"about", regexp.MustCompile(`(?i)(?:rund|etwa|ca\.|circa|ungefähr|um die|about|around)(?: die| ein)? $`)},
	{"at-least", regexp.MustCompile(`(?i)(?:mindestens|wenigstens|at least) $`)},
	{"more-than", regexp.MustCompile(`(?i)(?:mehr als (?:ein )?|more than |über |oberhalb von |>)$`)},
	{"at-most", regexp.MustCompile(`(?i)(?:bis zu|höchstens|maximal|up to|TOP|innerhalb der ersten) $`)},
	{"nearly", regexp.MustCompile(`(?i)(?:fast|knapp|nahezu|annähernd|nearly|almost)(?: die)? $`)},
}

// The ends of a span “300 bis 500”; four digits are a year.
var (
	spanBegins = regexp.MustCompile(`^ bis (?:[0-9]{1,3}(?:[^0-9]|$)|[0-9]{5})`)
	spanEnds   = regexp.MustCompile(`[0-9] bis $`)
)

// qualifier is the reservation with which the text gives the figure.
func (c claim) qualifier(figure span) string {
	before := c.text.flat[max(0, figure.start-len("innerhalb der ersten ")):figure.start]
	for _, r := range reservations {
		if r.words.MatchString(before) {
			return r.qualifier
		}
	}
	switch {
	case spanBegins.MatchString(c.text.flat[figure.end:min(figure.end+10, len(c.text.flat))]):
		return "at-least"
	case spanEnds.MatchString(before):
		return "at-most"
	}
	return "exact"
}

// TestQualifiers finds each figure with the reservation, or the lack of one, that the
// row gives.
func TestQualifiers(t *testing.T) {
	t.Parallel()
	checkQualifiers(t, claims(t), "qualifier")
}

func checkQualifiers(t *testing.T, all []claim, test string) {
	t.Helper()
	exceptions := readExceptions(t, test)
	for _, c := range all {
		figures := c.figures()
		holds := len(figures) == 0 // checkFigures complains
		found := map[string]bool{}
		for _, f := range figures {
			found[c.qualifier(f)] = true
		}
		holds = holds || found[c.row["qualifier"]]
		if !exceptions.excuse(t, c, holds) && !holds {
			t.Errorf("%s: %s is not %s in %s, %s, but %s", c.row["id"], c.wording(), c.row["qualifier"], c.row["source"], c.row["locator"],
				strings.Join(slices.Sorted(maps.Keys(found)), " or "))
		}
	}
	exceptions.unused(t)
}

// amount is an amount of money as documents write it; the number may be in words.
var amount = regexp.MustCompile(`(?i)^(?:(ein|eine|einer|eine halbe|einer halben)|([\p{L}]+)|([0-9.]*[0-9])(?:,([0-9]+))?) (?:(mio\.?|million(?:en)?)|mrd\.?|milliarden?)(?: (?:euro|eur|€))?$`)

// TestReported compares amounts as reported with the value in euros.
func TestReported(t *testing.T) {
	t.Parallel()
	for _, c := range allClaims(t) {
		reported := c.row["reported"]
		if reported == "" {
			continue
		}
		if got, ok := euros(reported); !ok || c.unit != "eur" || got != c.row["value"] {
			t.Errorf("%s: %s is not %s %s, but %s", c.row["id"], reported, c.row["value"], c.unit, got)
		}
	}
}

// euros returns an amount as reported in euros.
func euros(reported string) (string, bool) {
	m := amount.FindStringSubmatch(reported)
	if m == nil {
		return "", false
	}
	number := strings.ReplaceAll(m[3], ".", "") + "." + m[4]
	switch {
	case strings.Contains(m[1], "halbe"):
		number = "0.5"
	case m[1] != "":
		number = "1"
	}
	for value, words := range numberWords {
		if slices.Contains(words, strings.ToLower(m[2])) {
			number = value
		}
	}
	scale := int64(1_000_000_000)
	if m[5] != "" {
		scale = 1_000_000
	}
	value, ok := new(big.Rat).SetString(number)
	if !ok {
		return "", false
	}
	return value.Mul(value, big.NewRat(scale, 1)).FloatString(0), true
}

func TestEuros(t *testing.T) {
	t.Parallel()
	for reported, want := range map[string]string{
		"1,6 Milliarden Euro": "1600000000", "53 Mio. Euro": "53000000", "7,72 Mio. EUR": "7720000", "599 Mio Euro": "599000000", "1.054 Millionen Euro": "1054000000",
		"eine halbe Milliarde": "500000000", "einer Milliarde Euro": "1000000000", "sieben Millionen €": "7000000", "50 Euro": "", "viele Millionen Euro": "",
	} {
		if got, ok := euros(reported); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v, want %q", reported, got, ok, want)
		}
	}
}

// TestLocators resolves the locators of the rows without a figure, and finds the wording
// of a goal's due date or start.
func TestLocators(t *testing.T) {
	t.Parallel()
	texts := documents(t)
	for _, dataset := range []string{"goals", "goal-status", "milestones"} {
		for _, r := range rows(t, dataset) {
			if files[r["source"]] == nil {
				continue
			}
			text := texts[r["source"]]
			places, err := passages(r["source"], text, r["locator"])
			if err != nil {
				t.Errorf("%s: %v", r["id"], err)
			}
			found := r["dueText"] == "" || err != nil
			for _, p := range places {
				found = found || len(text.phrases(p, r["dueText"])) > 0
			}
			if !found {
				t.Errorf("%s: the due date %q is not in %s, %s", r["id"], r["dueText"], r["source"], r["locator"])
			}
		}
	}
}

// TestWrongFigures counts the figures that would pass TestFigures if they were greater
// by one. Some small numbers and percentages are next to each other; if there were many,
// the places would be too large to prove anything.
func TestWrongFigures(t *testing.T) {
	t.Parallel()
	all := append(claims(t), laterClaims(t)...)
	var passed []string
	for _, c := range all {
		c.row = maps.Clone(c.row)
		if c.row["derivation"] != "" || c.row["reported"] != "" {
			continue // TestReported and the wordings leave no choice of value
		}
		c.row["value"] = increment(t, c.row["value"])
		if len(c.figures()) > 0 {
			passed = append(passed, c.row["id"])
		}
	}
	if len(passed) > len(all)/10 {
		t.Errorf("%d of %d wrong figures pass: %v", len(passed), len(all), passed)
	}
}

func increment(t *testing.T, value string) string {
	t.Helper()
	number, ok := new(big.Rat).SetString(value)
	if !ok {
		t.Fatalf("%q is not a number", value)
	}
	_, fraction, _ := strings.Cut(value, ".")
	return number.Add(number, big.NewRat(1, 1)).FloatString(len(fraction))
}
