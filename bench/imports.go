// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/synthetic"
)

// imported is what the import command took for a package, for the same again with one row
// changed, and for a package with a small dataset only; and the database's own bulk load
// of the same table.
type imported struct {
	database, dataset  string
	rows               int
	first, again, part cost
	bulk               float64 // seconds
}

// cost is the duration of a command in seconds and its peak memory in MiB.
type cost struct{ took, peak float64 }

// bulkDatasets are those that can have millions of rows.
var bulkDatasets = []*dataset.Dataset{dataset.Observations, dataset.ServiceAvailability}

// imports measures the import command.
func (b *bench) imports(ctx context.Context) error {
	for _, rows := range []int{exportedRows, b.largeRows()} {
		for _, d := range bulkDatasets {
			if err := b.importRows(ctx, d, rows); err != nil {
				return fmt.Errorf("%d rows of %s: %w", rows, d.ID, err)
			}
		}
	}
	return nil
}

func (b *bench) importRows(ctx context.Context, of *dataset.Dataset, rows int) error {
	folder := filepath.Join(b.folder, fmt.Sprintf("%s-%d", of.ID, rows))
	if err := writeVariants(folder, of, rows); err != nil {
		return err
	}
	defer func() {
		for _, variant := range []string{"", "-part", "-again", ".db"} {
			_ = os.RemoveAll(folder + variant)
		}
	}()
	targets := []database{{"SQLite", "sqlite:" + folder + ".db", 0}}
	if b.postgres != nil {
		address, err := b.postgres.schema(ctx, fmt.Sprintf("zielstand_bench_import_%s_%d_%d", of.Table(), rows, os.Getpid()))
		if err != nil {
			return err
		}
		targets = append(targets, database{"PostgreSQL", address, b.postgres.pid})
	}
	for _, d := range targets {
		m := imported{database: d.name, dataset: of.ID, rows: rows}
		for _, step := range []struct {
			variant string
			cost    *cost
		}{{"", &m.first}, {"-part", &m.part}, {"-again", &m.again}} {
			var err error
			if *step.cost, err = b.importFolder(ctx, folder+step.variant, d.url); err != nil {
				return fmt.Errorf("%s%s: %w", d.name, step.variant, err)
			}
		}
		var err error
		if m.bulk, err = b.bulkLoad(ctx, d, of.Table(), folder); err != nil {
			return fmt.Errorf("%s, bulk load: %w", d.name, err)
		}
		b.report.imports = append(b.report.imports, m)
		fmt.Fprintf(os.Stderr, "%+v\n", m)
		if err := b.save(); err != nil {
			return err
		}
	}
	return nil
}

// writeVariants writes a package, one with areas only, and the first with one row changed.
func writeVariants(folder string, of *dataset.Dataset, rows int) error {
	size, old, changed := synthetic.Size{Observations: rows}, ",exact,", ",about,"
	if of == dataset.ServiceAvailability {
		size, old, changed = synthetic.Size{Availability: rows}, ",ok,", ",unknown,"
	}
	for _, variant := range []string{"", "-part", "-again"} {
		if err := synthetic.WriteSize(folder+variant, size); err != nil {
			return err
		}
	}
	if err := edit(folder+"-part", "2026.12.0", "2026-12-01T12:00:00Z"); err != nil {
		return err
	}
	if err := keepOnly(folder+"-part", "areas"); err != nil {
		return err
	}
	if err := replaceOnce(filepath.Join(folder+"-part", "areas.csv"), "Synthetic state", "The synthetic state"); err != nil {
		return err
	}
	if err := edit(folder+"-again", "2026.12.1", "2026-12-02T12:00:00Z"); err != nil {
		return err
	}
	return replaceOnce(filepath.Join(folder+"-again", of.ID+".csv"), old, changed)
}

// edit gives a package another version.
func edit(folder, version, created string) error {
	return changeManifest(folder, func(manifest map[string]any) { manifest["version"], manifest["created"] = version, created })
}

// keepOnly removes all datasets but these from a package.
func keepOnly(folder string, ids ...string) error {
	return changeManifest(folder, func(manifest map[string]any) {
		manifest["resources"] = slices.DeleteFunc(manifest["resources"].([]any), func(resource any) bool {
			r := resource.(map[string]any)
			if slices.Contains(ids, r["name"].(string)) {
				return false
			}
			_ = os.Remove(filepath.Join(folder, r["path"].(string))) // a file without a description would be refused
			return true
		})
	})
}

func changeManifest(folder string, change func(map[string]any)) error {
	path := filepath.Join(folder, "datapackage.json")
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var manifest map[string]any
	if err := json.Unmarshal(content, &manifest); err != nil {
		return err
	}
	change(manifest)
	if content, err = json.Marshal(manifest); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// replaceOnce replaces the first occurrence of a text in a file that may be large.
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
	if err := c.Start(); err != nil {
		return cost{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	peak := 0.0
	for {
		select {
		case err := <-ended:
			if err != nil {
				return cost{}, fmt.Errorf("%w\n%s", err, out.String())
			}
			return cost{time.Since(start).Seconds(), peak}, nil
		case <-time.After(10 * time.Millisecond):
			// The resource usage of a command includes the memory of its parent.
			peak = max(peak, (&process{cmd: c}).memory("VmHWM"))
		}
	}
}

// bulkLoad measures how long the database takes to load the rows with its own means, into
// the same table with the same indices: COPY, or .import of sqlite3.
func (b *bench) bulkLoad(ctx context.Context, d database, table, folder string) (float64, error) {
	shell := func(script string) error {
		c := exec.CommandContext(ctx, "sh", "-e", "-c", script)
		c.Env = append(os.Environ(), "URL="+strings.Replace(d.url, "search_path=", "options=-csearch_path%3D", 1), "DB="+strings.TrimPrefix(d.url, "sqlite:"), "ROWS="+folder+".rows", "TABLE="+table)
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		return nil
	}
	prepare := `sqlite3 -csv "$DB" "SELECT * FROM $TABLE WHERE version = (SELECT MIN(version) FROM $TABLE) ORDER BY ordinal" > "$ROWS"
		sqlite3 "$DB" ".schema $TABLE" | sqlite3 "$DB.bulk"`
	load := `sqlite3 "$DB.bulk" "PRAGMA journal_mode = WAL" ".mode csv" ".import $ROWS $TABLE"`
	if d.name == "PostgreSQL" {
		prepare = `psql -qv ON_ERROR_STOP=1 "$URL" -c "CREATE TABLE bulk (LIKE $TABLE INCLUDING ALL)"
			psql -qv ON_ERROR_STOP=1 "$URL" -c "COPY (SELECT * FROM $TABLE WHERE version = (SELECT MIN(version) FROM $TABLE) ORDER BY ordinal) TO STDOUT" > "$ROWS"`
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
