// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/zielstand/zielstand/internal/testenv"
)

// The options of the text import (“Filter Options for CSV” in the help of
// LibreOffice): separators, quote, UTF-8, first line, columns, German, quoted
// fields as text, special numbers.
const (
	// semicolons is the import of the dialect excel-de with German numbers.
	semicolons = "CSV:59,34,76,1,,1031,false,true"
	// semicolonsEnglish is the same in English as spoken in the United States.
	semicolonsEnglish = "CSV:59,34,76,1,,1033,false,true"
	// dialogue is the same as the dialogue has it unless told otherwise: it
	// evaluates no formulas (“Formeln auswerten”).
	dialogue = semicolons + ",false,false,false,0,false"
	// commas is the import of plain CSV in a German LibreOffice.
	commas = "CSV:44,34,76,1,,1031,false,true"
	// texts is the import that docs/editors.md asks for: all columns are text.
	texts = "CSV:44,34,76,1,%s,1031,false,false"
	// saved is plain CSV as LibreOffice saves it: UTF-8, commas, cells as shown.
	saved = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
)

// patience is the longest that a conversion may take on a busy machine.
const patience = 5 * time.Minute

// profile sets the locale of LibreOffice, which decides about decimal commas.
const profile = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>de-DE</value></prop></item>
</oor:items>
`

// office is a LibreOffice. One profile serves one process at a time, so there is a
// profile for each processor that it may use.
type office struct {
	binary, folder string
	profiles       chan string
}

const processes = 2

var german = sync.OnceValues(func() (*office, error) {
	binary, err := exec.LookPath("soffice")
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "zielstand-libreoffice-")
	if err != nil {
		return nil, err
	}
	o := &office{binary: binary, folder: folder, profiles: make(chan string, processes)}
	for i := range processes {
		home := filepath.Join(folder, strconv.Itoa(i))
		if err := os.MkdirAll(filepath.Join(home, "user"), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(home, "user", "registrymodifications.xcu"), []byte(profile), 0o644); err != nil {
			return nil, err
		}
		o.profiles <- home
	}
	return o, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	for _, s := range []*shared{&reading, &streaming} {
		if !s.stop() {
			fmt.Fprintln(os.Stderr, "the program ended with an error:", s.server.Stderr)
			status = 1
		}
	}
	if o, err := german(); err == nil {
		_ = os.RemoveAll(o.folder)
	}
	os.Exit(status)
}

// libreOffice returns LibreOffice, or skips the test if it is not installed.
func libreOffice(t *testing.T) *office {
	t.Helper()
	testenv.Program(t, "LibreOffice (Debian: libreoffice-calc-nogui)", "soffice")
	o, err := german()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// convert opens the files with an import filter, or as LibreOffice takes them,
// and saves them in a format. It returns the folder of the results.
func (o *office) convert(t *testing.T, filter, to string, files ...string) string {
	t.Helper()
	profile := <-o.profiles
	defer func() { o.profiles <- profile }()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	folder := t.TempDir()
	home := url.URL{Scheme: "file", Path: profile}
	arguments := []string{"-env:UserInstallation=" + home.String(), "--headless", "--norestore", "--convert-to", to, "--outdir", folder}
	if filter != "" {
		arguments = append(arguments, "--infilter="+filter)
	}
	command := exec.CommandContext(ctx, o.binary, append(arguments, files...)...)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("soffice: %v\n%s", err, output)
	}
	format, _, _ := strings.Cut(to, ":")
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)) + "." + format
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Fatalf("LibreOffice did not open %s\n%s", file, output)
		}
	}
	return folder
}

// sheet is a sheet as people see it.
type sheet struct {
	file *excelize.File
	name string
}

// openSheet reads the n-th sheet of a workbook.
func openSheet(t *testing.T, path string, n int) sheet {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return sheet{f, f.GetSheetName(n)}
}

// size returns the number of rows and columns that hold something.
func (s sheet) size(t *testing.T) (rows, columns int) {
	t.Helper()
	all, err := s.file.GetRows(s.name)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range all {
		columns = max(columns, len(row))
	}
	return len(all), columns
}

// cell is what is known of a cell.
type cell struct {
	// shown is what is seen, raw what is calculated with.
	shown, raw string
	// number marks numbers; days are numbers, too.
	number  bool
	formula string
}

// at returns the cell in a row and column, counted from 1.
func (s sheet) at(t *testing.T, row, column int) cell {
	t.Helper()
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		t.Fatal(err)
	}
	shown, err1 := s.file.GetCellValue(s.name, name)
	raw, err2 := s.file.GetCellValue(s.name, name, excelize.Options{RawCellValue: true})
	kind, err3 := s.file.GetCellType(s.name, name)
	formula, err4 := s.file.GetCellFormula(s.name, name)
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	number := raw != "" && (kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset)
	return cell{shown, raw, number, formula}
}

func (c cell) String() string {
	return fmt.Sprintf("%q (%q, number %v, formula %q)", c.shown, c.raw, c.number, c.formula)
}
