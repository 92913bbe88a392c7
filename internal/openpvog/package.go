// SPDX-License-Identifier: EUPL-1.2

package openpvog

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/plainjson"
)

// Options describes a conversion.
type Options struct {
	// Paths are files and folders; of a folder, all .csv and .json files are read.
	Paths []string
	// AsOf is the day that the exports describe, Retrieved the day on which they were
	// fetched, as YYYY-MM-DD.
	AsOf, Retrieved string
	// Base is the data package that the other files are taken from.
	Base fs.FS
	// Out is the folder to write; files in it are overwritten.
	Out string
	// Report is called for each rejected row.
	Report func(Rejection)
}

// origin is where the exports are published.
const origin = "https://api.ozg-umsetzung.de/api/public/v1/dash/open-pvog"

// Convert converts exports into a data package. If it returns an error, the folder has
// no datapackage.json, and so is not a data package. It stops when the context ends.
func Convert(ctx context.Context, o Options) (*Summary, error) {
	if err := checkDates(o.AsOf, o.Retrieved); err != nil {
		return nil, err
	}
	files, err := list(o.Paths)
	if err != nil {
		return nil, err
	}
	b, err := readBase(o.Base)
	if err != nil {
		return nil, fmt.Errorf("base package: %w", err)
	}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return nil, err
	}
	sourceID := "open-pvog-" + o.AsOf
	c := newConverter(o.AsOf, sourceID, newAreas(b.areas[0], b.areas[1:]))
	c.report = o.Report
	if err := writeFile(o.Out, dataset.ServiceAvailability.ID+".csv", func(w io.Writer) error { return c.readFiles(ctx, files, w) }); err != nil {
		return nil, err
	}
	if c.Accepted == 0 {
		return &c.Summary, errors.New("no row of the exports could be used")
	}
	tables := map[string][][]string{dataset.Services.ID: c.mergeServices(b)}
	if tables[dataset.Sources.ID], err = b.addSource(sourceID, o); err != nil {
		return nil, err
	}
	for _, d := range dataset.All {
		switch rows := tables[d.ID]; {
		case d.Computed, d == dataset.ServiceAvailability:
			continue
		case rows != nil:
			err = writeFile(o.Out, d.ID+".csv", func(w io.Writer) error { return csv.NewWriter(w).WriteAll(rows) })
		default:
			err = copyFile(o.Base, o.Out, d.ID+".csv")
		}
		if err != nil {
			return nil, err
		}
	}
	c.Areas = len(c.used)
	c.Version = domain.NextVersion(b.manifest.Version, strings.ReplaceAll(o.Retrieved[:len("2026-11")], "-", "."))
	return &c.Summary, writeFile(o.Out, dataset.ManifestName, func(w io.Writer) error { return writeManifest(w, b.manifest, c.Version, o) })
}

func checkDates(asOf, retrieved string) error {
	for _, date := range []struct{ flag, value string }{{"--as-of", asOf}, {"--retrieved", retrieved}} {
		if _, err := time.Parse(time.DateOnly, date.value); err != nil {
			return fmt.Errorf("%s %q: a date is YYYY-MM-DD", date.flag, date.value)
		}
	}
	if retrieved < asOf {
		return fmt.Errorf("--retrieved %s must not be before --as-of %s", retrieved, asOf)
	}
	return nil
}

// list returns the files to read: those named, and those of folders sorted by name.
func list(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, err
		case !info.IsDir() && !isExport(path):
			return nil, fmt.Errorf("%s: must be a .csv or .json file", path)
		case !info.IsDir():
			files = append(files, path)
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, err
		}
		before := len(files)
		for _, e := range entries {
			if !isExport(e.Name()) {
				continue
			}
			file := filepath.Join(path, e.Name())
			if info, err := os.Stat(file); err != nil { // of a link, the file that it leads to
				return nil, err
			} else if info.Mode().IsRegular() {
				files = append(files, file)
			}
		}
		if len(files) == before {
			return nil, fmt.Errorf("%s: has no .csv or .json files", path)
		}
	}
	return files, nil
}

func isExport(path string) bool {
	extension := strings.ToLower(filepath.Ext(path))
	return extension == ".csv" || extension == ".json"
}

// readFiles converts the files and writes service-availability.csv.
func (c *converter) readFiles(ctx context.Context, files []string, w io.Writer) error {
	lines := csv.NewWriter(w)
	c.write = func(row []string) { _ = lines.Write(row) } // Error reports it
	_ = lines.Write(dataset.Names(dataset.ServiceAvailability.Edited()))
	ignored := map[string]bool{}
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		r := reader{file: path, row: func(rec *record) { c.Rows++; c.row(rec) }, reject: func(r Rejection) { c.Rows += r.Place.rows(); c.reject(r) }, ignored: ignored}
		err = r.read(untilDone{ctx, f})
		_ = f.Close()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		c.Files++
	}
	c.Ignored = slices.Sorted(maps.Keys(ignored))
	lines.Flush()
	return lines.Error()
}

