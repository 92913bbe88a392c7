// SPDX-License-Identifier: EUPL-1.2

package release_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestWithin compares the parameter within with a recursive query of the database, for
// every area of the real data and every dataset that has areas.
func TestWithin(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		r := storetest.PublishPackage(t, s, fixtures.FS)
		db := storetest.Connect(t, databaseURL)
		tables := release.NewTables(s, 1<<30)
		vocabulary, err := tables.Vocabulary(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		areas := vocabulary.IDs(dataset.Areas.ID)
		if len(areas) < 450 { // 433 of the state, its 15 neighbours, and what contains them
			t.Fatalf("%d areas", len(areas))
		}
		version := func(d *dataset.Dataset) string {
			return fmt.Sprintf("(SELECT version FROM release_datasets WHERE release_seq = %d AND dataset = '%s')", r.Seq, d.ID)
		}
		found := map[string]int{}
		for _, d := range dataset.All {
			name := "area"
			switch {
			case d == dataset.Areas:
				name = "id"
			case d.Column(name) < 0:
				continue
			}
			want := groups(t, db, fmt.Sprintf(`
				WITH RECURSIVE inside (root, id) AS (
					SELECT id, id FROM areas WHERE version = %[1]s
					UNION SELECT i.root, a.id FROM areas a JOIN inside i ON a.parent = i.id WHERE a.version = %[1]s
				)
				SELECT i.root, d.id FROM %[2]s d JOIN inside i ON d.%[3]s = i.id WHERE d.version = %[4]s ORDER BY d.ordinal`,
				version(dataset.Areas), d.Table(), name, version(d)))
			for _, area := range areas {
				got := within(t, tables, r, vocabulary, d, area)
				if diff := cmp.Diff(want[area], got); diff != "" {
					t.Errorf("%s within %s (-SQL +query)\n%s", d.ID, area, diff)
				}
				found[area+" "+d.ID] = len(got)
			}
			// One that contains another adds its rows once, in the order of the dataset.
			if diff := cmp.Diff(want["05"], within(t, tables, r, vocabulary, d, "05158,057,05158026,05")); diff != "" {
				t.Errorf("%s within an area and parts of it (-SQL +query)\n%s", d.ID, diff)
			}
		}
		for key, want := range map[string]int{"05 areas": 433, "05158 areas": 11, "05334 areas": 11, "00 areas": 449, "05158026 areas": 1} {
			if found[key] != want {
				t.Errorf("within %s: %d rows, want %d", key, found[key], want)
			}
		}
		if found["05 observations"] <= found["057 observations"] || found["057 observations"] == 0 {
			t.Errorf("observations within 05: %d, within 057: %d", found["05 observations"], found["057 observations"])
		}
	})
}

// within returns the identifiers of the rows within areas.
func within(t *testing.T, tables *release.Tables, r *domain.Release, vocabulary *release.Vocabulary, d *dataset.Dataset, areas string) (ids []string) {
	t.Helper()
	q, err := dataset.ParseQuery(d, url.Values{"within": {areas}}, vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows(t, tables, r, q) {
		ids = append(ids, row[0])
	}
	return ids
}

// groups returns the second column of a query by the first.
func groups(t *testing.T, db *sql.DB, query string) map[string][]string {
	t.Helper()
	lines, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer lines.Close()
	out := map[string][]string{}
	for lines.Next() {
		var key, value string
		if err := lines.Scan(&key, &value); err != nil {
			t.Fatal(err)
		}
		out[key] = append(out[key], value)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
