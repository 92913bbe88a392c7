// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
)

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// latest returns the id of the release in the embedded data package.
func latest(t *testing.T) string {
	t.Helper()
	var manifest dataset.Manifest
	content, err := fixtures.FS.ReadFile(dataset.ManifestName)
	if err == nil {
		err = json.Unmarshal(content, &manifest)
	}
	if err != nil {
		t.Fatal(err)
	}
	return manifest.Version
}

// TestDownloads checks the headers of downloads.
func TestDownloads(t *testing.T) {
	t.Parallel()
	p := reading.start(t)
	for _, tt := range []struct{ path, contentType, disposition, canonical string }{
		{"/v1/goals.xlsx", workbookType, `attachment; filename="zielstand-goals-RELEASE.xlsx"`, "/v1/goals?release=RELEASE&format=xlsx"},
		{"/v1/goals.xlsx?labels=de", workbookType, `attachment; filename="zielstand-goals-RELEASE-de.xlsx"`, "/v1/goals?labels=de&release=RELEASE&format=xlsx"},
		{"/v1/goals?format=xlsx&labels=EN&limit=3", workbookType, `attachment; filename="zielstand-goals-RELEASE-en.xlsx"`, "/v1/goals?limit=3&labels=en&release=RELEASE&format=xlsx"},
		{"/v1/goals/ds2-47.xlsx?labels=de", workbookType, `attachment; filename="zielstand-ds2-47-RELEASE-de.xlsx"`, "/v1/goals/ds2-47?labels=de&release=RELEASE&format=xlsx"},
		{"/v1/releases/RELEASE/goals.xlsx", workbookType, `attachment; filename="zielstand-goals-RELEASE.xlsx"`, "/v1/releases/RELEASE/goals.xlsx"},
		{
			"/v1/observations.xlsx?layout=wide&labels=de", workbookType, `attachment; filename="zielstand-observations-RELEASE-wide-de.xlsx"`,
			"/v1/observations?labels=de&layout=wide&release=RELEASE&format=xlsx",
		},
		{
			"/v1/indicators/e-file-users/observations?layout=wide&format=csv", "text/csv; charset=utf-8; header=present", `inline; filename="zielstand-observations-RELEASE-wide.csv"`,
			"/v1/observations?indicator=e-file-users&layout=wide&release=RELEASE&format=csv",
		},
		{
			"/v1/goals.csv?dialect=excel-de&labels=de", "text/csv; charset=utf-8; header=present", `inline; filename="zielstand-goals-RELEASE-excel-de-de.csv"`,
			"/v1/goals?labels=de&release=RELEASE&format=csv&dialect=excel-de",
		},
		{"/v1/goals.csv", "text/csv; charset=utf-8; header=present", `inline; filename="zielstand-goals-RELEASE.csv"`, "/v1/goals?release=RELEASE&format=csv"},
	} {
		for _, text := range []*string{&tt.path, &tt.disposition, &tt.canonical} {
			*text = strings.ReplaceAll(*text, "RELEASE", latest(t))
		}
		response, body := p.ask(t, tt.path)
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s\n%s", tt.path, response.Status, body)
		}
		for name, want := range map[string]string{"Content-Type": tt.contentType, "Content-Disposition": tt.disposition} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s: %s is %s, want %s", tt.path, name, got, want)
			}
		}
		links := strings.Join(response.Header.Values("Link"), ", ")
		if !strings.Contains(links, "<"+base+tt.canonical+`>; rel="canonical"`) {
			t.Errorf("%s: %s does not link %s", tt.path, links, tt.canonical)
		}
		if tt.contentType != workbookType {
			continue
		}
		if coding := response.Header.Get("Content-Encoding"); coding != "" {
			t.Errorf("%s: a workbook is sent as %s", tt.path, coding)
		}
		f, err := excelize.OpenReader(bytes.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v", tt.path, err)
		}
		about := f.GetSheetName(f.SheetCount - 1)
		rows, err := f.GetRows(about)
		if err != nil || !strings.Contains(all(rows), base+tt.canonical) {
			t.Errorf("%s: the sheet %s does not name %s, %v", tt.path, about, tt.canonical, err)
		}
	}
}

