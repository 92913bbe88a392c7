// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	gosqlite "modernc.org/sqlite"

	"github.com/zielstand/zielstand/internal/domain"
)

// translate maps a driver's error to a kind of the domain. Transient errors become
// ErrUnavailable; the cause is kept for the log.
func translate(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, sql.ErrNoRows):
		return domain.ErrNotFound
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return fmt.Errorf("%w: %w", domain.ErrConflict, err)
	case lostStatement(err):
		return fmt.Errorf("%w: a connection pooler in transaction mode loses named statements: set default_query_exec_mode=exec in the database address: %w", domain.ErrUnavailable, err)
	case readOnlyServer(err):
		return fmt.Errorf("%w: the database is a standby or accepts no writes at the moment: set database.url to the primary: %w", domain.ErrUnavailable, err)
	case transient(err), damaged(err):
		return fmt.Errorf("%w: %w", domain.ErrUnavailable, err)
	}
	return err
}

// damaged reports whether the database is corrupt or lacks the tables of this program:
// SQLite's CORRUPT and NOTADB, PostgreSQL's data_corrupted and index_corrupted. Requests
// that need it are answered with 503 until it is restored.
func damaged(err error) bool {
	if state := sqlState(err); state != "" {
		return state == "XX001" || state == "XX002"
	}
	code := resultCode(err)
	return code == 11 || code == 26 || noTable(err)
}

// noTable reports whether a table does not exist.
func noTable(err error) bool {
	return sqlState(err) == "42P01" || resultCode(err) == 1 && strings.Contains(err.Error(), "no such table")
}

// lostStatement reports whether a named statement already exists or no longer does:
// another client of a pooler has used the server's connection meanwhile.
func lostStatement(err error) bool {
	state := sqlState(err)
	return state == "42P05" || state == "26000"
}

// readOnlyServer reports whether PostgreSQL refused a statement because it writes: the
// server is a standby.
func readOnlyServer(err error) bool { return sqlState(err) == "25006" }

// untyped are the texts of errors without a type: pgx's for a connection cut in
// the middle of a query, and those for a pool that is closed.
var untyped = []string{"unexpected EOF", "conn closed", "sql: database is closed", "pool closed"}

func transient(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return true
	}
	var network net.Error
	var connect *pgconn.ConnectError
	if errors.As(err, &network) || errors.As(err, &connect) {
		return true
	}
	if state := sqlState(err); state != "" {
		return transientState(state)
	}
	if code := resultCode(err); code != 0 {
		return transientResult(code)
	}
	return pgconn.SafeToRetry(err) || slices.ContainsFunc(untyped, func(text string) bool { return strings.Contains(err.Error(), text) })
}

// transientState judges SQLSTATE classes (PostgreSQL, appendix A): connection
// exception, insufficient resources, operator intervention, system error.
func transientState(code string) bool {
	for _, class := range []string{"08", "53", "57", "58"} {
		if strings.HasPrefix(code, class) {
			return true
		}
	}
	switch code {
	case "40001", "42P01": // serialisation, or a conflict with recovery on a standby; not migrated yet
		return true
	}
	return false
}

// transientResult judges SQLite's primary result codes: BUSY, LOCKED, INTERRUPT (the
// store is closed), IOERR, FULL, CANTOPEN.
func transientResult(code int) bool {
	switch code {
	case 5, 6, 9, 10, 13, 14:
		return true
	}
	return false
}

// busy reports whether another connection holds a lock of the SQLite file.
func busy(err error) bool { return resultCode(err) == 5 }

// sqlState returns the SQLSTATE of an error of PostgreSQL, or "".
func sqlState(err error) string {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return server.Code
	}
	return ""
}

// resultCode returns the primary result code of an error of SQLite, or 0.
func resultCode(err error) int {
	var file *gosqlite.Error
	if errors.As(err, &file) {
		return file.Code() & 0xff
	}
	return 0
}
