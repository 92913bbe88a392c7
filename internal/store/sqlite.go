package store

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
	zombiezen "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// openSQLite opens the file with one connection that writes, and beside it (WAL)
// pools that read: through gorm, for rows, and for streams.
func openSQLite(path string, o Options) (*Store, error) {
	if o.Existing {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("open the database: %w", err)
		}
	}
	uri := "file:" + pathEscaper.Replace(path)
	dsn := uri + "?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
	connections := cmp.Or(o.Connections, max(2, runtime.NumCPU()))
	write, err := openSQLiteWriter(dsn)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	read, err := open(sqlite.Open(dsn+"&_pragma=query_only(1)"), connections)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	rows, err := openSQLiteSource(uri, connections, sqliteCache)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	streams, err := openSQLiteSource(uri, max(1, o.Streams), sqliteCache/8)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &Store{dialect: "sqlite", write: write, read: read, rows: rows, streams: streams}, nil
}

// openSQLiteWriter opens a connection that writes and deletes a release with all of
// its indices in mind: 64 MiB of them, if it takes so many. When it rests it is
// closed, because what SQLite may keep is one sum for all connections of a program,
// and those that read would use it.
func openSQLiteWriter(dsn string) (*gorm.DB, error) {
	write, err := open(sqlite.Open(dsn+"&_txlock=immediate&_pragma=cache_size(-65536)"), 1)
	if err != nil {
		return nil, err
	}
	pool, err := write.DB()
	if err != nil {
		return nil, err
	}
	pool.SetConnMaxIdleTime(time.Second)
	return write, nil
}

// pathEscaper keeps what has a meaning in a URI from ending a path
// (sqlite.org/uri.html, 3.1).
var pathEscaper = strings.NewReplacer("%", "%25", "#", "%23")

// sqliteSource is connections that keep the statements which they compiled:
// gorm's driver compiles one each time, which took a fourth of the making of a
// page.
type sqliteSource struct {
	pool *sqlitex.Pool
	end  func() error // of the pool, as often as one likes
	// statements are those of each *zombiezen.Conn by their text.
	statements sync.Map
}

const (
	// statementsKept bounds the statements of a connection: requests can ask for
	// any number.
	statementsKept = 32
	// sqliteCache is SQLite's own default for the pages that a connection keeps,
	// in KiB. A stream reads each but once.
	sqliteCache = 2000
)

func openSQLiteSource(uri string, connections, cache int) (*sqliteSource, error) {
	s := &sqliteSource{}
	pool, err := sqlitex.NewPool(uri, sqlitex.PoolOptions{
		Flags: zombiezen.OpenReadWrite | zombiezen.OpenURI, PoolSize: connections,
		PrepareConn: func(conn *zombiezen.Conn) error {
			s.statements.Store(conn, make(map[string]*zombiezen.Stmt))
			conn.SetBusyTimeout(5 * time.Second)
			return sqlitex.ExecuteScript(conn, fmt.Sprintf("PRAGMA query_only = 1; PRAGMA cache_size = -%d", cache), nil)
		},
	})
	if err != nil {
		return nil, err
	}
	s.pool, s.end = pool, sync.OnceValue(pool.Close)
	return s, nil
}

func (s *sqliteSource) close() error { return s.end() }

// prepare returns a statement that has been reset.
func (s *sqliteSource) prepare(conn *zombiezen.Conn, text string) (*zombiezen.Stmt, error) {
	kept, _ := s.statements.Load(conn)
	statements := kept.(map[string]*zombiezen.Stmt)
	if statements[text] == nil && len(statements) == statementsKept {
		for _, old := range statements {
			_ = old.Finalize() // all have been reset: there is nothing to report
		}
		clear(statements)
	}
	statement, err := conn.Prepare(text)
	if err == nil {
		statements[text] = statement
	}
	return statement, err
}

// query hands on the bytes of the database: they are not copied.
func (s *sqliteSource) query(ctx context.Context, text string, args []any, read func(value []byte) error) error {
	conn, err := s.pool.Take(ctx)
	if err != nil {
		return err
	}
	defer s.pool.Put(conn)
	err = s.run(conn, text, args, read)
	if zombiezen.ErrCode(err) == zombiezen.ResultInterrupt && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (s *sqliteSource) run(conn *zombiezen.Conn, text string, args []any, read func(value []byte) error) error {
	statement, err := s.prepare(conn, text)
	if err != nil {
		return err
	}
	defer statement.Reset()
	bind(statement, args)
	for {
		row, err := statement.Step()
		if err != nil || !row {
			return err
		}
		value := statement.ColumnReader(0)
		if value.Len() == 0 {
			err = read(nil)
		} else {
			_, err = value.WriteTo(reader(read))
		}
		if err != nil {
			return err
		}
	}
}

// bind gives a statement its values, which queries have of three types.
func bind(statement *zombiezen.Stmt, args []any) {
	for i, arg := range args {
		switch v := arg.(type) {
		case int64:
			statement.BindInt64(i+1, v)
		case float64:
			statement.BindFloat(i+1, v)
		default:
			statement.BindText(i+1, v.(string))
		}
	}
}

// reader is a function as an io.Writer: the driver lets its bytes be seen by no
// other way.
type reader func(value []byte) error

// Write calls the function.
func (r reader) Write(value []byte) (int, error) { return len(value), r(value) }
