package sourcetest

import (
	"fmt"
	"regexp"
)

// span is a part of a text, as byte offsets.
type span struct{ start, end int }

func (s span) in(text string) string { return text[s.start:s.end] }

// heading is how far the text that a »heading« names reaches: a heading names
// what follows it, the label of a box or a project stands in the midst of it.
// In documents without headings a keyword stands next to the figure.
type reach struct{ before, after int }

var reaches = map[string]reach{
	"digitalstrategie-2-0":          {600, 2500},
	"umsetzungsstand-2021-08":       {0, 2500},
	"vorlage-17-6059":               {150, 250},
	"webseite-digitalstrategie":     {150, 250},
	"ausschussprotokoll-2021-12-02": {150, 250},
}

// caption is how far a figure's text reaches around its caption.
var caption = reach{300, 300}

var locatorLayout = regexp.MustCompile(`^(.+?)(?:, (Abbildung|Tabelle) (\d+))?(?:, »([^«»]+)«)?$`)

// passages returns the parts of a document that a locator names: one, or one
// for each place at which its »heading« occurs.
func passages(source, text, locator string) ([]span, error) {
	m := locatorLayout.FindStringSubmatch(locator)
	if m == nil {
		return nil, fmt.Errorf("locator %q is not understood", locator)
	}
	part, err := parts[source](text, m[1])
	if err != nil {
		return nil, err
	}
	spans := []span{part}
	if m[2] != "" {
		spans = around(text, part, regexp.MustCompile(m[2]+" "+m[3]+":"), caption)
	}
	if m[4] != "" {
		var named []span
		for _, s := range spans {
			named = append(named, around(text, s, phrase(m[4]), reaches[source])...)
		}
		spans = named
	}
	if len(spans) == 0 {
		return nil, fmt.Errorf("%q does not occur in %s", locator, m[1])
	}
	return spans, nil
}

// around returns the surroundings of each match in a part of the text.
func around(text string, part span, pattern *regexp.Regexp, r reach) []span {
	var out []span
	for _, m := range pattern.FindAllStringIndex(part.in(text), -1) {
		out = append(out, span{
			max(part.start, part.start+m[0]-r.before),
			min(part.end, part.start+m[1]+r.after),
		})
	}
	return out
}

// parts finds what stands before the first comma of a locator.
var parts = map[string]func(text, name string) (span, error){
	"digitalstrategie-2-0":          strategyPart,
	"umsetzungsstand-2021-08":       reportPart,
	"vorlage-17-6059":               letterPart,
	"webseite-digitalstrategie":     pagePart,
	"ausschussprotokoll-2021-12-02": minutesPart,
}
