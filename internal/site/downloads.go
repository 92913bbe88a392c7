package site

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// alternate is another form of a page's content, for programs.
type alternate struct{ Type, Title, Href string }

// download is a part of the page in the formats of the interface.
type download struct {
	Title string
	Forms []alternate
}

// forms are the addresses of rows in all formats, those for people first.
// Workbooks get columns with titles in the page's language.
func (v *view) forms(path string, query url.Values) []alternate {
	return v.eachForm(path, func(f encode.Format) url.Values {
		q := maps.Clone(query)
		if f.Binary {
			q = with(q, "labels", v.Language)
		}
		return q
	})
}

// permanentForms are the addresses of what never changes and takes no
// parameters.
func (v *view) permanentForms(path string) []alternate {
	return v.eachForm(path, func(encode.Format) url.Values { return nil })
}

func (v *view) eachForm(path string, query func(encode.Format) url.Values) []alternate {
	var out []alternate
	for _, f := range slices.Backward(encode.Formats) {
		q := query(f)
		if f.Dialect != "" {
			q = with(q, "dialect", f.Dialect)
		}
		address := v.file(path + "." + f.Name)
		if len(q) > 0 {
			address += "?" + encoded(q)
		}
		out = append(out, alternate{f.MediaType, f.Title.In(v.Language), address})
	}
	return out
}

// encoded is a query string that can be read: values stand between commas.
func encoded(q url.Values) string { return strings.ReplaceAll(q.Encode(), "%2C", ",") }

func with(q url.Values, name, value string) url.Values {
	if q == nil {
		q = url.Values{}
	}
	q.Set(name, value)
	return q
}

// rowsOf are the rows of a dataset with values in a column, to take along.
func (v *view) rowsOf(d *dataset.Dataset, column, values string) download {
	return download{d.Title.In(v.Language), v.forms("/v1/"+d.ID, url.Values{column: {values}})}
}

// wholeOf is a whole dataset, to take along.
func (v *view) wholeOf(d *dataset.Dataset) download {
	return download{d.Title.In(v.Language), v.forms("/v1/"+d.ID, nil)}
}

// itemOf is one row of a dataset, to take along.
func (v *view) itemOf(title string, d *dataset.Dataset, id string) download {
	return download{title, v.forms("/v1/"+d.ID+"/"+id, nil)}
}

// citation is how to name the page in a text.
func (v *view) citation(title string) string {
	return "Zielstand: " + v.quoted(title) + ", " + v.word("release") + " " + v.Release.ID + ", " +
		v.site.settings.PublicURL + v.local(v.Language) + " (" + v.word("accessed") + " " + v.period(v.Today.Format("2006-01-02")) + ")"
}
