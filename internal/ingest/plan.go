package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/fixture"
	"github.com/zielstand/zielstand/internal/revision"
	"github.com/zielstand/zielstand/internal/store"
)

// Plan is a publication that was held against the latest release.
type Plan struct {
	Content store.Content
	// Previous is the latest release, nil for the first publication.
	Previous *domain.Release
	// Changes are the differences from the latest release.
	Changes []revision.Change
	// Computed are those of the datasets that follow from the edited ones.
	Computed []revision.Change
}

// Prepare plans the publication of a checked data package. Allow names the
// exceptions from the rules of package revision; the release's notes keep them.
// The error is store.ErrPublished if the latest release has the same content
// and of type revision.Objections if rules are broken; an exception that is not
// needed is a *domain.Invalid.
func Prepare(ctx context.Context, s *store.Store, p *fixture.Package, allow []string) (*Plan, error) {
	content, rows, err := assemble(p)
	if err != nil {
		return nil, err
	}
	primary := s.Primary()
	plan := &Plan{Content: content}
	plan.Previous, err = primary.Latest(ctx)
	if errors.Is(err, domain.ErrNotFound) {
		return plan, checkExceptions(nil, allow)
	}
	if err != nil {
		return nil, err
	}
	if err := refuseRepeated(ctx, primary, content.Release); err != nil {
		return nil, err
	}
	if objections := revision.CheckColumns(plan.Previous); len(objections) > 0 {
		return nil, objections
	}
	before, err := AllRows(ctx, primary, plan.Previous)
	if err != nil {
		return nil, err
	}
	plan.Changes, plan.Computed = revision.Compare(before, rows), revision.CompareComputed(before, rows)
	check := func(allow []string) revision.Objections {
		return revision.Check(plan.Previous, content.Release, plan.Changes, rows[dataset.Withdrawn.ID], allow)
	}
	if objections := check(allow); len(objections) > 0 {
		return nil, objections
	}
	if err := checkExceptions(check(nil), allow); err != nil {
		return nil, err
	}
	plan.keep(before[dataset.Changes.ID], allow)
	return plan, nil
}

// clockTolerance is how far ahead of ours the clock of an editor may be.
const clockTolerance = 5 * time.Minute

// Warnings are what an editor should look at again, although it breaks no rule.
func (p *Plan) Warnings(now time.Time) []string {
	created := p.Content.Release.Published
	if !created.After(now.Add(clockTolerance)) {
		return nil
	}
	return []string{fmt.Sprintf("%s: created %s is in the future (it is %s): the next release must be created later still",
		fixture.ManifestName, created.Format(time.RFC3339), now.UTC().Format(time.RFC3339))}
}

// refuseRepeated recognises a release that is in the store already, before the
// rules would call it too old.
func refuseRepeated(ctx context.Context, s *store.Store, r domain.Release) error {
	existing, err := s.Release(ctx, r.ID)
	switch {
	case errors.Is(err, domain.ErrNotFound):
		return nil
	case err != nil:
		return err
	case existing.ContentHash == r.ContentHash:
		return fmt.Errorf("release %s: %w", r.ID, store.ErrPublished)
	}
	return store.OtherContent(r.ID)
}

// checkExceptions refuses an exception from nothing: the notes would tell of it
// for ever.
func checkExceptions(objections revision.Objections, allow []string) error {
	var names []string
	for _, o := range objections {
		names = append(names, o.Name)
	}
	for _, name := range allow {
		if !slices.Contains(names, name) {
			return &domain.Invalid{
				Name: "--allow", Value: name, Rule: "is no exception that this release needs",
				Allowed: names, Nearest: domain.Nearest(name, names),
			}
		}
	}
	return nil
}

// exceptions begins the line of the notes that names them.
const exceptions = "Ausnahmen: "

// keep adds to the content what follows from the latest release: the history
// of changes and the exceptions.
func (p *Plan) keep(history [][]string, allow []string) {
	release := &p.Content.Release
	for _, c := range p.Changes {
		history = append(history, c.Cells(release.ID, release.Published.Format(time.DateOnly)))
	}
	p.Content.Previous = p.Previous.Seq
	i := slices.IndexFunc(p.Content.Tables, func(t store.Table) bool { return t.Dataset == dataset.Changes })
	p.Content.Tables[i].Rows = slices.Values(history)
	if len(allow) > 0 {
		release.Notes = strings.TrimSpace(release.Notes + "\n" + exceptions + strings.Join(allow, ", "))
	}
}

// AllRows reads all datasets of a release.
func AllRows(ctx context.Context, s *store.Store, r *domain.Release) (revision.Rows, error) {
	rows := revision.Rows{}
	for _, d := range dataset.All {
		if err := s.Read(ctx, r, d, func(cells [][]byte) error {
			row := make([]string, len(cells))
			for i, c := range cells {
				row[i] = string(c)
			}
			rows[d.ID] = append(rows[d.ID], row)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return rows, nil
}
