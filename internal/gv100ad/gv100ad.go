// SPDX-License-Identifier: EUPL-1.2

// Package gv100ad reads the register of municipalities of the Federal Statistical Office
// (GV-ISys) in its format GV100AD, and turns it into the rows of the dataset areas. A
// record is a line of 220 characters with fields at fixed positions. Files are in UTF-8;
// until about 2018, they were in Latin-1.
package gv100ad

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// MaxBytes is the maximum size of a file; the file for all of Germany has less than 5 MB.
const MaxBytes = 64 << 20

// Problem is why a line cannot be read.
type Problem struct {
	File string
	Line int
	// Field is the name of the field, or empty for the line.
	Field, Value, Rule string
}

// String returns the problem on one line.
func (p Problem) String() string {
	place := p.File + ", line " + strconv.Itoa(p.Line)
	if p.Field != "" {
		place += ", " + p.Field
	}
	return fmt.Sprintf("%s: %q %s", place, p.Value, p.Rule)
}

// Problems are all problems of a file.
type Problems []Problem

// Error returns the problems, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Options select what is converted.
type Options struct {
	// State is the key of the state whose areas are wanted, or empty for all of Germany.
	// The states themselves are always included.
	State string
	// Source is the identifier of the register in the dataset sources. Empty means
	// gv-isys- and the date of the register.
	Source string
}

// Register is a register as rows of the dataset areas.
type Register struct {
	// Date is the day that the register describes, as YYYY-MM-DD.
	Date string
	// Source is the identifier of the register.
	Source string
	// Rows have a cell for each edited column of areas. The first are those that no
	// register has: the world, the European Union and Germany.
	Rows [][]string
	// Levels counts the areas of the register by level, and LeftOut, by kind, the records
	// that are not areas of their own.
	Levels, LeftOut map[string]int
}

// Convert reads a register. The name of the file is for messages. The error is of the
// type Problems if lines cannot be read.
func Convert(name string, content []byte, o Options) (*Register, error) {
	if len(content) > MaxBytes {
		return nil, fmt.Errorf("%s has more than %d bytes", name, MaxBytes)
	}
	r := &reader{file: name, records: map[string]record{}, leftOut: map[string]int{}}
	for i, line := range lines(content) {
		r.read(i+1, line)
	}
	r.checkParents()
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
		return nil, r.problems
	}
	if len(r.records) == 0 {
		return nil, fmt.Errorf("%s has no records", name)
	}
	if _, ok := r.records[o.State]; o.State != "" && (!ok || len(o.State) != 2) {
		return nil, domain.NotOneOf("state", o.State, "is not the key of a state in "+name, r.states())
	}
	return r.register(o)
}

// lines splits a file into lines of text, without the empty ones at its end.
func lines(content []byte) []string {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	text := string(content)
	if !utf8.Valid(content) { // Latin-1: every byte is the code point of its character
		runes := make([]rune, len(content))
		for i, b := range content {
			runes[i] = rune(b)
		}
		text = string(runes)
	}
	text = strings.TrimRight(text, "\r\n\x1a")
	if text == "" {
		return nil
	}
	out := strings.Split(text, "\n")
	for i := range out {
		out[i] = strings.TrimSuffix(out[i], "\r")
	}
	return out
}

// record is an area in the register.
type record struct {
	line                       int
	key, ars, name, kind, code string
}

// The kinds of records.
const (
	state        = "10"
	government   = "20"
	region       = "30" // of Baden-Württemberg
	district     = "40"
	association  = "50"
	municipality = "60"
)

var (
	kinds = []string{state, government, region, district, association, municipality}
	// leftOut are the kinds that are not areas of their own.
	leftOut = map[string]string{region: "region", association: "association of municipalities"}
	// districtTypes and municipalityTypes map the register's codes to those of area-type.
	// Independent cities (41, 42) also have a record as a municipality.
	districtTypes     = map[string]string{"41": "", "42": "", "43": "district", "44": "rural-district", "45": "regional-association"}
	municipalityTypes = map[string]string{
		"60": "market-town", "61": "independent-city", "62": "urban-district", "63": "town", "64": "municipality",
		"65": "unincorporated-area", "66": "unincorporated-area", "67": "large-district-town",
	}
)

type reader struct {
	file     string
	date     string // of all records
	records  map[string]record
	leftOut  map[string]int
	problems Problems
}

func (r *reader) problem(line int, field, value, rule string) {
	r.problems = append(r.problems, Problem{r.file, line, field, value, rule})
}

// width is the number of characters of a record; spaces at its end may be missing.
const width = 220

