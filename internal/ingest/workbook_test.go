// SPDX-License-Identifier: EUPL-1.2

package ingest_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// workbookOf returns a dataset of a release as a workbook, as it is served.
func workbookOf(t testing.TB, s *store.Store, r *domain.Release, d *dataset.Dataset, labels string) []byte {
	t.Helper()
	part, _ := r.Dataset(d.ID)
	address := "https://zielstand.example/v1/" + d.ID + "?release=" + r.ID + "&format=xlsx"
	if labels != "" {
		address += "&labels=" + labels
	}
	format, _ := encode.Find("xlsx", "")
	var b bytes.Buffer
	e := format.New(&b, encode.Document{
		Dataset: d, Columns: d.Columns, Labels: labels, Address: address, Rows: part.Rows,
		Meta: encode.Meta{Release: r.ID, Modified: r.Published},
	})
	if err := s.Read(context.Background(), r, d, e.Row); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// editWorkbook edits a workbook as a spreadsheet program would: each line is an operation
// with arguments, separated by spaces; the last may contain spaces.
func editWorkbook(t testing.TB, content []byte, script string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	format := func(cell, code string) {
		if code == "" {
			return
		}
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		check(err)
		check(f.SetCellStyle(sheet, cell, cell, style))
	}
	var raw []func([]byte) []byte
	for line := range strings.Lines(script) {
		words := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4)
		operation, a := words[0], append(words[1:], "", "", "")
		rest := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(line, operation+" "), a[0]+" "), "\n")
		switch operation {
		case "text":
			check(f.SetCellStr(sheet, a[0], rest))
		case "number": // cell, value, format
			n, err := strconv.ParseFloat(a[1], 64)
			check(err)
			check(f.SetCellFloat(sheet, a[0], n, -1, 64))
			format(a[0], a[2])
		case "day": // cell, day, format
			day, err := time.Parse("2006-01-02T15:04", a[1])
			check(err)
			check(f.SetCellValue(sheet, a[0], day))
			format(a[0], a[2])
		case "bool":
			check(f.SetCellBool(sheet, a[0], a[1] == "true"))
		case "formula":
			check(f.SetCellFormula(sheet, a[0], rest))
		case "error":
			check(f.SetCellInt(sheet, a[0], 42424242))
			raw = append(raw, func(b []byte) []byte {
				return regexp.MustCompile(`<c r="`+a[0]+`"([^>]*)><v>42424242</v>`).ReplaceAll(b, []byte(`<c r="`+a[0]+`"$1 t="e"><v>`+rest+`</v>`))
			})
		case "clear":
			check(f.SetCellValue(sheet, a[0], nil))
		case "merge":
			check(f.MergeCell(sheet, a[0], a[1]))
		case "remove":
			n, err := strconv.Atoi(a[0])
			check(err)
			check(f.RemoveRow(sheet, n))
		case "insert":
			n, err := strconv.Atoi(a[0])
			check(err)
			check(f.InsertRows(sheet, n, 1))
		case "duplicate": // row, number of the copy
			from, err := strconv.Atoi(a[0])
			check(err)
			to, err := strconv.Atoi(a[1])
			check(err)
			check(f.DuplicateRowTo(sheet, from, to))
		case "hide":
			n, err := strconv.Atoi(a[0])
			check(err)
			check(f.SetRowVisible(sheet, n, false))
		case "column":
			check(f.RemoveCol(sheet, a[0]))
		case "sheet": // name, text
			_, err := f.NewSheet(a[0])
			check(err)
			check(f.SetCellStr(a[0], "A1", rest))
		case "empty": // name
			_, err := f.NewSheet(a[0])
			check(err)
		case "copy": // name
			to, err := f.NewSheet(a[0])
			check(err)
			check(f.CopySheet(0, to))
		case "rename":
			check(f.SetSheetName(sheet, rest))
			sheet = rest
		case "renamed": // old, new
			check(f.SetSheetName(a[0], rest))
		case "move": // puts the metadata first
			check(f.MoveSheet("Metadaten", sheet))
		case "delete":
			check(f.DeleteSheet(a[0]))
		case "about": // label, text
			for n := 1; n < 20; n++ {
				if label, _ := f.GetCellValue("Metadaten", fmt.Sprintf("A%d", n)); label == a[0] {
					check(f.SetCellStr("Metadaten", fmt.Sprintf("B%d", n), rest))
				}
			}
		case "rows": // number of the last row
			n, err := strconv.Atoi(a[0])
			check(err)
			raw = append(raw, func(b []byte) []byte {
				var rows strings.Builder
				for i := 1000; i <= n; i++ {
					fmt.Fprintf(&rows, `<row r="%d"><c r="A%d"><v>1</v></c></row>`, i, i)
				}
				return bytes.Replace(b, []byte("</sheetData>"), []byte(rows.String()+"</sheetData>"), 1)
			})
		case "xml": // old, new
			raw = append(raw, func(b []byte) []byte { return bytes.Replace(b, []byte(a[0]), []byte(rest), 1) })
		default:
			t.Fatalf("%s: unknown operation", operation)
		}
	}
	var out bytes.Buffer
	check(f.Write(&out))
	if raw == nil {
		return out.Bytes()
	}
	return repacked(t, out.Bytes(), func(name string, part []byte) []byte {
		if name == "xl/worksheets/sheet1.xml" {
			for _, change := range raw {
				part = change(part)
			}
		}
		return part
	})
}

