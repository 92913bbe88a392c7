// SPDX-License-Identifier: EUPL-1.2

package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/table"
)

// Row is a row of a dataset, or a group of rows, with what supports and what contradicts
// it.
type Row struct {
	Dataset string `json:"dataset"`
	// Link is the permanent address of the row or of the rows of the group.
	Link string `json:"link"`
	// Sources are the identifiers of the sources of its values. Datasets of definitions
	// (indicators, codelists, contradictions …) have none.
	Sources []string `json:"sources"`
	// Contradictions are the identifiers of what concerns its values.
	Contradictions []string        `json:"contradictions"`
	Row            json.RawMessage `json:"row"`

	id string
}

// Collection is a page of the rows that a query finds.
type Collection struct {
	Dataset string `json:"dataset"`
	// Meaning says what the rows have in common.
	Meaning string `json:"meaning,omitempty"`
	Total   int    `json:"total"`
	// Address is the permanent address of the same query in the API.
	Address string `json:"address"`
	// Next is the value of the parameter after for the next page; absent on the last.
	Next string `json:"next,omitempty"`
	Rows []Row  `json:"rows"`
}

// Terms are what every result has.
type Terms struct {
	Release     string `json:"release"`
	License     string `json:"license"`
	Attribution string `json:"attribution"`
	// Sources and Contradictions have the rows that others name, by identifier.
	Sources        map[string]Linked `json:"sources"`
	Contradictions map[string]Linked `json:"contradictions"`
}

// Linked is a row with its permanent address.
type Linked struct {
	Link string          `json:"link"`
	Row  json.RawMessage `json:"row"`
}

// reader reads one release for one call and collects what its rows name.
type reader struct {
	*service
	ctx        context.Context
	release    *domain.Release
	vocabulary *release.Vocabulary
	terms      Terms

	contradicting map[string][]string // identifiers of contradictions by those of the rows they name
}

func (s *service) read(ctx context.Context, r *domain.Release) (*reader, error) {
	vocabulary, err := s.releases.Vocabulary(ctx, r)
	if err != nil {
		return nil, err
	}
	rd := &reader{
		service: s, ctx: ctx, release: r, vocabulary: vocabulary, contradicting: map[string][]string{},
		terms: Terms{r.ID, s.options.License, s.options.Attribution, map[string]Linked{}, map[string]Linked{}},
	}
	rows := dataset.Contradictions.Column("rows")
	err = rd.each(dataset.Query{Dataset: dataset.Contradictions}, func(cells []string) error {
		for id := range strings.FieldsSeq(cells[rows]) {
			rd.contradicting[id] = append(rd.contradicting[id], cells[0])
		}
		return nil
	})
	return rd, err
}

// each calls yield with copies of the cells of all rows of a query.
func (r *reader) each(q dataset.Query, yield func(cells []string) error) error {
	return r.releases.Rows(r.ctx, r.release, q, func(cells [][]byte) error { return yield(release.Texts(cells)) })
}

