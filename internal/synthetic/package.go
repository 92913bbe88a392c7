// SPDX-License-Identifier: EUPL-1.2

package synthetic

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing/fstest"
	"time"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
)

const title = "Synthetische Daten zum Messen, keine Angaben des Landes"

// Size is the size of a data package.
type Size struct {
	// Observations and Availability are numbers of rows.
	Observations, Availability int
	// Month is the month of the release: 0 is the first. Each month has another export of
	// the availability, in which some rows have another status.
	Month int
}

// Package returns a data package with a number of observations.
func Package(rows int) (fstest.MapFS, error) {
	pkg := fstest.MapFS{}
	err := each(Size{Observations: rows}, func(name string, write func(io.Writer) error) error {
		var b bytes.Buffer
		err := write(&b)
		pkg[name] = &fstest.MapFile{Data: b.Bytes(), Mode: 0o644}
		return err
	})
	return pkg, err
}

// Write writes a data package with a number of observations to a folder.
func Write(folder string, rows int) error { return WriteSize(folder, Size{Observations: rows}) }

// WriteSize writes a data package to a folder.
func WriteSize(folder string, size Size) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return each(size, func(name string, write func(io.Writer) error) error {
		f, err := os.Create(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		defer f.Close()
		if err := write(f); err != nil {
			return err
		}
		return f.Close()
	})
}

// each yields the files of the data package.
func each(size Size, yield func(name string, write func(io.Writer) error) error) error {
	for _, rows := range []int{size.Observations, size.Availability} {
		if rows < 0 || rows > MaxRows {
			return fmt.Errorf("%d rows: there can be 0 to %d", rows, MaxRows)
		}
	}
	codes, err := codelists()
	if err != nil {
		return err
	}
	tables := map[string]iter.Seq[[]string]{
		"strategies":       slices.Values([][]string{{strategyID, "Synthetische Strategie", "Synthetic strategy", "2026", "Zielstand", strconv.Itoa(goalCount), sourceID}}),
		"sources":          slices.Values(sources(size)),
		"fields-of-action": numbered(fieldCount, field),
		"goals":            numbered(goalCount, goal),
		"goal-status":      numbered(goalCount, goalStatus),
		"indicators":       numbered(Indicators, indicator),
		"areas":            numbered(Areas, area),
		"observations":     observations(size.Observations),
		"codelists":        slices.Values(codes),

		"services":             numbered(services(size), service),
		"service-availability": availability(size),
	}
	for _, d := range dataset.All {
		if d.Computed {
			continue
		}
		if err := yield(d.ID+".csv", func(w io.Writer) error { return writeCSV(w, d, tables[d.ID]) }); err != nil {
			return fmt.Errorf("%s: %w", d.ID, err)
		}
	}
	return yield(dataset.ManifestName, func(w io.Writer) error { return writeManifest(w, size.Month) })
}

func writeCSV(w io.Writer, d *dataset.Dataset, rows iter.Seq[[]string]) error {
	lines := csv.NewWriter(w)
	header := dataset.Names(d.Edited())
	if err := lines.Write(header); err != nil {
		return err
	}
	if rows != nil {
		for row := range rows {
			row = append(row, make([]string, len(header)-len(row))...)
			if err := lines.Write(row); err != nil {
				return err
			}
		}
	}
	lines.Flush()
	return lines.Error()
}

