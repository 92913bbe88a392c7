package operationstest

import (
	"fmt"
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
	add(t, pkg, "milestones.csv", "tp18-m4", "", "tp18-recht", "Bericht vorgelegt", "Report presented", "2021", "test-bericht", "2, »Rechtliche Rahmenbedingungen«")
	withdraw(t, pkg, "milestones", "tp18-m3")
	return pkg
}

const nextChanges = `From release 2024.01.0 to 2024.02.0:
  observations
    ~ obs-002 value: "7600" → "7700"
  milestones
    + tp18-m4
    - tp18-m3
  withdrawn
    + tp18-m3
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
		refuse(t, s, []string{"release 2024.02.0 is published with other content; releases never change: raise the version in datapackage.json"},
			"import", folder(t, edition(t, "2024.02.0")))
		whole(t, url)
	})
}

func TestImportInvalidPackage(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, edition(t, "2024.01.0"))
		pkg := edition(t, "2024.02.0")
		storetest.Replace(t, pkg, "observations.csv", "actual,7600,", "actual,7.600,")
		storetest.Replace(t, pkg, "goals.csv", "announced", "promised")
		refuse(t, s, []string{"observations.csv, row 3, column value", "goals.csv, row 2, column status", "2 errors; nothing is published"}, "import", folder(t, pkg))
		isLatest(t, s, "2024.01.0")
	})
}

// TestImportsAtOnce starts several imports of the same version with different
// content: one wins, and the others say why they did not.
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
			} else if !says(o.stderr, "another import is under way", "another release was published meanwhile; import again", "is published with other content") {
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

// TestFirstImportsAtOnce starts several imports of the same package on an empty
// database, which each would migrate.
func TestFirstImportsAtOnce(t *testing.T) {
	t.Parallel()
	for round := range 4 {
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
	first, second := folder(t, edition(t, "2024.02.0")), folder(t, edition(t, "2024.03.0"))
	// SHARE keeps writers out and lets readers in.
	unlock := lock(t, url, "LOCK TABLE observations IN SHARE MODE")
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
