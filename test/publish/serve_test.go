// SPDX-License-Identifier: EUPL-1.2

package publish

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/site"
	"github.com/zielstand/zielstand/internal/storetest"

	"github.com/zielstand/zielstand/internal/testenv"
)

// packages is the number of generated packages, unless -rapid.checks is set: hundreds of
// addresses are requested for each.
const packages = "6"

func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		_ = flag.Set("rapid.checks", packages)
	}
	os.Exit(m.Run())
}

// TestPublishable publishes generated packages and asks for everything.
func TestPublishable(t *testing.T) {
	databases := []string{"sqlite"}
	if os.Getenv(storetest.PostgresEnv) != "" || os.Getenv(testenv.StrictEnv) == "true" {
		databases = append(databases, "postgres")
	}
	codes := baseCodes(t)
	texts, answers := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		first := newEdition(rt, codes)
		releases := []fstest.MapFS{first.accepted(t)}
		latest := first
		if rapid.Bool().Draw(rt, "two releases") {
			next := first.later(rt)
			releases, latest = append(releases, next.accepted(t)), next
		}
		for _, pkg := range releases {
			if pkg == nil {
				rt.Fatalf("check refuses all of %s", first)
			}
		}
		texts += unusual(latest)
		var bodies map[string][]byte
		for _, database := range databases {
			databaseURL, folder := sqliteURL(temporary(t)), temporary(t)
			if database == "postgres" {
				databaseURL = storetest.Postgres(t)
			}
			for _, pkg := range releases {
				if err := publish(databaseURL, folder, pkg); err != nil {
					rt.Fatalf("%s: %.2000v", database, err)
				}
			}
			p, err := serve(databaseURL, folder)
			if err != nil {
				rt.Fatalf("%s: %v", database, err)
			}
			v := &visit{t: rt, program: p, edition: latest, releases: len(releases), bodies: map[string][]byte{}}
			v.everything()
			if err := p.stop(); err != nil {
				rt.Errorf("%s: %.2000v", database, err)
			}
			for path, want := range bodies {
				if got := v.bodies[path]; !bytes.Equal(got, want) {
					at := 0
					for at < min(len(got), len(want)) && got[at] == want[at] {
						at++
					}
					at = max(0, at-100)
					rt.Errorf("%s: the databases give different answers:\n%.300s\n%.300s", path, got[min(at, len(got)):], want[min(at, len(want)):])
				}
			}
			bodies = v.bodies
			answers += len(bodies)
		}
	})
	t.Logf("%d answers; %d cells with unusual characters", answers, texts)
	if !t.Failed() && texts == 0 {
		t.Error("check refused every unusual text, so nothing was tested")
	}
}

// TestSuffixes: an identifier that ended like a format could not be asked for.
func TestSuffixes(t *testing.T) {
	t.Parallel()
	id := dataset.Column{Name: "id", Type: dataset.Identifier}
	for _, format := range append(encode.Names(), "jsonstat", "svg", "png", "preview", "bib", "ris", "card") {
		if err := id.Check("a." + format); err == nil || !strings.Contains(err.Error(), "must not end with .json, .csv, .xlsx, .ndjson, .parquet, .jsonstat, .svg, .png, .preview, .bib, .ris, .card, which") {
			t.Errorf("a.%s: %v", format, err)
		}
		if err := id.Check("a" + format); err != nil {
			t.Errorf("a%s: %v", format, err)
		}
	}
}

// unusual counts the texts with characters that formats care about.
func unusual(e *edition) int {
	n := 0
	for _, rows := range e.tables {
		for _, row := range rows {
			for _, cell := range row {
				if strings.ContainsAny(cell, "<&\"\\\u2028😀") {
					n++
				}
			}
		}
	}
	return n
}

// visit asks a program for all that it serves.
type visit struct {
	t        *rapid.T
	program  *program
	edition  *edition
	releases int
	bodies   map[string][]byte
}

