// SPDX-License-Identifier: EUPL-1.2

// Package sqlitefile writes datasets as one SQLite database for readers. The same rows
// give the same bytes: they depend only on the version of SQLite that is compiled in.
package sqlitefile

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/zielstand/zielstand/internal/dataset"
)

// textSuffix is the suffix of the column with the reported text of a decimal column,
// because a REAL has no trailing zeros.
const textSuffix = "Text"

// Table is a dataset with its rows.
type Table struct {
	Dataset *dataset.Dataset
	// Rows calls yield with the cells of each row, in the order of the columns.
	Rows func(yield func(cells [][]byte) error) error
}

// Entry is a row of the table zielstand_metadata.
type Entry struct{ Key, Value string }

// pragmas are for a database that nobody reads before it is finished, and that is deleted
// after an error.
const pragmas = "?_pragma=page_size(4096)&_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=locking_mode(EXCLUSIVE)"

// Write writes the tables into an empty file.
func Write(ctx context.Context, path string, metadata []Entry, tables []Table) error {
	return open("file:"+url.PathEscape(path)+pragmas, func(db *sql.DB) error { return write(ctx, db, metadata, tables) })
}

// Bytes returns what Write writes, and needs no folder for it.
func Bytes(ctx context.Context, metadata []Entry, tables []Table) (content []byte, err error) {
	err = open(":memory:"+pragmas, func(db *sql.DB) error {
		if err := write(ctx, db, metadata, tables); err != nil {
			return err
		}
		conn, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		return conn.Raw(func(driver any) (err error) {
			content, err = driver.(interface{ Serialize() ([]byte, error) }).Serialize()
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	// A database in memory does not count its changes (Database File Format, 1.3.7 and 1.3.17).
	binary.BigEndian.PutUint32(content[24:], 1)
	binary.BigEndian.PutUint32(content[92:], 1)
	binary.BigEndian.PutUint32(content[96:], sqlite3.SQLITE_VERSION_NUMBER)
	return content, nil
}

// open opens a database with a single connection for use.
func open(name string, use func(*sql.DB) error) error {
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	return errors.Join(use(db), db.Close())
}

func write(ctx context.Context, db *sql.DB, metadata []Entry, tables []Table) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after an error the file is deleted
	if err := describe(ctx, tx, metadata, tables); err != nil {
		return err
	}
	for _, t := range tables {
		if err := writeTable(ctx, tx, t, tables); err != nil {
			return fmt.Errorf("table %s: %w", t.Dataset.Table(), err)
		}
	}
	return tx.Commit()
}

// describe writes what the datasets and their columns mean.
func describe(ctx context.Context, tx *sql.Tx, metadata []Entry, tables []Table) error {
	for _, statement := range []string{
		`CREATE TABLE zielstand_metadata (key TEXT PRIMARY KEY, value TEXT)`,
		`CREATE TABLE zielstand_datasets (dataset TEXT PRIMARY KEY, "table" TEXT, title TEXT, titleEn TEXT, description TEXT, descriptionEn TEXT)`,
		`CREATE TABLE zielstand_columns ("table" TEXT, "column" TEXT, type TEXT, of TEXT, title TEXT, titleEn TEXT, description TEXT, descriptionEn TEXT, PRIMARY KEY ("table", "column"))`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	for _, e := range metadata {
		if _, err := tx.ExecContext(ctx, `INSERT INTO zielstand_metadata VALUES (?, ?)`, e.Key, e.Value); err != nil {
			return err
		}
	}
	for _, t := range tables {
		d := t.Dataset
		if _, err := tx.ExecContext(ctx, `INSERT INTO zielstand_datasets VALUES (?, ?, ?, ?, ?, ?)`,
			d.ID, d.Table(), d.Title.DE, d.Title.EN, d.Description.DE, d.Description.EN); err != nil {
			return err
		}
		for _, c := range d.Columns {
			if _, err := tx.ExecContext(ctx, `INSERT INTO zielstand_columns VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
				d.Table(), c.Name, string(c.Type), c.Of, c.Title.DE, c.Title.EN, c.Description.DE, c.Description.EN); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeTable(ctx context.Context, tx *sql.Tx, t Table, tables []Table) error {
	if _, err := tx.ExecContext(ctx, createTable(t.Dataset, tables)); err != nil {
		return err
	}
	width := 0
	for _, c := range t.Dataset.Columns {
		width += len(columnsOf(c))
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO "`+t.Dataset.Table()+`" VALUES (?`+strings.Repeat(", ?", width-1)+`)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	values := make([]any, 0, width)
	return t.Rows(func(cells [][]byte) error {
		values = values[:0]
		for i, c := range t.Dataset.Columns {
			for range columnsOf(c) {
				values = append(values, valueOf(c, cells[i]))
			}
		}
		_, err := insert.ExecContext(ctx, values...)
		return err
	})
}

// createTable returns the statement for a dataset. References to datasets that are not
// in the file are not declared. Cells are passed as text; the type of the column
// converts them.
func createTable(d *dataset.Dataset, tables []Table) string {
	var lines []string
	for _, c := range d.Columns {
		for i, name := range columnsOf(c) {
			line := `"` + name + `" ` + typeOf(c)
			if i > 0 {
				line = `"` + name + `" TEXT`
			}
			switch {
			case c.Name == "id":
				line += " PRIMARY KEY"
			case c.Type == dataset.Reference && slices.ContainsFunc(tables, func(t Table) bool { return t.Dataset.ID == c.Of }):
				line += ` REFERENCES "` + dataset.ByID(c.Of).Table() + `"`
			}
			lines = append(lines, line)
		}
	}
	return `CREATE TABLE "` + d.Table() + "\" (\n  " + strings.Join(lines, ",\n  ") + "\n)"
}

// columnsOf returns the names of the columns for a column of the dataset.
func columnsOf(c dataset.Column) []string {
	if c.Type == dataset.Decimal {
		return []string{c.Name, c.Name + textSuffix}
	}
	return []string{c.Name}
}

func typeOf(c dataset.Column) string {
	switch c.Type {
	case dataset.Decimal:
		return "REAL"
	case dataset.Integer, dataset.Boolean:
		return "INTEGER"
	default:
		return "TEXT"
	}
}

// valueOf returns NULL for an empty cell, and 1 or 0 for a Boolean.
func valueOf(c dataset.Column, cell []byte) any {
	switch {
	case len(cell) == 0:
		return nil
	case c.Type == dataset.Boolean:
		return string(cell) == "true"
	}
	return string(cell)
}
