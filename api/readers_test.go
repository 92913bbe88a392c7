// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/testenv"
)

// rowReader returns the program that reads a file with a library of npm.
func rowReader(t *testing.T, library, file string) []string {
	t.Helper()
	const runner = "../.tools/snippets/readers.mjs"
	if _, err := os.Stat(runner); err != nil {
		testenv.Missing(t, "DuckDB, hyparquet and jsonstat-toolkit")
	}
	return []string{"node", runner, library, file}
}

// objects parses a JSON object on each line.
func objects(t *testing.T, out string) []map[string]string {
	t.Helper()
	var rows []map[string]string
	for line := range strings.Lines(out) {
		var row map[string]string
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		rows = append(rows, row)
	}
	return rows
}

// asCSV gives the rows of a typed format the cells that CSV has. Decimals are checked
// against the column with their text.
func asCSV(t *testing.T, d *dataset.Dataset, rows []map[string]string) []map[string]string {
	t.Helper()
	for _, row := range rows {
		for _, c := range d.Columns {
			row[c.Name] = strings.ReplaceAll(row[c.Name], "\r\n", "\n")
			if c.Type != dataset.Decimal {
				continue
			}
			if text, ok := row[c.Name+"Text"]; ok {
				number, _ := strconv.ParseFloat(text, 64)
				if got, err := strconv.ParseFloat(row[c.Name], 64); text != "" && (err != nil || got != number) || text == "" && row[c.Name] != "" {
					t.Errorf("%s %s: the number is %s, its text %s", d.ID, c.Name, row[c.Name], text)
				}
				row[c.Name] = text
				delete(row, c.Name+"Text")
			}
		}
	}
	return rows
}

// TestReaders reads every dataset in the formats for programs with third-party readers,
// each of which must find the rows of the CSV.
func TestReaders(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	server := serveReachable(t)
	s, folder := &service{Server: server}, t.TempDir()
	download := func(t *testing.T, path string) (string, []byte) {
		t.Helper()
		a := s.get(t, path)
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", path, a.StatusCode, a.body)
		}
		name, _, _ := strings.Cut(filepath.Base(path), "?")
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, a.body, 0o600); err != nil {
			t.Fatal(err)
		}
		return file, a.body
	}
	tables := map[string][]byte{}
	for _, d := range dataset.All {
		_, tables[d.ID] = download(t, "/v1/releases/latest/"+d.ID+".csv")
	}
	same := func(t *testing.T, d *dataset.Dataset, got []map[string]string) {
		t.Helper()
		if diff := cmp.Diff(testenv.Records(t, tables[d.ID]), got); diff != "" {
			t.Errorf("%s (-CSV +read)\n%.2000s", d.ID, diff)
		}
	}
	for _, library := range []string{"duckdb", "hyparquet"} {
		t.Run(library, func(t *testing.T) {
			for _, d := range dataset.All {
				file, _ := download(t, "/v1/releases/latest/"+d.ID+".parquet")
				same(t, d, asCSV(t, d, objects(t, runProgram(t, rowReader(t, library, file)...))))
			}
		})
	}
	t.Run("jq", func(t *testing.T) {
		jq := testenv.Program(t, "jq", "jq")
		for _, d := range dataset.All {
			file, _ := download(t, "/v1/"+d.ID+".ndjson")
			out := runProgram(t, jq, "-c", `map_values(if . == null then "" elif type == "array" then join(" ") else tostring end)`, file)
			want := testenv.Records(t, tables[d.ID])
			got := objects(t, out)
			for _, rows := range [][]map[string]string{want, got} { // jq rewrites numbers
				for _, row := range rows {
					for _, c := range d.Columns {
						if n, err := strconv.ParseFloat(row[c.Name], 64); err == nil && c.Type == dataset.Decimal {
							row[c.Name] = strconv.FormatFloat(n, 'f', -1, 64)
						}
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-CSV +read)\n%.2000s", d.ID, diff)
			}
		}
	})
	t.Run("sqlite3", func(t *testing.T) {
		sqlite := testenv.Program(t, "sqlite3", "sqlite3")
		file, _ := download(t, "/v1/releases/latest/zielstand.sqlite")
		if out := runProgram(t, sqlite, file, "PRAGMA integrity_check; PRAGMA foreign_key_check"); out != "ok\n" {
			t.Errorf("the file is damaged, or its references lead nowhere: %s", out)
		}
		for _, d := range dataset.All {
			var columns []string
			for _, c := range d.Columns {
				columns = append(columns, "'"+c.Name+"', "+map[bool]string{
					true: "CASE " + c.Name + " WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE '' END", false: `coalesce(CAST("` + c.Name + `" AS TEXT), '')`,
				}[c.Type == dataset.Boolean])
				if c.Type == dataset.Decimal {
					columns = append(columns, "'"+c.Name+"Text', coalesce("+c.Name+"Text, '')")
				}
			}
			same(t, d, asCSV(t, d, objects(t, runProgram(t, sqlite, file, "SELECT json_object("+strings.Join(columns, ", ")+`) FROM "`+d.Table()+`"`))))
		}
	})
	t.Run("unzip", func(t *testing.T) {
		unzip := testenv.Program(t, "unzip", "unzip")
		file, _ := download(t, "/v1/releases/latest/zielstand.zip")
		runProgram(t, unzip, "-t", "-q", file)
		for _, d := range dataset.All {
			out, err := exec.Command(unzip, "-p", file, d.ID+".csv").Output()
			if err != nil || !bytes.Equal(out, tables[d.ID]) {
				t.Errorf("%s.csv is not the file that is served: %v", d.ID, err)
			}
		}
	})
	t.Run("jsonstat-toolkit", func(t *testing.T) {
		const indicator = "e-file-users"
		file, _ := download(t, "/v1/observations.jsonstat?kind=target&indicator="+indicator)
		got := objects(t, runProgram(t, rowReader(t, "jsonstat", file)...))
		var figures, want []string
		for _, row := range got {
			figures = append(figures, strings.Join([]string{row["indicator"], row["area"], row["period"], row["kind"], row["value"], row["status"]}, " "))
		}
		for _, row := range testenv.Records(t, tables["observations"]) {
			if row["indicator"] != indicator || row["kind"] != "target" {
				continue
			}
			status := row["qualifier"]
			if status == "exact" {
				status = ""
			}
			want = append(want, strings.Join([]string{row["indicator"], row["area"], row["period"], row["kind"], row["value"], status}, " "))
		}
		slices.Sort(figures)
		slices.Sort(want)
		if diff := cmp.Diff(slices.Compact(want), figures); diff != "" || len(want) == 0 {
			t.Errorf("figures (-CSV +read)\n%s", diff)
		}
	})
}

