package ingest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// Objection is a rule about successive releases that a new release breaks.
type Objection struct {
	// Name is the argument of --allow that makes an exception, or empty if the rule
	// has no exceptions.
	Name string
	// Text says what is wrong and what to do.
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

// checkRelease returns the rules that a release breaks compared with the previous one.
func checkRelease(previous *domain.Release, next domain.Release, changes []release.Change, withdrawn [][]string) Objections {
	var out Objections
	if next.Synthetic && !previous.Synthetic {
		out = append(out, Objection{Text: fmt.Sprintf("release %s is synthetic; it must not be published over the real release %s", next.ID, previous.ID)})
	}
	if !domain.VersionLess(previous.ID, next.ID) {
		out = append(out, Objection{
			Name: "version:" + next.ID,
			Text: fmt.Sprintf("release %s does not come after the latest release %s; raise the version in datapackage.json", next.ID, previous.ID),
		})
	}
	if !next.Published.After(previous.Published) {
		out = append(out, Objection{
			Name: "created:" + next.ID,
			Text: fmt.Sprintf("datapackage.json: created %s of release %s must be later than %s, the time of the latest release %s",
				next.Published.Format(time.RFC3339Nano), next.ID, previous.Published.Format(time.RFC3339Nano), previous.ID),
		})
	}
	return slices.Concat(out, checkVanished(changes, withdrawn), checkDates(changes), checkDatasets(previous))
}

// checkVanished requires a reason for each identifier that has disappeared.
func checkVanished(changes []release.Change, withdrawn [][]string) Objections {
	explained := map[[2]string]bool{}
	for _, row := range withdrawn {
		explained[[2]string{row[dataset.Withdrawn.Column("dataset")], row[0]}] = true
	}
	var out Objections
	for _, c := range changes {
		if c.Kind == release.Removed && !explained[[2]string{c.Dataset.ID, c.Row}] {
			out = append(out, Objection{
				Name: "vanished:" + c.Row,
				Text: fmt.Sprintf("%s: the id %s has vanished; add it to withdrawn.csv with the reason", c.Dataset.ID, c.Row),
			})
		}
	}
	return out
}

// checkDates forbids changing the date of a source: asOf depends on it.
func checkDates(changes []release.Change) Objections {
	var out Objections
	for _, c := range changes {
		if c.Dataset == dataset.Sources && c.Kind == release.Changed && c.Column == "published" {
			out = append(out, Objection{
				Name: "published:" + c.Row,
				Text: fmt.Sprintf("sources: published of %s changes from %s to %s; the date of a source does not change", c.Row, c.Old, c.New),
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
				out = append(out, Objection{Text: fmt.Sprintf("%s: the column %s is dropped or moved; columns are only added, at the end", part.ID, column)})
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
			out = append(out, Objection{Name: "dataset:" + part.ID, Text: "the dataset " + part.ID + " is dropped; published datasets stay"})
		}
	}
	return out
}
