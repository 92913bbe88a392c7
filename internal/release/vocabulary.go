// SPDX-License-Identifier: EUPL-1.2

package release

import (
	"context"
	"fmt"
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// Vocabulary contains the codes and identifiers of a release. It implements
// dataset.Vocabulary.
type Vocabulary struct {
	codes, ids map[string][]string
	known      map[string]bool // codelist or dataset, space, code or identifier
	withdrawn  map[string]Withdrawal
	children   map[string][]string // areas by their parent
	offering   []string            // areas with rows of service-counts

	tables []key // which it was collected from
}

// Withdrawal is the reason why an identifier was withdrawn.
type Withdrawal struct{ Dataset, Day, Reason, ReasonEN string }

// Gone returns the domain.ErrGone for a withdrawn identifier.
func (w Withdrawal) Gone(id string) error {
	return fmt.Errorf("%w: %s was withdrawn on %s: %s / %s", domain.ErrGone, id, w.Day, w.ReasonEN, w.Reason)
}

// Vocabulary returns the codes and identifiers of a release, or ErrUnavailable if the
// database is needed and does not answer.
func (r *Releases) Vocabulary(ctx context.Context, release *domain.Release) (*Vocabulary, error) {
	if s := r.current.Load(); s != nil && Key(s.Latest) == Key(release) {
		return s.Vocabulary, nil
	}
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	return r.Tables.Vocabulary(ctx, release)
}

// Vocabulary returns the codes and identifiers of a release. They are collected once, as
// long as the tables that they are from stay in memory.
func (t *Tables) Vocabulary(ctx context.Context, r *domain.Release) (*Vocabulary, error) {
	var tables []key
	for _, d := range append(referred(), dataset.Codelists, dataset.Withdrawn, dataset.ServiceCounts) {
		if part, _ := r.Dataset(d.ID); d != dataset.ServiceCounts || part.Rows > 0 {
			tables = append(tables, keyOf(r, d))
		}
	}
	same := func(v *Vocabulary) bool { return slices.Equal(v.tables, tables) }
	t.mu.Lock()
	i := slices.IndexFunc(t.vocabularies, same)
	if i >= 0 {
		defer t.mu.Unlock()
		return t.vocabularies[i], nil
	}
	t.mu.Unlock()
	v, err := t.vocabulary(ctx, r)
	if err != nil {
		return nil, err
	}
	v.tables = tables
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.ContainsFunc(tables, func(k key) bool { return t.entries[k] == nil }) && !slices.ContainsFunc(t.vocabularies, same) {
		t.vocabularies = append(t.vocabularies, v)
	}
	return v, nil
}

func (t *Tables) vocabulary(ctx context.Context, r *domain.Release) (*Vocabulary, error) {
	v := &Vocabulary{codes: map[string][]string{}, ids: map[string][]string{}, known: map[string]bool{}, withdrawn: map[string]Withdrawal{}, children: map[string][]string{}}
	list, code := dataset.Codelists.Column("codelist"), dataset.Codelists.Column("code")
	err := t.Rows(ctx, r, dataset.Query{Dataset: dataset.Codelists}, func(cells [][]byte) error {
		name := string(cells[list])
		if len(v.codes[name]) == 0 {
			v.codes["codelist"] = append(v.codes["codelist"], name)
		}
		v.codes[name] = append(v.codes[name], string(cells[code]))
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, d := range referred() {
		if err := t.Rows(ctx, r, dataset.Query{Dataset: d, Fields: []int{0}}, func(cells [][]byte) error {
			v.ids[d.ID] = append(v.ids[d.ID], string(cells[0]))
			return nil
		}); err != nil {
			return nil, err
		}
	}
	parents := dataset.Query{Dataset: dataset.Areas, Fields: []int{0, dataset.Areas.Column("parent")}}
	err = t.Rows(ctx, r, parents, func(cells [][]byte) error {
		if len(cells[1]) > 0 {
			v.children[string(cells[1])] = append(v.children[string(cells[1])], string(cells[0]))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if v.offering, err = t.offering(ctx, r); err != nil {
		return nil, err
	}
	err = t.Rows(ctx, r, dataset.Query{Dataset: dataset.Withdrawn}, func(cells [][]byte) error {
		v.withdrawn[string(cells[0])] = Withdrawal{string(cells[1]), string(cells[2]), string(cells[3]), string(cells[4])}
		return nil
	})
	for _, lists := range []map[string][]string{v.codes, v.ids} {
		for of, values := range lists {
			for _, value := range values {
				v.known[of+" "+value] = true
			}
		}
	}
	return v, err
}

// offering reads the areas for which service-counts has a total.
func (t *Tables) offering(ctx context.Context, r *domain.Release) (areas []string, err error) {
	d := dataset.ServiceCounts
	if part, _ := r.Dataset(d.ID); part.Rows == 0 {
		return nil, nil
	}
	totals := dataset.Query{Dataset: d, Fields: []int{d.Column("area")}, Filters: []dataset.Filter{
		{Column: d.Column("coverage"), Values: []string{"all"}}, {Column: d.Column("topic"), Values: []string{"all"}},
	}}
	err = t.Rows(ctx, r, totals, func(cells [][]byte) error {
		areas = append(areas, string(cells[0]))
		return nil
	})
	slices.Sort(areas)
	return slices.Compact(areas), err
}

// referred lists the datasets whose identifiers a filter is checked against.
// Observations are left out: there can be millions.
func referred() []*dataset.Dataset {
	var out []*dataset.Dataset
	for _, d := range dataset.All {
		for _, other := range dataset.All {
			if d != dataset.Observations && other.RefersTo(d) {
				out = append(out, d)
				break
			}
		}
	}
	return out
}

// Withdrawn returns the withdrawal of an identifier, if it was withdrawn.
func (v *Vocabulary) Withdrawn(dataset, id string) (Withdrawal, bool) {
	w, ok := v.withdrawn[id]
	return w, ok && w.Dataset == dataset
}

// Codes returns the codes of a codelist in the order of the release.
func (v *Vocabulary) Codes(codelist string) []string { return v.codes[codelist] }

// IDs returns the identifiers of a dataset that others refer to.
func (v *Vocabulary) IDs(dataset string) []string { return v.ids[dataset] }

// Offering returns the areas for which the release reports what they offer online,
// sorted.
func (v *Vocabulary) Offering() []string { return v.offering }

// Knows reports whether the codelist or dataset has the code or identifier,
// spelled exactly so.
func (v *Vocabulary) Knows(of, value string) bool { return v.known[of+" "+value] }

// Within returns the area with the key and all areas within it, from the outside
// inwards. A cycle, which no data package can have, ends where it began.
func (v *Vocabulary) Within(area string) []string {
	areas, seen := []string{area}, map[string]bool{area: true}
	for i := 0; i < len(areas); i++ {
		for _, child := range v.children[areas[i]] {
			if !seen[child] {
				seen[child] = true
				areas = append(areas, child)
			}
		}
	}
	return areas
}
