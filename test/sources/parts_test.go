// SPDX-License-Identifier: EUPL-1.2

package sources

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// mark names a part and the words with which its first line begins. A part
// ends where the next begins.
type mark struct{ name, begins string }

// divide returns the named part between the marks of a text. The marks are in order, and
// each starts exactly one line.
func divide(d document, whole span, marks []mark, name string) (span, error) {
	starts := make([]int, 0, len(marks)+1)
	for _, m := range marks {
		found := d.lineBegins(whole, m.begins)
		if len(found) != 1 {
			return span{}, fmt.Errorf("part %s: %d lines begin with %q, want one", m.name, len(found), m.begins)
		}
		start := found[0]
		if len(starts) > 0 && start <= starts[len(starts)-1] {
			return span{}, fmt.Errorf("part %s: %q stands before the part that precedes it", m.name, m.begins)
		}
		starts = append(starts, start)
	}
	starts = append(starts, whole.end)
	for i, m := range marks {
		if m.name == name {
			return span{starts[i], starts[i+1]}, nil
		}
	}
	return span{}, fmt.Errorf("the document has no part %q", name)
}

// letterPart divides the letter with which the Vorlage begins from its report.
func letterPart(d document, name string) (span, error) {
	return divide(d, d.whole(), []mark{
		{"Anschreiben", "Der Minister"},
		{"Bericht", "## **Bericht der Landesregierung"},
	}, name)
}

// pagePart is the whole web page.
func pagePart(d document, name string) (span, error) {
	if name != "Text" {
		return span{}, fmt.Errorf("the page has no part %q", name)
	}
	return d.whole(), nil
}

// reportPart divides the report by the lines that number its chapters; the
// covering letter comes before them.
func reportPart(d document, name string) (span, error) {
	return divide(d, d.whole(), []mark{
		{"Begleitschreiben", "Sehr geehrter Herr Vorsitzender,"},
		{"1", "1. Ausgangssituation und Beratungsbericht des Landesrechnungshofs"},
		{"2", "2. Rahmenbedingungen der Digitalisierung der Landesverwaltung"},
		{"3", "3. Digitalisierung der Landesverwaltung mit Fokus auf interne Verwaltungsabläufe"},
		{"4", "4. Digitalisierung des Zugangs zu Verwaltungsleistungen für die Bevölkerung"},
		{"5", "5. Digitalisierung: ein dynamischer Prozess mit neuen Herausforderungen"},
		{"6", "6. Die digital transformierte Verwaltung als Ziel"},
	}, name)
}

// minutesPart divides the minutes into agenda items and annexes. The agenda at
// their head repeats the titles of the items, so that the search begins behind
// it, with the chairman's first words. Annex 1 is a letter of a parliamentary
// group, annex 2 the slides.
func minutesPart(d document, name string) (span, error) {
	begin := strings.Index(d.flat, "Vorsitzender Thorsten Schick weist darauf hin")
	if begin < 0 {
		return span{}, fmt.Errorf("the begin of the meeting is not found")
	}
	annex, slide, isSlide := strings.Cut(name, ", Folie ")
	part, err := divide(d, span{begin, len(d.flat)}, []mark{
		{"TOP 1", "1 Gesetz zur Stärkung der medienbruchfreien Digitalisierung"},
		{"TOP 2", "2 Gute Arbeit auf digitalen Plattformen"},
		{"TOP 3", "3 **Digitalen Verbraucherschutz konsequent ausbauen"},
		{"TOP 4", "4 Digitalstrategie 2.0"},
		{"TOP 5", "5 Fortschrittsbericht zum Aufbau eines Kommunal-CERT"},
		{"TOP 6", "6 Verschiedenes"},
		{"Anlage 1", "SPD-Fraktion im Landtag NRW, Platz des Landtags 1"},
		{"Anlage 2", "Digitalstrategie.NRW Digitalstrategie 2.0"},
	}, annex)
	if err != nil || !isSlide {
		return part, err
	}
	return slidePart(d, part, slide)
}

var slideBegins = regexp.MustCompile(`(?m)^Digitalstrategie\.NRW$`)

// slidePart returns a slide. Slides have no numbers; each starts with the name of the
// website. The title slide is the first.
func slidePart(d document, slides span, number string) (span, error) {
	begins := slideBegins.FindAllStringIndex(d.lines[slides.start:slides.end], -1)
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(begins) {
		return span{}, fmt.Errorf("there are %d slides, but no slide %s", len(begins), number)
	}
	end := slides.end
	if n < len(begins) {
		end = slides.start + begins[n][0]
	}
	return span{slides.start + begins[n-1][0], end}, nil
}
