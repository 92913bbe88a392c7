package harvesttest

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

	"github.com/google/go-cmp/cmp"
	"github.com/zielstand/zielstand/internal/dataset"
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
			Name, Datatype, Separator string
			Required                  bool
			Titles                    map[string][]string
			Description               []words `json:"dc:description"`
		}
	}
}

// words are how common properties hold a text in a language (Metadata Vocabulary
// for Tabular Data, 5.8); an object of languages is refused there.
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
		file := publicURL + "/v1/releases/" + storetest.Release + "/" + d.ID + ".csv"
		a := p.get(t, file)
		found := describedBy.FindStringSubmatch(strings.Join(a.header.Values("Link"), ", "))
		if found == nil {
			t.Errorf("%s: no link to a description: %v", file, a.header.Values("Link"))
			continue
		}
		m := p.get(t, found[1])
		var meta csvw
		if err := json.Unmarshal([]byte(m.body), &meta); err != nil {
			t.Fatalf("%s: %v", found[1], err)
		}
		if m.header.Get("Content-Type") != "application/csvm+json" || meta.URL != file || meta.ID != found[1] || meta.Context[0] != "http://www.w3.org/ns/csvw" {
			t.Errorf("%s: %s, of %s, context %v", found[1], m.header.Get("Content-Type"), meta.URL, meta.Context)
		}
		checkTable(t, d, meta, a.body)
	}
	excel := p.get(t, publicURL+"/v1/releases/"+storetest.Release+"/goals.csv?dialect=excel-de")
	if link := strings.Join(excel.header.Values("Link"), ", "); excel.status != http.StatusOK || strings.Contains(link, "describedby") {
		t.Errorf("the dialect is described as what it is not: %s", link)
	}
}

func checkTable(t *testing.T, d *dataset.Dataset, meta csvw, body string) {
	t.Helper()
	if meta.Dialect.Delimiter != "," || meta.Dialect.Encoding != "utf-8" || !meta.Dialect.Header || !slices.Equal(meta.Dialect.LineTerminators, []string{"\r\n"}) {
		t.Errorf("%s: dialect %+v", d.ID, meta.Dialect)
	}
	if strings.Count(body, "\r\n") != strings.Count(body, "\n") {
		t.Errorf("%s: lines that do not end as the dialect says", d.ID)
	}
	if len(meta.Title) != 2 || len(meta.Description) != 2 || meta.Title[0] != (words{d.Title.DE, "de"}) || meta.License.ID == "" {
		t.Errorf("%s: title %v, description %v, licence %s", d.ID, meta.Title, meta.Description, meta.License.ID)
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", d.ID, err)
	}
	var names []string
	for i, c := range meta.TableSchema.Columns {
		names = append(names, c.Name)
		if !columnName.MatchString(c.Name) || !slices.Contains(c.Titles["und"], c.Name) || len(c.Description) != 2 || datatypes[c.Datatype] == nil {
			t.Errorf("%s: column %+v", d.ID, c)
			continue
		}
		for _, row := range rows[1:] {
			if cell := row[i]; cell == "" && c.Required || cell != "" && !datatypes[c.Datatype].MatchString(cell) {
				t.Errorf("%s: %s %q is no %s, or is required", d.ID, c.Name, cell, c.Datatype)
			}
		}
	}
	if diff := cmp.Diff(rows[0], names); diff != "" {
		t.Errorf("%s: columns (-file +description)\n%s", d.ID, diff)
	}
	unique(t, d.ID, rows, slices.Index(names, meta.TableSchema.PrimaryKey))
}

// unique wants other keys in all rows.
func unique(t *testing.T, name string, rows [][]string, column int) {
	t.Helper()
	if column < 0 {
		t.Errorf("%s: the primary key is no column", name)
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

// TestDataPackage holds datapackage.json against the files: sizes, checksums,
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
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
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
			for _, row := range tables[r.Name][1:] {
				if !keys[k.Reference.Resource][row[column]] {
					t.Errorf("%s", fmt.Sprintf("%s: %s %q is no row of %s", r.Name, k.Fields, row[column], k.Reference.Resource))
				}
			}
		}
	}
}
