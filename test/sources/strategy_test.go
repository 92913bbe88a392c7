// SPDX-License-Identifier: EUPL-1.2

package sources

import (
	"fmt"
	"regexp"
)

// The running heads of the strategy (“3.1 Bilanz: …”, “4. Bildung und …”) are in the text
// of the PDF where the page put them: often after the text that they head, within a
// sentence, or again on every page. They therefore mark no division. A chapter starts
// with its first sentence, the account of what was done (N.1) with the sentence that
// introduces it, and the next steps with their first words. A bare number is the
// chapter's introduction, which ends where N.1 starts; chapters without sections are one
// part. The next steps are N.2, and in chapter 10, as the document has it, 10.3.
var strategyChapters = []mark{
	{"Vorwort", "Vorwort"},
	{"1", "Mit technologischen Umbrüchen kennt sich"},
	{"2", "2. Vision für das digitale Nordrhein-Westfalen"},
	{"3", "Nordrhein-Westfalen ist einer der stärksten Wirtschaftsstandorte"},
	{"4", "Digitale Kompetenzen bilden die Basis für die Demokratiefähigkeit"},
	{"5", "Mobil zu sein, nicht an einen Ort gebunden zu sein"},
	{"6", "Die Digitalisierung im Gesundheitswesen besser"},
	{"7", "Die Energieversorgung befindet sich in einem"},
	{"8", "Die öffentliche Verwaltung ist Dienstleister für die"},
	{"9", "Unsere Hochschulen und Forschungseinrichtungen"},
	{"10", "Die digitale Infrastruktur ist zentrale Voraussetzung"},
	{"11", "Viele Autofahrerinnen und Autofahrer nutzen"},
	{"12", "Die digitale Zukunft können wir"},
}

// strategySections are the first words of the two sections in their chapters.
var strategySections = map[string][2]string{
	"3":  {"Im Rahmen der Digitalstrategie hat das Land", "Im Rahmen der Digitalstrategie arbeitet das Land"},
	"4":  {"(1) Frühkindliche Bildung:", "(1) Schulische Bildung"},
	"5":  {"Im Rahmen der Digitalstrategie hat das Land", "Viele Projekte, die im Rahmen der ersten Digitalstrategie"},
	"6":  {"Im Rahmen der Digitalstrategie hat das Land", "(1) Innovationen und Datenanalyse"},
	"7":  {"Im Rahmen der Digitalstrategie hat das Land", "Der Informations- und Diskussionsbedarf"},
	"8":  {"Im Rahmen der Digitalstrategie hat das Land", "Trotz der erreichten Ergebnisse"},
	"9":  {"Zur Flankierung des Ausbaus der Digitalisierung", "(1) Wissenschaftliche Kompetenz: Netzwerke und Kooperationen stärken Bund und Sitzländer"},
	"10": {"Im Rahmen der Digitalstrategie hat das Land", "(1) Gigabit-Netze für alle Bürgerinnen und Bürger Die Landesregierung wird"},
	"11": {"Im Rahmen der Digitalstrategie hat das Land", "(1) Sensibilisierung und Schutz der Verbraucher Bei der konkreten"},
}

var strategyLocator = regexp.MustCompile(`^(Vorwort|\d+)(?:\.(\d))?(?: \((\d+)\))?(?: ([a-z]))?$`)

// strategyPart finds a chapter, a section (3.1), a theme of it (3.1 (2)) or a
// lettered item (3.1 (2) c). Themes and letters start a line and are counted; one ends
// where the next starts.
func strategyPart(d document, name string) (span, error) {
	m := strategyLocator.FindStringSubmatch(name)
	if m == nil {
		return span{}, fmt.Errorf("the strategy has no part %q", name)
	}
	part, err := divide(d, d.whole(), strategyChapters, m[1])
	if err == nil {
		part, err = strategySection(d, part, m[1], m[2])
	}
	if err == nil && m[3] != "" {
		part, err = countedPart(d, part, m[3], func(n int) string { return fmt.Sprintf("(%d) ", n) })
	}
	if err == nil && m[4] != "" {
		number := fmt.Sprint(m[4][0] - 'a' + 1)
		part, err = countedPart(d, part, number, func(n int) string { return fmt.Sprintf("%c. ", 'a'+n-1) })
	}
	return part, err
}

// strategySection finds section 1 or 2 of a chapter, or its introduction.
func strategySection(d document, chapter span, number, section string) (span, error) {
	begins, ok := strategySections[number]
	if !ok && section == "" {
		return chapter, nil
	}
	if !ok {
		return span{}, fmt.Errorf("chapter %s has no sections", number)
	}
	if section == "" {
		first, err := strategySection(d, chapter, number, "1")
		return span{chapter.start, first.start}, err
	}
	next := "2"
	if number == "10" {
		next = "3"
	}
	return divide(d, chapter, []mark{{"1", begins[0]}, {next, begins[1]}}, section)
}

// countedPart finds the part with a number by counting the signs at the begin
// of lines: the second is sought behind the first.
func countedPart(d document, part span, number string, sign func(int) string) (span, error) {
	for n := 1; ; n++ {
		begins := d.lineBegins(part, sign(n))
		if len(begins) == 0 {
			return span{}, fmt.Errorf("%q does not occur in its order", sign(n))
		}
		part.start = begins[0]
		if fmt.Sprint(n) != number {
			continue
		}
		if next := d.lineBegins(part, sign(n+1)); len(next) > 0 {
			part.end = next[0]
		}
		return part, nil
	}
}
