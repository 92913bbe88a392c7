package representation

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/strategy"
	"github.com/zielstand/zielstand/internal/suggest"
)

// Snapshot is what is known without the database: the releases and the
// vocabulary of the latest. A request takes one and keeps to it.
type Snapshot struct {
	Latest *strategy.Release
	// Releases are all releases, the newest first.
	Releases []*strategy.Release
	// vocabularies are by release id.
	vocabularies map[string]*Vocabulary
	key          string
	since        time.Time
}

// Key names the state: two snapshots with the same releases and the same latest
// have the same key.
func (s *Snapshot) Key() string { return s.key }

// Releases follows the releases of a store. It is safe for concurrent use.
type Releases struct {
	store   *store.Store
	current atomic.Pointer[Snapshot]
	prepare func(context.Context, *strategy.Release) error
	// Now is the clock; a test may set another before the first use.
	Now func() time.Time
}

// NewReleases follows the store; call Refresh before the first use.
func NewReleases(s *store.Store) *Releases { return &Releases{store: s, Now: time.Now} }

// Prepare sets what is done with a new release before it takes the place of the
// one before; an error keeps the old one.
func (r *Releases) Prepare(prepare func(context.Context, *strategy.Release) error) {
	r.prepare = prepare
}

// Refresh looks whether there is a new release. An error leaves the state as it
// was.
func (r *Releases) Refresh(ctx context.Context) error {
	next, err := r.look(ctx)
	if err != nil || next == nil {
		return err
	}
	if r.prepare != nil {
		if err := r.prepare(ctx, next.Latest); err != nil {
			return fmt.Errorf("prepare release %s: %w", next.Latest.ID, err)
		}
	}
	next.since = r.Now().Truncate(time.Second)
	if old := r.current.Load(); old != nil && !next.since.After(old.since) {
		next.since = old.since.Add(time.Second) // two states never have the same
	}
	r.current.Store(next)
	return nil
}

// settled is how long a snapshot must have been served before its date is given
// out. Other instances have noticed a new release by then, so that none of them
// gives the same date for an older state.
const settled = 5 * time.Second

// Modified is the Last-Modified of every answer: since when this process, with
// its program and its settings, answers from the current snapshot. It is zero
// while that is too recent to tell.
func (r *Releases) Modified() time.Time {
	if s := r.current.Load(); s != nil && !r.Now().Before(s.since.Add(settled)) {
		return s.since
	}
	return time.Time{}
}

// lookTimeout bounds a look at the releases: a database that hangs must not keep
// the next look from happening.
const lookTimeout = 10 * time.Second

// look reads the releases; nil means that nothing has changed.
func (r *Releases) look(ctx context.Context) (*Snapshot, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	latest, err := r.store.Latest(ctx)
	if errors.Is(err, strategy.ErrNotFound) {
		return nil, fmt.Errorf("%w: no release is published yet", strategy.ErrUnavailable)
	}
	if err != nil {
		return nil, err
	}
	releases, err := r.store.Releases(ctx)
	if err != nil {
		return nil, err
	}
	next, err := newSnapshot(latest, releases)
	if err != nil {
		return nil, err
	}
	if old := r.current.Load(); old != nil && old.key == next.key {
		return nil, nil
	}
	for _, release := range releases {
		if next.vocabularies[release.ID], err = r.vocabulary(ctx, release); err != nil {
			return nil, err
		}
	}
	return next, nil
}

// newSnapshot puts together what was read one after the other; it is
// ErrUnavailable if the latest was published or deleted between the two.
func newSnapshot(latest *strategy.Release, releases []*strategy.Release) (*Snapshot, error) {
	s := &Snapshot{Releases: releases, vocabularies: map[string]*Vocabulary{}, key: ReleaseKey(latest)}
	for _, release := range releases {
		if ReleaseKey(release) == s.key {
			s.Latest = release
		}
	}
	if s.Latest == nil {
		return nil, fmt.Errorf("%w: the releases changed while they were read", strategy.ErrUnavailable)
	}
	for _, release := range releases {
		s.key += " " + ReleaseKey(release)
	}
	return s, nil
}

// ReleaseKey tells a release from every other that the store ever held: the
// number and the id of a deleted one may be given again.
func ReleaseKey(r *strategy.Release) string {
	return strconv.FormatInt(r.Seq, 10) + ":" + r.ID + ":" + r.ContentHash
}

