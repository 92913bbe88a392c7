// SPDX-License-Identifier: EUPL-1.2

package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/cli"
	"github.com/zielstand/zielstand/internal/cli/clitest"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
	"github.com/zielstand/zielstand/openapi"
)

// run runs a command to its end.
func run(t testing.TB, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = cli.Run(context.Background(), args, nil, &out, &errs)
	return status, out.String(), errs.String()
}

// folder writes Package to the disk after the test has spoilt it.
func folder(t testing.TB, replacements ...string) string {
	t.Helper()
	pkg := storetest.Package(t)
	for i := 0; i < len(replacements); i += 3 {
		storetest.Replace(t, pkg, replacements[i], replacements[i+1], replacements[i+2])
	}
	dir := filepath.Join(t.TempDir(), "package")
	if err := os.CopyFS(dir, pkg); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCheck(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	status, stdout, stderr := run(t, "check", dir)
	want := `     6  goals
     9  goal-status
     5  indicators
    13  observations
     7  ozg-service-counts
     3  milestones
     2  services
     4  service-availability
     2  contradictions
     2  strategies
     3  fields-of-action
     4  areas
     3  sources
    86  codelists
     1  withdrawn
` + dir + ": release 2024.01.0 is in order\n"
	if diff := cmp.Diff(want, stdout); diff != "" || status != 0 || stderr != doubt {
		t.Errorf("status %d, errors %q (-want +got)\n%s", status, stderr, diff)
	}
}

// doubt are the warnings about the test data.
const doubt = "warning: sources.csv, 2 rows (3, 4), column access: is empty, and so is url; " +
	"one of the two must say where the source can be found: its address, or in words how to get it\n" +
	"warning: observations.csv, 3 rows (5, 8, 13), column noteEn: is empty, but note is not\n" +
	"warning: ozg-service-counts.csv, 2 rows (2, 8), column noteEn: is empty, but note is not\n" +
	"warning: ozg-service-counts.csv, 3 rows (5, 6, 7), column asOf: \"2021-11\" begins after its source was published (2021-08), " +
	"but the row says that it has happened\n"

// TestImportWarns prints warnings, and publishes all the same.
func TestImportWarns(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	databaseURL := storetest.SQLite(t)
	storetest.Open(t, databaseURL)
	dir := folder(t)
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--dry-run"}, "Dry run: release 2024.01.0 is not published\n"},
		{nil, "Published release 2024.01.0\n"},
	} {
		status, stdout, stderr := run(t, append([]string{"import", dir, "--database-url", databaseURL}, tt.args...)...)
		if status != 0 || stderr != doubt || !strings.HasSuffix(stdout, tt.want) {
			t.Errorf("%v: status %d, output %q, errors %q", tt.args, status, stdout, stderr)
		}
	}
}

func TestCheckFindings(t *testing.T) {
	t.Parallel()
	dir := folder(t, "goals.csv", ",2023-06,", ",2023-13,", "observations.csv", ",62.50,", `,"62,50",`)
	status, stdout, stderr := run(t, "check", dir)
	want := `goals.csv, row 6, column due: "2023-13" is not a valid period: no such date in the calendar; ` + domain.PeriodRule + `
observations.csv, row 7, column value: "62,50" has a decimal comma; write 62.50
` + dir + ": 2 errors\n"
	if diff := cmp.Diff(want, stderr); diff != "" || status != 1 || stdout != "" {
		t.Errorf("status %d, output %q (-want +got)\n%s", status, stdout, diff)
	}
}

// TestNoPackage says in one line why there is nothing to check, import or serve.
func TestNoPackage(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	absent, empty := filepath.Join(t.TempDir(), "absent"), t.TempDir()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"check", absent}, "zielstand: " + absent + ": there is no such file or folder\n"},
		{temporary(t, "import", absent), "zielstand: " + absent + ": there is no such file or folder\n"},
		{[]string{"check", empty, absent}, "zielstand: " + absent + ": there is no such file or folder\n"},
		{[]string{"check", empty, empty}, "zielstand: " + empty + " " + empty + ": only workbooks can be imported together; a data package is one folder or one ZIP archive\n"},
		{[]string{"check", os.DevNull}, "zielstand: " + os.DevNull + ": is a device; it must be a folder, a ZIP archive or a workbook (XLSX)\n"},
		{temporary(t, "import", "--notes", "x", empty), "zielstand: " + empty + ": --release and --notes are for workbooks; a data package has them in datapackage.json\n"},
		{temporary(t, "--fixtures-path", absent), "zielstand: " + absent + ": there is no such folder\n"},
		{[]string{"check", empty}, "datapackage.json: is missing, and so are all CSV files; is this the folder of a data package?\n" + empty + ": 1 error\n"},
		{temporary(t, "import", empty), "datapackage.json: is missing, and so are all CSV files; is this the folder of a data package?\n" + empty + ": 1 error; nothing is published\n"},
	} {
		if status, _, stderr := run(t, tt.args...); status != 1 || stderr != tt.want {
			t.Errorf("%q: status %d, %q, want %q", tt.args, status, stderr, tt.want)
		}
	}
}

