// SPDX-License-Identifier: EUPL-1.2

package mcp

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// The default and the maximum number of rows in a result: of a query, of each dataset of
// a search, and of each kind of gap.
const (
	defaultRows   = 50
	maxRows       = 200
	searchRows    = 5
	maxSearchRows = 20
	gapRows       = 5
)

// maxChanges is the maximum number of changes that compare_releases lists, of one dataset
// or of all.
const maxChanges = 10_000

// Found is the result of search, query and list_unknown.
type Found struct {
	Terms
	Results []*Collection `json:"results"`
}

// readRelease reads the release that the argument names.
func (s *service) readRelease(ctx context.Context, snapshot *release.Snapshot, args arguments) (*reader, error) {
	id, err := args.text("release")
	if err != nil {
		return nil, err
	}
	selected, err := snapshot.Release(id)
	if err != nil {
		return nil, goneAt("release", id, err)
	}
	return s.read(ctx, selected)
}

// found returns the result of the collections.
func (r *reader) found(collections []*Collection) (*Found, error) {
	for _, c := range collections {
		if err := r.complete(c.Rows...); err != nil {
			return nil, err
		}
	}
	return &Found{r.terms, collections}, nil
}

// unsearched datasets are left out of a search of all: they have no texts of their own.
var unsearched = []*dataset.Dataset{dataset.Changes, dataset.Withdrawn}

func (s *service) search(ctx context.Context, snapshot *release.Snapshot, args arguments) (any, error) {
	words, err := args.required("q", "words to search for", nil)
	if err != nil {
		return nil, err
	}
	only, err := args.dataset()
	if err != nil {
		return nil, err
	}
	limit, err := args.number("limit", searchRows, 1, maxSearchRows)
	if err != nil {
		return nil, err
	}
	r, err := s.readRelease(ctx, snapshot, args)
	if err != nil {
		return nil, err
	}
	collections := []*Collection{}
	for _, d := range dataset.All {
		if only == nil && slices.Contains(unsearched, d) || only != nil && d != only {
			continue
		}
		q, err := dataset.ParseQuery(d, url.Values{"q": {words}, "limit": {strconv.Itoa(limit)}}, r.vocabulary)
		if err != nil {
			return nil, err
		}
		if len(q.Words) == 0 {
			return nil, &domain.Invalid{Name: "q", Value: words, Rule: "has no words"}
		}
		c, err := r.collect(q)
		if err != nil {
			return nil, err
		}
		if c.Total > 0 {
			collections = append(collections, c)
		}
	}
	return r.found(collections)
}

func (s *service) query(ctx context.Context, snapshot *release.Snapshot, args arguments) (any, error) {
	if _, err := args.required("dataset", "the dataset to query", dataset.IDs()); err != nil {
		return nil, err
	}
	d, err := args.dataset()
	if err != nil {
		return nil, err
	}
	values, err := args.parameters(d)
	if err != nil {
		return nil, err
	}
	selected, err := snapshot.Release(values.Get("release"))
	if err != nil {
		return nil, goneAt("release", values.Get("release"), err)
	}
	r, err := s.read(ctx, selected)
	if err != nil {
		return nil, err
	}
	q, err := r.parse(d, values, defaultRows)
	if err != nil {
		return nil, err
	}
	c, err := r.collect(q)
	if err != nil {
		return nil, err
	}
	return r.found([]*Collection{c})
}

// parse parses the parameters of a query, and always sets a limit.
func (r *reader) parse(d *dataset.Dataset, values url.Values, limit int) (dataset.Query, error) {
	q, err := dataset.ParseQuery(d, values, r.vocabulary)
	var invalid *domain.Invalid
	switch {
	case errors.As(err, &invalid) && invalid.Name == "limit", q.Limit > maxRows:
		return q, &domain.Invalid{Name: "limit", Value: values.Get("limit"), Rule: fmt.Sprintf("must be a whole number from 1 to %d (default %d); use next for the next page, or %s for all rows", maxRows, limit, r.address(d.ID, url.Values{}))}
	case err != nil:
		return q, err
	}
	if q.Limit == 0 {
		q.Limit = limit
	}
	if after := values.Get("after"); after != "" {
		return q, q.ParseCursor(r.release.ID, after)
	}
	return q, nil
}

