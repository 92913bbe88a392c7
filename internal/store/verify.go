package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/strategy"
)

// Fault is a place where a release is not as it was published.
type Fault struct {
	Release string
	// Dataset, Row and Column say where, as far as that is known.
	Dataset, Row, Column string
	// Text says what is wrong.
	Text string
}

// String names the place and says what is wrong there.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString("release " + f.Release)
	for _, part := range [...]struct{ name, value string }{{"dataset", f.Dataset}, {"row", f.Row}, {"column", f.Column}} {
		if part.value != "" {
			b.WriteString(", " + part.name + " " + part.value)
		}
	}
	return b.String() + ": " + f.Text
}

// Damaged is the error for a release that is not as it was published. It is
// strategy.ErrUnavailable: what cannot be trusted is not served.
type Damaged []Fault

// Error is the first fault and the number of the others.
func (d Damaged) Error() string {
	text := d[0].String()
	if len(d) > 1 {
		text += fmt.Sprintf(" (and %d more)", len(d)-1)
	}
	return text + "; “zielstand release verify " + d[0].Release + "” reports all"
}

// Is reports whether target is strategy.ErrUnavailable.
func (Damaged) Is(target error) bool { return target == strategy.ErrUnavailable }

// Verification says how a release is verified.
type Verification struct {
	// Effort bounds the work, nil is no bound. To verify a row takes 10, its packed
	// form alone takes 1; where not even that is left the rows are only counted. What
	// was done is taken off.
	Effort *int64
	// Package are the rows as the release's data package gives them, by dataset. With
	// them Verify names the row that differs. It may be nil.
	Package map[string][][]string
}

// Verify holds the rows of a release against the checksums with which it was
// published, and its packed rows against the columns that filters, order and search
// use. An error means that it could not be verified.
func (s *Store) Verify(ctx context.Context, r *strategy.Release, v Verification) ([]Fault, error) {
	var faults []Fault
	err := s.Whole(ctx, r)
	if err != nil && s.stillThere(ctx, r) != nil {
		return nil, err
	}
	if err != nil {
		faults = append(faults, Fault{Release: r.ID, Text: fmt.Sprintf("it has %d datasets, which is not the number that it was published with", len(r.Datasets))})
	}
	for _, d := range dataset.All {
		found, err := s.verifyDataset(ctx, r, d, v)
		if err != nil {
			return faults, fmt.Errorf("verify release %s, dataset %s: %w", r.ID, d.ID, translate(err))
		}
		faults = append(faults, found...)
	}
	for _, part := range r.Datasets {
		if dataset.ByID(part.ID) == nil && v.thorough() {
			faults = append(faults, Fault{Release: r.ID, Dataset: part.ID, Text: "this program does not know the dataset and cannot verify it"})
		}
	}
	if len(faults) > 0 {
		if err := s.stillThere(ctx, r); err != nil { // deleted meanwhile
			return nil, fmt.Errorf("verify: %w", translate(err))
		}
	}
	return faults, nil
}

// VerifyFiles holds the files of a release's data package against the release's
// content hash. It does nothing if they have more bytes than most, or if there are
// none, as for a release whose rows were generated; most is negative for no bound.
func (s *Store) VerifyFiles(ctx context.Context, r *strategy.Release, most int64) ([]Fault, error) {
	var size int64
	err := s.read.WithContext(ctx).Raw("SELECT CAST(COALESCE(SUM(LENGTH(content)), 0) AS bigint) FROM release_files WHERE release_seq = ?", r.Seq).Scan(&size).Error
	if err != nil {
		return nil, fmt.Errorf("verify release %s: files: %w", r.ID, translate(err))
	}
	if size == 0 || most >= 0 && size > most {
		return nil, nil
	}
	files, err := s.Files(ctx, r)
	if err != nil {
		return nil, err
	}
	if sum := ContentHash(files); sum != r.ContentHash {
		return []Fault{{Release: r.ID, Text: fmt.Sprintf("the files of its data package have the SHA-256 %s, not %s", sum, r.ContentHash)}}, nil
	}
	return nil, nil
}

