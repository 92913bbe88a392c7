package site

import (
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

func (v *view) releases() (content, error) {
	return content{
		template: "releases", title: v.word("releases.title"), description: v.word("releases.lead"),
		data:    map[string]any{"Rows": v.Releases, "Unkept": v.Releases[len(v.Releases)-1].Previous != ""},
		machine: []alternate{{"application/json", v.word("releases.title"), v.file("/v1/releases")}},
	}, nil
}

// changed is what a release changed in a dataset.
type changed struct {
	Dataset *dataset.Dataset
	Rows    []change
}

// change is a changed cell or row with what is shown of the row today.
type change struct {
	Row
	Of statement
}

// mostChanges is how many changes a release's page shows.
const mostChanges = 300

func (v *view) release() (content, error) {
	i := slices.IndexFunc(v.Releases, func(r *domain.Release) bool { return r.ID == v.ID })
	if i < 0 {
		return content{}, domain.ErrNotFound
	}
	shown := v.Releases[i]
	first, comparable := shown.Previous == "", shown.Predecessor(v.Releases) != nil
	parts := v.parts(shown)
	changes, more, err := v.changes()
	c := content{
		template: "release", title: v.word("release") + " " + shown.ID, description: shown.Title,
		data: map[string]any{
			"Shown": shown, "Parts": parts, "Changes": changes, "More": more,
			"First": first, "Unkept": !first && !comparable, "Withdrawn": !shown.Withdrawn.IsZero(), "Current": v.Release.ID, "Citation": v.citeRelease(shown.ID, shown.Title, "/v1/releases/"+shown.ID), "Older": v.Releases[i+1:], "Latest": v.Release.ID == shown.ID,
		},
		machine: []alternate{
			{"application/json", v.word("release") + " " + shown.ID, v.file("/v1/releases/" + shown.ID)},
			{"application/json", "Data Package", v.file("/v1/releases/" + shown.ID + "/datapackage.json")},
		},
	}
	c.version = shown.ID
	for _, p := range parts {
		c.parts = append(c.parts, p.Dataset)
	}
	if comparable {
		c.downloads = []download{{v.word("release.changes"), v.permanentForms("/v1/releases/" + shown.ID + "/diff")}}
	}
	return c, err
}

// parts are the datasets of a release with their permanent files.
func (v *view) parts(r *domain.Release) []held {
	var out []held
	for _, p := range r.Datasets {
		if d := dataset.ByID(p.ID); d != nil {
			out = append(out, held{d, p, v.permanentForms("/v1/releases/" + r.ID + "/" + d.ID)})
		}
	}
	return out
}

// changes are what the release changed against the one before, by dataset.
func (v *view) changes() (out []changed, more bool, err error) {
	rows, err := v.query(dataset.Query{Dataset: dataset.Changes, Filters: equal(dataset.Changes, "inRelease", v.ID), Limit: mostChanges + 1})
	if more = len(rows) > mostChanges; more {
		rows = rows[:mostChanges]
	}
	for _, id := range distinct(rows, "dataset") {
		d := dataset.ByID(id)
		if d == nil {
			continue
		}
		of, err := v.changedRows(d, rows)
		if err != nil {
			return nil, false, err
		}
		out = append(out, changed{d, of})
	}
	return out, more, err
}

// changedRows are the changes of a dataset with the rows that still exist.
func (v *view) changedRows(d *dataset.Dataset, changes []Row) ([]change, error) {
	changes = slices.DeleteFunc(slices.Clone(changes), func(r Row) bool { return r.Get("dataset") != d.ID })
	found, err := v.byID(d, distinct(changes, "row"))
	if err != nil {
		return nil, err
	}
	var out []change
	for _, c := range changes {
		one := change{Row: c}
		if r := found[c.Get("row")]; r.Is() {
			one.Of = statement{r, v.place(r), v.say(r)}
		}
		out = append(out, one)
	}
	return out, nil
}
