package site

import (
	"html/template"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// goalLine is a goal in a list.
type goalLine struct {
	Goal Row
	Due  string
}

// goalGroup is the goals of a field of action.
type goalGroup struct {
	Field Row
	Goals []goalLine
}

// goalSet is the goals of a strategy.
type goalSet struct {
	Strategy Row
	Groups   []goalGroup
}

func (v *view) lines(goals []Row) []goalLine {
	var out []goalLine
	for _, g := range goals {
		out = append(out, goalLine{g, v.due(g)})
	}
	return out
}

func (v *view) goals() (content, error) {
	strategies, err := v.all(dataset.Strategies)
	if err != nil {
		return content{}, err
	}
	fields, err := v.all(dataset.FieldsOfAction)
	if err != nil {
		return content{}, err
	}
	goals, err := v.all(dataset.Goals)
	var sets []goalSet
	for _, s := range strategies {
		sets = append(sets, goalSet{s, v.goalGroups(s, fields, goals)})
	}
	slices.SortStableFunc(sets, func(a, b goalSet) int {
		return strings.Compare(b.Strategy.Get("adopted"), a.Strategy.Get("adopted"))
	})
	return content{
		template: "goals", title: v.word("goals.title"), description: dataset.Goals.Description.In(v.Language),
		data: map[string]any{"Sets": sets}, downloads: []download{v.wholeOf(dataset.Goals), v.wholeOf(dataset.GoalProgress)},
	}, err
}

func (v *view) goalGroups(s Row, fields, goals []Row) []goalGroup {
	var out []goalGroup
	for _, f := range fields {
		if f.Get("strategy") != s.ID() {
			continue
		}
		in := slices.DeleteFunc(slices.Clone(goals), func(g Row) bool { return g.Get("fieldOfAction") != f.ID() })
		if len(in) > 0 {
			out = append(out, goalGroup{f, v.lines(in)})
		}
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
	c := content{
		template: "field", title: v.name(field), description: v.word("field.lead"),
		data: map[string]any{"Field": field, "Goals": v.lines(goals), "Indicators": indicators, "Milestones": milestones},
	}
	for _, rows := range [][]Row{goals, indicators, milestones} {
		if len(rows) > 0 {
			c.downloads = append(c.downloads, v.rowsOf(rows[0].dataset, "fieldOfAction", v.ID))
		}
	}
	return c, err
}

// pursuit is one target of a goal: how far it has come and all its figures.
type pursuit struct {
	Row
	Plot template.HTML
	Rows []Row
	More bool
	// Reservations say why the figures cannot be compared, or only with care;
	// Against are the contradictions that name them.
	Reservations []string
	Against      []string
}

func (v *view) goal() (content, error) {
	goal, err := v.one(dataset.Goals, v.ID)
	if err != nil {
		return content{}, err
	}
	pursuits, err := v.pursuits()
	if err != nil {
		return content{}, err
	}
	milestones, err := v.where(dataset.Milestones, "goal", v.ID)
	if err != nil {
		return content{}, err
	}
	concerned := append(slices.Clone(milestones), goal)
	for _, p := range pursuits {
		concerned = append(concerned, p.Rows...)
	}
	contradictions, err := v.contradicting(concerned)
	return content{
		template: "goal", title: v.name(goal), description: goal.Get("summary"),
		data: map[string]any{
			"Goal": goal, "Due": v.due(goal), "Pursuits": pursuits, "Milestones": milestones,
			"Contradictions": contradictions, "Citation": v.cite(v.name(goal), v.goalRows(pursuits)...),
		},
		downloads: v.goalDownloads(pursuits),
		machine:   v.goalPlots(pursuits),
		of:        []*dataset.Dataset{dataset.Goals, dataset.Observations, dataset.GoalProgress},
	}, err
}

// goalRows are the permanent addresses of what the page shows.
func (v *view) goalRows(pursuits []pursuit) []string {
	out := []string{v.rowsAt("goals/"+v.ID, "", "")}
	if indicators := measured(pursuits); indicators != nil {
		out = append(out, v.rowsAt("observations", "indicator", strings.Join(indicators, ",")))
	}
	return out
}

// measured are the indicators that have figures.
func measured(pursuits []pursuit) []string {
	var indicators []string
	for _, p := range pursuits {
		if len(p.Rows) > 0 {
			indicators = append(indicators, p.Get("indicator"))
		}
	}
	return indicators
}

func (v *view) goalDownloads(pursuits []pursuit) []download {
	out := []download{v.itemOf(v.word("goal.this"), dataset.Goals, v.ID)}
	indicators := measured(pursuits)
	if indicators == nil {
		return out
	}
	return append(out,
		download{v.word("goal.figures"), v.forms("/v1/observations", v.pinned("indicator", strings.Join(indicators, ",")))},
		download{v.word("goal.progress"), v.forms("/v1/goal-progress", v.pinned("goal", v.ID))})
}

func (v *view) goalPlots(pursuits []pursuit) []alternate {
	var out []alternate
	for _, p := range pursuits {
		if p.Plot != "" {
			out = append(out, alternate{"image/svg+xml", v.word("embed"), v.path("/goals/" + p.ID() + ".svg")})
		}
	}
	return out
}

// pursuits are the targets of the goal with their figures, by indicator.
func (v *view) pursuits() ([]pursuit, error) {
	progress, err := v.where(dataset.GoalProgress, "goal", v.ID)
	if err != nil {
		return nil, err
	}
	var out []pursuit
	for _, row := range progress {
		p := pursuit{Row: row}
		if row.Get("indicator") != "" {
			if err := v.pursue(&p); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// pursue reads the figures of a target and draws it.
func (v *view) pursue(p *pursuit) (err error) {
	if p.Rows, p.More, err = v.some(dataset.Observations, "indicator", p.Get("indicator")); err != nil {
		return err
	}
	if p.Plot, err = v.both(func() (string, error) { return v.progressFigure(p.Row) }); err != nil {
		return err
	}
	contradictions, err := v.all(dataset.Contradictions)
	for _, c := range contradictions {
		named := strings.Fields(c.Get("rows"))
		if slices.Contains(named, p.Get("target")) || slices.Contains(named, p.Get("actual")) {
			p.Against = append(p.Against, c.ID())
		}
	}
	p.Reservations = v.reservations(p.Row)
	return err
}
