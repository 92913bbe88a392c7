// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/zielstand/zielstand/internal/storetest"
)

// TestRules imports releases that break a rule: they are refused, unless an exception
// allows them, which the release's notes record.
func TestRules(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		version string
		change  func(testing.TB, fstest.MapFS)
		message string
		// allow is the exception that the message names, or empty.
		allow string
	}{
		{
			name: "identifier vanished", version: "2024.02.0",
			change:  func(t testing.TB, pkg fstest.MapFS) { remove(t, pkg, "milestones.csv", "tp18-m3") },
			message: "milestones: the id tp18-m3 has vanished; add it to withdrawn.csv with the reason",
			allow:   "vanished:tp18-m3",
		},
		{
			name: "date of a source", version: "2024.02.0",
			change: func(t testing.TB, pkg fstest.MapFS) {
				storetest.Replace(t, pkg, "sources.csv", "report,2021-08,", "report,2021-09,")
			},
			message: "sources: published of test-bericht changes from 2021-08 to 2021-09; the date of a source must not change",
			allow:   "published:test-bericht",
		},
		{
			name: "synthetic over real", version: "2024.02.0",
			change: func(t testing.TB, pkg fstest.MapFS) {
				storetest.Replace(t, pkg, "datapackage.json", `"synthetic": false`, `"synthetic": true`)
			},
			message: "release 2024.02.0 is synthetic; it must not be published over the real release 2024.01.1",
		},
		{
			name: "version not greater", version: "2024.01.0",
			change: func(t testing.TB, pkg fstest.MapFS) {
				storetest.Replace(t, pkg, "datapackage.json", "2024-01-28T12:00:00Z", "2024-02-28T12:00:00Z")
			},
			message: "release 2024.01.0 does not come after the latest release 2024.01.1; raise the version in datapackage.json",
			allow:   "version:2024.01.0",
		},
		{
			name: "created before", version: "2024.02.0",
			change: func(t testing.TB, pkg fstest.MapFS) {
				storetest.Replace(t, pkg, "datapackage.json", "2024-02-28T12:00:00Z", "2024-01-28T11:59:59Z")
			},
			message: "datapackage.json: created 2024-01-28T11:59:59Z of release 2024.02.0 must be later than 2024-01-28T12:01:00Z, the time of the latest release 2024.01.1",
			allow:   "created:2024.02.0",
		},
		{
			name: "created at the same time", version: "2024.02.0",
			change: func(t testing.TB, pkg fstest.MapFS) {
				storetest.Replace(t, pkg, "datapackage.json", "2024-02-28T12:00:00Z", "2024-01-28T13:01:00+01:00")
			},
			message: "datapackage.json: created 2024-01-28T12:01:00Z of release 2024.02.0 must be later than 2024-01-28T12:01:00Z, the time of the latest release 2024.01.1",
			allow:   "created:2024.02.0",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, url string) {
				s := database(url)
				publish(t, s, genuine(t, edition(t, "2024.01.1")))
				pkg := genuine(t, edition(t, test.version))
				test.change(t, pkg)
				dir := folder(t, pkg)

				refuse(t, s, []string{test.message, "1 objection; nothing is published"}, "import", dir)
				refuse(t, s, []string{test.message}, "import", "--dry-run", dir)
				isLatest(t, s, "2024.01.1")
				if test.allow == "" {
					return
				}
				refuse(t, s, []string{"--allow " + test.allow}, "import", dir)
				contains(t, succeed(t, s, "import", "--allow", test.allow, dir), "Published release "+test.version)
				contains(t, succeed(t, s, "release", "show", "latest"), "Nur für Tests.\n            Ausnahmen: "+test.allow+"\n")
				whole(t, url)
			})
		})
	}
}

// TestRulesAllAtOnce breaks several rules: all objections are reported together,
// and an exception leaves the others.
func TestRulesAllAtOnce(t *testing.T) {
	t.Parallel()
	s := database(storetest.SQLite(t))
	publish(t, s, edition(t, "2024.01.0"))
	pkg := edition(t, "2024.02.0")
	remove(t, pkg, "milestones.csv", "tp18-m2")
	remove(t, pkg, "milestones.csv", "tp18-m3")
	dir := folder(t, pkg)
	refuse(t, s, []string{"the id tp18-m2 has vanished", "the id tp18-m3 has vanished", "2 objections"}, "import", dir)
	refuse(t, s, []string{"the id tp18-m3 has vanished", "1 objection"}, "import", "--allow", "vanished:tp18-m2", dir)
	refuse(t, s, []string{`--allow="vanished:tp18-m4": this release does not need the exception; did you mean "vanished:tp18-m2"?`},
		"import", "--allow", "vanished:tp18-m2,vanished:tp18-m3,vanished:tp18-m4", dir)
	isLatest(t, s, "2024.01.0")
	succeed(t, s, "import", "--allow", "vanished:tp18-m2,vanished:tp18-m3", dir)
	contains(t, succeed(t, s, "release", "show", "2024.02.0"), "Ausnahmen: vanished:tp18-m2, vanished:tp18-m3\n")
}

