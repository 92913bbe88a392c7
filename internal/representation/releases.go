package representation

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
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
	// damaged are the releases that are not as they were published, by id.
	damaged map[string]error
	key     string
}

// Key names the state: two snapshots with the same releases and the same latest
// have the same key.
func (s *Snapshot) Key() string { return s.key }

// Releases follows the releases of a store. It is safe for concurrent use.
type Releases struct {
	store   *store.Store
	current atomic.Pointer[Snapshot]
	refused atomic.Pointer[strategy.Release]
	prepare func(context.Context, *strategy.Release) error
	report  func(error)
	// Now is the clock; a test may set another before the first use.
	Now func() time.Time

	mu       sync.Mutex
	verdicts map[string]verdict // by ReleaseKey
}

// verdict is what a verification found.
type verdict struct {
	faults []store.Fault
	at     time.Time
}

// NewReleases follows the store; call Refresh before the first use.
func NewReleases(s *store.Store) *Releases {
	return &Releases{store: s, report: func(error) {}, Now: time.Now, verdicts: map[string]verdict{}}
}

// Report sets who hears of older releases that are damaged and so not served.
func (r *Releases) Report(report func(error)) { r.report = report }

// Prepare sets what is done with a new release before it takes the place of the
// one before; an error keeps the old one.
func (r *Releases) Prepare(prepare func(context.Context, *strategy.Release) error) {
	r.prepare = prepare
}

// Refresh looks whether there is a new release. An error leaves the state as it
// was; it is store.Damaged if the new release is not as it was published.
func (r *Releases) Refresh(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	next, err := r.look(ctx)
	if err != nil {
		return err
	}
	r.refused.Store(nil)
	old := r.current.Load()
	unchanged := old != nil && old.key == next.key
	if unchanged && !r.due(old) {
		return nil
	}
	if err := r.verify(ctx, next); err != nil {
		return err
	}
	if unchanged && len(next.damaged) == len(old.damaged) {
		return nil
	}
	if err := r.vocabularies(ctx, next); err != nil {
		return err
	}
	if r.prepare != nil {
		if err := r.prepare(ctx, next.Latest); err != nil {
			return fmt.Errorf("prepare release %s: %w", next.Latest.ID, err)
		}
	}
	r.current.Store(next)
	return nil
}

const (
	// verifyEffort bounds what is verified when releases are taken over, about a
	// second: see store.Verification. The latest release comes first.
	verifyEffort = 300_000
	// verifyBytes is the size up to which the files of a data package are hashed.
	verifyBytes = 16 << 20
	// verifyTimeout bounds the verification of one release.
	verifyTimeout = time.Minute
	// verifyAgain is how long a release that was found damaged passes for so: it may
	// be repaired.
	verifyAgain = 30 * time.Second
)

// verify holds the releases that were not seen before against their checksums. A
// latest release that is damaged is refused, an older one is not served.
func (r *Releases) verify(ctx context.Context, next *Snapshot) error {
	effort := int64(verifyEffort)
	for _, release := range append([]*strategy.Release{next.Latest}, next.Releases...) {
		key := ReleaseKey(release)
		v, known := r.verdicts[key]
		if !known || len(v.faults) > 0 && r.Now().Sub(v.at) >= verifyAgain {
			faults, err := r.verifyOne(ctx, release, &effort)
			if err != nil {
				return err
			}
			v = verdict{faults, r.Now()}
			r.verdicts[key] = v
		}
		if len(v.faults) == 0 {
			continue
		}
		damaged := store.Damaged(v.faults)
		if release == next.Latest {
			if r.current.Load() != nil {
				r.refused.Store(release)
			}
			return fmt.Errorf("release %s is not taken over: %w", release.ID, damaged)
		}
		next.damaged[release.ID] = damaged
		if !known {
			r.report(fmt.Errorf("release %s is not served: %w", release.ID, damaged))
		}
	}
	return nil
}

// due reports whether a damaged release may be repaired by now.
func (r *Releases) due(s *Snapshot) bool {
	for _, release := range s.Releases {
		if s.damaged[release.ID] != nil && r.Now().Sub(r.verdicts[ReleaseKey(release)].at) >= verifyAgain {
			return true
		}
	}
	return false
}

func (r *Releases) verifyOne(ctx context.Context, release *strategy.Release, effort *int64) ([]store.Fault, error) {
	ctx, cancel := context.WithTimeout(ctx, verifyTimeout)
	defer cancel()
	faults, err := r.store.VerifyFiles(ctx, release, verifyBytes)
	if err != nil {
		return nil, err
	}
	more, err := r.store.Verify(ctx, release, store.Verification{Effort: effort})
	return append(faults, more...), err
}

// Refused returns the latest release if it was not taken over because it is damaged,
// while the one before is still served; else nil.
func (r *Releases) Refused() *strategy.Release { return r.refused.Load() }

// lookTimeout bounds a look at the releases: a database that hangs must not keep
// the next look from happening.
const lookTimeout = 10 * time.Second

// look reads the releases.
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
	return newSnapshot(latest, releases)
}

func (r *Releases) vocabularies(ctx context.Context, next *Snapshot) (err error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	for _, release := range next.Releases {
		if next.damaged[release.ID] != nil {
			continue
		}
		if next.vocabularies[release.ID], err = r.vocabulary(ctx, release); err != nil {
			return err
		}
	}
	return nil
}

// newSnapshot puts together what was read one after the other; it is
// ErrUnavailable if the latest was published or deleted between the two.
func newSnapshot(latest *strategy.Release, releases []*strategy.Release) (*Snapshot, error) {
	s := &Snapshot{Releases: releases, vocabularies: map[string]*Vocabulary{}, damaged: map[string]error{}, key: ReleaseKey(latest)}
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

// Follow refreshes until the context ends; report hears of errors.
func (r *Releases) Follow(ctx context.Context, every time.Duration, report func(error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := r.Refresh(ctx); err != nil && ctx.Err() == nil {
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

// Release returns the release with the id; "latest" and "" mean the latest. The
// error is strategy.ErrUnavailable if the release is damaged.
func (s *Snapshot) Release(id string) (*strategy.Release, error) {
	if id == "" || id == "latest" {
		return s.Latest, nil
	}
	ids := []string{"latest"}
	for _, r := range s.Releases {
		if r.ID == id {
			return r, s.damaged[id]
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
	q := dataset.Query{Dataset: dataset.Codelists}
	err := r.store.Rows(ctx, release, q, func(cells [][]byte) error {
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
		q := dataset.Query{Dataset: d, Fields: []int{0}}
		if err := r.store.Rows(ctx, release, q, func(cells [][]byte) error {
			v.ids[d.ID] = append(v.ids[d.ID], string(cells[0]))
			return nil
		}); err != nil {
			return nil, err
		}
	}
	err = r.store.Rows(ctx, release, dataset.Query{Dataset: dataset.Withdrawn}, func(cells [][]byte) error {
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
