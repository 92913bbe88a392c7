// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestReleaseCommands lists, shows, compares, chooses, deletes and exports.
func TestReleaseCommands(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		first, second, third := edition(t, "2024.01.0"), next(t, "2024.02.0"), next(t, "2024.03.0")
		publish(t, s, first, second, third)
		printed(t, `* 2024.03.0    2024-03-28T12:00:00Z  Zielstand: erfundene Testdaten
  2024.02.0    2024-02-28T12:00:00Z  Zielstand: erfundene Testdaten
  2024.01.0    2024-01-28T12:00:00Z  Zielstand: erfundene Testdaten
`, succeed(t, s, "release", "list"))

		show := succeed(t, s, "release", "show", "2024.02.0")
		for _, text := range []string{
			"Release     2024.02.0\nTitle       Zielstand: erfundene Testdaten\nPublished   2024-02-28T12:00:00Z\nSHA-256     ",
			"Notes       Nur für Tests.\n",
			"       3  milestones           changed 2024-02-28T12:00:00Z\n",
			"       6  goals                changed 2024-01-28T12:00:00Z\n",
			"       4  changes              changed 2024-02-28T12:00:00Z\n",
		} {
			contains(t, show, text)
		}
		printed(t, nextChanges, succeed(t, s, "release", "diff", "2024.01.0", "2024.02.0"))
		printed(t, "From release 2024.02.0 to 2024.03.0:\n  no row changes\n", succeed(t, s, "release", "diff", "2024.02.0", "latest"))
		contains(t, succeed(t, s, "release", "diff", "2024.02.0", "2024.01.0"), `~ obs-002 value: "7700" → "7600"`)
		refuse(t, s, []string{"release 2024.09.0: not found"}, "release", "diff", "2024.01.0", "2024.09.0")

		refuse(t, s, []string{"release 2024.09.0: not found"}, "release", "use", "2024.09.0")
		printed(t, "Release 2024.02.0 is now served by default\n", succeed(t, s, "release", "use", "2024.02.0"))
		isLatest(t, s, "2024.02.0")

		dir := filepath.Join(t.TempDir(), "new", "folder")
		contains(t, succeed(t, s, "export", dir), "of release 2024.02.0 to "+dir)
		sameFiles(t, dir, second)
		refuse(t, s, []string{dir + " has files; the folder to write, which is the last argument, must be empty or not exist"}, "export", "--release", "2024.01.0", dir)
		sameFiles(t, dir, second)
		dir = t.TempDir()
		contains(t, succeed(t, s, "export", "--release", "2024.01.0", dir), "of release 2024.01.0")
		sameFiles(t, dir, first)
		refuse(t, s, []string{"release 2024.09.0: not found"}, "export", "--release", "2024.09.0", dir)

		refuse(t, s, []string{`keep="0"`}, "release", "prune", "--keep", "0")
		printed(t, "Nothing to delete\n", succeed(t, s, "release", "prune"))
		printed(t, "Deleted release 2024.01.0\n", succeed(t, s, "release", "prune", "--keep", "2"))
		isLatest(t, s, "2024.02.0")
		whole(t, url)
	})
}

// TestExportAndImport carries a release from one database to another.
func TestExportAndImport(t *testing.T) {
	t.Parallel()
	from, to := database(storetest.SQLite(t)), database(storetest.Postgres(t))
	publish(t, from, edition(t, "2024.01.0"))
	dir := t.TempDir()
	succeed(t, from, "export", dir)
	succeed(t, to, "import", dir)
	show := []string{"release", "show", "latest"}
	if diff := cmp.Diff(succeed(t, from, show...), succeed(t, to, show...)); diff != "" {
		t.Errorf("the releases differ (-from +to)\n%s", diff)
	}
}

// TestExportToUnwritableFolder names the folder.
func TestExportToUnwritableFolder(t *testing.T) {
	t.Parallel()
	s := database(storetest.SQLite(t))
	publish(t, s, edition(t, "2024.01.0"))
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	refuse(t, s, []string{file}, "export", filepath.Join(file, "folder"))
}

