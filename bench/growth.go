// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/zielstand/zielstand/internal/synthetic"
)

// growthMonths is the number of monthly releases whose size is measured.
const growthMonths = 24

// grown is the size of a store in MiB after releases, in the order of the columns of the
// report.
type grown struct {
	database           string
	rows               int // of each of the two datasets
	first, second      float64
	sixth, twelfth     float64
	last, pruned, full float64
	peak               float64 // MiB of the import that needed most
}

// growth measures how the store grows over monthly releases. Each replaces all rows of
// service-availability, as an export does: every row has a new date and source, some a
// different status. The observations stay the same.
func (b *bench) growth(ctx context.Context) error {
	rows := choose(b.quick, 25_000, exportedRows)
	targets := []database{{"SQLite", "sqlite:" + filepath.Join(b.folder, "growth.db"), 0}}
	if b.postgres != nil {
		address, err := b.postgres.schema(ctx, fmt.Sprintf("zielstand_bench_growth_%d", os.Getpid()))
		if err != nil {
			return err
		}
		targets = append(targets, database{"PostgreSQL", address, b.postgres.pid})
	}
	folder := filepath.Join(b.folder, "growth")
	for _, d := range targets {
		g := grown{database: d.name, rows: rows}
		size := func(into *float64) (err error) {
			*into, err = b.size(ctx, d)
			return err
		}
		for month := range growthMonths {
			if err := synthetic.WriteSize(folder, synthetic.Size{Observations: rows, Availability: rows, Month: month}); err != nil {
				return err
			}
			if month > 0 {
				if err := keepOnly(folder, "sources", "service-availability"); err != nil {
					return err
				}
			}
			c, err := b.importFolder(ctx, folder, d.url)
			if err != nil {
				return fmt.Errorf("%s, month %d: %w", d.name, month, err)
			}
			g.peak = max(g.peak, c.peak)
			if into := map[int]*float64{0: &g.first, 1: &g.second, 5: &g.sixth, 11: &g.twelfth, growthMonths - 1: &g.last}[month]; into != nil {
				if err := size(into); err != nil {
					return err
				}
			}
			if err := os.RemoveAll(folder); err != nil {
				return err
			}
		}
		if out, err := exec.CommandContext(ctx, b.zielstand, "release", "prune", "--keep", "12", "--database-url", d.url).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: prune: %w\n%s", d.name, err, out)
		}
		if err := size(&g.pruned); err != nil {
			return err
		}
		g.full = g.pruned
		if d.name == "PostgreSQL" {
			if err := b.vacuumFull(ctx, d); err != nil {
				return err
			}
			if err := size(&g.full); err != nil {
				return err
			}
		}
		b.report.growth = append(b.report.growth, g)
		fmt.Fprintf(os.Stderr, "%+v\n", g)
	}
	return nil
}

// size returns the size of a store in MiB: of SQLite's file, or of the tables in the schema
// with their indices.
func (b *bench) size(ctx context.Context, d database) (float64, error) {
	if d.name == "SQLite" {
		info, err := os.Stat(d.file())
		if err != nil {
			return 0, err
		}
		return float64(info.Size()) / (1 << 20), nil
	}
	var bytes float64
	err := b.postgres.db.QueryRowContext(ctx, `SELECT SUM(pg_total_relation_size(pg_class.oid)) FROM pg_class
		JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE relkind = 'r' AND nspname = $1`, b.postgres.schemas[len(b.postgres.schemas)-1]).Scan(&bytes)
	return bytes / (1 << 20), err
}

// vacuumFull rewrites the tables of PostgreSQL.
func (b *bench) vacuumFull(ctx context.Context, d database) error {
	url := strings.Replace(d.url, "search_path=", "options=-csearch_path%3D", 1)
	for _, table := range []string{"service_availability", "service_counts", "file_pieces", "changes"} {
		if out, err := exec.CommandContext(ctx, "psql", "-qv", "ON_ERROR_STOP=1", url, "-c", "VACUUM FULL "+table).CombinedOutput(); err != nil {
			return fmt.Errorf("VACUUM FULL %s: %w\n%s", table, err, out)
		}
	}
	return nil
}
