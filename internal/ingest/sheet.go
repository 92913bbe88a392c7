// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/plainjson"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/workbook"
)

// Edition is what workbooks do not say about the release that they become.
type Edition struct {
	// Version is empty for the next version after all that were published.
	Version, Notes string
	Created        time.Time
}

// ErrUnchanged reports that workbooks were not edited.
var ErrUnchanged = errors.New("no cell differs")

// ReadWorkbooks reads and checks workbooks that were downloaded and edited. Cells that were
// not edited are those of the release that the workbook is from, whatever the spreadsheet
// program made of them; everything else is taken from the latest release. The error is
// ErrUnchanged if no cell was edited.
func ReadWorkbooks(ctx context.Context, s *store.Store, sources []*Source, e Edition) (*Package, error) {
	if e.Version != "" && !versionLayout.MatchString(e.Version) {
		return nil, &domain.Invalid{Name: "--release", Value: e.Version, Rule: versionRule}
	}
	primary := s.Primary()
	latest, err := primary.Latest(ctx)
	if errors.Is(err, domain.ErrNotFound) {
		return nil, errors.New("no release is published that a workbook could be compared with")
	}
	if err != nil {
		return nil, err
	}
	base, err := newBase(ctx, primary, latest)
	if err != nil {
		return nil, err
	}
	var found Findings
	var sheets []*sheet
	for _, source := range sources {
		t := &sheet{file: source.name, letters: map[string]string{}}
		err := t.read(base, source.book)
		found = append(found, t.result()...)
		if err != nil {
			return nil, err
		}
		if !t.complete {
			continue
		}
		if slices.ContainsFunc(sheets, func(other *sheet) bool { return other.dataset == t.dataset }) {
			found = append(found, Finding{File: t.file, Rule: "has the same dataset as another workbook; import one of them", Hint: "the dataset is " + t.dataset.ID})
			continue
		}
		sheets = append(sheets, t)
	}
	if len(sheets) == 0 {
		return nil, found
	}
	if len(found) == 0 && !slices.ContainsFunc(sheets, func(t *sheet) bool { return t.edited }) {
		return nil, fmt.Errorf("release %s: %w", latest.ID, ErrUnchanged)
	}
	return readSheets(base, sheets, found, e)
}

// readSheets reads the package that workbooks make up together with the base.
func readSheets(base *Base, sheets []*sheet, found Findings, e Edition) (*Package, error) {
	var m dataset.Manifest
	if content, err := base.content(dataset.ManifestName); err != nil {
		return nil, err
	} else if err := json.Unmarshal(content, &m); err != nil {
		return nil, fmt.Errorf("release %s: %s: %w", base.Release.ID, dataset.ManifestName, err)
	}
	m.Version, m.Created, m.Notes = e.Version, e.Created.UTC().Format(time.RFC3339), e.Notes
	if m.Version == "" {
		highest, err := highestVersion(base.ctx, base.store)
		if err != nil {
			return nil, err
		}
		m.Version = domain.NextVersion(highest, e.Created.UTC().Format("2006.01"))
	}
	Describe(&m, func(id string) bool {
		return slices.ContainsFunc(sheets, func(t *sheet) bool { return t.dataset.ID == id })
	})
	content, err := plainjson.MarshalIndent(&m)
	if err != nil {
		return nil, err
	}
	files, faulted := []store.File{store.NewFile(dataset.ManifestName, content)}, map[string]map[place]bool{}
	unnamed := map[string]bool{}
	for _, t := range sheets {
		if t.dataset.Computed {
			continue
		}
		files = append(files, store.NewFile(t.dataset.ID+".csv", t.csv()))
		faulted[t.dataset.ID], unnamed[t.dataset.ID] = t.faulted, t.unnamed
	}
	if len(files) == 1 {
		return nil, found
	}
	r := reader{folder: store.Folder(files), base: base, limits: defaults(), faulted: faulted, unnamed: unnamed}
	p, err := r.read()
	locate := func(all Findings) Findings {
		out := slices.Clone(all)
		for i := range out {
			for _, t := range sheets {
				t.locate(&out[i])
			}
			if out[i].File == dataset.ManifestName && out[i].Path == "notes" {
				out[i].File, out[i].Path = "--notes", ""
			}
		}
		return out
	}
	var more Findings
	if err != nil && !errors.As(err, &more) {
		return nil, err
	}
	if found = append(found, locate(more)...); len(found) > 0 {
		return nil, found
	}
	p.locate = locate
	return p, nil
}

// content reads a file of the base.
func (b *Base) content(name string) ([]byte, error) {
	i := slices.IndexFunc(b.Files, func(f store.File) bool { return f.Path == name })
	if i < 0 {
		return nil, fmt.Errorf("release %s: %s is missing", b.Release.ID, name)
	}
	return b.Files[i].Content()
}