// get asks for a path, which must be answered readably, and returns the body.
func (v *visit) get(path string) []byte {
	path = strings.TrimPrefix(path, publicURL)
	response, body, err := v.program.get(path)
	if err != nil {
		v.t.Errorf("%s: %v", path, err)
		return nil
	}
	if response.StatusCode != http.StatusOK {
		v.t.Errorf("%s: %s\n%.500s", path, response.Status, body)
		return nil
	}
	v.bodies[path] = body
	if err := readable(response.Header.Get("Content-Type"), body, publicURL+path); err != nil {
		v.t.Errorf("%s: cannot be read as %s: %v", path, response.Header.Get("Content-Type"), err)
	}
	return body
}

// everything asks for every route, format, dialect, layout and label.
func (v *visit) everything() {
	for _, path := range []string{
		"/v1", "/v1/releases", "/v1/datasets", "/v1/catalog", "/v1/catalog/dcat.ttl", "/v1/catalog/dcat.rdf", "/v1/catalog/dcat.jsonld", "/v1/catalog/dcat.nt",
		"/v1/catalog/schema.jsonld", "/v1/changes.atom", "/v1/changes.en.atom", "/sitemap.xml", "/robots.txt", "/.well-known/api-catalog", "/.well-known/void",
		"/v1/releases/latest", "/v1/releases/2024.01.0", "/v1/releases/2024.01.0/datapackage.json", "/v1/releases/latest/datapackage.json", "/readyz",
	} {
		v.get(path)
	}
	if v.releases > 1 {
		for _, format := range formats() {
			v.get("/v1/releases/latest/diff?from=2024.01.0&" + format)
		}
	}
	for _, d := range dataset.All {
		rows := v.table(d)
		v.files(d, len(rows) > 0 || !d.Optional)
		v.questions(d, rows)
	}
	v.pages()
}

// formats are the parameters that choose each format of rows.
func formats() []string {
	var out []string
	for _, f := range encode.Formats {
		p := "format=" + f.Name
		if f.Dialect != "" {
			p += "&dialect=" + f.Dialect
		}
		out = append(out, p)
	}
	return out
}

// files asks for what describes a dataset and for its whole files. An optional
// dataset without rows is not listed in the catalogue.
func (v *visit) files(d *dataset.Dataset, listed bool) {
	v.get("/v1/datasets/" + d.ID)
	if listed && slices.Contains(catalog.Catalogued(), d) {
		for _, extension := range []string{"json", "ttl", "rdf", "jsonld", "nt", "schema.jsonld"} {
			v.get("/v1/datasets/" + d.ID + "." + extension)
		}
	}
	for _, release := range []string{"2024.01.0", "latest"} {
		base := "/v1/releases/" + release + "/" + d.ID
		for _, name := range []string{".json", ".csv", ".csv?dialect=excel-de", ".xlsx", ".ndjson", ".parquet", ".csv-metadata.json", ".csv-metadata.json?dialect=excel-de"} {
			v.get(base + name)
		}
	}
}

// table asks for all rows in every format and compares them with each other and
// with the package. It returns them as CSV has them.
func (v *visit) table(d *dataset.Dataset) [][]string {
	rows, err := readCSV(v.get("/v1/" + d.ID + ".csv"))
	if err != nil || len(rows) == 0 {
		v.t.Errorf("%s: %d rows, %v", d.ID, len(rows), err)
		return nil
	}
	v.samePackage(d, rows)
	v.sameJSON(d, rows)
	v.sameExcel(d, rows)
	v.sameWorkbook(d, rows)
	return rows[1:]
}