// TestTerminal lists a release whose title was published before such titles were
// refused: neither an escape sequence nor a line of its own reaches the terminal.
func TestTerminal(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		content := storetest.Content(t, s, storetest.Package(t))
		content.Release.Title, content.Release.Notes = "Ziele\x1b[2J\u202e\n* 2030.01.0", "eins\u009b\nTitle zwei"
		if _, err := s.Publish(context.Background(), content); err != nil {
			t.Fatal(err)
		}
		_, list, _ := run(t, "release", "list", "--database-url", databaseURL)
		if want := `Ziele\x1b[2J\u202e\n* 2030.01.0` + "\n"; !strings.HasSuffix(list, want) || strings.Count(list, "\n") != 1 {
			t.Errorf("list: %q, want %q", list, want)
		}
		_, shown, _ := run(t, "release", "show", "latest", "--database-url", databaseURL)
		if want := "\nNotes       eins\\u009b\n            Title zwei\n"; !strings.Contains(shown, want) {
			t.Errorf("show: %q, want %q", shown, want)
		}
	})
}

func TestCheckDescribe(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	path := filepath.Join(dir, "datapackage.json")
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// What the program does not use stays.
	want = bytes.Replace(want, []byte(`  "profile": "tabular-data-package",`), []byte(`  "profile": "tabular-data-package",
  "contributors": [
    {
      "title": "Amt für R&D <ORG>",
      "path": "https://example.org/?a&b"
    }
  ],
  "homepage": "https://example.org/",`), 1)
	start, _, _ := bytes.Cut(want, []byte(`"resources": [`))
	spoilt := slices.Concat(start, []byte(`"resources": []}`))
	if err := os.WriteFile(path, spoilt, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := run(t, "check", dir); status != 1 || !strings.Contains(stderr, "datapackage.json, resources: do not describe all CSV files in the folder; “zielstand check --describe” adds those that are missing; missing: goals, goal-status, indicators, ") {
		t.Errorf("without resources: status %d, %s", status, stderr)
	}
	if status, _, stderr := run(t, "check", "--describe", dir); status != 0 || stderr != doubt {
		t.Errorf("--describe: status %d, %s", status, stderr)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("datapackage.json (-before +described)\n%s", diff)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o640 {
		t.Errorf("the mode is %v, error %v", info.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
	for want, damaged := range map[string][]byte{
		"an encoding other than UTF-8": bytes.ReplaceAll(got, []byte("ü"), []byte("\xfc")),
		"has a byte order mark":        append([]byte("\uFEFF"), got...),
		"is not JSON: line ":           got[:len(got)/2],
	} {
		if err := os.WriteFile(path, damaged, 0o640); err != nil {
			t.Fatal(err)
		}
		if status, _, stderr := run(t, "check", "--describe", dir); status != 1 || !strings.Contains(stderr, want) {
			t.Errorf("status %d, %s\nwant %s", status, stderr, want)
		}
		if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, damaged) {
			t.Errorf("%s: the file was changed: %v", want, err)
		}
	}
}

// TestNoRelease runs commands that only read without a database, which they do not
// create, and without a release.
func TestNoRelease(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		name := "the database " + strings.TrimPrefix(databaseURL, "sqlite:")
		commands := [][]string{
			{"release", "list"},
			{"release", "show", "latest"},
			{"release", "diff", "2024.01.0", "latest"},
			{"export", filepath.Join(t.TempDir(), "package")},
			{"catalog"},
			{"catalog", "check"},
		}
		path, isFile := strings.CutPrefix(databaseURL, "sqlite:")
		if isFile {
			for _, args := range append(commands, []string{"release", "verify"}, []string{"release", "use", "2024.01.0"}, []string{"release", "prune"}) {
				want := "zielstand: open the database " + path + ": no such file or directory; publish a release with “zielstand import”, or set database.url to another database\n"
				if status, stdout, stderr := run(t, append(args, "--database-url", databaseURL)...); status != 1 || stdout != "" || stderr != want {
					t.Errorf("%v: status %d\n%s%s, want %s", args, status, stdout, stderr, want)
				}
			}
			want := "First release 2024.01.0\nDry run: release 2024.01.0 is not published\n"
			if status, stdout, stderr := run(t, "import", "--dry-run", dir, "--database-url", databaseURL); status != 0 || stdout != want || stderr != doubt {
				t.Errorf("dry run: status %d\n%s%s", status, stdout, stderr)
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("a database was created")
			}
		} else if u, err := url.Parse(databaseURL); err != nil {
			t.Fatal(err)
		} else {
			name = "the database " + strings.TrimPrefix(u.Path, "/") + " at " + u.Host
		}
		storetest.Open(t, databaseURL)
		for _, args := range commands {
			want := "zielstand: " + name + " has no release yet; publish one with “zielstand import”, or set database.url to another database\n"
			if slices.Contains(args, "diff") {
				want = "zielstand: release 2024.01.0: not found\n"
			}
			if status, stdout, stderr := run(t, append(args, "--database-url", databaseURL)...); status != 1 || stdout != "" || stderr != want {
				t.Errorf("%v: status %d\n%s%s, want %s", args, status, stdout, stderr, want)
			}
		}
	})
}

// created is the warning of a command that finds no SQLite file.
func created(databaseURL string) string {
	if path, ok := strings.CutPrefix(databaseURL, "sqlite:"); ok {
		return "Created a new database file: " + path + " did not exist\n"
	}
	return ""
}

// TestReleaseVerify expects the faults of each release and exit status 1.
func TestReleaseVerify(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		verify := func(args ...string) (int, string, string) {
			return run(t, append([]string{"release", "verify", "--database-url", databaseURL}, args...)...)
		}
		storetest.Open(t, databaseURL)
		if status, stdout, stderr := verify(); status != 0 || stdout != "No release is published yet\n" || stderr != "" {
			t.Errorf("without a release: status %d\n%s%s", status, stdout, stderr)
		}
		later := folder(t,
			"datapackage.json", `"version": "2024.01.0"`, `"version": "2024.02.0"`,
			"datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-02-29T12:00:00Z"`,
			"goals.csv", "Elektronische Akte für alle", "Die elektronische Akte")
		for _, dir := range []string{folder(t), later} {
			if status, _, stderr := run(t, "import", dir, "--database-url", databaseURL); status != 0 {
				t.Fatal(stderr)
			}
		}
		const first, second = "Release 2024.01.0 is as it was published: 18 datasets, 161 rows\n", "Release 2024.02.0 is as it was published: 18 datasets, 162 rows\n"
		if status, stdout, stderr := verify(); status != 0 || stdout != second+first || stderr != "" {
			t.Errorf("untouched: status %d\n%s%s", status, stdout, stderr)
		}
		storetest.Execute(t, databaseURL, "UPDATE goals SET status = 'achieved' WHERE id = 'ts2-02' AND version = (SELECT seq FROM releases WHERE id = '2024.01.0')")
		const fault = `release 2024.01.0, dataset goals, row ts2-02, column status: is "achieved", but the data package has "in-progress"
release 2024.01.0, dataset goals: the rows in the database are not those that were published`
		if status, stdout, stderr := verify(); status != 1 || stdout != second || stderr != fault+"\n1 of 2 releases are not as they were published\n" {
			t.Errorf("altered: status %d\n%s%s", status, stdout, stderr)
		}
		if status, stdout, stderr := verify("2024.01.0"); status != 1 || stdout != "" || stderr != fault+"\n1 of 1 releases are not as they were published\n" {
			t.Errorf("the altered one: status %d\n%s%s", status, stdout, stderr)
		}
		for _, id := range []string{"2024.02.0", "latest"} {
			if status, stdout, stderr := verify(id); status != 0 || stdout != second || stderr != "" {
				t.Errorf("%s: status %d\n%s%s", id, status, stdout, stderr)
			}
		}
		if status, stdout, stderr := verify("2024.03.0"); status != 1 || stdout != "" || stderr != "zielstand: release 2024.03.0: not found\n" {
			t.Errorf("an absent one: status %d\n%s%s", status, stdout, stderr)
		}
	})
}

// TestDamagedRelease neither exports a damaged release nor makes it the latest.
func TestDamagedRelease(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		later := folder(t,
			"datapackage.json", `"version": "2024.01.0"`, `"version": "2024.02.0"`,
			"datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-02-29T12:00:00Z"`,
			"goals.csv", "Elektronische Akte für alle", "Die elektronische Akte")
		do := func(args ...string) (int, string, string) {
			return run(t, append(args, "--database-url", databaseURL)...)
		}
		for _, dir := range []string{folder(t), later} {
			if status, _, stderr := do("import", dir); status != 0 {
				t.Fatal(stderr)
			}
		}
		const first = " AND release_seq = (SELECT seq FROM releases WHERE id = '2024.01.0')"
		storetest.Execute(t, databaseURL, "DELETE FROM release_files WHERE path = 'areas.csv'"+first, "UPDATE release_files SET content = CAST('x' AS "+
			map[bool]string{true: "blob", false: "bytea"}[strings.HasPrefix(databaseURL, "sqlite:")]+") WHERE path = 'goals.csv'"+first)
		const faults = `^release 2024\.01\.0, file goals\.csv: has 1 bytes with the SHA-256 [0-9a-f]+; [0-9]+ with [0-9a-f]+ were published
release 2024\.01\.0, file areas\.csv: is missing
release 2024\.01\.0 is not as it was published; `
		out := filepath.Join(t.TempDir(), "out")
		status, stdout, stderr := do("export", "--release", "2024.01.0", out)
		if status != 1 || stdout != "" || !regexp.MustCompile(faults+`nothing is written\. Restore a backup, or name another release\n$`).MatchString(stderr) {
			t.Errorf("export: status %d\n%s%s", status, stdout, stderr)
		}
		if _, err := os.Stat(out); err == nil {
			t.Error("export: the folder was created")
		}
		status, stdout, stderr = do("release", "use", "2024.01.0")
		if status != 1 || stdout != "" || !regexp.MustCompile(faults+`nothing is changed\. Restore a backup, or name another release\n$`).MatchString(stderr) {
			t.Errorf("use: status %d\n%s%s", status, stdout, stderr)
		}
		if _, stdout, _ := do("release", "list"); !strings.Contains(stdout, "* 2024.02.0 ") || strings.Contains(stdout, "(withdrawn)") {
			t.Errorf("use changed the latest release:\n%s", stdout)
		}
		if status, _, stderr := do("export", out); status != 0 {
			t.Errorf("the other release: %s", stderr)
		}
	})
}

