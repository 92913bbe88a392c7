// SPDX-License-Identifier: EUPL-1.2

package encode_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/golden"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// columns has one of each type.
var columns = []dataset.Column{
	{Name: "id", Type: dataset.Identifier},
	{Name: "area", Type: dataset.Reference},
	{Name: "kind", Type: dataset.Code},
	{Name: "note", Type: dataset.String},
	{Name: "day", Type: dataset.Date},
	{Name: "period", Type: dataset.Period},
	{Name: "value", Type: dataset.Decimal},
	{Name: "count", Type: dataset.Integer},
	{Name: "known", Type: dataset.Boolean},
	{Name: "rows", Type: dataset.List},
}

// nasty are rows that formats stumble over.
var nasty = [][]string{
	{"plain", "05", "actual", "nothing special", "2021-11-12", "2021", "75000", "78", "true", "obs-1"},
	{"empty", "", "", "", "", "", "", "", "", ""},
	{"quotes", "00", "actual", `He said "no", then; "yes"`, "2021-11-12", "2021-06", "1.10", "0", "false", "obs-1 obs-2"},
	{"quote-alone", "00", "1-2", `"`, "2021-11-12", "2018/2021", "-0.5", "-3", "true", " obs-1  obs-2 "},
	{"separators", "00", "a,b;c", "comma, semicolon; tab\tend", "2021-11-12", "2021-06-30", "0", "1", "true", ""},
	{"line-ends", "00", "actual", "first\nsecond\r\nthird\rfourth", "2021-11-12", "2021", "0.000", "1", "true", ""},
	{"umlauts", "08", "Größe", "Überprüfung „groß“ – 100 € 😀 \u2028", "2021-11-12", "2021", "59.0", "1", "true", "ä ö"},
	{"leading-zero", "007", "0", "05", "2021-11-12", "0021", "12345678901234567890.10", "1", "true", "05 08"},
	{"looks-like-a-date", "1-2", "3/4", "12:30", "2021-11-12", "2021", "1", "1", "true", "1-2"},
	{"looks-like-a-number", "1.2.3", "1,5", "1.000.000", "2021-11-12", "2021", "1", "1", "true", "1"},
	{"formula-equals", "=1+1", "=x", "=SUM(A1:A9)", "2021-11-12", "2021", "-1.5", "-15", "true", "=x"},
	{"formula-others", "+49 211", "-5 Prozent", "@SUM(A1)", "2021-11-12", "2021", "1", "1", "true", "\tx"},
	{"formula-controls", "\tx", "\rx", "\n=x", "2021-11-12", "2021", "1", "1", "true", "x"},
	{"formula-quoted", "x", "x", `=HYPERLINK("http://x";"y")`, "2021-11-12", "2021", "1", "1", "true", "x"},
	{"escapes", "\\", "</script>", "\x00\x01\x1f\x7f <>& \\n \b\f", "2021-11-12", "2021", "1", "1", "true", "a\\b"},
}