// samePackage compares the cells with those that an editor wrote.
func (v *visit) samePackage(d *dataset.Dataset, rows [][]string) {
	if d.Computed {
		return
	}
	if len(rows)-1 != len(v.edition.tables[d.ID]) {
		v.t.Errorf("%s: %d rows, the package has %d", d.ID, len(rows)-1, len(v.edition.tables[d.ID]))
		return
	}
	for i, row := range v.edition.tables[d.ID] {
		for j, c := range d.Edited() {
			if got := rows[i+1][d.Column(c.Name)]; got != row[j] {
				v.t.Errorf("%s, row %d, column %s: %.100q, the package has %.100q", d.ID, i+2, c.Name, got, row[j])
			}
		}
	}
}

func (v *visit) sameJSON(d *dataset.Dataset, rows [][]string) {
	content, err := readJSON(v.get("/v1/" + d.ID + ".json"))
	document, _ := content.(map[string]any)
	data, ok := document["data"].([]any)
	if err != nil || !ok || len(data) != len(rows)-1 {
		v.t.Errorf("%s: JSON has %d rows, CSV %d, %v", d.ID, len(data), len(rows)-1, err)
		return
	}
	for i, item := range data {
		for j, c := range d.Columns {
			if got := plain(item.(map[string]any)[c.Name]); got != rows[i+1][j] {
				v.t.Errorf("%s, row %d, column %s: JSON has %.100q, CSV %.100q", d.ID, i+2, c.Name, got, rows[i+1][j])
			}
		}
	}
}

// plain is a JSON value as CSV has it.
func plain(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(value))
		for i, part := range value {
			parts[i] = plain(part)
		}
		return strings.Join(parts, " ")
	}
	return fmt.Sprint(value)
}

func (v *visit) sameExcel(d *dataset.Dataset, rows [][]string) {
	excel, err := readCSV(v.get("/v1/" + d.ID + ".csv?dialect=excel-de"))
	if err != nil || len(excel) != len(rows) {
		v.t.Errorf("%s: the dialect has %d rows, CSV %d, %v", d.ID, len(excel), len(rows), err)
		return
	}
	for i, row := range excel[1:] {
		for j, c := range d.Columns {
			if got := restore(row[j], c.Numeric()); got != rows[i+1][j] {
				v.t.Errorf("%s, row %d, column %s: the dialect has %.100q, CSV %.100q", d.ID, i+2, c.Name, row[j], rows[i+1][j])
			}
		}
	}
}

// longest is the number of bytes of a text that surely fits into a cell of a
// workbook.
const longest = 32767

func (v *visit) sameWorkbook(d *dataset.Dataset, rows [][]string) {
	body := v.get("/v1/" + d.ID + ".xlsx")
	f, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		v.t.Errorf("%s: %v", d.ID, err)
		return
	}
	defer f.Close()
	name := f.GetSheetName(0)
	seen, err := f.GetRows(name)
	if err != nil || len(seen) != len(rows) {
		v.t.Errorf("%s: the sheet has %d rows, CSV %d, %v", d.ID, len(seen), len(rows), err)
		return
	}
	last, _ := excelize.CoordinatesToCellName(len(d.Columns), len(rows))
	if stated, err := f.GetSheetDimension(name); err != nil || stated != "A1:"+last {
		v.t.Errorf("%s: the sheet states %s, want A1:%s, %v", d.ID, stated, last, err)
	}
	for i, row := range seen[1:] {
		for j, cell := range row {
			c := d.Columns[j]
			want := rows[i+1][j]
			text := c.Type != dataset.Boolean && !c.Numeric() && len(want) < longest && !strings.ContainsAny(want, "\ufffe\uffff")
			if text && cell != want {
				v.t.Errorf("%s, row %d, column %s: the sheet has %.100q, CSV %.100q", d.ID, i+2, c.Name, cell, want)
			}
		}
	}
}

