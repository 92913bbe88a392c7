// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/storetest"
)

// csvw is the part of CSVW metadata that a reader of a file needs.
type csvw struct {
	Context     []any   `json:"@context"`
	ID          string  `json:"@id"`
	URL         string  `json:"url"`
	Title       []words `json:"dc:title"`
	Description []words `json:"dc:description"`
	License     struct {
		ID string `json:"@id"`
	} `json:"dc:license"`
	Dialect struct {
		Delimiter, Encoding string
		Header              bool
		LineTerminators     []string
	}
	TableSchema struct {
		PrimaryKey, AboutURL string
		Columns              []struct {
			Name, Separator string
			Datatype        datatype
			Required        bool
			Titles          map[string][]string
			Description     []words `json:"dc:description"`
		}
	}
}

// datatype is a type with the format of its cells (Metadata Vocabulary for
// Tabular Data, 5.11.2); a name alone stands for a type without a format.
type datatype struct {
	base, pattern, decimalChar string
}

// UnmarshalJSON reads both forms.
func (d *datatype) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &d.base) == nil {
		return nil
	}
	var whole struct {
		Base   string
		Format json.RawMessage
	}
	if err := json.Unmarshal(b, &whole); err != nil {
		return err
	}
	d.base = whole.Base
	if json.Unmarshal(whole.Format, &d.pattern) == nil {
		return nil
	}
	return json.Unmarshal(whole.Format, &struct{ DecimalChar *string }{&d.decimalChar})
}

// accepts reports whether a cell is of the type.
func (d datatype) accepts(cell string) bool {
	if d.decimalChar != "" {
		if strings.Contains(cell, ".") {
			return false
		}
		cell = strings.Replace(cell, d.decimalChar, ".", 1)
	}
	form := datatypes[d.base]
	return form != nil && form.MatchString(cell) && (d.pattern == "" || regexp.MustCompile(d.pattern).MatchString(cell))
}

// words is a text in a language as the value of a common property (Metadata Vocabulary
// for Tabular Data, 5.8). Objects by language are rejected.
type words struct {
	Value    string `json:"@value"`
	Language string `json:"@language"`
}

var (
	describedBy = regexp.MustCompile(`<([^>]+)>; rel="describedby"; type="application/csvm\+json"`)
	// columnName is what a name may be (6.3: as a variable of a URI template).
	columnName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)
	datatypes  = map[string]*regexp.Regexp{
		"string":  regexp.MustCompile(`(?s)^.*$`),
		"decimal": regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`),
		"integer": regexp.MustCompile(`^[+-]?[0-9]+$`),
		"boolean": regexp.MustCompile(`^(true|false)$`),
		"date":    regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`),
	}
)

// TestCSVW finds the description of each CSV by its link and reads the file by
// it: separators, columns and every cell.
func TestCSVW(t *testing.T) {
	t.Parallel()
	p := reading(t)
	for _, d := range dataset.All {
		for _, query := range []string{"", "?dialect=excel-de"} {
			file := publicURL + "/v1/releases/" + storetest.Release + "/" + d.ID + ".csv" + query
			a := p.get(t, file)
			found := describedBy.FindStringSubmatch(strings.Join(a.header.Values("Link"), ", "))
			if found == nil {
				t.Errorf("%s: no link to a description: %v", file, a.header.Values("Link"))
				continue
			}
			checkCSV(t, p, file, a.body, found[1])
		}
	}
	for _, address := range []string{"/v1/goals.csv?limit=1", "/v1/observations.csv?layout=wide", "/v1/goals.csv?fields=id&dialect=excel-de", "/v1/goals.xlsx"} {
		a := p.get(t, publicURL+address)
		if link := strings.Join(a.header.Values("Link"), ", "); a.status != http.StatusOK || strings.Contains(link, "describedby") {
			t.Errorf("%s is described as what it is not: %s", address, link)
		}
	}
	if a := p.get(t, publicURL+"/v1/releases/"+storetest.Release+"/goals.csv-metadata.json?dialect=excel"); a.status != http.StatusBadRequest || !strings.Contains(a.body, "excel-de") {
		t.Errorf("an unknown dialect: %d %s", a.status, a.body)
	}
}

