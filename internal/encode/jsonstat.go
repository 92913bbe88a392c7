// SPDX-License-Identifier: EUPL-1.2

package encode

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// JSONStat is JSON-stat 2.0, for the observations of one indicator. It is not one of
// Formats, because no whole dataset can be written in it.
var JSONStat = Format{
	// Without a registered media type, it is selected by name.
	Name: "jsonstat", MediaType: "application/json", ContentType: "application/json", FileType: "JSON",
	Title: dataset.Text{DE: "JSON-stat", EN: "JSON-stat"}, New: newJSONStat,
}

// MaxJSONStat is the maximum number of rows in a JSON-stat document.
const MaxJSONStat = 10_000

const (
	// jsonStatNone is the category of an empty cell.
	jsonStatNone = "none"
	// jsonStatExact is the qualifier that needs no status.
	jsonStatExact = "exact"
)

// jsonStatDimensions are the columns that tell values apart.
var jsonStatDimensions = []string{"indicator", "goal", "area", "period", "kind", "breakdown"}

// jsonStatEncoder collects the rows, and writes a cube in which each cell has one value.
type jsonStatEncoder struct {
	w          io.Writer
	d          Document
	columns    []int // of the dimensions
	categories [][]string
	cells      map[string]jsonStatCell
	rows       int
	unit       string
}

// jsonStatCell is a value with its coordinates.
type jsonStatCell struct {
	at                           []string
	id, value, qualifier, source string
}

func newJSONStat(w io.Writer, d Document) Encoder {
	e := &jsonStatEncoder{w: w, d: d, cells: map[string]jsonStatCell{}}
	for _, name := range jsonStatDimensions {
		e.columns = append(e.columns, e.column(name))
		e.categories = append(e.categories, nil)
	}
	return e
}

func (e *jsonStatEncoder) column(name string) int {
	return slices.IndexFunc(e.d.Columns, func(c dataset.Column) bool { return c.Name == name })
}

func invalidJSONStat(rule string, arguments ...any) error {
	return &domain.Invalid{Name: "format", Value: JSONStat.Name, Rule: fmt.Sprintf(rule, arguments...)}
}

// Row adds a value. It refuses a second indicator, and a second value for a cell.
func (e *jsonStatEncoder) Row(cells [][]byte) error {
	if err := e.complete(); err != nil {
		return err
	}
	if e.rows++; e.rows > MaxJSONStat {
		return invalidJSONStat("is limited to %d rows; use a filter or another format", MaxJSONStat)
	}
	text := func(name string) string { return string(cells[e.column(name)]) }
	c := jsonStatCell{id: text("id"), value: text("value"), qualifier: text("qualifier"), source: text("source")}
	for i, column := range e.columns {
		category := string(cells[column])
		if category == "" {
			category = jsonStatNone
		}
		c.at = append(c.at, category)
		if !slices.Contains(e.categories[i], category) {
			e.categories[i] = append(e.categories[i], category)
		}
	}
	if indicators := e.categories[0]; len(indicators) > 1 {
		return invalidJSONStat("is for one indicator, but the rows have %s and others; filter with indicator=%s", strings.Join(indicators, ", "), indicators[0])
	}
	key := strings.Join(c.at, "\x00")
	if known, ok := e.cells[key]; ok && (known.value != c.value || known.qualifier != c.qualifier) {
		return invalidJSONStat("has one value for %s, but the rows %s (%s %s, source %s) and %s (%s %s, source %s) differ; filter by source or qualifier, or use another format",
			strings.Join(slices.DeleteFunc(slices.Clone(c.at[1:]), func(s string) bool { return s == jsonStatNone }), ", "),
			known.id, known.qualifier, known.value, known.source, c.id, c.qualifier, c.value, c.source)
	} else if !ok {
		e.cells[key] = c
	}
	e.unit = text("unit")
	return nil
}

// complete requires the columns without which values cannot be told apart.
func (e *jsonStatEncoder) complete() error {
	needed := append([]string{"id", "value", "qualifier", "source", "unit"}, jsonStatDimensions...)
	for _, name := range needed {
		if e.column(name) < 0 {
			return invalidJSONStat("requires the columns %s; leave out the parameter fields", strings.Join(needed, ", "))
		}
	}
	return nil
}

// The members of a JSON-stat document.
type (
	jsonStat struct {
		Version   string                       `json:"version"`
		Class     string                       `json:"class"`
		Href      string                       `json:"href"`
		Label     string                       `json:"label"`
		Source    string                       `json:"source"`
		Updated   string                       `json:"updated"`
		ID        []string                     `json:"id"`
		Size      []int                        `json:"size"`
		Role      map[string][]string          `json:"role"`
		Dimension map[string]jsonStatDimension `json:"dimension"`
		Value     json.RawMessage              `json:"value"`
		Status    json.RawMessage              `json:"status,omitempty"`
		Extension jsonStatExtension            `json:"extension"`
	}
	jsonStatDimension struct {
		Label    string           `json:"label"`
		Category jsonStatCategory `json:"category"`
	}
	jsonStatCategory struct {
		Index []string                `json:"index"`
		Label map[string]string       `json:"label"`
		Unit  map[string]jsonStatUnit `json:"unit,omitempty"`
	}
	jsonStatUnit struct {
		Label string `json:"label"`
	}
	jsonStatExtension struct {
		Release string `json:"release"`
		License string `json:"license"`
		// Status has the labels of the qualifiers.
		Status map[string]string `json:"status,omitempty"`
	}
)

