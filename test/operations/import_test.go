// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/storetest"
)

// next is an edition that adds, changes and removes a row each.
func next(t testing.TB, version string) fstest.MapFS {
	t.Helper()
	pkg := edition(t, version)
	storetest.Replace(t, pkg, "observations.csv", "actual,7600,", "actual,7700,")
	add(t, pkg, "milestones.csv", "tp18-m4", "", "tp18-recht", "Bericht vorgelegt", "Report presented", "2021", "test-bericht", "2, „Rechtliche Rahmenbedingungen“", "reached")
	withdraw(t, pkg, "milestones", "tp18-m3")
	return pkg
}

const nextChanges = `From release 2024.01.0 to 2024.02.0:
  observations: 1 cell changed
    ~ obs-002 value: "7600" → "7700"
  milestones: 1 row added, 1 row removed
    + tp18-m4 fieldOfAction="tp18-recht" title="Bericht vorgelegt" titleEn="Report presented" reached="2021" source="test-bericht" locator="2, „Rechtliche Rahmenbedingungen“" published="2021-08" state="reached"
    - tp18-m3 fieldOfAction="tp18-recht" title="Übergangsfrist geklärt" titleEn="Transition period settled" source="test-bericht" locator="2, „Rechtliche Rahmenbedingungen“" published="2021-08" state="reached"
  withdrawn: 1 row added
    + tp18-m3 dataset="milestones" withdrawn="2024-02-01" reason="Das Dokument wurde berichtigt." reasonEn="The document was corrected."
`

func TestImport(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		out := succeed(t, s, "import", folder(t, edition(t, "2024.01.0")))
		printed(t, "First release 2024.01.0\nPublished release 2024.01.0\n", out)

		dir := folder(t, next(t, "2024.02.0"))
		out = succeed(t, s, "import", "--dry-run", dir)
		printed(t, nextChanges+"Dry run: release 2024.02.0 is not published\n", out)
		isLatest(t, s, "2024.01.0")

		printed(t, nextChanges+"Published release 2024.02.0\n", succeed(t, s, "import", dir))
		isLatest(t, s, "2024.02.0")
		whole(t, url)

		printed(t, "Release 2024.02.0 is published with the same content; nothing to do\n", succeed(t, s, "import", dir))
		refuse(t, s, []string{"release 2024.02.0 is already published with different content; releases never change: raise the version in datapackage.json"},
			"import", folder(t, edition(t, "2024.02.0")))
		whole(t, url)
	})
}

// TestDryRun shows what an approval needs: the values of new rows, old and new
// cells, and what follows in the computed datasets; long lists only with --all. The
// dataset changes then has the same.
func TestDryRun(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, edition(t, "2024.01.0"))
		pkg := edition(t, "2024.02.0")
		storetest.Replace(t, pkg, "observations.csv", "2021-06,actual,8200,", "2021-06,actual,9000,")
		storetest.Replace(t, pkg, "observations.csv", "-5 Prozent wären zu viel", strings.Repeat("lang ", 30)+"genug")
		for i := range 22 {
			add(t, pkg, "areas.csv", fmt.Sprintf("053%02d", i), "Kreis", "District", "state")
		}
		dir := folder(t, pkg)
		short := `From release 2024.01.0 to 2024.02.0:
  observations: 2 cells changed
    ~ obs-004 value: "8200" → "9000"
    ~ obs-004 note: "-5 Prozent wären zu viel" → "` + strings.Repeat("lang ", 16) + `…"
  goal-progress (computed): 2 cells changed
    ~ ts2-01.e-file-users actualValue: "8200" → "9000"
    ~ ts2-01.e-file-users share: "11" → "12"
  areas: 22 rows added
`
		rest := ""
		for i := range 22 {
			line := fmt.Sprintf("    + 053%02d title=\"Kreis\" titleEn=\"District\" level=\"state\"\n", i)
			if i < 20 {
				short += line
			} else {
				rest += line
			}
		}
		const end = "Dry run: release 2024.02.0 is not published\n"
		printed(t, short+"    … and 2 more\n2 changes not shown; --all shows everything\n"+end, succeed(t, s, "import", "--dry-run", dir))
		all := strings.Replace(short, strings.Repeat("lang ", 16)+"…", strings.Repeat("lang ", 30)+"genug", 1)
		printed(t, all+rest+end, succeed(t, s, "import", "--dry-run", "--all", dir))
		isLatest(t, s, "2024.01.0")

		succeed(t, s, "import", dir)
		var published collection[change]
		serve(t, s).read(t, "/v1/changes", &published)
		for _, c := range published.Data {
			line := fmt.Sprintf("\n    ~ %s %s: %q → %q\n", c.Row, c.Column, c.Old, c.New)
			if c.Change == "added" {
				line = "\n    + " + c.Row + " "
			}
			contains(t, all+rest, line)
		}
		if shown := strings.Count(all+rest, "\n    "); len(published.Data) != shown {
			t.Errorf("the dry run shows %d changes, the dataset changes has %d", shown, len(published.Data))
		}
	})
}

func TestImportInvalidPackage(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, edition(t, "2024.01.0"))
		pkg := edition(t, "2024.02.0")
		storetest.Replace(t, pkg, "observations.csv", "actual,7600,", "actual,7.600,")
		storetest.Replace(t, pkg, "goal-status.csv", "announced", "promised")
		refuse(t, s, []string{"observations.csv, row 3, column value", "goal-status.csv, row 2, column status", "2 errors; nothing is published"}, "import", folder(t, pkg))
		isLatest(t, s, "2024.01.0")
	})
}

