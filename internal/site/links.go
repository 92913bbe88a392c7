// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// page returns the address of a page in the language.
func (r *renderer) page(path string) string { return r.file(Address(r.Code, path)) }

// file returns an address that is the same in all languages: of the API, of an
// asset.
func (r *renderer) file(path string) string { return r.root + path }

// rowPage returns the address at which the pages show a row, empty if they do not.
func (r *renderer) rowPage(row Row) string {
	switch row.dataset {
	case dataset.Goals:
		return r.page("/goals/" + row.ID())
	case dataset.Indicators:
		return r.page("/indicators/" + row.ID())
	case dataset.FieldsOfAction:
		return r.page("/fields/" + row.ID())
	case dataset.GoalStatus:
		return r.page("/goals/"+row.Get("goal")) + "#" + row.ID()
	case dataset.GoalProgress:
		page := r.page("/goals/" + row.Get("goal"))
		if row.Get("indicator") != "" {
			page += "#p-" + row.ID()
		}
		return page
	case dataset.Observations:
		return r.page("/indicators/"+row.Get("indicator")) + "#" + row.ID()
	case dataset.Milestones:
		return r.page("/fields/"+row.Get("fieldOfAction")) + "#" + row.ID()
	case dataset.OZGServiceCounts:
		return r.page("/ozg") + "#" + row.ID()
	case dataset.Strategies:
		return r.page("/goals") + "#" + row.ID()
	case dataset.Contradictions:
		return r.page("/contradictions") + "#" + row.ID()
	case dataset.Sources:
		return r.page("/sources/" + row.ID())
	case dataset.Areas:
		if r.hasPage(row.ID()) {
			return r.page("/areas/" + row.ID())
		}
	case dataset.Codelists:
		if row.Get("codelist") == "theme" {
			return r.page("/themes/" + row.Get("code"))
		}
		if slices.Contains(explained, row.Get("codelist")) {
			return r.page("/glossary") + "#" + row.ID()
		}
		return r.page("/datasets/codelists")
	}
	return ""
}

// term returns what a code is called, the first time on a page with a link to its
// explanation in the glossary. linked are the codes that the page has linked.
func (r *renderer) term(linked map[string]bool, codelist, code, text string) template.HTML {
	escaped := template.HTMLEscapeString(text)
	row := r.lookup(dataset.Codelists, codelist+"."+code)
	if linked[row.ID()] || row.Get("definition") == "" || !slices.Contains(explained, codelist) {
		return template.HTML(escaped)
	}
	linked[row.ID()] = true
	return template.HTML(`<a class="term" href="` + template.HTMLEscapeString(r.rowPage(row)) + `">` + escaped + `</a>`)
}

// alternate is the content of a page in another format, for programs.
type alternate struct{ Type, Title, Href string }

// download is a part of the page in the formats of the API.
type download struct {
	Title string
	Forms []alternate
}

// forms returns the addresses of rows in all formats, those for people first.
// Workbooks have titles in the page's language.
func (r *renderer) forms(path string, query url.Values) []alternate {
	return r.eachForm(path, func(f encode.Format) url.Values {
		q := url.Values{}
		maps.Copy(q, query)
		if f.Binary && f.Tabular {
			q.Set("labels", r.data())
		}
		return q
	})
}

// permanentForms returns the addresses of files that never change and take no
// parameters.
func (r *renderer) permanentForms(path string) []alternate {
	return r.eachForm(path, func(encode.Format) url.Values { return url.Values{} })
}

func (r *renderer) eachForm(path string, query func(encode.Format) url.Values) []alternate {
	var out []alternate
	for _, f := range formatsForPeople() {
		q := query(f)
		if f.Dialect != "" {
			q.Set("dialect", f.Dialect)
		}
		address := r.file(path + "." + f.Name)
		if len(q) > 0 {
			address += "?" + encodeQuery(q)
		}
		out = append(out, alternate{f.MediaType, r.text(f.Title), address})
	}
	return out
}

// formatsForPeople returns the formats with workbooks first and those that only programs
// read last.
func formatsForPeople() []encode.Format {
	formats := slices.Clone(encode.Formats)
	slices.Reverse(formats)
	slices.SortStableFunc(formats, func(a, b encode.Format) int { return cmp.Compare(rank(a), rank(b)) })
	return formats
}

func rank(f encode.Format) int {
	if f.Tabular || f.Name == "json" {
		return 0
	}
	return 1
}

// encodeQuery leaves the commas between values and the operator ! readable.
func encodeQuery(q url.Values) string {
	return strings.NewReplacer("%2C", ",", "%21", "!").Replace(q.Encode())
}

// pinned asks for the release that the page shows, so that readers download what
// they have read. If a column is given, it selects the rows with the values.
func (r *renderer) pinned(column, values string) url.Values {
	q := url.Values{"release": {r.Release.ID}}
	if column != "" {
		q.Set(column, values)
	}
	return q
}

// pinnedPath returns the permanent path of a dataset's rows with values in a
// column, or of one row.
func (r *renderer) pinnedPath(path, column, values string) string {
	return "/v1/" + path + "?" + encodeQuery(r.pinned(column, values))
}

// downloadRows offers the rows of a dataset with values in a column.
func (r *renderer) downloadRows(title string, d *dataset.Dataset, column, values string) download {
	return download{title, r.forms("/v1/"+d.ID, r.pinned(column, values))}
}

// downloadAll offers a whole dataset.
func (r *renderer) downloadAll(d *dataset.Dataset) download {
	return r.downloadRows(r.text(d.Title), d, "", "")
}

// downloadRow offers one row of a dataset.
func (r *renderer) downloadRow(title string, d *dataset.Dataset, id string) download {
	return download{title, r.forms("/v1/"+d.ID+"/"+id, r.pinned("", ""))}
}