// TestLaterDatabase refuses a database that a later version migrated, also without managing
// it.
func TestLaterDatabase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		storetest.Publish(t, storetest.Open(t, databaseURL))
		storetest.Execute(t, databaseURL, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)")
		for _, manage := range []string{"true", "false"} {
			for _, command := range [][]string{{"serve", "--http-address", "127.0.0.1:0"}, {"release", "list"}, {"release", "use", "2024.01.0"}, {"import", folder(t)}, {"migrate"}} {
				args := append(command, "--database-url", databaseURL, "--database-manage="+manage)
				status, stdout, stderr := run(t, args...)
				if status != 1 || stdout != "" || !strings.Contains(stderr, "a later version of the program has migrated the database (its tables have version 999, this program knows ") {
					t.Errorf("%v: status %d\n%s%s", args, status, stdout, stderr)
				}
			}
		}
	})
}

// TestOlderDatabase runs commands that only read on a database that must be migrated, which
// a server of an older version may use, and on an empty one: they do not change it.
func TestOlderDatabase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		dir := folder(t)
		do := func(args ...string) (int, string, string) {
			return run(t, append(args, "--database-url", databaseURL)...)
		}
		commands := [][]string{
			{"release", "list"},
			{"release", "show", "latest"},
			{"release", "diff", "latest", "latest"},
			{"release", "verify"},
			{"export", filepath.Join(t.TempDir(), "package")},
			{"catalog"},
			{"catalog", "check"},
		}
		if path, isFile := strings.CutPrefix(databaseURL, "sqlite:"); isFile {
			if err := os.WriteFile(path, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for _, args := range commands {
			want := regexp.MustCompile(`^zielstand: the database .*: it holds no tables yet( in schema \S+)?; publish a release with “zielstand import”, or set database\.url to another database\n$`)
			if status, stdout, stderr := do(args...); status != 1 || stdout != "" || !want.MatchString(stderr) {
				t.Errorf("empty: %v: status %d\n%s%s", args, status, stdout, stderr)
			}
		}
		want := "First release 2024.01.0\nDry run: release 2024.01.0 is not published\n"
		if status, stdout, stderr := do("import", "--dry-run", dir); status != 0 || stdout != want || stderr != doubt {
			t.Errorf("empty: dry run: status %d\n%s%s", status, stdout, stderr)
		}
		if _, err := storetest.Connect(t, databaseURL).Exec("SELECT 1 FROM goose_db_version"); err == nil {
			t.Error("tables were created")
		}

		if status, stdout, stderr := do("migrate", "--database-manage=false"); status != 0 || !strings.HasSuffix(stdout, " is up to date\n") || stderr != "" {
			t.Errorf("migrate: status %d\n%s%s", status, stdout, stderr)
		}
		storetest.Publish(t, storetest.Open(t, databaseURL))
		storetest.Execute(t, databaseURL, "DELETE FROM goose_db_version WHERE version_id > 4")
		for _, args := range append(commands, []string{"import", "--dry-run", dir}) {
			status, stdout, stderr := do(args...)
			want := regexp.MustCompile(`^zielstand: the database .*: its tables are at version 4; version [0-9]+ is required: use the older version of the program, or make a backup and run “zielstand migrate”\n$`)
			if status != 1 || stdout != "" || !want.MatchString(stderr) {
				t.Errorf("older: %v: status %d\n%s%s", args, status, stdout, stderr)
			}
		}
		var version int
		if err := storetest.Connect(t, databaseURL).QueryRow("SELECT MAX(version_id) FROM goose_db_version").Scan(&version); err != nil || version != 4 {
			t.Errorf("the tables were migrated to version %d, error %v", version, err)
		}
	})
}

