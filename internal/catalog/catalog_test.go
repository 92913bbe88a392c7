// SPDX-License-Identifier: EUPL-1.2

package catalog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/dcatcheck"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
	"github.com/zielstand/zielstand/internal/representation"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// settings are the settings of an office that sets everything.
var settings = catalog.Settings{
	Settings: representation.Settings{
		PublicURL: "https://daten.example", License: "http://dcat-ap.de/def/licenses/dl-by-de/2.0", Attribution: "Amt, Daten",
	},
	Publisher:      catalog.Publisher{URI: "https://amt.example/#amt", Name: "Amt", Homepage: "https://amt.example/", Type: "RegionalAuthority"},
	Contact:        catalog.Contact{Name: "Referat", Email: "daten@amt.example", URL: "https://amt.example/kontakt"},
	ContributorID:  "http://dcat-ap.de/def/contributors/openNRW",
	CatalogLicense: "http://dcat-ap.de/def/licenses/cc-zero", Availability: "STABLE", Frequency: "QUARTERLY",
}

var (
	first  = time.Date(2024, 1, 31, 12, 0, 0, 0, time.UTC)
	second = time.Date(2024, 2, 28, 13, 0, 0, 0, time.FixedZone("", 3600))
)

// release has two datasets with an entry and one without.
func release() *domain.Release {
	return &domain.Release{ID: "2024.02.0", Title: "Zweite", Published: second, Notes: "Ein \"Hinweis\".\nIn zwei Zeilen.", Datasets: []domain.ReleaseDataset{
		{ID: "areas", Rows: 1, Issued: first, Modified: first},
		{ID: "goals", Rows: 2, Issued: first, Modified: second},
		{ID: "indicators", Rows: 3, Issued: first, Modified: first},
	}}
}

// entries describe two of them, with made-up files.
func entries(r *domain.Release) []catalog.Entry {
	var all []catalog.Entry
	for _, d := range []*dataset.Dataset{dataset.Goals, dataset.Indicators} {
		e := catalog.Entry{Dataset: d, English: true}
		e.Part, _ = r.Dataset(d.ID)
		if d == dataset.Goals {
			e.First, e.Last = "2021-01-01", "2025-12-31"
		}
		for i, name := range []string{"json", "csv"} {
			f, _ := encode.Find(name, "")
			e.Files = append(e.Files, catalog.File{
				Format: f, Address: "https://daten.example/v1/releases/" + r.ID + "/" + d.ID + "." + name,
				Size: int64(1000 + i), SHA256: strings.Repeat("0a", 32), Schema: "https://daten.example/schema",
			})
		}
		all = append(all, e)
	}
	return all
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s; -update rewrites it (-want +got)\n%s", name, diff)
	}
}

func written(t *testing.T, format string, g *rdf.Graph) []byte {
	t.Helper()
	f, _ := rdf.LookupFormat(format)
	var b bytes.Buffer
	if err := f.Write(&b, g, catalog.Prefixes); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGraph(t *testing.T) {
	t.Parallel()
	r := release()
	g, err := catalog.Graph(settings, r, entries(r))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "catalog.ttl", written(t, "turtle", g))
	if report := dcatcheck.Graph(g); len(report.Groups) > 0 {
		t.Errorf("a harvester objects: %v", report.Findings())
	}
}

// TestFormatsOfService checks that the service has all formats of the datasets.
func TestFormatsOfService(t *testing.T) {
	t.Parallel()
	r := release()
	g, err := catalog.Graph(settings, r, entries(r))
	if err != nil {
		t.Fatal(err)
	}
	service := rdf.IRI(settings.PublicURL + "/v1#service")
	for _, f := range encode.Formats {
		if !g.Has(service, rdf.IRI(catalog.Prefixes["dct"]+"format"), rdf.IRI("http://publications.europa.eu/resource/authority/file-type/"+f.FileType)) {
			t.Errorf("the service has no format %s", f.FileType)
		}
		for _, o := range g.Objects(service, rdf.IRI(catalog.Prefixes["dct"]+"description")) {
			if !strings.Contains(o.Text(), strings.ToUpper(f.Name)) {
				t.Errorf("the description does not name %s: %s", f.Name, o)
			}
		}
	}
}