func write(t testing.TB, f encode.Format, d encode.Document, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	d.Rows = int64(len(rows))
	e := f.New(&b, d)
	for _, row := range rows {
		cells := make([][]byte, len(row))
		for i, c := range row {
			cells[i] = []byte(c)
		}
		if err := e.Row(cells); err != nil {
			t.Fatal(err)
		}
		for _, c := range cells { // a row is valid during the call only
			for i := range c {
				c[i] = 'X'
			}
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func document(c []dataset.Column) encode.Document {
	total := int64(15)
	return encode.Document{Columns: c, Meta: encode.Meta{
		Dataset: "goals", Release: "2026.11.0", Modified: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
		License: "http://l.example/2", Attribution: "Zielstand", Total: &total,
	}, Links: encode.Links{Self: "https://example.org/"}}
}

func format(t testing.TB, name, dialect string) encode.Format {
	t.Helper()
	f, ok := encode.Find(name, dialect)
	if !ok {
		t.Fatalf("no format %s %s", name, dialect)
	}
	return f
}

func TestGolden(t *testing.T) {
	t.Parallel()
	documents := golden.Open(t, "testdata/nasty.txtar", *update)
	for _, f := range encode.Formats {
		if f.Binary {
			continue // TestXLSXGolden
		}
		name := "nasty"
		if f.Dialect != "" {
			name += "-" + f.Dialect
		}
		name += "." + f.Name
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			documents.Compare(t, name, write(t, f, document(columns), nasty))
		})
	}
}

// lines shows every byte.
func lines(b []byte) []string {
	var out []string
	for line := range bytes.Lines(b) {
		out = append(out, strings.ReplaceAll(strings.ReplaceAll(string(line), "\r", "␍"), "\n", "␊"))
	}
	return out
}

func TestSmallDocuments(t *testing.T) {
	t.Parallel()
	two := []dataset.Column{{Name: "id", Type: dataset.Identifier}, {Name: "value", Type: dataset.Decimal}}
	one := two[1:]
	single := document(two)
	single.Single = true
	for _, tt := range []struct {
		name, format, dialect string
		document              encode.Document
		rows                  [][]string
		want                  string
	}{
		{"no rows", "json", "", document(two), nil, `{"meta":{"dataset":"goals","release":"2026.11.0","modified":"2026-11-21T12:00:00Z","license":"http://l.example/2","attribution":"Zielstand","total":15},"links":{"self":"https://example.org/"},"data":[]}` + "\n"},
		{"one row", "json", "", document(two), [][]string{{"a", "1.10"}}, `{"meta":{"dataset":"goals","release":"2026.11.0","modified":"2026-11-21T12:00:00Z","license":"http://l.example/2","attribution":"Zielstand","total":15},"links":{"self":"https://example.org/"},"data":[` + "\n" + `{"id":"a","value":1.10}` + "\n]}\n"},
		{"two rows", "json", "", document(two), [][]string{{"a", "1.10"}, {"b", ""}}, `{"meta":{"dataset":"goals","release":"2026.11.0","modified":"2026-11-21T12:00:00Z","license":"http://l.example/2","attribution":"Zielstand","total":15},"links":{"self":"https://example.org/"},"data":[` + "\n" + `{"id":"a","value":1.10},` + "\n" + `{"id":"b","value":null}` + "\n]}\n"},
		{"a single row", "json", "", single, [][]string{{"a", "-1"}}, `{"meta":{"dataset":"goals","release":"2026.11.0","modified":"2026-11-21T12:00:00Z","license":"http://l.example/2","attribution":"Zielstand","total":15},"links":{"self":"https://example.org/"},"data":{"id":"a","value":-1}}` + "\n"},
		{"no rows", "csv", "", document(two), nil, "id,value\r\n"},
		{"one row", "csv", "", document(two), [][]string{{"a", "1.10"}}, "id,value\r\na,1.10\r\n"},
		{"a single row", "csv", "", single, [][]string{{"a", "1.10"}}, "id,value\r\na,1.10\r\n"},
		{"one row", "csv", "excel-de", document(two), [][]string{{"a", "1.10"}}, "\ufeffid;value\r\n\"=\"\"a\"\"\";1,10\r\n"},
		{"no rows", "csv", "excel-de", document(two), nil, "\ufeffid;value\r\n"},
		{"empty cells in one column", "csv", "", document(one), [][]string{{""}, {"1.10"}, {""}}, "value\r\n\"\"\r\n1.10\r\n\"\"\r\n"},
		{"empty cells in one column", "csv", "excel-de", document(one), [][]string{{""}, {"1.10"}, {""}}, "\ufeffvalue\r\n\"\"\r\n1,10\r\n\"\"\r\n"},
	} {
		t.Run(tt.name+" as "+tt.format+tt.dialect, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, string(write(t, format(t, tt.format, tt.dialect), tt.document, tt.rows))); diff != "" {
				t.Errorf("bytes (-want +got)\n%s", diff)
			}
		})
	}
}