// TestDeletedRelease says of a deleted release what the server says.
func TestDeletedRelease(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		second := folder(t,
			"datapackage.json", `"version": "2024.01.0"`, `"version": "2024.02.0"`,
			"datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-02-29T12:00:00Z"`)
		do := func(args ...string) (int, string, string) {
			return run(t, append(args, "--database-url", databaseURL)...)
		}
		for _, args := range [][]string{{"import", folder(t)}, {"import", second}, {"release", "prune", "--keep", "1"}} {
			if status, _, stderr := do(args...); status != 0 {
				t.Fatal(stderr)
			}
		}
		const want = "zielstand: release 2024.01.0 has been deleted; the latest release, 2024.02.0, can be used instead\n"
		for _, args := range [][]string{
			{"release", "show", "2024.01.0"},
			{"release", "use", "2024.01.0"},
			{"release", "verify", "2024.01.0"},
			{"release", "diff", "2024.01.0", "latest"},
			{"export", "--release", "2024.01.0", filepath.Join(t.TempDir(), "out")},
		} {
			if status, stdout, stderr := do(args...); status != 1 || stdout != "" || stderr != want {
				t.Errorf("%v: status %d\n%s%s", args, status, stdout, stderr)
			}
		}
		if status, stdout, stderr := do("release", "prune", "--keep", "0"); status != 1 || stdout != "" || stderr != `zielstand: --keep="0": must be a whole number of at least 1`+"\n" {
			t.Errorf("prune --keep 0: status %d\n%s%s", status, stdout, stderr)
		}
	})
}

// TestImportWithdrawn imports a release again that was withdrawn: it is not served.
func TestImportWithdrawn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		first, second := folder(t), folder(t,
			"datapackage.json", `"version": "2024.01.0"`, `"version": "2024.02.0"`,
			"datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-02-29T12:00:00Z"`)
		do := func(args ...string) (int, string, string) {
			return run(t, append(args, "--database-url", databaseURL)...)
		}
		for _, args := range [][]string{{"import", first}, {"import", second}, {"release", "use", "2024.01.0"}} {
			if status, _, stderr := do(args...); status != 0 {
				t.Fatal(stderr)
			}
		}
		want := regexp.MustCompile(`^zielstand: release 2024\.02\.0 is published with the same content, but was withdrawn on 20\d\d-\d\d-\d\d; release 2024\.01\.0 is served\. To serve it again, run “zielstand release use 2024\.02\.0”\n$`)
		for _, args := range [][]string{{"import", second}, {"import", "--dry-run", second}} {
			if status, stdout, stderr := do(args...); status != 1 || stdout != "" || !want.MatchString(stderr) {
				t.Errorf("%v: status %d\n%s%s", args, status, stdout, stderr)
			}
		}
		if status, stdout, stderr := do("import", first); status != 0 || stdout != "Release 2024.01.0 is published with the same content; nothing to do\n" {
			t.Errorf("the release that is served: status %d\n%s%s", status, stdout, stderr)
		}
	})
}

