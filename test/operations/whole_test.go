// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// whole checks every release of a database: the recorded numbers of rows and checksums,
// and no rows without a release.
func whole(t testing.TB, databaseURL string) {
	t.Helper()
	counted(t, databaseURL)
	db := storetest.Connect(t, databaseURL)
	for _, r := range releases(t, db) {
		for _, d := range dataset.All {
			wholeDataset(t, db, r, d)
		}
	}
}

// counted checks the numbers of rows, and the checksums of the files.
func counted(t testing.TB, databaseURL string) {
	t.Helper()
	db := storetest.Connect(t, databaseURL)
	if n := number(t, db, "SELECT COUNT(*) FROM latest JOIN releases ON seq = release_seq"); n != 1 {
		t.Errorf("%d releases are the latest", n)
	}
	for _, r := range releases(t, db) {
		if n := number(t, db, fmt.Sprintf("SELECT COUNT(*) FROM release_datasets WHERE release_seq = %d", r.seq)); n != len(dataset.All) {
			t.Errorf("release %s has %d datasets, want %d", r.id, n, len(dataset.All))
		}
		if got := filesHash(t, db, r.seq); got != r.hash {
			t.Errorf("release %s: the files have the checksum %s, want %s", r.id, got, r.hash)
		}
		for _, d := range dataset.All {
			rows := number(t, db, fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE version = %s", d.Table(), versionOf(r, d)))
			want := number(t, db, fmt.Sprintf("SELECT row_count FROM release_datasets WHERE release_seq = %d AND dataset = '%s'", r.seq, d.ID))
			if rows != want {
				t.Errorf("release %s: %s has %d rows, want %d", r.id, d.ID, rows, want)
			}
		}
	}
	for _, d := range dataset.All {
		if n := number(t, db, "SELECT COUNT(*) FROM "+d.Table()+" WHERE version NOT IN (SELECT version FROM release_datasets WHERE dataset = '"+d.ID+"')"); n != 0 {
			t.Errorf("%s has %d rows of no release", d.ID, n)
		}
	}
	if n := number(t, db, "SELECT COUNT(*) FROM file_pieces WHERE version NOT IN (SELECT version FROM release_files)"); n != 0 {
		t.Errorf("%d pieces of files of no release", n)
	}
}

type storedRelease struct {
	seq      int
	id, hash string
}

func releases(t testing.TB, db *sql.DB) []storedRelease {
	t.Helper()
	var out []storedRelease
	each(t, db, "SELECT seq, id, content_hash FROM releases ORDER BY seq", func(scan func(...any) error) error {
		var r storedRelease
		err := scan(&r.seq, &r.id, &r.hash)
		out = append(out, r)
		return err
	})
	return out
}

// filesHash is the SHA-256 over paths, lengths and contents.
func filesHash(t testing.TB, db *sql.DB, seq int) string {
	t.Helper()
	sum := sha256.New()
	type file struct {
		path    string
		content []byte
		version int
	}
	var files []file
	each(t, db, fmt.Sprintf("SELECT path, content, version FROM release_files WHERE release_seq = %d ORDER BY path", seq), func(scan func(...any) error) error {
		var f file
		err := scan(&f.path, &f.content, &f.version)
		files = append(files, f)
		return err
	})
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	for _, f := range files {
		each(t, db, fmt.Sprintf("SELECT content FROM file_pieces WHERE version = %d AND path = '%s' ORDER BY piece", f.version, f.path), func(scan func(...any) error) error {
			var piece []byte
			err := scan(&piece)
			if err == nil {
				f.content, err = decoder.DecodeAll(piece, f.content)
			}
			return err
		})
		fmt.Fprintf(sum, "%s\x00%d\x00%s", f.path, len(f.content), f.content)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// versionOf is the version of a dataset in a release, in SQL.
func versionOf(r storedRelease, d *dataset.Dataset) string {
	return fmt.Sprintf("(SELECT version FROM release_datasets WHERE release_seq = %d AND dataset = '%s')", r.seq, d.ID)
}

// wholeDataset hashes the rows of a dataset.
func wholeDataset(t testing.TB, db *sql.DB, r storedRelease, d *dataset.Dataset) {
	t.Helper()
	var columns []string
	for _, c := range d.Columns {
		columns = append(columns, `"`+c.SQL()+`"`)
	}
	sum := sha256.New()
	cells := make([]any, len(columns))
	for i := range cells {
		cells[i] = new(string)
	}
	each(t, db, fmt.Sprintf("SELECT %s FROM %s WHERE version = %s ORDER BY ordinal", strings.Join(columns, ", "), d.Table(), versionOf(r, d)), func(scan func(...any) error) error {
		err := scan(cells...)
		for _, cell := range cells {
			fmt.Fprintf(sum, "%s\x00", *cell.(*string))
		}
		sum.Write([]byte{1})
		return err
	})
	var want string
	err := db.QueryRow(fmt.Sprintf("SELECT content_hash FROM release_datasets WHERE release_seq = %d AND dataset = '%s'", r.seq, d.ID)).Scan(&want)
	if got := hex.EncodeToString(sum.Sum(nil)); err != nil || got != want {
		t.Errorf("release %s: the rows of %s have the checksum %s, want %s (%v)", r.id, d.ID, got, want, err)
	}
}

func each(t testing.TB, db *sql.DB, query string, use func(scan func(...any) error) error) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := use(rows.Scan); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func number(t testing.TB, db *sql.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// lock runs a statement in a transaction of another session and returns how to
// end it.
func lock(t testing.TB, databaseURL, statement string) (unlock func()) {
	t.Helper()
	tx, err := storetest.Connect(t, databaseURL).Begin()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	if _, err := tx.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return func() { _ = tx.Rollback() }
}

// waiting waits until so many sessions wait for a lock on a table of the
// database's schema.
func waiting(t testing.TB, databaseURL string, sessions int) {
	t.Helper()
	db := storetest.Connect(t, databaseURL)
	testenv.Eventually(t, "sessions wait for a lock", func() error {
		n := number(t, db, waitingSessions)
		return unless(n >= sessions, "%d of %d", n, sessions)
	})
}

const waitingSessions = "SELECT COUNT(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE NOT granted AND nspname = current_schema()"
