// SPDX-License-Identifier: EUPL-1.2

package openpvog_test

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/openpvog"
	"github.com/zielstand/zielstand/internal/synthetic"
)

const (
	fullHeader = "leika_key,leika_name,leika_bezeichnung,ars,ozgid,url,online_status,aktiv,art_flaechendeckung,begruendung_nicht_beruecksichtigt,datenstand_pvog_import,bundesland\n"
	dogs       = "99041006017000,Hundesteuer,,051010001001,10123,https://a.example/hund,ok,ja,landesweit flächendeckend,,2026-11-27,NRW\n"
)

// conversion is the result of converting files.
type conversion struct {
	folder     string
	summary    *openpvog.Summary
	rejections []string
	err        error
}

func base(t *testing.T) fstest.MapFS {
	t.Helper()
	pkg, err := synthetic.Package(0)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// convert converts files by name on a base package.
func convert(t *testing.T, pkg fstest.MapFS, files map[string]string) conversion {
	t.Helper()
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	if err := os.Mkdir(in, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(in, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := conversion{folder: filepath.Join(dir, "out")}
	c.summary, c.err = openpvog.Convert(context.Background(), openpvog.Options{
		Paths: []string{in}, AsOf: "2026-11-27", Retrieved: "2026-11-28", Base: pkg, Out: c.folder,
		Report: func(r openpvog.Rejection) {
			c.rejections = append(c.rejections, strings.ReplaceAll(r.String(), in+string(filepath.Separator), ""))
		},
	})
	return c
}

// table reads a file of the package that was written, with its header.
func (c conversion) table(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(c.folder, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestForms converts the same row in every form of the exports.
func TestForms(t *testing.T) {
	t.Parallel()
	semicolons := strings.ReplaceAll(fullHeader+dogs, ",", ";")
	camel := strings.NewReplacer("leika_key", "leikaKey", "leika_name", "leikaName", "online_status", "onlineStatus", "art_flaechendeckung", "artFlaechendeckung").Replace(fullHeader) + dogs
	const entry = `{"leika_key":"99041006017000","leika_name":"Hundesteuer","ars":"051010001001","ozgid":10123,"url":"https://a.example/hund","online_status":"ok","aktiv":"ja","art_flaechendeckung":"landesweit flächendeckend","bundesland":"NRW"}`
	want := [][]string{{
		"99041006017000-05101001-9d5e89cc51", "99041006017000", "05101001", "2026-11-27", "https://a.example/hund", "ok", "yes", "statewide", "",
		"open-pvog-2026-11-27", "Leistung 99041006017000",
	}}
	for _, tt := range []struct{ name, file, content string }{
		{"commas", "a.csv", fullHeader + dogs},
		{"semicolons", "a.csv", semicolons},
		{"byte order mark", "a.csv", "\uFEFF" + semicolons},
		{"Windows line ends", "a.csv", strings.ReplaceAll(fullHeader+dogs, "\n", "\r\n")},
		{"no line end", "a.csv", strings.TrimSuffix(fullHeader+dogs, "\n")},
		{"camelCase", "a.CSV", camel},
		{"spaces", "a.csv", fullHeader + strings.ReplaceAll(dogs, "Hundesteuer", " Hundesteuer  ")},
		{"quoted", "a.csv", `"` + strings.ReplaceAll(strings.TrimSpace(fullHeader), ",", `","`) + "\"\n" + dogs},
		{"page", "a.json", `{"content":[` + entry + `],"pageable":{"sort":{"sorted":false}},"totalPages":1,"last":true}`},
		{"content last", "a.json", `{"totalPages":1,"content":[` + entry + `]}`},
		{"list", "a.json", `[` + entry + `]`},
		{"pages in one file", "a.json", `{"content":[` + entry + `]}` + "\n" + `{"content":[` + entry + `]}`},
		{"byte order mark before JSON", "a.json", "\uFEFF[" + entry + "]"},
		{"camelCase in JSON", "a.json", "[" + strings.NewReplacer("leika_key", "leikaKey", "online_status", "onlineStatus").Replace(entry) + "]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := convert(t, base(t), map[string]string{tt.file: tt.content})
			if c.err != nil || len(c.rejections) > 0 {
				t.Fatalf("error %v, rejections %q", c.err, c.rejections)
			}
			if diff := cmp.Diff(want, c.table(t, "service-availability.csv")[1:]); diff != "" {
				t.Errorf("availability (-want +got)\n%s", diff)
			}
			services := [][]string{{"99041006017000", "Hundesteuer", "", "10123", "", "", "open-pvog-2026-11-27"}}
			if diff := cmp.Diff(services, c.table(t, "services.csv")[1:]); diff != "" {
				t.Errorf("services (-want +got)\n%s", diff)
			}
		})
	}
}

// TestRejections changes one thing in a good row; every message is listed here.
func TestRejections(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, new, want string }{
		{"key too short", "99041006017000", "9904100601700", `a.csv, line 2, column leika_key: "9904100601700" is not a valid LeiKa key: it must have 14 digits; a spreadsheet may have changed it`},
		{"key of a spreadsheet", "99041006017000", "9.9041E+13", `a.csv, line 2, column leika_key: "9.9041E+13" is not a valid LeiKa key: it must have 14 digits; a spreadsheet may have changed it`},
		{"no key", "99041006017000", "", `a.csv, line 2, column leika_key: is not a valid LeiKa key: it must have 14 digits; a spreadsheet may have changed it`},
		{"ARS without its zero", "051010001001", "51010001001", `a.csv, line 2, column ars: "51010001001" is not a valid ARS: it must have 12 digits; a spreadsheet may have deleted its leading zero`},
		{"unknown area", "051010001001", "099990001001", `a.csv, line 2, column ars: "099990001001" is not the ARS of an area in areas.csv of the base package`},
		{"association", "051010001001", "051015001000", `a.csv, line 2, column ars: "051015001000" is not the ARS of an area in areas.csv of the base package`},
		{"OZG number", "10123", "OZG10123", `a.csv, line 2, column ozgid: "OZG10123" is not a valid number of an OZG service: it must have digits only`},
		{"address", "https://a.example/hund", "www.a.example", `a.csv, line 2, column url: "www.a.example" is not a valid web address: a web address starts with http:// or https:// and a host name, has no user name, and consists of ASCII characters (others are percent-encoded)`},
		{"status", ",ok,", ",okay,", `a.csv, line 2, column online_status: "okay" is not a known value; did you mean "ok"?; allowed: ok, nicht ok`},
		{"active", ",ja,", ",vielleicht,", `a.csv, line 2, column aktiv: "vielleicht" is not a known value; allowed: ja, nein`},
		{"coverage", "landesweit flächendeckend", "landesweit", ""},
		{"unknown coverage", "landesweit flächendeckend", "amtsweit", `a.csv, line 2, column art_flaechendeckung: "amtsweit" is not a known value; allowed: bundesweit flächendeckend, bundesweit, landesweit flächendeckend, landesweit, kreisweit flächendeckend, kreisweit, in mind. einer Kommune verfügbar, in mindestens einer Kommune verfügbar, nicht in Auswertung berücksichtigt`},
		{"not UTF-8", "Hundesteuer", "Geb\xfchr", "a.csv, line 2, column leika_name: \"Geb\\xfchr\" is not UTF-8; save the file as UTF-8; U+FFFD at character 4"},
		{"invisible character", "Hundesteuer", "Hunde\u200bsteuer", "a.csv, line 2, column leika_name: \"Hunde\\u200bsteuer\" contains an invisible character; delete it; U+200B at character 6"},
		{"cell too many", "NRW", "NRW,", `a.csv, line 2: has 13 cells instead of 12`},
		{"quotation mark", "Hundesteuer", `Hunde"steuer`, `a.csv, line 2: is not CSV: bare " in non-quoted-field`},
		{"null", ",ja,", ",null,", ""},
		{"upper case", ",ja,", ",Ja,", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			good := strings.Replace(dogs, "051010001001", "051010002002", 1)
			c := convert(t, base(t), map[string]string{"a.csv": fullHeader + strings.Replace(dogs, tt.old, tt.new, 1) + good})
			if c.err != nil {
				t.Fatal(c.err)
			}
			if got := strings.Join(c.rejections, "\n"); got != tt.want {
				t.Errorf("rejected\n%s\nwant\n%s", got, tt.want)
			}
			want := 1
			if tt.want == "" {
				want = 2
			}
			if c.summary.Accepted != want || c.summary.Rejected != 2-want || c.summary.Rows != 2 {
				t.Errorf("summary %+v", c.summary)
			}
		})
	}
}

// TestOpenQuotationMark reports all lines that a quotation mark takes in that is not closed.
func TestOpenQuotationMark(t *testing.T) {
	t.Parallel()
	open := strings.Replace(dogs, "Hundesteuer", `"Hundesteuer`, 1)
	for _, tt := range []struct {
		name, content, want string
		rejected            int
	}{
		{"to the end", dogs + open + dogs + dogs, `a.csv, lines 3 to 5: is not CSV: extraneous or missing " in quoted-field`, 3},
		{"to the next", open + dogs + strings.Replace(dogs, "Hundesteuer", `"Hundesteuer"`, 1) + dogs, `a.csv, lines 2 to 4: is not CSV: extraneous or missing " in quoted-field`, 3},
		{"to the end of a cell", open + strings.Replace(dogs, "NRW", `NRW"`, 1) + dogs, `a.csv, lines 2 to 3: has 2 cells instead of 12`, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := convert(t, base(t), map[string]string{"a.csv": fullHeader + tt.content})
			if c.err != nil || c.summary.Rejected != tt.rejected || c.summary.Rows != strings.Count(tt.content, "\n") {
				t.Errorf("error %v, summary %+v", c.err, c.summary)
			}
			if got := strings.Join(c.rejections, "\n"); got != tt.want {
				t.Errorf("rejected\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestRejectedEntries(t *testing.T) {
	t.Parallel()
	c := convert(t, base(t), map[string]string{"a.json": `{"content":[7, {"leika_key":"1","ars":"2"}, {"leika_key":["1"],"ars":"2","url":""},
		{"leika_key":"1","leikaKey":"1"}, {"leika_key":"99041006017000","ars":"051010001001","url":null,"aktiv":null}]}`})
	if c.err != nil {
		t.Fatal(c.err)
	}
	slices.Sort(c.rejections)
	want := []string{
		`a.json, entry 1: "7" is not an object`,
		`a.json, entry 2, column url: is missing`,
		`a.json, entry 3, column leika_key: "[1]" must be a text or a number`,
		`a.json, entry 4, column leika_key: is given twice`,
	}
	if diff := cmp.Diff(want, c.rejections); diff != "" {
		t.Errorf("rejections (-want +got)\n%s", diff)
	}
	row := c.table(t, "service-availability.csv")[1]
	if got := strings.Join(row[4:8], "|"); got != "|unknown|unknown|" {
		t.Errorf("a row without address, status and coverage became %q", row)
	}
	if title := c.table(t, "services.csv")[1][1]; title != "LeiKa 99041006017000" || c.summary.Untitled != 1 {
		t.Errorf("a service without title is called %q", title)
	}
}

// TestRejectedOnce reports the same of several faults each time.
func TestRejectedOnce(t *testing.T) {
	t.Parallel()
	entry := `{"url":["1"],"ars":["2"],"leika_key":["3"],"leikaKey":"4"},`
	c := convert(t, base(t), map[string]string{"a.json": `{"content":[` + strings.Repeat(entry, 50) + `{"leika_key":"99041006017000","ars":"051010001001","url":null}]}`})
	if c.err != nil {
		t.Fatal(c.err)
	}
	for _, r := range c.rejections {
		if !strings.HasSuffix(r, `, column ars: "[2]" must be a text or a number`) {
			t.Error(r)
		}
	}
}

// TestLinks reads the files that symbolic links in a folder lead to.
func TestLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, file := filepath.Join(dir, "in"), filepath.Join(dir, "dogs.csv")
	if err := errors.Join(os.Mkdir(in, 0o755), os.WriteFile(file, []byte(fullHeader+dogs), 0o644), os.Symlink(file, filepath.Join(in, "a.csv"))); err != nil {
		t.Skip(err)
	}
	o := openpvog.Options{Paths: []string{in}, AsOf: "2026-11-27", Retrieved: "2026-11-28", Base: base(t), Out: filepath.Join(dir, "out")}
	if s, err := openpvog.Convert(context.Background(), o); err != nil || s.Accepted != 1 {
		t.Errorf("%+v, error %v", s, err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := openpvog.Convert(context.Background(), o); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a link to nothing: %v", err)
	}
}

// TestRepeated converts rows that are in several files because they hold for an area
// above.
func TestRepeated(t *testing.T) {
	t.Parallel()
	federal := strings.Replace(dogs, "051010001001", "050000000000", 1)
	c := convert(t, base(t), map[string]string{
		"1.csv": fullHeader + federal + dogs + strings.Replace(dogs, "/hund", "/hund2", 1),
		"2.csv": fullHeader + federal + strings.Replace(federal, "Hundesteuer", "Die Hundesteuer", 1) + strings.Replace(dogs, ",ok,", ",nicht ok,", 1),
	})
	want := []string{`2.csv, line 4, column url: "https://a.example/hund" repeats leika_key, ars and url of an earlier row with another online_status, aktiv, art_flaechendeckung or begruendung_nicht_beruecksichtigt; the first row is used`}
	if diff := cmp.Diff(want, c.rejections); diff != "" || c.err != nil {
		t.Fatalf("error %v, rejections (-want +got)\n%s", c.err, diff)
	}
	if s := c.summary; s.Files != 2 || s.Rows != 6 || s.Accepted != 3 || s.Repeated != 2 || s.Rejected != 1 || s.Areas != 2 || s.Services != 1 {
		t.Errorf("summary %+v", s)
	}
}

// TestErrors lists what stops a conversion.
func TestErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, file, content, want string }{
		{"no files", "a.txt", "", "has no .csv or .json files"},
		{"empty", "a.csv", "", "a.csv: is empty; the first line must name the columns"},
		{"no header", "a.csv", dogs, "a.csv: has no column leika_key; the first line must name the columns; required: leika_key, ars, url"},
		{"column twice", "a.csv", "leika_key,leikaKey,ars,url\n", "a.csv: has the column leika_key twice"},
		{"UTF-16", "a.csv", "\xff\xfel\x00", "a.csv: is UTF-16; an export is UTF-8"},
		{"only a header", "a.csv", fullHeader, "no row of the exports could be used"},
		{"all rejected", "a.csv", fullHeader + strings.Replace(dogs, "9904", "", 1), "no row of the exports could be used"},
		{"broken header", "a.csv", "leika\"_key,ars,url\n", "a.csv: is not CSV"},
		{"empty JSON", "a.json", "", "a.json: is empty"},
		{"cut off", "a.json", `{"content":[{"leika_key":"1"`, "a.json: is not JSON in entry 1"},
		{"cut off after the entries", "a.json", `{"content":[]`, "a.json: is not JSON: EOF"},
		{"cut off between entries", "a.json", `{"content":[{"leika_key":"1"},`, "a.json: is not JSON in entry 2"},
		{"an error of the API", "a.json", `{"status":413}`, "a.json: is not a page of the API: it has no content"},
		{"content of another kind", "a.json", `{"content":{}}`, "a.json: is not a page of the API: content must be a list"},
		{"a text", "a.json", `"x"`, "a.json: is not a page of the API: it must be an object with content, or a list"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := convert(t, base(t), map[string]string{tt.file: tt.content})
			if c.err == nil || !strings.Contains(c.err.Error(), tt.want) {
				t.Errorf("error %v, want %q", c.err, tt.want)
			}
			if _, err := os.Stat(filepath.Join(c.folder, "datapackage.json")); err == nil {
				t.Error("a data package was written")
			}
		})
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, text := filepath.Join(dir, "a.csv"), filepath.Join(dir, "a.xlsx")
	for _, path := range []string{file, text} {
		if err := os.WriteFile(path, []byte(fullHeader+dogs), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	incomplete := base(t)
	delete(incomplete, "services.csv")
	old := base(t)
	old["areas.csv"] = &fstest.MapFile{Data: []byte("id\n05\n")}
	read := base(t)
	read["sources.csv"] = &fstest.MapFile{Data: append(read["sources.csv"].Data, "open-pvog-2026-11-27,x,x,x,report,,,,2026-11-29,,\n"...)}
	for _, tt := range []struct {
		name   string
		change func(*openpvog.Options)
		want   string
	}{
		{"no date", func(o *openpvog.Options) { o.AsOf = "" }, `--as-of "": a date is YYYY-MM-DD`},
		{"German date", func(o *openpvog.Options) { o.Retrieved = "28.11.2026" }, `--retrieved "28.11.2026": a date is YYYY-MM-DD`},
		{"retrieved too early", func(o *openpvog.Options) { o.Retrieved = "2026-11-26" }, "--retrieved 2026-11-26 must not be before --as-of 2026-11-27"},
		{"no such file", func(o *openpvog.Options) { o.Paths = []string{filepath.Join(dir, "absent.csv")} }, "no such file"},
		{"workbook", func(o *openpvog.Options) { o.Paths = []string{text} }, "a.xlsx: must be a .csv or .json file"},
		{"incomplete base", func(o *openpvog.Options) { o.Base = incomplete }, "base package: open services.csv"},
		{"old base", func(o *openpvog.Options) { o.Base = old }, "base package: areas.csv: the columns must be id,"},
		{"source of another day", func(o *openpvog.Options) { o.Base = read }, "base package: sources.csv has open-pvog-2026-11-27 with different values"},
		{"one file", func(*openpvog.Options) {}, ""},
	} {
		o := openpvog.Options{
			Paths: []string{file}, AsOf: "2026-11-27", Retrieved: "2026-11-28", Base: base(t), Out: filepath.Join(t.TempDir(), "out"),
			Report: func(r openpvog.Rejection) { t.Errorf("%s: %s", tt.name, r) },
		}
		tt.change(&o)
		_, err := openpvog.Convert(context.Background(), o)
		if tt.want == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}

// TestMonths converts two months, each on the package of the one before.
func TestMonths(t *testing.T) {
	t.Parallel()
	pkg := base(t)
	pkg["services.csv"] = &fstest.MapFile{Data: []byte("id,title,titleEn,ozgId,topic,priority,source\n" +
		"99041006017000,Hundesteuer,Dog tax,10123,taxes-customs,3,syn-bericht\n99000000000001,Unbelegt,,,,,syn-bericht\n")}
	first := convert(t, pkg, map[string]string{"a.csv": fullHeader + dogs})
	if first.err != nil {
		t.Fatal(first.err)
	}
	services := [][]string{
		{"99041006017000", "Hundesteuer", "Dog tax", "10123", "taxes-customs", "3", "syn-bericht"},
		{"99000000000001", "Unbelegt", "", "", "", "", "syn-bericht"},
	}
	if diff := cmp.Diff(services, first.table(t, "services.csv")[1:]); diff != "" {
		t.Errorf("services (-want +got)\n%s", diff)
	}
	p, err := ingest.Read(os.DirFS(first.folder))
	if err != nil {
		t.Fatal(err)
	}
	if p.Manifest.Version != "2026.11.1" || p.Manifest.Created != "2026-11-28T00:00:00Z" || !p.Manifest.Synthetic {
		t.Errorf("manifest %+v", p.Manifest)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "b.csv")
	if err := os.WriteFile(file, []byte(fullHeader+strings.Replace(dogs, "Hundesteuer", "Hundesteuer anmelden", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := openpvog.Convert(context.Background(), openpvog.Options{
		Paths: []string{file}, AsOf: "2026-12-31", Retrieved: "2027-01-02", Base: os.DirFS(first.folder), Out: filepath.Join(dir, "out"), Report: func(openpvog.Rejection) {},
	})
	if err != nil || s.Version != "2027.01.0" || s.NewServices != 0 || s.Dates["2026-11-27"] != 1 {
		t.Fatalf("%+v, error %v", s, err)
	}
	p, err = ingest.Read(os.DirFS(filepath.Join(dir, "out")))
	if err != nil {
		t.Fatal(err)
	}
	if rows := p.Tables["sources"].Rows; len(rows) != 3 || rows[2][0] != "open-pvog-2026-12-31" {
		t.Errorf("sources %q", rows)
	}
	row := p.Tables["services"].Rows[0]
	if row[1] != "Hundesteuer anmelden" || row[6] != "open-pvog-2026-12-31" || row[2] != "Dog tax" {
		t.Errorf("the service became %q", row)
	}
}

// TestExports converts invented exports in all forms and checks the package.
func TestExports(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	if err := synthetic.WriteExports(in, 12, 40); err != nil {
		t.Fatal(err)
	}
	var packages []string
	for _, name := range []string{"a", "b"} {
		out := filepath.Join(dir, name)
		s, err := openpvog.Convert(context.Background(), openpvog.Options{
			Paths: []string{in}, AsOf: "2026-11-27", Retrieved: "2026-11-28", Base: base(t), Out: out,
			Report: func(r openpvog.Rejection) { t.Error(r) },
		})
		if err != nil {
			t.Fatal(err)
		}
		if s.Files != 12 || s.Areas != 13 || s.Services != 40 || s.Repeated != 11*4 || s.Accepted+s.Repeated != s.Rows {
			t.Errorf("summary %+v", s)
		}
		p, err := ingest.Read(os.DirFS(out))
		if err != nil {
			t.Fatal(err)
		}
		if n := p.Tables["service-availability"].Len(); n != s.Accepted {
			t.Errorf("%d rows, want %d", n, s.Accepted)
		}
		var all strings.Builder
		for _, file := range slices.Sorted(maps.Keys(p.Files)) {
			all.WriteString(file + " " + p.Files[file].Sum + "\n")
		}
		packages = append(packages, all.String())
	}
	if packages[0] != packages[1] {
		t.Error("two conversions of the same exports differ")
	}
}

// FuzzConvert converts anything: it must not panic, and what it accepts must be a valid
// data package.
func FuzzConvert(f *testing.F) {
	f.Add([]byte(fullHeader+dogs), false)
	f.Add([]byte(strings.ReplaceAll("\uFEFF"+fullHeader+dogs, ",", ";")), false)
	f.Add([]byte(`{"content":[{"leika_key":"99041006017000","ars":"051010001001","url":"https://a.example/"}]}`), true)
	f.Add([]byte(fullHeader+"\"x"), false)
	pkg, err := synthetic.Package(0)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, content []byte, asJSON bool) {
		dir := t.TempDir()
		file := filepath.Join(dir, "a.csv")
		if asJSON {
			file = filepath.Join(dir, "a.json")
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
		rejected := 0
		s, err := openpvog.Convert(context.Background(), openpvog.Options{
			Paths: []string{file}, AsOf: "2026-11-27", Retrieved: "2026-11-28", Base: pkg, Out: filepath.Join(dir, "out"),
			Report: func(r openpvog.Rejection) {
				if rejected++; strings.ContainsAny(r.String(), "\n\r\x00") {
					t.Errorf("the message %q has control characters", r)
				}
			},
		})
		if err != nil {
			return
		}
		if s.Rejected != rejected || s.Rows != s.Accepted+s.Repeated+s.Rejected {
			t.Errorf("%d rejections, summary %+v", rejected, s)
		}
		if _, err := ingest.Read(os.DirFS(filepath.Join(dir, "out"))); err != nil {
			t.Errorf("the data package is not valid:\n%v", err)
		}
	})
}
