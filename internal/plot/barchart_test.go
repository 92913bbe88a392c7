// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestValueOfBarIsNeverMissing(t *testing.T) {
	t.Parallel()
	c := BarChart{Figure: Figure{Title: "x"}, Bars: []Bar{{Value: 12345, Target: &Mark{Value: 3}}}}
	p := newBarPlot(c, newSheet(c.Figure))
	p.width = 50 // too little for any text
	p.out.Reset()
	p.drawTexts(p.rows[0])
	if !strings.Contains(p.out.String(), "12.345") {
		t.Errorf("got %q", p.out.String())
	}
}

// TestBarTexts checks where the value of a bar and its target are written: at
// the end of the bar, beyond the mark of the target, or together.
func TestBarTexts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		value, target float64
		want          string
	}{
		{"target far ahead", 30, 90, "Ziel 90 at mark, 30 at bar"},
		{"target just ahead", 85, 90, "85 · Ziel 90 at mark"},
		{"target reached", 90, 90, "90 · Ziel 90 at bar"},
		{"target just exceeded", 90.5, 90, "90,5 · Ziel 90 at bar"},
		{"target exceeded", 90, 30, "90 · Ziel 30 at bar"},
		{"target on the other side", 90, -30, "90 · Ziel −30 at bar"},
		{"negative, target far ahead", -30, -90, "Ziel −90 at mark, −30 at bar"},
		{"negative, target just ahead", -85, -90, "Ziel −90 · −85 at mark"},
		{"negative, target exceeded", -90, -30, "Ziel −30 · −90 at bar"},
		{"negative, target on the other side", -90, 30, "Ziel 30 · −90 at bar"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := BarChart{Figure: Figure{Title: "x"}, Bars: []Bar{{Value: tt.value, Target: &Mark{Value: tt.target}}}}
			p := newBarPlot(c, newSheet(c.Figure))
			p.out.Reset()
			p.drawTexts(p.rows[0])
			var got []string
			for _, line := range strings.Split(strings.TrimSpace(p.out.String()), "\n") {
				var text struct {
					X    string `xml:"x,attr"`
					Text string `xml:",chardata"`
				}
				if err := xml.Unmarshal([]byte(line), &text); err != nil {
					t.Fatal(err)
				}
				gap := float64(barTextGap)
				if tt.value < 0 {
					gap = -gap
				}
				where := " at " + text.X
				switch text.X {
				case num(p.xScale.at(tt.value) + gap):
					where = " at bar"
				case num(p.xScale.at(tt.target) + gap):
					where = " at mark"
				}
				got = append(got, strings.ReplaceAll(text.Text, nbsp, " ")+where)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
