// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx

	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/synthetic"
)

// database is a store with synthetic data.
type database struct {
	name, url string
	pid       int // process id of PostgreSQL, or 0
}

// cluster is the PostgreSQL server to measure with; nil means none.
type cluster struct {
	url     string
	db      *sql.DB
	pid     int
	keep    bool
	schemas []string
}

func openCluster(ctx context.Context, address string, keep bool) (*cluster, error) {
	if address == "" {
		return nil, nil
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	var backend int
	if err := db.QueryRowContext(ctx, "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		return nil, err
	}
	c := &cluster{url: address, db: db, keep: keep}
	if fields := procStat(backend); len(fields) > 1 { // otherwise it runs on another machine
		c.pid, _ = strconv.Atoi(fields[1])
	}
	return c, nil
}

// schema creates a schema and returns its address.
func (c *cluster) schema(ctx context.Context, name string) (string, error) {
	if _, err := c.db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+name); err != nil {
		return "", err
	}
	c.schemas = append(c.schemas, name)
	u, err := url.Parse(c.url)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

func (c *cluster) close() {
	if c == nil {
		return
	}
	for _, s := range c.schemas {
		if !c.keep {
			_, _ = c.db.Exec("DROP SCHEMA " + s + " CASCADE")
		}
	}
	_ = c.db.Close()
}

// databases returns both databases with the number of synthetic observations.
func (b *bench) databases(ctx context.Context, rows int) ([]database, error) {
	name := fmt.Sprintf("zielstand_bench_%d", rows)
	folder := b.folder
	if b.data != "" {
		folder = b.data
	}
	out := []database{{"SQLite", "sqlite:" + filepath.Join(folder, name+".db"), 0}}
	if b.postgres != nil {
		address, err := b.postgres.schema(ctx, name)
		if err != nil {
			return nil, err
		}
		out = append(out, database{"PostgreSQL", address, b.postgres.pid})
	}
	for _, d := range out {
		start := time.Now()
		fresh, err := d.fill(ctx, rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
		if took := time.Since(start); fresh {
			b.report.note("Publishing %s rows directly to %s took %.0f s, %s rows/s.",
				thousands(rows), d.name, took.Seconds(), thousands(int(float64(rows)/took.Seconds())))
		}
	}
	return out, nil
}

// fill publishes the data if the store is empty, and reports whether it did. It makes
// sure of the index in any case: a run that was stopped may have left the data only.
func (d database) fill(ctx context.Context, rows int) (bool, error) {
	s, err := store.Open(store.Options{URL: d.url})
	if err != nil {
		return false, err
	}
	defer s.Close()
	if err := s.Migrate(ctx); err != nil {
		return false, err
	}
	if _, err := s.Latest(ctx); err == nil {
		return false, d.index(ctx)
	}
	before, err := synthetic.Content(ctx, s, 0)
	if err != nil {
		return false, err
	}
	before.Release.ID, before.Release.Published = emptyRelease, before.Release.Published.AddDate(0, -1, 0)
	if _, err := s.Publish(ctx, before); err != nil {
		return false, err
	}
	content, err := synthetic.Content(ctx, s, rows)
	if err != nil {
		return false, err
	}
	if _, err := s.Publish(ctx, content); err != nil {
		return false, err
	}
	return true, d.index(ctx)
}

// fullRelease has all observations; emptyRelease, which precedes it, has none.
const (
	emptyRelease = "2026.10.0"
	fullRelease  = "2026.11.0"
)

// index creates the index for the naive server, and the statistics without which the
// database would not use it.
func (d database) index(ctx context.Context) error {
	driver, source := "sqlite", d.file()
	if d.pid != 0 {
		driver, source = "pgx", d.url
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "CREATE INDEX IF NOT EXISTS naive ON observations (version, area, indicator)"); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, choose(d.pid != 0, "VACUUM ANALYZE observations", "ANALYZE observations"))
	return err
}

func (d database) file() string { return strings.TrimPrefix(d.url, "sqlite:") }
