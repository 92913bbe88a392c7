// SPDX-License-Identifier: EUPL-1.2

package gv100ad

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
)

// line returns a record with the fields at their places. The seat, which associations
// without members and municipalities do not have, and the numbers are invented.
func line(kind, land, rest, association, name, code string) string {
	pad := func(text string, n int) string { return text + strings.Repeat(" ", n-utf8.RuneCountInString(text)) }
	seat := "Synthetischer Sitz"
	if kind == municipality || code == "50" {
		seat = ""
	}
	text := kind + "20170331" + pad(land+rest, 8) + pad(association, 4) + pad(name, 50) + pad(seat, 50) + pad(code, 6)
	if kind == municipality {
		text += "00000001234" + "00000005678" + "00000002839" + pad("", 4) + "00000*****" + pad("", 2) + "0000" + "0000" + "00000" + "000"
	}
	return pad(text, width)
}

// sample returns a register of the real layout. North Rhine-Westphalia has the real keys
// and names; everything in other states is invented and says so.
func sample(t testing.TB) []string {
	t.Helper()
	known, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]string{
		"district": "43", "city-region": "43", "independent-city": "61", "town": "63", "municipality": "64",
	}
	var out []string
	for _, row := range known {
		id, code := row["id"], codes[row["type"]]
		switch row["level"] {
		case "state":
			out = append(out, line(state, id, "", "", row["title"], ""))
		case "government-district":
			out = append(out, line(government, "05", id[2:], "", strings.Replace(row["title"], "Regierungsbezirk", "Reg.-Bez.", 1), ""))
		case "district":
			out = append(out, line(district, "05", id[2:], "", strings.TrimPrefix(row["title"], "Kreis "), code))
		case "municipality":
			if code == "61" { // it is a district, too
				out = append(out, line(district, "05", id[2:5], "", row["title"], "41"))
			}
			out = append(out, line(association, "05", id[2:5], row["ars"][5:9], row["title"], "50"), line(municipality, "05", id[2:], row["ars"][5:9], row["title"], code))
		}
	}
	return append(out,
		line(government, "03", "1", "", "Statistische Region Synthetisch", ""),
		line(government, "07", "1", "", "früher: Reg.-Bez. Synthetisch", ""),
		line(government, "08", "1", "", "Reg.-Bez. Synthetisch", ""),
		line(region, "08", "11", "", "Synthetische Region", ""),
		line(district, "08", "111", "", "Synthetische Stadt", "42"),
		line(municipality, "08", "111000", "0000", "Synthetische Stadt", "62"),
		line(district, "08", "115", "", "Synthetisch", "44"),
		line(association, "08", "115", "5001", "GVV Synthetisch", "54"),
		line(municipality, "08", "115001", "5001", "Synthetische Große Kreisstadt", "67"),
		line(municipality, "08", "115002", "5001", "Synthetische Gemeinde", "64"),
		line(municipality, "09", "171111", "0111", "Synthetischer Markt", "60"),
		line(municipality, "09", "171444", "9444", "Synthetischer Forst", "66"),
		line(district, "09", "171", "", "Synthetischer Landkreis", "44"),
		line(association, "07", "000", "9999", "Synthetisches Gewässer", "50"), // in no district
		line(municipality, "07", "000999", "9999", "Synthetisches Gewässer", "66"),
		line(municipality, "13", "000999", "9999", "Synthetisches Küstengewässer", ""),
		line(district, "10", "041", "", "Regionalverband Synthetisch", "45"),
		line(district, "11", "000", "", "Synthetische Stadt", "41"),
		line(municipality, "11", "000000", "0000", "Synthetische Stadt", "61"),
	)
}

