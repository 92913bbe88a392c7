package store

import (
	"context"
	"fmt"
	"strings"

	zombiezen "zombiezen.com/go/sqlite"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/strategy"
)

// Plan returns how the database answers a query, or counts what it finds.
func (s *Store) Plan(ctx context.Context, r *strategy.Release, q dataset.Query, count bool) (string, error) {
	text, args := selectSQL(r, q)
	if count {
		where, values := conditions(r, q)
		text, args = "SELECT COUNT(*) FROM "+q.Dataset.Table()+" WHERE "+where, values
	}
	explain := "EXPLAIN QUERY PLAN "
	if s.dialect == "postgres" {
		explain = "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) "
	}
	rows, err := s.read.WithContext(ctx).Raw(explain+text, args...).Rows()
	if err != nil {
		return "", err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return "", err
	}
	var lines []string
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			return "", err
		}
		lines = append(lines, fmt.Sprint(*values[len(values)-1].(*any)))
	}
	return strings.Join(lines, "\n"), rows.Err()
}

// Analyze tells the database what its tables hold, as it does itself in time.
func (s *Store) Analyze(ctx context.Context) error {
	if s.dialect == "sqlite" {
		return nil // it never does so itself
	}
	return s.write.WithContext(ctx).Exec("ANALYZE observations").Error
}

// Dialect is "postgres" or "sqlite".
func (s *Store) Dialect() string { return s.dialect }

// StatementsKept bounds what Statements returns.
const StatementsKept = statementsKept

// Statements returns how many statements each connection of SQLite keeps.
func (s *Store) Statements() []int {
	var out []int
	if source, ok := s.rows.(*sqliteSource); ok {
		source.statements.Range(func(_, kept any) bool {
			out = append(out, len(kept.(map[string]*zombiezen.Stmt)))
			return true
		})
	}
	return out
}

// WriterConnections returns how many connections write, or could.
func (s *Store) WriterConnections() (int, error) {
	pool, err := s.writePool()
	if err != nil {
		return 0, err
	}
	return pool.Stats().OpenConnections, nil
}