// gap is a kind of what is not known: the rows of a dataset with one of the codes in a
// column.
type gap struct {
	name, meaning string
	dataset       *dataset.Dataset
	column        string
	codes         []string
}

var gaps = []gap{
	{"outcome", "Goals past their due date for which no source says whether they were achieved.", dataset.Goals, "assessment", []string{"unknown-since", "unresolved"}},
	{"due", "Goals for which the strategy gives no due date.", dataset.Goals, "due", []string{dataset.None}},
	{"actual", "Targets for which no source reports a value.", dataset.GoalProgress, "state", []string{"target-only"}},
	{"figures", "Goals for which no source gives a target or a value.", dataset.GoalProgress, "state", []string{"no-figures"}},
	{"milestone", "Milestones that a source announces. A later report that one was reached is a milestone of its own, so look for it before calling the outcome unknown.", dataset.Milestones, "state", []string{"announced"}},
	{"period", "Figures for which the source gives no period.", dataset.Observations, "period", []string{dataset.None}},
}

func gapNames() []string {
	var names []string
	for _, g := range gaps {
		names = append(names, g.name)
	}
	return names
}

func (s *service) unknown(ctx context.Context, snapshot *release.Snapshot, args arguments) (any, error) {
	kind, err := args.text("kind")
	if err != nil {
		return nil, err
	}
	if kind != "" && !slices.Contains(gapNames(), kind) {
		return nil, domain.NotOneOf("kind", kind, "is not a valid kind", gapNames())
	}
	limit, err := args.number("limit", gapRows, 1, maxRows)
	if err != nil {
		return nil, err
	}
	after, err := args.text("after")
	if err != nil {
		return nil, err
	}
	if after != "" && kind == "" {
		return nil, &domain.Invalid{Name: "after", Value: after, Rule: "requires kind, to which the next page belongs", Allowed: gapNames()}
	}
	r, err := s.readRelease(ctx, snapshot, args)
	if err != nil {
		return nil, err
	}
	collections := []*Collection{}
	for _, g := range gaps {
		if kind != "" && g.name != kind {
			continue
		}
		c, err := r.gap(g, limit, after)
		if err != nil {
			return nil, err
		}
		if c != nil {
			collections = append(collections, c)
		}
	}
	return r.found(collections)
}

// gap returns the rows of a gap, or nil if the release has none of its codes.
func (r *reader) gap(g gap, limit int, after string) (*Collection, error) {
	list := g.dataset.Columns[g.dataset.Column(g.column)].Of
	codes := slices.DeleteFunc(slices.Clone(g.codes), func(code string) bool { return code != dataset.None && !r.vocabulary.Knows(list, code) })
	if len(codes) == 0 {
		return nil, nil
	}
	values := url.Values{g.column: {strings.Join(codes, ",")}, "limit": {strconv.Itoa(limit)}}
	if after != "" {
		values.Set("after", after)
	}
	q, err := r.parse(g.dataset, values, limit)
	if err != nil {
		return nil, err
	}
	c, err := r.collect(q)
	if err == nil {
		c.Meaning = g.meaning
	}
	return c, err
}

// Comparison is the result of compare_releases.
type Comparison struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Total int    `json:"total"`
	// Address is the address of the whole comparison.
	Address string   `json:"address"`
	Next    int      `json:"next,omitempty"`
	Changes []Change `json:"changes"`
	// Old and New have what the rows name in each release.
	Old Terms `json:"old"`
	New Terms `json:"new"`
}

// Change is a row that was added or removed, or a cell that changed.
type Change struct {
	Dataset string `json:"dataset"`
	ID      string `json:"id"`
	Change  string `json:"change"`
	Column  string `json:"column,omitempty"`
	// OldValue and NewValue are empty if the cell was or became empty.
	OldValue *string `json:"oldValue,omitempty"`
	NewValue *string `json:"newValue,omitempty"`
	// Old and New are the row in each release, absent where it does not exist.
	Old *Row `json:"old,omitempty"`
	New *Row `json:"new,omitempty"`
}