// TestImportsAtOnce starts several imports of the same version with different content.
// One succeeds, the others report why they failed.
func TestImportsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, edition(t, "2024.01.0"))
		var dirs []string
		for i := range 4 {
			pkg := edition(t, "2024.02.0")
			storetest.Replace(t, pkg, "observations.csv", "actual,7600,", fmt.Sprintf("actual,%d,", 7601+i))
			dirs = append(dirs, folder(t, pkg))
		}
		won := 0
		for _, o := range atOnce(s, dirs) {
			if o.status == 0 {
				won++
			} else if !says(o.stderr, "another import is under way", "another release was published meanwhile; import again", "does not come after release 2024.02.0", "is already published with different content") {
				t.Errorf("an import that lost does not say why:\n%s", o.stderr)
			}
		}
		if won != 1 {
			t.Errorf("%d imports won, want 1", won)
		}
		isLatest(t, s, "2024.02.0")
		whole(t, url)
	})
}

// TestPartsAtOnce starts imports of packages that each have another dataset. Those that
// lose say so, and succeed when they are repeated: no change is lost.
func TestPartsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, edition(t, "2024.01.0"))
		changed := []struct{ file, old, new string }{
			{"observations.csv", "actual,7600,", "actual,7601,"},
			{"areas.csv", "Welt", "Erde"},
			{"indicators.csv", "neutral", "less-is-better"},
			{"service-availability.csv", "aendern,not-ok,", "aendern,ok,"},
		}
		for round := 0; len(changed) > 0; round++ {
			var dirs []string
			for i, c := range changed {
				// Editions of later days have later versions.
				pkg := edition(t, fmt.Sprintf("2024.02.%d", 10*round+i))
				storetest.Replace(t, pkg, c.file, c.old, c.new)
				part(t, pkg, strings.TrimSuffix(c.file, ".csv"))
				dirs = append(dirs, folder(t, pkg))
			}
			lost := changed[:0:0]
			for i, o := range atOnce(s, dirs) {
				if o.status == 0 {
					continue
				}
				lost = append(lost, changed[i])
				if !says(o.stderr, "another import is under way", "another release was published meanwhile; import again", "does not come after", "must be later than") {
					t.Errorf("an import that lost does not say why:\n%s", o.stderr)
				}
			}
			if len(lost) == len(changed) {
				t.Fatalf("no import of %d won", len(changed))
			}
			changed = lost
		}
		whole(t, url)
		dir := t.TempDir()
		succeed(t, s, "export", dir)
		for file, want := range map[string]string{"observations.csv": "actual,7601,", "areas.csv": "Erde", "indicators.csv": "less-is-better", "service-availability.csv": "aendern,ok,"} {
			if content, err := os.ReadFile(filepath.Join(dir, file)); err != nil || !strings.Contains(string(content), want) {
				t.Errorf("%s of the latest release does not have %s (%v)", file, want, err)
			}
		}
	})
}

// TestFirstImportsAtOnce starts several imports of the same package on an empty
// database, which each would migrate.
func TestFirstImportsAtOnce(t *testing.T) {
	t.Parallel()
	for round := range 2 {
		t.Run(fmt.Sprint(round), func(t *testing.T) { storetest.Each(t, firstImportsAtOnce) })
	}
}

func firstImportsAtOnce(t *testing.T, url string) {
	s := database(url)
	dir := folder(t, edition(t, "2024.01.0"))
	won := 0
	for _, o := range atOnce(s, slices.Repeat([]string{dir}, 5)) {
		switch {
		case strings.Contains(o.stdout, "Published release 2024.01.0"):
			won++
		case o.status == 0 && strings.Contains(o.stdout, "nothing to do"):
		case !says(o.stderr, "another import is under way"):
			t.Errorf("an import that lost does not say why:\n%s%s", o.stdout, o.stderr)
		}
	}
	if won != 1 {
		t.Errorf("%d imports won, want 1", won)
	}
	whole(t, url)
}

// TestImportWhileAnotherWaits holds one import in the middle of its transaction
// and starts a second.
func TestImportWhileAnotherWaits(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := database(url)
	publish(t, s, edition(t, "2024.01.0"))
	first, second := folder(t, marked(t, "2024.02.0")), folder(t, marked(t, "2024.03.0"))
	// SHARE keeps writers out and lets readers in.
	unlock := lock(t, url, "LOCK TABLE goals IN SHARE MODE")
	ended := make(chan outcome, 1)
	go func() { ended <- run(s, "import", first) }()
	waiting(t, url, 1)
	refuse(t, s, []string{"conflict: another import is under way"}, "import", second)
	refuse(t, s, []string{"conflict: another import is under way"}, "release", "use", "2024.01.0")
	isLatest(t, s, "2024.01.0")
	unlock()
	if o := <-ended; o.status != 0 {
		t.Fatalf("the first import: %s", o.stderr)
	}
	succeed(t, s, "import", second)
	whole(t, url)
}

// atOnce imports folders at the same time.
func atOnce(s settings, dirs []string) []outcome {
	outcomes := make([]outcome, len(dirs))
	var group sync.WaitGroup
	for i, dir := range dirs {
		group.Go(func() { outcomes[i] = run(s, "import", dir) })
	}
	group.Wait()
	return outcomes
}

func says(text string, alternatives ...string) bool {
	for _, a := range alternatives {
		if strings.Contains(text, a) {
			return true
		}
	}
	return false
}

// printed compares what a command printed.
func printed(t testing.TB, want, got string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("printed (-want +got)\n%s", diff)
	}
}

// isLatest checks the release that is marked in the list.
func isLatest(t testing.TB, s settings, release string) {
	t.Helper()
	if list := succeed(t, s, "release", "list"); !strings.Contains("\n"+list, "\n* "+release+" ") {
		t.Errorf("%s is not the latest:\n%s", release, list)
	}
}