// change is a row of the dataset changes.
type change struct{ ID, InRelease, Published, Dataset, Row, Change, Column, Old, New string }

var nextRows = []change{
	{"2024.02.0.observations.obs-002.value", "2024.02.0", "2024-02-28", "observations", "obs-002", "changed", "value", "7600", "7700"},
	{"2024.02.0.milestones.tp18-m4.added", "2024.02.0", "2024-02-28", "milestones", "tp18-m4", "added", "", "", ""},
	{"2024.02.0.milestones.tp18-m3.removed", "2024.02.0", "2024-02-28", "milestones", "tp18-m3", "removed", "", "", ""},
	{"2024.02.0.withdrawn.tp18-m3.added", "2024.02.0", "2024-02-28", "withdrawn", "tp18-m3", "added", "", "", ""},
}

// collection is the form of an answer with rows.
type collection[Row any] struct {
	Meta struct {
		Release string
		Total   int
	}
	Links struct{ Self, CSV string }
	Data  []Row
}

// releaseDocument is a release in /v1/releases.
type releaseDocument struct {
	ID, ContentHash, Notes, Self string
	Latest                       bool
	Datasets                     []struct {
		ID, ContentHash string
		Rows            int
		Files           []string
	}
}

func TestReleasesOverHTTP(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, edition(t, "2024.01.0"), next(t, "2024.02.0"))
		running := serve(t, s)
		listed(t, running, "*2024.02.0", "2024.01.0")

		var shown struct{ Data releaseDocument }
		running.read(t, "/v1/releases/2024.01.0", &shown)
		if shown.Data.ID != "2024.01.0" || shown.Data.Latest || shown.Data.Self != publicURL+"/v1/releases/2024.01.0" || shown.Data.Notes != "Nur für Tests." {
			t.Errorf("release 2024.01.0: %+v", shown.Data)
		}
		contains(t, succeed(t, s, "release", "show", "2024.01.0"), shown.Data.ContentHash)
		for _, d := range shown.Data.Datasets {
			for _, file := range d.Files {
				a := running.get(t, strings.TrimPrefix(file, publicURL), http.StatusOK)
				if cache := a.header.Get("Cache-Control"); !strings.Contains(cache, "immutable") {
					t.Errorf("%s may change: %s", file, cache)
				}
			}
		}
		running.read(t, "/v1/releases/latest", &shown)
		if shown.Data.ID != "2024.02.0" || !shown.Data.Latest {
			t.Errorf("latest: %+v", shown.Data)
		}
		missing := running.get(t, "/v1/releases/2024.03.0", http.StatusNotFound)
		contains(t, missing.body, `"value":"2024.03.0"`)
		contains(t, running.get(t, "/v1/goals?release=2024.03.0", http.StatusBadRequest).body, `"allowed":["latest","2024.02.0","2024.01.0"]`)

		for release, value := range map[string]string{"2024.01.0": "7600", "2024.02.0": "7700", "latest": "7700"} {
			a := running.get(t, "/v1/observations/obs-002?release="+release, http.StatusOK)
			contains(t, a.body, `"value":`+value+`,`)
		}
	})
}

// listed waits until /v1/releases has the ids; an asterisk marks the latest.
func listed(t testing.TB, running *service, want ...string) {
	t.Helper()
	testenv.Eventually(t, fmt.Sprintf("/v1/releases lists %v", want), func() error {
		a, err := running.ask("/v1/releases")
		if err != nil {
			return err
		}
		var list struct{ Data []releaseDocument }
		if err := json.Unmarshal([]byte(a.body), &list); err != nil {
			return fmt.Errorf("%w: %.300s", err, a.body)
		}
		var got []string
		for _, r := range list.Data {
			mark := ""
			if r.Latest {
				mark = "*"
			}
			got = append(got, mark+r.ID)
		}
		return unless(slices.Equal(got, want), "it lists %v", got)
	})
}

