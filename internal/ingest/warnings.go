// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// clockTolerance is how far ahead of ours the clock of an editor may be.
const clockTolerance = 5 * time.Minute

// Warnings returns what an editor should double-check although no rule is broken. What
// was taken from the previous release was double-checked when that was imported.
func (p *Package) Warnings(now time.Time) Findings {
	w := warner{pkg: p, today: now.UTC().Format(time.DateOnly), sources: map[string][]string{}}
	created, err := time.Parse(time.RFC3339, p.Manifest.Created)
	if err == nil && created.After(now.Add(clockTolerance)) {
		w.add(Finding{
			File: dataset.ManifestName, Path: "created", Value: p.Manifest.Created,
			Rule: "is in the future; the next release would need an even later time", Hint: "it is " + now.UTC().Format(time.RFC3339),
		})
	}
	if err == nil && domain.CompareVersions(p.Manifest.Version, created.UTC().Format("2006.01")+".999999") > 0 {
		f := Finding{
			File: dataset.ManifestName, Path: "version", Value: p.Manifest.Version,
			Rule: "is of a later month than the release is created in: the versions of all later releases must be higher still", Hint: "created is " + p.Manifest.Created,
		}
		if p.locate != nil { // workbooks
			f.File, f.Path = "--release", ""
		}
		w.add(f)
	}
	var reworded []string
	for _, resource := range p.Manifest.Resources {
		if d := dataset.ByID(resource.Name); !equalJSON(dataset.Describe(d), resource) {
			reworded = append(reworded, d.ID)
		}
	}
	if len(reworded) > 0 {
		w.add(Finding{
			File: dataset.ManifestName, Path: "resources", Rule: "have titles or descriptions that differ from those of this version of the program; “zielstand check --describe” updates them",
			Hint: "different: " + strings.Join(reworded, ", "),
		})
	}
	for _, row := range w.table("sources").Rows {
		w.sources[row[0]] = row
	}
	w.findable()
	w.figures()
	w.milestones()
	w.statuses()
	w.withdrawals()
	w.notes()
	found := slices.DeleteFunc(w.result(), func(f Finding) bool { return p.Base != nil && strings.HasSuffix(f.File, carriedFrom(p.Base.Release)) })
	if p.locate != nil {
		found = p.locate(found)
	}
	return found
}

type warner struct {
	collector
	pkg     *Package
	today   string
	sources map[string][]string
}

func (w *warner) table(id string) *Table {
	if t := w.pkg.Tables[id]; t != nil {
		return t
	}
	return &Table{Dataset: dataset.ByID(id), file: id + ".csv"}
}

// published returns the period in which a source was published, or "" if that is not
// known.
func (w *warner) published(source string) string {
	row := w.sources[source]
	if row == nil {
		return ""
	}
	return w.table("sources").Cell(row, "published")
}

func start(period string) string {
	if p, err := domain.ParsePeriod(period); err == nil {
		return p.Start()
	}
	return ""
}

func end(period string) string {
	if p, err := domain.ParsePeriod(period); err == nil {
		return p.End()
	}
	return ""
}

// findable warns of sources that nobody can look up, and of days on which they cannot have
// been read.
func (w *warner) findable() {
	t := w.table("sources")
	for i, row := range t.Rows {
		published, retrieved := t.Cell(row, "published"), t.Cell(row, "retrieved")
		if t.Cell(row, "url") == "" && t.Cell(row, "access") == "" {
			w.add(at(t, i, "access", "", "is empty, and so is url; one of the two must say where the source can be found: its address, or in words how to get it", ""))
		}
		switch {
		case retrieved > w.today:
			w.add(at(t, i, "retrieved", retrieved, "is in the future, but the row says that it has happened", ""))
		case retrieved != "" && retrieved < start(published):
			w.add(at(t, i, "retrieved", retrieved, "is before the source was published ("+published+"); it must be that day or a later one", ""))
		}
	}
}

// mostPercent is a percentage beyond which a factor was probably meant; growth by a few
// hundred percent is reported now and then.
const mostPercent = 1000

// undivided are units of things that have no parts.
var undivided = []string{"count", "persons"}

// notNegative are units of things that are counted.
var notNegative = []string{"count", "persons", "full-time-equivalents", "eur"}

