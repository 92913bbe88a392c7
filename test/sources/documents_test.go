// SPDX-License-Identifier: EUPL-1.2

// Package sources compares the data set with the documents that it was taken
// from: every figure and every quotation must be in the place that the locator
// names, with the reservation that the qualifier gives, and no text may copy the
// documents. It consists of tests. The documents are not part of the repository:
// without the variable testenv.SharedEnv the tests that read them are skipped, and
// the others compare the data with themselves.
package sources

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/ingest"

	"github.com/zielstand/zielstand/internal/testenv"
)

// files are the texts of the five documents that were read in full. The first of
// a document is searched for figures: where there are two, it is the one in which
// words broken at the end of a line are joined.
var files = map[string][]string{
	"digitalstrategie-2-0":          {"digitalstrategie-2.0.joined.txt", "digitalstrategie-2.0.txt"},
	"umsetzungsstand-2021-08":       {"umsetzungsstand-2021-08.joined.txt", "umsetzungsstand-2021-08.txt"},
	"vorlage-17-6059":               {"vorlage-17-6059.txt"},
	"webseite-digitalstrategie":     {"webseite-digitalstrategie.txt"},
	"ausschussprotokoll-2021-12-02": {"ausschussprotokoll-2021-12-02.txt"},
}

// document is the text of a file with trimmed lines, single spaces and one kind of
// quotation marks, without empty lines and bullets. flat has spaces in place of line
// ends, and so the same offsets; phrases are sought in it.
type document struct{ lines, flat string }

// newDocument normalises a text.
func newDocument(text string) document {
	var lines []string
	for line := range strings.Lines(plainMarks.Replace(text)) {
		if words := strings.Fields(line); len(words) > 0 {
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return document{strings.Join(lines, "\n"), strings.Join(lines, " ")}
}

// plainMarks replaces quotation marks, because a locator writes the marks of the
// document as ‚…‘, and removes the bullets in the text of the report's PDF.
var plainMarks = strings.NewReplacer(
	"„", `"`, "“", `"`, "”", `"`, "«", `"`, "»", `"`, "‚", `"`, "‘", `"`, "’", `"`, "'", `"`, "\uf0b7", " ",
)

func readDocument(t *testing.T, name string) document {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(testenv.Shared(t, "sources"), name))
	if err != nil {
		t.Fatal(err)
	}
	return newDocument(string(content))
}

// documents returns the text of each document that is searched for figures.
func documents(t *testing.T) map[string]document {
	t.Helper()
	texts := map[string]document{}
	for source, names := range files {
		texts[source] = readDocument(t, names[0])
	}
	return texts
}

// phrases returns the positions of words in a part of the text, across line breaks.
func (d document) phrases(part span, words string) []span {
	words = plainMarks.Replace(words)
	if words == "" {
		return nil
	}
	var out []span
	for at := part.start; ; {
		i := strings.Index(d.flat[at:part.end], words)
		if i < 0 {
			return out
		}
		out = append(out, span{at + i, at + i + len(words)})
		at += i + len(words)
	}
}

// lineBegins returns where a line of a part begins with the words.
func (d document) lineBegins(part span, words string) []int {
	var out []int
	for _, s := range d.phrases(part, words) {
		if s.start == 0 || d.lines[s.start-1] == '\n' {
			out = append(out, s.start)
		}
	}
	return out
}

func (d document) whole() span { return span{0, len(d.flat)} }

// dataSet is the embedded data package.
var dataSet = sync.OnceValues(func() (*ingest.Package, error) { return ingest.Read(fixtures.FS) })

// row is a row of a table, read by the names of the columns.
type row map[string]string

// rows returns the rows of an edited dataset.
func rows(t *testing.T, dataset string) []row {
	t.Helper()
	p, err := dataSet()
	if err != nil {
		t.Fatal(err)
	}
	table := p.Tables[dataset]
	var out []row
	for cells, err := range table.All() {
		if err != nil {
			t.Fatal(err)
		}
		r := row{}
		for j, c := range table.Columns {
			r[c.Name] = cells[j]
		}
		out = append(out, r)
	}
	return out
}