// TestDimensions compares the range that the first sheet states with its rows, of
// answers from memory and of streams.
func TestDimensions(t *testing.T) {
	t.Parallel()
	for _, p := range []*program{reading.start(t), streaming.start(t)} {
		var page struct{ Links struct{ Next string } }
		if err := json.Unmarshal(p.get(t, "/v1/goals?sort=-id&limit=3"), &page); err != nil {
			t.Fatal(err)
		}
		next := strings.TrimPrefix(page.Links.Next, base) + "&format=xlsx"
		next = strings.Replace(next, "&format=json", "", 1)
		for _, path := range []string{
			"/v1/goals.xlsx", "/v1/goals.xlsx?limit=3", "/v1/goals.xlsx?quantified=true", "/v1/goals/ds2-47.xlsx", "/v1/observations.xlsx?layout=wide&labels=de",
			"/v1/withdrawn.xlsx", "/v1/goals.xlsx?fields=id", "/v1/releases/latest/areas.xlsx", next, strings.Replace(next, "limit=3&", "", 1),
		} {
			f, err := excelize.OpenReader(bytes.NewReader(p.get(t, path)))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			rows, err := f.GetRows(f.GetSheetName(0))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			stated, err := f.GetSheetDimension(f.GetSheetName(0))
			last, err2 := excelize.CoordinatesToCellName(len(rows[0]), len(rows))
			if want := "A1:" + last; err != nil || err2 != nil || stated != want {
				t.Errorf("%s: the sheet states %s, want %s (%v, %v)", path, stated, want, err, err2)
			}
		}
	}
}

func all(rows [][]string) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(strings.Join(row, "|") + "\n")
	}
	return b.String()
}

// TestSources finds on the sheet about the data the sources of its rows, and no
// other.
func TestSources(t *testing.T) {
	t.Parallel()
	p := reading.start(t)
	f, err := excelize.OpenReader(bytes.NewReader(p.get(t, "/v1/goals.xlsx?source=digitalstrategie-2-0")))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Metadaten")
	if err != nil {
		t.Fatal(err)
	}
	_, listed, ok := strings.Cut(all(rows), "\nQuelle|")
	if !ok || strings.Count(listed, "\n") != 2 || !strings.Contains(listed, "\ndigitalstrategie-2-0|") {
		t.Errorf("sources listed: %q", listed)
	}
}

// TestCodes finds on the sheet about the data the codes of its rows explained,
// and no others.
func TestCodes(t *testing.T) {
	t.Parallel()
	p := reading.start(t)
	f, err := excelize.OpenReader(bytes.NewReader(p.get(t, "/v1/observations.xlsx?indicator=e-file-users&kind=target&labels=en")))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Metadata")
	if err != nil {
		t.Fatal(err)
	}
	_, listed, ok := strings.Cut(all(rows), "\nCode|")
	listed, _, _ = strings.Cut(listed, "\n\n")
	if !ok || !strings.Contains(listed, "\ntarget|Zielwert|target|") || !strings.Contains(listed, "\nat-least|mindestens|at least|") || strings.Contains(listed, "\nactual|") {
		t.Errorf("codes listed: %q", listed)
	}
}

// TestRefusals asks for what makes no sense; the problem names the parameter.
func TestRefusals(t *testing.T) {
	t.Parallel()
	p := reading.start(t)
	for path, want := range map[string]string{
		"/v1/goals?labels=de":                           `"parameter":"labels"`,
		"/v1/goals.json?labels=de":                      `labels=\"de\": is only available in tables (csv, xlsx), not in json`,
		"/v1/observations?layout=wide":                  `layout=\"wide\": is only available in tables (csv, xlsx), not in json`,
		"/v1/goals.xlsx?layout=wide":                    `layout: is not a parameter of goals, only of observations`,
		"/v1/observations.xlsx?layout=wide&limit=5":     `limit=\"5\": cannot be combined with layout=wide`,
		"/v1/observations.csv?layout=widee":             `"nearest":"wide"`,
		"/v1/goals.csv?labells=de":                      `"nearest":"labels"`,
		"/v1/goals.csv?labels=fr":                       `"allowed":["de","en"]`,
		"/v1/goals.xlsx?dialect=excel-de":               `"parameter":"dialect"`,
		"/v1/observations.csv?layout=wide&fields=value": `lacks the columns indicator, area, period, kind, qualifier, breakdown, which layout=wide requires`,
		"/v1/observations.csv?layout=wide&fields=id":    `"allowed":["indicator,area,period,kind,value,qualifier,breakdown"]`,
	} {
		response, body := p.ask(t, path)
		if response.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), want) {
			t.Errorf("%s: %s, want 400 with %s\n%s", path, response.Status, want, body)
		}
	}
}

// TestLarge serves the same bytes from memory, from a file, and as a stream.
func TestLarge(t *testing.T) {
	t.Parallel()
	small, large := reading.start(t), streaming.start(t)
	for _, path := range []string{
		"/v1/observations.xlsx", "/v1/observations.xlsx?labels=de", "/v1/observations.xlsx?kind=actual",
		"/v1/observations.xlsx?layout=wide", "/v1/observations.csv?layout=wide&labels=en", "/v1/releases/" + latest(t) + "/observations.xlsx",
	} {
		if !bytes.Equal(small.get(t, path), large.get(t, path)) {
			t.Errorf("%s: a large answer has other bytes than a small one", path)
		}
		if _, body := large.ask(t, path); bytes.HasPrefix(body, []byte("PK")) && !bytes.Equal(body, small.get(t, path)) {
			t.Errorf("%s: asked again, the bytes are others", path)
		}
	}
}