// Close writes the document.
func (e *jsonStatEncoder) Close() error {
	if err := e.complete(); err != nil {
		return err
	}
	labels, err := e.labels()
	if err != nil {
		return err
	}
	out := jsonStat{
		Version: "2.0", Class: "dataset", Href: e.d.Address, Source: e.d.Meta.Attribution, Updated: e.d.Meta.Modified.UTC().Format(time.RFC3339),
		Role:      map[string][]string{"time": {"period"}, "geo": {"area"}, "metric": {"indicator"}},
		Dimension: map[string]jsonStatDimension{},
		Extension: jsonStatExtension{Release: e.d.Meta.Release, License: e.d.Meta.License},
	}
	var kept []int
	for i, name := range jsonStatDimensions {
		categories := e.categories[i]
		if (name == "goal" || name == "breakdown") && (len(categories) == 0 || len(categories) == 1 && categories[0] == jsonStatNone) {
			continue
		}
		if name == "period" {
			slices.SortFunc(categories, comparePeriods)
		}
		kept = append(kept, i)
		out.ID, out.Size = append(out.ID, name), append(out.Size, len(categories))
		dimension := jsonStatDimension{
			Label:    e.d.Columns[e.columns[i]].Title.In(e.language()),
			Category: jsonStatCategory{Index: append([]string{}, categories...), Label: map[string]string{}},
		}
		for _, c := range categories {
			dimension.Category.Label[c] = labels(e.columns[i], c)
		}
		if name == "indicator" && len(categories) == 1 {
			out.Label = dimension.Category.Label[categories[0]]
			dimension.Category.Unit = map[string]jsonStatUnit{categories[0]: {labels(e.column("unit"), e.unit)}}
		}
		out.Dimension[name] = dimension
	}
	e.fill(&out, kept, labels)
	b, err := json.Marshal(out)
	if err != nil {
		return err
	}
	_, err = e.w.Write(append(b, '\n'))
	return err
}

// fill sets the values and, for those that are not exact, the status: objects with the
// positions in the cube as names, because most cells are empty.
func (e *jsonStatEncoder) fill(out *jsonStat, kept []int, labels func(int, string) string) {
	values, status := map[int]string{}, map[int]string{}
	for _, c := range e.cells {
		position := 0
		for n, i := range kept {
			position = position*out.Size[n] + slices.Index(e.categories[i], c.at[i])
		}
		values[position] = c.value
		if c.qualifier != jsonStatExact {
			status[position] = strconv.Quote(c.qualifier) // a code
			if out.Extension.Status == nil {
				out.Extension.Status = map[string]string{}
			}
			out.Extension.Status[c.qualifier] = labels(e.column("qualifier"), c.qualifier)
		}
	}
	out.Value = sparse(values)
	if len(status) > 0 {
		out.Status = sparse(status)
	}
}

// sparse returns a JSON object of the values by their position.
func sparse(values map[int]string) json.RawMessage {
	b := []byte{'{'}
	for i, p := range slices.Sorted(maps.Keys(values)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(strconv.AppendInt(append(b, '"'), int64(p), 10), `":`...), values[p]...)
	}
	return append(b, '}')
}

func (e *jsonStatEncoder) language() string {
	if e.d.Labels == "" {
		return "de"
	}
	return e.d.Labels
}

// labels returns a function that returns the title of a cell of a column.
func (e *jsonStatEncoder) labels() (func(column int, cell string) string, error) {
	titles := map[string]map[string]dataset.Text{}
	for _, i := range append([]int{e.column("unit"), e.column("qualifier")}, e.columns...) {
		c := e.d.Columns[i]
		if c.Type != dataset.Reference || e.d.Titles == nil || titles[c.Of] != nil {
			continue
		}
		var err error
		if titles[c.Of], err = e.d.Titles(c.Of); err != nil {
			return nil, err
		}
	}
	if e.d.Codes != nil {
		codes, err := e.d.Codes()
		if err != nil {
			return nil, err
		}
		for _, c := range codes {
			if titles[c.List] == nil {
				titles[c.List] = map[string]dataset.Text{}
			}
			titles[c.List][c.Code] = c.Title
		}
	}
	return func(column int, cell string) string {
		if cell == jsonStatNone {
			return map[string]string{"de": "ohne Angabe", "en": "not given"}[e.language()]
		}
		if title := titles[e.d.Columns[column].Of][cell].In(e.language()); title != "" {
			return title
		}
		return cell
	}, nil
}
