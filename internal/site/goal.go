// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/plot"
	"github.com/zielstand/zielstand/internal/release"
)

// goalPage is the page of a goal.
type goalPage struct {
	frame
	Goal           Row
	Answer         answer
	Targets        []target
	Further        []statement // figures that Targets do not have
	Evidence       []Row
	Related        []Row
	Milestones     []Row
	Contradictions []contradiction
}

// target is one target of a goal, a row of goal-progress, with all figures of its
// indicator.
type target struct {
	Row
	Plot    template.HTML
	Figures figureTable
	// Related are indicators that measure something similar.
	Related []Row
}

func buildGoal(ctx context.Context, r *renderer) (page, error) {
	row, err := r.row(ctx, dataset.Goals, r.ID)
	if err != nil {
		return nil, err
	}
	p := &goalPage{Goal: row, Related: r.lookups(dataset.Goals, row.Get("relatedGoals"))}
	p.Title, p.Description = r.name(row), r.cell(row, "summary")
	if p.Evidence, err = r.where(ctx, dataset.GoalStatus, "goal", r.ID); err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.Evidence, func(a, b Row) int {
		return cmp.Or(byDate(r.evidenceDate, true)(a, b), byPeriod("period", true)(a, b))
	})
	if p.Targets, err = r.targets(ctx); err != nil {
		return nil, err
	}
	p.Answer = r.answer(row, p.Targets, p.Evidence)
	if p.Milestones, err = r.where(ctx, dataset.Milestones, "goal", r.ID); err != nil {
		return nil, err
	}
	concerned := append(slices.Concat(p.Milestones, p.Evidence), row)
	var indicators []string
	for _, t := range p.Targets {
		concerned = append(concerned, t.Figures.Rows...)
		for _, indicator := range []string{t.Get("indicator"), t.Get("actualIndicator")} {
			if indicator != "" && !slices.Contains(indicators, indicator) {
				indicators = append(indicators, indicator)
			}
		}
		if t.Plot != "" {
			p.alternates = append(p.alternates, alternate{"image/svg+xml", r.word("embed"), r.page("/goals/" + t.ID() + ".svg")})
		}
	}
	if p.Further, err = r.further(ctx, indicators); err != nil {
		return nil, err
	}
	for _, other := range p.Further {
		concerned = append(concerned, other.Row)
		if indicator := other.Get("indicator"); !slices.Contains(indicators, indicator) {
			indicators = append(indicators, indicator)
		}
	}
	if p.Contradictions, err = r.contradictionsOf(ctx, concerned); err != nil {
		return nil, err
	}
	p.listed = listed(p.Contradictions)
	p.shown = []*dataset.Dataset{dataset.Goals, dataset.GoalStatus, dataset.Observations, dataset.GoalProgress}
	p.Downloads = []download{r.downloadRow(r.word("goal.this"), dataset.Goals, r.ID)}
	cited := []string{r.pinnedPath("goals/"+r.ID, "", "")}
	if len(indicators) > 0 {
		values := strings.Join(indicators, ",")
		p.Downloads = append(p.Downloads,
			r.downloadRows(r.word("goal.figures"), dataset.Observations, "indicator", values),
			r.downloadRows(r.word("goal.progress"), dataset.GoalProgress, "goal", r.ID))
		cited = append(cited, r.pinnedPath("observations", "indicator", values))
	}
	p.Citation = r.cite(r.Release.ID, p.Title, cited...)
	return p, nil
}

func (n names) evidenceDate(evidence Row) string {
	source := n.lookup(dataset.Sources, evidence.Get("source"))
	return release.StatusDate(source.Get("published"), evidence.Get("period"), evidence.Get("published"))
}

// further reads the figures of the goal that belong to none of the indicators.
func (r *renderer) further(ctx context.Context, indicators []string) (out []statement, err error) {
	rows, err := r.where(ctx, dataset.Observations, "goal", r.ID)
	for _, row := range rows {
		if !slices.Contains(indicators, row.Get("indicator")) {
			out = append(out, r.statement(row))
		}
	}
	return out, err
}

