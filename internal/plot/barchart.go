// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// BarChart compares values by horizontal bars that start at zero. A bar is
// labelled with its value, preceded by the sign of its bound.
type BarChart struct {
	Figure
	// Unit is the title of the value axis.
	Unit string
	// Series in the order of the legend. It may be empty if bars have no key.
	Series []Series
	// Bars from top to bottom.
	Bars []Bar
	// Dots draws markers instead of bars, for values that are not amounts, such
	// as ranks: first is not the least.
	Dots bool
}

// Bar is a named value.
type Bar struct {
	// Label names the bar. It is wrapped, and written once for consecutive bars
	// that share it.
	Label  string
	Series string
	Value  float64
	// Text is the value as displayed, without the sign of its bound. The
	// default is the value formatted in the figure's language, which labels also use if the
	// axis has multiples of the unit.
	Text  string
	Bound Bound
	// Source is where the value comes from, for its tooltip.
	Source string
}

// SVG draws the chart, or returns an error that lists everything wrong with it.
func (c BarChart) SVG() (string, error) {
	if err := c.check(); err != nil {
		return "", fmt.Errorf("bar chart: %w", err)
	}
	s := newSheet(c.Figure)
	if len(c.Bars) == 0 {
		s.drawNoValues(120)
		return s.finish(s.describe(s.barChart, c.Unit)), nil
	}
	p := newBarPlot(c, s)
	p.drawGrid()
	for _, r := range p.rows {
		p.drawRow(r)
	}
	p.drawAxisLabels()
	return s.finish(p.describe()), nil
}

func (c BarChart) check() error {
	var p problems
	p.checkChart(c.Figure, c.Series, len(c.Bars))
	for i, b := range c.Bars {
		name := fmt.Sprintf("bar %d", i+1)
		p.checkKey(name, c.Series, b.Series)
		p.checkMark(name, Mark{Value: b.Value, Bound: b.Bound})
	}
	return p.err()
}

const (
	barHeight   = 18
	barGap      = 12 // between bars with different labels
	barTextGap  = 9  // between a bar and its text
	axisIndent  = 24 // that the first label of the axis may need
	dotRadius   = 5
	rowLabelGap = 14
)

// barPlot is a bar chart with the positions of its parts.
type barPlot struct {
	*sheet
	chart       BarChart
	series      []Series
	narrow      bool // labels are above the bars instead of beside them
	rows        []barRow
	labelWidth  float64 // taken by labels beside the bars
	axis        axis
	xScale      linear
	top, bottom float64
}

// barRow is a bar with its texts and its position.
type barRow struct {
	Bar
	series     Series
	labelLines []string // empty if the previous row has the same label
	valueText  string
	top        float64 // of label and bar
	barTop     float64
}

// newBarPlot draws the legend and positions everything below it.
func newBarPlot(c BarChart, s *sheet) *barPlot {
	p := &barPlot{sheet: s, chart: c, series: resolveSeries(c.Series), narrow: s.width < 480}
	p.defineTextures(p.series)
	p.drawLegend()
	p.layoutRows()
	p.layoutAxis()
	return p
}

// drawLegend explains the signs in use: the series, if more than one is
// declared, and the bounds.
func (p *barPlot) drawLegend() {
	keys, bounds := map[string]bool{}, map[Bound]bool{}
	for _, b := range p.chart.Bars {
		keys[b.Series], bounds[b.Bound] = len(p.series) > 1, true
	}
	var entries []legendEntry
	for _, s := range p.series {
		if keys[s.Key] {
			entries = append(entries, legendEntry{s.Name, func(x, y float64) {
				p.open("g", "class", shapes[s.Shape].class)
				p.drawValue(s.Shape, box{x, y - 6, x + swatchWidth, y + 6}, x+swatchWidth/2)
				p.close("g")
			}})
		}
	}
	for b := About; b <= LessThan; b++ { // the words of the others explain themselves
		if bounds[b] {
			entries = append(entries, legendEntry{text: p.boundText(b)})
		}
	}
	p.legend(entries)
}