// byID returns the rows of a dataset with the identifiers, by identifier.
func (r *reader) byID(d *dataset.Dataset, ids []string) (map[string][]string, error) {
	found := map[string][]string{}
	if len(ids) == 0 {
		return found, nil
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	err := r.each(dataset.Query{Dataset: d, Filters: []dataset.Filter{{Values: ids}}}, func(cells []string) error {
		found[cells[0]] = cells
		return nil
	})
	return found, err
}

// link returns the permanent address of a row.
func (r *reader) link(d *dataset.Dataset, id string) string {
	return r.address(d.ID+"/"+url.PathEscape(id), url.Values{})
}

// linkAsOf returns the permanent address of a row of a query, as it was known on the day of
// the query.
func (r *reader) linkAsOf(q dataset.Query, id string) string {
	if q.AsOf == "" {
		return r.link(q.Dataset, id)
	}
	return r.address(q.Dataset.ID, url.Values{"id": {id}, "asOf": {q.AsOf}})
}

func (r *reader) address(path string, values url.Values) string {
	values.Set("release", r.release.ID)
	return r.options.PublicURL + "/v1/" + path + "?" + values.Encode()
}

// collect returns the rows of a query. It needs all columns of a row to find its sources;
// the row that is returned has those of the query.
func (r *reader) collect(q dataset.Query) (*Collection, error) {
	values := url.Values{}
	for _, p := range q.Parameters() {
		values.Set(p.Name, p.Value)
	}
	if q.After > 0 {
		values.Set("after", q.Cursor(r.release.ID, q.After))
	}
	c := &Collection{Dataset: q.Dataset.ID, Address: r.address(q.Dataset.ID, values), Rows: []Row{}}
	whole := q
	whole.Fields = nil
	page, err := r.releases.Query(r.ctx, r.release, whole)
	if err != nil {
		return nil, err
	}
	if c.Total = page.Total; page.Next > 0 {
		c.Next = q.Cursor(r.release.ID, page.Next)
	}
	rows, err := cellsOf(r.ctx, page)
	if err != nil {
		return nil, err
	}
	if q.GroupBy != nil {
		c.Rows, err = r.groups(q, rows)
		return c, err
	}
	basis, err := r.basis(q.Dataset, rows)
	if err != nil {
		return nil, err
	}
	for _, cells := range rows {
		row := Row{id: cells[0], Dataset: q.Dataset.ID, Link: r.linkAsOf(q, cells[0]), Sources: basis.sources(q.Dataset, cells), Contradictions: r.concerning(q.Dataset, cells)}
		selected := cells
		if q.Fields != nil {
			selected = nil
			for _, i := range q.Fields {
				selected = append(selected, cells[i])
			}
			selected = append(selected, cells[len(q.Dataset.Columns):]...) // what include adds
		}
		if row.Row, err = encodeRow(q.Dataset, q.Columns(), selected); err != nil {
			return nil, err
		}
		c.Rows = append(c.Rows, row)
	}
	return c, nil
}

func cellsOf(ctx context.Context, page *table.Page) (rows [][]string, err error) {
	err = page.Each(ctx, func(cells [][]byte) error {
		rows = append(rows, release.Texts(cells))
		return nil
	})
	return rows, err
}

// encodeRow writes the cells of a row as the API does.
func encodeRow(d *dataset.Dataset, columns []dataset.Column, cells []string) (json.RawMessage, error) {
	values := make([][]byte, len(cells))
	for i, cell := range cells {
		values[i] = []byte(cell)
	}
	var b bytes.Buffer
	ndjson, _ := encode.Find("ndjson", "")
	if err := ndjson.New(&b, encode.Document{Dataset: d, Columns: columns}).Row(values); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// isStatement reports whether the rows of a dataset are what sources state. What refers to
// one of them repeats it, with its sources and contradictions.
func isStatement(d *dataset.Dataset) bool {
	return d != nil && (d.Figures != nil || d == dataset.GoalStatus)
}

// stated yields the statements that a row repeats; a change repeats the row that changed.
func stated(d *dataset.Dataset, cells []string) []statement {
	var out []statement
	if d == dataset.Changes {
		if of := dataset.ByID(cells[d.Column("dataset")]); of != nil {
			return []statement{{of, cells[d.Column("row")]}}
		}
	}
	for i, c := range d.Columns {
		if of := dataset.ByID(c.Of); c.Type == dataset.Reference && cells[i] != "" && isStatement(of) {
			out = append(out, statement{of, cells[i]})
		}
	}
	return out
}

type statement struct {
	dataset *dataset.Dataset
	id      string
}

// basis are the cells of the statements that rows repeat.
type basis map[statement][]string

func (r *reader) basis(d *dataset.Dataset, rows [][]string) (basis, error) {
	ids := map[*dataset.Dataset][]string{}
	for _, cells := range rows {
		for _, s := range stated(d, cells) {
			ids[s.dataset] = append(ids[s.dataset], s.id)
		}
	}
	b := basis{}
	for of, named := range ids {
		found, err := r.byID(of, named)
		if err != nil {
			return nil, err
		}
		for id, cells := range found {
			b[statement{of, id}] = cells
		}
	}
	return b, nil
}

// sources returns the sources of a row and of the statements that it repeats.
func (b basis) sources(d *dataset.Dataset, cells []string) []string {
	out := []string{}
	add := func(d *dataset.Dataset, cells []string) {
		for i, c := range d.Columns {
			if c.Type == dataset.Reference && c.Of == dataset.Sources.ID && cells[i] != "" && !slices.Contains(out, cells[i]) {
				out = append(out, cells[i])
			}
		}
	}
	add(d, cells)
	for _, s := range stated(d, cells) {
		if cells, ok := b[s]; ok {
			add(s.dataset, cells)
		}
	}
	return out
}

// concerning returns the contradictions that name a row or a statement that it repeats.
func (r *reader) concerning(d *dataset.Dataset, cells []string) []string {
	out := slices.Clone(r.contradicting[cells[0]])
	for _, s := range stated(d, cells) {
		out = append(out, r.contradicting[s.id]...)
	}
	slices.Sort(out)
	return append([]string{}, slices.Compact(out)...)
}

// groups returns the groups of a query with the sources and contradictions of their rows.
func (r *reader) groups(q dataset.Query, groups [][]string) ([]Row, error) {
	rows, at := make([]Row, len(groups)), map[string]int{}
	var inexact []int
	for i, cells := range groups {
		at[groupKey(cells[:len(q.GroupBy)])] = i
		encoded, err := encodeRow(q.Answer(), q.Columns(), cells)
		if err != nil {
			return nil, err
		}
		link, exact := r.groupLink(q, cells)
		if !exact {
			inexact = append(inexact, i)
		}
		rows[i] = Row{Dataset: q.Dataset.ID, Link: link, Sources: []string{}, Contradictions: []string{}, Row: encoded}
	}
	if err := r.groupSources(q, rows, at); err != nil {
		return nil, err
	}
	if err := r.groupContradictions(q, rows, at); err != nil {
		return nil, err
	}
	return rows, r.linkIDs(q, rows, at, inexact)
}

// groupKey identifies a group by the cells that its rows share.
func groupKey(cells []string) string { return strings.Join(cells, "\x1f") }

// ungrouped returns the query for all rows of the groups of q.
func ungrouped(q dataset.Query) dataset.Query {
	q.GroupBy, q.Aggregates, q.Sort, q.Include, q.Limit, q.After = nil, nil, nil, nil, 0, 0
	return q
}

// groupLink returns the address of the rows of a group, and whether it finds no others:
// not every group can be expressed as filters of the API.
func (r *reader) groupLink(q dataset.Query, cells []string) (address string, exact bool) {
	values := url.Values{}
	for _, p := range ungrouped(q).Parameters() {
		values.Set(p.Name, p.Value)
	}
	exact = !q.Latest // the latest rows of the group alone can be different ones
	for i, column := range q.GroupBy {
		c, cell := q.Dataset.Columns[column], cells[i]
		switch {
		case c.Name == "asOf": // the parameter of that name asks for what was known
			exact = false
			if cell != "" {
				values.Set("asOfFrom", cell)
				values.Set("asOfTo", cell)
			}
		case cell == "":
			values.Set(c.Name, dataset.None)
		case c.Numeric(): // 7600 finds 7600.0, too
			exact = false
			values.Set(c.Name, cell)
		case c.Type == dataset.List:
			exact = false
			values.Set(c.Name, strings.Join(strings.Fields(cell), ","))
		default:
			values.Set(c.Name, cell)
		}
	}
	return r.address(q.Dataset.ID, values), exact
}

// maxLinked is the maximum number of rows that the link of a group names, and maxLink the
// maximum length of that link.
const (
	maxLinked = 200
	maxLink   = 4000
)

// linkIDs makes the links of some groups name the identifiers of their rows. If these are
// too many, the link finds others, too.
func (r *reader) linkIDs(q dataset.Query, rows []Row, at map[string]int, groups []int) error {
	if len(groups) == 0 {
		return nil
	}
	ids := map[int][]string{}
	err := r.eachOfGroups(q, ungrouped(q), at, func(n int, id string) {
		if len(ids[n]) <= maxLinked {
			ids[n] = append(ids[n], id)
		}
	})
	for _, n := range groups {
		link := r.address(q.Dataset.ID, url.Values{q.Dataset.Columns[0].Name: {strings.Join(ids[n], ",")}})
		if len(ids[n]) <= maxLinked && len(link) <= maxLink {
			rows[n].Link = link
		}
	}
	return err
}

// eachOfGroups calls yield with the identifier and the number of the group of each row of
// a query that is in one of the groups of q.
func (r *reader) eachOfGroups(q, of dataset.Query, at map[string]int, yield func(n int, id string)) error {
	of.Fields = append([]int{0}, q.GroupBy...)
	return r.each(of, func(cells []string) error {
		if n, ok := at[groupKey(cells[1:])]; ok {
			yield(n, cells[0])
		}
		return nil
	})
}

func (r *reader) groupSources(q dataset.Query, rows []Row, at map[string]int) error {
	for i, c := range q.Dataset.Columns {
		if c.Type != dataset.Reference || c.Of != dataset.Sources.ID {
			continue
		}
		by := ungrouped(q)
		by.GroupBy, by.Aggregates = append(slices.Clone(q.GroupBy), i), []dataset.Aggregate{dataset.Count}
		err := r.each(by, func(cells []string) error {
			n, ok := at[groupKey(cells[:len(q.GroupBy)])]
			if source := cells[len(q.GroupBy)]; ok && source != "" && !slices.Contains(rows[n].Sources, source) {
				rows[n].Sources = append(rows[n].Sources, source)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// groupContradictions reads those rows of the groups that contradictions name.
func (r *reader) groupContradictions(q dataset.Query, rows []Row, at map[string]int) error {
	named := ungrouped(q)
	if !q.Latest { // the latest of these rows alone would be different ones
		if len(r.contradicting) == 0 {
			return nil
		}
		named.Filters = append([]dataset.Filter{{Values: slices.Sorted(maps.Keys(r.contradicting))}}, q.Filters...)
	}
	return r.eachOfGroups(q, named, at, func(n int, row string) {
		for _, id := range r.contradicting[row] {
			if !slices.Contains(rows[n].Contradictions, id) {
				rows[n].Contradictions = append(rows[n].Contradictions, id)
			}
		}
	})
}

// complete adds the sources and contradictions that the rows name to the terms.
func (r *reader) complete(rows ...Row) error {
	var sources, contradictions []string
	for _, row := range rows {
		sources, contradictions = append(sources, row.Sources...), append(contradictions, row.Contradictions...)
	}
	if err := r.linked(dataset.Sources, sources, r.terms.Sources); err != nil {
		return err
	}
	return r.linked(dataset.Contradictions, contradictions, r.terms.Contradictions)
}

// linked adds the rows of a dataset to a map.
func (r *reader) linked(d *dataset.Dataset, ids []string, to map[string]Linked) error {
	found, err := r.byID(d, ids)
	if err != nil {
		return err
	}
	for id, cells := range found {
		row, err := encodeRow(d, d.Columns, cells)
		if err != nil {
			return err
		}
		to[id] = Linked{r.link(d, id), row}
	}
	return nil
}
