// SPDX-License-Identifier: EUPL-1.2

package sources

import (
	"strings"
	"testing"
)

// TestSpellings reads figures as the documents write them, and does not mistake other
// numbers for them.
func TestSpellings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ value, unit, derivation, text, want string }{
		{"75000", "persons", "", "Mindestens 75.000 Menschen", "75.000"},
		{"3500", "count", "", "rund 3500 Stellen", "3500"},
		{"500", "count", "", "weitere 3.500 Stellen", ""},
		{"3", "count", "", "weitere 3.500 Stellen", ""},
		{"96.75", "percent", "", "zu 96,75 Prozent", "96,75 Prozent"},
		{"75", "percent", "", "zu 96,75 Prozent", ""},
		{"16", "percent", "", "um 16%1 und", "16%"},
		{"161", "percent", "", "um 16%1 und", ""},
		{"60", "percent", "", "60 Behörden", ""},
		{"18000000", "persons", "", "18 Millionen Menschen", "18 Millionen"},
		{"1200000", "persons", "", "bis zu 1,2 Millionen Menschen", "1,2 Millionen"},
		{"1000000", "persons", "", "auf eine Million Nutzer", "eine Million"},
		{"12", "count", "", "aller zwölf Universitäten", "zwölf"},
		{"3", "count", "", "bei dreien hiervon", "dreien"},
		{"3", "count", "", "ein dreistufiges Modell", "dreistufiges"},
		{"6", "weeks", "", "eine sechswöchige Frist", "sechswöchige"},
		{"1", "count", "", "ein Haus, eine Straße", ""},
		{"7", "factor", "", "sieben Mal so viel", "sieben"},
		{"7", "factor", "", "mehr als siebenmal so viele", "siebenmal"},
		{"2", "factor", "multiple", "soll sich verdoppeln.", "verdoppeln"},
		{"2", "third", "", "Über zwei Drittel der Menschen", "zwei Drittel"},
		{"75", "percent", "three-quarters", "fast Dreiviertel der Leistungen", "Dreiviertel"},
		{"50", "percent", "half", "annähernd die Hälfte", "Hälfte"},
		{"100", "percent", "all", "an jeder Schule", "jeder"},
		{"100", "percent", "all", "das Hundertprozentziel", "Hundertprozentziel"},
		{"100", "percent", "all", "vor allem", ""},
		{"0", "count", "", "keine Stellen", "keine"},
		{"2.5", "years", "", "in zweieinhalb Jahren", "zweieinhalb"},
		{"44", "count", "", "die 44 „alten“ Ziele", "44"},
		{"41", "count", "", "Kommunen 41*", "41"},
		{"97", "count", "", "Nordrhein-Westfalen 2.097", ""},
		{"113", "count", "", "Nordrhein-Westfalen 2.0113", ""},
		{"2", "count", "", "Digitalstrategie 2.0", ""},
		{"5", "count", "", "der 5G-Ausbau", ""},
		{"100", "count", "", "das Projekt „100xWLAN“", ""},
		{"2", "count", "", "(2) Hochschulbildung", ""},
		{"113", "count", "", "(113 Einzelleistungen)", "113"},
		{"3", "count", "", "im 3. Quartal", ""},
		{"30", "count", "", "bis zum 30. September", ""},
		{"12", "count", "", "Abbildung 12: Stand", ""},
		{"25", "count", "", "§ 25 EGovG", ""},
		{"1", "rank", "", "den 1. Platz", "1"},
		{"440000", "eur", "", "gegen 440.000 Euro", "440.000 Euro"},
		{"440000", "eur", "", "an 440.000 Orten", ""},
		{"13000", "persons", "", "Mehr als 13 000 Nutzende", "13 000"},
		{"5000000", "count", "", "mehr als fünf Millionen Aufrufe", "fünf Millionen"},
		{"100", "percent", "", "an jeder Schule", ""},
		{"25", "percent", "quarter", "etwa ein Viertel der Haushalte", "Viertel"},
		{"0", "count", "zero", "bisher kein einziges Ziel", "kein"},
		{"1", "rank", "first-place", "bundesweit Spitzenreiter", "Spitzenreiter"},
		{"6", "count", "counted", "sechs Behörden", ""},
	} {
		t.Run(test.value+" "+test.unit+" "+test.text, func(t *testing.T) {
			t.Parallel()
			d := newDocument(test.text)
			var got []string
			for _, f := range d.figures(d.whole(), test.value, test.unit, test.derivation) {
				got = append(got, d.flat[f.start:f.end])
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}
