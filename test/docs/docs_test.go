// SPDX-License-Identifier: EUPL-1.2

// Package docs compares the documentation with the program: commands and
// requests are run and their answers compared, tables of settings and messages
// are matched with the code, and links lead to files. It has tests only.
//
// An example is a block marked console. A line that starts with "$ " is a
// command, and the lines after it are its output; … matches any text within a line
// and, alone on a line, any number of lines. With
//
//	go test ./test/docs -update
//
// outputs that no longer match are regenerated, shortened in the same places.
package docs

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the answers shown in the documentation")

// root is the folder of the repository.
const root = "../.."

// page is a file of the documentation.
type page struct {
	path string // in the repository, with slashes
	text string
}

// read returns a page.
func read(t *testing.T, path string) page {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return page{path, string(b)}
}

// pages returns the Markdown files of the repository.
func pages(t *testing.T) []page {
	t.Helper()
	var out []page
	for _, path := range files(t, ".md") {
		out = append(out, read(t, path))
	}
	return out
}

// files lists the files of the repository with one of the suffixes. Hidden
// folders other than .ci and folders of test data are left out.
func files(t *testing.T, suffixes ...string) []string {
	t.Helper()
	var paths []string
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && skipped(e.Name()):
			return fs.SkipDir
		case e.IsDir():
			return nil
		}
		for _, suffix := range suffixes {
			if strings.HasSuffix(path, suffix) {
				paths = append(paths, path)
				break
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func skipped(folder string) bool {
	hidden := strings.HasPrefix(folder, ".") && folder != "." && folder != ".ci"
	return hidden || folder == "testdata" || folder == "node_modules"
}

// row is a row of a Markdown table.
type row []string

// code returns the cell without the marks of code; a dash means nothing.
func (r row) code(i int) string {
	if r[i] == "–" {
		return ""
	}
	return strings.Trim(r[i], "`")
}

// rows returns the rows of all tables on the page whose first cell is code.
func (p page) rows() []row {
	var out []row
	for line := range strings.Lines(p.text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cells := row(strings.Split(strings.Trim(line, "|"), " | "))
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		out = append(out, cells)
	}
	return out
}
