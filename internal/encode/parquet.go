// SPDX-License-Identifier: EUPL-1.2

package encode

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/zielstand/zielstand/internal/dataset"
)

// ParquetText is the suffix of the column with the reported text of a decimal column: a
// double has no trailing zeros and at most 17 digits.
const ParquetText = "Text"

// rowGroup is the number of rows that the writer buffers, compressed, before it writes
// them.
const rowGroup = 1 << 17

// parquetEncoder writes Apache Parquet with typed columns. All columns are optional: an
// empty cell is null, except in a list column, where it is an empty list.
type parquetEncoder struct {
	w      *parquet.GenericWriter[any]
	leaves []parquetLeaf
	row    parquet.Row
	rows   []parquet.Row
}

// parquetLeaf is a column of the file.
type parquetLeaf struct {
	cell int // index of the column of the document
	name string
	kind dataset.Type
}

func newParquet(w io.Writer, d Document) Encoder {
	e := &parquetEncoder{}
	for i, c := range d.Columns {
		e.leaves = append(e.leaves, parquetLeaf{i, c.Name, c.Type})
		if c.Type == dataset.Decimal {
			e.leaves = append(e.leaves, parquetLeaf{i, c.Name + ParquetText, dataset.String})
		}
	}
	group := orderedGroup{Group: parquet.Group{}}
	for _, l := range e.leaves {
		field := parquet.Group{l.name: parquetNode(l.kind)}
		group.Group[l.name] = field[l.name]
		group.fields = append(group.fields, field.Fields()...)
	}
	options := []parquet.WriterOption{
		parquet.NewSchema(d.Meta.Dataset, group), parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(rowGroup),
		parquet.CreatedBy("zielstand", "", ""),
	}
	for _, m := range [...]struct{ key, value string }{
		{"dataset", d.Meta.Dataset},
		{"release", d.Meta.Release},
		{"version", d.Version},
		{"modified", d.Meta.Modified.UTC().Format(time.RFC3339)},
		{"license", d.Meta.License},
		{"attribution", d.Meta.Attribution},
		{"source", d.Address},
	} {
		if m.value != "" {
			options = append(options, parquet.KeyValueMetadata(m.key, m.value))
		}
	}
	e.w = parquet.NewGenericWriter[any](w, options...)
	e.rows = make([]parquet.Row, 1)
	return e
}

// orderedGroup is a group whose fields keep their order; parquet.Group sorts them.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

// Fields returns the fields in their order.
func (g orderedGroup) Fields() []parquet.Field { return g.fields }

func parquetNode(t dataset.Type) parquet.Node {
	switch t {
	case dataset.Decimal:
		return parquet.Optional(parquet.Leaf(parquet.DoubleType))
	case dataset.Integer:
		return parquet.Optional(parquet.Int(64))
	case dataset.Boolean:
		return parquet.Optional(parquet.Leaf(parquet.BooleanType))
	case dataset.Date:
		return parquet.Optional(parquet.Date())
	case dataset.List:
		return parquet.List(parquet.String())
	default:
		return parquet.Optional(parquet.Encoded(parquet.String(), &parquet.RLEDictionary))
	}
}

// Row writes one row.
func (e *parquetEncoder) Row(cells [][]byte) error {
	e.row = e.row[:0]
	for i, l := range e.leaves {
		if err := e.append(i, l, cells[l.cell]); err != nil {
			return err
		}
	}
	e.rows[0] = e.row
	_, err := e.w.WriteRows(e.rows)
	return err
}

func (e *parquetEncoder) append(column int, l parquetLeaf, cell []byte) error {
	switch {
	case l.kind == dataset.List:
		repetition := 0
		for word := range bytes.FieldsSeq(cell) {
			e.row = append(e.row, parquet.ByteArrayValue(word).Level(repetition, 1, column))
			repetition = 1
		}
		if repetition == 0 {
			e.row = append(e.row, parquet.NullValue().Level(0, 0, column))
		}
		return nil
	case len(cell) == 0:
		e.row = append(e.row, parquet.NullValue().Level(0, 0, column))
		return nil
	}
	value, err := parquetValue(l.kind, cell)
	if err != nil {
		return fmt.Errorf("column %s: the cell %q cannot be written as Parquet: %w", l.name, cell, err)
	}
	e.row = append(e.row, value.Level(0, 1, column))
	return nil
}

func parquetValue(t dataset.Type, cell []byte) (parquet.Value, error) {
	switch t {
	case dataset.Decimal:
		f, err := strconv.ParseFloat(string(cell), 64)
		return parquet.DoubleValue(f), err
	case dataset.Integer:
		n, err := strconv.ParseInt(string(cell), 10, 64)
		return parquet.Int64Value(n), err
	case dataset.Boolean:
		b, err := strconv.ParseBool(string(cell))
		return parquet.BooleanValue(b), err
	case dataset.Date:
		day, err := time.Parse(time.DateOnly, string(cell))
		return parquet.Int32Value(int32(day.Unix() / (24 * 60 * 60))), err
	default:
		return parquet.ByteArrayValue(cell), nil
	}
}

// Close writes the last rows and the footer.
func (e *parquetEncoder) Close() error { return e.w.Close() }