// TestCSVReadBack reads with the standard library what was written. Carriage returns are
// left out: the library drops them.
func TestCSVReadBack(t *testing.T) {
	t.Parallel()
	cell := rapid.OneOf(
		rapid.String(),
		rapid.StringOf(rapid.SampledFrom([]rune("a\",;\n 'ä="))),
		rapid.SampledFrom([]string{"", `"`, `""`, ",", "\n", " x ", "#", `\.`}),
	)
	rapid.Check(t, func(rt *rapid.T) {
		width := rapid.IntRange(1, 5).Draw(rt, "width")
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 0, 5).Draw(rt, "rows")
		c := make([]dataset.Column, width)
		want := [][]string{make([]string, width)}
		for i := range c {
			c[i] = dataset.Column{Name: string(rune('a' + i)), Type: dataset.String}
			want[0][i] = c[i].Name
		}
		for i, row := range rows {
			for j := range row {
				rows[i][j] = strings.ReplaceAll(row[j], "\r", "")
			}
		}
		got, err := csv.NewReader(bytes.NewReader(write(t, format(t, "csv", ""), document(c), rows))).ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(append(want, rows...), got); diff != "" {
			rt.Fatalf("cells (-want +got)\n%s", diff)
		}
	})
}

// TestJSONReadBack reads with the standard library what was written.
func TestJSONReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.SliceOf(rapid.String()).Draw(rt, "text")
		c := []dataset.Column{{Name: "text", Type: dataset.String}, {Name: `qu"ote`, Type: dataset.Integer}}
		var rows [][]string
		for _, s := range text {
			rows = append(rows, []string{s, "7"})
		}
		body := write(t, format(t, "json", ""), document(c), rows)
		var read struct {
			Meta, Links map[string]any
			Data        []map[string]any
		}
		if err := json.Unmarshal(body, &read); err != nil {
			rt.Fatalf("%s: %v", body, err)
		}
		if len(read.Data) != len(text) || read.Meta["total"] != 15.0 || read.Links["self"] != "https://example.org/" {
			rt.Fatalf("read %+v", read)
		}
		for i, s := range text {
			want := map[string]any{"text": s, `qu"ote`: 7.0}
			if s == "" {
				want["text"] = nil
			}
			if diff := cmp.Diff(want, read.Data[i]); diff != "" {
				rt.Fatalf("row (-want +got)\n%s", diff)
			}
		}
	})
}

func TestJSONTypes(t *testing.T) {
	t.Parallel()
	var read struct{ Data []map[string]json.RawMessage }
	if err := json.Unmarshal(write(t, format(t, "json", ""), document(columns), nasty[:4]), &read); err != nil {
		t.Fatal(err)
	}
	for i, want := range []map[string]string{
		{"id": `"plain"`, "area": `"05"`, "period": `"2021"`, "value": `75000`, "count": `78`, "known": `true`, "rows": `["obs-1"]`},
		{"id": `"empty"`, "area": `null`, "period": `null`, "value": `null`, "count": `null`, "known": `null`, "rows": `[]`},
		{"value": `1.10`, "count": `0`, "known": `false`, "rows": `["obs-1","obs-2"]`},
		{"value": `-0.5`, "count": `-3`, "rows": `["obs-1","obs-2"]`},
	} {
		for name, value := range want {
			if got := string(read.Data[i][name]); got != value {
				t.Errorf("row %d: %s is %s, want %s", i, name, got, value)
			}
		}
	}
}