// TestKeywords expects every keyword in German and in English. CKAN turns both into tags.
func TestKeywords(t *testing.T) {
	t.Parallel()
	r := release()
	g, err := catalog.Graph(settings, r, entries(r))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries(r) {
		languages := map[string]int{}
		for _, o := range g.Objects(rdf.IRI(settings.DatasetIRI(e.Dataset.ID)), rdf.IRI(catalog.Prefixes["dcat"]+"keyword")) {
			languages[o.Language()]++
		}
		if n := len(e.Dataset.Keywords); languages["de"] != n || languages["en"] != n || len(languages) != 2 {
			t.Errorf("%s: %v keywords, want %d in each language", e.Dataset.ID, languages, n)
		}
	}
}

// TestSettings expects no findings for any settings of an operator.
func TestSettings(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*catalog.Settings){
		"publisher of the catalogue's own": func(s *catalog.Settings) { s.Publisher.URI, s.Publisher.Homepage = "", "" },
		"mail only":                        func(s *catalog.Settings) { s.Contact.URL = "" },
		"form only":                        func(s *catalog.Settings) { s.Contact.Email = "" },
		"licence without attribution":      func(s *catalog.Settings) { s.License = s.CatalogLicense },
		"under a path":                     func(s *catalog.Settings) { s.PublicURL = "https://daten.example/ziel/stand" },
		"name with quotes and ampersand":   func(s *catalog.Settings) { s.Publisher.Name, s.Attribution = `Amt "A & B" <C>`, "a ]]> b" },
		"form with a query":                func(s *catalog.Settings) { s.Contact.URL = "https://amt.example/kontakt?thema=daten" },
		"the catalogue as homepage":        func(s *catalog.Settings) { s.Publisher.Homepage = s.PublicURL + "/" },
	} {
		s := settings
		change(&s)
		r := release()
		g, err := catalog.Graph(s, r, entries(r))
		if err != nil {
			t.Fatal(err)
		}
		want := written(t, "ntriples", g)
		if report := dcatcheck.Graph(g); len(report.Groups) > 0 {
			t.Errorf("%s: %v", name, report.Findings())
		}
		for _, f := range rdf.Formats() {
			t.Run(name+", "+f.Name, func(t *testing.T) {
				got := rdftest.Read(t, f.Name, written(t, f.Name, g), settings.PublicURL+"/")
				if !bytes.Equal(written(t, "ntriples", got), want) {
					t.Errorf("other triples are read")
				}
			})
		}
	}
}

// TestOrderDoesNotMatter: the same entries in another order are the same bytes.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	r := release()
	all := entries(r)
	a, _ := catalog.Graph(settings, r, all)
	b, err := catalog.Graph(settings, r, []catalog.Entry{all[1], all[0]})
	if err != nil || !bytes.Equal(written(t, "jsonld", a), written(t, "jsonld", b)) {
		t.Errorf("the bytes depend on the order (%v)", err)
	}
}

// TestComplete checks that a catalogue with fewer datasets than the release is not built,
// neither in DCAT nor in schema.org.
func TestComplete(t *testing.T) {
	t.Parallel()
	r := release()
	all := entries(r)
	bare := entries(r)
	bare[1].Files = nil
	for name, some := range map[string][]catalog.Entry{
		"none": nil, "the first only": all[:1], "the second only": all[1:], "one without files": bare,
	} {
		if g, err := catalog.Graph(settings, r, some); !errors.Is(err, domain.ErrUnavailable) || g != nil {
			t.Errorf("%s: %v", name, err)
		}
		if g, err := catalog.SchemaOrg(settings, r, some); !errors.Is(err, domain.ErrUnavailable) || g != nil {
			t.Errorf("%s, schema.org: %v", name, err)
		}
	}
	if g, err := catalog.Graph(settings, &domain.Release{ID: "2024.01.0"}, nil); !errors.Is(err, domain.ErrUnavailable) || g != nil {
		t.Errorf("a release without datasets: %v", err)
	}
	r.Datasets = append(r.Datasets, domain.ReleaseDataset{ID: "colours", Rows: 1})
	if g, err := catalog.Graph(settings, r, all); !errors.Is(err, domain.ErrUnavailable) || g != nil {
		t.Errorf("a dataset that is not known: %v", err)
	}
}

