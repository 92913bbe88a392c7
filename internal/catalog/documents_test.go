// SPDX-License-Identifier: EUPL-1.2

package catalog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
	releases "github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// service builds documents, with files of any size in memory.
func service(t testing.TB, s *store.Store) (*catalog.Service, *representation.Service) {
	t.Helper()
	return limitedService(t, s, representation.Limits{CacheBytes: 16 << 20, FolderBytes: 1 << 20, FileBytes: 1 << 30})
}

// limitedService is service with other limits on what is cached.
func limitedService(t testing.TB, s *store.Store, limits representation.Limits) (*catalog.Service, *representation.Service) {
	t.Helper()
	limits.Folder, limits.Streams, limits.Timeout = t.TempDir(), 1, time.Minute
	all := releases.New(s, 64<<20)
	responses, err := representation.NewService(all, settings.Settings, limits)
	if err != nil {
		t.Fatal(err)
	}
	return catalog.NewService(all, responses, settings), responses
}

// TestCatalog compares the catalogue in each format with the graph, and
// the sizes and checksums in it with the files.
func TestCatalog(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		documents, responses := service(t, s)
		graph, err := documents.CatalogGraph(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range rdf.Formats() {
			var want bytes.Buffer
			if err := f.Write(&want, graph, catalog.Prefixes); err != nil {
				t.Fatal(err)
			}
			rep, err := documents.Catalog(t.Context(), r, f, representation.Identity)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(rep.Body, want.Bytes()) {
				t.Errorf("%s differs from the graph", f.Name)
			}
			if got := rep.Header.Get("Content-Type"); !strings.HasPrefix(got, f.MediaType) {
				t.Errorf("%s has the content type %s", f.Name, got)
			}
		}
		entries, err := documents.Entries(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != len(catalog.Catalogued())+1 {
			t.Errorf("%d entries, want one for each of %d datasets and one for all", len(entries), len(catalog.Catalogued()))
		}
		for _, e := range entries {
			for _, file := range e.Files {
				get := func() (*representation.Representation, error) {
					if e.Dataset == catalog.Package {
						return documents.Whole(t.Context(), r, catalog.WholeName(file.Format))
					}
					ask := representation.Request{Release: r, Query: dataset.Query{Dataset: e.Dataset}, Format: file.Format, File: true}
					return responses.Rows(t.Context(), ask, representation.Identity)
				}
				rep, err := get()
				if err != nil {
					t.Fatal(err)
				}
				if file.Size != int64(len(rep.Body)) || file.SHA256 != rep.SHA256 || !rep.Immutable {
					t.Errorf("%s: the entry has size %d and checksum %s, the file %d and %s", file.Address, file.Size, file.SHA256, len(rep.Body), rep.SHA256)
				}
			}
		}
	})
}

