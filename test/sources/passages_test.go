// SPDX-License-Identifier: EUPL-1.2

package sources

import (
	"fmt"
	"regexp"
	"strings"
)

// span is a part of a text, as byte offsets.
type span struct{ start, end int }

// reach is the length in bytes of the text around a quotation in which its figure is
// sought. In a long document a quotation may be a heading, whose text comes after it, up
// to a page and a half; in the strategy also the label of a box, whose text comes before
// it. In short documents it is a phrase next to the figure.
type reach struct{ before, after int }

var reaches = map[string]reach{
	"digitalstrategie-2-0":          {200, 4000},
	"umsetzungsstand-2021-08":       {0, 4000},
	"vorlage-17-6059":               {50, 200},
	"webseite-digitalstrategie":     {50, 200},
	"ausschussprotokoll-2021-12-02": {50, 200},
}

// caption is how far a figure's text reaches around its caption.
var caption = reach{300, 300}

var locatorLayout = regexp.MustCompile(`^(?:([^„“]+?)(?:, (Abbildung|Tabelle) (\d+))?)?(?:(?:^|, )„([^„“]+)“)?$`)

// passages returns the parts of a document that a locator names: one, or one for each
// place at which its quotation occurs.
func passages(source string, d document, locator string) ([]span, error) {
	m := locatorLayout.FindStringSubmatch(locator)
	if m == nil || parts[source] == nil {
		return nil, fmt.Errorf("locator %q in %s is not understood", locator, source)
	}
	part, err := d.whole(), error(nil)
	if m[1] != "" {
		part, err = parts[source](d, m[1])
	}
	if err != nil {
		return nil, err
	}
	spans := []span{part}
	if m[2] != "" {
		spans = around(d, spans, m[2]+" "+m[3]+":", caption)
	}
	if m[4] != "" {
		spans = around(d, spans, m[4], reaches[source])
	}
	if len(spans) == 0 {
		return nil, fmt.Errorf("%q does not occur in it", locator)
	}
	return spans, nil
}

// quotation returns the quotation at the end of a locator, or "".
func quotation(locator string) string {
	if m := locatorLayout.FindStringSubmatch(locator); m != nil {
		return m[4]
	}
	return ""
}

// place returns a locator without its quotation.
func place(locator string) string {
	before, _, _ := strings.Cut(locator, "„")
	return strings.TrimSuffix(before, ", ")
}

// around returns the surroundings of a phrase wherever it occurs in the parts.
func around(d document, parts []span, words string, r reach) []span {
	var out []span
	for _, part := range parts {
		for _, s := range d.phrases(part, words) {
			out = append(out, span{max(part.start, s.start-r.before), min(part.end, s.end+r.after)})
		}
	}
	return out
}

// parts returns the part of the document that a locator names first.
var parts = map[string]func(d document, name string) (span, error){
	"digitalstrategie-2-0":          strategyPart,
	"umsetzungsstand-2021-08":       reportPart,
	"vorlage-17-6059":               letterPart,
	"webseite-digitalstrategie":     pagePart,
	"ausschussprotokoll-2021-12-02": minutesPart,
}