func (s *service) compare(ctx context.Context, snapshot *release.Snapshot, args arguments) (any, error) {
	only, err := args.dataset()
	if err != nil {
		return nil, err
	}
	limit, err := args.number("limit", defaultRows, 1, maxRows)
	if err != nil {
		return nil, err
	}
	skip, err := args.number("after", 0, 0, maxChanges)
	if err != nil {
		return nil, err
	}
	from, to, err := comparedReleases(snapshot, args)
	if err != nil {
		return nil, err
	}
	changes, err := s.comparison.changes(ctx, s.releases, from, to, only)
	switch {
	case errors.Is(err, release.ErrTooMany) && only == nil:
		return nil, &domain.Invalid{
			Name: "dataset", Rule: fmt.Sprintf("is required, because %s and %s differ in more than %d values", from.ID, to.ID, maxChanges), Allowed: dataset.IDs(),
		}
	case errors.Is(err, release.ErrTooMany):
		return nil, &domain.Invalid{
			Name: "dataset", Value: only.ID, Rule: fmt.Sprintf("differs between %s and %s in more than %d values; compare its whole files instead", from.ID, to.ID, maxChanges),
		}
	case err != nil:
		return nil, err
	}
	if skip > len(changes) {
		return nil, &domain.Invalid{Name: "after", Value: strconv.Itoa(skip), Rule: fmt.Sprintf("is more than the %d changes", len(changes))}
	}
	out := &Comparison{From: from.ID, To: to.ID, Total: len(changes), Changes: []Change{}, Address: s.options.PublicURL + "/v1/releases/" + to.ID + "/diff?from=" + url.QueryEscape(from.ID)}
	page := changes[skip:min(len(changes), skip+limit)]
	if end := skip + len(page); end < len(changes) {
		out.Next = end
	}
	before, old, err := s.sides(ctx, from, page)
	if err != nil {
		return nil, err
	}
	after, next, err := s.sides(ctx, to, page)
	if err != nil {
		return nil, err
	}
	for _, c := range page {
		change := Change{Dataset: c.Dataset.ID, ID: c.Row, Change: c.Kind, Column: c.Column, Old: old[statement{c.Dataset, c.Row}], New: next[statement{c.Dataset, c.Row}]}
		if c.Column != "" {
			change.OldValue, change.NewValue = &c.Old, &c.New
		}
		out.Changes = append(out.Changes, change)
	}
	out.Old, out.New = before.terms, after.terms
	return out, nil
}

// comparison caches the last changes, which models read page by page. Only one comparison
// is made at a time: it can need all rows of two releases.
type comparison struct {
	place chan struct{} // taken by whoever uses the rest
	key   string
	last  []release.Change
}

