package site

import (
	"html/template"
	"net/url"
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
			"Contradictions": contradictions, "Citation": v.citation(v.name(goal)),
		},
		downloads: v.goalDownloads(pursuits),
		machine:   v.goalPlots(pursuits),
	}, err
}

func (v *view) goalDownloads(pursuits []pursuit) []download {
	out := []download{v.itemOf(v.word("goal.this"), dataset.Goals, v.ID)}
	var indicators []string
	for _, p := range pursuits {
		if len(p.Rows) > 0 {
			indicators = append(indicators, p.Get("indicator"))
		}
	}
	if indicators == nil {
		return out
	}
	return append(out,
		download{v.word("goal.figures"), v.forms("/v1/observations", url.Values{"indicator": {strings.Join(indicators, ",")}})},
		download{v.word("goal.progress"), v.forms("/v1/goal-progress", url.Values{"goal": {v.ID}})})
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
			if p.Rows, p.More, err = v.some(dataset.Observations, "indicator", row.Get("indicator")); err != nil {
				return nil, err
			}
		}
		if row.Get("state") == "comparable" {
			if p.Plot, err = v.both(func() (string, error) { return v.progressBar(row) }); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	return out, nil
}
