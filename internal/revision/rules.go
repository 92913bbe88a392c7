package revision

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// Objection is a rule that a new release breaks against the one before.
type Objection struct {
	// Name is what --allow takes to make an exception, or empty if the rule has
	// none.
	Name string
	// Text says what is wrong and what to do.
	Text string
}

// Objections are the reasons against a publication. It is an error if not
// empty, of the kind ErrConflict.
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

// Check holds a new release against the one before, exceptions aside.
func Check(previous *domain.Release, next domain.Release, changes []Change, withdrawn [][]string, allow []string) Objections {
	objections := checkRelease(previous, next)
	objections = append(objections, checkVanished(changes, withdrawn)...)
	objections = append(objections, checkDates(changes)...)
	objections = append(objections, checkDatasets(previous)...)
	return slices.DeleteFunc(objections, func(o Objection) bool { return o.Name != "" && slices.Contains(allow, o.Name) })
}

func checkRelease(previous *domain.Release, next domain.Release) Objections {
	var out Objections
	if next.Synthetic && !previous.Synthetic {
		out = append(out, Objection{Text: fmt.Sprintf("release %s is synthetic; it is never published over the real release %s", next.ID, previous.ID)})
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
			Text: fmt.Sprintf("datapackage.json: created %s of release %s must be later than %s, the one of the latest release %s",
				next.Published.Format(time.RFC3339Nano), next.ID, previous.Published.Format(time.RFC3339Nano), previous.ID),
		})
	}
	return out
}

// checkVanished wants a reason for each identifier that is gone.
func checkVanished(changes []Change, withdrawn [][]string) Objections {
	var out Objections
	named := dataset.Withdrawn.Column("dataset")
	for _, c := range changes {
		if c.Kind != Removed {
			continue
		}
		explained := slices.ContainsFunc(withdrawn, func(row []string) bool { return row[0] == c.Row && row[named] == c.Dataset.ID })
		if !explained {
			out = append(out, Objection{
				Name: "vanished:" + c.Row,
				Text: fmt.Sprintf("%s: the id %s has vanished; add it to withdrawn.csv with the reason", c.Dataset.ID, c.Row),
			})
		}
	}
	return out
}

// checkDates keeps the dates of the sources: what was known when depends on
// them.
func checkDates(changes []Change) Objections {
	var out Objections
	for _, c := range changes {
		if c.Dataset == dataset.Sources && c.Kind == Changed && c.Column == "published" {
			out = append(out, Objection{
				Name: "published:" + c.Row,
				Text: fmt.Sprintf("sources: published of %s changes from %s to %s; the date of a source does not change", c.Row, c.Old, c.New),
			})
		}
	}
	return out
}

// CheckColumns requires the columns of the release before at the same places. There
// is no exception: without them its rows cannot be read and compared.
func CheckColumns(previous *domain.Release) Objections {
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

// checkDatasets requires the datasets of the release before.
func checkDatasets(previous *domain.Release) Objections {
	var out Objections
	for _, part := range previous.Datasets {
		if dataset.ByID(part.ID) == nil {
			out = append(out, Objection{Name: "dataset:" + part.ID, Text: "the dataset " + part.ID + " is dropped; published datasets stay"})
		}
	}
	return out
}