// read reads a line. Positions count characters, as in the description of the format.
func (r *reader) read(number int, text string) {
	line := []rune(text)
	if len(line) > width {
		r.problem(number, "", shorten(text), fmt.Sprintf("has %d characters; a record has %d", len(line), width))
		return
	}
	field := func(from, to int) string {
		return strings.TrimRight(string(line[min(from, len(line)):min(to, len(line))]), " ")
	}
	kind := field(0, 2)
	if !slices.Contains(kinds, kind) {
		r.problem(number, "", shorten(text), "does not start with the kind of a record ("+strings.Join(kinds, ", ")+")")
		return
	}
	before := len(r.problems)
	r.checkDate(number, field(2, 10))
	// The key has as many digits as the kind of area requires.
	digits := func(name string, from, to int) string {
		value := field(from, to)
		if !isDigits(value, to-from) {
			r.problem(number, name, value, fmt.Sprintf("must have %d digits", to-from))
		}
		return value
	}
	c := record{line: number, kind: kind, name: field(22, 72), code: field(122, 124)}
	c.key = digits("state (characters 11 to 12)", 10, 12)
	if c.key == "00" {
		r.problem(number, "state (characters 11 to 12)", c.key, "is not the key of a state")
	}
	if kind != state {
		c.key += digits("government district (character 13)", 12, 13)
	}
	switch kind {
	case region:
		c.key += digits("region (character 14)", 13, 14)
	case district, association, municipality:
		c.key += digits("district (characters 14 to 15)", 13, 15)
	}
	c.ars = c.key
	if kind == association || kind == municipality {
		c.ars += digits("association (characters 19 to 22)", 18, 22)
	}
	if kind == municipality {
		last := digits("municipality (characters 16 to 18)", 15, 18)
		c.key, c.ars = c.key+last, c.ars+last
	}
	c.ars += strings.Repeat("0", max(0, 12-len(c.ars)))
	r.checkName(number, c.name)
	r.checkType(number, c)
	if len(r.problems) > before {
		return
	}
	if what := leftOut[kind]; what != "" {
		r.leftOut[what]++
		return
	}
	if kind == district && districtTypes[c.code] == "" {
		r.leftOut["independent city as a district"]++ // it is a municipality, too
	}
	if other, twice := r.records[c.key]; twice {
		r.problem(number, "key", c.key, fmt.Sprintf("is already the key of the record in line %d", other.line))
		return
	}
	r.records[c.key] = c
}

func isDigits(text string, n int) bool {
	return len(text) == n && strings.Trim(text, "0123456789") == ""
}

func (r *reader) checkDate(number int, text string) {
	day, err := time.Parse("20060102", text)
	switch date := day.Format(time.DateOnly); {
	case err != nil || day.Year() == 0:
		r.problem(number, "date (characters 3 to 10)", text, "must be a date, YYYYMMDD")
	case r.date == "":
		r.date = date
	case r.date != date:
		r.problem(number, "date (characters 3 to 10)", text, "is not the day of the first record, "+r.date)
	}
}

func (r *reader) checkName(number int, name string) {
	const field = "name (characters 23 to 72)"
	switch err := domain.CheckText(name, false); {
	case name == "":
		r.problem(number, field, name, "must not be empty")
	case err != nil:
		r.problem(number, field, name, err.Error())
	case strings.TrimSpace(name) != name:
		r.problem(number, field, name, "starts with a space; the fields of the line are shifted")
	}
}

func (r *reader) checkType(number int, c record) {
	types := map[string]map[string]string{district: districtTypes, municipality: municipalityTypes}[c.kind]
	if c.code == "" && c.kind == municipality && strings.HasPrefix(c.key[min(2, len(c.key)):], "000") {
		return // in no district, and perhaps not of a type
	}
	if _, ok := types[c.code]; types != nil && !ok {
		r.problem(number, "type (characters 123 to 124)", c.code, "is not a type of this kind of record ("+strings.Join(slices.Sorted(maps.Keys(types)), ", ")+")")
	}
}

// shorten returns the start of a line for a message.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > 80 {
		return string(runes[:80]) + "…"
	}
	return text
}

// checkParents finds records whose state, or whose district, is not in the file. Areas of
// water that belong to no district (07000999, 13000999) are in a district 000 that the
// register does not have.
func (r *reader) checkParents() {
	if len(r.problems) > 0 {
		return // it may be in a line that could not be read
	}
	for key, c := range r.records {
		if _, ok := r.records[key[:2]]; !ok {
			r.problem(c.line, "key", key, "lies in the state "+key[:2]+", which is not in the file")
		} else if _, ok := r.records[key[:min(5, len(key))]]; !ok && !strings.HasPrefix(key[2:], "000") {
			r.problem(c.line, "key", key, "lies in the district "+key[:5]+", which is not in the file")
		}
	}
}

