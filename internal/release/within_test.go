package release_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestWithin compares the parameter within with a recursive query of the database, for
// every area of the real data that contains others and every dataset that has areas.
func TestWithin(t *testing.T) {
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
		version := func(d *dataset.Dataset) string {
			return fmt.Sprintf("version = (SELECT version FROM release_datasets WHERE release_seq = %d AND dataset = '%s')", r.Seq, d.ID)
		}
		parents := column(t, db, "SELECT DISTINCT parent FROM areas WHERE parent <> '' AND "+version(dataset.Areas))
		if len(parents) < 40 { // the world, the EU, Germany, the state, 5 and 31
			t.Fatalf("%d areas contain others", len(parents))
		}
		found := map[string]int{}
		for _, values := range append(parents, "05158026", "05,00", "05158,057,05366") {
			for _, d := range dataset.All {
				name := "area"
				switch {
				case d == dataset.Areas:
					name = "id"
				case d.Column(name) < 0:
					continue
				}
				want := column(t, db, fmt.Sprintf(`
					WITH RECURSIVE inside (id) AS (
						SELECT id FROM areas WHERE %[1]s AND id IN ('%[2]s')
						UNION SELECT a.id FROM areas a JOIN inside i ON a.parent = i.id WHERE a.%[1]s
					)
					SELECT id FROM %[3]s WHERE %[5]s AND %[4]s IN (SELECT id FROM inside) ORDER BY ordinal`,
					version(dataset.Areas), strings.ReplaceAll(values, ",", "', '"), d.Table(), name, version(d)))
				q, err := dataset.ParseQuery(d, url.Values{"within": {values}}, vocabulary)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, row := range rows(t, tables, r, q) {
					got = append(got, row[0])
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s within %s (-SQL +query)\n%s", d.ID, values, diff)
				}
				found[values+" "+d.ID] = len(got)
			}
		}
		for key, want := range map[string]int{"05 areas": 433, "05158 areas": 11, "05334 areas": 11, "00 areas": 449, "05158026 areas": 1, "05,00 areas": 449} {
			if found[key] != want {
				t.Errorf("within %s: %d rows, want %d", key, found[key], want)
			}
		}
		if found["05 observations"] <= found["057 observations"] || found["057 observations"] == 0 {
			t.Errorf("observations within 05: %d, within 057: %d", found["05 observations"], found["057 observations"])
		}
	})
}

// column returns the first column of a query.
func column(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	lines, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer lines.Close()
	for lines.Next() {
		var cell string
		if err := lines.Scan(&cell); err != nil {
			t.Fatal(err)
		}
		out = append(out, cell)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
