package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/strategy"
)

// lowest orders an empty number before all others.
const lowest = "-1.7976931348623157e308"

// Count returns the number of rows that the query finds, pages aside.
func (s *Store) Count(ctx context.Context, r *strategy.Release, q dataset.Query) (int64, error) {
	if part, ok := r.Dataset(q.Dataset.ID); ok && !q.Filtered() {
		return part.Rows, nil
	}
	where, args := conditions(r, q)
	var n int64
	err := s.read.WithContext(ctx).Raw("SELECT COUNT(*) FROM "+q.Dataset.Table()+" WHERE "+where, args...).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", q.Dataset.ID, translate(err))
	}
	return n, nil
}

// Rows calls yield for each row of the query with the cells of its columns;
// the cells are valid during the call only. It returns ErrUnavailable if the
// release was deleted: a statement sees all of its rows or none.
func (s *Store) Rows(ctx context.Context, r *strategy.Release, q dataset.Query, yield func(cells [][]byte) error) error {
	if q.Limit > 0 {
		page, err := s.Page(ctx, r, q, new([]byte))
		if err != nil {
			return err
		}
		return page.Each(yield)
	}
	u := newUnpacker(r.ID, q)
	return s.query(ctx, s.rows, r, q, func(value []byte) error {
		if err := u.row(value); err != nil {
			return err
		}
		return yield(u.served)
	})
}

// Stream is Rows for a query without a limit and a yield that may be slow: it has
// connections of its own, so that nobody else waits for it.
func (s *Store) Stream(ctx context.Context, r *strategy.Release, q dataset.Query, yield func(cells [][]byte) error) error {
	u := newUnpacker(r.ID, q)
	return s.query(ctx, s.streams, r, q, func(value []byte) error {
		if err := u.row(value); err != nil {
			return err
		}
		return yield(u.served)
	})
}

// Page returns the page of a query with a limit, and ErrUnavailable as Rows does.
// The rows are kept in memory, which grows if it has to; with its next use they
// are lost.
func (s *Store) Page(ctx context.Context, r *strategy.Release, q dataset.Query, memory *[]byte) (page *Page, err error) {
	err = s.query(ctx, s.rows, r, q, func(value []byte) error {
		*memory = append((*memory)[:0], value...)
		page, err = newPage(r.ID, q, *memory)
		return err
	})
	return page, err
}

func (s *Store) query(ctx context.Context, from source, r *strategy.Release, q dataset.Query, read func(value []byte) error) error {
	if err := fits(r, q.Dataset); err != nil {
		return fmt.Errorf("query %s: %w", q.Dataset.ID, err)
	}
	if err := s.watch.check(); err != nil {
		return fmt.Errorf("query %s: %w", q.Dataset.ID, err)
	}
	text, args := numbered(selectSQL(r, q))
	length := 0
	err := from.query(ctx, text, args, func(value []byte) error {
		length += len(value)
		return read(value)
	})
	if err == nil && length == 0 {
		err = s.stillThere(ctx, r)
	}
	if err != nil {
		return fmt.Errorf("query %s: %w", q.Dataset.ID, translate(err))
	}
	return nil
}

// fits refuses to read packed rows with other columns than they were written
// with: the cells would be shifted. A dataset that the release does not have has
// no rows, which query finds out.
func fits(r *strategy.Release, d *dataset.Dataset) error {
	part, ok := r.Dataset(d.ID)
	if !ok || slices.EqualFunc(part.Packed, d.Columns, func(name string, c dataset.Column) bool { return name == c.Name }) {
		return nil
	}
	return fmt.Errorf("%w: release %s, dataset %s: its packed rows have the columns %s; this program expects %s; "+
		"migrate the database with the program that matches it", strategy.ErrUnavailable, r.ID, d.ID,
		strings.Join(part.Packed, ","), strings.Join(d.Names(), ","))
}

// stillThere tells an empty answer from that of a release that is deleted.
func (s *Store) stillThere(ctx context.Context, r *strategy.Release) error {
	var n int64
	err := s.read.WithContext(ctx).Raw("SELECT COUNT(*) FROM releases WHERE seq = ?", r.Seq).Scan(&n).Error
	if err == nil && n == 0 {
		err = fmt.Errorf("%w: release %s is deleted", strategy.ErrUnavailable, r.ID)
	}
	return err
}

