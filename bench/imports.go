package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/zielstand/zielstand/internal/synthetic"
)

// imported is what the import command took for a package, for the same again with one row
// changed, and for a package with a small dataset only; and the database's own bulk load
// of the same table.
type imported struct {
	database           string
	rows               int
	first, again, part cost
	bulk               float64 // seconds
}

// cost is the duration of a command in seconds and its peak memory in MiB.
type cost struct{ took, peak float64 }

// imports measures the import command.
func (b *bench) imports(ctx context.Context) error {
	for _, rows := range []int{exportedRows, b.largeRows()} {
		folder := filepath.Join(b.folder, fmt.Sprintf("package-%d", rows))
		if err := writeVariants(folder, rows); err != nil {
			return err
		}
		targets := []database{{"SQLite", "sqlite:" + folder + ".db", 0}}
		if b.postgres != nil {
			address, err := b.postgres.schema(ctx, fmt.Sprintf("zielstand_bench_import_%d_%d", rows, os.Getpid()))
			if err != nil {
				return err
			}
			targets = append(targets, database{"PostgreSQL", address, b.postgres.pid})
		}
		for _, d := range targets {
			m := imported{database: d.name, rows: rows}
			for _, step := range []struct {
				variant string
				cost    *cost
			}{{"", &m.first}, {"-part", &m.part}, {"-again", &m.again}} {
				var err error
				if *step.cost, err = b.importFolder(ctx, folder+step.variant, d.url); err != nil {
					return fmt.Errorf("%s, %d rows%s: %w", d.name, rows, step.variant, err)
				}
			}
			var err error
			if m.bulk, err = b.bulkLoad(ctx, d, folder); err != nil {
				return fmt.Errorf("%s, bulk load of %d rows: %w", d.name, rows, err)
			}
			b.report.imports = append(b.report.imports, m)
			fmt.Fprintf(os.Stderr, "%+v\n", m)
		}
		for _, variant := range []string{"", "-part", "-again"} {
			if err := os.RemoveAll(folder + variant); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeVariants writes a package, one with areas only, and the first with one row changed.
func writeVariants(folder string, rows int) error {
	for _, variant := range []string{"", "-part", "-again"} {
		if err := synthetic.Write(folder+variant, rows); err != nil {
			return err
		}
	}
	if err := edit(folder+"-part", "2026.12.0", "2026-12-01T12:00:00Z", "areas"); err != nil {
		return err
	}
	if err := replaceOnce(filepath.Join(folder+"-part", "areas.csv"), "Synthetic state", "The synthetic state"); err != nil {
		return err
	}
	if err := edit(folder+"-again", "2026.12.1", "2026-12-02T12:00:00Z", ""); err != nil {
		return err
	}
	return replaceOnce(filepath.Join(folder+"-again", "observations.csv"), ",exact,", ",about,")
}

// edit gives a package another version and, if a dataset is named, leaves only that.
func edit(folder, version, created, only string) error {
	path := filepath.Join(folder, "datapackage.json")
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var manifest map[string]any
	if err := json.Unmarshal(content, &manifest); err != nil {
		return err
	}
	manifest["version"], manifest["created"] = version, created
	if only != "" {
		for _, r := range manifest["resources"].([]any) {
			if r := r.(map[string]any); r["name"] != only {
				if err := os.Remove(filepath.Join(folder, r["path"].(string))); err != nil {
					return err
				}
			} else {
				manifest["resources"] = []any{r}
			}
		}
	}
	if content, err = json.Marshal(manifest); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// replaceOnce replaces the first occurrence of a text in a file. It runs sed because Linux
// counts the memory of a parent at the start of a command in the command's peak.
func replaceOnce(path, old, new string) error {
	if out, err := exec.Command("sed", "-i", "0,/"+old+"/s//"+new+"/", path).CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

func (b *bench) importFolder(ctx context.Context, folder, url string) (cost, error) {
	c := exec.CommandContext(ctx, b.zielstand, "import", folder, "--database-url", url)
	var out strings.Builder
	c.Stdout, c.Stderr = &out, &out
	start := time.Now()
	if err := c.Run(); err != nil {
		return cost{}, fmt.Errorf("%w\n%s", err, out.String())
	}
	r := cost{took: time.Since(start).Seconds()}
	if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.peak = float64(usage.Maxrss) / 1024
	}
	return r, nil
}

// bulkLoad measures how long the database takes to load the observations with its own
// means, into the same table with the same indices: COPY, or .import of sqlite3.
func (b *bench) bulkLoad(ctx context.Context, d database, folder string) (float64, error) {
	shell := func(script string) error {
		c := exec.CommandContext(ctx, "sh", "-e", "-c", script)
		c.Env = append(os.Environ(), "URL="+strings.Replace(d.url, "search_path=", "options=-csearch_path%3D", 1), "DB="+strings.TrimPrefix(d.url, "sqlite:"), "ROWS="+folder+".rows")
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		return nil
	}
	prepare := `sqlite3 -csv "$DB" "SELECT * FROM observations WHERE version = (SELECT MIN(version) FROM observations) ORDER BY ordinal" > "$ROWS"
		sqlite3 "$DB" ".schema observations" | sqlite3 "$DB.bulk"`
	load := `sqlite3 "$DB.bulk" "PRAGMA journal_mode = WAL" ".mode csv" ".import $ROWS observations"`
	if d.name == "PostgreSQL" {
		prepare = `psql -qv ON_ERROR_STOP=1 "$URL" -c "CREATE TABLE bulk (LIKE observations INCLUDING ALL)"
			psql -qv ON_ERROR_STOP=1 "$URL" -c "COPY (SELECT * FROM observations WHERE version = (SELECT MIN(version) FROM observations) ORDER BY ordinal) TO STDOUT" > "$ROWS"`
		load = `psql -qv ON_ERROR_STOP=1 "$URL" -c "COPY bulk FROM STDIN" < "$ROWS"`
	}
	if err := shell(prepare); err != nil {
		return 0, err
	}
	defer os.Remove(folder + ".rows")
	defer os.Remove(folder + ".db.bulk")
	start := time.Now()
	err := shell(load)
	return time.Since(start).Seconds(), err
}
