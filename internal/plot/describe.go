package plot

import (
	"fmt"
	"strings"
)

// mostDescribed is how many values a description lists; of more it names the
// first and last, the lowest and highest.
const mostDescribed = 40

// plain is the text of a value: the caller's, or else the number's.
func (w words) plain(text string, v float64) string {
	if text = oneLine(text); text != "" {
		return text
	}
	return w.value(v)
}

// describe writes the part of a text alternative that follows from the values:
// the kind of figure, the unit, and a sentence for each paragraph.
func (w words) describe(kind, unit string, paragraphs []string) string {
	head := kind
	if unit = oneLine(unit); unit != "" {
		head += ", " + w.unit + ": " + unit
	}
	if len(paragraphs) == 0 {
		paragraphs = []string{w.nothing}
	}
	return strings.Join(append([]string{head}, paragraphs...), ". ") + "."
}

// describe lists the points by series.
func (c TimeChart) describe(s *sheet) string {
	series := resolveSeries(c.Series)
	var paragraphs []string
	for _, one := range series {
		var points []Point
		for _, pt := range c.Points {
			if pt.Series == one.Key {
				points = append(points, pt)
			}
		}
		if len(points) == 0 {
			continue
		}
		paragraphs = append(paragraphs, named(one.Name, " – ", s.points(points)))
	}
	return s.describe(s.timeChart, c.Unit, paragraphs)
}

// points says each point, or, of many, the landmarks.
func (s *sheet) points(points []Point) string {
	if len(points) <= mostDescribed {
		said := make([]string, len(points))
		for i, pt := range points {
			said[i] = s.point(pt)
		}
		return strings.Join(said, "; ")
	}
	low, high := points[0], points[0]
	for _, pt := range points {
		if pt.Value < low.Value {
			low = pt
		}
		if pt.Value > high.Value {
			high = pt
		}
	}
	return fmt.Sprintf("%s %s; %s %s; %s %s; %s %s; %s %s", s.number(float64(len(points)), 0), s.values,
		s.first, s.point(points[0]), s.last, s.point(points[len(points)-1]),
		s.lowest, s.point(low), s.highest, s.point(high))
}

func (s *sheet) point(pt Point) string {
	return s.span(pt.Time) + ": " + s.said(pt.Bound, s.plain(pt.Text, pt.Value))
}

// named sets a name, if there is one, before what is said of it.
func named(name, between, said string) string {
	if name == "" {
		return said
	}
	return name + between + said
}
