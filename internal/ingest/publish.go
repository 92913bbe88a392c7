// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
)

// Plan is a publication that has been checked against the latest release.
type Plan struct {
	Content store.Content
	// Previous is the latest release, nil for the first publication.
	Previous *domain.Release
	// Changes are the differences from the latest release, as the dataset changes has
	// them.
	Changes []release.Change
	// Unlisted are differences of bulk snapshots, by dataset.
	Unlisted map[*dataset.Dataset]release.Unlisted
}

// Prepare plans the publication of a checked data package; the store is nil if there is no
// database yet. Allow names the exceptions to the rules between releases; they are
// recorded in the notes. The error is store.ErrPublished if the latest release has the same
// content, and of type Objections if rules are broken; an exception that is not needed is a
// *domain.Invalid.
func Prepare(ctx context.Context, s *store.Store, p *Package, allow []string) (*Plan, error) {
	content, derived, err := assemble(p)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Content: content}
	if s == nil {
		return plan, checkExceptions(nil, allow)
	}
	primary := s.Primary()
	plan.Previous, err = primary.Latest(ctx)
	if errors.Is(err, domain.ErrNotFound) {
		return plan, checkExceptions(nil, allow)
	}
	if err != nil {
		return nil, err
	}
	if err := refuseRepeated(ctx, primary, p, content.Release, derived); err != nil {
		return nil, err
	}
	highest, err := highestVersion(ctx, primary)
	if err != nil {
		return nil, err
	}
	if p.Base != nil && p.Base.Release.Seq != plan.Previous.Seq {
		return nil, store.Overtaken()
	}
	if objections := checkColumns(plan.Previous); len(objections) > 0 {
		return nil, objections
	}
	plan.Changes, plan.Unlisted, err = release.Since(ctx, primary, plan.Previous, derived.since(plan.Previous))
	if err != nil {
		return nil, err
	}
	objections := slices.Concat(p.checkSuccession(plan.Previous, content.Release, highest), checkRelease(plan.Previous, content.Release, plan.Changes, derived))
	reused, err := checkReused(ctx, primary, plan.Changes)
	if err != nil {
		return nil, err
	}
	objections = append(objections, reused...)
	if refused := objections.without(allow); len(refused) > 0 {
		return nil, refused
	}
	if err := checkExceptions(objections, allow); err != nil {
		return nil, err
	}
	plan.addHistory(ctx, primary, allow)
	return plan, nil
}

// refuseRepeated returns an error if the store has the release or had it. It runs
// before the rules, which would only report that the version is too old. Files as they are
// served are not those that were imported, so that rows are compared.
func refuseRepeated(ctx context.Context, s *store.Store, p *Package, r domain.Release, c *content) error {
	existing, err := s.Release(ctx, r.ID)
	switch {
	case errors.Is(err, domain.ErrNotFound):
		deleted, err := s.Deleted(ctx)
		if err == nil && slices.Contains(deleted, r.ID) {
			err = fmt.Errorf("%w: %s", store.WasDeleted(r.ID), p.raiseVersion())
		}
		return err
	case err != nil:
		return err
	case existing.ContentHash == r.ContentHash:
		return fmt.Errorf("release %s: %w", r.ID, store.ErrPublished)
	case p.published && existing.Title == r.Title && existing.Published.Equal(r.Published):
		changes, _, err := release.Since(ctx, s, existing, c.since(existing))
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			return fmt.Errorf("release %s: %w", r.ID, store.ErrPublished)
		}
	}
	return fmt.Errorf("%w: %s", store.OtherContent(r.ID), p.raiseVersion())
}

// highestVersion returns the highest version that was ever published: releases that were
// withdrawn or deleted since count, because readers still have their files.
func highestVersion(ctx context.Context, s *store.Store) (string, error) {
	releases, err := s.Releases(ctx)
	if err != nil {
		return "", err
	}
	highest, err := s.Deleted(ctx)
	for _, r := range releases {
		highest = append(highest, r.ID)
	}
	return slices.MaxFunc(highest, domain.CompareVersions), err
}