func (r *reader) states() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(r.records)), func(key string) bool { return len(key) != 2 })
}

// register returns the records as rows: the states first, then state by state the areas
// from the largest to the smallest.
func (r *reader) register(o Options) (*Register, error) {
	known, err := embedded()
	if err != nil {
		return nil, err
	}
	out := &Register{Date: r.date, Source: cmp.Or(o.Source, "gv-isys-"+r.date), Levels: map[string]int{}, LeftOut: r.leftOut}
	titles := map[string]string{}
	for _, row := range known {
		switch row["level"] {
		case "world", "union", "country":
			out.Rows = append(out.Rows, cells(row))
		case "state":
			titles[row["id"]] = row["titleEn"]
		}
	}
	keys := slices.SortedFunc(maps.Keys(r.records), func(a, b string) int {
		if len(a) == 2 || len(b) == 2 {
			return cmp.Or(cmp.Compare(min(len(a), 3), min(len(b), 3)), cmp.Compare(a, b))
		}
		return cmp.Or(cmp.Compare(a[:2], b[:2]), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	for _, key := range keys {
		c := r.records[key]
		if len(key) > 2 && o.State != "" && key[:2] != o.State || c.kind == district && districtTypes[c.code] == "" {
			continue
		}
		row := c.row()
		row["parent"], row["source"] = r.parent(key), out.Source
		if english := titles[key]; english != "" {
			row["titleEn"] = english
		}
		out.Levels[row["level"]]++
		out.Rows = append(out.Rows, cells(row))
	}
	return out, nil
}

// parent returns the key of the smallest area in the register that contains the one with
// the key. A district that is an independent city is not an area of its own.
func (r *reader) parent(key string) string {
	for _, n := range []int{5, 3, 2} {
		if n >= len(key) {
			continue
		}
		if c, ok := r.records[key[:n]]; ok && (c.kind != district || districtTypes[c.code] != "") {
			return key[:n]
		}
	}
	return "00"
}

// row returns the cells that follow from the record alone.
func (c record) row() map[string]string {
	row := map[string]string{"id": c.key, "title": c.name, "titleEn": c.name, "ars": c.ars, "uri": domain.GeocodingURI(c.key)}
	lower := strings.ToLower(c.name)
	switch c.kind {
	case state:
		row["level"], row["type"] = "state", "state"
	case government:
		row["level"], row["type"] = "government-district", "government-district"
		if name, ok := strings.CutPrefix(c.name, "Reg.-Bez. "); ok {
			row["title"], row["titleEn"] = "Regierungsbezirk "+name, name+" government district"
		}
		if strings.HasPrefix(lower, "stat") || strings.HasPrefix(lower, "früher") {
			row["type"] = "statistical-region"
		}
	case district:
		row["level"], row["type"] = "district", districtTypes[c.code]
		if strings.Contains(lower, "städteregion") {
			row["type"] = "city-region"
		}
		if !named.MatchString(lower) {
			row["title"] = map[string]string{"43": "Kreis ", "44": "Landkreis "}[c.code] + c.name
			row["titleEn"] = c.name + " district"
		}
	case municipality:
		row["level"], row["type"] = "municipality", municipalityTypes[c.code]
	}
	return row
}

// named matches names of districts that say what they are: Rhein-Sieg-Kreis, Region
// Hannover. The register has the others without a word for it: Kleve.
var named = regexp.MustCompile(`kreis|städteregion|^region|verband`)

// cells returns a row of areas.csv.
func cells(row map[string]string) []string {
	var out []string
	for _, c := range dataset.Areas.Edited() {
		out = append(out, row[c.Name])
	}
	return out
}

// embedded returns the areas of the embedded data package.
var embedded = sync.OnceValues(func() ([]map[string]string, error) {
	f, err := fixtures.FS.Open(dataset.Areas.ID + ".csv")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	var out []map[string]string
	for _, cells := range rows[1:] {
		row := map[string]string{}
		for i, cell := range cells {
			row[rows[0][i]] = cell
		}
		out = append(out, row)
	}
	return out, nil
})

// WriteCSV writes the rows as areas.csv.
func (r *Register) WriteCSV(w io.Writer) error {
	header := dataset.Names(dataset.Areas.Edited())
	return csv.NewWriter(w).WriteAll(append([][]string{header}, r.Rows...))
}
