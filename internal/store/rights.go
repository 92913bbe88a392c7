package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

// explain adds to an error of PostgreSQL which schema or right is missing, and what
// to do. Other errors stay as they are.
func (s *Store) explain(ctx context.Context, db *gorm.DB, err error) error {
	var server *pgconn.PgError
	if s.dialect != "postgres" || !errors.As(err, &server) || !slices.Contains([]string{"42P01", "42501", "3F000"}, server.Code) {
		return err
	}
	if advice := missing(db.WithContext(ctx), server.Code); advice != "" {
		return fmt.Errorf("%w: %s", err, advice)
	}
	return err
}

// missing returns what the role lacks, or nothing if that is unknown.
func missing(db *gorm.DB, code string) string {
	var role, path, schema, owner string
	err := db.Raw(`SELECT current_user, current_setting('search_path'), COALESCE(current_schema(), ''),
		COALESCE((SELECT tableowner FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'releases'), '')`).Row().Scan(&role, &path, &schema, &owner)
	if err != nil {
		return ""
	}
	quoted := func(name string) string { return pgx.Identifier{name}.Sanitize() }
	switch {
	case schema == "":
		names := schemaNames(path)
		schema = names[len(names)-1]
		var exists bool
		if err := db.Raw("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = ?)", schema).Row().Scan(&exists); err != nil {
			return ""
		}
		if !exists {
			return fmt.Sprintf("schema %s of search_path does not exist; create it: CREATE SCHEMA %[1]s AUTHORIZATION %[2]s", quoted(schema), quoted(role))
		}
		return fmt.Sprintf("role %s may not use schema %s; grant it: GRANT USAGE ON SCHEMA %[2]s TO %[1]s", quoted(role), quoted(schema))
	case owner == "" && code == "42P01":
		return fmt.Sprintf("schema %s has no tables of Zielstand yet; the first start or import with a role that may create them makes them", quoted(schema))
	case owner == "":
		return fmt.Sprintf("role %s may not create tables in schema %s; grant it: GRANT CREATE ON SCHEMA %[2]s TO %[1]s", quoted(role), quoted(schema))
	case code == "42501" && owner != role:
		return fmt.Sprintf("the tables in schema %s belong to role %s, which must migrate, import, choose and prune; role %s may read them (database.manage=false) after GRANT SELECT ON ALL TABLES IN SCHEMA %[1]s TO %[3]s",
			quoted(schema), quoted(owner), quoted(role))
	}
	return ""
}
