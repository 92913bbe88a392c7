package site

import (
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/strategy"
)

func (v *view) releases() (content, error) {
	return content{
		template: "releases", title: v.word("releases.title"), description: v.word("releases.lead"),
		data:    map[string]any{"Rows": v.Releases},
		machine: []alternate{{"application/json", v.word("releases.title"), v.file("/v1/releases")}},
	}, nil
}

// changed is what a release changed in a dataset.
type changed struct {
	Dataset *dataset.Dataset
	Rows    []Row
}

// mostChanges is how many changes a release's page shows.
const mostChanges = 300

func (v *view) release() (content, error) {
	i := slices.IndexFunc(v.Releases, func(r *strategy.Release) bool { return r.ID == v.ID })
	if i < 0 {
		return content{}, strategy.ErrNotFound
	}
	shown, first := v.Releases[i], i == len(v.Releases)-1
	changes, more, err := v.changes()
	c := content{
		template: "release", title: v.word("release") + " " + shown.ID, description: shown.Title,
		data: map[string]any{
			"Shown": shown, "Parts": v.parts(shown), "Changes": changes, "More": more,
			"First": first, "Older": v.Releases[i+1:], "Latest": v.Release.ID == shown.ID,
		},
		machine: []alternate{
			{"application/json", v.word("release") + " " + shown.ID, v.file("/v1/releases/" + shown.ID)},
			{"application/json", "Data Package", v.file("/v1/releases/" + shown.ID + "/datapackage.json")},
		},
	}
	if !first {
		c.downloads = []download{{v.word("release.changes"), v.permanentForms("/v1/releases/" + shown.ID + "/diff")}}
	}
	return c, err
}

// parts are the datasets of a release with their permanent files.
func (v *view) parts(r *strategy.Release) []held {
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
		of := changed{Dataset: dataset.ByID(id)}
		for _, r := range rows {
			if r.Get("dataset") == id {
				of.Rows = append(of.Rows, r)
			}
		}
		if of.Dataset != nil {
			out = append(out, of)
		}
	}
	return out, more, err
}
