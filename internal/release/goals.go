// SPDX-License-Identifier: EUPL-1.2

package release

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// Goals are the goals of a release with everything that says something about their
// status, and thus what was known about them on any day.
type Goals struct {
	rows     [][]string
	statuses map[string][]evidence
	mentions map[string][]mention
}

// mention is a source that mentions a goal.
type mention struct {
	source string
	// known is the day from which the source is known.
	known string
	// date is the date of the source. An undated source counts from the period of its
	// statement, before which it cannot have been written.
	date domain.Period
}

// evidence is a row of goal-status.
type evidence struct {
	id, status string
	// known is the day from which it is known, and date the day from which it counts. They
	// differ if the source is undated: it is known from the day it was read, and counts from
	// the period of its statement, if it gives one.
	known, date string
}

// StatusDate returns the last day of the period from which a statement on a status
// counts: the period of its source or, if the source is undated, of the statement or, if
// that has none either, the day from which it is known.
func StatusDate(source, statement, known string) string {
	p, _ := domain.ParsePeriod(cmp.Or(source, statement, known))
	return p.End()
}

// ReadGoals reads what is known about the goals. Rows must have a cell for every column.
func ReadGoals(read func(*dataset.Dataset) Reader) (*Goals, error) {
	g := &Goals{statuses: map[string][]evidence{}, mentions: map[string][]mention{}}
	sources := map[string]mention{}
	indicators := map[string]string{}
	add := func(goal, source, period string) {
		m := sources[source]
		if m.date == (domain.Period{}) {
			m.date, _ = domain.ParsePeriod(period)
		}
		if goal != "" && m.date != (domain.Period{}) && !slices.Contains(g.mentions[goal], m) {
			g.mentions[goal] = append(g.mentions[goal], m)
		}
	}
	for _, part := range []struct {
		of      *dataset.Dataset
		columns []string
		add     func(cells []string)
	}{
		{dataset.Sources, []string{"id", "published", "retrieved"}, func(c []string) {
			m := mention{source: c[0], known: c[2]}
			if p, err := domain.ParsePeriod(c[1]); err == nil {
				m.known, m.date = p.End(), p
			}
			sources[c[0]] = m
		}},
		{dataset.Goals, []string{"id", "source"}, func(c []string) { add(c[0], c[1], "") }},
		{dataset.GoalStatus, []string{"goal", "source", "period", "id", "status", "published"}, func(c []string) {
			period := c[2]
			if c[4] == "announced" {
				period = "" // an announcement is about the time after its source
			}
			add(c[0], c[1], period)
			e := evidence{id: c[3], status: c[4], date: StatusDate(sources[c[1]].date.String(), c[2], c[5])}
			if p, err := domain.ParsePeriod(c[5]); err == nil {
				e.known = p.End()
			}
			g.statuses[c[0]] = append(g.statuses[c[0]], e)
		}},
		{dataset.Milestones, []string{"goal", "source", "reached"}, func(c []string) { add(c[0], c[1], c[2]) }},
		{dataset.Indicators, []string{"id", "goal"}, func(c []string) { indicators[c[0]] = c[1] }},
		{dataset.Observations, []string{"goal", "source", "indicator", "kind", "period", "area"}, func(c []string) {
			if c[3] != "actual" {
				c[4] = "" // a target is about the time after its source
			}
			if c[0] == "" && c[5] == dataset.HomeArea { // elsewhere, the indicator alone says nothing about the goal
				c[0] = indicators[c[2]]
			}
			add(c[0], c[1], c[4])
		}},
	} {
		places := make([]int, len(part.columns))
		for i, name := range part.columns {
			places[i] = part.of.Column(name)
		}
		cells := make([]string, len(places))
		err := read(part.of)(func(row [][]byte) error {
			for i, place := range places {
				cells[i] = string(row[place])
			}
			if part.of == dataset.Goals {
				g.rows = append(g.rows, Texts(row))
			}
			part.add(cells)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for goal := range g.statuses {
		slices.SortStableFunc(g.statuses[goal], func(a, b evidence) int { return strings.Compare(a.date, b.date) })
	}
	return g, nil
}

// On returns the rows of the dataset goals with status, evidence, assessment and
// knownUntil as they were known on the day, YYYY-MM-DD.
func (g *Goals) On(day string) [][]string {
	d := dataset.Goals
	rows := make([][]string, len(g.rows))
	for i, row := range g.rows {
		row = slices.Clone(row)
		latest := g.latest(row[0], day)
		row[d.Column("status")], row[d.Column("evidence")] = latest.status, latest.id
		row[d.Column("knownUntil")] = g.knownUntil(row[0], day, "").String()
		report := g.knownUntil(row[0], day, row[d.Column("source")])
		row[d.Column("assessment")] = assess(latest.status, row[d.Column("due")], report, day)
		rows[i] = row
	}
	return rows
}

// latest returns the latest status that was known on the day; of several with the same
// date, the last row. An announcement counts only as long as nothing else is known: a
// strategy repeats goals that earlier reports say are being worked on. And what was
// achieved late stays late for a source that says only that it was achieved.
func (g *Goals) latest(goal, day string) (latest evidence) {
	for _, e := range g.statuses[goal] {
		repeated := e.status == "announced" && latest.status != "" || e.status == "achieved" && latest.status == "achieved-late"
		if e.known <= day && !repeated {
			latest = e
		}
	}
	return latest
}

// knownUntil returns the date of the most recent source known on the day that mentions
// the goal, other than the one named.
func (g *Goals) knownUntil(goal, day, other string) (latest domain.Period) {
	for _, m := range g.mentions[goal] {
		if p := m.date; m.source != other && m.known <= day && p.End() <= day && (latest == (domain.Period{}) || p.End() > latest.End()) {
			latest = p
		}
	}
	return latest
}

// assess returns the code of the codelist assessment: what a source says about the
// outcome, or else whether the due date has passed and a report is more recent. The
// document that sets the goal is not a report on it, even if its edition is from after
// the due date.
func assess(status, due string, report domain.Period, day string) string {
	switch status {
	case "achieved", "achieved-late", "missed", "dropped":
		return status
	}
	p, err := domain.ParsePeriod(due)
	switch {
	case err != nil || p.End() >= day:
		return "on-record"
	case report == (domain.Period{}) || report.End() <= p.End():
		return "unknown-since"
	}
	return "unresolved"
}
