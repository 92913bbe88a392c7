// SPDX-License-Identifier: EUPL-1.2

package storetest

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/synthetic"
)

//go:embed testdata/package
var testdata embed.FS

// Release is the id of the release in Package.
const Release = "2024.01.0"

// Package returns a small, valid, invented data package. It is independent of the real
// data, so that golden files change only with the columns. Every call returns a copy
// that the test may change.
func Package(t testing.TB) fstest.MapFS {
	t.Helper()
	folder, err := fs.Sub(testdata, "testdata/package")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		t.Fatal(err)
	}
	pkg := fstest.MapFS{}
	for _, e := range entries {
		content, err := fs.ReadFile(folder, e.Name())
		if err != nil {
			t.Fatal(err)
		}
		pkg[e.Name()] = &fstest.MapFile{Data: content, Mode: 0o644}
	}
	manifest := pkg[dataset.ManifestName]
	if manifest.Data, err = described(manifest.Data); err != nil {
		t.Fatal(err)
	}
	return pkg
}

// described regenerates the resources of datapackage.json like “zielstand check
// --describe”.
func described(content []byte) ([]byte, error) {
	var m dataset.Manifest
	if err := json.Unmarshal(content, &m); err != nil {
		return nil, err
	}
	m.Resources = nil
	for _, d := range dataset.All {
		if !d.Computed {
			m.Resources = append(m.Resources, dataset.Describe(d))
		}
	}
	out, err := json.MarshalIndent(m, "", "  ")
	return append(out, '\n'), err
}

// Content reads a data package and returns its content to publish after the latest
// release of the store.
func Content(t testing.TB, s *store.Store, pkg fs.FS) store.Content {
	t.Helper()
	p, err := ingest.Read(pkg)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := ingest.Prepare(context.Background(), s, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return plan.Content
}

// Publish publishes Package and returns the release.
func Publish(t testing.TB, s *store.Store) *domain.Release {
	t.Helper()
	return PublishPackage(t, s, Package(t))
}

// Next makes a package release 2024.02.0, a month after that of Package, and returns it.
func Next(t testing.TB, pkg fstest.MapFS) fstest.MapFS {
	t.Helper()
	Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "2024.02.0"`)
	Replace(t, pkg, "datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-02-29T12:00:00Z"`)
	return pkg
}

// PublishPackage publishes a data package and returns the release.
func PublishPackage(t testing.TB, s *store.Store, pkg fs.FS) *domain.Release {
	t.Helper()
	r, err := s.Publish(context.Background(), Content(t, s, pkg))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Replace replaces the first occurrence of old in a file of the package. It fails the
// test if there is none.
func Replace(t testing.TB, pkg fstest.MapFS, file, old, new string) {
	t.Helper()
	f := pkg[file]
	if f == nil {
		t.Fatalf("the test data have no file %s", file)
	}
	content, ok := replaceOnce(f.Data, old, new)
	if !ok {
		t.Fatalf("%s does not contain %q", file, old)
	}
	pkg[file] = &fstest.MapFile{Data: content, Mode: f.Mode}
}

func replaceOnce(content []byte, old, new string) ([]byte, bool) {
	i := bytes.Index(content, []byte(old))
	if i < 0 {
		return nil, false
	}
	return slices.Concat(content[:i], []byte(new), content[i+len(old):]), true
}

// PublishSynthetic publishes a number of synthetic observations.
func PublishSynthetic(t testing.TB, s *store.Store, rows int) *domain.Release {
	t.Helper()
	content, err := synthetic.Content(context.Background(), s, rows)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Publish(context.Background(), content)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