// TestRepeatedCells: rows that share cells in memory, as those of a table do, are encoded
// like rows that do not.
func TestRepeatedCells(t *testing.T) {
	d := dataset.Observations
	columns := append(slices.Clone(d.Columns), d.Joined([]int{d.Column("indicator"), d.Column("source")})...)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	pool := make([][][]byte, len(columns))
	for i := range pool {
		for _, row := range nasty {
			pool[i] = append(pool[i], []byte(row[random.IntN(len(row))]))
		}
		pool[i] = append(pool[i], nil, []byte("1"), []byte("2021-01"))
	}
	for _, f := range encode.Formats {
		if f.Binary {
			continue // their encoders remember no row
		}
		var shared, copied bytes.Buffer
		immutable := document(columns)
		immutable.Immutable = true
		a, b := f.New(&shared, immutable), f.New(&copied, document(columns))
		row := make([][]byte, len(columns))
		for n := range 500 {
			own := make([][]byte, len(columns))
			for i := range row {
				if n == 0 || random.IntN(4) == 0 {
					row[i] = pool[i][random.IntN(len(pool[i]))]
				}
				own[i] = bytes.Clone(row[i])
			}
			if err := errors.Join(a.Row(row), b.Row(own)); err != nil {
				t.Fatal(err)
			}
			for _, cell := range own {
				clear(cell)
			}
		}
		if err := errors.Join(a.Close(), b.Close()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(shared.Bytes(), copied.Bytes()) {
			t.Errorf("%s%s: seed %d: rows that share cells are encoded differently", f.Name, f.Dialect, seed)
		}
	}
}

func FuzzAppendString(f *testing.F) {
	for _, row := range nasty {
		for _, cell := range row {
			f.Add([]byte(cell))
		}
	}
	for c := range 256 {
		long := []byte("seventeen letters")
		long[c%len(long)] = byte(c)
		f.Add(long)
	}
	f.Add([]byte{0xff, 'a', 0xc3})
	f.Add([]byte("\xed\xa0\x80"))
	f.Fuzz(func(t *testing.T, s []byte) {
		got := encode.AppendString([]byte("x"), s)
		if got[0] != 'x' {
			t.Fatal("what stood before was overwritten")
		}
		if !utf8.Valid(got) {
			t.Fatalf("%q gave %q, which is not UTF-8", s, got)
		}
		var read string
		if err := json.Unmarshal(got[1:], &read); err != nil {
			t.Fatalf("%q gave %s: %v", s, got[1:], err)
		}
		if utf8.Valid(s) && read != string(s) {
			t.Fatalf("%q was read back as %q", s, read)
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(string(s)); err != nil {
			t.Fatal(err)
		}
		var want string
		if err := json.Unmarshal(b.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		if read != want {
			t.Fatalf("%q was read back as %q, encoding/json gives %q", s, read, want)
		}
	})
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriterFails(t *testing.T) {
	t.Parallel()
	for _, f := range encode.Formats {
		e := f.New(broken{}, document(columns[:1]))
		err := e.Row([][]byte{[]byte("x")})
		if f.Binary { // small archives are written at the end
			err = e.Close()
		}
		if err == nil {
			t.Errorf("%s %s: a writer that fails goes unnoticed", f.Name, f.Dialect)
		}
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	if got := encode.Formats[0].Name; got != "json" {
		t.Errorf("the default is %s", got)
	}
	if diff := cmp.Diff([]string{"json", "csv"}, encode.Names()[:2]); diff != "" {
		t.Errorf("names (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"excel-de"}, encode.Dialects("csv")); diff != "" {
		t.Errorf("dialects of csv (-want +got)\n%s", diff)
	}
	if got := encode.Dialects("json"); got != nil {
		t.Errorf("dialects of json: %v", got)
	}
	for _, f := range encode.Formats {
		if found, ok := encode.Find(f.Name, f.Dialect); !ok || found.MediaType != f.MediaType {
			t.Errorf("%s %s is not found", f.Name, f.Dialect)
		}
		if !strings.HasPrefix(f.ContentType, f.MediaType) || f.FileType == "" || f.Title.DE == "" || f.Title.EN == "" {
			t.Errorf("%+v is incomplete", f)
		}
	}
	for _, absent := range [][2]string{{"json", "excel-de"}, {"xml", ""}, {"", ""}, {"csv", "excel"}} {
		if _, ok := encode.Find(absent[0], absent[1]); ok {
			t.Errorf("the format %v was found", absent)
		}
	}
}
