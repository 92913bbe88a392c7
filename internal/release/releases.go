// SPDX-License-Identifier: EUPL-1.2

package release

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/store"
)

// Snapshot is the state of the releases at one time. A request uses one snapshot
// throughout.
type Snapshot struct {
	Latest *domain.Release
	// Releases are all releases, the newest first.
	Releases []*domain.Release
	// Deleted are the ids of releases that were deleted.
	Deleted []string
	// Altered is why older releases are not among Releases: what is recorded about them is
	// not what was published.
	Altered []store.Fault
	// Vocabulary is the vocabulary of the latest release.
	Vocabulary *Vocabulary

	key   string
	since time.Time
}

// Key identifies the state: snapshots with the same releases and the same latest have
// the same key.
func (s *Snapshot) Key() string { return s.key }

// Since returns the time since which this process has served the snapshot.
func (s *Snapshot) Since() time.Time { return s.since }

// Release returns the release with the id; "latest" and "" mean the latest. The error is
// domain.ErrGone if the release was deleted, and store.Altered if what is recorded about it
// was altered.
func (s *Snapshot) Release(id string) (*domain.Release, error) {
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
	if slices.Contains(s.Deleted, id) {
		return nil, Deleted(id, s.Latest.ID)
	}
	if err := s.altered(id); err != nil {
		return nil, err
	}
	return nil, domain.NotOneOf("release", id, "is not a release", ids)
}

// altered returns store.Altered if the release with the id was left out.
func (s *Snapshot) altered(id string) error {
	for _, f := range s.Altered {
		if f.Release == id {
			return store.Altered(f.String())
		}
	}
	return nil
}

// leaveOut removes the releases with faults. It returns store.Altered if the latest is one
// of them.
func (s *Snapshot) leaveOut(faults []store.Fault) error {
	s.Altered = faults
	s.Releases = slices.DeleteFunc(s.Releases, func(r *domain.Release) bool { return s.altered(r.ID) != nil })
	return s.altered(s.Latest.ID)
}

// Deleted returns the error about a release that was deleted, which names the latest. It is
// domain.ErrGone.
func Deleted(id, latest string) error { return deleted{id, latest} }

// deleted is the error for a release that was deleted. It is domain.ErrGone.
type deleted struct{ id, latest string }

// Error names the release that can be used instead.
func (d deleted) Error() string {
	return "release " + d.id + " has been deleted; the latest release, " + d.latest + ", can be used instead"
}

// Is reports whether target is domain.ErrGone.
func (deleted) Is(target error) bool { return target == domain.ErrGone }

// From returns the release that another is compared with: the one with the id or, without
// an id, the one that it followed.
func (s *Snapshot) From(id string, to *domain.Release) (*domain.Release, error) {
	if id != "" {
		from, err := s.Release(id)
		var invalid *domain.Invalid
		if errors.As(err, &invalid) {
			invalid.Name = "from"
		}
		return from, err
	}
	if from := to.Predecessor(s.Releases); from != nil {
		return from, nil
	}
	if err := s.altered(to.Previous); err != nil {
		return nil, err
	}
	if to.Previous == "" {
		return nil, &domain.Invalid{Name: "from", Rule: "is required, because " + to.ID + " is the first release"}
	}
	var others []string
	for _, r := range s.Releases {
		if r != to {
			others = append(others, r.ID)
		}
	}
	return nil, &domain.Invalid{Name: "from", Rule: "is required, because the release before " + to.ID + " has been deleted", Allowed: others}
}

// Releases follows the releases of a store and holds the latest in memory. It is
// safe for concurrent use.
type Releases struct {
	*Tables
	// Now is the clock. Tests may replace it before the first use.
	Now func() time.Time

	store   *store.Store
	prepare func(context.Context, *domain.Release) error
	current atomic.Pointer[Snapshot]

	refreshing sync.Mutex
	refused    atomic.Pointer[refusal]
}

// refusal is a release that was not taken over because it is altered.
type refusal struct {
	key     string
	release *domain.Release
	at      time.Time
	err     error
}

// retryAfter is the time before an altered release is read again; it can have millions
// of rows.
const retryAfter = 30 * time.Second

// New returns the releases of a store; call Refresh before the first use. The budget
// limits the memory for older releases, in bytes.
func New(s *store.Store, budget int64) *Releases {
	return &Releases{Tables: NewTables(s, budget), Now: time.Now, store: s}
}

// Prepare sets a function that is called with a new release in memory before it
// replaces the previous one; if it fails, the previous release stays.
func (r *Releases) Prepare(prepare func(context.Context, *domain.Release) error) {
	r.prepare = prepare
}

// Refresh checks for a new release and switches to it when all of it is in memory. The
// state does not change if there is an error.
func (r *Releases) Refresh(ctx context.Context) error {
	r.refreshing.Lock()
	defer r.refreshing.Unlock()
	next, err := r.look(ctx)
	if next == nil {
		return err
	}
	old := r.current.Load()
	if err == nil {
		err = r.takeOver(ctx, next)
	}
	if err != nil {
		if old != nil {
			r.holdOnly(old.Latest)
		}
		err = fmt.Errorf("release %s is not served: %w", next.Latest.ID, err)
		if errors.As(err, new(store.Altered)) {
			r.refused.Store(&refusal{next.key, next.Latest, r.Now(), err})
		}
		return err
	}
	r.refused.Store(nil)
	next.since = r.Now().Truncate(time.Second)
	if old != nil && !next.since.After(old.since) {
		next.since = old.since.Add(time.Second) // two states never have the same
	}
	r.current.Store(next)
	r.holdOnly(next.Latest)
	return nil
}