func TestVersion(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`^zielstand \S+, interface ` + regexp.QuoteMeta(openapi.Version) + "\n$")
	for _, arguments := range [][]string{{"version"}, {"--version"}} {
		if status, stdout, stderr := run(t, arguments...); status != 0 || stderr != "" || !line.MatchString(stdout) {
			t.Errorf("%v: status %d, output %q, errors %q", arguments, status, stdout, stderr)
		}
	}
	if status, stdout, stderr := run(t, "version", "--all"); status != 0 || stderr != "" || !strings.Contains(stdout, "\ngo:       go1.") {
		t.Errorf("status %d, output %q, errors %q", status, stdout, stderr)
	}
	// What describes the program works with any configuration.
	for _, command := range []string{"version", "licenses", "sbom"} {
		var out, errs bytes.Buffer
		if status := cli.Run(t.Context(), []string{command}, []string{"ZIELSTAND_LOG_LEVEL=loud"}, &out, &errs); status != 0 || errs.Len() > 0 || out.Len() == 0 {
			t.Errorf("%s: status %d, errors %q", command, status, errs.String())
		}
	}
}

// TestSettingsInHelp checks that the help of a command has only the settings that it uses, with
// their types.
func TestSettingsInHelp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		command      string
		has, hasNone []string
	}{
		{"", []string{"--cache-bytes size ", "--database-manage true|false ", "--http-read-timeout duration ", "--http-concurrent number ", "--config string"}, nil},
		{"import", []string{"--database-url text ", "--config string"}, []string{"--http-rate-limit", "--site", "--log"}},
		{"release list", []string{"--database-url text "}, []string{"--http", "--catalog", "--signing"}},
		{"release sign", []string{"--signing-key-file text ", "--http-public-url url ", "--signature string"}, []string{"--site"}},
		{"catalog", []string{"--catalog-publisher-name text ", "--http-public-url url "}, []string{"--site", "--http-rate-limit"}},
		{"healthcheck", []string{"--http-address host:port "}, []string{"--http-public-url", "--database"}},
		{"version", []string{"--all"}, []string{"--config", "--database"}},
		{"release prune", []string{"; the latest and the newest are always kept"}, nil},
		{"areas convert", []string{"--state"}, []string{"--database"}},
	} {
		status, stdout, stderr := run(t, append(strings.Fields(c.command), "--help")...)
		if status != 0 || stderr != "" {
			t.Errorf("%s: status %d, errors %q", c.command, status, stderr)
		}
		for _, words := range c.has {
			if !strings.Contains(stdout, words) {
				t.Errorf("the help of %q lacks %q:\n%s", c.command, words, stdout)
			}
		}
		for _, words := range c.hasNone {
			if strings.Contains(stdout, " "+words) {
				t.Errorf("the help of %q has %q", c.command, words)
			}
		}
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	absent := filepath.Join(t.TempDir(), "absent")
	for _, tt := range []struct {
		args, environ []string
		want          string
	}{
		{[]string{"sevre"}, nil, `zielstand: unknown command "sevre" for "zielstand"; did you mean "serve"?`},
		{[]string{"server"}, nil, `zielstand: unknown command "server" for "zielstand"; did you mean "serve"?`},
		{[]string{"population"}, nil, `zielstand: unknown command "population" for "zielstand"` + "\n"},
		{[]string{"check"}, nil, "zielstand: DIR|ZIP|XLSX… is missing; usage: zielstand check DIR|ZIP|XLSX… [flags]\n"},
		{[]string{"release", "diff", "2024.01.0"}, nil, "zielstand: TO is missing; usage: zielstand release diff FROM TO [flags]\n"},
		{[]string{"release", "show", "a", "b"}, nil, "zielstand: accepts 1 arg(s), received 2; usage: zielstand release show ID [flags]\n"},
		{[]string{"serve", "a"}, nil, `zielstand: unknown command "a" for "zielstand serve"`},
		{[]string{"release", "verfy"}, nil, `zielstand: unknown command "verfy" for "zielstand release"; did you mean "verify"?` + "\n"},
		{[]string{"catalog", "chek"}, nil, `zielstand: unknown command "chek" for "zielstand catalog"; did you mean "check"?` + "\n"},
		{[]string{"areas", "x"}, nil, `zielstand: unknown command "x" for "zielstand areas"`},
		{[]string{"convert", "pvog"}, nil, `zielstand: unknown command "pvog" for "zielstand convert"`},
		{[]string{"--http-adress", "x"}, nil, `zielstand: unknown flag: --http-adress; did you mean "--http-address"?` + "\n"},
		{[]string{"import", "--dryrun", "x"}, nil, `zielstand: unknown flag: --dryrun; did you mean "--dry-run"?` + "\n"},
		{[]string{"release", "prune", "--keep", "x"}, nil, `zielstand: --keep="x": must be a whole number` + "\n"},
		{[]string{"catalog", "check", "--timeout", "10"}, nil, `zielstand: --timeout="10": must be a duration, such as 10s or 5m` + "\n"},
		{[]string{"catalog", "check", "--max-size=1GB"}, nil, `zielstand: --max-size="1GB": must be a whole number` + "\n"},
		{[]string{"import", "--dry-run=maybe", "x"}, nil, `zielstand: --dry-run="maybe": must be true or false` + "\n"},
		{[]string{"--population"}, nil, "zielstand: unknown flag: --population\n"},
		{[]string{"--http-address", "8080"}, nil, `zielstand: --http-address="8080": must be host:port, with a port from 0 to 65535`},
		{[]string{"release", "list"}, []string{"ZIELSTAND_LOG_LEVEL=loud"}, `zielstand: ZIELSTAND_LOG_LEVEL="loud": is not allowed; allowed: debug, info, warn, error`},
		{[]string{"release", "list"}, []string{"ZIELSTAND_DATABASE_URL=postgres://u:p@h:port/db"}, "zielstand: ZIELSTAND_DATABASE_URL: cannot be used: invalid port\n"},
		{[]string{"release", "list"}, []string{"ZIELSTAND_DATABASE_REPLICA_URL=postgres://u:p@h:port/db", "ZIELSTAND_DATABASE_URL=postgres://h/db"}, "zielstand: ZIELSTAND_DATABASE_REPLICA_URL: cannot be used: invalid port\n"},
		{[]string{"--database-url", "sqlite:" + absent + "/zielstand.db"}, nil, "zielstand: open " + absent + "/zielstand.db: stat " + absent + ": no such file or directory"},
		{[]string{"version", "--cache-bytes", "1MiB"}, nil, "zielstand: --cache-bytes: is not used by zielstand version"},
		{[]string{"--config", absent, "sbom"}, nil, "zielstand: --config: is not used by zielstand sbom"},
		{[]string{"areas", "convert", "--database-url", "x", absent}, nil, "zielstand: --database-url: is not used by zielstand areas convert"},
		{[]string{"--config", absent}, nil, "zielstand: configuration file " + absent + ": "},
	} {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			status := cli.Run(context.Background(), tt.args, tt.environ, &out, &errs)
			if status != 1 || out.Len() != 0 || !strings.HasPrefix(errs.String(), tt.want) || strings.Count(errs.String(), "\n") != 1 {
				t.Errorf("status %d, output %q, errors %q, want %q", status, out.String(), errs.String(), tt.want)
			}
		})
	}
}