// TestDatasetDocuments compares the documents about one dataset with those that
// package catalog builds for its entry.
func TestDatasetDocuments(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	documents, _ := service(t, s)
	turtle, _ := rdf.LookupFormat("turtle")
	jsonLD, _ := rdf.LookupFormat("jsonld")
	entries, err := documents.Entries(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	write := func(f rdf.Format, g *rdf.Graph, err error) []byte {
		t.Helper()
		var b bytes.Buffer
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write(&b, g, catalog.Prefixes); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	check := func(name string, want []byte, rep *representation.Representation, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(want, rep.Body) {
			t.Errorf("%s is\n%s\nwant\n%s", name, rep.Body, want)
		}
	}
	for _, e := range entries {
		g, err := catalog.DatasetGraph(settings, r, e)
		want := write(turtle, g, err)
		rep, err := documents.DatasetGraph(t.Context(), r, e.Dataset, turtle, representation.Identity)
		check(e.Dataset.ID+" as Turtle", want, rep, err)

		g, err = catalog.SchemaOrgDataset(settings, r, &e)
		want = write(jsonLD, g, err)
		rep, err = documents.SchemaOrg(t.Context(), r, e.Dataset, representation.Identity)
		check(e.Dataset.ID+" in schema.org", want, rep, err)
	}
	g, err := catalog.SchemaOrg(settings, r, entries)
	want := write(jsonLD, g, err)
	rep, err := documents.SchemaOrg(t.Context(), r, nil, representation.Identity)
	check("the catalogue in schema.org", want, rep, err)

	absent := &domain.Release{ID: r.ID, Seq: r.Seq, ContentHash: r.ContentHash}
	if _, err := documents.Entry(t.Context(), absent, dataset.Goals); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("a dataset that the release does not have: error %v", err)
	}
}

// TestLanguages checks that a dataset is in English only if a row has an English text.
func TestLanguages(t *testing.T) {
	t.Parallel()
	for _, english := range []bool{true, false} {
		pkg := storetest.Package(t)
		if !english {
			storetest.Replace(t, pkg, "services.csv", "Register a test service (invented)", "")
		}
		s := storetest.Open(t, storetest.Any(t))
		r := storetest.PublishPackage(t, s, pkg)
		documents, _ := service(t, s)
		for d, want := range map[*dataset.Dataset]bool{dataset.Services: english, dataset.Goals: true, dataset.ServiceAvailability: false, catalog.Package: true} {
			turtle, _ := rdf.LookupFormat("turtle")
			rep, err := documents.DatasetGraph(t.Context(), r, d, turtle, representation.Identity)
			if err != nil {
				t.Fatal(err)
			}
			if got := bytes.Contains(rep.Body, []byte("language/ENG>")); got != want {
				t.Errorf("%s is in English: %v, want %v", d.ID, got, want)
			}
			if rep, err = documents.Croissant(t.Context(), r, d, representation.Identity); err != nil {
				t.Fatal(err)
			}
			var croissant catalog.CroissantDocument
			if err := json.Unmarshal(rep.Body, &croissant); err != nil {
				t.Fatal(err)
			}
			if got := slices.Contains(croissant.InLanguage, "en"); got != want {
				t.Errorf("%s is in English in Croissant: %v, want %v", d.ID, got, want)
			}
		}
	}
}

// TestDescriptions reads the CSVW description of a table and the data package, whose
// sizes and checksums must match the files.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	documents, responses := service(t, s)
	csv, _ := encode.Find("csv", "")
	protected, _ := encode.Find("csv", "excel-de")
	rep, err := documents.TableMetadata(t.Context(), r, dataset.Goals, protected, representation.Identity)
	if err != nil {
		t.Fatal(err)
	}
	var metadata struct{ ID, URL string }
	if err := json.Unmarshal(bytes.ReplaceAll(rep.Body, []byte(`"@id"`), []byte(`"id"`)), &metadata); err != nil {
		t.Fatal(err)
	}
	if metadata.URL != settings.FileAddress(r, dataset.Goals, protected) || rep.Header.Get("Content-Type") != "application/csvm+json" || !rep.Immutable {
		t.Errorf("the description is about %s, as %s", metadata.URL, rep.Header.Get("Content-Type"))
	}

	rep, err = documents.DataPackage(t.Context(), r, representation.Identity)
	if err != nil {
		t.Fatal(err)
	}
	var pkg struct {
		Resources []struct {
			Name, Path, Hash string
			Bytes            int64
		}
	}
	if err := json.Unmarshal(rep.Body, &pkg); err != nil {
		t.Fatal(err)
	}
	if len(pkg.Resources) != len(r.Datasets) || len(pkg.Resources) == 0 {
		t.Errorf("%d resources for %d datasets", len(pkg.Resources), len(r.Datasets))
	}
	for _, resource := range pkg.Resources {
		ask := representation.Request{Release: r, Query: dataset.Query{Dataset: dataset.ByID(resource.Name)}, Format: csv, File: true}
		file, err := responses.Rows(t.Context(), ask, representation.Identity)
		if err != nil {
			t.Fatal(err)
		}
		if resource.Bytes != file.Length || !strings.HasSuffix(resource.Hash, file.SHA256) {
			t.Errorf("%s has %d bytes and the hash %s, the file %d and %s", resource.Path, resource.Bytes, resource.Hash, file.Length, file.SHA256)
		}
	}
}

// TestCatalogIncomplete builds nothing if a dataset of an older release is missing
// in the database: a harvester would delete it.
func TestCatalogIncomplete(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		r := storetest.Publish(t, s)
		storetest.Execute(t, databaseURL, "DELETE FROM goals")
		documents, _ := service(t, s)
		turtle, _ := rdf.LookupFormat("turtle")
		for name, build := range map[string]func() error{
			"catalogue":  func() error { _, err := documents.Catalog(t.Context(), r, turtle, representation.Gzip); return err },
			"schema.org": func() error { _, err := documents.SchemaOrg(t.Context(), r, nil, representation.Identity); return err },
			"package":    func() error { _, err := documents.DataPackage(t.Context(), r, representation.Identity); return err },
		} {
			if err := build(); !errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("%s without the rows of a dataset: error %v", name, err)
			}
		}
	})
}

// TestDescribedOnce checks that files are not built again to describe them where neither
// memory nor the cache folder has room for all.
func TestDescribedOnce(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	documents, responses := limitedService(t, s, representation.Limits{CacheBytes: 1 << 20, FolderBytes: 1, FileBytes: 1})
	built := func() uint64 { return responses.Stats().Files.Misses }
	if _, err := documents.Entries(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	before := built()
	if before == 0 {
		t.Fatal("no file was built")
	}
	if _, err := documents.Entries(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if after := built(); after != before {
		t.Errorf("describing the files again built %d", after-before)
	}
}

// TestWarm answers from memory what is asked for most, without the database.
func TestWarm(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	documents, responses := service(t, s)
	if err := documents.Warm(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	turtle, _ := rdf.LookupFormat("turtle")
	json, _ := encode.Find("json", "")
	for _, c := range representation.Codings {
		if _, err := documents.Catalog(t.Context(), r, turtle, c); err != nil {
			t.Errorf("the catalogue in the coding %q: %v", c, err)
		}
		if _, err := responses.Rows(t.Context(), representation.Request{Release: r, Query: dataset.Query{Dataset: dataset.Observations}, Format: json}, c); err != nil {
			t.Errorf("observations in the coding %q: %v", c, err)
		}
	}
}
