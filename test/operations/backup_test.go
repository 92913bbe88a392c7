// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// section returns the blocks of shell commands under a heading of a page.
func section(t testing.TB, page, heading string) []string {
	t.Helper()
	_, text, found := strings.Cut(read(t, filepath.Join("../../docs", page)), "\n## "+heading+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	var out []string
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		if block[1] == "sh" {
			out = append(out, block[2])
		}
	}
	if !found || len(out) == 0 {
		t.Fatalf("docs/%s has no commands under %q", page, heading)
	}
	return out
}

// operator runs commands of the docs in a folder, with the program in the path.
type operator struct {
	dir string
	s   settings
	bin string
}

func (o operator) do(t testing.TB, script string) string {
	t.Helper()
	command := exec.Command("sh", "-eu", "-c", script)
	command.Dir = o.dir
	path := filepath.Dir(testenv.Binary(t)) + string(os.PathListSeparator) + o.bin + string(os.PathListSeparator) + os.Getenv("PATH")
	command.Env = append(append(os.Environ(), o.s.environ()...), "PATH="+path)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s%v\n%s", script, err, out)
	}
	return string(out)
}

// restore runs the commands that back up and restore. Release 2024.02.0, which is published
// between them, must be gone afterwards. backedUp is what the backup prints.
func (o operator) restore(t testing.TB, running *service, blocks []string, backedUp string) {
	t.Helper()
	contains(t, o.do(t, blocks[0]), backedUp)
	publish(t, o.s, next(t, "2024.02.0"))
	running.serves(t, "2024.02.0")
	running.stop()
	restored := o.do(t, blocks[1])
	contains(t, restored, "* 2024.01.0")
	if strings.Contains(restored, "2024.02.0") {
		t.Errorf("the backup contains what came later:\n%s", restored)
	}
}

// TestBackupOfSQLite runs the commands of docs/backup.md: a copy is made while a server
// reads and an import follows, and restored.
func TestBackupOfSQLite(t *testing.T) {
	t.Parallel()
	testenv.Program(t, "sqlite3", "sqlite3")
	dir := t.TempDir()
	o := operator{dir: dir, s: database("sqlite:" + filepath.Join(dir, "zielstand.db"))}
	publish(t, o.s, edition(t, "2024.01.0"))
	running := serve(t, o.s)
	o.restore(t, running, section(t, "backup.md", "SQLite"), "Release 2024.01.0 is as it was published")
	serve(t, o.s).serves(t, "2024.01.0")
	whole(t, o.s["DATABASE_URL"])
}

// TestBackupOfPostgreSQL does the same with PostgreSQL, and expects that the reader can
// read afterwards.
func TestBackupOfPostgreSQL(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	o := operator{dir: t.TempDir(), s: database(c.url("zielstand", "zielstand")), bin: c.bin}
	publish(t, o.s, edition(t, "2024.01.0"))
	c.psql(t, "zielstand", documented(t, "ON ALL TABLES IN SCHEMA public"))
	running := serve(t, o.s)
	o.restore(t, running, section(t, "backup.md", "PostgreSQL"), "TABLE DATA public releases")
	reader := serve(t, database(c.url("zielstand_reader", "zielstand")).with(settings{"DATABASE_MANAGE": "false"}))
	reader.serves(t, "2024.01.0")
	reader.get(t, "/v1/goals.csv", http.StatusOK)
	whole(t, o.s["DATABASE_URL"])

	for _, block := range section(t, "backup.md", "Without the database") {
		o.do(t, block)
	}
	sameFiles(t, filepath.Join(o.dir, "latest-package"), edition(t, "2024.01.0"))
}

// oldest is the version of the tables in testdata/schema2.*.sql.gz. They were written by
// the program of commit 5139486, the oldest whose migrations are still the first ones
// today, from an extract of its data.
const oldest = 2