// program is a running service.
type program struct {
	// said is what it wrote until it was ready.
	said []string
	base string
	stop func() (status int, stderr string)
}

// start starts the program and waits until it prints its address.
func start(t testing.TB, args ...string) program {
	t.Helper()
	server, err := clitest.Start(nil, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Stop() })
	return program{
		said: strings.Split(strings.TrimSuffix(server.Stdout.String(), "\n"), "\n"), base: server.URL,
		stop: func() (int, string) { return server.Stop(), server.Stderr.String() },
	}
}

// temporary are the flags of a service that leaves nothing behind.
func temporary(t testing.TB, args ...string) []string {
	t.Helper()
	dir := t.TempDir()
	return append([]string{"--http-address", "127.0.0.1:0", "--database-url", "sqlite:" + filepath.Join(dir, "zielstand.db"), "--cache-path", filepath.Join(dir, "cache")}, args...)
}

func get(t testing.TB, address string) (status int, body []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}

func TestServe(t *testing.T) {
	t.Parallel()
	args := temporary(t, "--fixtures-path", folder(t))
	p := start(t, append([]string{"serve"}, args...)...)
	want := []string{
		"Published release 2024.01.0", "Zielstand serves on " + p.base, "Try:",
		"  " + p.base + "/v1/goals?due=2022", "  " + p.base + "/v1/ozg-service-counts.csv", "  " + p.base + "/docs",
	}
	if diff := cmp.Diff(want, p.said); diff != "" || !regexp.MustCompile(`^http://127\.0\.0\.1:[1-9][0-9]*$`).MatchString(p.base) {
		t.Errorf("it says (-want +got)\n%s", diff)
	}
	for _, line := range p.said[3:] {
		if status, body := get(t, strings.TrimSpace(line)); status != 200 || len(body) == 0 {
			t.Errorf("%s answers %d", line, status)
		}
	}
	var index struct{ Links map[string]string }
	if _, body := get(t, p.base+"/v1"); json.Unmarshal(body, &index) != nil || len(index.Links) == 0 {
		t.Fatalf("the index is %s", body)
	}
	for name, link := range index.Links {
		want := 200
		if name == "mcp" {
			want = 405 // it answers POST only
		}
		if status, _ := get(t, link); status != want {
			t.Errorf("the index links to %s for %s, which answers %d", link, name, status)
		}
	}
	if status, stderr := p.stop(); status != 0 {
		t.Errorf("told to stop, it ended with status %d: %s", status, stderr)
	}

	again := start(t, args...)
	if again.said[0] != "Found release 2024.01.0" {
		t.Errorf("started again it says %q", again.said)
	}
	var releases struct{ Data []struct{ ID string } }
	if _, body := get(t, again.base+"/v1/releases"); json.Unmarshal(body, &releases) != nil || len(releases.Data) != 1 {
		t.Errorf("after the second start there are the releases %+v", releases.Data)
	}
}

