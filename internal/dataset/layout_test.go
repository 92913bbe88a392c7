// SPDX-License-Identifier: EUPL-1.2

package dataset_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
)

func TestLabelsAndLayout(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		dataset *dataset.Dataset
		query   string
		want    string // the normal form
	}{
		{dataset.Goals, "labels=de", "labels=de"},
		{dataset.Goals, "labels=DE", "labels=de"},
		{dataset.Goals, "labels=en&limit=5", "limit=5&labels=en"},
		{dataset.Observations, "layout=wide&labels=de&kind=actual", "kind=actual&labels=de&layout=wide"},
		{dataset.Observations, "layout=wide&fields=value,period,indicator,area,qualifier,kind,breakdown", "fields=value,period,indicator,area,qualifier,kind,breakdown&layout=wide"},
		{dataset.Observations, "layout=wide&sort=-period", "sort=-period&layout=wide"},
	} {
		q, err := parse(t, tt.dataset, tt.query)
		if err != nil {
			t.Errorf("%s: %v", tt.query, err)
			continue
		}
		var got []string
		for _, p := range q.Parameters() {
			got = append(got, p.Name+"="+p.Value)
		}
		if got := strings.Join(got, "&"); got != tt.want {
			t.Errorf("%s became %s, want %s", tt.query, got, tt.want)
		}
	}
	if q, err := parse(t, dataset.Observations, "layout=wide"); err != nil || q.Whole() {
		t.Errorf("a wide table is taken for the content of a file, or %v", err)
	}
}

func TestLabelsAndLayoutErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		dataset *dataset.Dataset
		query   string
		want    string
	}{
		{"language", dataset.Goals, "labels=fr", `labels="fr": is not a language of the column titles; allowed: de, en`},
		{"no language", dataset.Goals, "labels=", `labels: is not a language of the column titles; allowed: de, en`},
		{"two languages", dataset.Goals, "labels=de,en", `labels="de,en": is not a language of the column titles; allowed: de, en`},
		{"misspelt", dataset.Areas, "label=de", `label: is not a parameter of areas; did you mean "labels"?; allowed: ` + parametersOfAreas},
		{"layout", dataset.Observations, "layout=wiede", `layout="wiede": is not a layout of observations; did you mean "wide"?; allowed: wide`},
		{"layout of another dataset", dataset.Areas, "layout=wide", `layout: is not a parameter of areas, only of observations; allowed: ` + parametersOfAreas},
		{"a page", dataset.Observations, "layout=wide&limit=5", `limit="5": cannot be combined with layout=wide, which is never paged`},
		{"behind a page", dataset.Observations, "after=x&layout=wide", `after="x": cannot be combined with layout=wide, which is never paged`},
		{
			"without periods", dataset.Observations, "layout=wide&fields=indicator,area,kind,value,qualifier",
			`fields="indicator,area,kind,value,qualifier": lacks the columns period, breakdown, which layout=wide requires; allowed: indicator,area,period,kind,value,qualifier,breakdown`,
		},
		{
			"rows of several indicators in one", dataset.Observations, "layout=wide&fields=period,kind,value,qualifier,unit",
			`fields="period,kind,value,qualifier,unit": lacks the columns indicator, area, breakdown, which layout=wide requires; allowed: indicator,area,period,kind,value,qualifier,breakdown`,
		},
		{
			"figures of pilots beside those of everybody", dataset.Observations, "fields=indicator,area,period,kind,value,qualifier&layout=wide",
			`fields="indicator,area,period,kind,value,qualifier": lacks the column breakdown, which layout=wide requires; allowed: indicator,area,period,kind,value,qualifier,breakdown`,
		},
		{
			"figures that look exact", dataset.Observations, "fields=indicator,area,period,kind,value&layout=wide",
			`fields="indicator,area,period,kind,value": lacks the columns qualifier, breakdown, which layout=wide requires; allowed: indicator,area,period,kind,value,qualifier,breakdown`,
		},
		{
			"columns of single values", dataset.Observations, "fields=id,indicator,area,period,kind,value,qualifier,breakdown,noteEn&layout=wide",
			`fields="id,indicator,area,period,kind,value,qualifier,breakdown,noteEn": has id, noteEn, which layout=wide cannot show, because a row has several values; allowed: indicator, goal, area, period, kind, value, qualifier, source, unit, breakdown`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, tt.dataset, tt.query)
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("message (-want +got)\n%s", diff)
			}
		})
	}
}

// TestLabelsShareCursors continues a page with other labels.
func TestLabelsShareCursors(t *testing.T) {
	t.Parallel()
	names, errNames := parse(t, dataset.Goals, "sort=due&limit=5")
	titles, errTitles := parse(t, dataset.Goals, "sort=due&limit=5&labels=de")
	if errNames != nil || errTitles != nil {
		t.Fatal(errNames, errTitles)
	}
	if names.Key() == titles.Key() {
		t.Error("names and titles share a cached answer")
	}
	const p = 7
	if err := titles.ParseCursor("2026.11.0", names.Cursor("2026.11.0", p)); err != nil {
		t.Error(err)
	}
}

func TestLayouts(t *testing.T) {
	t.Parallel()
	for _, d := range dataset.All {
		takes := slices.Contains(d.ParameterNames(), "layout")
		if takes != (d == dataset.Observations) || takes != (len(d.Layouts()) > 0) {
			t.Errorf("%s takes the parameter layout: %v, and has the layouts %v", d.ID, takes, d.Layouts())
		}
	}
}
