// SPDX-License-Identifier: EUPL-1.2

package mcp

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// Explanation is the result of explain.
type Explanation struct {
	Terms
	Statement Row `json:"statement"`
	// Place is where the source states it.
	Place string `json:"place,omitempty"`
	// Values explains the cells that are not empty.
	Values []Value `json:"values"`
	// References has the rows that the row refers to by dataset and identifier, such as the
	// indicator with its definition.
	References map[string]Linked `json:"references"`
	// Statements are the other rows that the contradictions name, the first 100, and
	// StatementsTotal the number of all. The contradictions have their identifiers.
	Statements      []Row `json:"statements"`
	StatementsTotal int   `json:"statementsTotal"`
}

// Value is a cell with its meaning.
type Value struct {
	Column
	Value string `json:"value"`
	// Meaning has the entries of the codelist.
	Meaning []json.RawMessage `json:"meaning,omitempty"`
}

func (s *service) explain(ctx context.Context, snapshot *release.Snapshot, args arguments) (any, error) {
	id, err := args.required("id", "the identifier of a row", nil)
	if err != nil {
		return nil, err
	}
	only, err := args.dataset()
	if err != nil {
		return nil, err
	}
	column, err := args.text("column")
	if err != nil {
		return nil, err
	}
	r, err := s.readRelease(ctx, snapshot, args)
	if err != nil {
		return nil, err
	}
	d, err := r.locate(id, only)
	if err != nil {
		return nil, err
	}
	if column != "" && d.Column(column) < 0 {
		return nil, domain.NotOneOf("column", column, "is not a column of "+d.ID, d.Names())
	}
	return r.explain(d, id, column)
}

// locate returns the dataset that has a row with the identifier.
func (r *reader) locate(id string, only *dataset.Dataset) (*dataset.Dataset, error) {
	var found []string
	for _, d := range dataset.All {
		if only != nil && d != only {
			continue
		}
		n, err := r.releases.Count(r.ctx, r.release, dataset.Query{Dataset: d, Filters: []dataset.Filter{{Values: []string{id}}}})
		if err != nil {
			return nil, err
		}
		if n > 0 && (d != dataset.Withdrawn || d == only) {
			found = append(found, d.ID)
		}
	}
	switch len(found) {
	case 1:
		return dataset.ByID(found[0]), nil
	case 0:
		return nil, r.missing(id, only)
	}
	return nil, &domain.Invalid{Name: "dataset", Rule: "is required, because several datasets have a row " + id, Allowed: found}
}

// missing returns the error for an identifier that no row has.
func (r *reader) missing(id string, only *dataset.Dataset) error {
	var known []string
	for _, d := range dataset.All {
		if only != nil && d != only {
			continue
		}
		if w, ok := r.vocabulary.Withdrawn(d.ID, id); ok {
			return goneAt("id", id, w.Gone(id))
		}
		known = append(known, r.vocabulary.IDs(d.ID)...)
	}
	where := "any dataset"
	if only != nil {
		where = only.ID
	}
	return &domain.Invalid{Name: "id", Value: id, Rule: "is not the identifier of a row of " + where + " in release " + r.release.ID, Nearest: domain.Nearest(domain.Shorten(id), known)}
}

func (r *reader) explain(d *dataset.Dataset, id, column string) (*Explanation, error) {
	c, err := r.collect(dataset.Query{Dataset: d, Filters: []dataset.Filter{{Values: []string{id}}}})
	if err != nil {
		return nil, err
	}
	rows, err := r.byID(d, []string{id})
	if err != nil {
		return nil, err
	}
	cells, out := rows[id], &Explanation{Statement: c.Rows[0], Values: []Value{}, References: map[string]Linked{}}
	for i, of := range d.Columns {
		if of.Locates && of.Name == "locator" {
			out.Place = cells[i]
		}
		if cells[i] == "" {
			continue
		}
		if err := r.refer(of, cells[i], out.References); err != nil {
			return nil, err
		}
		if column != "" && column != of.Name {
			continue
		}
		v := Value{Column: r.column(of), Value: cells[i]}
		v.Codes = nil // the whole list explains nothing
		if v.Meaning, err = r.meaning(of, cells[i]); err != nil {
			return nil, err
		}
		out.Values = append(out.Values, v)
	}
	if out.Statements, out.StatementsTotal, err = r.contradicted(out.Statement); err != nil {
		return nil, err
	}
	err = r.complete(append(slices.Clone(out.Statements), out.Statement)...)
	out.Terms = r.terms
	return out, err
}

// refer adds the rows that a cell refers to.
func (r *reader) refer(c dataset.Column, cell string, to map[string]Linked) error {
	of := dataset.ByID(c.Of)
	if c.Entry() != dataset.Reference || of == nil || of == dataset.Sources {
		return nil
	}
	rows := map[string]Linked{}
	if err := r.linked(of, strings.Fields(cell), rows); err != nil {
		return err
	}
	for id, row := range rows {
		to[of.ID+"/"+id] = row
	}
	return nil
}

// meaning returns the entries of the codelist for the codes in a cell.
func (r *reader) meaning(c dataset.Column, cell string) ([]json.RawMessage, error) {
	if c.Entry() != dataset.Code {
		return nil, nil
	}
	var out []json.RawMessage
	list, code := dataset.Codelists.Column("codelist"), dataset.Codelists.Column("code")
	q := dataset.Query{Dataset: dataset.Codelists, Filters: []dataset.Filter{
		{Column: list, Values: []string{c.Of}}, {Column: code, Values: slices.Sorted(strings.FieldsSeq(cell))},
	}}
	err := r.each(q, func(cells []string) error {
		entry, err := encodeRow(dataset.Codelists, dataset.Codelists.Columns, cells)
		out = append(out, entry)
		return err
	})
	return out, err
}

// maxStatements is the maximum number of rows that an explanation sets against another.
const maxStatements = 100

// contradicted returns the other rows that the contradictions of a row name, and how many
// these are.
func (r *reader) contradicted(row Row) (rows []Row, total int, err error) {
	var ids []string
	for id, contradictions := range r.contradicting {
		if id != row.id && slices.ContainsFunc(contradictions, func(c string) bool { return slices.Contains(row.Contradictions, c) }) {
			ids = append(ids, id)
		}
	}
	rows = []Row{}
	slices.Sort(ids)
	for _, d := range dataset.All {
		if len(ids) == 0 || d == dataset.Changes || d == dataset.Withdrawn {
			continue
		}
		c, err := r.collect(dataset.Query{Dataset: d, Filters: []dataset.Filter{{Values: ids}}, Limit: maxStatements})
		if err != nil {
			return nil, 0, err
		}
		total += c.Total
		rows = append(rows, c.Rows[:min(len(c.Rows), maxStatements-len(rows))]...)
	}
	return rows, total, nil
}