func file(lines []string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n") }

func latin1(content []byte) []byte {
	var out []byte
	for _, r := range string(content) {
		out = append(out, byte(r))
	}
	return out
}

// TestConvert converts the sample for North Rhine-Westphalia. The result is the embedded
// areas.csv, whatever the encoding and the line ends.
func TestConvert(t *testing.T) {
	t.Parallel()
	lines := sample(t)
	content := file(lines)
	trimmed := slices.Clone(lines)
	for i := range trimmed {
		trimmed[i] = strings.TrimRight(trimmed[i], " ")
	}
	shuffled := slices.Clone(lines)
	slices.Reverse(shuffled)
	want, err := fixtures.FS.ReadFile("areas.csv")
	if err != nil {
		t.Fatal(err)
	}
	// All states are in a register, but only one is from this source in the data.
	all := string(want)
	for _, row := range strings.Split(all, "\n")[4:20] {
		if strings.HasSuffix(row, ",") {
			all = strings.Replace(all, row+"\n", row+"gv-isys-2017-03-31\n", 1)
		}
	}
	for name, content := range map[string][]byte{
		"UTF-8": content, "Latin-1": latin1(content), "byte order mark": append([]byte("\ufeff"), content...),
		"line feeds": bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")), "spaces trimmed": file(trimmed), "another order": file(shuffled),
		"end of a DOS file": append(slices.Clone(content), 0x1a),
	} {
		r, err := Convert("gv.txt", content, Options{State: "05"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got bytes.Buffer
		if err := r.WriteCSV(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(all, got.String()); diff != "" {
			t.Errorf("%s: areas.csv (-want +got)\n%.3000s", name, diff)
		}
		if r.Date != "2017-03-31" || r.Source != "gv-isys-2017-03-31" || r.Levels["municipality"] != 396 || r.Levels["district"] != 31 || r.Levels["state"] != 16 {
			t.Errorf("%s: %s, %s, %v", name, r.Date, r.Source, r.Levels)
		}
		if got := r.LeftOut["independent city as a district"]; got != 24 {
			t.Errorf("%s: %d independent cities as districts are left out, want 24", name, got)
		}
	}
}

// TestConvertGermany looks at what only other states have.
func TestConvertGermany(t *testing.T) {
	t.Parallel()
	r, err := Convert("gv.txt", file(sample(t)), Options{Source: "gv-synthetisch"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range r.Rows {
		if id := row[0]; len(id) > 2 && id[:2] != "05" && id != "WORLD" {
			got = append(got, fmt.Sprint(row[:7], row[11]))
		}
	}
	want := []string{
		"[031 Statistische Region Synthetisch Statistische Region Synthetisch government-district 03 031000000000 statistical-region]gv-synthetisch",
		"[071 früher: Reg.-Bez. Synthetisch früher: Reg.-Bez. Synthetisch government-district 07 071000000000 statistical-region]gv-synthetisch",
		"[07000999 Synthetisches Gewässer Synthetisches Gewässer municipality 07 070009999999 unincorporated-area]gv-synthetisch",
		"[081 Regierungsbezirk Synthetisch Synthetisch government district government-district 08 081000000000 government-district]gv-synthetisch",
		"[08115 Landkreis Synthetisch Synthetisch district district 081 081150000000 rural-district]gv-synthetisch",
		"[08111000 Synthetische Stadt Synthetische Stadt municipality 081 081110000000 urban-district]gv-synthetisch",
		"[08115001 Synthetische Große Kreisstadt Synthetische Große Kreisstadt municipality 08115 081155001001 large-district-town]gv-synthetisch",
		"[08115002 Synthetische Gemeinde Synthetische Gemeinde municipality 08115 081155001002 municipality]gv-synthetisch",
		"[09171 Synthetischer Landkreis Synthetischer Landkreis district 09 091710000000 rural-district]gv-synthetisch",
		"[09171111 Synthetischer Markt Synthetischer Markt municipality 09171 091710111111 market-town]gv-synthetisch",
		"[09171444 Synthetischer Forst Synthetischer Forst municipality 09171 091719444444 unincorporated-area]gv-synthetisch",
		"[10041 Regionalverband Synthetisch Regionalverband Synthetisch district 10 100410000000 regional-association]gv-synthetisch",
		"[11000000 Synthetische Stadt Synthetische Stadt municipality 11 110000000000 independent-city]gv-synthetisch",
		"[13000999 Synthetisches Küstengewässer Synthetisches Küstengewässer municipality 13 130009999999 ]gv-synthetisch",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("areas of other states (-want +got)\n%s", diff)
	}
	if r.LeftOut["region"] != 1 || r.LeftOut["association of municipalities"] != 398 {
		t.Errorf("left out: %v", r.LeftOut)
	}
}

// TestConvertedPackage checks the embedded data package with the areas of all of Germany.
func TestConvertedPackage(t *testing.T) {
	t.Parallel()
	r, err := Convert("gv.txt", file(sample(t)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var areas bytes.Buffer
	if err := r.WriteCSV(&areas); err != nil {
		t.Fatal(err)
	}
	pkg, err := fixturesWith("areas.csv", areas.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Read(pkg); err != nil {
		t.Error(err)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	valid := []string{line(state, "05", "", "", "Nordrhein-Westfalen", ""), line(district, "05", "158", "", "Mettmann", "43")}
	ratingen := line(municipality, "05", "158028", "0028", "Ratingen, Stadt", "63")
	for _, tt := range []struct{ name, line, want string }{
		{"kind", "70" + ratingen[2:], `…" does not start with the kind of a record (10, 20, 30, 40, 50, 60)`},
		{"blank", "", `gv.txt, line 3: "" does not start with the kind of a record (10, 20, 30, 40, 50, 60)`},
		{"too long", ratingen + "x", `has 221 characters; a record has 220`},
		{"day", strings.Replace(ratingen, "20170331", "20170231", 1), `gv.txt, line 3, date (characters 3 to 10): "20170231" must be a date, YYYYMMDD`},
		{"another day", strings.Replace(ratingen, "20170331", "20171231", 1), `gv.txt, line 3, date (characters 3 to 10): "20171231" is not the day of the first record, 2017-03-31`},
		{"key", line(municipality, "05", "15802", "0028", "Ratingen, Stadt", "63"), `gv.txt, line 3, municipality (characters 16 to 18): "02" must have 3 digits`},
		{"association", line(municipality, "05", "158028", "", "Ratingen, Stadt", "63"), `gv.txt, line 3, association (characters 19 to 22): "" must have 4 digits`},
		{"letter", line(district, "05", "1x8", "", "Ratingen", "43"), `gv.txt, line 3, district (characters 14 to 15): "x8" must have 2 digits`},
		{"Germany", line(state, "00", "", "", "Deutschland", ""), `gv.txt, line 3, state (characters 11 to 12): "00" is not the key of a state`},
		{"no name", line(municipality, "05", "158028", "0028", "", "63"), `gv.txt, line 3, name (characters 23 to 72): "" must not be empty`},
		{"shifted", line(municipality, "05", "158028", "0028", " Ratingen", "63"), `gv.txt, line 3, name (characters 23 to 72): " Ratingen" starts with a space; the fields of the line are shifted`},
		{"control character", line(municipality, "05", "158028", "0028", "Ratin\x07gen", "63"), `contains a control character`},
		{"type", line(municipality, "05", "158028", "0028", "Ratingen, Stadt", "43"), `gv.txt, line 3, type (characters 123 to 124): "43" is not a type of this kind of record (60, 61, 62, 63, 64, 65, 66, 67)`},
		{"no type", ratingen[:60], `gv.txt, line 3, type (characters 123 to 124): "" is not a type of this kind of record`},
		{"twice", valid[1], `gv.txt, line 3, key: "05158" is already the key of the record in line 2`},
		{"no district", line(municipality, "05", "162028", "0028", "Ratingen, Stadt", "63"), `gv.txt, line 3, key: "05162028" lies in the district 05162, which is not in the file`},
		{"no state", line(district, "06", "158", "", "Mettmann", "43"), `gv.txt, line 3, key: "06158" lies in the state 06, which is not in the file`},
	} {
		_, err := Convert("gv.txt", file(append(slices.Clone(valid), tt.line, ratingen)), Options{})
		var problems Problems
		if !errors.As(err, &problems) || len(problems) != 1 {
			t.Errorf("%s: error %v, want one problem", tt.name, err)
			continue
		}
		if got := problems[0].String(); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestAllProblems reports every line that cannot be read.
func TestAllProblems(t *testing.T) {
	t.Parallel()
	_, err := Convert("gv.txt", []byte("99\n10\nx\n"+line(state, "05", "", "", "Nordrhein-Westfalen", "")), Options{})
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	var got []int
	for _, p := range problems {
		got = append(got, p.Line)
	}
	if diff := cmp.Diff([]int{1, 2, 2, 2, 3}, got); diff != "" {
		t.Errorf("lines (-want +got)\n%s\n%v", diff, err)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	content := file([]string{line(state, "05", "", "", "Nordrhein-Westfalen", ""), line(state, "06", "", "", "Hessen", "")})
	for _, state := range []string{"07", "051", "5", "NW"} {
		if _, err := Convert("gv.txt", content, Options{State: state}); !errors.Is(err, domain.ErrInvalid) || !strings.Contains(err.Error(), "allowed: 05, 06") {
			t.Errorf("state %s: error %v", state, err)
		}
	}
	for _, empty := range []string{"", "\r\n\r\n", "\ufeff"} {
		if _, err := Convert("gv.txt", []byte(empty), Options{}); err == nil || err.Error() != "gv.txt has no records" {
			t.Errorf("%q: error %v", empty, err)
		}
	}
	if _, err := Convert("gv.txt", make([]byte, MaxBytes+1), Options{}); err == nil || !strings.Contains(err.Error(), "more than 67108864 bytes") {
		t.Errorf("too large: error %v", err)
	}
}

// FuzzConvert makes sure that whatever is converted is a tree of areas whose keys belong
// together.
func FuzzConvert(f *testing.F) {
	lines := sample(f)
	f.Add(file(lines[:3]))
	f.Add(latin1(file(lines[len(lines)-2:])))
	f.Add(file([]string{lines[0], lines[16]}))
	f.Add([]byte("10\x1a\xff\n60"))
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := Convert("gv.txt", content, Options{})
		if err != nil {
			return
		}
		ids := map[string]bool{}
		for _, row := range r.Rows {
			ids[row[0]] = true
		}
		if len(ids) != len(r.Rows) {
			t.Fatal("a key appears twice")
		}
		for _, row := range r.Rows {
			id, parent, ars := row[0], row[4], row[5]
			if parent != "" && !ids[parent] || parent == id {
				t.Fatalf("%s lies in %q, which is not in the result", id, parent)
			}
			if domain.IsAreaKey(parent) && !strings.HasPrefix(id, parent) {
				t.Fatalf("%s lies in %s", id, parent)
			}
			if ars != "" && domain.CheckARS(id, ars) != nil {
				t.Fatalf("%s has the regional key %s", id, ars)
			}
			for _, cell := range row {
				if err := domain.CheckText(cell, false); err != nil || strings.TrimSpace(cell) != cell {
					t.Fatalf("%s: cell %q: %v", id, cell, err)
				}
			}
		}
	})
}

// fixturesWith returns the embedded data package with another file.
func fixturesWith(name string, content []byte) (fstest.MapFS, error) {
	entries, err := fixtures.FS.ReadDir(".")
	if err != nil {
		return nil, err
	}
	pkg := fstest.MapFS{}
	for _, e := range entries {
		b, err := fixtures.FS.ReadFile(e.Name())
		if err != nil {
			return nil, err
		}
		pkg[e.Name()] = &fstest.MapFile{Data: b, Mode: 0o644}
	}
	pkg[name] = &fstest.MapFile{Data: content, Mode: 0o644}
	return pkg, nil
}
