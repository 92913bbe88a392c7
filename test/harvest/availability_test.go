// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
	"github.com/zielstand/zielstand/internal/testenv"
)

// Invented exports of all municipalities of North Rhine-Westphalia with as many services
// make more than 250,000 rows.
const (
	offeringAreas   = synthetic.Municipalities
	offeredServices = 790
	offeredRows     = 250_000
)

// TestLargeRelease takes a release with more than 250,000 rows of availability through its
// life: it is converted, imported, served, harvested, opened in LibreOffice, exported, and
// taken back.
func TestLargeRelease(t *testing.T) {
	t.Parallel()
	soffice := testenv.Program(t, "LibreOffice (Debian: libreoffice-calc-nogui)", "soffice")
	folder := t.TempDir()
	base, exports, pkg := filepath.Join(folder, "base"), filepath.Join(folder, "exports"), filepath.Join(folder, "package")
	if err := synthetic.Write(base, 0); err != nil {
		t.Fatal(err)
	}
	if err := synthetic.WriteExports(exports, offeringAreas, offeredServices); err != nil {
		t.Fatal(err)
	}
	databaseURL := storetest.SQLite(t)
	command := func(p *program, arguments ...string) {
		t.Helper()
		if out, status := p.run(t, arguments...); status != 0 {
			t.Fatalf("%s: status %d\n%s", strings.Join(arguments, " "), status, out)
		}
	}
	before := &program{databaseURL: databaseURL, folder: t.TempDir()}
	command(before, "import", base)
	p := start(t, databaseURL)
	h := newHarvester(p.client, harvested)
	h.harvest(t)
	offers := []string{iri(dataset.ServiceAvailability.ID), iri(dataset.ServiceCounts.ID), iri(dataset.Services.ID)}

	command(p, "convert", "open-pvog", exports, "--as-of", "2026-11-27", "--retrieved", "2026-11-28", "--base", base, pkg)
	command(p, "import", pkg)
	first, large := version(t, base), version(t, pkg)
	p.serves(t, large)
	if diff := cmp.Diff(offers, h.harvest(t).added); diff != "" {
		t.Errorf("harvested (-want +got)\n%s", diff)
	}

	rows := records(t, p.found(t, publicURL+"/v1/service-availability.csv"))
	if len(rows) < offeredRows {
		t.Fatalf("%d rows, want %d", len(rows), offeredRows)
	}
	workbook := filepath.Join(folder, "availability.xlsx")
	if err := os.WriteFile(workbook, []byte(p.found(t, publicURL+"/v1/service-availability.xlsx")), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*testenv.Patience)
	defer cancel()
	profile := url.URL{Scheme: "file", Path: filepath.Join(folder, "profile")}
	out, err := exec.CommandContext(ctx, soffice, "-env:UserInstallation="+profile.String(), "--headless", "--norestore",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", folder, workbook).CombinedOutput()
	if err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	content, err := os.ReadFile(filepath.Join(folder, "availability.csv"))
	if err != nil {
		t.Fatalf("LibreOffice did not open the workbook: %v\n%s", err, out)
	}
	shown := records(t, string(content))
	if len(shown) != len(rows) {
		t.Fatalf("LibreOffice shows %d rows, want %d", len(shown), len(rows))
	}
	for i, row := range rows {
		for _, name := range []string{"id", "service", "area", "address", "addressStatus", "active"} {
			if c := dataset.ServiceAvailability.Column(name); shown[i][c] != row[c] {
				t.Fatalf("LibreOffice shows %q in row %d, column %s, want %q", shown[i][c], i+1, name, row[c])
			}
		}
	}
	t.Logf("%d rows", len(rows)-1)
	if page := p.found(t, publicURL+"/areas/"+synthetic.AreaID(0)); !strings.Contains(page, fmt.Sprintf(`source=%s">%d Gebiete</a>`, rows[1][dataset.ServiceAvailability.Column("source")], offeringAreas-1)) {
		t.Errorf("the page of an area is not compared with %d others:\n%s", offeringAreas-1, page)
	}

	exported := filepath.Join(folder, "exported")
	command(p, "export", exported)
	sameFiles(t, pkg, exported)

	command(p, "release", "use", first)
	p.serves(t, first)
	if diff := cmp.Diff(offers, h.harvest(t).deleted); diff != "" {
		t.Errorf("deleted by portals (-want +got)\n%s", diff)
	}
	if got := records(t, p.found(t, publicURL+"/v1/service-availability.csv")); len(got) != 1 {
		t.Errorf("%d rows after going back", len(got)-1)
	}
	if got := records(t, p.found(t, publicURL+"/v1/service-availability.csv?limit=3&release="+large)); len(got) != 4 {
		t.Errorf("%d rows of the release that was taken back, want 3", len(got)-1)
	}
	command(p, "release", "verify")
}

// version returns the version of a data package.
func version(t *testing.T, folder string) string {
	t.Helper()
	var manifest dataset.Manifest
	content, err := os.ReadFile(filepath.Join(folder, dataset.ManifestName))
	if err == nil {
		err = json.Unmarshal(content, &manifest)
	}
	if err != nil {
		t.Fatal(err)
	}
	return manifest.Version
}

// records reads CSV.
func records(t *testing.T, content string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// sameFiles compares the files of two folders.
func sameFiles(t *testing.T, want, got string) {
	t.Helper()
	var names [2][]string
	for i, folder := range []string{want, got} {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names[i] = append(names[i], e.Name())
		}
	}
	if !slices.Equal(names[0], names[1]) {
		t.Errorf("files %q, want %q", names[1], names[0])
	}
	for _, name := range names[0] {
		a, err1 := os.ReadFile(filepath.Join(want, name))
		b, err2 := os.ReadFile(filepath.Join(got, name))
		if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs (%v, %v)", name, err1, err2)
		}
	}
}