// targets reads the targets of the goal with their figures.
func (r *renderer) targets(ctx context.Context) ([]target, error) {
	rows, err := r.where(ctx, dataset.GoalProgress, "goal", r.ID)
	if err != nil {
		return nil, err
	}
	var out []target
	var known []Row             // for notes that name them
	tables := map[string]bool{} // the indicators whose figures are listed
	for _, row := range rows {
		t := target{Row: row}
		if indicator := row.Get("indicator"); indicator != "" {
			figures, more, err := r.figures(ctx, dataset.Observations, "indicator", indicator, row.Get("actualIndicator"))
			if err != nil {
				return nil, err
			}
			known = append(known, figures...)
			r.add(dataset.Observations, known)
			for _, i := range []string{row.Get("actualIndicator"), indicator} {
				if tables[i] {
					figures = slices.DeleteFunc(figures, func(f Row) bool { return f.Get("indicator") == i })
				}
			}
			tables[row.Get("actualIndicator")], tables[indicator] = true, true
			t.Figures = r.figureTable(r.nameOf(dataset.Indicators, indicator), figures, more)
			c, err := r.progressChart(row)
			if err != nil {
				return nil, err
			}
			if t.Plot, err = c.inPage(); err != nil {
				return nil, err
			}
			t.Related = r.lookups(dataset.Indicators, row.Get("relatedIndicators"))
		}
		out = append(out, t)
	}
	return out, nil
}

// goalFigure is the plot of a goal, or of one of its targets.
func goalFigure(ctx context.Context, r *renderer) (chart, error) {
	goal, _, _ := strings.Cut(r.ID, ".")
	rows, err := r.where(ctx, dataset.GoalProgress, "goal", goal)
	if err != nil {
		return chart{}, err
	}
	for _, row := range rows {
		if r.ID != goal && r.ID != row.ID() {
			continue
		}
		if c, err := r.progressChart(row); err != nil || c.draw != nil {
			return c, err
		}
	}
	return chart{}, nil
}

// progressChart shows the target and the latest value: on one bar if they can be
// compared, else as marks in time. Without a reported value there is nothing to show: an
// empty bar would look like a value of zero.
func (r *renderer) progressChart(progress Row) (chart, error) {
	unit := progress.Get("unit")
	if progress.Get("target") == "" || progress.Get("actual") == "" {
		return chart{}, nil
	}
	apart := progress.Get("state") != "comparable" || unit == "rank"
	description := r.word("progress.description")
	if apart {
		description = r.word("progress.apart") + " " + linkedID.ReplaceAllStringFunc(r.cell(progress, "note"), r.called)
	}
	c := r.chart(progress.ID(), r.nameOf(dataset.Indicators, progress.Get("indicator")), description, []Row{progress})
	if apart {
		t, err := r.progressTimes(progress)
		return timeline(c, t), err
	}
	bar, err := r.progressBar(progress)
	c.draw = func(f plot.Figure) (string, error) {
		bar.Figure = f
		return bar.SVG()
	}
	return c, err
}

func (n names) progressBar(progress Row) (plot.Progress, error) {
	mark := func(part string) (*plot.Mark, error) {
		value, err := strconv.ParseFloat(progress.Get(part+"Value"), 64)
		return &plot.Mark{
			Name: n.label("kind", part), Value: value, Text: n.measured(progress.Get(part+"Value"), progress.Get("unit")),
			Bound: bound(progress.Get(part + "Qualifier")), Time: span(progress.Get(part + "Period")),
		}, err
	}
	var bar plot.Progress
	var err error
	if bar.Target, err = mark("target"); err == nil {
		bar.Actual, err = mark("actual")
	}
	return bar, err
}

// apartHeight is the height of a plot of two figures that are not compared.
const apartHeight = 140

func (n names) progressTimes(progress Row) (plot.TimeChart, error) {
	unit := progress.Get("unit")
	times := plot.TimeChart{Unit: n.label("unit", unit), Height: apartHeight}
	for _, s := range shapes {
		value := progress.Get(s.kind + "Value")
		if value == "" {
			continue
		}
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return times, err
		}
		times.Series = append(times.Series, plot.Series{Key: s.kind, Name: n.label("kind", s.kind), Shape: s.shape})
		times.Points = append(times.Points, plot.Point{
			Series: s.kind, Time: span(progress.Get(s.kind + "Period")), Value: number,
			Text: n.digits(value, unit), Bound: bound(progress.Get(s.kind + "Qualifier")), Source: n.markedSource(progress.Get(s.kind + "Source")),
		})
	}
	if unit == "percent" {
		times.Reach = []float64{0, 100}
	}
	return times, nil
}
