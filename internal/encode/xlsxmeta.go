// SPDX-License-Identifier: EUPL-1.2

package encode

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
)

// metadataColumns is the number of columns of the metadata sheet.
const metadataColumns = 7

// sourceList has the sources that rows may refer to, and which of them do.
type sourceList struct {
	all  []Source
	used map[string]bool
}

func readSources(d Document) (sourceList, error) {
	if d.Sources == nil || !slices.ContainsFunc(d.Columns, refersToSource) {
		return sourceList{}, nil
	}
	all, err := d.Sources()
	if err != nil {
		return sourceList{}, fmt.Errorf("xlsx: sources: %w", err)
	}
	l := sourceList{all: all, used: make(map[string]bool, len(all))}
	for _, s := range all {
		l.used[s.ID] = false
	}
	return l, nil
}

func refersToSource(c dataset.Column) bool { return c.Type == dataset.Reference && c.Of == "sources" }

// use records that a row refers to the source.
func (l *sourceList) use(id []byte) {
	if used, known := l.used[string(id)]; known && !used {
		l.used[string(id)] = true
	}
}

// inUse returns the sources that rows refer to, in their order.
func (l *sourceList) inUse() []Source {
	return slices.DeleteFunc(slices.Clone(l.all), func(s Source) bool { return !l.used[s.ID] })
}

// maxCutsNamed is the maximum number of truncated texts that are listed.
const maxCutsNamed = 20

// cuts records which texts were truncated.
type cuts struct {
	named []string
	more  int
}

func (c *cuts) note(sheet, column string, row, length int) {
	if len(c.named) == maxCutsNamed {
		c.more++
		return
	}
	c.named = append(c.named, fmt.Sprintf("%s!%s%d (%d)", sheet, column, row, length))
}

// writeMetadata writes the metadata sheet. It is buffered, because its size precedes
// its rows.
func (e *xlsxEncoder) writeMetadata() error {
	m := metadata{e: e}
	e.name = e.words.metadata
	m.about()
	m.notes()
	m.columns()
	m.codes()
	m.used()
	if err := e.beginSheet(e.words.metadata, cellRange(metadataColumns, m.number), "", []int{24, 40, 40, 60, 60, 32, 24}); err != nil {
		return err
	}
	if _, err := e.sheet.Write(m.rows); err != nil {
		return err
	}
	_, err := io.WriteString(e.sheet, `</sheetData><pageSetup paperSize="9" orientation="landscape"/></worksheet>`)
	return err
}

// metadata builds the rows of the metadata sheet.
type metadata struct {
	e      *xlsxEncoder
	number int
	rows   []byte
}

// write appends the row that fill fills.
func (m *metadata) write(fill func(r *xlsxRow)) {
	m.number++
	m.e.row.begin(m.number)
	fill(&m.e.row)
	m.rows = append(m.rows, m.e.row.end()...)
}

func (m *metadata) texts(style int, texts ...string) {
	m.write(func(*xlsxRow) {
		for i, t := range texts {
			m.e.text(i, style, []byte(t))
		}
	})
}

// pair appends a label and a text, unless the text is empty.
func (m *metadata) pair(word, text string) {
	if text == "" {
		return
	}
	m.write(func(*xlsxRow) {
		m.e.text(0, styleHeader, []byte(word))
		m.e.text(1, styleText, []byte(text))
	})
}

func (m *metadata) count(word string, n int64) {
	m.write(func(r *xlsxRow) {
		m.e.text(0, styleHeader, []byte(word))
		r.integer(1, styleDecimals, n)
	})
}

func (m *metadata) about() {
	d, w := m.e.d, m.e.words
	if d.Dataset != nil {
		m.pair(w.title, d.Dataset.Title.In(d.Labels))
		m.pair(w.description, d.Dataset.Description.In(d.Labels))
	}
	m.pair(w.release, d.Meta.Release)
	if day, ok := serialDay([]byte(d.Meta.Modified.UTC().Format(time.DateOnly))); ok {
		m.write(func(r *xlsxRow) {
			m.e.text(0, styleHeader, []byte(w.published))
			r.integer(1, styleDate, day)
		})
	}
	m.count(w.rows, m.e.rows)
	if d.Total > 0 && d.Total != m.e.rows {
		m.count(w.total, d.Total)
	}
	m.license()
	m.pair(w.attribution, d.Meta.Attribution)
	m.pair(w.address, d.Address)
	m.pair(w.cite, m.citation())
}

// license appends the name of the licence and its IRI.
func (m *metadata) license() {
	name := dataset.LicenseTitle(m.e.d.Meta.License).In(m.e.d.Labels)
	if name == m.e.d.Meta.License {
		m.pair(m.e.words.license, m.e.d.Meta.License)
		return
	}
	m.write(func(*xlsxRow) {
		m.e.text(0, styleHeader, []byte(m.e.words.license))
		m.e.text(1, styleText, []byte(name))
		m.e.text(2, styleText, []byte(m.e.d.Meta.License))
	})
}

// citation returns how to cite the rows, or nothing if a part of it is unknown.
func (m *metadata) citation() string {
	d := m.e.d
	if d.Dataset == nil || d.Meta.Release == "" || d.Address == "" {
		return ""
	}
	return fmt.Sprintf(m.e.words.citation, d.Meta.Attribution, d.Dataset.Title.In(d.Labels), d.Meta.Release,
		d.Meta.Modified.UTC().Format(m.e.words.day), d.Address, d.Meta.License)
}