// raiseVersion returns what an editor must do if the version of the package is taken.
func (p *Package) raiseVersion() string {
	if p.locate != nil { // workbooks
		return "name a higher version with --release"
	}
	return "raise the version in datapackage.json"
}

// checkExceptions refuses exceptions that are not needed: the notes would mention
// them permanently.
func checkExceptions(objections Objections, allow []string) error {
	var names []string
	for _, o := range objections {
		if o.Name != "" {
			names = append(names, o.Name)
		}
	}
	for _, name := range allow {
		if !slices.Contains(names, name) {
			return domain.NotOneOf("--allow", name, "this release does not need the exception", names)
		}
	}
	return nil
}

// exceptions starts the line of the notes that lists them.
const exceptions = "Ausnahmen: "

// addHistory adds what depends on the latest release: the history of changes and
// the exceptions.
func (p *Plan) addHistory(ctx context.Context, s *store.Store, allow []string) {
	next := &p.Content.Release
	day := next.Published.Format(time.DateOnly)
	p.Content.Previous = p.Previous.Seq
	i := slices.IndexFunc(p.Content.Tables, func(t store.Table) bool { return t.Dataset == dataset.Changes })
	p.Content.Tables[i].Rows = func(yield func([]string, error) bool) {
		err := s.Read(ctx, p.Previous, dataset.Changes, func(cells [][]byte) error {
			if !yield(release.Texts(cells), nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
		if err != nil {
			return
		}
		for _, c := range p.Changes {
			if c.Dataset.Snapshot {
				continue
			}
			if !yield(c.Cells(next.ID, day), nil) {
				return
			}
		}
	}
	if len(allow) > 0 {
		next.Notes = strings.TrimSpace(next.Notes + "\n" + exceptions + strings.Join(allow, ", "))
	}
}

// assemble returns the content to publish for a data package, and its rows.
func assemble(p *Package) (store.Content, *content, error) {
	created, err := time.Parse(time.RFC3339, p.Manifest.Created)
	if err != nil {
		return store.Content{}, nil, fmt.Errorf("%s: created: %w", dataset.ManifestName, err)
	}
	c := store.Content{Release: domain.Release{
		ID: p.Manifest.Version, Title: p.Manifest.Title, Published: created.UTC(),
		Notes: p.Manifest.Notes, Synthetic: p.Manifest.Synthetic,
	}}
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		c.Files = append(c.Files, p.Files[path])
	}
	if c.Release.ContentHash, err = store.ContentHash(c.Files); err != nil {
		return store.Content{}, nil, err
	}
	derived, err := derive(p, created.UTC().Format(time.DateOnly))
	if err != nil {
		return store.Content{}, nil, err
	}
	for _, d := range dataset.All {
		c.Tables = append(c.Tables, derived.table(d))
	}
	return c, derived, nil
}

// Objection is a rule about successive releases that a new release breaks.
type Objection struct {
	// Name is the argument of --allow that makes an exception, or empty if the rule
	// has no exceptions.
	Name string
	// Text is what is wrong and what to do.
	Text string
}

// Objections are the reasons not to publish a release. As an error it is an
// ErrConflict.
type Objections []Objection

// Error lists all objections, one a line.
func (o Objections) Error() string {
	lines := make([]string, len(o))
	for i, objection := range o {
		lines[i] = objection.Text
		if objection.Name != "" {
			lines[i] += " (or make an exception: --allow " + objection.Name + ")"
		}
	}
	return strings.Join(lines, "\n")
}

// Is reports whether target is ErrConflict.
func (o Objections) Is(target error) bool { return target == domain.ErrConflict }

// without returns the objections that have no exception in allow.
func (o Objections) without(allow []string) Objections {
	return slices.DeleteFunc(slices.Clone(o), func(o Objection) bool { return o.Name != "" && slices.Contains(allow, o.Name) })
}

// checkSuccession returns the rules about version and time that the package breaks.
func (p *Package) checkSuccession(previous *domain.Release, next domain.Release, highest string) Objections {
	var out Objections
	if domain.CompareVersions(next.ID, highest) <= 0 {
		what := "the latest release " + previous.ID
		if highest != previous.ID {
			what = "release " + highest + ", which was published before"
		}
		out = append(out, Objection{
			Name: "version:" + next.ID,
			Text: fmt.Sprintf("release %s does not come after %s; %s", next.ID, what, p.raiseVersion()),
		})
	}
	if !next.Published.After(previous.Published) {
		what := "datapackage.json: created"
		if p.locate != nil { // workbooks
			what = "the current time"
		}
		out = append(out, Objection{
			Name: "created:" + next.ID,
			Text: fmt.Sprintf("%s %s of release %s must be later than %s, the time of the latest release %s",
				what, next.Published.Format(time.RFC3339Nano), next.ID, previous.Published.Format(time.RFC3339Nano), previous.ID),
		})
	}
	return out
}

// checkRelease returns the rules that a release with these rows breaks compared with the
// previous one.
func checkRelease(previous *domain.Release, next domain.Release, changes []release.Change, c *content) Objections {
	var out Objections
	if next.Synthetic && !previous.Synthetic {
		out = append(out, Objection{Text: fmt.Sprintf("release %s is synthetic; it must not be published over the real release %s", next.ID, previous.ID)})
	}
	return slices.Concat(out, checkVanished(changes, c.rows[dataset.Withdrawn.ID]), checkDates(changes, c.rows[dataset.Sources.ID]), checkDatasets(previous), checkShrinking(previous, c))
}

// checkVanished requires a reason for each identifier that has disappeared. Rows of
// computed datasets come and go with those that they follow from.
func checkVanished(changes []release.Change, withdrawn [][]string) Objections {
	explained := map[[2]string]bool{}
	for _, row := range withdrawn {
		explained[[2]string{row[dataset.Withdrawn.Column("dataset")], row[0]}] = true
	}
	var out Objections
	for _, c := range changes {
		if c.Kind != release.Removed || c.Dataset.Computed || c.Dataset.Snapshot || explained[[2]string{c.Dataset.ID, c.Row}] {
			continue
		}
		advice := "add it to withdrawn.csv with the reason"
		if c.Dataset == dataset.Withdrawn {
			advice = "put its row back into withdrawn.csv, because its address keeps returning the reason"
		}
		out = append(out, Objection{
			Name: "vanished:" + c.Row,
			Text: fmt.Sprintf("%s: the id %s has vanished; %s", c.Dataset.ID, c.Row, advice),
		})
	}
	return out
}

// checkReused forbids giving the identifier of a row of a withdrawn release to something
// else: a row that refers to other goals, indicators, areas and the like. The source may
// be a different one, since a correction can have another source.
func checkReused(ctx context.Context, s *store.Store, changes []release.Change) (Objections, error) {
	added := map[*dataset.Dataset]map[string][]string{}
	for _, c := range changes {
		if c.Kind != release.Added || c.Dataset.Computed || c.Dataset.Snapshot {
			continue
		}
		if added[c.Dataset] == nil {
			added[c.Dataset] = map[string][]string{}
		}
		added[c.Dataset][c.Row] = c.Values
	}
	if len(added) == 0 {
		return nil, nil
	}
	releases, err := s.Releases(ctx)
	if err != nil {
		return nil, err
	}
	var out Objections
	for _, r := range releases {
		if r.Withdrawn.IsZero() {
			continue
		}
		for _, d := range dataset.All {
			for ids := range slices.Chunk(slices.Sorted(maps.Keys(added[d])), dataset.MaxValues) {
				err := s.Matching(ctx, r, d, "id", ids, func(cells [][]byte) error {
					before := release.Texts(cells)
					if other := otherReferences(d, before, added[d][before[0]]); other != "" {
						out = append(out, Objection{
							Name: "reused:" + before[0],
							Text: fmt.Sprintf("%s: %s had %s in release %s, which was withdrawn; an identifier is never reused for something else", d.ID, before[0], other, r.ID),
						})
						delete(added[d], before[0]) // of several releases, the newest is named
					}
					return nil
				})
				if err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}

// otherReferences names the references of a row that it did not have before.
func otherReferences(d *dataset.Dataset, before, now []string) string {
	var out []string
	for i, c := range d.Columns {
		if c.Type == dataset.Reference && c.Of != dataset.Sources.ID && before[i] != "" && now[i] != "" && before[i] != now[i] {
			out = append(out, fmt.Sprintf("%s %s instead of %s", c.Name, quote(before[i]), quote(now[i])))
		}
	}
	return strings.Join(out, " and ")
}

// checkDates forbids changing the day from which the statements of a source are known:
// asOf depends on it. That is the date of the source or, if it has none, the day on which
// it was read.
func checkDates(changes []release.Change, sources [][]string) Objections {
	undated := map[string]bool{}
	for _, row := range sources {
		undated[row[0]] = row[dataset.Sources.Column("published")] == ""
	}
	var out Objections
	for _, c := range changes {
		date := c.Column == "published" || c.Column == "retrieved" && c.Old != "" && undated[c.Row]
		if c.Dataset == dataset.Sources && c.Kind == release.Changed && date {
			out = append(out, Objection{
				Name: c.Column + ":" + c.Row,
				Text: fmt.Sprintf("sources: %s of %s changes from %s to %s; the date of a source must not change",
					c.Column, c.Row, cmp.Or(c.Old, "nothing"), cmp.Or(c.New, "nothing")),
			})
		}
	}
	return out
}

// checkColumns requires the columns of the previous release in the same positions.
// There are no exceptions: otherwise its rows could not be read and compared.
func checkColumns(previous *domain.Release) Objections {
	var out Objections
	for _, part := range previous.Datasets {
		d := dataset.ByID(part.ID)
		if d == nil {
			continue
		}
		names := d.Names()
		for i, column := range part.Columns {
			if i >= len(names) || names[i] != column {
				out = append(out, Objection{Text: fmt.Sprintf("%s: the column %s was dropped or moved; new columns may only be added at the end", part.ID, column)})
			}
		}
	}
	return out
}

// checkDatasets requires the datasets of the previous release.
func checkDatasets(previous *domain.Release) Objections {
	var out Objections
	for _, part := range previous.Datasets {
		if dataset.ByID(part.ID) == nil {
			out = append(out, Objection{Name: "dataset:" + part.ID, Text: "the dataset " + part.ID + " was dropped; a published dataset must not be removed"})
		}
	}
	return out
}

// checkShrinking finds snapshots that lost more than a fifth of their rows: an export
// was probably cut off.
func checkShrinking(previous *domain.Release, c *content) Objections {
	var out Objections
	for _, part := range previous.Datasets {
		d := dataset.ByID(part.ID)
		if d == nil || !d.Snapshot || d.Computed || c.bulk[d.ID].Same {
			continue
		}
		next := int64(len(c.rows[d.ID]))
		if d.Bulk {
			next = c.bulk[d.ID].Sum.Rows
		}
		if next*5 < part.Rows*4 {
			out = append(out, Objection{
				Name: "shrink:" + d.ID,
				Text: fmt.Sprintf("%s: %s rows instead of the %s of release %s, a fall of more than a fifth; check that the export is complete",
					d.ID, thousandsOf(int(next)), thousandsOf(int(part.Rows)), previous.ID),
			})
		}
	}
	return out
}
