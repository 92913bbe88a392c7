package store

import (
	"cmp"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/strategy"
)

// openPostgres opens pools that do not connect before they are used, so that a
// server can start while its database is away. By default there are four
// connections for each core: with more, pages take longer.
func openPostgres(o Options) (*Store, error) {
	connections := cmp.Or(o.Connections, min(4*runtime.NumCPU(), 32))
	write, err := openPostgresPool(o.URL, connections)
	if err != nil {
		return nil, err
	}
	read := write
	if o.ReplicaURL != "" {
		if read, err = openPostgresPool(o.ReplicaURL, connections); err != nil {
			return nil, err
		}
	}
	return &Store{dialect: "postgres", write: write, read: read, fresh: read}, nil
}

func openPostgresPool(url string, connections int) (*gorm.DB, error) {
	settings, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, &strategy.Invalid{Name: "database.url", Value: redact(url), Rule: "cannot be read as an address of PostgreSQL"}
	}
	settings.ConnectTimeout = cmp.Or(settings.ConnectTimeout, 5*time.Second)
	return open(postgres.New(postgres.Config{Conn: stdlib.OpenDB(*settings)}), connections)
}
