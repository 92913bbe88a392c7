package store

import (
	"cmp"
	"context"
	"fmt"
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
// pools that read: through gorm, for rows, and for streams. A file that cannot be
// written is only read.
func openSQLite(path string, o Options) (*Store, error) {
	file, err := inspectSQLite(path, o.Existing)
	if err != nil {
		return nil, err
	}
	dsn := file.uri() + "&_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"
	pragmas := "PRAGMA query_only = 1;"
	if sortInMemory() {
		dsn += "&_pragma=temp_store(MEMORY)"
		pragmas += "PRAGMA temp_store = MEMORY;"
	}
	connections := cmp.Or(o.Connections, max(2, runtime.NumCPU()))
	s := &Store{dialect: "sqlite", file: file}
	if file.readOnly == nil {
		dsn += "&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
		if s.write, err = openSQLiteWriter(dsn); err != nil {
			return nil, file.explain(err)
		}
	}
	if s.read, err = open(sqlite.Open(dsn+"&_pragma=query_only(1)"), connections); err != nil {
		return nil, file.explain(err)
	}
	if err := file.guard(s.read); err != nil {
		return nil, err
	}
	if s.write == nil {
		s.write = s.read
	}
	if s.rows, err = openSQLiteSource(file, pragmas, connections, sqliteCache); err != nil {
		return nil, file.explain(err)
	}
	if s.streams, err = openSQLiteSource(file, pragmas, max(1, o.Streams), sqliteCache/8); err != nil {
		return nil, file.explain(err)
	}
	return s, nil
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
	file sqliteFile
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

func openSQLiteSource(file sqliteFile, pragmas string, connections, cache int) (*sqliteSource, error) {
	s := &sqliteSource{file: file}
	flags := zombiezen.OpenReadWrite
	if file.readOnly != nil {
		flags = zombiezen.OpenReadOnly
	}
	pool, err := sqlitex.NewPool(file.uri(), sqlitex.PoolOptions{
		Flags: flags | zombiezen.OpenURI, PoolSize: connections,
		PrepareConn: func(conn *zombiezen.Conn) error {
			s.statements.Store(conn, make(map[string]*zombiezen.Stmt))
			conn.SetBusyTimeout(5 * time.Second)
			return sqlitex.ExecuteScript(conn, fmt.Sprintf("%s PRAGMA cache_size = -%d", pragmas, cache), nil)
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
	if err := s.file.check(); err != nil {
		return err
	}
	conn, err := s.pool.Take(ctx)
	if err != nil {
		return err
	}
	defer s.pool.Put(conn)
	err = s.run(conn, text, args, read)
	if changed := s.file.check(); changed != nil {
		return changed
	}
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