// Follow refreshes until the context ends and reports the outcome of each time.
func (r *Releases) Follow(ctx context.Context, every time.Duration, report func(error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := r.Refresh(ctx); ctx.Err() == nil {
				report(err)
			}
		}
	}
}

// Current returns the snapshot, or ErrUnavailable before the first release.
func (r *Releases) Current() (*Snapshot, error) {
	if s := r.current.Load(); s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("%w: no release is loaded yet", strategy.ErrUnavailable)
}

// Release returns the release with the id; "latest" and "" mean the latest.
func (s *Snapshot) Release(id string) (*strategy.Release, error) {
	if id == "" || id == "latest" {
		return s.Latest, nil
	}
	ids := []string{"latest"}
	for _, r := range s.Releases {
		if r.ID == id {
			return r, nil
		}
		ids = append(ids, r.ID)
	}
	return nil, &strategy.Invalid{
		Name: "release", Value: id, Rule: "is no release", Allowed: ids, Nearest: suggest.Nearest(id, ids),
	}
}

// Vocabulary returns the codes and identifiers of a release; it is empty if the
// release was deleted before the snapshot.
func (s *Snapshot) Vocabulary(r *strategy.Release) *Vocabulary {
	if v := s.vocabularies[r.ID]; v != nil {
		return v
	}
	return &Vocabulary{}
}

// Vocabulary is the codes and identifiers of a release. It is a
// dataset.Vocabulary.
type Vocabulary struct {
	codes, ids map[string][]string
	known      map[string]bool // codelist or dataset, blank, code or identifier
	withdrawn  map[string]Withdrawal
}

// Withdrawal says why an identifier is gone.
type Withdrawal struct{ Dataset, Day, Reason, ReasonEN string }

// Withdrawn returns why the identifier of a dataset is gone, if it is.
func (v *Vocabulary) Withdrawn(dataset, id string) (Withdrawal, bool) {
	w, ok := v.withdrawn[id]
	return w, ok && w.Dataset == dataset
}

// Codes returns the codes of a codelist in the order of the release.
func (v *Vocabulary) Codes(codelist string) []string { return v.codes[codelist] }

// IDs returns the identifiers of a dataset that others refer to.
func (v *Vocabulary) IDs(dataset string) []string { return v.ids[dataset] }

// Knows reports whether the codelist or dataset has the code or identifier,
// spelled exactly so.
func (v *Vocabulary) Knows(of, value string) bool { return v.known[of+" "+value] }

// index fills the set of all that is known.
func (v *Vocabulary) index() {
	v.known = map[string]bool{}
	for _, lists := range []map[string][]string{v.codes, v.ids} {
		for of, values := range lists {
			for _, value := range values {
				v.known[of+" "+value] = true
			}
		}
	}
}

// vocabulary reads the codelists and the identifiers of the datasets that
// columns refer to.
func (r *Releases) vocabulary(ctx context.Context, release *strategy.Release) (*Vocabulary, error) {
	v := &Vocabulary{codes: map[string][]string{}, ids: map[string][]string{}, withdrawn: map[string]Withdrawal{}}
	list, code := dataset.Codelists.Column("codelist"), dataset.Codelists.Column("code")
	err := r.store.Read(ctx, release, dataset.Codelists, func(cells [][]byte) error {
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
		if err := r.store.Read(ctx, release, d, func(cells [][]byte) error {
			v.ids[d.ID] = append(v.ids[d.ID], string(cells[0]))
			return nil
		}); err != nil {
			return nil, err
		}
	}
	err = r.store.Read(ctx, release, dataset.Withdrawn, func(cells [][]byte) error {
		v.withdrawn[string(cells[0])] = Withdrawal{string(cells[1]), string(cells[2]), string(cells[3]), string(cells[4])}
		return nil
	})
	v.index()
	return v, err
}

// referred lists the datasets whose identifiers a filter is checked against.
// Observations are left out: there can be millions.
func referred() []*dataset.Dataset {
	var out []*dataset.Dataset
	for _, d := range dataset.All {
		for _, other := range dataset.All {
			if d != dataset.Observations && refers(other, d) {
				out = append(out, d)
				break
			}
		}
	}
	return out
}

func refers(from, to *dataset.Dataset) bool {
	for _, c := range from.Columns {
		if c.Type == dataset.Reference && c.Of == to.ID {
			return true
		}
	}
	return false
}
