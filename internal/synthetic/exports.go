// SPDX-License-Identifier: EUPL-1.2

package synthetic

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// ServiceKey returns the invented LeiKa key of the i-th service.
func ServiceKey(i int) string { return fmt.Sprintf("990%05d017000", i+1) }

// ars returns the regional key (Amtlicher Regionalschlüssel) of a municipality with the
// key of eight digits or of an area above; no association has municipalities in North
// Rhine-Westphalia.
func ars(key string) string {
	if len(key) == 8 {
		return key[:5] + "0" + key[5:] + key[5:]
	}
	return key + strings.Repeat("0", 12-len(key))
}

// exportFields are the columns of an export of Open-PVOG.
var exportFields = []string{
	"leika_key", "leika_name", "ars", "ars_name", "ars_federal_state", "bundesland", "leika_bezeichnung", "ozgid", "ozg_bezeichnung",
	"url", "online_status", "aktiv", "art_flaechendeckung", "begruendung_nicht_beruecksichtigt", "export_datum", "datenstand_pvog_import",
}

// WriteExports writes an invented export of Open-PVOG for each of the first areas to a
// folder. The files alternate between the forms that occur: commas and semicolons, with and
// without a byte order mark, snake_case and camelCase, CSV and JSON pages. As with
// includeAbove, every file has the rows of the state too.
func WriteExports(folder string, areas, services int) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for i := range areas {
		extension := ".csv"
		if i%4 == 3 {
			extension = ".json"
		}
		f, err := os.Create(filepath.Join(folder, ars(AreaID(i))+extension))
		if err != nil {
			return err
		}
		w := bufio.NewWriter(f)
		err = writeExport(w, i, services)
		if e := w.Flush(); err == nil {
			err = e
		}
		if e := f.Close(); err == nil {
			err = e
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func writeExport(w io.Writer, area, services int) error {
	rows := exportRows(area, services)
	if area%4 == 3 {
		return writePage(w, rows)
	}
	lines := csv.NewWriter(w)
	header := exportFields
	switch area % 4 {
	case 1:
		lines.Comma = ';'
		if _, err := io.WriteString(w, "\uFEFF"); err != nil {
			return err
		}
	case 2:
		header = camelCased(header)
		lines.UseCRLF = true
	}
	if err := lines.Write(header); err != nil {
		return err
	}
	return lines.WriteAll(rows)
}

// writePage writes the rows as a page of the API.
func writePage(w io.Writer, rows [][]string) error {
	content := make([]map[string]any, len(rows))
	for i, row := range rows {
		content[i] = map[string]any{}
		for j, name := range exportFields {
			content[i][name] = row[j]
			if name == "ozgid" && row[j] != "" {
				content[i][name] = json.Number(row[j])
			}
			if name == "aktiv" && row[j] == "" {
				content[i][name] = nil
			}
		}
	}
	return json.NewEncoder(w).Encode(map[string]any{
		"content": content, "totalElements": len(rows), "totalPages": 1, "number": 0, "first": true, "last": true,
	})
}

func camelCased(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		words := strings.Split(name, "_")
		for j, word := range words[1:] {
			words[j+1] = strings.ToUpper(word[:1]) + word[1:]
		}
		out[i] = strings.Join(words, "")
	}
	return out
}

// exportRows returns the rows of a municipality, and of the state for every tenth
// service. Some services have two addresses, some a broken one or none.
func exportRows(area, services int) [][]string {
	var rows [][]string
	for i := range services {
		own := []string{"ok", "ja", "in mind. einer Kommune verfügbar", ""}
		switch n := (area*31 + i*17) % 20; {
		case i%10 == 0:
			rows = append(rows, exportRow(i, "05", "land", []string{"ok", "ja", "landesweit flächendeckend", ""}))
		case n < 5:
			continue // not online here
		case n == 5:
			own = []string{"nicht ok", "ja", "in mind. einer Kommune verfügbar", ""}
		case n == 6:
			own = []string{"ok", "nein", "", "Der Onlinedienst ist nicht aktiv (erfunden)."}
		case n == 7:
			own = []string{"", "", "nicht in Auswertung berücksichtigt", "Kein Onlinedienst (erfunden)."}
		case n == 8:
			rows = append(rows, exportRow(i, AreaID(area), "zweite", own))
		}
		rows = append(rows, exportRow(i, AreaID(area), "antrag", own))
	}
	return rows
}

func exportRow(i int, area, path string, values []string) []string {
	title, ozg := fmt.Sprintf("Synthetische Leistung %d", i+1), fmt.Sprint(10001+i/3)
	return []string{
		ServiceKey(i), title, ars(area), "Synthetisches Gebiet " + area, "05", "Nordrhein-Westfalen", title, ozg, "Synthetische OZG-Leistung " + ozg,
		fmt.Sprintf("https://%s.synthetisch.example/%s/%s", area, path, ServiceKey(i)), values[0], values[1], values[2], values[3], "2026-11-27", "2026-11-27",
	}
}
