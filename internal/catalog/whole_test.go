// SPDX-License-Identifier: EUPL-1.2

package catalog_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/dcatcheck"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestWhole checks that both databases, and two services with folders of their own, give
// the same bytes.
func TestWhole(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{}
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		for range 2 {
			documents, _ := service(t, s)
			for _, f := range catalog.WholeFormats {
				name := catalog.WholeName(f)
				rep, err := documents.Whole(t.Context(), r, name)
				if err != nil {
					t.Fatal(err)
				}
				if !rep.Immutable || rep.Length != int64(len(rep.Body)) || rep.Header.Get("Content-Type") != f.ContentType {
					t.Errorf("%s: %+v", name, rep)
				}
				if known, ok := files[name]; ok && !bytes.Equal(known, rep.Body) {
					t.Errorf("%s has other bytes", name)
				}
				files[name] = rep.Body
			}
			if _, err := documents.Whole(t.Context(), r, "zielstand.tar"); !errors.Is(err, domain.ErrNotFound) {
				t.Errorf("zielstand.tar: error %v", err)
			}
		}
	})
}

// TestPackageFiles reads the archive: the description names the files with their sizes
// and checksums, and the files are those that are served.
func TestPackageFiles(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	documents, responses := service(t, s)
	rep, err := documents.Whole(t.Context(), r, "zielstand.zip")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(rep.Body), rep.Length)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range archive.File {
		if !f.Modified.Equal(r.Published) {
			t.Errorf("%s is of %s, the release of %s", f.Name, f.Modified, r.Published)
		}
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(content); err != nil {
			t.Fatal(err)
		}
	}
	var description struct {
		Resources []struct {
			Path, Hash string
			Bytes      int
		}
	}
	if err := json.Unmarshal(files["datapackage.json"], &description); err != nil {
		t.Fatal(err)
	}
	if len(files) != len(description.Resources)+2 {
		t.Errorf("%d files, %d of them described", len(files), len(description.Resources))
	}
	csv, _ := encode.Find("csv", "")
	for _, resource := range description.Resources {
		d := dataset.ByID(strings.TrimSuffix(resource.Path, ".csv"))
		served, err := responses.Rows(t.Context(), representation.Request{Release: r, Query: dataset.Query{Dataset: d}, Format: csv, File: true}, representation.Identity)
		if err != nil {
			t.Fatal(err)
		}
		if content := files[resource.Path]; !bytes.Equal(content, served.Body) || len(content) != resource.Bytes || resource.Hash != "sha256:"+served.SHA256 {
			t.Errorf("%s is not the file that is served and described", resource.Path)
		}
	}
	license := string(files["LICENSE.txt"])
	for _, part := range []string{dataset.LicenseTitle(settings.License).DE, settings.License, settings.Attribution, r.ID, "Bezeichnung des Bereitstellers"} {
		if !strings.Contains(license, part) {
			t.Errorf("the licence lacks %q:\n%s", part, license)
		}
	}
}

// TestIdentifierBase keeps identifiers when the address changes.
func TestIdentifierBase(t *testing.T) {
	t.Parallel()
	r, moved := release(), settings
	moved.PublicURL, moved.IdentifierBase = "https://neu.example", settings.PublicURL
	g, err := catalog.Graph(moved, r, entries(r))
	if err != nil {
		t.Fatal(err)
	}
	node := rdf.IRI(settings.DatasetIRI("goals"))
	if got := g.Objects(node, rdf.IRI(catalog.Prefixes["dct"]+"identifier")); len(got) != 1 || got[0].Text() != settings.DatasetIRI("goals") {
		t.Errorf("dct:identifier is %v", got)
	}
	if got := g.Objects(node, rdf.IRI(catalog.Prefixes["dcat"]+"landingPage")); len(got) != 1 || got[0].Text() != "https://neu.example/datasets/goals" {
		t.Errorf("dcat:landingPage is %v", got)
	}
	for _, triple := range g.Triples() {
		standard := g.Has(triple.Subject, rdf.Type, rdf.IRI(catalog.Prefixes["dct"]+"Standard")) // the address of a schema
		if strings.HasPrefix(triple.Subject.Text(), moved.PublicURL+"/") && !standard {
			t.Errorf("an IRI has the new address: %s", triple)
		}
	}
	for _, name := range []string{"service", "servesDataset", "accessService"} {
		for _, o := range g.Objects(rdf.Term{}, rdf.IRI(catalog.Prefixes["dcat"]+name)) {
			if !strings.HasPrefix(o.Text(), settings.PublicURL+"/") {
				t.Errorf("dcat:%s is %s", name, o)
			}
		}
	}
}

// TestPreviousVersion links to the release that this one followed, if that is known.
func TestPreviousVersion(t *testing.T) {
	t.Parallel()
	for previous, want := range map[string]string{"": "", domain.UnknownRelease: "", "2024.01.0": settings.DatasetIRI("goals") + "?release=2024.01.0"} {
		r := release()
		r.Previous = previous
		g, err := catalog.Graph(settings, r, entries(r))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, o := range g.Objects(rdf.IRI(settings.DatasetIRI("goals")), rdf.IRI(catalog.Prefixes["dcat"]+"previousVersion")) {
			got += o.Text()
		}
		if got != want {
			t.Errorf("previous %q: dcat:previousVersion is %q, want %q", previous, got, want)
		}
		for _, finding := range dcatcheck.Graph(g).Findings() {
			if finding.Severity == dcatcheck.Violation {
				t.Errorf("previous %q: %s", previous, finding)
			}
		}
	}
}
