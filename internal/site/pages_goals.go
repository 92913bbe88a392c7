package site

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/strategy"
)

// glance is the state of the goals of one field of action.
type glance struct {
	Field                                      Row
	Goals, Figures, DueThisYear, Over, Reached int
}

func (v *view) start() (content, error) {
	rows, err := v.glances("digitalstrategie-2-0")
	if err != nil {
		return content{}, err
	}
	sum := glance{}
	for _, g := range rows {
		sum.Goals += g.Goals
		sum.Figures += g.Figures
		sum.DueThisYear += g.DueThisYear
		sum.Over += g.Over
		sum.Reached += g.Reached
	}
	older, err := v.glances("egov-2018")
	if err != nil {
		return content{}, err
	}
	counts := map[string]int64{}
	for _, d := range dataset.All {
		part, _ := v.Release.Dataset(d.ID)
		counts[strings.ReplaceAll(d.ID, "-", "_")] = part.Rows
	}
	return content{
		template: "start", title: v.word("start.title"), description: v.word("start.lead"),
		data:    map[string]any{"Glances": rows, "Sum": sum, "Older": older, "Counts": counts, "Year": v.Today.Format("2006")},
		machine: []alternate{{"application/json", "API", "/v1"}, {"text/turtle", "DCAT-AP.de", "/v1/catalog"}, {"application/atom+xml", "Atom", v.feed()}},
	}, nil
}

func (v *view) feed() string {
	if v.Language == "en" {
		return "/v1/changes.en.atom"
	}
	return "/v1/changes.atom"
}

// glances counts the goals of a strategy by field of action, fields without
// goals among them: that they have none is a fact.
func (v *view) glances(of string) ([]glance, error) {
	fields, err := v.where(dataset.FieldsOfAction, "strategy", of)
	if err != nil {
		return nil, err
	}
	goals, err := v.all(dataset.Goals)
	if err != nil {
		return nil, err
	}
	var out []glance
	for _, f := range fields {
		g := glance{Field: f}
		for _, goal := range goals {
			if goal.Get("fieldOfAction") == f.ID() {
				v.count(&g, goal)
			}
		}
		if g.Goals > 0 || f.Get("number") != "1" {
			out = append(out, g)
		}
	}
	return out, nil
}

func (v *view) count(g *glance, goal Row) {
	g.Goals++
	if goal.Get("quantified") == "true" {
		g.Figures++
	}
	switch v.due(goal) {
	case "reached":
		g.Reached++
	case "over":
		g.Over++
	case "this-year":
		g.DueThisYear++
	}
}

// due says where a goal stands towards its due date today: reached, over (and no
// source says reached), this-year, later, or none.
func (v *view) due(goal Row) string {
	if goal.Get("status") == "achieved" {
		return "reached"
	}
	p, err := strategy.ParsePeriod(goal.Get("due"))
	today := v.Today.Format("2006-01-02")
	switch {
	case err != nil:
		return "none"
	case p.End() < today:
		return "over"
	case p.End()[:4] == today[:4]:
		return "this-year"
	}
	return "later"
}

// goalLine is a goal in a list.
type goalLine struct {
	Goal Row
	Due  string
}

func (v *view) lines(goals []Row) []goalLine {
	var out []goalLine
	for _, g := range goals {
		out = append(out, goalLine{g, v.due(g)})
	}
	return out
}

func (v *view) field() (content, error) {
	field, err := v.one(dataset.FieldsOfAction, v.ID)
	if err != nil {
		return content{}, err
	}
	goals, err := v.where(dataset.Goals, "fieldOfAction", v.ID)
	if err != nil {
		return content{}, err
	}
	indicators, err := v.where(dataset.Indicators, "fieldOfAction", v.ID)
	if err != nil {
		return content{}, err
	}
	milestones, err := v.where(dataset.Milestones, "fieldOfAction", v.ID)
	return content{
		template: "field", title: v.name(field), description: v.word("field.lead"),
		data:    map[string]any{"Field": field, "Goals": v.lines(goals), "Indicators": indicators, "Milestones": milestones},
		dataset: dataset.Goals,
		machine: rowsOf(dataset.Goals, "fieldOfAction", v.ID),
	}, err
}

