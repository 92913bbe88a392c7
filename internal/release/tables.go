// SPDX-License-Identifier: EUPL-1.2

// Package release holds releases in memory as values. A release never changes,
// so its datasets are read from the database once and answer every query from
// then on, whether the database is available or not.
package release

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/table"
)

// Tables are the datasets in memory, by version: all datasets of the held releases and,
// of other releases, those that were queried, up to a budget of bytes. The least
// recently used are dropped first, the last one never. It is safe for concurrent use.
type Tables struct {
	// Timeout is the maximum time that a query waits for rows to be read from the
	// database; 0 means as long as its context. Set it before the first use.
	Timeout time.Duration

	store  *store.Store
	budget int64
	reads  chan struct{}

	mu      sync.Mutex
	entries map[key]*entry
	held    map[key]bool // never dropped
	uses    int64

	// known is what was known about the goals of the releases asked about most recently, the
	// most recent first.
	known []*knownGoals
	// vocabularies are dropped with the first of their tables.
	vocabularies []*Vocabulary
}

// maxKnown is the number of releases whose goals stay in known.
const maxKnown = 8

// knownGoals is what was known about the goals of a release, or is being read.
type knownGoals struct {
	release string
	ready   chan struct{} // closed when the rest is set
	goals   *Goals
	err     error
}

// key identifies a version of a dataset among all that the store ever contained: the
// number of a deleted release may be reused.
type key struct {
	dataset string
	version int64
	content string
}

func keyOf(r *domain.Release, d *dataset.Dataset) key {
	part, _ := r.Dataset(d.ID)
	return key{d.ID, part.Version, part.ContentHash}
}

// entry is a dataset that is in memory or being read.
type entry struct {
	ready chan struct{} // closed when the rest is set
	table *table.Table
	err   error
	used  int64
}

// concurrentReads limits how many datasets of older releases are read at the same time:
// requests can name any number of releases.
const concurrentReads = 2

// readTimeout limits the time to read a dataset, which can have millions of rows.
const readTimeout = 10 * time.Minute

// NewTables returns tables that are read from the store. The budget limits the memory
// for older releases, in bytes.
func NewTables(s *store.Store, budget int64) *Tables {
	return &Tables{store: s, budget: budget, reads: make(chan struct{}, concurrentReads), entries: map[key]*entry{}, held: map[key]bool{}}
}

// Key identifies a release among all that the store ever contained: number and id of a
// deleted release may be reused.
func Key(r *domain.Release) string {
	return strconv.FormatInt(r.Seq, 10) + ":" + r.ID + ":" + r.ContentHash
}

// Hold reads all datasets of a release and keeps them until holdOnly drops them.
func (t *Tables) Hold(ctx context.Context, r *domain.Release) error {
	t.mu.Lock()
	t.hold(r)
	t.mu.Unlock()
	for _, part := range r.Datasets {
		d := dataset.ByID(part.ID)
		if d == nil {
			continue // published by a newer program
		}
		if _, err := wait(ctx, t.entry(r, d), r, d); err != nil {
			return err
		}
	}
	return nil
}

// holdOnly holds the datasets of one release; those of others are dropped when they
// exceed the budget.
func (t *Tables) holdOnly(r *domain.Release) {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.held)
	t.hold(r)
	t.evict()
}

// hold marks the datasets of a release. The caller holds the lock.
func (t *Tables) hold(r *domain.Release) {
	for _, d := range dataset.All {
		t.held[keyOf(r, d)] = true
	}
}

// Table returns a dataset of a release. It returns ErrUnavailable if the database is
// needed and does not answer before the Timeout or the end of the context. Reading
// continues for later queries.
func (t *Tables) Table(ctx context.Context, r *domain.Release, d *dataset.Dataset) (*table.Table, error) {
	e := t.entry(r, d)
	select {
	case <-e.ready:
		return e.table, e.err
	default:
	}
	ctx, cancel := t.bounded(ctx)
	defer cancel()
	return wait(ctx, e, r, d)
}

// bounded returns a context that ends after the Timeout.
func (t *Tables) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if t.Timeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, t.Timeout)
}

func wait(ctx context.Context, e *entry, r *domain.Release, d *dataset.Dataset) (*table.Table, error) {
	select {
	case <-e.ready:
		return e.table, e.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %s of release %s is being read from the database: %w", domain.ErrUnavailable, d.ID, r.ID, ctx.Err())
	}
}

func (t *Tables) entry(r *domain.Release, d *dataset.Dataset) *entry {
	k := keyOf(r, d)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.uses++
	e := t.entries[k]
	if e == nil {
		e = &entry{ready: make(chan struct{})}
		t.entries[k] = e
		go t.read(k, e, r, d, t.held[k])
	}
	e.used = t.uses
	return e
}

// read fills an entry. If it fails the entry is removed, so that the next query tries
// again. Held releases are not subject to concurrentReads: reads of older releases that
// hang must not delay a new release.
func (t *Tables) read(k key, e *entry, r *domain.Release, d *dataset.Dataset, held bool) {
	if !held {
		t.reads <- struct{}{}
		defer func() { <-t.reads }()
	}
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	table, err := t.load(ctx, r, d)
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.table, e.err = table, err; err != nil {
		delete(t.entries, k)
	}
	t.uses++
	e.used = t.uses // a client that stopped waiting will repeat its request
	close(e.ready)
	t.evict()
}