// layoutRows stacks the bars, each below its label or beside its middle.
func (p *barPlot) layoutRows() {
	maxLabel := math.Floor(0.36 * p.width)
	if p.narrow {
		maxLabel = p.width - 2*p.margin - axisIndent
	}
	y := p.y
	p.top = y
	for i, b := range p.chart.Bars {
		r := barRow{Bar: b, series: p.series[seriesIndex(p.series, b.Series)]}
		if i > 0 && p.chart.Bars[i-1].Label == b.Label {
			y -= barGap/2 - 4
		} else {
			r.labelLines = labelFace.wrap(b.Label, maxLabel, 4)
			y += barGap / 2
		}
		labelHeight := float64(len(r.labelLines)) * labelFace.leading()
		r.top, r.barTop = y, y+labelHeight
		y += labelHeight + barHeight
		if !p.narrow {
			p.labelWidth = math.Max(p.labelWidth, labelFace.widest(r.labelLines)+rowLabelGap)
			r.barTop = r.top + math.Max(0, labelHeight-barHeight)/2
			y = r.top + math.Max(labelHeight, barHeight)
		}
		y += barGap / 2
		p.rows = append(p.rows, r)
	}
	p.bottom = y
}

// layoutAxis chooses an axis that leaves room for the widest text on each side
// where there are bars.
func (p *barPlot) layoutAxis() {
	left, right := p.margin+p.labelWidth, p.width-p.margin-6
	maxText := 0.5 * (p.width - left)
	if slices.ContainsFunc(p.rows, func(r barRow) bool { return r.Value < 0 }) {
		maxText /= 2
	}
	values := []float64{0}
	for _, r := range p.rows {
		values = append(values, r.Value)
	}
	lo, hi := valueRange(values)
	for maxSteps := 8; maxSteps > 0; maxSteps-- {
		p.axis = newAxis(p.words, lo, hi, maxSteps, allWhole(values))
		textLeft, textRight := p.layoutTexts(maxText)
		labels := p.axis.labels
		last := len(labels) - 1
		x0 := math.Max(left+textLeft, p.margin+smallFace.width(labels[0])/2)
		x1 := math.Min(right-textRight, p.width-p.margin-smallFace.width(labels[last])/2)
		p.xScale = p.axis.scale(x0, x1)
		if float64(last)*(smallFace.widest(labels)+16) <= x1-x0 {
			break
		}
	}
}

// layoutTexts writes the values in the unit of the axis and returns the room that they need on
// each side.
func (p *barPlot) layoutTexts(maxText float64) (left, right float64) {
	for i := range p.rows {
		r := &p.rows[i]
		r.valueText = smallFace.fit(p.withSign(r.Bound, p.axisText(r.Text, r.Value, p.axis.exp)), maxText-2*barTextGap)
		room := smallFace.width(r.valueText) + 2*barTextGap
		if r.Value < 0 {
			left = math.Max(left, room)
		} else {
			right = math.Max(right, room)
		}
	}
	return left, right
}

// drawGrid draws a thin line at each tick and a stronger one at zero.
func (p *barPlot) drawGrid() {
	p.open("g", "class", "plot-grid")
	for _, v := range p.axis.ticks {
		p.drawGridLine(v)
	}
	p.close("g")
	p.open("g", "class", "plot-axis")
	p.drawGridLine(0)
	p.close("g")
}

// drawGridLine draws a vertical line, interrupted by labels above the bars.
func (p *barPlot) drawGridLine(v float64) {
	x, from := p.xScale.at(v), p.top
	if !p.narrow {
		p.line(x, from, x, p.bottom)
		return
	}
	for i, r := range p.rows {
		to := r.barTop + barHeight + barGap/2
		if len(r.labelLines) > 0 {
			from = r.barTop - 3
		}
		if i == len(p.rows)-1 {
			to = p.bottom
		}
		p.line(x, from, x, to)
		from = to
	}
}

