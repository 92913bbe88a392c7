// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"cmp"
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
	// Reach lists values that the axis includes besides zero, the bars and
	// their targets, such as 100 for shares.
	Reach []float64
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
	// Group is a heading, written where it differs from the previous bar's.
	Group string
	// Label names the bar. It is wrapped, and written once for consecutive bars
	// that share it.
	Label  string
	Series string
	Value  float64
	// Text is the value as displayed, without the sign of its bound. The
	// default is the value formatted in the figure's language.
	Text  string
	Bound Bound
	// Source is where the value comes from, for its tooltip.
	Source string
	// Target is marked across the bar; it may be nil.
	Target *Mark
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
	p.checkChart(c.Figure, c.Series, c.Reach, len(c.Bars))
	for i, b := range c.Bars {
		name := fmt.Sprintf("bar %d", i+1)
		p.checkKey(name, c.Series, b.Series)
		p.checkMark(name, Mark{Value: b.Value, Bound: b.Bound})
		if b.Target != nil {
			p.checkMark(name+": target", *b.Target)
		}
	}
	return p.err()
}

const (
	barHeight       = 18
	barGap          = 12 // between bars with different labels
	barTextGap      = 9  // between a bar or mark and its text
	axisIndent      = 24 // that the first label of the axis may need
	dotRadius       = 5
	headingHeight   = 30
	rowLabelGap     = 14
	targetSeparator = nbsp + "· "
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
	heading    string   // above the row if a group starts
	labelLines []string // empty if the previous row has the same label
	valueText  string
	targetText string
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
// declared, the first target, and the bounds.
func (p *barPlot) drawLegend() {
	keys, bounds := map[string]bool{}, map[Bound]bool{}
	var target *Mark
	for _, b := range p.chart.Bars {
		keys[b.Series], bounds[b.Bound] = len(p.series) > 1, true
		if b.Target != nil {
			bounds[b.Target.Bound] = true
			target = cmp.Or(target, b.Target)
		}
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
	if target != nil {
		entries = append(entries, legendEntry{firstText(target.Name, p.target), func(x, y float64) {
			p.drawTarget(x+swatchWidth/2, y-7, y+7)
		}})
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
		sameGroup := i > 0 && p.chart.Bars[i-1].Group == b.Group
		if !sameGroup && b.Group != "" {
			r.heading = groupFace.fit(b.Group, p.width-2*p.margin)
			y += headingHeight
		}
		if sameGroup && p.chart.Bars[i-1].Label == b.Label {
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
	values := append([]float64{0}, p.chart.Reach...)
	textLeft, textRight := 0.0, 0.0
	for i := range p.rows {
		r := &p.rows[i]
		values = append(values, r.Value)
		if r.Target != nil {
			values = append(values, r.Target.Value)
		}
		room := p.layoutTexts(r, maxText)
		if r.Value < 0 {
			textLeft = math.Max(textLeft, room)
		} else {
			textRight = math.Max(textRight, room)
		}
	}
	lo, hi := valueRange(values)
	for maxSteps := 8; maxSteps > 0; maxSteps-- {
		p.axis = newAxis(p.words, lo, hi, maxSteps, allWhole(values))
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

// layoutTexts sets the texts of a row and returns the room they take. The target
// is only written where both fit; its value is always in the description.
func (p *barPlot) layoutTexts(r *barRow, room float64) float64 {
	room -= 2 * barTextGap
	r.valueText = smallFace.fit(p.withSign(r.Bound, p.valueText(r.Text, r.Value)), room)
	width := smallFace.width(r.valueText)
	if t := r.Target; t != nil {
		text := firstText(t.Name, p.target) + nbsp + p.withSign(t.Bound, p.valueText(t.Text, t.Value))
		if both := width + smallFace.width(targetSeparator+text); both <= room {
			r.targetText, width = text, both
		}
	}
	return width + 2*barTextGap
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
		if len(r.labelLines) > 0 || r.heading != "" {
			from = r.barTop - 3
		}
		if i == len(p.rows)-1 {
			to = p.bottom
		}
		p.line(x, from, x, to)
		from = to
	}
}

// drawRow draws a bar with its heading, label, target and texts.
func (p *barPlot) drawRow(r barRow) {
	if r.heading != "" {
		p.draw(label{text: r.heading, x: p.margin, y: r.top - barGap/2 - 7, face: groupFace, class: "plot-value"})
	}
	p.drawRowLabel(r)
	zero, end, bottom := p.xScale.at(0), p.xScale.at(r.Value), r.barTop+barHeight
	p.open("g", "class", shapes[r.series.Shape].class)
	p.text("title", withSource(p.describeBar(r), r.Source))
	p.drawValue(r.series.Shape, box{math.Min(zero, end), r.barTop, math.Max(zero, end), bottom}, end)
	p.close("g")
	if r.Target != nil {
		p.drawTarget(p.xScale.at(r.Target.Value), r.barTop-targetOverhang, bottom+targetOverhang)
	}
	p.drawTexts(r)
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

// drawTexts writes the value at the end of its bar and the target beyond its
// mark, or, where there is no room for that, both in one label.
func (p *barPlot) drawTexts(r barRow) {
	top, bottom, end := r.barTop, r.barTop+barHeight, p.xScale.at(r.Value)
	side, anchor, behind := 1.0, "", box{math.Inf(-1), top, end, bottom}
	if r.Value < 0 {
		side, anchor, behind = -1, "end", box{end, top, math.Inf(1), bottom}
	}
	at := func(x float64, text string) label {
		return label{text, x + side*barTextGap, top + barHeight/2 + 4.5, smallFace, anchor, "plot-value"}
	}
	placer := p.newLabelPlacer(0)
	placer.taken = append(placer.taken, behind)
	options := [][]label{{at(end, r.valueText)}}
	if r.Target != nil {
		mark, combined := p.xScale.at(r.Target.Value), r.valueText
		placer.taken = append(placer.taken, box{mark - barTextGap, top, mark + barTextGap, bottom})
		if r.targetText != "" {
			options[0] = []label{at(mark, r.targetText), at(end, r.valueText)}
			combined = r.valueText + targetSeparator + r.targetText
			if side < 0 {
				combined = r.targetText + targetSeparator + r.valueText
			}
		}
		options = append(options, []label{at(end, combined)}, []label{at(mark, combined)})
	}
	texts := placer.place(false, options...)
	if texts == nil {
		texts = options[len(options)-1] // rather crowded than missing
	}
	p.draw(texts...)
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
	names := slices.DeleteFunc([]string{oneLine(r.Group), oneLine(r.Label), r.series.Name},
		func(name string) bool { return name == "" })
	text := withName(strings.Join(names, ", "), ": ", p.describeValue(r.Bound, r.Text, r.Value))
	if r.Target != nil {
		text += " (" + p.describeMark(*r.Target, p.target) + ")"
	}
	return strings.ReplaceAll(text, softHyphen, "")
}