// ContentHash is the SHA-256 over paths and contents of the files of a data package
// in order, in hexadecimal.
func ContentHash(files []File) string {
	sum := sha256.New()
	for _, f := range files {
		fmt.Fprintf(sum, "%s\x00%d\x00", f.Path, len(f.Content))
		sum.Write(f.Content)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (s *Store) verifyDataset(ctx context.Context, r *strategy.Release, d *dataset.Dataset, v Verification) ([]Fault, error) {
	c := &checker{release: r, dataset: d}
	part, ok := r.Dataset(d.ID)
	depth := v.depth(part.Rows)
	if !ok || depth == 0 {
		var n int64
		err := s.read.WithContext(ctx).Raw("SELECT COUNT(*) FROM "+d.Table()+" WHERE release_seq = ?", r.Seq).Scan(&n).Error
		if err == nil && n != part.Rows {
			c.add(Fault{Text: fmt.Sprintf("it has %d rows, not %d", n, part.Rows)})
		}
		return c.faults, err
	}
	if err := fits(r, d); err != nil {
		c.add(Fault{Text: c.bare(err)})
		return c.faults, nil
	}
	if err := c.begin(part, v.Package); err != nil {
		if v.thorough() {
			c.add(Fault{Text: err.Error()})
		}
		return c.faults, nil
	}
	var err error
	if depth == packedOnly {
		err = c.scanPacked(ctx, s.rows)
	} else {
		err = c.scan(s.read.WithContext(ctx))
	}
	if err != nil {
		return nil, err
	}
	c.end()
	return c.faults, nil
}

const (
	packedOnly  = 1
	allOfTheRow = 10
)

// thorough reports whether what cannot be verified is a fault. To a server it is not:
// it may be an older program than the one that published the release.
func (v Verification) thorough() bool { return v.Effort == nil }

// depth is what each of so many rows may take.
func (v Verification) depth(rows int64) int64 {
	if v.Effort == nil {
		return allOfTheRow
	}
	for _, depth := range []int64{allOfTheRow, packedOnly} {
		if rows <= *v.Effort/depth {
			*v.Effort -= rows * depth
			return depth
		}
	}
	return 0
}

// maxFaults is how many faults of a dataset are listed.
const maxFaults = 20

// checker verifies the rows of a dataset one after the other.
type checker struct {
	release *strategy.Release
	dataset *dataset.Dataset
	part    strategy.ReleaseDataset
	faults  []Fault
	more    int // faults that are not listed
	rows    int64
	last    int64  // ordinal of the row before
	lastID  string // and its id
	hashed  []int  // the columns that the checksum covers
	sum     hash.Hash
	edited  []int // the columns that stand in the data package
	want    map[string][]string
	order   []string // the ids of want that were not seen
	derived []Fault  // differences in columns that the program computes
}

func (c *checker) add(f Fault) {
	if len(c.faults) == maxFaults {
		c.more++
		return
	}
	f.Release, f.Dataset = c.release.ID, c.dataset.ID
	c.faults = append(c.faults, f)
}

// bare is the text of an error without the place, which the fault names.
func (c *checker) bare(err error) string {
	return strings.TrimPrefix(err.Error(), fmt.Sprintf("%v: release %s, dataset %s: ", strategy.ErrUnavailable, c.release.ID, c.dataset.ID))
}

func (c *checker) begin(part strategy.ReleaseDataset, pkg map[string][][]string) error {
	c.part = part
	for _, name := range part.Columns {
		i := c.dataset.Column(name)
		if i < 0 {
			return fmt.Errorf("it was published with the column %s, which this program does not know: it cannot be verified", name)
		}
		c.hashed = append(c.hashed, i)
	}
	c.sum = sha256.New()
	rows, ok := pkg[c.dataset.ID]
	if !ok {
		return nil
	}
	for i, column := range c.dataset.Columns {
		if column.Via == "" && !c.dataset.Computed {
			c.edited = append(c.edited, i)
		}
	}
	c.want = make(map[string][]string, len(rows))
	for _, row := range rows {
		c.want[row[0]] = row
		c.order = append(c.order, row[0])
	}
	return nil
}

func (c *checker) scan(db *gorm.DB) error {
	names := sqlColumns(c.dataset)
	rows, err := db.Raw("SELECT "+strings.Join(names, ", ")+" FROM "+c.dataset.Table()+" WHERE release_seq = ? ORDER BY ordinal", c.release.Seq).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	stored, into := make([]any, len(names)), make([]any, len(names))
	for i := range into {
		into[i] = &stored[i]
	}
	u := newUnpacker(c.release.ID, dataset.Query{Dataset: c.dataset})
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		c.row(u, names, stored)
	}
	return rows.Err()
}

// row verifies a row with all that is stored beside its packed form.
func (c *checker) row(u *unpacker, names []string, stored []any) {
	cells := make([]string, len(c.dataset.Columns))
	ordinal, _ := stored[1].(int64)
	if err := u.row([]byte(asText(stored[2]))); err != nil {
		for i, column := range c.dataset.Columns {
			cells[i] = asText(stored[slices.Index(names, quote(column.SQL()))])
		}
		c.count(ordinal, cells[0])
		c.add(Fault{Row: cells[0], Text: c.bare(err)})
		delete(c.want, cells[0]) // it is there
		return
	}
	c.count(ordinal, string(u.parts[0]))
	for i, cell := range u.parts[:len(cells)] {
		cells[i] = string(cell)
	}
	want := appendCells([]any{nil, nil, nil}, c.dataset, cells)
	if u.ordinal != ordinal {
		c.add(Fault{Row: cells[0], Text: fmt.Sprintf("is number %d, but its packed row ends in %d", ordinal, u.ordinal)})
	}
	for i := 3; i < len(want); i++ { // behind the release, the number and the packed row
		if !same(stored[i], want[i]) {
			c.add(Fault{Row: cells[0], Column: strings.Trim(names[i], `"`), Text: differ("is %s, but the packed row has %s", stored[i], want[i])})
		}
	}
	c.hash(u.parts)
	c.compare(cells)
}

// scanPacked verifies the packed rows alone.
func (c *checker) scanPacked(ctx context.Context, from source) error {
	u := newUnpacker(c.release.ID, dataset.Query{Dataset: c.dataset})
	text := "SELECT cells FROM " + c.dataset.Table() + " WHERE release_seq = $1 ORDER BY ordinal"
	return from.query(ctx, text, []any{c.release.Seq}, func(value []byte) error {
		if err := u.row(value); err != nil {
			c.count(c.last+1, "")
			c.add(Fault{Text: c.bare(err)})
			return nil
		}
		c.count(u.ordinal, string(u.parts[0]))
		c.hash(u.parts)
		return nil
	})
}

// count notices rows that are missing by their numbers.
func (c *checker) count(ordinal int64, id string) {
	c.rows++
	if ordinal != c.last+1 {
		after := "at the beginning"
		if c.lastID != "" {
			after = "after the row " + c.lastID
		}
		c.add(Fault{Text: fmt.Sprintf("rows are missing %s: number %d follows number %d", after, ordinal, c.last)})
	}
	c.last, c.lastID = ordinal, id
}

// hash adds a row to the checksum, as hashRow does.
func (c *checker) hash(parts [][]byte) {
	for _, i := range c.hashed {
		c.sum.Write(parts[i])
		c.sum.Write([]byte{0})
	}
	c.sum.Write([]byte{1})
}

// compare holds a row against the data package's.
func (c *checker) compare(cells []string) {
	if c.want == nil {
		return
	}
	row, ok := c.want[cells[0]]
	if !ok {
		c.differs(!c.dataset.Computed, Fault{Row: cells[0], Text: "is not in the data package"})
		return
	}
	delete(c.want, cells[0])
	for i, cell := range cells {
		if cell == row[i] {
			continue
		}
		f := Fault{Row: cells[0], Column: c.dataset.Columns[i].Name, Text: differ("is %s, but the data package has %s", cell, row[i])}
		c.differs(slices.Contains(c.edited, i), f)
	}
}

func (c *checker) differs(edited bool, f Fault) {
	switch {
	case edited:
		c.add(f)
	case len(c.derived) <= maxFaults:
		c.derived = append(c.derived, f)
	}
}

// end compares what is known of all rows. Of what the program computes, such as
// rows of progress, another version may compute something else: that counts only
// where the checksum differs.
func (c *checker) end() {
	if c.rows != c.part.Rows {
		c.add(Fault{Text: fmt.Sprintf("it has %d rows, not %d", c.rows, c.part.Rows)})
	}
	sum := hex.EncodeToString(c.sum.Sum(nil))
	changed := sum != c.part.ContentHash
	if changed || !c.dataset.Computed {
		for _, id := range c.order {
			if _, absent := c.want[id]; absent {
				c.add(Fault{Row: id, Text: "is missing; the data package has it"})
			}
		}
	}
	if changed {
		for _, f := range c.derived {
			c.add(f)
		}
		c.add(Fault{Text: fmt.Sprintf("its rows have the SHA-256 %s, not %s", sum, c.part.ContentHash)})
	}
	if c.more > 0 {
		c.faults = append(c.faults, Fault{Release: c.release.ID, Dataset: c.dataset.ID, Text: fmt.Sprintf("and %d more faults", c.more)})
	}
}

// same compares a value of the database with the one that was written.
func same(stored, written any) bool {
	switch w := written.(type) {
	case string:
		return stored != nil && asText(stored) == w
	default:
		return stored == written
	}
}

func asText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// differ puts two values that differ into a message: of long texts what is around
// the first difference.
func differ(format string, a, b any) string {
	const before, longest = 15, 60
	texts := [2]string{asText(a), asText(b)}
	same := 0
	for same < min(len(texts[0]), len(texts[1])) && texts[0][same] == texts[1][same] {
		same++
	}
	var shown [2]any
	for i, text := range texts {
		if len(text) > longest {
			start, end := max(0, same-before), min(len(text), max(0, same-before)+longest)
			cut := strings.ToValidUTF8(text[start:end], "")
			if start > 0 {
				cut = "…" + cut
			}
			if end < len(text) {
				cut += "…"
			}
			text = cut
		}
		shown[i] = strconv.Quote(text)
	}
	if a == nil {
		shown[0] = "empty"
	}
	if b == nil {
		shown[1] = "empty"
	}
	return fmt.Sprintf(format, shown[0], shown[1])
}