// selectSQL selects the packed rows: those of a page as one value, because both
// databases take longer to hand on a hundred.
func selectSQL(r *strategy.Release, q dataset.Query) (string, []any) {
	where, args := conditions(r, q)
	var order []string
	for _, o := range q.Sort {
		order = append(order, sortKey(q.Dataset.Columns[o.Column])+direction(o))
	}
	order = append(order, "ordinal"+lastDirection(q.Sort))
	if q.After != nil {
		condition, keys := after(q)
		where += " AND " + condition
		args = append(args, keys...)
	}
	rows := " FROM " + q.Dataset.Table() + " WHERE " + where + " ORDER BY " + strings.Join(order, ", ")
	if q.Limit == 0 {
		return "SELECT cells" + rows, args
	}
	return "SELECT string_agg(cells || '" + string(recordSeparator) + "', '') FROM (SELECT cells" + rows + " LIMIT " + strconv.Itoa(q.Limit+1) + ") AS page", args
}

// numbered turns ? into $1, $2 …, which both databases read, and lists into as many
// places. The statement's text is ours and holds no other question marks.
func numbered(text string, args []any) (string, []any) {
	var b strings.Builder
	b.Grow(len(text) + 3*len(args))
	flat := make([]any, 0, len(args))
	for _, arg := range args {
		before, after, _ := strings.Cut(text, "?")
		b.WriteString(before)
		text = after
		switch list := arg.(type) {
		case []string:
			flat = appendPlaces(&b, flat, list)
		case []float64:
			flat = appendPlaces(&b, flat, list)
		default:
			flat = append(flat, list)
			b.WriteString("$" + strconv.Itoa(len(flat)))
		}
	}
	b.WriteString(text)
	return b.String(), flat
}

func appendPlaces[T any](b *strings.Builder, flat []any, list []T) []any {
	b.WriteByte('(')
	for i, v := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		flat = append(flat, v)
		b.WriteString("$" + strconv.Itoa(len(flat)))
	}
	b.WriteByte(')')
	return flat
}

func direction(o dataset.Order) string {
	if o.Descending {
		return " DESC"
	}
	return ""
}

func sortKey(c dataset.Column) string {
	if c.Numeric() {
		return "COALESCE(" + c.Order() + ", " + lowest + ")"
	}
	return quote(c.Order())
}

// lastDirection is the direction of the last sort column, which the ordinal
// follows, so that an index read backwards gives a descending page.
func lastDirection(sort []dataset.Order) string {
	if len(sort) == 0 {
		return ""
	}
	return direction(sort[len(sort)-1])
}

// after continues behind a position. Where all columns run in one direction a
// comparison of row values says it, which an index answers.
func after(q dataset.Query) (string, []any) {
	var keys []string
	var args []any
	for i, o := range q.Sort {
		c := q.Dataset.Columns[o.Column]
		keys, args = append(keys, sortKey(c)), append(args, keyArg(c, q.After.Keys[i]))
	}
	keys, args = append(keys, "ordinal"), append(args, q.After.Ordinal)
	if !uniform(q.Sort) {
		return afterMixed(q.Sort, keys, args)
	}
	compare := " > "
	if lastDirection(q.Sort) != "" {
		compare = " < "
	}
	return "(" + strings.Join(keys, ", ") + ")" + compare + "(" + strings.TrimSuffix(strings.Repeat("?, ", len(keys)), ", ") + ")", args
}

func uniform(sort []dataset.Order) bool {
	for _, o := range sort {
		if o.Descending != sort[0].Descending {
			return false
		}
	}
	return true
}

// afterMixed says the same for mixed directions: the first key differs, or it is
// equal and the second differs, and so on to the ordinal.
func afterMixed(sort []dataset.Order, keys []string, values []any) (string, []any) {
	var alternatives []string
	var args []any
	equal := ""
	for i, key := range keys {
		compare := " > ?"
		if sort[min(i, len(sort)-1)].Descending {
			compare = " < ?"
		}
		alternatives = append(alternatives, "("+equal+key+compare+")")
		args = append(append(args, values[:i]...), values[i])
		equal += key + " = ? AND "
	}
	return "(" + strings.Join(alternatives, " OR ") + ")", args
}