func (r *Releases) takeOver(ctx context.Context, next *Snapshot) (err error) {
	if err := r.Hold(ctx, next.Latest); err != nil {
		return err
	}
	if next.Vocabulary, err = r.Tables.Vocabulary(ctx, next.Latest); err != nil || r.prepare == nil {
		return err
	}
	if err := r.prepare(ctx, next.Latest); err != nil {
		return fmt.Errorf("%w: %w", ErrNotPrepared, err)
	}
	return nil
}

// ErrNotPrepared reports that what Prepare set failed, for which the database is not
// needed.
var ErrNotPrepared = errors.New("its common answers cannot be built")

// Refused returns the latest release if it is not served because it is not as it was
// published, and the previous one is served instead; otherwise nil.
func (r *Releases) Refused() *domain.Release {
	if refused := r.refused.Load(); refused != nil && r.current.Load() != nil {
		return refused.release
	}
	return nil
}

// lookTimeout limits a check for releases, so that a database that hangs does not
// prevent the next check.
const lookTimeout = 10 * time.Second

// look reads the list of releases, or returns nil if nothing has changed or the latest was
// refused a moment ago. If the latest release is incomplete or altered, it returns the list
// and an error.
func (r *Releases) look(ctx context.Context) (*Snapshot, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	latest, heads, err := r.store.Heads(ctx)
	if errors.Is(err, domain.ErrNotFound) {
		return nil, fmt.Errorf("%w: no release is published yet", domain.ErrUnavailable)
	}
	if err != nil {
		return nil, err
	}
	key := stateOf(latest, heads)
	if old := r.current.Load(); old != nil && old.key == key {
		r.refused.Store(nil)
		return nil, nil
	}
	if refused := r.refused.Load(); refused != nil && refused.key == key && r.Now().Sub(refused.at) < retryAfter {
		return nil, refused.err
	}
	releases, err := r.store.Releases(ctx)
	if err != nil {
		return nil, err
	}
	next, err := newSnapshot(latest, releases)
	if err != nil {
		return nil, err
	}
	SetDates(releases)
	if next.Deleted, err = r.store.Deleted(ctx); err != nil {
		return nil, err
	}
	faults, err := r.store.Records(ctx, next.Releases...)
	if err != nil {
		return nil, err
	}
	if err := r.store.Whole(ctx, next.Latest); err != nil {
		return next, err
	}
	return next, next.leaveOut(faults)
}

// Whole returns ErrUnavailable if a dataset of a release is missing in the database, or what
// is recorded about it was altered. The latest release was checked when it was read.
func (r *Releases) Whole(ctx context.Context, release *domain.Release) error {
	if s := r.current.Load(); s != nil && Key(s.Latest) == Key(release) {
		return nil
	}
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	if err := r.store.Whole(ctx, release); err != nil {
		return err
	}
	faults, err := r.store.Records(ctx, release)
	if err == nil && len(faults) > 0 {
		err = store.Altered(faults[0].String())
	}
	return err
}

// newSnapshot combines what was read in two steps. It returns ErrUnavailable if the
// latest release was published, withdrawn or deleted in between.
func newSnapshot(latest *domain.Release, releases []*domain.Release) (*Snapshot, error) {
	s := &Snapshot{Releases: releases, key: stateOf(latest, releases)}
	for _, release := range releases {
		if Key(release) == Key(latest) {
			s.Latest = release
		}
	}
	if s.Latest == nil || !s.Latest.Withdrawn.IsZero() {
		return nil, fmt.Errorf("%w: the releases changed while they were read", domain.ErrUnavailable)
	}
	return s, nil
}

// stateOf returns the Key of a snapshot. It needs only what store.Heads returns.
func stateOf(latest *domain.Release, releases []*domain.Release) string {
	sum := sha256.New()
	fmt.Fprintln(sum, Key(latest))
	for _, r := range releases {
		fmt.Fprintln(sum, Key(r), r.Withdrawn.Unix(), r.Signature)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Follow refreshes periodically until the context ends and reports each outcome.
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

// ErrNotLoaded reports that no release is in memory yet: the first one is still being
// read, or cannot be read. It is an ErrUnavailable.
var ErrNotLoaded = fmt.Errorf("%w: no release is loaded yet", domain.ErrUnavailable)

// Current returns the snapshot, or ErrNotLoaded before the first release.
func (r *Releases) Current() (*Snapshot, error) {
	if s := r.current.Load(); s != nil {
		return s, nil
	}
	return nil, ErrNotLoaded
}

// settled is how long a snapshot must have been served before its date is sent. By then
// other instances have noticed a new release, and none of them sends the same date for
// an older state.
const settled = 5 * time.Second

// Modified returns the Last-Modified of answers that change only with a release; pages
// that expire daily have none. It is the time since when this process has answered from
// the current snapshot, and zero while that is too recent.
func (r *Releases) Modified() time.Time {
	if s := r.current.Load(); s != nil && !r.Now().Before(s.since.Add(settled)) {
		return s.since
	}
	return time.Time{}
}