func (t *Tables) load(ctx context.Context, r *domain.Release, d *dataset.Dataset) (*table.Table, error) {
	part, _ := r.Dataset(d.ID)
	b := table.NewBuilder(d, int(part.Rows))
	if err := t.store.Read(ctx, r, d, b.Add); err != nil {
		return nil, err
	}
	return b.Table(), nil
}

// evict drops the least recently used datasets of older releases until the rest is
// within the budget, or only the last one is left: it may be larger. The caller holds the
// lock.
func (t *Tables) evict() {
	for {
		n, sum, oldest := 0, int64(0), key{}
		for k, e := range t.entries {
			if e.table == nil || t.held[k] {
				continue
			}
			n++
			sum += e.table.Bytes()
			if o := t.entries[oldest]; o == nil || e.used < o.used {
				oldest = k
			}
		}
		if sum <= t.budget || n == 1 {
			return
		}
		delete(t.entries, oldest)
		t.vocabularies = slices.DeleteFunc(t.vocabularies, func(v *Vocabulary) bool { return slices.Contains(v.tables, oldest) })
	}
}

// answering returns the table that answers a query. What was known about a goal on a day
// is another row for each day.
func (t *Tables) answering(ctx context.Context, r *domain.Release, q dataset.Query) (*table.Table, error) {
	rows, err := t.Table(ctx, r, q.Dataset)
	if err != nil || q.Dataset != dataset.Goals || q.AsOf == "" {
		return rows, err
	}
	if _, ok := r.Dataset(dataset.GoalStatus.ID); !ok {
		return rows, nil // published before statuses had evidence
	}
	goals, err := t.goals(ctx, r)
	if err != nil {
		return nil, err
	}
	b := table.NewBuilder(q.Dataset, rows.Len())
	err = RowsReader(goals.On(q.AsOf))(b.Add)
	return b.Table(), err
}

// goals returns what was known about the goals of a release. Reading all observations takes
// as long as a dataset, so it is done once and continues for later queries.
func (t *Tables) goals(ctx context.Context, r *domain.Release) (*Goals, error) {
	ctx, cancel := t.bounded(ctx)
	defer cancel()
	k := t.knownGoals(r)
	select {
	case <-k.ready:
		return k.goals, k.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: what was known about the goals of release %s is being read: %w", domain.ErrUnavailable, r.ID, ctx.Err())
	}
}

func (t *Tables) knownGoals(r *domain.Release) *knownGoals {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.known, func(k *knownGoals) bool { return k.release == Key(r) })
	var k *knownGoals
	if i >= 0 {
		k = t.known[i]
		t.known = slices.Delete(t.known, i, i+1)
	} else {
		k = &knownGoals{release: Key(r), ready: make(chan struct{})}
		go t.readGoals(k, r)
	}
	t.known = slices.Insert(t.known, 0, k)
	t.known = t.known[:min(len(t.known), maxKnown)]
	return k
}

// readGoals fills what is known about the goals of a release. If it fails, the next query
// tries again.
func (t *Tables) readGoals(k *knownGoals, r *domain.Release) {
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	k.goals, k.err = ReadGoals(func(d *dataset.Dataset) Reader {
		return func(yield func([][]byte) error) error {
			rows, err := wait(ctx, t.entry(r, d), r, d)
			if err != nil {
				return err
			}
			page, err := rows.Query(ctx, dataset.Query{Dataset: d}, nil)
			if err != nil {
				return err
			}
			return page.Each(ctx, yield)
		}
	})
	if k.err != nil {
		t.mu.Lock()
		t.known = slices.DeleteFunc(t.known, func(other *knownGoals) bool { return other == k })
		t.mu.Unlock()
	}
	close(k.ready)
}

// Query answers a query about a release.
func (t *Tables) Query(ctx context.Context, r *domain.Release, q dataset.Query) (*table.Page, error) {
	rows, related, err := t.needed(ctx, r, q)
	if err != nil {
		return nil, err
	}
	return rows.Query(ctx, q, related)
}

// needed returns the table that answers a query, and the other datasets that the query
// needs.
func (t *Tables) needed(ctx context.Context, r *domain.Release, q dataset.Query) (*table.Table, table.Related, error) {
	rows, err := t.answering(ctx, r, q)
	if err != nil {
		return nil, nil, err
	}
	related := table.Related{}
	for _, d := range q.Related() {
		if related[d.ID], err = t.Table(ctx, r, d); err != nil {
			return nil, nil, err
		}
	}
	return rows, related, nil
}

// Rows calls yield for each row that matches the query, with the cells of the selected
// fields, until yield returns an error.
func (t *Tables) Rows(ctx context.Context, r *domain.Release, q dataset.Query, yield func(cells [][]byte) error) error {
	page, err := t.Query(ctx, r, q)
	if err != nil {
		return err
	}
	return page.Each(ctx, yield)
}

// Count returns the number of rows that match the query, on all pages.
func (t *Tables) Count(ctx context.Context, r *domain.Release, q dataset.Query) (int64, error) {
	rows, related, err := t.needed(ctx, r, q)
	if err != nil {
		return 0, err
	}
	n, err := rows.Count(ctx, q, related)
	return int64(n), err
}