func writeManifest(w io.Writer, month int) error {
	m := dataset.Manifest{
		Name: "zielstand-synthetic", Title: title, Version: day(month, 1).Format("2006.01") + ".0", Created: day(month, 21).Format(time.RFC3339),
		Notes: "Alle Werte sind ausgedacht.", Synthetic: true, Profile: "tabular-data-package",
	}
	for _, d := range dataset.All {
		if !d.Computed {
			m.Resources = append(m.Resources, dataset.Describe(d))
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(m)
}

func numbered(n int, row func(int) []string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for i := range n {
			if !yield(row(i)) {
				return
			}
		}
	}
}

// day returns noon of a day of a month; month 0 is that of the first release.
func day(month, day int) time.Time {
	return time.Date(2026, time.November+time.Month(month), day, 12, 0, 0, 0, time.UTC)
}

func sources(size Size) [][]string {
	out := [][]string{{sourceID, "Synthetischer Bericht", "Synthetic report", "Zielstand", "report", sourceDate, "", ""}}
	for month := range size.Month + 1 {
		if size.Availability > 0 {
			date := day(month, 20).Format(time.DateOnly)
			out = append(out, []string{exportID(month), "Synthetischer Export vom " + date, "Synthetic export of " + date, "Zielstand", "data-export", date, "", ""})
		}
	}
	return out
}

func fieldID(i int) string { return fmt.Sprintf("syn-feld-%02d", i+1) }

func field(i int) []string {
	return []string{
		fieldID(i), strategyID, strconv.Itoa(i + 1),
		fmt.Sprintf("Synthetisches Feld %d", i+1), fmt.Sprintf("Synthetic field %d", i+1),
	}
}

func goal(i int) []string {
	return []string{
		fmt.Sprintf("syn-%02d", i+1), strategyID, fieldID(i % fieldCount), fmt.Sprintf("%d.%d", 1+i%fieldCount, 1+i/fieldCount),
		fmt.Sprintf("Synthetisches Ziel %d", i+1), fmt.Sprintf("Synthetic goal %d", i+1),
		fmt.Sprintf("Ausgedachtes Ziel Nummer %d, damit eine Zusammenfassung dasteht, die so lang ist wie eine wirkliche.", i+1),
		strconv.Itoa(2022 + i%10), fmt.Sprintf("bis %d", 2022+i%10), strconv.FormatBool(i%3 == 0),
		sourceID, fmt.Sprintf("%d.%d", 1+i%fieldCount, 1+i/fieldCount),
		fmt.Sprintf("Invented goal number %d, so that there is a summary as long as a real one.", i+1), fmt.Sprintf("by %d", 2022+i%10),
	}
}

func goalStatus(i int) []string {
	g := goal(i)
	return []string{fmt.Sprintf("syn-status-%02d", i+1), g[0], "announced", "", sourceID, g[3]}
}

func indicator(i int) []string {
	return []string{
		IndicatorID(i), fmt.Sprintf("Synthetische Leistung %d", i+1), fmt.Sprintf("Synthetic service %d", i+1),
		fmt.Sprintf("Ausgedachter Anteil der Anträge auf die Leistung %d, die online gestellt wurden.", i+1),
		unit, fieldID(i % fieldCount), "", "more-is-better",
		fmt.Sprintf("Invented share of the applications for service %d that were made online.", i+1),
	}
}

func area(i int) []string {
	kinds := []struct {
		until                int
		title, titleEN, code string
	}{
		{Municipalities, "Gemeinde", "municipality", "municipality"},
		{Municipalities + districts, "Kreis", "district", "district"},
		{Municipalities + districts + regions, "Bezirk", "region", "region"},
		{Areas - 1, "Verband", "association", "association"},
		{Areas, "Land", "state", "state"},
	}
	for _, k := range kinds {
		if i < k.until {
			return []string{AreaID(i), fmt.Sprintf("Synthetisch: %s %d", k.title, i+1), fmt.Sprintf("Synthetic %s %d", k.titleEN, i+1), k.code}
		}
	}
	return nil
}

// codelists returns the codelists of the real data and additional area levels.
func codelists() ([][]string, error) {
	f, err := fixtures.FS.Open("codelists.csv")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, level := range []string{"municipality", "region", "association"} {
		id := "area-level." + level
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[0] == id }) {
			rows = append(rows, []string{id, "area-level", level, "Synthetische Ebene", "Synthetic level", "Ausgedachte Ebene.", "Invented level."})
		}
	}
	return rows[1:], nil
}