// drawRow draws a bar with its label and value.
func (p *barPlot) drawRow(r barRow) {
	p.drawRowLabel(r)
	zero, end, bottom := p.xScale.at(0), p.xScale.at(r.Value), r.barTop+barHeight
	p.open("g", "class", shapes[r.series.Shape].class)
	p.text("title", withSource(p.describeBar(r), r.Source))
	p.drawValue(r.series.Shape, box{math.Min(zero, end), r.barTop, math.Max(zero, end), bottom}, end)
	p.close("g")
	value := label{text: r.valueText, x: end + barTextGap, y: r.barTop + barHeight/2 + 4.5, face: smallFace, class: "plot-value"}
	if r.Value < 0 {
		value.x, value.anchor = end-barTextGap, "end"
	}
	p.draw(value)
}

// drawValue draws a bar, or instead a dot at its end.
func (p *barPlot) drawValue(shape Shape, b box, end float64) {
	if p.chart.Dots {
		p.drawMarker(shape, end, (b.y0+b.y1)/2, dotRadius)
	} else {
		p.drawBar(shape, b)
	}
}

// drawRowLabel writes the label beside the middle of the bar, or above it: at
// the start of the axis, or at the margin if bars extend to the left.
func (p *barPlot) drawRowLabel(r barRow) {
	l := label{x: p.margin + p.labelWidth - rowLabelGap, face: labelFace, anchor: "end"}
	l.y = r.barTop + barHeight/2 - float64(len(r.labelLines)-1)*labelFace.leading()/2 + 4.5
	if p.narrow {
		l = label{x: p.xScale.to0, y: r.top + labelFace.size - 1, face: labelFace, class: "plot-value"}
		if p.xScale.to0 > p.margin+axisIndent {
			l.x = p.margin
		}
	}
	for _, l.text = range r.labelLines {
		p.draw(l)
		l.y += labelFace.leading()
	}
}

// drawAxisLabels writes the labels of ticks, unless they would overlap, and the
// unit.
func (p *barPlot) drawAxisLabels() {
	p.open("g", "class", "plot-muted")
	placer := p.newLabelPlacer(2)
	for i, v := range p.axis.ticks {
		tick := label{text: p.axis.labels[i], x: p.xScale.at(v), y: p.bottom + 16, face: smallFace, anchor: "middle"}
		p.draw(placer.place(false, []label{tick})...)
	}
	p.y = p.bottom + 22
	if unit := smallFace.fit(p.axisTitle(p.chart.Unit, p.axis.exp), p.width-2*p.margin); unit != "" {
		p.y += 16
		x := p.withinMargins((p.xScale.to0+p.xScale.to1)/2, smallFace.width(unit))
		p.draw(label{text: unit, x: x, y: p.y - 2, face: smallFace, anchor: "middle"})
	}
	p.close("g")
}

// describe returns the text alternative, which lists the bars or, if there are
// many, the first of them and their number.
func (p *barPlot) describe() string {
	var texts []string
	for i, r := range p.rows {
		if i == maxListed {
			texts = append(texts, ellipsis+" ("+p.number(float64(len(p.rows)), 0)+" "+p.values+")")
			break
		}
		texts = append(texts, p.describeBar(r))
	}
	return p.sheet.describe(p.barChart, p.chart.Unit, strings.Join(texts, "; "))
}

func (p *barPlot) describeBar(r barRow) string {
	names := slices.DeleteFunc([]string{oneLine(r.Label), r.series.Name}, func(name string) bool { return name == "" })
	text := withName(strings.Join(names, ", "), ": ", p.describeValue(r.Bound, r.Text, r.Value))
	return strings.ReplaceAll(text, softHyphen, "")
}