// place is a cell of a CSV file: the number of its row, and its column.
type place struct{ row, column int }

// sheet is the sheet of a workbook with the rows of a dataset.
type sheet struct {
	collector
	// file is the name of the workbook, name that of the sheet.
	file, name string
	dataset    *dataset.Dataset
	// columns are those of the sheet, by their place; letters name them.
	columns map[int]dataset.Column
	letters map[string]string
	unknown map[int]bool
	// before are the rows of the release that the workbook is from, by their id.
	before map[string][]string
	order  map[string]int
	from   *domain.Release
	// rows have the edited columns, in the order of that release, and new rows last;
	// numbers are the numbers of the rows in the sheet.
	rows    []sheetRow
	faulted map[place]bool
	// edited reports that a row differs from the latest release, complete that all rows
	// were read.
	edited, complete bool
	numbered         map[float64][]string
	// unnamed reports that the id of a row is faulted.
	unnamed bool
}

// sheetRow is a row of a sheet.
type sheetRow struct {
	number, order int
	cells         []string
	faulted       []int
}

func (t *sheet) wrong(rule, hint string) { t.add(Finding{File: t.file, Rule: rule, Hint: hint}) }

// errStopped ends the reading of rows.
var errStopped = errors.New("stopped")

// read finds the sheet with the rows in a workbook, and reads them.
func (t *sheet) read(base *Base, book *workbook.File) error {
	heads := make([][]workbook.Cell, len(book.Sheets))
	release, address, extra := "", "", []int(nil)
	limits := workbook.Limits{Rows: maxRowNumber}
	for i, s := range book.Sheets {
		pairs, filled := map[string]string{}, false
		_, err := book.Rows(s, limits, func(number int, cells []workbook.Cell) error {
			if number == 1 {
				heads[i] = slices.Clone(cells)
			}
			filled = filled || slices.ContainsFunc(cells, func(c workbook.Cell) bool { return c.Kind != workbook.Empty })
			if number > maxOrigin && filled {
				return errStopped
			}
			if len(cells) > 1 && cells[0].Column == 0 && cells[1].Column == 1 {
				pairs[cells[0].Value] = cells[1].Value
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			t.wrong(damagedWorkbook, clean(err))
			return nil
		}
		if r, a := encode.Origin(pairs); r != "" && a != "" && address == "" {
			release, address, heads[i] = r, a, nil
		} else if filled {
			extra = append(extra, i)
		}
	}
	if address == "" {
		t.wrong("has no sheet “Metadaten” (“Metadata”) with the release and the address that it is from; download it again, and leave that sheet as it is", "")
		return nil
	}
	if !t.origin(address) {
		return nil
	}
	data := -1
	for _, i := range extra {
		if !t.hasHeader(heads[i]) {
			continue
		} else if data >= 0 {
			t.wrong("has several sheets with rows of the dataset; a workbook can be imported if all rows are on one sheet", "the sheets are "+quote(book.Sheets[data].Name)+" and "+quote(book.Sheets[i].Name))
			return nil
		} else {
			data = i
		}
	}
	if data < 0 {
		t.wrong("has no sheet whose first row names the columns of "+t.dataset.ID+"; put the row back, or download the workbook again", "")
		return nil
	}
	t.name = book.Sheets[data].Name
	for _, i := range extra {
		if i != data {
			t.add(Finding{File: t.file, Value: book.Sheets[i].Name, Rule: "is not a sheet of the download; delete it"})
		}
	}
	if ok, err := t.compareWith(base, release); err != nil || !ok {
		return err
	}
	if !t.readHeader(heads[data]) {
		return nil
	}
	return t.readRows(base, book, book.Sheets[data])
}

const (
	// maxOrigin is the number of rows in which a metadata sheet names its release.
	maxOrigin = 100
	// maxRowNumber is the number of rows of the largest sheet.
	maxRowNumber = 1 << 20
)

var addressOf = regexp.MustCompile(`/v1/(?:releases/[^/?]+/)?([a-z-]+)(?:\.xlsx)?$`)

// whole are the parameters of an address that do not select rows or columns.
var whole = []string{"release", "format", "labels", "sort"}

// origin finds out which dataset the workbook has.
func (t *sheet) origin(address string) bool {
	u, err := url.Parse(address)
	if err == nil {
		if m := addressOf.FindStringSubmatch(u.Path); m != nil {
			t.dataset = dataset.ByID(m[1])
		}
	}
	if t.dataset == nil {
		t.add(Finding{File: t.file, Value: address, Rule: "is not the address of a dataset; download the workbook again, and leave the sheet “Metadaten” (“Metadata”) as it is"})
		return false
	}
	for _, name := range slices.Sorted(maps.Keys(u.Query())) {
		if !slices.Contains(whole, name) {
			t.add(Finding{File: t.file, Value: name, Rule: "in the download address shows that the workbook has only some of the rows or columns; download the whole dataset", Hint: "from …" + path.Base(u.Path) + ".xlsx"})
			t.dataset = nil
			return false
		}
	}
	return true
}

// column returns the column with a header: its name or, if no other has it, its title.
func (t *sheet) column(header string) (dataset.Column, bool) {
	var titled []dataset.Column
	for _, c := range t.dataset.Columns {
		if c.Name == header {
			return c, true
		}
		if c.Title.DE == header || c.Title.EN == header {
			titled = append(titled, c)
		}
	}
	if len(titled) != 1 {
		return dataset.Column{}, false
	}
	return titled[0], true
}

func (t *sheet) hasHeader(cells []workbook.Cell) bool {
	known := 0
	for _, c := range cells {
		if _, ok := t.column(c.Value); ok {
			known++
		}
	}
	return 2*known > len(t.dataset.Columns)
}

// readHeader assigns columns to the places of the header.
func (t *sheet) readHeader(cells []workbook.Cell) bool {
	t.columns, t.unknown = map[int]dataset.Column{}, map[int]bool{}
	missing := t.dataset.Names()
	for _, cell := range cells {
		if c, ok := t.column(cell.Value); ok {
			missing = slices.DeleteFunc(missing, func(name string) bool { return name == c.Name })
		}
	}
	for _, cell := range cells {
		if cell.Kind == workbook.Empty {
			continue
		}
		wrong := func(rule string, allowed []string) {
			f := Finding{File: t.file, Sheet: t.name, Letter: workbook.Letters(cell.Column), Row: 1, Value: cell.Value, Rule: rule, Allowed: allowed}
			f.Nearest = nearestColumn(f.Value, missing, allowed)
			t.addValue(f, nil)
		}
		c, ok := t.column(cell.Value)
		switch letter := t.letters[c.Name]; {
		case !ok:
			t.unknown[cell.Column] = true
			wrong("is not a column of "+t.dataset.ID, t.dataset.Names())
		case letter != "":
			wrong("appears twice in the header", nil)
		default:
			t.columns[cell.Column], t.letters[c.Name] = c, workbook.Letters(cell.Column)
		}
	}
	for _, c := range t.dataset.Columns {
		if t.letters[c.Name] == "" {
			t.add(Finding{File: t.file, Sheet: t.name, Row: 1, Column: c.Name, Rule: "is missing from the header"})
		}
	}
	return len(t.columns) == len(t.dataset.Columns)
}

// compareWith reads the rows of the release that the workbook is from.
func (t *sheet) compareWith(base *Base, id string) (bool, error) {
	var err error
	t.from, err = base.store.Release(base.ctx, id)
	if errors.Is(err, domain.ErrNotFound) {
		t.add(Finding{File: t.file, Value: id, Rule: "is not a release of this database; download the workbook from the service that publishes from it"})
		return false, nil
	}
	if err != nil {
		return false, err
	}
	t.before, t.order = map[string][]string{}, map[string]int{}
	err = base.store.Read(base.ctx, t.from, t.dataset, func(cells [][]byte) error {
		if len(t.before) > MaxSheetRows {
			return errStopped
		}
		row := release.Texts(cells)
		t.order[row[0]] = len(t.before)
		t.before[row[0]] = row
		return nil
	})
	if errors.Is(err, errStopped) {
		t.wrong(tooManySheetRows, "")
		return false, nil
	}
	return err == nil, err
}

var tooManySheetRows = fmt.Sprintf("has too many rows; a workbook that is imported can have %s; edit the CSV file instead", thousandsOf(MaxSheetRows))

// readRows reads the rows and orders them.
func (t *sheet) readRows(base *Base, book *workbook.File, s workbook.Sheet) error {
	last := 1
	merged, err := book.Rows(s, workbook.Limits{Rows: maxRowNumber}, func(number int, cells []workbook.Cell) error {
		cells = slices.DeleteFunc(slices.Clone(cells), func(c workbook.Cell) bool { return c.Kind == workbook.Empty && c.Formula == "" })
		if number == 1 || len(cells) == 0 {
			return nil
		}
		if len(t.rows) >= MaxSheetRows {
			return errStopped
		}
		for n := last + 1; n < number; n++ {
			t.add(Finding{File: t.file, Sheet: t.name, Row: n, Rule: blankRow})
		}
		last = number
		t.readRow(number, cells, book.Epoch)
		return nil
	})
	switch {
	case errors.Is(err, errStopped):
		t.collector = collector{}
		t.wrong(tooManySheetRows, "")
		return nil
	case err != nil:
		t.wrong(damagedWorkbook, clean(err))
		return nil
	}
	t.checkMerged(merged)
	slices.SortStableFunc(t.rows, func(a, b sheetRow) int { return cmp.Compare(a.order, b.order) })
	t.faulted = map[place]bool{}
	for i, r := range t.rows {
		for _, column := range r.faulted {
			t.faulted[place{i + 2, column}] = true
			t.unnamed = t.unnamed || column == 0
		}
	}
	return t.compareLatest(base)
}

// checkMerged reports merged cells: only the first of them has a value.
func (t *sheet) checkMerged(merged []string) {
	edited, index := t.dataset.Edited(), map[int]int{}
	for i, r := range t.rows {
		index[r.number] = i
	}
	for covered, i := 0, 0; i < len(merged); i++ {
		columns, rows, ok := workbook.Range(merged[i])
		first, inside := index[rows[0]]
		if ok && !inside && rows[0] > 1 {
			continue // below the rows
		}
		t.addValue(Finding{File: t.file, Value: workbook.Reference(t.name, merged[i]), Rule: "are merged; unmerge them and fill in each cell"}, nil)
		for row := first; ok && inside && row < len(t.rows) && t.rows[row].number <= rows[1] && covered < MaxSheetRows; row++ {
			for column := columns[0]; column <= columns[1] && column < maxSheetColumns; column++ {
				c, known := t.columns[column]
				if at := slices.IndexFunc(edited, func(e dataset.Column) bool { return e.Name == c.Name }); known && at >= 0 {
					t.rows[row].faulted = append(t.rows[row].faulted, at)
				}
				covered++
			}
		}
	}
}

// maxSheetColumns is more than any dataset has columns.
const maxSheetColumns = 1 << 10

// compareLatest finds out whether the rows differ from those of the latest release, and
// refuses edits of rows that have changed in the latest release.
func (t *sheet) compareLatest(base *Base) error {
	d := t.dataset
	ours, _ := t.from.Dataset(d.ID)
	theirs, _ := base.Release.Dataset(d.ID)
	latest := t.before
	if ours.Version != theirs.Version {
		latest = map[string][]string{}
		err := base.store.Read(base.ctx, base.Release, d, func(cells [][]byte) error {
			row := release.Texts(cells)
			latest[row[0]] = row
			return nil
		})
		if err != nil {
			return err
		}
	}
	columns, ids := d.Edited(), map[string]bool{}
	for _, r := range t.rows {
		id := r.cells[0]
		if d.Computed && id != "" && ids[id] {
			t.add(Finding{File: t.file, Sheet: t.name, Letter: t.letters[columns[0].Name], Row: r.number, Column: columns[0].Name, Value: id, Rule: computedRow})
		}
		ids[id] = true
	}
	// A row that was copied over another leaves their number as it was.
	t.edited = len(t.rows) != len(latest) || len(ids) != len(latest)
	for _, r := range t.rows {
		before := latest[r.cells[0]]
		t.edited = t.edited || before == nil
		for i, c := range columns {
			t.edited = t.edited || r.cells[i] != before[d.Column(c.Name)]
		}
		if t.edited {
			break
		}
	}
	switch {
	case d.Computed && len(t.rows) < len(t.before) && len(t.findings) == 0:
		t.wrong(computedLack, fmt.Sprintf("it has %d rows instead of %d", len(t.rows), len(t.before)))
		return nil
	case t.edited && ours.Version != theirs.Version:
		t.wrong("is out of date: the dataset "+d.ID+" has changed in the latest release; download it again, and edit that", "it is from "+t.from.ID+", the latest is "+base.Release.ID)
		return nil
	}
	t.complete = true
	return nil
}

// csv returns the edited columns as a file of a data package.
func (t *sheet) csv() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(dataset.Names(t.dataset.Edited())) // a buffer never fails
	for _, r := range t.rows {
		_ = w.Write(r.cells)
	}
	w.Flush()
	return b.Bytes()
}

// locate turns the place of a finding in the CSV file into that in the workbook.
func (t *sheet) locate(f *Finding) {
	if f.File != t.dataset.ID+".csv" {
		return
	}
	number := func(row int) int {
		if i := row - 2; i >= 0 && i < len(t.rows) {
			return t.rows[i].number
		}
		return row
	}
	f.File = t.file
	if f.Row == 0 {
		return // about the whole file
	}
	f.Sheet, f.Letter, f.Row = t.name, t.letters[f.Column], number(f.Row)
	f.Rows = slices.Clone(f.Rows)
	for i, row := range f.Rows {
		f.Rows[i] = number(row)
	}
}
