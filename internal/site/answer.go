// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// answer is what a reader of the page of a goal wants to know first.
type answer struct {
	// Status is what a source says last about the goal, the zero Row if none does.
	Status Row
	// Values are the last known values, with their targets.
	Values []answerValue
	// More counts further values.
	More int
	// Unknown are sentences about what no source says.
	Unknown []string
}

// answerValue is the last known value of an indicator, or of one of its breakdowns.
type answerValue struct {
	Indicator Row
	Breakdown string
	// Value and Target are amounts with their period. Either can be missing, not both.
	Value, Target string
	Share         string
	// Source is the row of the source of the value.
	Source Row
}

// maxAnswers is how many values an answer has if they have no targets.
const maxAnswers = 3

// answer sums up the targets and the evidence of a goal, the latest first.
func (n names) answer(goal Row, targets []target, evidence []Row) answer {
	var a answer
	for _, e := range evidence {
		if e.ID() == goal.Get("evidence") {
			a.Status = e
		}
	}
	var open []string // the targets without a value
	var without []answerValue
	for _, t := range targets {
		v := answerValue{Indicator: n.lookup(dataset.Indicators, t.Get("indicator")), Breakdown: t.Get("breakdown"), Value: n.dated(t.Row, "actual"), Target: n.dated(t.Row, "target")}
		if v.Value != "" {
			v.Source = n.lookup(dataset.Sources, t.Get("actualSource"))
		}
		if t.Get("share") != "" {
			v.Share = n.amount(t.Get("share"), t.Get("shareQualifier"), "percent")
		}
		switch {
		case v.Target != "":
			a.Values = append(a.Values, v)
			if v.Value == "" {
				open = append(open, n.measuredBy(t.Row))
			}
		case v.Value != "":
			without = append(without, v)
		}
	}
	partly := len(open) < len(a.Values)
	if room := max(0, maxAnswers-len(a.Values)); len(without) > room {
		a.More = len(without) - room
		without = without[:room]
	}
	a.Values = append(a.Values, without...)
	datedTargets := slices.ContainsFunc(targets, func(t target) bool { return t.Get("targetPeriod") != "" })
	a.Unknown = n.unknown(goal, datedTargets)
	switch {
	case outcome(goal) == "achieved":
		if due, late := n.maybeLate(goal, a.Status); late {
			a.Unknown = append(a.Unknown, fmt.Sprintf(n.word("answer.maybelate"), due))
		}
	case len(open) > 0 && partly:
		a.Unknown = append(a.Unknown, fmt.Sprintf(n.word("answer.openvalues"), strings.Join(open, ", ")))
	case len(open) > 0:
		a.Unknown = append(a.Unknown, n.plural("answer.novalues", len(open)))
	}
	return a
}

// dated writes the target or actual value of a row of goal-progress with its period, empty
// if there is no such value.
func (n names) dated(progress Row, part string) string {
	if progress.Get(part) == "" {
		return ""
	}
	text := n.amount(progress.Get(part+"Value"), progress.Get(part+"Qualifier"), progress.Get("unit"))
	switch period := progress.Get(part + "Period"); {
	case period != "":
		text += " (" + n.period(period) + ")"
	case part == "actual": // a target without a period holds until the goal is due
		text += " (" + n.word("undated") + ")"
	}
	return text
}

// maybeLate reports whether a source says that a goal is achieved, but not whether that
// was by its due date, which it returns.
func (n names) maybeLate(goal, status Row) (due string, late bool) {
	p, err := domain.ParsePeriod(goal.Get("due"))
	if err != nil || goal.Get("assessment") != "achieved" {
		return "", false
	}
	for _, date := range []string{status.Get("period"), n.lookup(dataset.Sources, status.Get("source")).Get("published")} {
		if known, err := domain.ParsePeriod(date); err == nil && known.End() <= p.End() {
			return "", false
		}
	}
	return n.period(p.End()), true
}

// unknown says what no source says about the outcome of a goal; datedTargets reports
// whether a target has a date.
func (n names) unknown(goal Row, datedTargets bool) []string {
	var out []string
	due := n.period(goal.Get("due"))
	if p, err := domain.ParsePeriod(goal.Get("due")); err == nil {
		due = n.period(p.End())
	}
	known := n.period(goal.Get("knownUntil"))
	switch outcome(goal) {
	case "notknown":
		switch {
		case goal.Get("assessment") == "unresolved":
			out = append(out, fmt.Sprintf(n.word("answer.unresolved"), due, known))
		case known == "":
			out = append(out, fmt.Sprintf(n.word("answer.silent"), due))
		default:
			out = append(out, fmt.Sprintf(n.word("answer.unknown"), due, known))
		}
	case "running":
		out = append(out, fmt.Sprintf(n.word("answer.running"), due))
	case "nodate":
		switch {
		case goal.Get("dueText") != "":
			out = append(out, n.word("answer.inexact"))
		case datedTargets:
			out = append(out, n.word("answer.nodatetargets"))
		default:
			out = append(out, n.word("answer.nodate"))
		}
	}
	return out
}