// older fills an empty database with what the older program wrote.
func older(t testing.TB, o operator, c *cluster) {
	t.Helper()
	dialect := "sqlite"
	if c != nil {
		dialect = "postgres"
	}
	file, err := os.Open("testdata/schema2." + dialect + ".sql.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	script, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	if c == nil {
		storetest.Execute(t, o.s["DATABASE_URL"], string(script))
		return
	}
	c.psql(t, "zielstand", "SET ROLE zielstand;\n"+string(script))
}

// TestUpgrade follows docs/upgrade.md with a database that an old version wrote: it is
// migrated, its releases are unchanged and served, and restoring the backup rolls back.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			var c *cluster
			o := operator{dir: t.TempDir()}
			backup, heading := "backup.db", "SQLite"
			if dialect == "postgres" {
				c = newCluster(t)
				setUp(t, c)
				o.s, o.bin = database(c.url("zielstand", "zielstand")), c.bin
				backup, heading = "zielstand.dump", "PostgreSQL"
			} else {
				testenv.Program(t, "sqlite3", "sqlite3")
				o.s = database("sqlite:" + filepath.Join(o.dir, "zielstand.db"))
			}
			older(t, o, c)
			tables := func() int {
				db := storetest.Connect(t, o.s["DATABASE_URL"])
				defer db.Close() // the file of SQLite is replaced
				return number(t, db, "SELECT MAX(version_id) FROM goose_db_version")
			}
			if n := tables(); n != oldest {
				t.Fatalf("the older tables have version %d", n)
			}
			// A backup is made with the tools of the database; the older program verified it.
			backups := section(t, "backup.md", heading)
			o.do(t, strings.Split(backups[0], "\n")[0])
			if _, err := os.Stat(filepath.Join(o.dir, backup)); err != nil {
				t.Fatal(err)
			}

			succeed(t, o.s, "migrate") // as its start would
			upgraded := o.do(t, section(t, "upgrade.md", "Upgrade")[0])
			for _, text := range []string{"* 2026.11.1", "  2026.11.0", "Release 2026.11.1 is as it was published: 14 datasets, 180 rows", "Release 2026.11.0 is as it was published: 14 datasets, 179 rows"} {
				contains(t, upgraded, text)
			}
			running := serve(t, o.s)
			running.serves(t, "2026.11.1")
			for _, path := range []string{"/v1/goals", "/v1/observations.csv?release=2026.11.0", "/v1/releases/2026.11.1/diff?from=2026.11.0", "/v1/areas", "/v1/goal-status", "/", "/v1/catalog/dcat.ttl"} {
				running.get(t, path, http.StatusOK)
			}
			contains(t, succeed(t, o.s, "release", "diff", "2026.11.0", "2026.11.1"), "obs-0004 note")
			running.stop()
			newest := tables()

			// Back: what came since is exported, and the backup restored.
			o.do(t, section(t, "upgrade.md", "Rollback")[0])
			if n := len(regexp.MustCompile(`\.csv`).FindAllString(strings.Join(names(t, filepath.Join(o.dir, "since")), " "), -1)); n != 12 {
				t.Errorf("%d files were exported, want 12", n)
			}
			if dialect == "postgres" {
				c.psql(t, "postgres", documented(t, "zielstand_before"))
				o.s = database(c.url("zielstand", "zielstand_before"))
				o.do(t, section(t, "upgrade.md", "Rollback")[1])
			} else {
				o.do(t, regexp.MustCompile(`(?m)^zielstand .*\n`).ReplaceAllString(backups[1], ""))
			}
			if n := tables(); n != oldest {
				t.Errorf("after the rollback the tables have version %d, want %d", n, oldest)
			}
			succeed(t, o.s, "migrate") // and up again
			contains(t, succeed(t, o.s, "release", "list"), "* 2026.11.1")
			if n := tables(); n != newest {
				t.Errorf("the second upgrade leads to version %d, want %d", n, newest)
			}
		})
	}
}

func names(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
