// SPDX-License-Identifier: EUPL-1.2

package release_test

import (
	"context"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestSearchFindsWhatFiguresAreAbout searches the data of the repository for 5G: all
// figures on it are found, and none whose note or locator only mentions it.
func TestSearchFindsWhatFiguresAreAbout(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.PublishPackage(t, s, fixtures.FS)
	var got []string
	q := dataset.Query{Dataset: dataset.Observations, Words: []string{"5g"}}
	err := release.NewTables(s, 1<<30).Rows(context.Background(), r, q, func(cells [][]byte) error {
		got = append(got, string(cells[0]))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	titles := map[string]string{}
	for _, file := range []string{"indicators", "goals", "areas", "sources"} {
		for _, row := range readFixture(t, file) {
			titles[row["id"]] = row["id"] + "\n" + row["title"] + "\n" + row["titleEn"]
		}
	}
	mentions := func(texts ...string) bool {
		return regexp.MustCompile(`(?i)(^|[^\pL\pN])5g`).MatchString(strings.Join(texts, "\n"))
	}
	var subject, source, only []string
	for _, row := range readFixture(t, "observations") {
		switch {
		case mentions(row["id"], titles[row["indicator"]], titles[row["goal"]], titles[row["area"]]):
			subject = append(subject, row["id"])
		case mentions(row["reported"]):
			t.Fatalf("%s mentions it as reported, which is between the two", row["id"])
		case mentions(titles[row["source"]]):
			source = append(source, row["id"])
		case mentions(row["note"], row["noteEn"], row["locator"]):
			only = append(only, row["id"])
		}
	}
	if diff := cmp.Diff(append(slices.Clone(subject), source...), got); diff != "" {
		t.Errorf("figures on 5G, those by their source last (-want +got)\n%s", diff)
	}
	if len(subject) < 20 || len(source) == 0 || !slices.Contains(only, "obs-1433") || !slices.Contains(only, "obs-0215") {
		t.Errorf("%d figures are on 5G, %d from a source on it, and %q only mention it", len(subject), len(source), only)
	}
}

func readFixture(t *testing.T, name string) (rows []map[string]string) {
	t.Helper()
	f, err := fixtures.FS.Open(name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}