// TestUnlisted checks that the catalogue lists neither a dataset that the release does
// not have nor one without an entry.
func TestUnlisted(t *testing.T) {
	t.Parallel()
	r := release()
	r.Datasets = r.Datasets[:2]
	g, err := catalog.Graph(settings, r, entries(r)[:1])
	if err != nil {
		t.Fatal(err)
	}
	listed := g.Objects(rdf.Term{}, rdf.IRI(catalog.Prefixes["dcat"]+"dataset"))
	if want := []rdf.Term{rdf.IRI(settings.DatasetIRI("goals"))}; !cmp.Equal(want, listed, cmp.AllowUnexported(rdf.Term{})) {
		t.Errorf("listed: %v", listed)
	}
	if text := string(written(t, "turtle", g)); strings.Contains(text, "indicators>") || strings.Contains(text, "areas") {
		t.Errorf("the catalogue mentions a dataset that is not listed:\n%s", text)
	}
}

// TestDatasetGraph checks that the description of a dataset is a part of the catalogue.
func TestDatasetGraph(t *testing.T) {
	t.Parallel()
	r := release()
	whole, _ := catalog.Graph(settings, r, entries(r))
	part, err := catalog.DatasetGraph(settings, r, entries(r)[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, triple := range part.Triples() {
		if !whole.Has(triple.Subject, triple.Predicate, triple.Object) {
			t.Errorf("not in the catalogue: %s", triple)
		}
	}
	report := dcatcheck.Graph(part)
	if len(report.Groups) > 0 || report.Datasets != 1 {
		t.Errorf("%d datasets: %v", report.Datasets, report.Findings())
	}
}

// TestNotWritable checks that what cannot be written as an IRI is refused, not repaired.
func TestNotWritable(t *testing.T) {
	t.Parallel()
	s := settings
	s.Contact.Email = "a b@amt.example"
	r := release()
	if _, err := catalog.Graph(s, r, entries(r)); err == nil || !strings.Contains(err.Error(), "mailto:a b@amt.example") {
		t.Errorf("error: %v", err)
	}
}

func TestSchemaOrg(t *testing.T) {
	t.Parallel()
	r := release()
	g, err := catalog.SchemaOrg(settings, r, entries(r))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "schema.jsonld", written(t, "jsonld", g))
}

func TestTableMetadata(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*dataset.Dataset{"areas": dataset.Areas, "observations": dataset.Observations} {
		for _, dialect := range []string{"", "excel-de"} {
			f, _ := encode.Find("csv", dialect)
			file := "https://daten.example/" + name + ".csv"
			m := catalog.TableMetadata(settings, d, f, file, file+"-metadata.json")
			golden(t, strings.TrimSuffix(name+"-"+dialect, "-")+".csv-metadata.json", indented(t, m))
		}
	}
}

// TestTableMetadataOfLists separates the entries of lists in plain CSV. In formulas they
// cannot be separated.
func TestTableMetadataOfLists(t *testing.T) {
	t.Parallel()
	for dialect, want := range map[string]string{"": " ", "excel-de": ""} {
		f, _ := encode.Find("csv", dialect)
		m := catalog.TableMetadata(settings, dataset.Goals, f, "https://daten.example/goals.csv", "https://daten.example/goals.csv-metadata.json")
		for _, name := range []string{"themes", "relatedGoals"} {
			if c := m.Schema.Columns[dataset.Goals.Column(name)]; c.Name != name || c.Separator != want || c.Datatype.Base != "string" {
				t.Errorf("dialect %q: %s is described as %+v", dialect, name, c)
			}
		}
	}
}

func TestDataPackage(t *testing.T) {
	t.Parallel()
	csv, _ := encode.Find("csv", "")
	files := []catalog.PackageFile{{Dataset: dataset.Areas, File: catalog.File{Format: csv, Size: 7, SHA256: "0a"}}}
	golden(t, "datapackage.json", indented(t, catalog.DataPackage(settings, release(), files)))
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}
