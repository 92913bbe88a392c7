// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/store"
)

// A bulk dataset can have millions of rows. Its file is never in memory: each step reads
// it again from the start, and the checks see it in batches. See ADR 20.

// batchSize is the number of rows of a bulk dataset that are checked together.
const batchSize = 4096

// maxSuggested is the maximum number of rows of a bulk dataset whose identifiers can be
// suggested in place of an unknown one.
const maxSuggested = 10_000

// bulkFile is the file of a bulk dataset.
type bulkFile struct {
	folder fs.FS
	path   string
	size   int64
	sum    string
	// plain reports that the file is as required: UTF-8 without byte order mark,
	// commas, and LF at the end of each line.
	plain bool
	// gained is set if the file is from the base, which lacks these columns.
	gained []string
	// crlf reports that the line endings may also be CRLF.
	crlf bool
}

func (f bulkFile) open() (io.ReadCloser, error) {
	content, err := f.folder.Open(f.path)
	if err != nil || len(f.gained) == 0 {
		return content, err
	}
	return widen(content, f.gained), nil
}

// bounded returns the records of a file that may be larger than memory.
func bounded(content io.Reader) *records {
	lines := newRecords(content, ',')
	lines.text.limit = maxRow
	return lines
}

// scanBulk reads the file of a bulk dataset once, to see whether it can be read as a
// stream.
func (r *reader) scanBulk(d *dataset.Dataset) (bulkFile, bool) {
	f := bulkFile{folder: r.folder, path: d.ID + ".csv", crlf: r.published[d.ID] && !r.carried[d.ID]}
	name := r.fileName(d)
	if r.carried[d.ID] {
		f.folder = r.base.folder()
		var err error
		if f.gained, err = gained(f.folder, d); err != nil {
			r.unreadable(name, err)
			return f, false
		}
	}
	if rule := irregular(f.folder, f.path); rule != "" {
		r.add(Finding{File: name, Rule: rule})
		return f, false
	}
	err := f.scan(int64(r.limits.bulk), dataset.Names(r.columns(d)))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.missing++
		r.add(Finding{File: name, Rule: missingFile})
	case errors.Is(err, errTooLarge):
		r.add(Finding{File: name, Rule: fmt.Sprintf("is too large; it can have %s bytes", thousandsOf(r.limits.bulk))})
	case err != nil:
		r.unreadable(name, err)
	}
	return f, err == nil
}