// questions asks for rows in every way that the dataset allows.
func (v *visit) questions(d *dataset.Dataset, rows [][]string) {
	base := "/v1/" + d.ID
	for i, format := range formats() {
		v.get(base + "?limit=2&" + format)
		if !encode.Formats[i].Tabular {
			continue
		}
		for _, labels := range []string{"de", "en"} {
			v.get(base + "?labels=" + labels + "&" + format)
			for _, layout := range d.Layouts() {
				v.get(base + "?layout=" + layout + "&labels=" + labels + "&" + format)
			}
		}
		for _, layout := range d.Layouts() {
			v.get(base + "?layout=" + layout + "&" + format)
		}
	}
	v.follow(base + "?limit=2&sort=-" + d.Columns[len(d.Columns)-1].Name)
	for _, c := range d.Columns {
		v.get(base + "?limit=1&sort=" + c.Name)
	}
	for i, row := range rows {
		if i == 3 {
			break
		}
		for _, format := range formats() {
			v.get(base + "/" + row[0] + "?" + format)
		}
		v.row(d, row)
	}
}

// row asks for a row by its identifier, by every cell, and by its words.
func (v *visit) row(d *dataset.Dataset, row []string) {
	base := "/v1/" + d.ID
	v.get(base + "/" + row[0])
	for _, extension := range encode.Names() {
		v.get(base + "/" + row[0] + "." + extension)
	}
	for j, c := range d.Columns {
		switch value, _, _ := strings.Cut(row[j], " "); {
		case value == "":
		case c.Type == dataset.String:
			if words, ok := searchable(row[j]); ok {
				v.get(base + "?limit=1&q=" + words)
			}
		case c.Name == "asOf": // the parameter asks for something else
		case len(value) < 200 && slices.Contains(d.ParameterNames(), c.Name):
			v.finds(base+"?"+c.Name+"="+url.QueryEscape(value), row[0])
		}
	}
}

// searchable returns a text as the value of q in an address. It reports false if the text is
// too long or has too many words; package dataset tests these limits.
func searchable(text string) (string, bool) {
	text = strings.ReplaceAll(text, "*", "x") // an asterisk is an operator
	_, err := dataset.ParseWords(text)
	return url.QueryEscape(text), err == nil
}

// finds requests rows; one of them must have the identifier.
func (v *visit) finds(path, id string) {
	content, err := readJSON(v.get(path))
	document, _ := content.(map[string]any)
	data, _ := document["data"].([]any)
	if err == nil && !slices.ContainsFunc(data, func(item any) bool { return item.(map[string]any)["id"] == id }) {
		v.t.Errorf("%s does not find %s", path, id)
	}
}

// follow reads page after page.
func (v *visit) follow(path string) {
	for range 20 {
		var page struct{ Links struct{ Self, Next string } }
		if body := v.get(path); body == nil || json.Unmarshal(body, &page) != nil || page.Links.Next == "" {
			return
		}
		v.get(page.Links.Self)
		path = page.Links.Next
	}
}

// most is how many pages are opened.
const most = 300

// pages opens the pages of both languages and every address that they link to.
func (v *visit) pages() {
	var paths []string
	for _, p := range site.Pages() {
		if !strings.Contains(p.Pattern, "{id}") && p.Shows == nil { // menus lead to those that exist
			paths = append(paths, site.Address("de", p.Pattern), site.Address("en", p.Pattern))
		}
	}
	if words, ok := searchable(v.edition.manifest.Title); ok && len(v.edition.manifest.Title) < 200 {
		paths = append(paths, "/search?q="+words, "/en/search?q="+words)
	}
	seen := map[string]bool{}
	for i := 0; i < len(paths) && i < most; i++ {
		if seen[paths[i]] || strings.HasPrefix(paths[i], "/docs") || strings.HasPrefix(paths[i], "/assets/") {
			continue
		}
		seen[paths[i]] = true
		body := v.get(paths[i])
		if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("<!doctype html>")) && !bytes.HasPrefix(bytes.TrimSpace(body), []byte("<!DOCTYPE html>")) {
			continue
		}
		for _, link := range links(body) {
			if !seen[link] {
				paths = append(paths, link)
			}
		}
	}
}
