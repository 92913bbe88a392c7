// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ url, want string }{
		{"", `database.url: is not a database address (not shown: it may contain a password); allowed: sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE`},
		{"mysql://root:secret@host/db", `database.url: is not a database address (not shown: it may contain a password); allowed: sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE`},
		{"sqlite:", `database.url: names no file (not shown: it may contain a password); allowed: sqlite:PATH`},
		{"postgres://root:secret@host:port/db", `database.url: cannot be used: invalid port`},
		{"postgres://root:secret@host/db?sslmode=secret", `database.url: cannot be used: failed to configure TLS (sslmode is invalid)`},
		{"postgres://root:secret@host/db?target_session_attrs=secret", `database.url: cannot be used: unknown target_session_attrs value: …`},
	} {
		t.Run(tt.url, func(t *testing.T) {
			t.Parallel()
			_, err := store.Open(store.Options{URL: tt.url})
			if !errors.Is(err, domain.ErrInvalid) || err.Error() != tt.want {
				t.Errorf("error %v\nwant  %s", err, tt.want)
			}
		})
	}
}

// TestAway asks a database that cannot be reached.
func TestAway(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, err := store.Open(store.Options{URL: "postgres://nobody@127.0.0.1:1/nothing?connect_timeout=2"})
	if err != nil {
		t.Fatalf("a server starts while its database is away: %v", err)
	}
	defer s.Close()
	if _, err := s.Latest(ctx); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("Latest gave the error %v", err)
	}
	if err := s.Ping(ctx); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("Ping gave the error %v", err)
	}
	if _, err := s.Publish(ctx, store.Content{}); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("Publish gave the error %v", err)
	}
	_, err = store.Open(store.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "absent", "zielstand.db")})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is absent gave the error %v", err)
	}
}

func TestNotADatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "letter.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("Dear reader, this is a letter.\n", 100)), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(store.Options{URL: "sqlite:" + path})
	if err == nil {
		defer s.Close()
		err = s.Migrate(context.Background())
	}
	if err == nil || errors.Is(err, domain.ErrUnavailable) || !strings.Contains(err.Error(), "not a database") {
		t.Errorf("a letter for a database gave the error %v", err)
	}
}

// TestForeignDatabase refuses a database of another program, and leaves it as it is; one
// without tables is fine.
func TestForeignDatabase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		isFile := strings.HasPrefix(databaseURL, "sqlite:")
		storetest.Execute(t, databaseURL, "CREATE TABLE notes (text text)", "DROP TABLE notes")
		migrate := func() error {
			s, err := store.Open(store.Options{URL: databaseURL, Existing: true})
			if err != nil {
				return err
			}
			defer s.Close()
			return s.Migrate(t.Context())
		}
		if err := migrate(); err != nil {
			t.Fatalf("without tables: %v", err)
		}
		if err := migrate(); err != nil {
			t.Fatalf("its own: %v", err)
		}

		databaseURL = storetest.SQLite(t)
		want := " is not a Zielstand database: it has other tables (a, goals, notes, …); set database.url to another file"
		if !isFile {
			databaseURL = storetest.Postgres(t)
			want = " is not a Zielstand database: it has other tables (a, goals, notes, …); use a schema of its own, or set database.url to another database"
		}
		path := strings.TrimPrefix(databaseURL, "sqlite:")
		storetest.Execute(t, databaseURL, "CREATE TABLE notes (text text)", "CREATE TABLE goals (id text)", "CREATE TABLE releases (id text)", "CREATE TABLE a (id text)", "CREATE TABLE goose_db_version (id integer)")
		before, _ := os.ReadFile(path)
		if err := migrate(); err == nil || !strings.HasSuffix(err.Error(), want) || isFile && !strings.HasPrefix(err.Error(), path+" is not") || !isFile && !strings.HasPrefix(err.Error(), "the schema test_") {
			t.Errorf("another program's: %v, want %s", err, want)
		}
		after, _ := os.ReadFile(path)
		files, _ := filepath.Glob(path + "*")
		if !bytes.Equal(before, after) || isFile && len(files) != 1 {
			t.Errorf("the file is another now, or there are others: %v", files)
		}
		if !isFile {
			db := storetest.Connect(t, databaseURL)
			var tables int
			if err := db.QueryRow("SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema()").Scan(&tables); err != nil || tables != 5 {
				t.Errorf("%d tables, error %v", tables, err)
			}
		}
	})
}

