package sources

import (
	"maps"
	"math/big"
	"regexp"
	"strings"
	"testing"
)

// claim is a row with a figure and the place that its locator names.
type claim struct {
	row
	unit   string
	text   document
	places []span
}

// claims returns the rows that give a figure.
func claims(t *testing.T) []claim {
	t.Helper()
	texts := documents(t)
	units := map[string]string{}
	for _, r := range rows(t, "indicators") {
		units[r["id"]] = r["unit"]
	}
	var out []claim
	add := func(r row, unit string) {
		c := claim{row: r, unit: unit, text: texts[r["source"]]}
		var err error
		if c.places, err = passages(r["source"], c.text, r["locator"]); err != nil {
			t.Errorf("%s: %v", r["id"], err)
		}
		out = append(out, c)
	}
	for _, r := range rows(t, "observations") {
		add(r, units[r["indicator"]])
	}
	for _, r := range rows(t, "ozg-service-counts") {
		add(r, "count")
	}
	return out
}

// figures returns the positions of the figure in the place that the locator names.
func (c claim) figures() []span {
	var out []span
	for _, p := range c.places {
		out = append(out, c.text.figures(p, c.row["value"], c.unit)...)
	}
	return out
}

// TestFigures finds each figure, as a numeral or in words, in the place that
// its locator names.
func TestFigures(t *testing.T) {
	t.Parallel()
	exceptions := readExceptions(t, "figure")
	for _, c := range claims(t) {
		holds := len(c.figures()) > 0
		if !exceptions.excuse(t, c, holds) && !holds {
			t.Errorf("%s: %s (%s) does not stand in %s, %s", c.row["id"], c.row["value"], c.unit, c.row["source"], c.row["locator"])
		}
	}
	exceptions.unused(t)
}

// reservations are the words directly before a figure, by qualifier.
var reservations = map[string]*regexp.Regexp{
	"about":     regexp.MustCompile(`(?i)(?:rund|etwa|ca\.|circa|ungefähr|um die)(?: die)? $`),
	"at-least":  regexp.MustCompile(`(?i)(?:mindestens|wenigstens) $`),
	"more-than": regexp.MustCompile(`(?i)(?:mehr als |über |oberhalb von |>)$`),
	"at-most":   regexp.MustCompile(`(?i)(?:bis zu|höchstens|maximal|TOP|innerhalb der ersten) $`),
	"nearly":    regexp.MustCompile(`(?i)(?:fast|knapp|nahezu|annähernd)(?: die)? $`),
	"just-over": regexp.MustCompile(`(?i)(?:^|\P{L})gut $`),
}

// The ends of a span «300 bis 500» of anything but years.
var (
	spanBegins = regexp.MustCompile(`^ bis [0-9]`)
	spanEnds   = regexp.MustCompile(`[0-9] bis $`)
)

// qualifier is the reservation with which the text gives the figure.
func (c claim) qualifier(figure span) string {
	before := c.text.flat[max(0, figure.start-len("innerhalb der ersten ")):figure.start]
	for name, words := range reservations {
		if words.MatchString(before) {
			return name
		}
	}
	switch {
	case c.unit == "calendar-year":
		return "exact"
	case spanBegins.MatchString(c.text.flat[figure.end:min(figure.end+10, len(c.text.flat))]):
		return "at-least"
	case spanEnds.MatchString(before):
		return "at-most"
	}
	return "exact"
}

// TestQualifiers finds each figure with the reservation, or the lack of one,
// that the row gives.
func TestQualifiers(t *testing.T) {
	t.Parallel()
	exceptions := readExceptions(t, "qualifier")
	for _, c := range claims(t) {
		figures := c.figures()
		holds := len(figures) == 0 // TestFigures complains
		for _, f := range figures {
			holds = holds || c.qualifier(f) == c.row["qualifier"]
		}
		if !exceptions.excuse(t, c, holds) && !holds {
			t.Errorf("%s: %s does not stand in %s, %s, as %s", c.row["id"], c.row["value"], c.row["source"], c.row["locator"], c.row["qualifier"])
		}
	}
	exceptions.unused(t)
}

// TestLocators resolves the locators of the rows without a figure, and finds
// the wording of a goal's due date.
func TestLocators(t *testing.T) {
	t.Parallel()
	texts := documents(t)
	for _, dataset := range []string{"goals", "milestones"} {
		for _, r := range rows(t, dataset) {
			text := texts[r["source"]]
			places, err := passages(r["source"], text, r["locator"])
			if err != nil {
				t.Errorf("%s: %v", r["id"], err)
			}
			found := r["dueText"] == ""
			for _, p := range places {
				found = found || len(text.phrases(p, r["dueText"])) > 0
			}
			if !found {
				t.Errorf("%s: the due date %q does not stand in %s, %s", r["id"], r["dueText"], r["source"], r["locator"])
			}
		}
	}
}

// TestWrongFigures counts the figures that would pass TestFigures if they were greater
// by one. Some small numbers and percentages are next to each other; if there were many,
// the places would be too large to prove anything.
func TestWrongFigures(t *testing.T) {
	t.Parallel()
	all := claims(t)
	var passed []string
	for _, c := range all {
		c.row = maps.Clone(c.row)
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
