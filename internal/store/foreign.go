// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/domain"
)

// ourTables are two tables that every version has had. Other programs with migrations may
// have goose_db_version, too.
var ourTables = []string{"release_datasets", "release_files"}

// Tables other than the record of migrations, which an interrupted first start leaves alone.
const (
	sqliteTables = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name <> 'goose_db_version' ORDER BY name`
	// Extensions such as PostGIS may have tables in the schema.
	postgresTables = `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'f') AND c.relname <> 'goose_db_version'
		AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
		ORDER BY c.relname`
)

// foreignTables returns, for a message, the tables of another program to which this
// database belongs: creating ours there would mix the two. It returns nothing if the
// database is ours or empty.
func foreignTables(db *gorm.DB, query string) (string, error) {
	var tables []string
	if err := db.Raw(query).Scan(&tables).Error; err != nil {
		return "", err
	}
	if slices.ContainsFunc(tables, func(name string) bool { return slices.Contains(ourTables, name) }) {
		return "", nil
	}
	const shown = 3
	names := strings.Join(tables[:min(len(tables), shown)], ", ")
	if len(tables) > shown {
		names += ", …"
	}
	return domain.Shorten(names), nil
}

// notOurs returns the error about a database with tables of another program.
func notOurs(what, tables, advice string) error {
	return fmt.Errorf("%s is not a Zielstand database: it has other tables (%s); %s", what, tables, advice)
}
