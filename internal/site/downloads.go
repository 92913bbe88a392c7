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

// pinned asks for rows of the release that the page shows, with values in a
// column if there is one: what is downloaded is what was read.
func (v *view) pinned(column, values string) url.Values {
	q := url.Values{"release": {v.Release.ID}}
	if column != "" {
		q.Set(column, values)
	}
	return q
}

// rowsOf are the rows of a dataset with values in a column, to take along.
func (v *view) rowsOf(d *dataset.Dataset, column, values string) download {
	return download{d.Title.In(v.Language), v.forms("/v1/"+d.ID, v.pinned(column, values))}
}

// wholeOf is a whole dataset, to take along.
func (v *view) wholeOf(d *dataset.Dataset) download {
	return download{d.Title.In(v.Language), v.forms("/v1/"+d.ID, v.pinned("", ""))}
}

// itemOf is one row of a dataset, to take along.
func (v *view) itemOf(title string, d *dataset.Dataset, id string) download {
	return download{title, v.forms("/v1/"+d.ID+"/"+id, v.pinned("", ""))}
}

// citation is how to name the page in a text. The page changes with the next
// release; Rows are the addresses of what it shows and never change.
type citation struct {
	Text string
	Rows []permanent
}

// permanent is an address as it stands in a text, and as a link.
type permanent struct{ Address, Href string }

// cite names the page and the rows that it shows.
func (v *view) cite(title string, rows ...string) citation {
	return v.citeRelease(v.Release.ID, title, rows...)
}

func (v *view) citeRelease(release, title string, rows ...string) citation {
	c := citation{Text: "Zielstand: " + v.quoted(title) + ", " + v.word("release") + " " + release + ", " +
		v.site.settings.PublicURL + v.local(v.Language) + " (" + v.word("accessed") + " " + v.period(v.Today.Format("2006-01-02")) + ")."}
	for _, path := range rows {
		c.Rows = append(c.Rows, permanent{v.site.settings.PublicURL + path, v.file(path)})
	}
	return c
}

// rowsAt is the permanent address of rows with values in a column, or of one row
// of a dataset.
func (v *view) rowsAt(path, column, values string) string {
	return "/v1/" + path + "?" + encoded(v.pinned(column, values))
}