func (m *metadata) notes() {
	w, cut := m.e.words, m.e.cuts
	notes := []string{w.empty, w.numbers, w.days}
	if m.e.d.Wide {
		notes = append(notes, fmt.Sprintf(w.wide, m.e.d.labelOf("qualifier")))
	}
	if len(m.e.sheets) > 2 {
		notes = append(notes, fmt.Sprintf(w.sheets, m.e.maxRows))
	}
	if len(cut.named) > 0 {
		list := strings.Join(cut.named, ", ")
		if cut.more > 0 {
			list += fmt.Sprintf(w.cutMore, cut.more)
		}
		notes = append(notes, fmt.Sprintf(w.cutNote, list))
	}
	for i, n := range notes {
		word := ""
		if i == 0 {
			word = w.notes
		}
		m.write(func(*xlsxRow) {
			m.e.text(0, styleHeader, []byte(word))
			m.e.text(1, styleText, []byte(n))
		})
	}
}

// columns describes the columns in both languages.
func (m *metadata) columns() {
	m.write(func(*xlsxRow) {})
	de, en := &german, &english
	m.texts(styleHeader, m.e.words.column, de.name, en.name, de.meaning, en.meaning, m.e.words.kind, m.e.words.unit)
	for _, c := range m.e.d.Columns {
		m.texts(styleWrapped, c.Name, c.Title.DE, c.Title.EN, c.Description.DE, c.Description.EN, m.e.words.typeOf(c), m.e.unitOf(c))
	}
}

func (w *words) typeOf(c dataset.Column) string {
	text := w.types[c.Type]
	if c.Type == dataset.List && c.Of != "" {
		text = w.lists[c.Entry()]
	}
	if strings.Contains(text, "%s") {
		return fmt.Sprintf(text, c.Of)
	}
	return text
}

// used lists the sources that rows refer to.
func (m *metadata) used() {
	sources := m.e.sources.inUse()
	if len(sources) == 0 {
		return
	}
	w := m.e.words
	m.write(func(*xlsxRow) {})
	m.texts(styleHeader, w.source, w.title, w.publisher, w.address, w.reference, w.published)
	for _, s := range sources {
		m.texts(styleWrapped, s.ID, s.Title.In(m.e.d.Labels), s.Publisher, s.URL, s.Reference, s.Published)
	}
}

// codeList has the codes that may occur, and by list which of them do.
type codeList struct {
	all  []Code
	used map[string]map[string]bool
}

func isCode(c dataset.Column) bool { return c.Entry() == dataset.Code }

func readCodes(d Document) (codeList, error) {
	if d.Codes == nil || !slices.ContainsFunc(d.Columns, isCode) {
		return codeList{}, nil
	}
	all, err := d.Codes()
	if err != nil {
		return codeList{}, fmt.Errorf("xlsx: codes: %w", err)
	}
	l := codeList{all: all, used: map[string]map[string]bool{}}
	for _, c := range all {
		if l.used[c.List] == nil {
			l.used[c.List] = map[string]bool{}
		}
		l.used[c.List][c.Code] = false
	}
	return l, nil
}

// use records that a code occurs.
func (l *codeList) use(list string, code []byte) {
	if used, known := l.used[list][string(code)]; known && !used {
		l.used[list][string(code)] = true
	}
}

// inUse returns the codes that occur, in their order.
func (l *codeList) inUse() []Code {
	return slices.DeleteFunc(slices.Clone(l.all), func(c Code) bool { return !l.used[c.List][c.Code] })
}

// codes explains the codes that occur, in both languages.
func (m *metadata) codes() {
	codes := m.e.codes.inUse()
	if len(codes) == 0 {
		return
	}
	w, de, en := m.e.words, &german, &english
	m.write(func(*xlsxRow) {})
	m.texts(styleHeader, w.code, de.name, en.name, de.meaning, en.meaning, w.list)
	for _, c := range codes {
		m.texts(styleWrapped, c.Code, c.Title.DE, c.Title.EN, c.Definition.DE, c.Definition.EN, c.List)
	}
}

// sharedUnits are the units of columns with the same unit in every row.
var sharedUnits = map[string]dataset.Text{
	"share":               {DE: "Prozent", EN: "percent"},
	"goalCount":           {DE: "Ziele", EN: "goals"},
	string(dataset.Count): {DE: "Zeilen", EN: "rows"},
}

// services is the unit of counts of public services.
var services = dataset.Text{DE: "Leistungen", EN: "services"}

// noUnit marks columns that are not counted or measured.
const noUnit = "–"

// unitOf returns the unit of a column, or which column has it.
func (e *xlsxEncoder) unitOf(c dataset.Column) string {
	if !c.Numeric() {
		return noUnit
	}
	if unit, ok := sharedUnits[c.Name]; ok {
		return unit.In(e.d.Labels)
	}
	switch d := e.d.Dataset; {
	case slices.ContainsFunc(e.d.Columns, isUnit):
		return fmt.Sprintf(e.words.unitIn, e.d.labelOf("unit"))
	case d == nil:
		return noUnit
	case slices.ContainsFunc(d.Columns, isUnit):
		return e.words.unitOut
	case d.ID == dataset.OZGServiceCounts.ID, d.ID == dataset.ServiceCounts.ID:
		return services.In(e.d.Labels)
	}
	return noUnit
}

func isUnit(c dataset.Column) bool { return c.Name == "unit" }

// labelOf returns the header of the column with the name.
func (d Document) labelOf(name string) string {
	for _, c := range d.Columns {
		if c.Name == name {
			return d.label(c)
		}
	}
	return name
}

// Origin returns the release and the address of a workbook, from the first two columns of
// its metadata sheet in either language.
func Origin(pairs map[string]string) (release, address string) {
	for _, w := range []*words{&german, &english} {
		if pairs[w.release] != "" && pairs[w.address] != "" {
			return pairs[w.release], pairs[w.address]
		}
	}
	return "", ""
}