// TestServeLog reads the log of a service from its start to its end.
func TestServeLog(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	p := start(t, temporary(t, "--fixtures-path", folder(t), "--log-format", "json")...)
	for _, path := range []string{"/v1/goals?q=secret", "/v1/goals?sort=secret", "/v1/absent?q=secret"} {
		if _, body := get(t, p.base+path); len(body) == 0 {
			t.Errorf("%s: no body", path)
		}
	}
	status, stderr := p.stop()
	var lines []string
	for line := range strings.Lines(stderr) {
		var l struct{ Msg, Level, Version, Address, Database, Release, Method, Route, Path, Request, Duration string }
		var numbers struct{ Status, Bytes int64 }
		if json.Unmarshal([]byte(line), &l) != nil || json.Unmarshal([]byte(line), &numbers) != nil {
			t.Fatalf("the line is not JSON: %s", line)
		}
		duration, _ := time.ParseDuration(l.Duration) // 3.36ms
		if l.Msg == "request" && (l.Request == "" || numbers.Bytes == 0 || duration == 0) || l.Msg == "start" && l.Version == "" {
			t.Errorf("something is missing: %s", line)
		}
		lines = append(lines, fmt.Sprintln(l.Level, l.Msg, l.Database, l.Release, strings.ReplaceAll(l.Address, strings.TrimPrefix(p.base, "http://"), "ADDRESS"), l.Method, l.Route, numbers.Status, l.Path))
	}
	missing := "WARN page without text      0 \n" // imprint, privacy, accessibility
	want := []string{
		missing, missing, missing,
		"INFO listening   ADDRESS   0 \n",
		"INFO start sqlite 2024.01.0 ADDRESS   0 \n",
		"INFO request    GET /v1/goals 400 \n", "INFO request    GET  404 /v1/absent\n", "INFO shutdown      0 \n",
	}
	if diff := cmp.Diff(want, lines); diff != "" || status != 0 {
		t.Errorf("status %d, the log (-want +got)\n%s", status, diff)
	}
}

