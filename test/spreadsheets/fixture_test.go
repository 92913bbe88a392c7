// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/ingest"
)

// TestEditors opens files of the data package as docs/editors.md asks for, with
// all columns as text, and saves them: not a byte is another.
func TestEditors(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	pkg, files := unpack(t)
	folder := o.convert(t, fmt.Sprintf(texts, textColumns(20)), saved, files...)
	for _, file := range files {
		name := filepath.Base(file)
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(content, pkg[name].Data) {
			t.Errorf("%s: LibreOffice saved something else", name)
		}
		pkg[name] = &fstest.MapFile{Data: content}
	}
	if _, err := ingest.Read(pkg); err != nil {
		t.Errorf("the package is refused:\n%v", err)
	}
}

// TestCarelessEditors opens a file by double click and saves it: the keys have
// lost their zeros, and the package is refused with words that lead there.
func TestCarelessEditors(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	pkg, files := unpack(t)
	folder := o.convert(t, commas, saved, files...)
	for name, want := range map[string]string{
		"areas.csv":              `column id: "0" is an official key without its leading zero; format the column as text; write 00`,
		"observations.csv":       `column area: "5" is not an id of areas.csv; a spreadsheet deleted its leading zeros, format the column as text; did you mean "05"?`,
		"ozg-service-counts.csv": `column area: "5" is not an id of areas.csv; a spreadsheet deleted its leading zeros, format the column as text; did you mean "05"?`,
	} {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		spoilt := fstest.MapFS{}
		for other, file := range pkg {
			spoilt[other] = file
		}
		spoilt[name] = &fstest.MapFile{Data: content}
		_, err = ingest.Read(spoilt)
		var found ingest.Findings
		if !errors.As(err, &found) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s, opened by double click: %.2000v, want words like %q", name, err, want)
		}
	}
}

// TestExcelDEIsNoFixture saves the dialect for spreadsheets in the place of a
// file of the package, as it was downloaded and as LibreOffice saves it.
func TestExcelDEIsNoFixture(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	pkg, _ := unpack(t)
	file := filepath.Join(t.TempDir(), "areas.csv")
	downloaded := "\ufeff" + strings.Join(dataset.Areas.Names(), ";") + "\r\n=\"05\";Nordrhein-Westfalen;North Rhine-Westphalia;state" +
		strings.Repeat(";", len(dataset.Areas.Columns)-4) + "\r\n"
	if err := os.WriteFile(file, []byte(downloaded), 0o644); err != nil {
		t.Fatal(err)
	}
	folder := o.convert(t, semicolons, saved, file)
	again, err := os.ReadFile(filepath.Join(folder, "areas.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for content, want := range map[string]string{
		downloaded:    "areas.csv: has a byte order mark, Windows line endings (CRLF), semicolons between the cells",
		string(again): "is not an id of areas.csv", // the file is in order, but the areas are fewer
	} {
		pkg["areas.csv"] = &fstest.MapFile{Data: []byte(content)}
		if _, err := ingest.Read(pkg); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), `"05" is not an id`) {
			t.Errorf("%q: %.2000v, want words like %q", content, err, want)
		}
	}
	if !strings.Contains(string(again), "\n05,Nordrhein-Westfalen,") {
		t.Errorf("saved again: %q", again)
	}
}

// unpack writes the CSV files of the embedded data package and returns the
// package beside their paths.
func unpack(t *testing.T) (fstest.MapFS, []string) {
	t.Helper()
	folder := t.TempDir()
	pkg := fstest.MapFS{}
	var files []string
	entries, err := fs.ReadDir(fixtures.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := fs.ReadFile(fixtures.FS, e.Name())
		if err != nil {
			t.Fatal(err)
		}
		pkg[e.Name()] = &fstest.MapFile{Data: content}
		if filepath.Ext(e.Name()) != ".csv" {
			continue
		}
		path := filepath.Join(folder, e.Name())
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	return pkg, files
}

// textColumns makes the first n columns text.
func textColumns(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "/%d/2", i+1)
	}
	return b.String()[1:]
}