// TestCreatedInTheFuture warns, and publishes all the same.
func TestCreatedInTheFuture(t *testing.T) {
	t.Parallel()
	s := database(storetest.SQLite(t))
	publish(t, s, edition(t, "2024.01.0"))
	pkg := edition(t, "2024.02.0")
	storetest.Replace(t, pkg, "datapackage.json", "2024-02-28T12:00:00Z", "2124-02-28T12:00:00Z")
	dir := folder(t, pkg)
	const warning = `warning: datapackage.json, created: "2124-02-28T12:00:00Z" is in the future; the next release would need an even later time; it is `
	for _, args := range [][]string{{"import", "--dry-run", dir}, {"import", dir}} {
		if o := run(s, args...); o.status != 0 || !strings.Contains(o.stderr, warning) {
			t.Errorf("%v: status %d, errors %q", args, o.status, o.stderr)
		}
	}
	isLatest(t, s, "2024.02.0")
	if o := run(s, "import", folder(t, edition(t, "2024.03.0"))); o.status != 1 || !strings.Contains(o.stderr, "must be later than 2124-02-28T12:00:00Z") {
		t.Errorf("the next: status %d, errors %q", o.status, o.stderr)
	}
}

// TestColumnDropped lets the latest release have a dataset and a column that
// the program does not know any more.
func TestColumnDropped(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, edition(t, "2024.01.0"))
		dir := folder(t, edition(t, "2024.02.0"))
		storetest.Execute(t, url, "UPDATE release_datasets SET dataset = 'colours' WHERE dataset = 'changes'")
		refuse(t, s, []string{"the dataset colours was dropped; a published dataset must not be removed"}, "import", dir)
		storetest.Execute(t, url, "UPDATE release_datasets SET columns = 'id,colour,' || columns WHERE dataset = 'areas'")
		refuse(t, s, []string{"areas: the column colour was dropped or moved; new columns may only be added at the end"}, "import", dir)
		isLatest(t, s, "2024.01.0")
	})
}

// TestWithdrawn publishes the removal of a row with a reason, and asks for the
// row.
func TestWithdrawn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, edition(t, "2024.01.0"))
		running := serve(t, s)
		running.get(t, "/v1/milestones/tp18-m3", http.StatusOK)

		pkg := edition(t, "2024.02.0")
		withdraw(t, pkg, "milestones", "tp18-m3")
		publish(t, s, pkg)
		running.serves(t, "2024.02.0")

		gone := running.get(t, "/v1/milestones/tp18-m3", http.StatusGone)
		if gone.header.Get("Content-Type") != "application/problem+json" ||
			!strings.Contains(gone.body, "tp18-m3 was withdrawn on 2024-02-01: The document was corrected. / Das Dokument wurde berichtigt.") {
			t.Errorf("410 without the reason: %v\n%s", gone.header, gone.body)
		}
		running.get(t, "/v1/goals/tp18-m3", http.StatusNotFound)
		running.get(t, "/v1/milestones/tp18-m3?release=2024.01.0", http.StatusOK)

		back := edition(t, "2024.03.0")
		add(t, back, "withdrawn.csv", "tp18-m3", "milestones", "2024-02-01", "Das Dokument wurde berichtigt.", "The document was corrected.")
		refuse(t, s, []string{"withdrawn.csv", "tp18-m3", "an identifier is never reused"}, "import", folder(t, back))
		refuse(t, s, []string{"withdrawn: the id tp18-m3 has vanished"}, "import", folder(t, edition(t, "2024.03.0")))
	})
}

// contains checks that a text was printed among others.
func contains(t testing.TB, out, text string) {
	t.Helper()
	if !strings.Contains(out, text) {
		t.Errorf("it does not print %q:\n%s", text, out)
	}
}
