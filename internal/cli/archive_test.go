// SPDX-License-Identifier: EUPL-1.2

package cli_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/zielstand/zielstand/internal/cli/clitest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestArchives imports the ZIP file that the server offers, one that an editor packed, and
// an edited workbook.
func TestArchives(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		command := func(status int, args ...string) (stdout, stderr string) {
			t.Helper()
			got, stdout, stderr := run(t, append(args, "--database-url", databaseURL)...)
			if got != status {
				t.Fatalf("%q: status %d\n%s%s", args, got, stdout, stderr)
			}
			return stdout, stderr
		}
		dir := folder(t)
		packed := filepath.Join(t.TempDir(), "package.zip")
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		if err := w.AddFS(os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(packed, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		if stdout, _ := command(0, "check", packed); !strings.HasSuffix(stdout, packed+": release 2024.01.0 is in order\n") {
			t.Errorf("check of an archive: %s", stdout)
		}
		command(0, "import", packed)
		server, err := clitest.Start(nil, "--http-address", "127.0.0.1:0", "--log-level", "error", "--database-url", databaseURL, "--cache-path", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { server.Stop() })
		files := t.TempDir()
		served, areas := filepath.Join(files, "zielstand.zip"), filepath.Join(files, "areas.xlsx")
		for path, file := range map[string]string{"/v1/releases/2024.01.0/zielstand.zip": served, "/v1/areas.xlsx?labels=en": areas} {
			if err := os.WriteFile(file, fetched(t, server.URL+path), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		const published = "Release 2024.01.0 is published with the same content; nothing to do\n"
		if stdout, stderr := command(0, "import", served); stdout != published || stderr != "" {
			t.Errorf("the file that is served: %s%s", stdout, stderr)
		}
		unpacked := filepath.Join(files, "unpacked")
		archive, err := zip.OpenReader(served)
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		if err := os.CopyFS(unpacked, archive); err != nil {
			t.Fatal(err)
		}
		if stdout, _ := command(0, "check", "--describe", unpacked); !strings.HasSuffix(stdout, unpacked+": release 2024.01.0 is in order\n") {
			t.Errorf("--describe of the file that is served: %s", stdout)
		}
		if stdout, stderr := command(0, "import", unpacked); stdout != published || stderr != "" {
			t.Errorf("the described files: %s%s", stdout, stderr)
		}
		if err := os.Remove(filepath.Join(unpacked, "goals.csv")); err != nil {
			t.Fatal(err)
		}
		if stdout, _ := command(0, "check", "--describe", unpacked); !strings.Contains(stdout, "Taken from release 2024.01.0: goals\n") {
			t.Errorf("--describe without a file: %s", stdout)
		}
		other := "sqlite:" + filepath.Join(t.TempDir(), "other.db")
		if status, stdout, stderr := run(t, "import", "--database-url", other, served); status != 0 || !strings.HasSuffix(stdout, "Published release 2024.01.0\n") {
			t.Errorf("the file that is served, into another database: status %d\n%s%s", status, stdout, stderr)
		}
		if stdout, _ := command(0, "check", areas); stdout != "release 2024.01.0: no cell differs; nothing to do\n" {
			t.Errorf("a workbook: %s", stdout)
		}
		f, err := excelize.OpenFile(areas)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStr(f.GetSheetName(0), "B2", "Erde"); err != nil {
			t.Fatal(err)
		}
		if err := f.Save(); err != nil {
			t.Fatal(err)
		}
		const carried = "Taken from release 2024.01.0: goals, goal-status, indicators, observations, ozg-service-counts, milestones, services, service-availability, contradictions, strategies, fields-of-action, sources, codelists, withdrawn\n"
		// The assessment of a goal follows from the day of the release, which is today.
		const changes = "From release 2024.01.0 to 2030.01.0:\n  goals: 2 cells changed\n    ~ ts2-01 assessment: \"on-record\" → \"unknown-since\"\n    ~ ts2-04 assessment: \"on-record\" → \"unknown-since\"\n  areas: 1 cell changed\n    ~ WORLD title: \"Welt\" → \"Erde\"\n"
		for _, tt := range []struct {
			args []string
			want string
		}{
			{[]string{"import", "--release", "2030.01.0", "--dry-run", areas}, carried + changes + "Dry run: release 2030.01.0 is not published\n"},
			{[]string{"import", "--release", "2030.01.0", "--notes", "Neuer Name.", areas}, carried + changes + "Published release 2030.01.0\n"},
			{[]string{"import", areas}, "release 2030.01.0: no cell differs; nothing to do\n"},
		} {
			if stdout, _ := command(0, tt.args...); stdout != tt.want {
				t.Errorf("%q (-want +got)\n%s", tt.args, cmp.Diff(tt.want, stdout))
			}
		}
		if stdout, _ := command(0, "release", "show", "2030.01.0"); !strings.Contains(stdout, "Neuer Name.") {
			t.Errorf("the notes: %s", stdout)
		}
		if _, stderr := command(1, "import", "--release", "30.1", areas); !strings.Contains(stderr, `--release="30.1": is not a valid version; `) {
			t.Errorf("a version: %s", stderr)
		}
		if _, stderr := command(1, "check", "--describe", packed); !strings.Contains(stderr, "--describe: takes exactly one folder") {
			t.Errorf("describe: %s", stderr)
		}
	})
}

func fetched(t *testing.T, address string) []byte {
	t.Helper()
	status, body := get(t, address)
	if status != 200 {
		t.Fatalf("%s: status %d", address, status)
	}
	return body
}