func (w *warner) figures() {
	units, dimensions := map[string]string{}, map[string]string{}
	indicators := w.table("indicators")
	for _, row := range indicators.Rows {
		units[row[0]], dimensions[row[0]] = indicators.Cell(row, "unit"), indicators.Cell(row, "dimension")
	}
	for _, id := range []string{"observations", "ozg-service-counts"} {
		t, period := w.table(id), "period"
		if id == "ozg-service-counts" {
			period = "asOf"
		}
		if t.same {
			continue
		}
		i := -1
		for row, err := range t.All() {
			if err != nil {
				break // the import reports it
			}
			i++
			unit, value := "count", t.number(row, "value")
			if id == "observations" {
				unit = units[t.Cell(row, "indicator")]
			}
			if unit == "percent" && value > mostPercent {
				w.add(at(t, i, "value", t.Cell(row, "value"), fmt.Sprintf("is more than %d percent; is it a count or a factor?", mostPercent), ""))
			}
			if value == 0 && strings.HasPrefix(t.Cell(row, "value"), "-") {
				w.add(at(t, i, "value", t.Cell(row, "value"), "is zero with a minus sign; zero is written without one", ""))
			}
			if value < 0 && slices.Contains(notNegative, unit) {
				w.add(at(t, i, "value", t.Cell(row, "value"), "is below zero, but its unit "+unit+" counts things", ""))
			}
			if strings.Contains(t.Cell(row, "value"), ".") && slices.Contains(undivided, unit) {
				w.add(at(t, i, "value", t.Cell(row, "value"), "has decimal places, but its unit "+unit+" has none", ""))
			}
			w.note(t, i, row)
			if part, indicator := t.Cell(row, "breakdown"), t.Cell(row, "indicator"); part != "" && dimensions[indicator] == "" {
				w.add(at(t, i, "breakdown", part, "is a breakdown, but its indicator "+indicator+" has no dimension", ""))
			}
			if t.Cell(row, "kind") == "actual" {
				w.happened(t, i, row, period)
			}
		}
	}
}

// happened warns of a period that begins after today or after the source was published,
// although the source reports what has happened.
func (w *warner) happened(t *Table, i int, row []string, column string) {
	from, published := start(t.Cell(row, column)), w.published(t.Cell(row, "source"))
	switch {
	case from > w.today:
		w.add(at(t, i, column, t.Cell(row, column), "is in the future, but the row says that it has happened", ""))
	case published != "" && from > end(published):
		w.add(at(t, i, column, t.Cell(row, column), "begins after its source was published ("+published+"), but the row says that it has happened", ""))
	}
}

func (w *warner) milestones() {
	t := w.table("milestones")
	for i, row := range t.Rows {
		due, reached, announced := t.Cell(row, "due"), t.Cell(row, "reached"), t.Cell(row, "state") == "announced"
		switch {
		case announced && reached != "":
			w.add(at(t, i, "reached", reached, "is a date reached, but the milestone is only announced", ""))
		case announced && due == "":
			w.add(at(t, i, "due", "", "is empty; an announcement without a date cannot be followed up", ""))
		case announced:
			if published := w.published(t.Cell(row, "source")); published != "" && end(due) < start(published) {
				w.add(at(t, i, "due", due, "ended before its source was published ("+published+")", ""))
			}
		case reached != "":
			w.happened(t, i, row, "reached")
		}
	}
}

func (w *warner) statuses() {
	goals, t := w.table("goals"), w.table("goal-status")
	due, known := map[string]string{}, map[string]bool{}
	for _, row := range goals.Rows {
		due[row[0]] = end(goals.Cell(row, "due"))
	}
	for i, row := range t.Rows {
		goal, status := t.Cell(row, "goal"), t.Cell(row, "status")
		known[goal] = true
		published := w.published(t.Cell(row, "source"))
		switch {
		case (status == "missed" || status == "achieved-late") && due[goal] == "":
			w.add(at(t, i, "status", status, "requires a due date, but its goal "+goal+" has none", ""))
		case (status == "missed" || status == "achieved-late") && published != "" && end(published) <= due[goal]:
			w.add(at(t, i, "status", status, "is from a source ("+published+") that is no more recent than the due date of its goal "+goal, ""))
		}
		if status != "announced" {
			w.happened(t, i, row, "period")
		}
	}
	for i, row := range goals.Rows {
		if !known[row[0]] {
			w.add(at(goals, i, "", row[0], "has no row in goal-status.csv; at least the source that sets the goal announces it", ""))
		}
	}
}

func (w *warner) withdrawals() {
	t := w.table("withdrawn")
	for i, row := range t.Rows {
		if day := t.Cell(row, "withdrawn"); day > w.today {
			w.add(at(t, i, "withdrawn", day, "is in the future, but the row says that it has happened", ""))
		}
	}
}

// notes warns of notes in datasets without figures; those with figures are read only
// once, elsewhere.
func (w *warner) notes() {
	for _, id := range []string{"milestones", "goal-status"} {
		t := w.table(id)
		for i, row := range t.Rows {
			w.note(t, i, row)
		}
	}
}

// note warns of a note in one language.
func (w *warner) note(t *Table, i int, row []string) {
	switch german, english := t.Cell(row, "note"), t.Cell(row, "noteEn"); {
	case german != "" && english == "":
		w.add(at(t, i, "noteEn", "", "is empty, but note is not", ""))
	case german == "" && english != "":
		w.add(at(t, i, "note", "", "is empty, but noteEn is not", ""))
	}
}