// TestServeEmbedded starts as a newcomer does: with no configuration but a
// place for the database.
func TestServeEmbedded(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	p := start(t, temporary(t)...)
	if !strings.HasPrefix(p.said[0], "Published release ") {
		t.Errorf("it says %q", p.said)
	}
	for _, path := range []string{"/readyz", "/v1/goals?due=2022", "/v1/ozg-service-counts.csv"} {
		if status, body := get(t, p.base+path); status != 200 {
			t.Errorf("%s answers %d: %s", path, status, body)
		}
	}
}

func TestServeAllInterfaces(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	p := start(t, append(temporary(t, "--fixtures-path", folder(t)), "--http-address", ":0")...)
	if !regexp.MustCompile(`^http://localhost:[1-9][0-9]*$`).MatchString(p.base) {
		t.Errorf("it serves on %s", p.base)
	}
	if _, body := get(t, p.base+"/v1"); !strings.Contains(string(body), `"`+p.base+`/v1/goals"`) {
		t.Errorf("the links are not those that answer: %s", body)
	}
}

func TestServePublicURL(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	p := start(t, append(temporary(t, "--fixtures-path", folder(t)), "--http-public-url", "https://daten.example/")...)
	if _, body := get(t, p.base+"/v1"); !strings.Contains(string(body), `"https://daten.example/v1/goals"`) || strings.Contains(string(body), p.base) {
		t.Errorf("the links are not the public ones: %s", body)
	}
}

// TestServeBrokenFixtures expects all errors and no release.
func TestServeBrokenFixtures(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		dir := folder(t, "goals.csv", ",2023-06,", ",2023-13,", "observations.csv", ",62.50,", `,"62,50",`, "sources.csv", "2021-11-12", "12.11.2021")
		status, stdout, stderr := run(t, temporary(t, "--fixtures-path", dir, "--database-url", databaseURL)...)
		if status != 1 || strings.Contains(stdout, "Published") || strings.Contains(stdout, "serves") {
			t.Errorf("status %d, output %q", status, stdout)
		}
		for _, want := range []string{
			`goals.csv, row 6, column due: "2023-13" is not a valid period`,
			`observations.csv, row 7, column value: "62,50" has a decimal comma`,
			`sources.csv, row 4, column published: "12.11.2021" is a date as a German spreadsheet writes it`,
		} {
			if !strings.Contains(stderr, want) {
				t.Errorf("the errors do not say %q:\n%s", want, stderr)
			}
		}
		s := storetest.Open(t, databaseURL)
		if r, err := s.Latest(context.Background()); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("the store holds %v, error %v", r, err)
		}
	})
}

// TestServePortTaken fails with a message instead of serving elsewhere.
func TestServePortTaken(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	p := start(t, temporary(t, "--fixtures-path", folder(t))...)
	address := strings.TrimPrefix(p.base, "http://")
	status, stdout, stderr := run(t, append(temporary(t, "--fixtures-path", folder(t)), "--http-address", address)...)
	want := fmt.Sprintf(`zielstand: --http-address=%q: cannot be used: listen tcp %s: bind: address already in use`, address, address)
	if status != 1 || strings.Contains(stdout, "serves") || !strings.Contains(stderr, want) {
		t.Errorf("status %d, output %q, errors %q", status, stdout, stderr)
	}
}