// TestJSONStat asks for one indicator as JSON-stat by suffix and by parameter, and for
// what has no such format.
func TestJSONStat(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := &service{Server: serveReachable(t)}
	by := s.get(t, "/v1/observations?format=jsonstat&kind=target&indicator=e-file-users&labels=en")
	if by.StatusCode != http.StatusOK || by.Header.Get("Content-Type") != "application/json" || by.Header.Get("ETag") == "" || !strings.Contains(string(by.body), `"class":"dataset"`) {
		t.Errorf("by parameter: %d %s", by.StatusCode, by.body)
	}
	for path, want := range map[string]string{
		"/v1/observations.jsonstat":                          ") differ; filter by",
		"/v1/observations.jsonstat?kind=target":              "is for one indicator",
		"/v1/goals.jsonstat":                                 "is not a format of this address",
		"/v1/goals?format=jsonstat":                          "is not a format of this address",
		"/v1/observations.jsonstat?layout=wide":              "is only available in tables",
		"/v1/observations.jsonstat?fields=id,value":          "requires the columns",
		"/v1/observations.jsonstat?include=source":           `include=\"source\": is not available in jsonstat`,
		"/v1/observations.jsonstat?groupBy=area":             `groupBy=\"area\": is not available in jsonstat`,
		"/v1/observations.ndjson?labels=de":                  `labels=\"de\": is only available in tables (`,
		"/v1/releases/latest/observations.jsonstat":          "is not a format of this address",
		"/v1/releases/latest/zielstand.zip?dialect=excel-de": "dialect: is not a parameter of /v1/releases/{releaseId}/zielstand.zip",
	} {
		if a := s.get(t, path); a.StatusCode != http.StatusBadRequest || !strings.Contains(string(a.body), want) {
			t.Errorf("%s: %d %s, want %s", path, a.StatusCode, a.body, want)
		}
	}
}