// outcomeOf returns what is known about a goal in a few words.
func (n names) outcomeOf(goal Row) string {
	if name := outcome(goal); name == "running" || name == "nodate" {
		return n.word("col." + name)
	}
	return n.label("assessment", cmp.Or(goal.Get("assessment"), goal.Get("status")))
}

// ozgAnswer is the last known number of services online, with what is known about where
// they are available.
type ozgAnswer struct {
	Row
	Text string
	// Parts are the latest counts of each coverage, and the undated ones. They need not be of
	// the same source, but none is known to be of an earlier time.
	Parts []ozgPart
	// Why explains why these numbers differ.
	Why contradiction
}

// ozgPart is a count of the services with a coverage.
type ozgPart struct {
	Row
	Text string
}

// ozgAnswer sums up the counts over time, and those by coverage.
func (r *renderer) ozgAnswer(counts []Row, contradictions []contradiction) ozgAnswer {
	var a ozgAnswer
	for _, row := range ozgKind("time").rows(counts) {
		if later(countDate(row), countDate(a.Row)) {
			a.Row = row
		}
	}
	if !a.Exists() {
		return a
	}
	a.Text = fmt.Sprintf(r.word("ozg.answer"), r.amount(a.Get("value"), a.Get("qualifier"), "count"), r.nameOf(dataset.Areas, a.Get("area")), r.period(countDate(a.Row)))
	a.Parts = r.ozgParts(a.Row, counts)
	shown := []Row{a.Row}
	for _, p := range a.Parts {
		shown = append(shown, p.Row)
	}
	a.Why = explanation(contradictions, shown)
	return a
}

// explanation returns the contradiction that names the most values of the rows, the zero one
// if none names two.
func explanation(contradictions []contradiction, rows []Row) (out contradiction) {
	most := 1
	for _, c := range contradictions {
		values := map[string]bool{}
		for _, row := range rows {
			if c.names([]Row{row}) {
				values[row.Get("value")] = true
			}
		}
		if len(values) > most {
			out, most = c, len(values)
		}
	}
	return out
}

// ozgParts returns the counts of each coverage that are not earlier than a total: the latest,
// and those whose date nobody knows.
func (n names) ozgParts(total Row, counts []Row) []ozgPart {
	k := ozgKind("coverage")
	date := func(row Row) string {
		return cmp.Or(row.Get("asOf"), n.lookup(dataset.Sources, row.Get("source")).Get("published"))
	}
	latest := map[string]Row{}
	var undated []Row
	for _, row := range counts {
		if !k.fits(row) || row.Get("measure") != total.Get("measure") || row.Get("area") != total.Get("area") || earlier(date(row), date(total)) {
			continue
		}
		if code := row.Get("coverage"); date(row) == "" {
			undated = append(undated, row)
		} else if later(date(row), date(latest[code])) {
			latest[code] = row
		}
	}
	var out []ozgPart
	for _, row := range n.ozgRows(*k, append(slices.Collect(maps.Values(latest)), undated...)) {
		when := cmp.Or(n.period(date(row)), n.sourceDate(row), n.word("undated"))
		text := fmt.Sprintf("%s %s (%s)", n.amount(row.Get("value"), row.Get("qualifier"), "count"), n.label("coverage", row.Get("coverage")), when)
		if row.Get("source") == total.Get("source") && row.Get("asOf") == total.Get("asOf") {
			text = fmt.Sprintf(n.word("ozg.partof"), text)
		}
		out = append(out, ozgPart{row, text})
	}
	return out
}

// earlier reports whether a period ends before another starts.
func earlier(period, than string) bool {
	p, err := domain.ParsePeriod(period)
	if err != nil {
		return false
	}
	q, err := domain.ParsePeriod(than)
	return err == nil && p.End() < q.Start()
}

// later reports whether a period ends after another, or with it but is shorter.
func later(period, than string) bool {
	p, err := domain.ParsePeriod(period)
	if err != nil {
		return false
	}
	q, err := domain.ParsePeriod(than)
	return err != nil || cmp.Or(strings.Compare(p.End(), q.End()), strings.Compare(p.Start(), q.Start())) > 0
}

// otherStates says which states the rows do not name, empty if they name all.
func (r *renderer) otherStates(ctx context.Context, rows []Row) (string, error) {
	named := distinct(rows, "area")
	states, err := r.where(ctx, dataset.Areas, "level", "state")
	states = matching(states, "parent", "00")
	var missing []string
	for _, s := range states {
		if !slices.Contains(named, s.ID()) {
			missing = append(missing, r.name(s))
		}
	}
	if err != nil || missing == nil {
		return "", err
	}
	return fmt.Sprintf(r.word("ozg.states"), r.count(len(states)-len(missing)), r.count(len(states)), strings.Join(missing, ", ")), nil
}
