// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var hexColour = regexp.MustCompile(`--plot-([a-z]+): (#[0-9a-f]{6})`)

// TestContrast checks WCAG 2.2: 1.4.3 requires 4.5:1 for text, which series
// colours are used for as well; 1.4.11 requires 3:1 for everything needed to
// understand a figure, which excludes the grid and the track.
func TestContrast(t *testing.T) {
	t.Parallel()
	ground := ""
	for _, m := range hexColour.FindAllStringSubmatch(CSS, -1) {
		name, colour, want := m[1], m[2], 4.5
		switch name {
		case "ground":
			ground = colour
			continue
		case "grid", "track":
			continue
		case "axis":
			want = 3
		}
		if got := contrast(t, colour, ground); got < want {
			t.Errorf("%s %s on %s: %.2f, want %v", name, colour, ground, got, want)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestDarkIsForScreens: printed figures use the series colours of the light
// theme.
func TestDarkIsForScreens(t *testing.T) {
	t.Parallel()
	if strings.Count(CSS, "prefers-color-scheme") != strings.Count(CSS, "@media screen and (prefers-color-scheme") {
		t.Error("the dark theme must not apply to print")
	}
}

func TestStandaloneStyle(t *testing.T) {
	t.Parallel()
	p := Progress{Figure: Figure{Title: "x"}}
	if svg := draw(t, p); strings.Contains(svg, "<style") || strings.Contains(svg, "<?xml") {
		t.Errorf("inline: %s", svg)
	}
	p.Standalone = true
	if svg := draw(t, p); !strings.Contains(svg, "<style>"+CSS+"</style>") || !strings.HasPrefix(svg, "<?xml") {
		t.Errorf("standalone: %s", svg)
	}
	if strings.ContainsAny(CSS, "<&") {
		t.Error("CSS would need escaping inside a style element")
	}
}

var classNames = regexp.MustCompile(`class="([^"]*)"`)

// TestClassesHaveARule: elements with a class that CSS does not define would
// have no colour.
func TestClassesHaveARule(t *testing.T) {
	t.Parallel()
	ruleless := map[string]bool{"plot-legend": true, "plot-title": true, "plot-mark": true}
	for _, ex := range examples() {
		for _, m := range classNames.FindAllStringSubmatch(draw(t, ex.plot), -1) {
			for class := range strings.FieldsSeq(m[1]) {
				if !ruleless[class] && !strings.Contains(CSS, "."+class+" {") {
					t.Errorf("%s: class %s has no rule", ex.name, class)
				}
			}
		}
	}
}
