// SPDX-License-Identifier: EUPL-1.2

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestPartialPackage checks and imports a folder with one dataset, as editors do.
func TestPartialPackage(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		dir := folder(t, "areas.csv", "Welt", "Erde", "datapackage.json", "2024.01.0", "2024.02.0", "datapackage.json", "2024-01-31", "2024-02-01")
		paths, err := filepath.Glob(filepath.Join(dir, "*.csv"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if filepath.Base(path) != "areas.csv" {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
		}
		command := func(status int, args ...string) (stdout, stderr string) {
			t.Helper()
			got, stdout, stderr := run(t, append(args, "--database-url", databaseURL)...)
			if got != status {
				t.Fatalf("%q: status %d\n%s%s", args, got, stdout, stderr)
			}
			return stdout, strings.TrimPrefix(stderr, created(databaseURL))
		}
		const first = "datapackage.json, resources: are incomplete, and no published release has the missing datasets; the first release must have all datasets that are not optional; missing: goals, "
		for _, args := range [][]string{{"check", "--describe", dir}, {"check", dir}, {"import", dir}} {
			if stdout, stderr := command(1, args...); stdout != "" || !strings.HasPrefix(stderr, first) {
				t.Errorf("%q over no release: %q\n%s", args, stdout, stderr)
			}
		}
		command(0, "import", folder(t))
		const carried = "Taken from release 2024.01.0: goals, goal-status, indicators, observations, ozg-service-counts, milestones, services, service-availability, contradictions, strategies, fields-of-action, sources, codelists, withdrawn\n"
		const changes = "From release 2024.01.0 to 2024.02.0:\n  areas: 1 cell changed\n    ~ WORLD title: \"Welt\" → \"Erde\"\n"
		for _, tt := range []struct {
			args []string
			want string
		}{
			{[]string{"check", "--describe", dir}, "     4  areas\n" + carried + dir + ": release 2024.02.0 is in order\n"},
			{[]string{"import", "--dry-run", dir}, carried + changes + "Dry run: release 2024.02.0 is not published\n"},
			{[]string{"import", dir}, carried + changes + "Published release 2024.02.0\n"},
			{[]string{"import", dir}, "Release 2024.02.0 is published with the same content; nothing to do\n"},
		} {
			stdout, stderr := command(0, tt.args...)
			if diff := cmp.Diff(tt.want, stdout); diff != "" || stderr != "" {
				t.Errorf("%q (-want +got)\n%s%s", tt.args, diff, stderr)
			}
		}
		out := filepath.Join(t.TempDir(), "export")
		command(0, "export", out)
		if status, stdout, stderr := run(t, "check", out); status != 0 || !strings.Contains(stdout, "     6  goals\n") {
			t.Errorf("check of the export: status %d\n%s%s", status, stdout, stderr)
		}
		if areas, err := os.ReadFile(filepath.Join(out, "areas.csv")); err != nil || !strings.Contains(string(areas), "Erde") {
			t.Errorf("areas.csv of the export: %v\n%s", err, areas)
		}
	})
}