func keyArg(c dataset.Column, key string) any {
	if !c.Numeric() {
		return key
	}
	f, _ := strconv.ParseFloat(key, 64)
	return f
}

// conditions is the WHERE of a query without its page.
func conditions(r *strategy.Release, q dataset.Query) (string, []any) {
	where := []string{"release_seq = ?"}
	args := []any{r.Seq}
	for _, f := range q.Filters {
		text, values := condition(q.Dataset.Columns[f.Column], f)
		where, args = append(where, text), append(args, values...)
	}
	for _, w := range q.Words {
		where, args = append(where, `search_text LIKE ? ESCAPE '\'`), append(args, "%"+likeEscaper.Replace(w)+"%")
	}
	if q.AsOf != "" {
		c := q.Dataset.Columns[q.Dataset.Vintage()]
		where, args = append(where, c.Order()+" <= ?", c.Order()+" <> ''"), append(args, q.AsOf)
	}
	return strings.Join(where, " AND "), args
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func condition(c dataset.Column, f dataset.Filter) (string, []any) {
	switch {
	case f.Operator != dataset.In:
		return bound(c, f)
	case c.Numeric():
		return c.Order() + " IN ?", []any{floats(f.Values)}
	case c.Type == dataset.List:
		return listContains(c, f.Values)
	case len(f.Values) == 1:
		return quote(c.SQL()) + " = ?", []any{f.Values[0]}
	default:
		return quote(c.SQL()) + " IN ?", []any{f.Values}
	}
}

// bound compares a range's end: a period lies in the range if any day of it
// does.
func bound(c dataset.Column, f dataset.Filter) (string, []any) {
	if c.Numeric() {
		compare := " >= ?"
		if f.Operator == dataset.To {
			compare = " <= ?"
		}
		return c.Order() + compare, []any{floats(f.Values)[0]}
	}
	if f.Operator == dataset.From {
		return quote(c.Order()) + " >= ?", []any{f.Values[0]}
	}
	start := quote(c.SQL())
	if c.Type == dataset.Period {
		start = c.Start()
	}
	return start + " <= ? AND " + start + " <> ''", []any{f.Values[0]}
}

// listContains looks for identifiers among those of a cell. LIKE would not do:
// SQLite's ignores letter case and PostgreSQL's does not.
func listContains(c dataset.Column, ids []string) (string, []any) {
	var parts []string
	var args []any
	cell := "' ' || " + quote(c.SQL()) + " || ' '"
	for _, id := range ids {
		parts = append(parts, "REPLACE("+cell+", ?, '') <> "+cell)
		args = append(args, " "+id+" ")
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

func floats(values []string) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i], _ = strconv.ParseFloat(v, 64)
	}
	return out
}

// Span returns the first and the last day of the periods in a dataset, those of
// publication aside; both are empty if there are none.
func (s *Store) Span(ctx context.Context, r *strategy.Release, d *dataset.Dataset) (first, last string, err error) {
	for _, c := range d.Columns {
		if c.Type != dataset.Period || c.Name == "published" {
			continue
		}
		var span struct{ First, Last string }
		err := s.read.WithContext(ctx).Raw("SELECT COALESCE(MIN("+c.Start()+"), '') AS first, COALESCE(MAX("+c.Order()+"), '') AS last FROM "+
			d.Table()+" WHERE release_seq = ? AND "+c.Start()+" <> ''", r.Seq).Scan(&span).Error
		if err != nil {
			return "", "", fmt.Errorf("span of %s: %w", d.ID, translate(err))
		}
		if span.First != "" && (first == "" || span.First < first) {
			first = span.First
		}
		last = max(last, span.Last)
	}
	if first == "" {
		if err := s.stillThere(ctx, r); err != nil {
			return "", "", fmt.Errorf("span of %s: %w", d.ID, translate(err))
		}
	}
	return first, last, nil
}
