// SPDX-License-Identifier: EUPL-1.2

package publish

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/storetest"
)

// edition is a data package that is being made up.
type edition struct {
	manifest dataset.Manifest
	// tables contain the rows by dataset, without headers.
	tables map[string][][]string
}

// edited lists the datasets of a package, with those that others refer to first.
var edited = func() []*dataset.Dataset {
	out := []*dataset.Dataset{
		dataset.Codelists, dataset.Sources, dataset.Areas, dataset.Strategies, dataset.FieldsOfAction, dataset.Goals, dataset.Indicators,
		dataset.Observations, dataset.OZGServiceCounts, dataset.Services,
	}
	for _, d := range dataset.All {
		if !d.Computed && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}()

var (
	identifiers = rapid.OneOf(
		rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._-]{0,20}`),
		rapid.SampledFrom([]string{
			"05", "0", "1e5", "73928e05", "mai-1", "Okt-21", "TRUE", "wahr", "null", "NaN", "constructor", "latest", "diff", "search", "a.b", "a..b", "x-", "x_", "x.",
			"a.json5", "a.csv", "b.json", "c.xlsx", "d.svg", "releases", "index.html", "A", "a", "ID", "0x1F", "1.10", "2021-11-12", strings.Repeat("long-", 40) + "id",
		}),
	)
	texts = rapid.OneOf(
		rapid.SampledFrom([]string{"Größe, Übermut; „ß“", "Ziel 5", "x"}),
		rapid.SampledFrom([]string{
			"<script>alert(1)</script>", "]]>", "<![CDATA[x]]>", "<!-- x -->", "--", "&amp;", "&#0;", "&", "<", `"`, `""`, "'", `\`, `\"`, `\n`, `\u0000`, `"""`, `'''`, "{{.}}", "%s%n", "${x}", "@prefix",
			"=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "05", "1e5", "5 %", "Mai 2021", "WAHR", "_x0041_", "_x005F_", "sep=;", "#NV", "null", "true", "NaN",
			"http://example.org/a b", "https://[::1", "mailto:x", "a\u2028b", "a\u2029b", "a\u00adb", "a\u200bb", "a\u200fb\u202ec", "e\u0301", "\u0301", "\ufffe", "\uffff", "\ufffd", "a\ufeffb", "😀👩‍👩‍👧", "\U0010ffff", "\U0001fffe", "\ue000", "ﷺ", "𝔘", "İı", "ŉ",
			strings.Repeat("lang ", 8000) + "x", strings.Repeat("ä", 33000), "=" + strings.Repeat("x", 9000), strings.Repeat("<", 500), strings.Repeat("\"", 300),
		}),
		rapid.StringOfN(rapid.Rune(), 1, 30, -1),
		rapid.StringOfN(rapid.SampledFrom([]rune("aäß <>&\"'\\{}[]()=;,|\t\u00a0\u2028\u202e😀")), 1, 20, -1),
	)
	periods = rapid.SampledFrom([]string{
		"", "2021", "2021-06", "2021-11-12", "2018/2021", "2021-11/2022-02", "2021-11-12/2021-11-13", "0000", "0001-01-01", "9999", "9999-12-31", "0000/9999", "1582-10", "2024-02-29",
	})
	serviceKeys = rapid.StringMatching(`99[0-9]{12}`)
	decimals    = rapid.SampledFrom([]string{
		"0", "-0", "0.0", "1.10", "-0.5", "75000", "12345678901234567890.10", "0.0000000000000000000001", "-99999999999999999999", "0.0000000000000000000000000001",
		strings.Repeat("9", 30), strings.Repeat("9", 400), "9007199254740993", "100", "42", "7",
	})
	integers = rapid.SampledFrom([]string{"0", "1", "-1", "8", "78", "99999999999999999999", "-9223372036854775809"})
	locators = rapid.SampledFrom([]string{"1", "8.2 (1) c", "TOP 4", "Anlage 2, Folie 8", "2, »<b>&amp;\u2028«", "Vorwort", "4, Abbildung 7"})
	urls     = rapid.SampledFrom([]string{"", "https://example.org/", "https://example.org/a?b=c&d=%22#e", "http://ä.example/ö", "https://example.org/" + strings.Repeat("x", 2000)})
)

// published is a text that editors may write: no control characters, and nothing
// invisible at its ends.
func published(t *rapid.T, name string) string {
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, texts.Draw(t, name))
	return strings.TrimSpace(text)
}

// newEdition generates a data package that is mostly valid.
func newEdition(t *rapid.T, codes [][]string) *edition {
	e := &edition{tables: map[string][][]string{}}
	e.manifest = dataset.Manifest{
		Name: "zielstand", Title: published(t, "title") + ".", Description: published(t, "description"), Version: "2024.01.0", Created: "2024-01-31T12:00:00Z",
		Notes: published(t, "notes"), Profile: "tabular-data-package",
	}
	for _, d := range edited {
		if d == dataset.Codelists {
			e.tables[d.ID] = slices.Clone(codes)
		}
		largest := 6
		switch d {
		case dataset.Observations, dataset.OZGServiceCounts:
			largest = 25
		case dataset.Contradictions, dataset.Withdrawn:
			largest = 2
		}
		for range rapid.IntRange(0, largest).Draw(t, d.ID) {
			if row := e.row(t, d); row != nil {
				e.tables[d.ID] = append(e.tables[d.ID], row)
			}
		}
	}
	return e
}

// row makes up a row; it is nil if it would have to refer to a row and there is
// none.
func (e *edition) row(t *rapid.T, d *dataset.Dataset) []string {
	var row []string
	for _, c := range d.Edited() {
		cell := e.cell(t, d, c)
		if cell == "" && c.Required {
			return nil
		}
		row = append(row, cell)
	}
	if d == dataset.Codelists {
		row[0] = row[1] + "." + row[2]
	}
	return row
}

func (e *edition) cell(t *rapid.T, d *dataset.Dataset, c dataset.Column) string {
	draw := func(g *rapid.Generator[string]) string { return g.Draw(t, d.ID+"."+c.Name) }
	if !c.Required && rapid.IntRange(0, 3).Draw(t, "empty") == 0 {
		return ""
	}
	if d == dataset.Areas && slices.Contains([]string{"ars", "validTo", "successor"}, c.Name) {
		return "" // they have to go with other cells
	}
	if d == dataset.Services && c.Name == "id" {
		return draw(serviceKeys)
	}
	switch c.Type {
	case dataset.Identifier:
		return draw(identifiers)
	case dataset.Reference:
		return e.pick(t, c.Of)
	case dataset.Code:
		return e.code(t, c.Of)
	case dataset.Period:
		return draw(periods)
	case dataset.Date:
		return draw(rapid.SampledFrom([]string{"2023-12-01", "0001-01-01", "9999-12-31"}))
	case dataset.Decimal:
		return draw(decimals)
	case dataset.Integer:
		return draw(integers)
	case dataset.Boolean:
		return draw(rapid.SampledFrom([]string{"true", "false"}))
	case dataset.List:
		if dataset.ByID(c.Of) != nil {
			return e.pick(t, c.Of)
		}
		if c.Of != "" {
			return e.code(t, c.Of)
		}
		ids := []string{e.pick(t, "observations"), e.pick(t, "goals"), e.pick(t, "ozg-service-counts")}
		return strings.Join(slices.DeleteFunc(ids, func(id string) bool { return id == "" }), " ")
	}
	switch c.Name {
	case "locator":
		return draw(locators)
	case "url", "uri":
		return draw(urls)
	case "dataset":
		return draw(rapid.SampledFrom([]string{"goals", "observations", "areas"}))
	}
	return published(t, d.ID+"."+c.Name)
}

// pick returns the identifier of a row, or nothing.
func (e *edition) pick(t *rapid.T, id string) string {
	rows := e.tables[id]
	if len(rows) == 0 {
		return ""
	}
	return rows[rapid.IntRange(0, len(rows)-1).Draw(t, id)][0]
}

func (e *edition) code(t *rapid.T, list string) string {
	var codes []string
	for _, row := range e.tables["codelists"] {
		if list == "codelist" {
			codes = append(codes, row[1])
		} else if row[1] == list {
			codes = append(codes, row[2])
		}
	}
	return rapid.SampledFrom(codes).Draw(t, list)
}

// files are the files of the package.
func (e *edition) files(t testing.TB) fstest.MapFS {
	t.Helper()
	e.manifest.Resources = nil
	pkg := fstest.MapFS{}
	for _, d := range dataset.All {
		if d.Computed {
			continue
		}
		e.manifest.Resources = append(e.manifest.Resources, dataset.Describe(d))
		var header []string
		for _, c := range d.Edited() {
			header = append(header, c.Name)
		}
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(append([][]string{header}, e.tables[d.ID]...)); err != nil {
			t.Fatal(err)
		}
		pkg[d.ID+".csv"] = &fstest.MapFile{Data: b.Bytes(), Mode: 0o644}
	}
	manifest, err := json.Marshal(e.manifest)
	if err != nil {
		t.Fatal(err)
	}
	pkg[dataset.ManifestName] = &fstest.MapFile{Data: manifest, Mode: 0o644}
	return pkg
}

// accepted takes away what check refuses, until it accepts the rest, and returns
// the package. It is nil if nothing helps.
func (e *edition) accepted(t testing.TB) fstest.MapFS {
	t.Helper()
	for range 30 {
		pkg := e.files(t)
		_, err := ingest.Read(pkg)
		if err == nil {
			return pkg
		}
		var findings ingest.Findings
		if !errors.As(err, &findings) {
			t.Fatal(err)
		}
		refused := map[string][]int{}
		for _, f := range findings {
			id := strings.TrimSuffix(f.File, ".csv")
			switch {
			case f.File == dataset.ManifestName:
				e.manifest.Title, e.manifest.Description, e.manifest.Notes = "Titel", "", ""
			case f.Row < 2:
				t.Fatalf("the file is refused: %s", f)
			case e.mend(id, f):
			default:
				refused[id] = append(refused[id], f.Row-2)
			}
		}
		for id, rows := range refused {
			i := -1
			e.tables[id] = slices.DeleteFunc(e.tables[id], func([]string) bool { i++; return slices.Contains(rows, i) })
		}
	}
	return nil
}

// mend replaces a cell that is refused by a plain one, but no identifier.
func (e *edition) mend(id string, f ingest.Finding) bool {
	columns := dataset.ByID(id).Edited()
	i := slices.IndexFunc(columns, func(c dataset.Column) bool { return c.Name == f.Column && c.Type != dataset.Identifier })
	if i < 0 || f.Row-2 >= len(e.tables[id]) {
		return false
	}
	cell, c := &e.tables[id][f.Row-2][i], columns[i]
	if c.Type != dataset.String {
		plain := map[dataset.Type]string{dataset.Period: "2021", dataset.Decimal: "42", dataset.Integer: "7"}[c.Type]
		if rows := e.tables[c.Of]; c.Type == dataset.Reference && len(rows) > 0 {
			plain = rows[0][0]
		}
		if *cell == plain || plain == "" && c.Required {
			return false
		}
		*cell = plain
		return true
	}
	plain := map[string]string{"url": "https://example.org/", "address": "https://example.org/", "locator": "1", "dataset": "goals"}[f.Column]
	if plain == "" {
		plain = "Text"
	}
	if *cell == plain {
		return false
	}
	*cell = plain
	return true
}

// later is the next release: other texts in some rows, and more rows.
func (e *edition) later(t *rapid.T) *edition {
	next := &edition{manifest: e.manifest, tables: map[string][][]string{}}
	next.manifest.Version, next.manifest.Created, next.manifest.Notes = "2024.02.0", "2024-02-29T12:00:00Z", published(t, "notes")
	for id, rows := range e.tables {
		for _, row := range rows {
			next.tables[id] = append(next.tables[id], slices.Clone(row))
		}
	}
	for _, d := range []*dataset.Dataset{dataset.Goals, dataset.Observations, dataset.Areas} {
		if rows := next.tables[d.ID]; len(rows) > 0 {
			column := slices.IndexFunc(d.Edited(), func(c dataset.Column) bool { return c.Name == "title" || c.Name == "note" })
			if text := published(t, "changed"); text != "" {
				rows[0][column] = text
			}
		}
		if row := next.row(t, d); row != nil && !next.withdrawn(d, row[0]) {
			next.tables[d.ID] = append(next.tables[d.ID], row)
		}
	}
	return next
}

// withdrawn reports whether an identifier of the dataset must not be used again.
func (e *edition) withdrawn(d *dataset.Dataset, id string) bool {
	of := dataset.Withdrawn.Column("dataset")
	return slices.ContainsFunc(e.tables[dataset.Withdrawn.ID], func(row []string) bool { return row[0] == id && row[of] == d.ID })
}

// baseCodes are the codelists that the program's own words refer to.
func baseCodes(t testing.TB) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(storetest.Package(t)["codelists.csv"].Data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// String shows the package in a failure.
func (e *edition) String() string {
	return fmt.Sprintf("%.200q, notes %.200q, %d observations", e.manifest.Title, e.manifest.Notes, len(e.tables["observations"]))
}