// checkCSV compares a file with its description.
func checkCSV(t *testing.T, p *program, file, body, description string) {
	t.Helper()
	m := p.get(t, description)
	var meta csvw
	if err := json.Unmarshal([]byte(m.body), &meta); err != nil {
		t.Fatalf("%s: %v", description, err)
	}
	if m.header.Get("Content-Type") != "application/csvm+json" || meta.URL != file || meta.ID != description || meta.Context[0] != "http://www.w3.org/ns/csvw" {
		t.Errorf("%s: %s, of %s, context %v", description, m.header.Get("Content-Type"), meta.URL, meta.Context)
	}
	if meta.Dialect.Encoding != "utf-8" || !meta.Dialect.Header || !slices.Equal(meta.Dialect.LineTerminators, []string{"\r\n"}) {
		t.Errorf("%s: dialect %+v", file, meta.Dialect)
	}
	if strings.Count(body, "\r\n") != strings.Count(body, "\n") {
		t.Errorf("%s: lines that do not end as the dialect says", file)
	}
	if len(meta.Title) != 2 || len(meta.Description) != 2 || meta.Title[0].Language != "de" || meta.License.ID == "" {
		t.Errorf("%s: title %v, description %v, licence %s", file, meta.Title, meta.Description, meta.License.ID)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))) // a mark is part of the encoding
	r.Comma = rune(meta.Dialect.Delimiter[0])
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var names []string
	for i, c := range meta.TableSchema.Columns {
		names = append(names, c.Name)
		if !columnName.MatchString(c.Name) || !slices.Contains(c.Titles["und"], c.Name) || len(c.Description) != 2 {
			t.Errorf("%s: column %+v", file, c)
			continue
		}
		for _, row := range rows[1:] {
			if cell := row[i]; cell == "" && c.Required || cell != "" && !c.Datatype.accepts(cell) {
				t.Errorf("%s: %s: %q is not a valid %+v, or is empty although required", file, c.Name, cell, c.Datatype)
			}
		}
	}
	if diff := cmp.Diff(rows[0], names); diff != "" {
		t.Errorf("%s: columns (-file +description)\n%s", file, diff)
	}
	unique(t, file, rows, slices.Index(names, meta.TableSchema.PrimaryKey))
}

// TestConformsTo validates the file of every distribution against the schema that the
// catalogue names. Workbooks and Parquet files have none.
func TestConformsTo(t *testing.T) {
	t.Parallel()
	p := reading(t)
	g := p.catalog(t)
	description, err := openapi3.NewLoader().LoadFromData([]byte(p.get(t, publicURL+"/v1/openapi.json").body))
	if err != nil {
		t.Fatal(err)
	}
	for name, schema := range description.Components.Schemas {
		if strings.HasSuffix(name, "Code") || strings.HasSuffix(name, "CodeOrNone") {
			schema.Value.Enum = nil // the codes of the embedded data; the package of this test has others
		}
	}
	for _, d := range catalog.Catalogued() {
		distributions := g.Objects(rdf.IRI(iri(d.ID)), term("dcat:distribution"))
		if len(distributions) != len(encode.Formats)+1 {
			t.Errorf("%s has %d distributions, want one for each of %d formats and the interface", d.ID, len(distributions), len(encode.Formats))
		}
		for _, node := range distributions {
			if len(g.Objects(node, term("dcat:accessService"))) > 0 {
				continue
			}
			file := value(t, g, node, "dcat:downloadURL")
			if schemas := g.Objects(node, term("dct:conformsTo")); strings.HasSuffix(file, ".xlsx") || strings.HasSuffix(file, ".parquet") {
				if len(schemas) != 0 {
					t.Errorf("%s conforms to %v", file, schemas)
				}
				continue
			}
			schema, body := value(t, g, node, "dct:conformsTo"), p.found(t, file)
			if strings.HasSuffix(file, ".json") {
				name, ok := strings.CutPrefix(schema, publicURL+"/v1/openapi.json#/components/schemas/")
				if !ok || name != d.SchemaName()+"Collection" {
					t.Errorf("%s conforms to %s", file, schema)
					continue
				}
				checkJSON(t, description, name, body)
				continue
			}
			if strings.HasSuffix(file, ".ndjson") {
				name := strings.TrimPrefix(schema, publicURL+"/v1/openapi.json#/components/schemas/")
				if name != d.SchemaName() {
					t.Errorf("%s conforms to %s", file, schema)
				}
				for line := range strings.Lines(body) {
					checkJSON(t, description, name, line)
				}
				continue
			}
			checkCSV(t, p, file, body, schema)
		}
	}
}

