// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"math"
	"strconv"
	"time"
)

// plotter is implemented by all three kinds of figures.
type plotter interface{ SVG() (string, error) }

type example struct {
	name string
	plot plotter
}

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func year(y int) Span { return Span{date(y, 1, 1), date(y, 12, 31)} }

func month(y int, m time.Month) Span { return Span{date(y, m, 1), date(y, m+1, 0)} }

func day(y int, m time.Month, d int) Span { return Span{date(y, m, d), date(y, m, d)} }

var kinds = []Series{
	{Key: "actual", Name: "Ist", Shape: Circle},
	{Key: "planned", Name: "Geplant", Shape: Diamond},
	{Key: "target", Name: "Ziel", Shape: Triangle},
	{Key: "budget", Name: "Haushalt", Shape: Square},
}

func inline(title string) Figure { return Figure{Title: title} }

func standalone(title string) Figure {
	return Figure{
		Title: title, Standalone: true,
		Footnote: "Quelle: Digitalstrategie Nordrhein-Westfalen 2.0 (2021); Umsetzungsstand August 2021",
	}
}

func timeExamples() []example {
	return []example{
		{"time-kinds", TimeChart{Figure: standalone("Online verfügbare Verwaltungsleistungen"), Unit: "Leistungen", Series: kinds, Points: []Point{
			{Series: "actual", Time: day(2019, 6, 30), Value: 42},
			{Series: "actual", Time: day(2020, 3, 31), Value: 98, Joined: true},
			{Series: "actual", Time: day(2020, 12, 31), Value: 190, Bound: AtLeast, Joined: true},
			{Series: "actual", Time: day(2021, 8, 31), Value: 320, Bound: MoreThan, Joined: true},
			{Series: "planned", Time: day(2021, 8, 31), Value: 340},
			{Series: "planned", Time: day(2022, 6, 30), Value: 480, Bound: About, Joined: true},
			{Series: "target", Time: day(2022, 12, 31), Value: 588},
		}}},
		{"time-bounds", TimeChart{Figure: inline("Grenzen"), Unit: "Anträge", Points: []Point{
			{Time: month(2021, 1), Value: 1200},
			{Time: month(2021, 2), Value: 1300, Bound: About, Joined: true},
			{Time: month(2021, 3), Value: 1500, Bound: AtLeast, Joined: true},
			{Time: month(2021, 5), Value: 1600, Bound: MoreThan},
			{Time: month(2021, 6), Value: 1400, Bound: AtMost, Joined: true},
			{Time: month(2021, 7), Value: 900, Bound: LessThan, Joined: true},
		}}},
		{"time-years", TimeChart{Figure: inline("Mittel je Jahr"), Unit: "Euro", Series: kinds, Points: []Point{
			{Series: "budget", Time: year(2018), Value: 35.5e6, Text: "35,5 Mio."},
			{Series: "budget", Time: year(2019), Value: 61e6, Text: "61 Mio.", Joined: true},
			{Series: "budget", Time: year(2020), Value: 112.25e6, Text: "112,25 Mio.", Joined: true},
			{Series: "budget", Time: year(2022), Value: 140e6, Text: "140 Mio."},
			{Series: "actual", Time: year(2018), Value: 30e6, Text: "30 Mio."},
			{Series: "actual", Time: year(2019), Value: 58.1e6, Text: "58,1 Mio.", Joined: true},
		}}},
		{"time-undated", TimeChart{Figure: inline("Mit und ohne Datum"), Unit: "%", Reach: []float64{0, 100}, Series: kinds, Points: []Point{
			{Series: "actual", Time: day(2020, 11, 12), Value: 20},
			{Series: "actual", Time: day(2021, 11, 12), Value: 64, Joined: true},
			{Series: "target", Value: 100},
			{Series: "planned", Value: 80, Bound: AtLeast},
			{Series: "planned", Value: 79},
		}}},
		{"time-undated-only", TimeChart{Figure: inline("Nur ohne Datum"), Points: []Point{{Value: 3}, {Value: 5}}}},
		{"time-none", TimeChart{Figure: standalone("Noch nichts gemeldet"), Unit: "Stück"}},
		{"time-one", TimeChart{Figure: inline("Ein Wert"), Unit: "Kommunen", Points: []Point{{Time: day(2021, 11, 12), Value: 396}}}},
		{"time-equal", TimeChart{Figure: inline("Alle gleich"), Points: []Point{
			{Time: day(2021, 11, 1), Value: 7}, {Time: day(2021, 11, 9), Value: 7, Joined: true}, {Time: day(2021, 11, 12), Value: 7, Joined: true},
		}}},
		{"time-negative", TimeChart{Figure: Figure{Title: "Balance", Language: English}, Unit: "euro", Points: []Point{
			{Time: month(2021, 10), Value: -1250.5}, {Time: month(2021, 12), Value: 800, Joined: true}, {Time: month(2022, 2), Value: -300, Joined: true},
		}}},
		{"time-large", TimeChart{Figure: Figure{Title: "Very large", Language: English}, Unit: "bytes", Points: []Point{
			{Time: year(1990), Value: 2e15}, {Time: year(2020), Value: 9.5e18, Joined: true},
		}}},
		{"time-small", TimeChart{Figure: inline("Sehr klein"), Unit: "m", Points: []Point{
			{Time: day(2021, 3, 1), Value: 1.5e-9}, {Time: day(2021, 9, 1), Value: 4e-9, Joined: true},
		}}},
		{"time-same", TimeChart{Figure: inline("Zur selben Zeit"), Series: kinds, Points: []Point{
			{Series: "actual", Time: year(2021), Value: 50},
			{Series: "planned", Time: year(2021), Value: 50},
			{Series: "target", Time: year(2021), Value: 51},
			{Series: "budget", Time: year(2021), Value: 50},
			{Series: "actual", Time: year(2023), Value: 20, Joined: true},
		}}},
		{"time-many", TimeChart{Figure: standalone("Zweihundert Werte"), Unit: "Aufrufe", Points: manyPoints(200)}},
		{"time-narrow", TimeChart{Figure: Figure{Title: "Schmal", Width: 320}, Unit: "Leistungen", Height: 200, Series: kinds, Points: []Point{
			{Series: "actual", Time: day(2019, 6, 30), Value: 42},
			{Series: "actual", Time: day(2021, 8, 31), Value: 320, Bound: AtLeast, Joined: true},
			{Series: "target", Time: day(2022, 12, 31), Value: 588},
		}}},
	}
}