func (f *bulkFile) scan(limit int64, columns []string) error {
	content, err := f.open()
	if err != nil {
		return err
	}
	defer content.Close()
	blocks := bufio.NewReaderSize(content, 256<<10)
	start, err := blocks.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	header, _ := csv.NewReader(bytes.NewReader(start)).Read()
	sum := sha256.New()
	buffer, rest := make([]byte, 256<<10), 0
	f.plain = true
	last := byte('\n')
	for {
		n, err := blocks.Read(buffer[rest:])
		if n > 0 {
			text := buffer[:rest+n]
			sum.Write(text[rest:])
			if f.size += int64(n); f.size > limit {
				return errTooLarge
			}
			last = text[len(text)-1]
			whole := len(text) - domain.Incomplete(text)
			f.plain = f.plain && (f.crlf || bytes.IndexByte(text[rest:], '\r') < 0) && utf8.Valid(text[:whole])
			rest = copy(buffer, text[whole:])
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	f.plain = f.plain && rest == 0 && last == '\n' && slices.Equal(header, columns)
	f.sum = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// start returns as much of the file as is checked if it cannot be read as a stream. Such
// a file is refused anyway.
func (f bulkFile) start(limit int) ([]byte, bool, error) {
	content, err := f.open()
	if err != nil {
		return nil, false, err
	}
	defer content.Close()
	text, err := io.ReadAll(io.LimitReader(content, int64(limit)))
	if err != nil || int64(len(text)) == f.size {
		return text, true, err
	}
	return text[:bytes.LastIndexByte(text, '\n')+1], false, nil
}

// readBulk reads and checks a bulk dataset, after all others.
func (r *reader) readBulk(d *dataset.Dataset, known map[string]*vocabulary) {
	f, ok := r.scanBulk(d)
	if !ok {
		return
	}
	r.pkg.Files[f.path] = store.File{Path: f.path, Size: f.size, Sum: f.sum, Open: f.open}
	t := &Table{Dataset: d, file: r.fileName(d), Columns: r.columns(d), broken: map[int]bool{}, source: f}
	b := &bulk{reader: r, known: known, vocabulary: &vocabulary{}, wanted: r.wanted(d)}
	t.bulk = b
	r.pkg.Tables[d.ID] = t
	if f.plain {
		content, err := f.open()
		if err != nil {
			r.unreadable(t.file, err)
			return
		}
		defer content.Close()
		b.open = func() (*records, io.Closer, error) {
			content, err := f.open()
			return bounded(content), content, err
		}
		r.readRecords(t, bounded(content))
	} else {
		text, whole, err := f.start(MaxFile)
		if err != nil {
			r.unreadable(t.file, err)
			return
		}
		r.readText(t, text)
		if !whole {
			t.complete = false
			r.add(Finding{File: t.file, Rule: "only the start was checked; correct the format first"})
		}
	}
	b.flush(t)
	b.repeated(t)
	r.edit(t)
	if t.complete {
		known[d.ID] = b.vocabulary
	}
}

// wanted returns the identifiers of a bulk dataset that other tables name, apart from
// references.
func (r *reader) wanted(d *dataset.Dataset) map[string]bool {
	out := map[string]bool{}
	if t := r.pkg.Tables["contradictions"]; t != nil {
		for _, row := range t.Rows {
			for id := range strings.FieldsSeq(t.Cell(row, "rows")) {
				out[id] = true
			}
		}
	}
	if t := r.pkg.Tables["withdrawn"]; t != nil {
		for _, row := range t.Rows {
			if t.Cell(row, "dataset") == d.ID {
				out[row[0]] = true
			}
		}
	}
	return out
}

// bulk checks a bulk dataset batch by batch.
type bulk struct {
	reader *reader
	known  map[string]*vocabulary
	// rows is the number of rows before the batch, brokenRows of those that are broken.
	rows, brokenRows int
	// vocabulary has the identifiers that are wanted, and the first ones to suggest.
	vocabulary *vocabulary
	wanted     map[string]bool
	// ids and facts find what is repeated.
	ids, facts digests
	// open reads the records again; places and width are those of the header.
	open   func() (*records, io.Closer, error)
	places []int
	width  int
}

// flush checks the rows read since the last batch.
func (b *bulk) flush(t *Table) {
	r := b.reader
	r.checkTable(t, b.known)
	fact := factOf(t)
	for _, row := range t.sound() {
		if row[0] != "" {
			b.ids.add(row[0])
		}
		if fact != nil {
			b.facts.add(fact(row))
		}
	}
	r.compareComputed(t)
	for i, row := range t.Rows {
		if b.wanted[row[0]] || b.rows+i < maxSuggested {
			b.vocabulary.add(strings.Clone(row[0]))
		}
	}
	b.rows += len(t.Rows)
	b.brokenRows += len(t.broken)
	t.Rows, t.numbers = t.Rows[:0], t.numbers[:0]
	clear(t.broken)
}

// repeated reports identifiers and statements that are repeated. Digests only tell where
// to look; they are compared in full.
func (b *bulk) repeated(t *Table) {
	ids, facts := b.ids.repeated(), b.facts.repeated()
	b.ids, b.facts = digests{}, digests{}
	if len(ids) == 0 && len(facts) == 0 {
		return
	}
	lines, content, err := b.open()
	if err != nil {
		b.reader.unreadable(t.file, err)
		return
	}
	defer content.Close()
	fact, firstID, firstFact := factOf(t), map[string]int{}, map[string]int{}
	row := make([]string, len(t.Columns))
	for first := true; ; first = false {
		cells, err := lines.next()
		if err != nil && !errors.As(err, new(*csv.ParseError)) {
			return // at the end, or where reading stopped before
		}
		if err != nil || first || len(cells) != b.width || !slices.ContainsFunc(cells, func(cell string) bool { return cell != "" }) {
			continue // the header, or reported
		}
		for i, place := range b.places {
			if row[i] = ""; place >= 0 {
				row[i] = cells[place]
			}
		}
		t.numbers = append(t.numbers[:0], lines.row)
		if row[0] != "" && ids[digest(row[0])] {
			b.reader.checkRepeated(t, firstID, row[0], 0, repeatedID)
		}
		if fact == nil {
			continue
		}
		if f := fact(row); facts[digest(f)] {
			b.reader.checkRepeated(t, firstFact, f, 0, repeatedFact)
		}
	}
}

// digests finds repeated texts among millions: it keeps eight bytes of each.
type digests struct{ parts [256][]uint64 }

var seed = maphash.MakeSeed()

func digest(text string) uint64 { return maphash.String(seed, text) }

func (d *digests) add(text string) {
	sum := digest(text)
	d.parts[sum>>56] = append(d.parts[sum>>56], sum)
}

// repeated returns the digests that were added more than once.
func (d *digests) repeated() map[uint64]bool {
	out := map[uint64]bool{}
	for _, part := range d.parts {
		slices.Sort(part)
		for i := 1; i < len(part); i++ {
			if part[i] == part[i-1] {
				out[part[i]] = true
			}
		}
	}
	return out
}

// All yields the rows of the table; those of a bulk dataset are read from its file. A row
// is valid until the next.
func (t *Table) All() store.Rows {
	if t.bulk == nil {
		return store.RowsOf(t.Rows)
	}
	return func(yield func([]string, error) bool) {
		content, err := t.source.open()
		if err != nil {
			yield(nil, err)
			return
		}
		defer content.Close()
		lines := csv.NewReader(bufio.NewReaderSize(content, 256<<10))
		lines.ReuseRecord, lines.FieldsPerRecord = true, -1
		if _, err := lines.Read(); err != nil {
			yield(nil, err)
			return
		}
		for {
			row, err := lines.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil && t.places != nil {
				row = t.project(row)
			} else if err == nil && len(row) != len(t.Columns) {
				err = store.ErrChanged
			}
			if err != nil {
				yield(nil, err) // the row may have any number of cells
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Len returns the number of rows or, while they are being read, the number so far.
func (t *Table) Len() int {
	if t.bulk != nil {
		return t.bulk.rows + len(t.Rows)
	}
	return len(t.Rows)
}