// checkJSON validates a document against a schema of the OpenAPI description.
func checkJSON(t *testing.T, description *openapi3.T, name, body string) {
	t.Helper()
	schema := description.Components.Schemas[name]
	if schema == nil {
		t.Fatalf("the description has no schema %s", name)
	}
	var content any
	if err := json.Unmarshal([]byte(body), &content); err != nil {
		t.Fatal(err)
	}
	if err := schema.Value.VisitJSON(content, openapi3.MultiErrors()); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// unique checks that no key occurs twice.
func unique(t *testing.T, name string, rows [][]string, column int) {
	t.Helper()
	if column < 0 {
		t.Errorf("%s: the primary key is not a column", name)
		return
	}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		if seen[row[column]] {
			t.Errorf("%s: the key %s twice", name, row[column])
		}
		seen[row[column]] = true
	}
}

// TestDataPackage compares datapackage.json with the files: sizes, checksums,
// columns and foreign keys.
func TestDataPackage(t *testing.T) {
	t.Parallel()
	p := reading(t)
	base := publicURL + "/v1/releases/" + storetest.Release + "/"
	var pkg struct {
		Profile, Version string
		Licenses         []map[string]string
		Resources        []struct {
			Name, Path, Profile, Hash, MediaType, Encoding string
			Bytes                                          int
			Schema                                         struct {
				PrimaryKey  string
				Fields      []struct{ Name, Type string }
				ForeignKeys []struct {
					Fields    string
					Reference struct{ Resource, Fields string }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(p.found(t, base+"datapackage.json")), &pkg); err != nil {
		t.Fatal(err)
	}
	if pkg.Version != storetest.Release || len(pkg.Resources) != len(dataset.All) || pkg.Profile != "tabular-data-package" {
		t.Errorf("version %s, %d resources, profile %s", pkg.Version, len(pkg.Resources), pkg.Profile)
	}
	for _, licence := range pkg.Licenses {
		if licence["path"] == "" || licence["name"] != "" {
			t.Errorf("licence %v: a name is an identifier of the Open Definition, of which there is none for ours", licence)
		}
	}
	keys := map[string]map[string]bool{}
	tables := map[string][][]string{}
	for _, r := range pkg.Resources {
		body := p.found(t, base+r.Path)
		sum := sha256.Sum256([]byte(body))
		if r.Bytes != len(body) || r.Hash != "sha256:"+hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %d bytes with %x, the package says %d with %s", r.Path, len(body), sum, r.Bytes, r.Hash)
		}
		rows := records(t, body)
		var names []string
		for _, f := range r.Schema.Fields {
			names = append(names, f.Name)
		}
		if diff := cmp.Diff(rows[0], names); diff != "" {
			t.Errorf("%s: columns (-file +schema)\n%s", r.Path, diff)
		}
		tables[r.Name], keys[r.Name] = rows, map[string]bool{"": true}
		for _, row := range rows[1:] {
			keys[r.Name][row[slices.Index(names, r.Schema.PrimaryKey)]] = true
		}
	}
	for _, r := range pkg.Resources {
		for _, k := range r.Schema.ForeignKeys {
			column := slices.Index(tables[r.Name][0], k.Fields)
			target := k.Reference.Resource
			if target == "" {
				target = r.Name // as Table Schema writes a reference to the same file
			}
			for _, row := range tables[r.Name][1:] {
				if !keys[target][row[column]] {
					t.Errorf("%s", fmt.Sprintf("%s: %s %q is not a row of %s", r.Name, k.Fields, row[column], target))
				}
			}
		}
	}
}