// rowsOf are the API's forms of the rows with a value.
func rowsOf(d *dataset.Dataset, column, value string) []alternate {
	address := "/v1/" + d.ID + "?" + column + "=" + value
	return []alternate{
		{"application/json", "JSON", address + "&format=json"},
		{"text/csv", "CSV", address + "&format=csv"},
		{"text/csv", "CSV Excel", address + "&dialect=excel-de"},
	}
}

func (v *view) goals() (content, error) {
	goals, err := v.all(dataset.Goals)
	if err != nil {
		return content{}, err
	}
	if _, err := v.all(dataset.FieldsOfAction); err != nil {
		return content{}, err
	}
	return content{
		template: "goals", title: v.word("goals.title"), description: dataset.Goals.Description.In(v.Language),
		data: map[string]any{"Goals": v.lines(goals)}, dataset: dataset.Goals, machine: wholeOf(dataset.Goals),
	}, nil
}

// wholeOf are the API's forms of a whole dataset.
func wholeOf(d *dataset.Dataset) []alternate {
	return []alternate{
		{"application/json", "JSON", "/v1/" + d.ID},
		{"text/csv", "CSV", "/v1/" + d.ID + ".csv"},
		{"text/csv", "CSV Excel", "/v1/" + d.ID + ".csv?dialect=excel-de"},
	}
}

func (v *view) goal() (content, error) {
	goal, err := v.one(dataset.Goals, v.ID)
	if err != nil {
		return content{}, err
	}
	targets, err := v.where(dataset.Observations, "goal", v.ID)
	if err != nil {
		return content{}, err
	}
	progress, err := v.where(dataset.GoalProgress, "goal", v.ID)
	if err != nil {
		return content{}, err
	}
	figures, err := v.figuresOf(targets)
	if err != nil {
		return content{}, err
	}
	contradictions, err := v.contradicting(append(slices.Clone(figures), goal))
	if err != nil {
		return content{}, err
	}
	milestones, err := v.where(dataset.Milestones, "goal", v.ID)
	if err != nil {
		return content{}, err
	}
	lines, err := v.progressLines(progress)
	return content{
		template: "goal", title: v.name(goal), description: goal.Get("summary"), dataset: dataset.Goals,
		data: map[string]any{
			"Goal": goal, "Due": v.due(goal), "Progress": lines, "Figures": figures,
			"Contradictions": contradictions, "Milestones": milestones, "Plots": slices.ContainsFunc(lines, func(l progressLine) bool { return l.Plot != "" }), "Citation": v.citation(v.name(goal)),
		},
		machine: []alternate{
			{"application/json", "JSON", "/v1/goals/" + v.ID},
			{"text/csv", "CSV", "/v1/goals/" + v.ID + ".csv"},
			{"text/csv", "CSV: " + v.word("figures"), "/v1/observations?goal=" + v.ID + "&format=csv"},
		},
	}, err
}

// figuresOf are all observations of the indicators of the targets, by indicator
// and time.
func (v *view) figuresOf(targets []Row) ([]Row, error) {
	var figures []Row
	var indicators []string
	for _, t := range targets {
		indicators = append(indicators, t.Get("indicator"))
	}
	slices.Sort(indicators)
	for _, id := range slices.Compact(indicators) {
		rows, err := v.where(dataset.Observations, "indicator", id)
		if err != nil {
			return nil, err
		}
		figures = append(figures, byTime(rows)...)
	}
	return figures, nil
}

func byTime(rows []Row) []Row {
	column := func(r Row) string {
		if r.dataset == dataset.OZGServiceCounts {
			return r.Get("asOf")
		}
		return r.Get("period")
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(column(a), column(b)) })
	return rows
}

// contradicting are the contradictions that name one of the rows.
func (v *view) contradicting(rows []Row) ([]Row, error) {
	all, err := v.all(dataset.Contradictions)
	if err != nil {
		return nil, err
	}
	var out []Row
	for _, c := range all {
		named := fields(c.Get("rows"))
		if slices.ContainsFunc(rows, func(r Row) bool { return slices.Contains(named, r.ID()) }) {
			out = append(out, c)
		}
	}
	return out, nil
}

// citation is how to name the page in a text.
func (v *view) citation(title string) string {
	return "Zielstand: «" + title + "», " + v.word("release") + " " + v.Release.ID + ", " + v.site.settings.PublicURL + v.here(v.Language) + " (" + v.word("accessed") + " " + formatPeriod(v.Today.Format("2006-01-02"), v.Language) + ")"
}
