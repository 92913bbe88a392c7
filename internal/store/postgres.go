package store

import (
	"cmp"
	"database/sql"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/domain"
)

// openPostgres opens pools that do not connect before they are used, so that a
// server can start while its database is away. By default there are four
// connections for each core: with more, pages take longer.
func openPostgres(o Options) (*Store, error) {
	connections := cmp.Or(o.Connections, min(4*runtime.NumCPU(), 32))
	primary, err := parsePostgres("database.url", o.URL)
	if err != nil {
		return nil, err
	}
	write, err := openPostgresPool(primary, connections)
	if err != nil {
		return nil, err
	}
	from, read := primary, write
	if o.ReplicaURL != "" {
		if from, err = parsePostgres("database.replica_url", o.ReplicaURL); err != nil {
			return nil, err
		}
		if read, err = openPostgresPool(from, connections); err != nil {
			return nil, err
		}
	}
	return &Store{dialect: "postgres", primary: primary, write: write, read: read, fresh: read}, nil
}

func parsePostgres(name, url string) (*connector, error) {
	settings, err := pgx.ParseConfig(url)
	if err != nil {
		reason := err.Error()
		reason = reason[strings.LastIndex(reason, "`: ")+1:] // without the address
		return nil, &domain.Invalid{Name: name, Rule: "cannot be used" + Hide(reason, url)}
	}
	settings.ConnectTimeout = cmp.Or(settings.ConnectTimeout, 5*time.Second)
	return newConnector(settings, url), nil
}

func openPostgresPool(c *connector, connections int) (*gorm.DB, error) {
	return open(postgres.New(postgres.Config{Conn: sql.OpenDB(c)}), connections)
}