func TestDiffOverHTTP(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, edition(t, "2024.01.0"), next(t, "2024.02.0"))
		running := serve(t, s)
		for _, path := range []string{
			"/v1/releases/2024.02.0/diff?from=2024.01.0", "/v1/releases/latest/diff?from=2024.01.0",
			"/v1/releases/2024.02.0/diff", "/v1/releases/latest/diff", "/v1/changes",
		} {
			var document collection[change]
			running.read(t, path, &document)
			if diff := cmp.Diff(nextRows, document.Data); diff != "" {
				t.Errorf("%s (-want +got)\n%s", path, diff)
			}
			if document.Meta.Release != "2024.02.0" || document.Meta.Total != len(nextRows) {
				t.Errorf("%s: %+v", path, document.Meta)
			}
			if followed := running.get(t, strings.TrimPrefix(document.Links.Self, publicURL), http.StatusOK); !json.Valid([]byte(followed.body)) {
				t.Errorf("%s is not JSON", document.Links.Self)
			}
			csvRows(t, running.get(t, strings.TrimPrefix(document.Links.CSV, publicURL), http.StatusOK))
		}
		csvRows(t, running.get(t, "/v1/releases/2024.02.0/diff.csv?from=2024.01.0", http.StatusOK))

		var back collection[change]
		running.read(t, "/v1/releases/2024.01.0/diff?from=2024.02.0", &back)
		if i := slices.IndexFunc(back.Data, func(c change) bool { return c.Row == "obs-002" }); i < 0 || back.Data[i].Old != "7700" {
			t.Errorf("the other way round: %+v", back.Data)
		}
		var none collection[change]
		running.read(t, "/v1/releases/2024.01.0/diff?from=2024.01.0", &none)
		if len(none.Data) != 0 || none.Meta.Total != 0 {
			t.Errorf("from itself: %+v", none)
		}
		contains(t, running.get(t, "/v1/releases/2024.01.0/diff", http.StatusBadRequest).body, "2024.01.0 is the first release")
		contains(t, running.get(t, "/v1/releases/2024.01.0/diff?from=2023.01.0", http.StatusBadRequest).body, `"parameter":"from"`)
		running.get(t, "/v1/releases/2023.01.0/diff", http.StatusNotFound)
	})
}

// csvRows compares an answer as CSV with nextRows.
func csvRows(t testing.TB, a answer) {
	t.Helper()
	if mediaType := a.header.Get("Content-Type"); !strings.HasPrefix(mediaType, "text/csv") {
		t.Errorf("the type is %s", mediaType)
	}
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"id", "inRelease", "published", "dataset", "row", "change", "column", "old", "new"}}
	for _, c := range nextRows {
		want = append(want, []string{c.ID, c.InRelease, c.Published, c.Dataset, c.Row, c.Change, c.Column, c.Old, c.New})
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("CSV (-want +got)\n%s", diff)
	}
}

// TestHistory keeps the changes of all releases, with what follows from them in computed
// datasets.
func TestHistory(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		third := next(t, "2024.03.0")
		storetest.Replace(t, third, "observations.csv", "actual,8200,", "actual,9000,")
		publish(t, s, edition(t, "2024.01.0"), next(t, "2024.02.0"), third)
		running := serve(t, s)
		cell := func(dataset, row, column, old, next string) change {
			id := strings.Join([]string{"2024.03.0", dataset, row, column}, ".")
			return change{id, "2024.03.0", "2024-03-28", dataset, row, "changed", column, old, next}
		}
		want := append(slices.Clone(nextRows),
			cell("observations", "obs-004", "value", "8200", "9000"),
			cell("goal-progress", "ts2-01.e-file-users", "actualValue", "8200", "9000"),
			cell("goal-progress", "ts2-01.e-file-users", "share", "11", "12"))
		var all collection[change]
		running.read(t, "/v1/changes", &all)
		if diff := cmp.Diff(want, all.Data); diff != "" {
			t.Errorf("/v1/changes (-want +got)\n%s", diff)
		}
		var filtered collection[change]
		running.read(t, "/v1/changes?release=2024.02.0", &filtered)
		if diff := cmp.Diff(nextRows, filtered.Data); diff != "" {
			t.Errorf("/v1/changes of an older release (-want +got)\n%s", diff)
		}
	})
}
