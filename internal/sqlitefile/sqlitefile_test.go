// SPDX-License-Identifier: EUPL-1.2

package sqlitefile_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/sqlitefile"
)

var (
	parent = &dataset.Dataset{ID: "fields-of-action", Columns: []dataset.Column{{Name: "id", Type: dataset.Identifier}}}
	child  = &dataset.Dataset{ID: "figures", Columns: []dataset.Column{
		{Name: "id", Type: dataset.Identifier},
		{Name: "fieldOfAction", Type: dataset.Reference, Of: "fields-of-action"},
		{Name: "goal", Type: dataset.Reference, Of: "goals"},
		{Name: "value", Type: dataset.Decimal},
		{Name: "count", Type: dataset.Integer},
		{Name: "known", Type: dataset.Boolean},
		{Name: "order", Type: dataset.String},
	}}
)

func table(d *dataset.Dataset, rows ...[]string) sqlitefile.Table {
	return sqlitefile.Table{Dataset: d, Rows: func(yield func([][]byte) error) error {
		for _, row := range rows {
			cells := make([][]byte, len(row))
			for i, cell := range row {
				cells[i] = []byte(cell)
			}
			if err := yield(cells); err != nil {
				return err
			}
		}
		return nil
	}}
}

func write(t *testing.T, tables ...sqlitefile.Table) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a b?#.sqlite")
	if err := sqlitefile.Write(t.Context(), path, []sqlitefile.Entry{{Key: "release", Value: "2024.01.0"}}, tables); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWrite reads back what was written: values with types, reported decimals, and
// references to tables that are in the file.
func TestWrite(t *testing.T) {
	t.Parallel()
	path := write(t, table(parent, []string{"f1"}), table(child,
		[]string{"b", "f1", "g1", "1.10", "-3", "true", "it's \"x\"\n"},
		[]string{"a", "", "", "", "", "false", ""},
	))
	db, err := sql.Open("sqlite", "file:"+url.PathEscape(path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT id, fieldOfAction, goal, typeof(value), value, valueText, typeof(count), count, known, "order" FROM figures`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got [][]any
	for rows.Next() {
		row := make([]any, 10)
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		got = append(got, row)
	}
	want := [][]any{
		{"b", "f1", "g1", "real", 1.1, "1.10", "integer", int64(-3), int64(1), "it's \"x\"\n"},
		{"a", nil, nil, "null", nil, nil, "null", nil, int64(0), nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	for query, want := range map[string]string{
		`SELECT value FROM zielstand_metadata WHERE key = 'release'`:                     "2024.01.0",
		`SELECT "table" FROM zielstand_datasets WHERE dataset = 'fields-of-action'`:      "fields_of_action",
		`SELECT group_concat("column") FROM zielstand_columns WHERE "table" = 'figures'`: "count,fieldOfAction,goal,id,known,order,value",
		`SELECT group_concat("table") FROM pragma_foreign_key_list('figures')`:           "fields_of_action",
		`SELECT integrity_check FROM pragma_integrity_check`:                             "ok",
	} {
		var got string
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", query, got, err, want)
		}
	}
}

// TestStable writes the same bytes for the same rows.
func TestStable(t *testing.T) {
	t.Parallel()
	var files [][]byte
	for range 2 {
		b, err := os.ReadFile(write(t, table(parent, []string{"f1"}, []string{"f2"}), table(child)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b)
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("other bytes for the same rows")
	}
}

// TestErrors reports what prevented the file, and nothing else.
func TestErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	bad := table(parent)
	bad.Rows = func(func([][]byte) error) error { return broken }
	if err := sqlitefile.Write(t.Context(), filepath.Join(t.TempDir(), "x"), nil, []sqlitefile.Table{bad}); !errors.Is(err, broken) || err.Error() != "table fields_of_action: broken" {
		t.Errorf("broken rows: %v", err)
	}
	if err := sqlitefile.Write(t.Context(), filepath.Join(t.TempDir(), "absent", "x"), nil, nil); err == nil {
		t.Error("a folder that does not exist goes unnoticed")
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := sqlitefile.Write(cancelled, filepath.Join(t.TempDir(), "x"), nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestBytes checks that the database in memory has the bytes of the file.
func TestBytes(t *testing.T) {
	t.Parallel()
	var rows [][]string
	for i := range 2000 {
		rows = append(rows, []string{fmt.Sprint("f", i)})
	}
	tables := []sqlitefile.Table{table(parent, rows...), table(child, []string{"a", "f1", "g1", "1.10", "-3", "true", "text"})}
	want, err := os.ReadFile(write(t, tables...))
	if err != nil {
		t.Fatal(err)
	}
	got, err := sqlitefile.Bytes(t.Context(), []sqlitefile.Entry{{Key: "release", Value: "2024.01.0"}}, tables)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes differ from the %d of the file: %v", len(got), len(want), err)
	}
}
