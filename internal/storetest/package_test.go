// SPDX-License-Identifier: EUPL-1.2

package storetest

import (
	"bytes"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/ingest"
)

// TestPackageIsDescribed is the one test that fails when a column or its description
// changes.
func TestPackageIsDescribed(t *testing.T) {
	t.Parallel()
	const path = "testdata/package/" + dataset.ManifestName
	content, err := testdata.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := described(content)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, content) {
		t.Errorf("%s is out of date: go run . check --describe internal/storetest/testdata/package", path)
	}
	if _, err := ingest.Read(Package(t)); err != nil {
		t.Errorf("the test data are not valid: %v", err)
	}
}

func TestPackageIsACopy(t *testing.T) {
	t.Parallel()
	pkg := Package(t)
	Replace(t, pkg, "areas.csv", "Welt", "Erde")
	pkg["areas.csv"].Data[0] = 'X'
	delete(pkg, "goals.csv")
	again := Package(t)
	if again["goals.csv"] == nil || !bytes.HasPrefix(again["areas.csv"].Data, []byte("id,")) || bytes.Contains(again["areas.csv"].Data, []byte("Erde")) {
		t.Error("one test can spoil the data of another")
	}
}