// untilDone reads until the context ends.
type untilDone struct {
	ctx context.Context
	io.Reader
}

// Read reads some of the file.
func (u untilDone) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.Reader.Read(b)
}

// base is what the conversion reads of another data package, each table with its header.
type base struct {
	manifest                 dataset.Manifest
	areas, services, sources [][]string
}

func readBase(folder fs.FS) (*base, error) {
	b := &base{}
	content, err := fs.ReadFile(folder, dataset.ManifestName)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(content, &b.manifest); err != nil {
		return nil, fmt.Errorf("%s: %w", dataset.ManifestName, err)
	}
	for _, table := range []struct {
		of   *dataset.Dataset
		rows *[][]string
	}{{dataset.Areas, &b.areas}, {dataset.Services, &b.services}, {dataset.Sources, &b.sources}} {
		name := table.of.ID + ".csv"
		content, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		*table.rows, err = csv.NewReader(bytes.NewReader(content)).ReadAll()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if want := dataset.Names(table.of.Edited()); len(*table.rows) == 0 || !slices.Equal((*table.rows)[0], want) {
			return nil, fmt.Errorf("%s: the columns must be %s", name, strings.Join(want, ","))
		}
	}
	return b, nil
}

// mergeServices returns services.csv: the services of the base package, updated from the
// exports, then the new ones by key. Topic, priority and the English title of the base
// stay, unless the exports give a topic.
func (c *converter) mergeServices(b *base) [][]string {
	columns := b.services[0]
	column := func(name string) int { return slices.Index(columns, name) }
	rows := slices.Clone(b.services)
	known := map[string]int{}
	for i, row := range rows[1:] {
		known[row[0]] = i + 1
	}
	for _, key := range slices.Sorted(maps.Keys(c.services)) {
		i, old := known[key]
		if !old {
			c.NewServices++
			i = len(rows)
			rows = append(rows, make([]string, len(columns)))
			rows[i][0] = key
		}
		s, row := c.services[key], slices.Clone(rows[i])
		if s.title == "" && row[column("title")] == "" {
			c.Untitled++
			s.title = "LeiKa " + key
		}
		for _, cell := range []struct{ name, value string }{{"title", s.title}, {"ozgId", s.ozgID}, {"topic", s.topic}} {
			if cell.value != "" && row[column(cell.name)] != cell.value {
				row[column(cell.name)], row[column("source")] = cell.value, c.source
			}
		}
		rows[i] = row
	}
	c.Services = len(rows) - 1
	return rows
}

// addSource returns sources.csv with the exports as a source.
func (b *base) addSource(id string, o Options) ([][]string, error) {
	mark := ""
	if b.manifest.Synthetic {
		mark = "Synthetisch: "
	}
	cells := map[string]string{
		"id": id, "title": mark + "Open-PVOG, Stand " + o.AsOf, "titleEn": mark + "Open PVOG as of " + o.AsOf,
		"publisher": "Dashboard Digitale Verwaltung", "kind": "data-export", "url": origin, "retrieved": o.Retrieved,
	}
	row := make([]string, len(b.sources[0]))
	for i, name := range b.sources[0] {
		row[i] = cells[name]
	}
	for _, known := range b.sources {
		if known[0] == id && !slices.Equal(known, row) {
			return nil, fmt.Errorf("base package: sources.csv has %s with different values; the date on which a source was retrieved does not change", id)
		}
		if known[0] == id {
			return b.sources, nil
		}
	}
	return append(slices.Clone(b.sources), row), nil
}

// writeManifest writes the datapackage.json of the new package. Its time of creation
// depends on nothing but the options, so that the same exports give the same package.
func writeManifest(w io.Writer, m dataset.Manifest, version string, o Options) error {
	created, err := time.Parse(time.DateOnly, o.Retrieved)
	if err != nil {
		return err
	}
	if before, err := time.Parse(time.RFC3339, m.Created); err == nil && !created.After(before) {
		created = before.Add(time.Second)
	}
	m.Version, m.Created = version, created.UTC().Format(time.RFC3339)
	m.Notes = "Verfügbarkeit von Onlinediensten nach Open-PVOG, Stand " + o.AsOf + ", abgerufen am " + o.Retrieved + "."
	m.Resources = nil
	for _, d := range dataset.All {
		if !d.Computed {
			m.Resources = append(m.Resources, dataset.Describe(d))
		}
	}
	content, err := plainjson.MarshalIndent(m)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}

func writeFile(folder, name string, write func(io.Writer) error) (err error) {
	f, err := os.Create(filepath.Join(folder, name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return write(f)
}

func copyFile(from fs.FS, folder, name string) error {
	f, err := from.Open(name)
	if err != nil {
		return fmt.Errorf("base package: %w", err)
	}
	defer f.Close()
	return writeFile(folder, name, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}
