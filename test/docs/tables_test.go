// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/testenv"
)

// TestTables compares the tables of docs/data.md that count rows with the data.
func TestTables(t *testing.T) {
	t.Parallel()
	p := start(t)
	data := read(t, "docs/data.md")
	text := data.text
	for _, table := range []string{p.rowsBySource(t), p.goalsByAssessment(t), p.goalsByYear(t)} {
		header, _, _ := strings.Cut(table, "\n")
		shown := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(header) + `\n(?:\|.*\n)*`)
		if diff := cmp.Diff(table, shown.FindString(text)); diff != "" && !*update {
			t.Errorf("a table of %s differs from the data; -update regenerates it (-want +got)\n%s", data.path, diff)
		}
		text = shown.ReplaceAllLiteralString(text, table)
	}
	if *update && text != data.text {
		if err := os.WriteFile(filepath.Join(root, data.path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// dataset returns the rows of a dataset by the names of their columns.
func (p *program) dataset(t *testing.T, id string) []map[string]string {
	t.Helper()
	answer, err := p.curl([]string{base + "/v1/" + id + ".csv"})
	if err != nil {
		t.Fatal(err)
	}
	return testenv.Records(t, []byte(answer))
}

// year returns the year in which a period ends.
func year(period string) string {
	if period == "" {
		return "no date"
	}
	_, end, ok := strings.Cut(period, "/")
	if !ok {
		end = period
	}
	return end[:4]
}

func (p *program) rowsBySource(t *testing.T) string {
	t.Helper()
	const columns = 5
	type group struct{ title, year string }
	var groups []group
	of := map[string]group{}
	counts := map[group]*[columns]int{}
	for _, s := range p.dataset(t, "sources") {
		if s["kind"] == "register" {
			continue // it states nothing about goals
		}
		g := group{s["titleEn"], year(s["published"])}
		switch s["kind"] {
		case "official":
			g.title = "official pages"
		case "press":
			g.title = "press"
		}
		if counts[g] == nil {
			counts[g] = new([columns]int)
			groups = append(groups, g)
		}
		of[s["id"]] = g
		counts[g][0]++
	}
	for i, id := range []string{"goal-status", "observations", "ozg-service-counts", "milestones"} {
		for _, row := range p.dataset(t, id) {
			counts[of[row["source"]]][i+1]++
		}
	}
	// The documents come first, in their order, then the pages by kind and year.
	rank := func(g group) string {
		if g.title == "official pages" || g.title == "press" {
			return g.title + " " + g.year
		}
		return ""
	}
	slices.SortStableFunc(groups, func(a, b group) int { return strings.Compare(rank(a), rank(b)) })
	var rows [][]string
	var total [columns]int
	line := func(title, year string, n [columns]int) {
		cells := []string{title, year}
		sum := 0
		for i, count := range n {
			cells = append(cells, grouped(count))
			if i > 0 {
				sum += count
			}
		}
		rows = append(rows, append(cells, grouped(sum)))
	}
	for _, g := range groups {
		for i, n := range counts[g] {
			total[i] += n
		}
		line(g.title, g.year, *counts[g])
	}
	line("all", "", total)
	return markdown([]string{"source", "year", "sources", "status", "observations", "online services", "milestones", "rows"}, rows)
}

// assessments are the codes in the order of the page.
var assessments = []string{"achieved", "achieved-late", "missed", "dropped", "on-record", "unresolved", "unknown-since"}

func (p *program) goalsByAssessment(t *testing.T) string {
	t.Helper()
	counts := map[string]int{}
	goals := p.dataset(t, "goals")
	for _, g := range goals {
		if !slices.Contains(assessments, g["assessment"]) {
			t.Errorf("%s: the table has no row for the assessment %q", g["id"], g["assessment"])
		}
		counts[g["assessment"]]++
	}
	var rows [][]string
	for _, code := range assessments {
		rows = append(rows, []string{"`" + code + "`", grouped(counts[code]), share(counts[code], len(goals))})
	}
	return markdown([]string{"assessment", "goals", "share"}, rows)
}

func (p *program) goalsByYear(t *testing.T) string {
	t.Helper()
	counts := map[string]int{}
	var years []string
	goals := p.dataset(t, "goals")
	for _, g := range goals {
		y := year(g["knownUntil"])
		if counts[y]++; counts[y] == 1 {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	var rows [][]string
	for _, y := range years {
		rows = append(rows, []string{y, grouped(counts[y]), share(counts[y], len(goals))})
	}
	return markdown([]string{"known until", "goals", "share"}, rows)
}

func share(n, of int) string { return fmt.Sprintf("%.0f%%", 100*float64(n)/float64(of)) }

// markdown returns a table whose first column is text and whose others are numbers.
func markdown(header []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(header)
	line(append([]string{"---"}, slices.Repeat([]string{"---:"}, len(header)-1)...))
	for _, cells := range rows {
		line(cells)
	}
	return b.String()
}