func manyPoints(n int) []Point {
	points := make([]Point, n)
	for i := range points {
		v := math.Round(1000 + 4*float64(i) + 180*math.Sin(float64(i)/9))
		points[i] = Point{Time: Span{Start: date(2018, 1, 1).AddDate(0, 0, 9*i)}, Value: v, Joined: i%50 != 0}
	}
	return points
}

func barExamples() []example {
	return []example{
		{"bar-labels", BarChart{Figure: standalone("Umsetzung je Handlungsfeld"), Unit: "%", Bars: []Bar{
			{Label: "Digitale Verwaltung und Onlinezugangsgesetz", Value: 54, Text: "54 %"},
			{Label: "Breitband- und Gigabitnetze einschließlich der Gewerbegebiete in ländlichen Räumen", Value: 73.5, Text: "73,5 %", Bound: AtLeast},
			{Label: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", Value: 12, Text: "12 %"},
			{Label: "Open Data", Value: 100, Text: "100 %"},
		}}},
		{"bar-series", BarChart{Figure: inline("Leistungen je Land"), Unit: "Leistungen", Series: kinds[:3], Bars: []Bar{
			{Label: "Nordrhein-Westfalen", Series: "actual", Value: 320, Bound: AtLeast},
			{Label: "Nordrhein-Westfalen", Series: "planned", Value: 480},
			{Label: "Nordrhein-Westfalen", Series: "target", Value: 588},
			{Label: "Bayern", Series: "actual", Value: 290},
			{Label: "Bayern", Series: "target", Value: 588},
		}}},
		{"bar-large", BarChart{Figure: inline("Mittel"), Unit: "Euro", Bars: []Bar{
			{Label: "Schulen", Value: 1.25e6},
			{Label: "Hochschulen", Value: 3.5e6},
			{Label: "Land", Value: 12e6, Bound: About},
			{Label: "Kommunen", Value: 0},
		}}},
		{"bar-negative", BarChart{Figure: Figure{Title: "Change", Language: English}, Unit: "points", Bars: []Bar{
			{Label: "Up", Value: 1234.5}, {Label: "Down", Value: -820}, {Label: "Nothing", Value: 0},
		}}},
		{"bar-shapes", BarChart{Figure: inline("Alle Formen"), Series: allShapes(), Bars: allShapeBars()}},
		{"bar-narrow", BarChart{Figure: Figure{Title: "Schmal", Width: 320}, Unit: "Leistungen", Bars: []Bar{
			{Label: "Nordrhein-Westfalen, einschließlich aller kreisfreien Städte", Value: 320}, {Label: "Bayern", Value: 290},
		}}},
		{"bar-dots", BarChart{Figure: inline("Ränge"), Unit: "Rang", Dots: true, Series: kinds[:3], Bars: []Bar{
			{Label: "Bayern, 2020", Series: "actual", Value: 3, Bound: AtMost}, {Label: "Bayern, ohne Zeitangabe", Series: "target", Value: 1},
		}}},
		{"bar-none", BarChart{Figure: inline("Keine Balken")}},
		{"bar-zero", BarChart{Figure: inline("Nur null"), Bars: []Bar{{Label: "Null", Value: 0}}}},
	}
}

func allShapes() (series []Series) {
	for i := range MaxSeries {
		series = append(series, Series{Key: strconv.Itoa(i), Name: "Reihe " + strconv.Itoa(i+1)})
	}
	return series
}

func allShapeBars() (bars []Bar) {
	for i := range MaxSeries {
		bars = append(bars, Bar{Label: "A", Series: strconv.Itoa(i), Value: float64(10 + i)})
	}
	return bars
}

func progressExamples() []example {
	return []example{
		{"progress", Progress{
			Figure: standalone("Ziel 12: Leistungen online"), Unit: "Leistungen",
			Actual: &Mark{Value: 320, Bound: AtLeast, Time: day(2021, 8, 31)}, Target: &Mark{Value: 588, Time: year(2022)},
		}},
		{"progress-beyond", Progress{
			Figure: inline("Übertroffen"), Actual: &Mark{Value: 120, Text: "120 %", Time: month(2021, 6)},
			Target: &Mark{Value: 100, Text: "100 %", Time: year(2025)},
		}},
		{"progress-narrow", Progress{
			Figure: Figure{Title: "Narrow", Width: 280, Language: English}, Unit: "municipalities of the state",
			Actual: &Mark{Value: 3, Time: day(2021, 8, 31)}, Target: &Mark{Value: 396, Bound: About, Time: Span{date(2022, 1, 1), date(2023, 12, 31)}},
		}},
		{"progress-nearly", Progress{
			Figure: inline("Ungenau"), Unit: "Schulen", Actual: &Mark{Value: 4500, Bound: Nearly, Time: day(2021, 8, 31)}, Target: &Mark{Value: 10300, Bound: MoreThan},
		}},
		{"progress-about", Progress{Figure: inline("Ungefähr"), Actual: &Mark{Value: 40, Bound: About}, Target: &Mark{Value: 100}}},
		{"progress-target-only", Progress{Figure: inline("Nur Ziel"), Target: &Mark{Value: 100, Time: year(2025)}}},
		{"progress-negative", Progress{Figure: inline("Weniger ist mehr"), Actual: &Mark{Value: -5}, Target: &Mark{Value: -20}}},
		{"progress-none", Progress{Figure: inline("Nichts")}},
	}
}

func examples() []example {
	return append(append(timeExamples(), barExamples()...), progressExamples()...)
}
