// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/zielstand/zielstand/internal/storetest"
)

// edition returns the test data as a release of the version, created on the 28th
// of the version's month, at noon and its last number of minutes.
func edition(t testing.TB, version string) fstest.MapFS {
	t.Helper()
	pkg := storetest.Package(t)
	year, rest, _ := strings.Cut(version, ".")
	month, number, _ := strings.Cut(rest, ".")
	storetest.Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "`+version+`"`)
	storetest.Replace(t, pkg, "datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "`+year+"-"+month+"-28T12:"+("0" + number)[len(number)-1:]+`:00Z"`)
	return pkg
}

// doubt are the warnings about the test data.
const doubt = "warning: sources.csv, 2 rows (3, 4), column access: is empty, and so is url; " +
	"one of the two must say where the source can be found: its address, or in words how to get it\n" +
	"warning: observations.csv, 3 rows (5, 8, 13), column noteEn: is empty, but note is not\n" +
	"warning: ozg-service-counts.csv, 2 rows (2, 8), column noteEn: is empty, but note is not\n" +
	"warning: ozg-service-counts.csv, 3 rows (5, 6, 7), column asOf: \"2021-11\" begins after its source was published (2021-08), " +
	"but the row says that it has happened\n"

// genuine marks the data as not synthetic.
func genuine(t testing.TB, pkg fstest.MapFS) fstest.MapFS {
	t.Helper()
	storetest.Replace(t, pkg, "datapackage.json", `"synthetic": true`, `"synthetic": false`)
	return pkg
}

// marked is an edition with its version in the title of every goal, milestone and code.
func marked(t testing.TB, version string) fstest.MapFS {
	t.Helper()
	pkg := edition(t, version)
	for _, name := range []string{"goals.csv", "milestones.csv", "codelists.csv"} {
		rows := table(t, pkg, name)
		column := slices.Index(rows[0], "titleEn")
		for _, row := range rows[1:] {
			row[column] += " in " + version
		}
		setTable(t, pkg, name, rows)
	}
	return pkg
}

// withdraw removes a row and adds the reason.
func withdraw(t testing.TB, pkg fstest.MapFS, dataset, id string) {
	t.Helper()
	remove(t, pkg, dataset+".csv", id)
	add(t, pkg, "withdrawn.csv", id, dataset, "2024-02-01", "Das Dokument wurde berichtigt.", "The document was corrected.")
}

func table(t testing.TB, pkg fstest.MapFS, file string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(pkg[file].Data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func setTable(t testing.TB, pkg fstest.MapFS, file string, rows [][]string) {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	pkg[file] = &fstest.MapFile{Data: b.Bytes(), Mode: 0o644}
}

// add adds a row; its last cells may be left out if they are empty.
func add(t testing.TB, pkg fstest.MapFS, file string, cells ...string) {
	t.Helper()
	rows := table(t, pkg, file)
	row := make([]string, len(rows[0]))
	copy(row, cells)
	setTable(t, pkg, file, append(rows, row))
}

func remove(t testing.TB, pkg fstest.MapFS, file, id string) {
	t.Helper()
	rows := table(t, pkg, file)
	kept := slices.DeleteFunc(slices.Clone(rows), func(row []string) bool { return row[0] == id })
	if len(kept) == len(rows) {
		t.Fatalf("%s has no row %s", file, id)
	}
	setTable(t, pkg, file, kept)
}

// part removes all datasets but these from a package.
func part(t testing.TB, pkg fstest.MapFS, ids ...string) {
	t.Helper()
	var manifest map[string]any
	if err := json.Unmarshal(pkg["datapackage.json"].Data, &manifest); err != nil {
		t.Fatal(err)
	}
	manifest["resources"] = slices.DeleteFunc(manifest["resources"].([]any), func(resource any) bool {
		id := resource.(map[string]any)["name"].(string)
		if !slices.Contains(ids, id) {
			delete(pkg, id+".csv")
		}
		return !slices.Contains(ids, id)
	})
	content, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	pkg["datapackage.json"] = &fstest.MapFile{Data: content, Mode: 0o644}
}

// folder writes the package where the program can read it.
func folder(t testing.TB, pkg fstest.MapFS) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, pkg); err != nil {
		t.Fatal(err)
	}
	return dir
}

// publish imports the editions one after the other.
func publish(t testing.TB, s settings, packages ...fstest.MapFS) {
	t.Helper()
	for _, pkg := range packages {
		succeed(t, s, "import", folder(t, pkg))
	}
}

// sameFiles compares a folder with a package, byte for byte.
func sameFiles(t testing.TB, dir string, pkg fstest.MapFS) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(pkg) {
		t.Errorf("%s has %d files, want %d", dir, len(entries), len(pkg))
	}
	for name, file := range pkg {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(content, file.Data) {
			t.Errorf("%s differs", name)
		}
	}
}
