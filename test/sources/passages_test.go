package sources

import (
	"fmt"
	"regexp"
)

// span is a part of a text, as byte offsets.
type span struct{ start, end int }

// reach is the length in bytes of the text that a »heading« refers to. In a long
// document that is the text after it, up to a page and a half; in the strategy a heading
// may also be the label of a box, which comes after its text. In short documents it is a
// keyword next to the figure.
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

var locatorLayout = regexp.MustCompile(`^(.+?)(?:, (Abbildung|Tabelle) (\d+))?(?:, »([^«»]+)«)?$`)

// passages returns the parts of a document that a locator names: one, or one
// for each place at which its »heading« occurs.
func passages(source string, d document, locator string) ([]span, error) {
	m := locatorLayout.FindStringSubmatch(locator)
	if m == nil {
		return nil, fmt.Errorf("locator %q is not understood", locator)
	}
	part, err := parts[source](d, m[1])
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
		return nil, fmt.Errorf("%q does not occur in %s", locator, m[1])
	}
	return spans, nil
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

// parts returns the part of the document before the first comma of a locator.
var parts = map[string]func(d document, name string) (span, error){
	"digitalstrategie-2-0":          strategyPart,
	"umsetzungsstand-2021-08":       reportPart,
	"vorlage-17-6059":               letterPart,
	"webseite-digitalstrategie":     pagePart,
	"ausschussprotokoll-2021-12-02": minutesPart,
}
