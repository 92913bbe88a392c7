// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"archive/zip"
	"context"
	"embed"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/sqlitefile"
)

// Package describes the files with all datasets of a release: an entry of the catalogue,
// but not a dataset that can be queried.
var Package = &dataset.Dataset{
	ID:    "zielstand",
	Title: dataset.Text{DE: "Zielstand: alle Datensätze", EN: "Zielstand: all datasets"},
	Description: dataset.Text{
		DE: "Alle Datensätze einer Veröffentlichung in einer Datei: als Datenpaket mit CSV-Dateien, Beschreibung der Spalten und Lizenz, oder als SQLite-Datenbank.",
		EN: "All datasets of a release in one file: as a data package of CSV files with a description of the columns and the licence, or as a SQLite database.",
	},
	Keywords: []dataset.Text{{DE: "Digitalstrategie", EN: "digital strategy"}, {DE: "Datenpaket", EN: "data package"}},
	Themes:   []string{"GOVE"},
}

// WholeFormats are the formats of files with all datasets.
var WholeFormats = []encode.Format{
	{
		// The code is that of the files in the archive (dcat:packageFormat).
		Name: "zip", MediaType: "application/zip", ContentType: "application/zip", FileType: "CSV", Binary: true,
		Title: dataset.Text{DE: "Datenpaket (ZIP mit CSV)", EN: "Data package (ZIP with CSV)"},
	},
	{
		// The EU vocabulary has no code for SQLite.
		Name: "sqlite", MediaType: "application/vnd.sqlite3", ContentType: "application/vnd.sqlite3", FileType: "OCTET", Binary: true,
		Title: dataset.Text{DE: "SQLite-Datenbank", EN: "SQLite database"},
	},
}

// WholeName returns the name of the file with all datasets.
func WholeName(f encode.Format) string { return Package.ID + "." + f.Name }

// Whole returns the file with the name that has all datasets of the release. The error
// is domain.ErrNotFound if no file has the name.
func (s *Service) Whole(ctx context.Context, r *domain.Release, name string) (*representation.Representation, error) {
	for _, f := range WholeFormats {
		if WholeName(f) != name {
			continue
		}
		if err := s.releases.Whole(ctx, r); err != nil {
			return nil, err
		}
		write := s.writeZIP
		if f.Name == "sqlite" {
			write = s.writeSQLite
		}
		return s.responses.Whole(ctx, representation.WholeFile{
			Release: r, Name: name, MediaType: f.MediaType, Settings: fmt.Sprintf("%#v", s.settings),
			Write: func(ctx context.Context, w io.Writer) error { return write(ctx, r, w) },
		})
	}
	return nil, domain.ErrNotFound
}

// wholeFile describes the file with all datasets in the format.
func (s *Service) wholeFile(ctx context.Context, r *domain.Release, f encode.Format) (File, error) {
	file := File{Format: f, Address: s.settings.PublicURL + "/v1/releases/" + r.ID + "/" + WholeName(f)}
	if f.Name == "zip" {
		file.Schema = "https://specs.frictionlessdata.io/tabular-data-package/"
	}
	return s.describe(r, file, func() (*representation.Representation, error) { return s.Whole(ctx, r, WholeName(f)) })
}

// datasets returns the datasets of the release that this program knows.
func datasets(r *domain.Release) []*dataset.Dataset {
	var all []*dataset.Dataset
	for _, d := range dataset.All {
		if _, held := r.Dataset(d.ID); held {
			all = append(all, d)
		}
	}
	return all
}

// maxInMemory is the estimated size up to which a SQLite database is written in memory if
// no folder can be written to.
const maxInMemory = 64 << 20

// writeSQLite writes the datasets as a SQLite database.
func (s *Service) writeSQLite(ctx context.Context, r *domain.Release, w io.Writer) error {
	var tables []sqlitefile.Table
	for _, d := range datasets(r) {
		tables = append(tables, sqlitefile.Table{Dataset: d, Rows: func(yield func([][]byte) error) error {
			return s.releases.Rows(ctx, r, dataset.Query{Dataset: d}, yield)
		}})
	}
	path, err := s.responses.Scratch(func(path string) error {
		return sqlitefile.Write(ctx, path, s.metadata(r), tables)
	})
	if err != nil && representation.EstimatedSize(r) <= maxInMemory {
		content, err := sqlitefile.Bytes(ctx, s.metadata(r), tables)
		if err != nil {
			return fmt.Errorf("SQLite file of %s: %w", r.ID, err)
		}
		_, err = w.Write(content)
		return err
	}
	if err != nil {
		return fmt.Errorf("%w: SQLite file of %s: %w", domain.ErrUnavailable, r.ID, err)
	}
	defer os.Remove(path)
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// metadata describes the release in a SQLite file.
func (s *Service) metadata(r *domain.Release) []sqlitefile.Entry {
	entries := []sqlitefile.Entry{
		{Key: "release", Value: r.ID},
		{Key: "title", Value: r.Title},
		{Key: "published", Value: r.Published.UTC().Format(time.RFC3339)},
		{Key: "notes", Value: r.Notes},
		{Key: "license", Value: s.settings.License},
		{Key: "attribution", Value: s.settings.Attribution},
		{Key: "source", Value: s.settings.PublicURL + "/v1/releases/" + r.ID},
	}
	if r.Synthetic {
		entries = append(entries, sqlitefile.Entry{Key: "synthetic", Value: "true"})
	}
	return entries
}

// writeZIP writes the data package: its description, the licence and the CSV files, all
// with the time of the release.
func (s *Service) writeZIP(ctx context.Context, r *domain.Release, w io.Writer) error {
	archive := zip.NewWriter(w)
	create := func(name string) (io.Writer, error) {
		return archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: r.Published.UTC()})
	}
	description, err := s.DataPackage(ctx, r, representation.Identity)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name    string
		content []byte
	}{{dataset.ManifestName, description.Body}, {"LICENSE.txt", []byte(s.license(r))}} {
		out, err := create(f.name)
		if err != nil {
			return err
		}
		if _, err := out.Write(f.content); err != nil {
			return err
		}
	}
	csv, _ := encode.Find("csv", "")
	for _, d := range datasets(r) {
		out, err := create(d.ID + ".csv")
		if err != nil {
			return err
		}
		rows, err := s.responses.Rows(ctx, representation.Request{Release: r, Query: dataset.Query{Dataset: d}, Format: csv, File: true}, representation.Identity)
		if err != nil {
			return err
		}
		if err := rows.Copy(ctx, out); err != nil {
			return err
		}
	}
	return archive.Close()
}

// licenseTexts are the texts of licences by their code; for other licences, the package
// has only the address.
//
//go:embed licenses
var licenseTexts embed.FS

// license returns the licence with what it requires.
func (s *Service) license(r *domain.Release) string {
	title := dataset.LicenseTitle(s.settings.License)
	text := fmt.Sprintf("Lizenz / licence: %s\n%s\n\nQuellenvermerk / attribution: %s\nVeröffentlichung / release: %s, %s\n",
		title.DE, s.settings.License, s.settings.Attribution, r.ID, s.settings.PublicURL+"/v1/releases/"+r.ID)
	code := strings.ReplaceAll(strings.TrimPrefix(s.settings.License, dataset.LicenseBase), "/", "-")
	if full, err := licenseTexts.ReadFile("licenses/" + code + ".txt"); err == nil {
		text += "\n" + string(full)
	}
	return text
}