// repacked changes the files of an archive.
func repacked(t testing.TB, content []byte, change func(name string, part []byte) []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(change(f.Name, part)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packed packs files as an archive. Each line of the script is an operation on it.
func packed(t testing.TB, pkg fstest.MapFS, script string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	folder := ""
	add := func(header *zip.FileHeader, content []byte) {
		t.Helper()
		out, err := w.CreateHeader(header)
		if err == nil {
			_, err = out.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	deflated := func(name string) *zip.FileHeader { return &zip.FileHeader{Name: name, Method: zip.Deflate} }
	var patch []func([]byte) []byte
	for line := range strings.Lines(script) {
		words := strings.Fields(line)
		operation, a := words[0], append(words[1:], "", "")
		switch operation {
		case "folder": // of all files
			folder = a[0] + "/"
			add(&zip.FileHeader{Name: folder}, nil)
		case "add":
			add(deflated(a[0]), []byte(a[1]))
		case "many":
			n, _ := strconv.Atoi(a[0])
			for i := range n {
				add(deflated(fmt.Sprintf("file-%d", i)), nil)
			}
		case "link":
			header := deflated(a[0])
			header.SetMode(fs.ModeSymlink | 0o777)
			add(header, []byte(a[1]))
		case "zeros": // name, MiB
			n, _ := strconv.Atoi(a[1])
			add(deflated(a[0]), make([]byte, n<<20))
		case "stated": // name, bytes that it does not have
			n, _ := strconv.ParseUint(a[1], 10, 64)
			header := &zip.FileHeader{Name: a[0], Method: zip.Store, CompressedSize64: n, UncompressedSize64: n}
			if _, err := w.CreateRaw(header); err != nil {
				t.Fatal(err)
			}
		case "method": // name, method
			n, _ := strconv.Atoi(a[1])
			if _, err := w.CreateRaw(&zip.FileHeader{Name: a[0], Method: uint16(n)}); err != nil {
				t.Fatal(err)
			}
		case "encrypted":
			if _, err := w.CreateRaw(&zip.FileHeader{Name: a[0], Flags: 1}); err != nil {
				t.Fatal(err)
			}
		case "damage": // of a stored file: its content
			patch = append(patch, func(b []byte) []byte { return bytes.Replace(b, []byte(a[0]), []byte(a[1]), 1) })
			pkg = maps.Clone(pkg)
		case "only":
			pkg = fstest.MapFS{}
		default:
			t.Fatalf("%s: unknown operation", operation)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(pkg)) {
		header := deflated(folder + name)
		if patch != nil {
			header.Method = zip.Store
		}
		add(header, pkg[name].Data)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	out := b.Bytes()
	for _, change := range patch {
		out = change(out)
	}
	return out
}

func opened(t testing.TB, content []byte, name string) (*ingest.Source, error) {
	t.Helper()
	return ingest.OpenArchive(bytes.NewReader(content), int64(len(content)), name)
}

// edition is what the tests say about a release of workbooks.
var edition = ingest.Edition{Created: time.Date(2024, 2, 1, 12, 0, 0, 0, time.UTC)}

// workbookFindings returns the messages of workbooks, by name, that must not be valid.
func workbookFindings(t testing.TB, s *store.Store, books map[string][]byte) string {
	t.Helper()
	var sources []*ingest.Source
	var found ingest.Findings
	for _, name := range slices.Sorted(maps.Keys(books)) {
		source, err := opened(t, books[name], name)
		if errors.As(err, &found) {
			return found.Error() + "\n"
		}
		if err != nil || !source.Workbook() {
			t.Fatalf("%s: workbook %v, %v", name, err == nil, err)
		}
		sources = append(sources, source)
	}
	p, err := ingest.ReadWorkbooks(context.Background(), s, sources, edition)
	if !errors.As(err, &found) || p != nil {
		t.Fatalf("ReadWorkbooks gave a package %v and the error %v, want findings and no package", p != nil, err)
	}
	return found.Error() + "\n"
}

// changesOf returns what workbooks change, a change a line.
func changesOf(t testing.TB, s *store.Store, allow []string, books ...[]byte) (*ingest.Plan, []string) {
	t.Helper()
	var sources []*ingest.Source
	for i, content := range books {
		source, err := opened(t, content, fmt.Sprintf("%d.xlsx", i))
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, source)
	}
	latest, err := s.Latest(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	p, err := ingest.ReadWorkbooks(context.Background(), s, sources, ingest.Edition{Created: latest.Published.AddDate(0, 0, 1)})
	if errors.Is(err, ingest.ErrUnchanged) {
		return nil, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	plan, err := ingest.Prepare(context.Background(), s, p, allow)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range plan.Changes {
		if !c.Dataset.Computed {
			out = append(out, fmt.Sprintf("%s %s %s %s %q → %q %q", c.Kind, c.Dataset.ID, c.Row, c.Column, c.Old, c.New, c.Values))
		}
	}
	return plan, out
}

// TestWorkbookUnchanged imports each dataset as it is served, and after it was saved by
// another program, in both languages: no cell differs.
func TestWorkbookUnchanged(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		for _, d := range dataset.All {
			for _, labels := range []string{"", "de", "en"} {
				content := workbookOf(t, s, r, d, labels)
				for _, book := range [][]byte{content, editWorkbook(t, content, "")} {
					if _, changes := changesOf(t, s, nil, book); changes != nil {
						t.Errorf("%s (%s): %q", d.ID, labels, changes)
					}
				}
			}
		}
	})
}

// TestWorkbook edits workbooks: exactly the edits are published, and everything else is
// that of the latest release.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		first := storetest.Publish(t, s)
		book := func(d *dataset.Dataset, script string) []byte {
			return editWorkbook(t, workbookOf(t, s, first, d, ""), script)
		}
		for _, tt := range []struct {
			name   string
			d      *dataset.Dataset
			script string
			want   []string
		}{
			{"a text", dataset.Areas, "text B2 Erde", []string{`changed areas WORLD title "Welt" → "Erde" []`}},
			{"the form of cells", dataset.Observations, "number G2 75000 0.00\ntext G3 7600\nnumber E3 2020 General\nnumber D3 5", nil},
			{"a row of another sheet", dataset.Areas, "rename Gebiete (neu)\nmove\nempty Tabelle3\nhide 3", nil},
			{"a number", dataset.Observations, "number G3 7600.5", []string{`changed observations obs-002 value "7600" → "7600.5" []`}},
			{"zeros that are shown", dataset.Observations, "number G3 7601.5 0.00", []string{`changed observations obs-002 value "7600" → "7601.50" []`}},
			{"a date", dataset.Observations, `day E3 2020-12-31T00:00 yyyy\-mm\-dd`, []string{`changed observations obs-002 period "2020" → "2020-12-31" []`}},
			{"a truth value", dataset.Goals, "bool J2 false", []string{`changed goals ts2-01 quantified "true" → "false" []`}},
			{"nothing", dataset.Observations, "clear L4", []string{`changed observations obs-003 note "Stand Mitte des Jahres; das Protokoll nennt 8.200." → "" []`}},
		} {
			_, got := changesOf(t, s, nil, book(tt.d, tt.script))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", tt.name, diff)
			}
		}
		_, before := changesOf(t, s, []string{"vanished:contradiction-2"}, book(dataset.Contradictions, "remove 3"))
		if len(before) != 1 || !strings.HasPrefix(before[0], "removed contradictions contradiction-2 ") {
			t.Errorf("a row removed: %q", before)
		}
		// Three workbooks together: a row withdrawn, with its reason.
		withdrawn := book(dataset.Withdrawn, fmt.Sprintf("text A%[1]d contradiction-2\ntext B%[1]d contradictions\nday C%[1]d 2024-02-01T00:00 yyyy-mm-dd\ntext D%[1]d Entfällt.\ntext E%[1]d Dropped.", rowsOf(first, dataset.Withdrawn)+2))
		contradictions := book(dataset.Contradictions, "remove 3")
		areas := book(dataset.Areas, "text B2 Erde")
		plan, changes := changesOf(t, s, nil, contradictions, areas, withdrawn)
		if len(changes) != 3 {
			t.Errorf("three workbooks: %q", changes)
		}
		second, err := s.Publish(context.Background(), plan.Content)
		if err != nil {
			t.Fatal(err)
		}
		if second.ID != "2024.02.0" || second.Title != first.Title {
			t.Errorf("release %s, %q", second.ID, second.Title)
		}
		versions(t, first, second, "areas", "contradictions", "withdrawn", "goal-progress", "changes")
		if faults, err := ingest.Verify(context.Background(), s, second); err != nil || len(faults) > 0 {
			t.Error(faults, err)
		}
		if _, again := changesOf(t, s, nil, withdrawn, contradictions, areas); again != nil {
			t.Errorf("the same again: %q", again)
		}
		// Another dataset of the first release is still that of the latest.
		if _, got := changesOf(t, s, nil, book(dataset.Goals, "bool J2 false")); len(got) != 1 {
			t.Errorf("a workbook of an older release: %q", got)
		}
		// Its areas are not.
		got := workbookFindings(t, s, map[string][]byte{"areas.xlsx": book(dataset.Areas, "text B3 Bund")})
		if want := "areas.xlsx: " + overtaken + "; it is from 2024.01.0, the latest is 2024.02.0\n"; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	})
}

const overtaken = "is out of date: the dataset areas has changed in the latest release; download it again, and edit that"

func rowsOf(r *domain.Release, d *dataset.Dataset) int {
	part, _ := r.Dataset(d.ID)
	return int(part.Rows)
}

// TestWorkbookNotes names the flag that notes on workbooks are from.
func TestWorkbookNotes(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	r := storetest.Publish(t, s)
	source, err := opened(t, editWorkbook(t, workbookOf(t, s, r, dataset.Areas, ""), "text B2 Erde"), "areas.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	noted := edition
	noted.Notes = " Zahlen"
	_, err = ingest.ReadWorkbooks(context.Background(), s, []*ingest.Source{source}, noted)
	if want := `--notes: " Zahlen" has leading or trailing spaces; delete them`; err == nil || err.Error() != want {
		t.Errorf("error %v\nwant  %s", err, want)
	}
}

// TestWorkbookWithoutRelease needs a release that the workbook is from.
func TestWorkbookWithoutRelease(t *testing.T) {
	t.Parallel()
	source, err := opened(t, editWorkbook(t, workbookOf(t, storetest.Open(t, storetest.SQLite(t)), &domain.Release{ID: "2024.01.0"}, dataset.Areas, ""), ""), "areas.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	_, err = ingest.ReadWorkbooks(context.Background(), storetest.Open(t, storetest.SQLite(t)), []*ingest.Source{source}, edition)
	if want := "no release is published that a workbook could be compared with"; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}

// TestZIP reads archives as editors and programs pack them.
func TestZIP(t *testing.T) {
	t.Parallel()
	for _, script := range []string{"", "folder paket", "folder paket\nadd __MACOSX/paket/._areas.csv x\nadd __MACOSX/._paket x\nadd paket/.DS_Store x", "add README.txt x\nadd more/areas.csv x"} {
		source, err := opened(t, packed(t, storetest.Package(t), script), "paket.zip")
		if err != nil {
			t.Errorf("%q: %v", script, err)
			continue
		}
		p, err := ingest.Read(source.Folder)
		if err != nil || p.Manifest.Version != storetest.Release {
			t.Errorf("%q: %v", script, err)
		}
		if err := source.Close(); err != nil {
			t.Error(err)
		}
	}
}