// TestOpenWhileLocked opens a new file while another program is about to write to it, so
// that its journal mode cannot be changed.
func TestOpenWhileLocked(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	other, err := storetest.Connect(t, url).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), "CREATE TABLE goose_db_version (id INTEGER); BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	opened := make(chan error, 1)
	go func() {
		s, err := store.Open(store.Options{URL: url})
		if err == nil {
			err = s.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		t.Fatalf("Open did not wait for the other program; it returned the error %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Error(err)
	}
}

func TestPing(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		if err := s.Ping(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestCanceled(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		storetest.Publish(t, s)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := s.Latest(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("the error is %v; a client that disconnects is not an outage", err)
		}
	})
}

// TestCanceledReading checks that reading stops when the client disconnects, and that
// the next query is answered.
func TestCanceledReading(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.PublishSynthetic(t, s, 5000)
		for range 20 { // more often than there are connections
			ctx, cancel := context.WithCancel(context.Background())
			n := 0
			err := s.Read(ctx, r, dataset.Observations, func([][]byte) error {
				if n++; n == 1 {
					cancel()
					time.Sleep(50 * time.Millisecond) // the driver sees it beside
				}
				return nil
			})
			if !errors.Is(err, context.Canceled) || n == 5000 {
				t.Fatalf("%d rows, error %v", n, err)
			}
		}
		if got := len(rows(t, s, r, dataset.Observations)); got != 5000 {
			t.Errorf("%d rows", got)
		}
	})
}

// TestBusy asks for the releases while datasets are read over all other connections.
func TestBusy(t *testing.T) {
	t.Parallel()
	for _, connections := range []int{0, 1, 2, 3} {
		t.Run(fmt.Sprint(connections), func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, databaseURL string) {
				r := storetest.Publish(t, storetest.Open(t, databaseURL))
				s, err := store.Open(store.Options{URL: databaseURL, Connections: connections})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				reading, done := make(chan struct{}), make(chan struct{})
				var wait sync.WaitGroup
				for range max(2, connections) {
					wait.Go(func() {
						err := s.Read(ctx, r, dataset.Areas, func([][]byte) error {
							select {
							case reading <- struct{}{}:
							case <-done:
							}
							<-done
							return nil
						})
						if err != nil {
							t.Errorf("a reader gave the error %v", err)
						}
					})
				}
				for range max(1, connections-1) {
					<-reading
				}
				if err := s.Ping(ctx); err != nil {
					t.Errorf("Ping gave the error %v", err)
				}
				if _, err := s.Latest(ctx); err != nil {
					t.Errorf("Latest gave the error %v", err)
				}
				if _, err := s.Releases(ctx); err != nil {
					t.Errorf("Releases gave the error %v", err)
				}
				waiting, stop := context.WithCancel(ctx)
				stop()
				if err := s.Read(waiting, r, dataset.Areas, func([][]byte) error { return nil }); connections > 0 && !errors.Is(err, context.Canceled) {
					t.Errorf("a reader that does not wait any longer gave the error %v", err)
				}
				close(done)
				wait.Wait()
			})
		})
	}
}

// TestClosed checks that a closed store rejects everything, and that it may be closed
// repeatedly.
func TestClosed(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		for range 2 {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		err := s.Read(context.Background(), r, dataset.Goals, func([][]byte) error { return nil })
		if !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("rows: error %v", err)
		}
	})
}

// TestClosedWhileReading never takes a part of the rows for all of them.
func TestClosedWhileReading(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	r := storetest.PublishSynthetic(t, s, 5000)
	closed := make(chan error, 1)
	n := 0
	err := s.Read(context.Background(), r, dataset.Observations, func([][]byte) error {
		if n++; n == 1 {
			go func() { closed <- s.Close() }()
		}
		time.Sleep(10 * time.Microsecond)
		return nil
	})
	if !errors.Is(err, domain.ErrUnavailable) && (err != nil || n != 5000) {
		t.Errorf("%d rows, error %v", n, err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// FuzzAddress expects that no message shows a part of an address that may be a password.
func FuzzAddress(f *testing.F) {
	const secret = "S3cr3t"
	for _, around := range [][2]string{
		{"sqlite:", ".db"},
		{"sqlite:a.db?key=", ""},
		{"postgres://root:", "@host/db?sslmode=disable"},
		{"postgres://root:%", "@host:port/db"},
		{"postgresql://host/db?password=", "&sslpassword=x"},
		{"postgres://host:54\x0032/db?passfile=", "%zz"},
		{"host=db password='", "'"},
	} {
		f.Add(around[0], around[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		address := before + secret + after
		for _, check := range []func(string) error{store.CheckURL, store.CheckReplicaURL} {
			if err := check(address); err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%q: %v", address, err)
			}
		}
		if !domain.MayHoldPassword(address) {
			return
		}
		if shown := store.Hide("open "+address+": refused", address); strings.Contains(shown, secret) {
			t.Errorf("%q is shown as %q", address, shown)
		}
	})
}