func (c *comparison) changes(ctx context.Context, releases *release.Releases, from, to *domain.Release, only *dataset.Dataset) ([]release.Change, error) {
	select {
	case c.place <- struct{}{}:
		defer func() { <-c.place }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	key := release.Key(from) + " " + release.Key(to)
	if only != nil {
		key += " " + only.ID
	}
	if c.key == key {
		return c.last, nil
	}
	changes, err := releases.Compare(ctx, from, to, only, maxChanges)
	if err == nil {
		c.key, c.last = key, changes
	}
	return changes, err
}

// comparedReleases returns the releases that the arguments from and to name.
func comparedReleases(snapshot *release.Snapshot, args arguments) (from, to *domain.Release, err error) {
	id, err := args.text("to")
	if err != nil {
		return nil, nil, err
	}
	if to, err = snapshot.Release(id); err != nil {
		var invalid *domain.Invalid
		if errors.As(err, &invalid) {
			invalid.Name = "to"
		}
		return nil, nil, goneAt("to", id, err)
	}
	if id, err = args.text("from"); err != nil {
		return nil, nil, err
	}
	from, err = snapshot.From(id, to)
	return from, to, goneAt("from", id, err)
}

// sides returns the changed rows as they are in one release.
func (s *service) sides(ctx context.Context, of *domain.Release, changes []release.Change) (*reader, map[statement]*Row, error) {
	r, err := s.read(ctx, of)
	if err != nil {
		return nil, nil, err
	}
	rows := map[statement]*Row{}
	for _, d := range dataset.All {
		var ids []string
		for _, c := range changes {
			if c.Dataset == d {
				ids = append(ids, c.Row)
			}
		}
		if len(ids) == 0 {
			continue
		}
		slices.Sort(ids)
		c, err := r.collect(dataset.Query{Dataset: d, Filters: []dataset.Filter{{Values: slices.Compact(ids)}}})
		if err != nil {
			return nil, nil, err
		}
		if err := r.complete(c.Rows...); err != nil {
			return nil, nil, err
		}
		for i := range c.Rows {
			rows[statement{d, c.Rows[i].id}] = &c.Rows[i]
		}
	}
	return r, rows, nil
}

// Datasets is the result of describe without a dataset.
type Datasets struct {
	Release  string    `json:"release"`
	Releases []Edition `json:"releases"`
	Datasets []Summary `json:"datasets"`
}

// Edition is a release.
type Edition struct {
	ID        string    `json:"id"`
	Published time.Time `json:"published"`
}

// Summary is a dataset in short.
type Summary struct {
	ID            string `json:"id"`
	Title         string `json:"title"`
	TitleEN       string `json:"titleEn"`
	Description   string `json:"description"`
	DescriptionEN string `json:"descriptionEn"`
	Rows          int64  `json:"rows"`
}

// Description is the result of describe with a dataset.
type Description struct {
	Release string `json:"release"`
	Summary
	Columns    []Column `json:"columns"`
	Parameters []string `json:"parameters"`
	// Groupable are the columns that groupBy takes.
	Groupable []string `json:"groupable"`
}

// Column describes a column.
type Column struct {
	Name          string       `json:"name"`
	Type          dataset.Type `json:"type"`
	Title         string       `json:"title"`
	TitleEN       string       `json:"titleEn"`
	Description   string       `json:"description"`
	DescriptionEN string       `json:"descriptionEn"`
	// Dataset is the dataset that the column refers to, Codelist the list of its codes.
	Dataset  string   `json:"dataset,omitempty"`
	Codelist string   `json:"codelist,omitempty"`
	Codes    []string `json:"codes,omitempty"`
}

func (s *service) describe(ctx context.Context, snapshot *release.Snapshot, args arguments) (any, error) {
	d, err := args.dataset()
	if err != nil {
		return nil, err
	}
	r, err := s.readRelease(ctx, snapshot, args)
	if err != nil {
		return nil, err
	}
	if d == nil {
		out := Datasets{Release: r.release.ID}
		for _, other := range snapshot.Releases {
			out.Releases = append(out.Releases, Edition{other.ID, other.Published})
		}
		for _, d := range dataset.All {
			out.Datasets = append(out.Datasets, r.summary(d))
		}
		return out, nil
	}
	out := Description{Release: r.release.ID, Summary: r.summary(d), Parameters: parameterNames(d), Groupable: d.Groupable()}
	for _, c := range d.Columns {
		out.Columns = append(out.Columns, r.column(c))
	}
	return out, nil
}

func (r *reader) summary(d *dataset.Dataset) Summary {
	part, _ := r.release.Dataset(d.ID)
	return Summary{d.ID, d.Title.DE, d.Title.EN, d.Description.DE, d.Description.EN, part.Rows}
}

func (r *reader) column(c dataset.Column) Column {
	out := Column{Name: c.Name, Type: c.Type, Title: c.Title.DE, TitleEN: c.Title.EN, Description: c.Description.DE, DescriptionEN: c.Description.EN}
	switch c.Entry() {
	case dataset.Reference:
		out.Dataset = c.Of
	case dataset.Code:
		out.Codelist, out.Codes = c.Of, r.vocabulary.Codes(c.Of)
	}
	return out
}
