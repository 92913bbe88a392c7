package encode

import (
	"fmt"
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
)

// Code is an entry of a codelist.
type Code struct {
	List, Code        string
	Title, Definition dataset.Text
}

// codeList is the codes that cells may hold, and by list those that do.
type codeList struct {
	all  []Code
	used map[string]map[string]bool
}

func isCode(c dataset.Column) bool { return c.Type == dataset.Code }

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

// use notes that a cell holds the code of a list.
func (l *codeList) use(list string, code []byte) {
	if used, known := l.used[list][string(code)]; known && !used {
		l.used[list][string(code)] = true
	}
}

// inUse returns the codes that cells hold, in their order.
func (l *codeList) inUse() []Code {
	return slices.DeleteFunc(slices.Clone(l.all), func(c Code) bool { return !l.used[c.List][c.Code] })
}

// codes explains the codes that stand in the rows, in both languages.
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
