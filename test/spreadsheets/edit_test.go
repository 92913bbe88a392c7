// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/cli"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/storetest"
)

// macro is a module in Basic with a procedure that edits a workbook and saves it. What
// goes wrong is written to a file.
const macro = `Sub Edit(source, target, report)
  On Error GoTo Failed
  Dim hide(0) As New com.sun.star.beans.PropertyValue
  hide(0).Name = "Hidden"
  hide(0).Value = True
  doc = StarDesktop.loadComponentFromURL(source, "_blank", 0, hide())
  sheet = doc.Sheets.getByIndex(0)
%s
  Dim format(0) As New com.sun.star.beans.PropertyValue
  format(0).Name = "FilterName"
  format(0).Value = "Calc MS Excel 2007 XML"
  doc.storeToURL(target, format())
  doc.close(True)
  Exit Sub
Failed:
  n = FreeFile
  Open report For Output As #n
  Print #n, Error$ & ", line " & Erl
  Close #n
End Sub
`

// The files of a library of macros, by their path in a profile.
var library = map[string]string{
	"script.xlc": `<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" library:link="false"/></library:libraries>`,
	"dialog.xlc": `<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/dialog.xlb/" xlink:type="simple" library:link="false"/></library:libraries>`,
	"Standard/script.xlb": `<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
<library:element library:name="Edits"/></library:library>`,
	"Standard/dialog.xlb": `<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false"/>`,
}

// edit opens a workbook in a German LibreOffice, edits it and saves it as XLSX. Edits are
// statements in Basic.
func (o *office) edit(t *testing.T, file, target string, edits ...string) {
	t.Helper()
	profile := <-o.profiles
	defer func() { o.profiles <- profile }()
	var module bytes.Buffer
	_ = xml.EscapeText(&module, fmt.Appendf(nil, macro, strings.Join(edits, "\n"))) // a buffer never fails
	files := map[string]string{
		"Standard/Edits.xba": `<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edits" script:language="StarBasic">` + module.String() + `</script:module>`,
	}
	for path, content := range library {
		files[path] = content
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	address := func(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }
	office := func(args ...string) ([]byte, error) {
		return exec.CommandContext(ctx, o.binary, append([]string{"-env:UserInstallation=" + address(profile), "--headless", "--norestore"}, args...)...).CombinedOutput()
	}
	if _, err := os.Stat(filepath.Join(profile, "user", "basic")); err != nil {
		// The first start of a profile replaces the library.
		if output, err := office("--terminate_after_init"); err != nil {
			t.Fatalf("soffice: %v\n%s", err, output)
		}
	}
	for path, content := range files {
		path = filepath.Join(profile, "user", "basic", path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(`<?xml version="1.0" encoding="UTF-8"?>`+"\n"+content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	report := filepath.Join(t.TempDir(), "report.txt")
	call := fmt.Sprintf(`macro:///Standard.Edits.Edit("%s","%s","%s")`, address(file), address(target), report)
	output, err := office(call)
	if wrong, readErr := os.ReadFile(report); err != nil || readErr == nil {
		t.Fatalf("soffice: %v\n%s%s", err, output, wrong)
	}
	if _, err := os.Stat(target); err != nil {
		t.Fatalf("LibreOffice did not save %s\n%s", target, output)
	}
}

// typed is what somebody types in a cell, in the German way.
func typed(cell, text string) string {
	return fmt.Sprintf(`sheet.getCellRangeByName("%s").FormulaLocal = "%s"`, cell, strings.ReplaceAll(text, `"`, `""`))
}

// asText formats cells as text.
func asText(cells string) string {
	return fmt.Sprintf(`sheet.getCellRangeByName("%s").NumberFormat = 100`, cells) // com.sun.star.util.NumberFormat.TEXT
}

// command runs a command on the database.
func command(t *testing.T, databaseURL string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = cli.Run(t.Context(), append(args, "--database-url", databaseURL), nil, &out, &errs)
	return status, out.String(), errs.String()
}

// TestSavedWorkbooks saves the workbook of each dataset in LibreOffice and imports it: no
// cell differs.
func TestSavedWorkbooks(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	databaseURL := storetest.SQLite(t)
	p := start(t, "--database-url", databaseURL)
	for _, labels := range []string{"", "de", "en"} {
		folder, files := t.TempDir(), []string(nil)
		for _, d := range dataset.All {
			path := "/v1/" + d.ID + ".xlsx"
			if labels != "" {
				path += "?labels=" + labels
			} else if d == dataset.Goals {
				path = "/v1/releases/2026.11.1/goals.xlsx"
			}
			files = append(files, p.save(t, folder, d.ID+".xlsx", path))
		}
		saved := o.convert(t, "", "xlsx", files...)
		args := []string{"import", "--dry-run"}
		for _, d := range dataset.All {
			args = append(args, filepath.Join(saved, d.ID+".xlsx"))
		}
		if status, stdout, stderr := command(t, databaseURL, args...); status != 0 || stdout != "release 2026.11.1: no cell differs; nothing to do\n" || stderr != "" {
			t.Errorf("labels %q: status %d\n%s%s", labels, status, stdout, stderr)
		}
	}
}

// TestEditedWorkbook edits three cells, adds a row and deletes one in LibreOffice, and
// imports the workbook: exactly that is published.
func TestEditedWorkbook(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		p := start(t, "--database-url", databaseURL)
		folder := t.TempDir()
		file := p.save(t, folder, "observations.xlsx", "/v1/observations.xlsx")
		rows := p.rows(t, "/v1/observations.csv")
		last, edited := len(rows)+1, filepath.Join(folder, "edited.xlsx")
		added := []string{asText(fmt.Sprintf("A%d:R%d", last, last))}
		for cell, text := range map[string]string{
			"A": "obs-9001", "B": "e-file-users", "C": "ds2-43", "D": "05", "E": "2026-11", "F": "actual", "G": "81234", "H": "exact",
			"I": "digitalstrategie-2-0", "J": "8.2",
		} {
			added = append(added, typed(fmt.Sprintf("%s%d", cell, last), text))
		}
		o.edit(t, file, edited, append(added,
			typed("G2", "123,5"), typed("H3", "about"), typed("E4", "2021-06"),
			"sheet.Rows.removeByIndex("+fmt.Sprint(len(rows)-1)+", 1)")...)
		gone := rows[len(rows)-1][0]
		status, stdout, stderr := command(t, databaseURL, "import", "--dry-run", edited)
		if want := "observations: the id " + gone + " has vanished; add it to withdrawn.csv with the reason"; status != 1 || !strings.Contains(stderr, want) {
			t.Errorf("status %d, want %s\n%s%s", status, want, stdout, stderr)
		}
		status, stdout, stderr = command(t, databaseURL, "import", "--all", "--release", "2026.12.0", "--notes", "Geprüft.", "--allow", "vanished:"+gone, edited)
		changes := section(stdout, "observations")
		if changes == nil {
			t.Fatalf("status %d\n%s%s", status, stdout, stderr)
		}
		want := []string{
			"  observations: 1 row added, 3 cells changed, 1 row removed",
			fmt.Sprintf(`    ~ %s value: %q → "123.5"`, rows[1][0], rows[1][6]),
			fmt.Sprintf(`    ~ %s qualifier: %q → "about"`, rows[2][0], rows[2][7]),
			fmt.Sprintf(`    ~ %s period: %q → "2021-06"`, rows[3][0], rows[3][4]),
			`    + obs-9001 indicator="e-file-users" goal="ds2-43" area="05" period="2026-11" kind="actual" value="81234" qualifier="exact" source="digitalstrategie-2-0" locator="8.2" published="2022-01" unit="persons"`,
			"    - " + gone,
		}
		changes[len(changes)-1], _, _ = strings.Cut(changes[len(changes)-1], " indicator=")
		if diff := cmp.Diff(want, changes); diff != "" || status != 0 {
			t.Errorf("status %d (-want +got)\n%s\n%s%s", status, diff, stdout, stderr)
		}
		if again, stdout, stderr := command(t, databaseURL, "import", edited); again != 0 || stdout != "release 2026.12.0: no cell differs; nothing to do\n" {
			t.Errorf("the same again: status %d\n%s%s", again, stdout, stderr)
		}
	})
}

// section returns the lines of a dataset in a list of changes.
func section(stdout, id string) []string {
	var out []string
	for line := range strings.Lines(stdout) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "  "+id+": ") || len(out) > 0 && strings.HasPrefix(line, "    ") {
			out = append(out, line)
		} else if len(out) > 0 {
			break
		}
	}
	return out
}

// TestWrongEdits makes ten mistakes in LibreOffice: each gets a message with the sheet and
// the cell.
func TestWrongEdits(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	databaseURL := storetest.SQLite(t)
	p := start(t, "--database-url", databaseURL)
	folder := t.TempDir()
	file := p.save(t, folder, "observations.xlsx", "/v1/observations.xlsx")
	edited := filepath.Join(folder, "edited.xlsx")
	rows := p.rows(t, "/v1/observations.csv")
	n := len(rows) + 1 // the first row that is not formatted
	o.edit(t, file, edited,
		typed(fmt.Sprintf("A%d", n), "obs-9001"),
		typed(fmt.Sprintf("B%d", n), "e-file-users"),
		typed(fmt.Sprintf("D%d", n), "05"),
		typed(fmt.Sprintf("E%d", n), "1.6.2021 12:30"),
		typed(fmt.Sprintf("G%d", n), "3.5."),
		typed(fmt.Sprintf("J%d", n), "8"),
		typed(fmt.Sprintf("L%d", n), "WAHR"),
		typed("G2", "=1+1"),
		typed("G3", "5 Prozent"),
		typed("H4", "ungefähr"),
		typed("K5", "2020"),
		typed("B6", "e-file-user"),
		`sheet.getCellRangeByName("L7:L8").merge(True)`,
		typed("T9", "prüfen!"),
	)
	status, stdout, stderr := command(t, databaseURL, "import", "--dry-run", edited)
	name := "'" + sheetTitle(t, file) + "'!"
	for _, want := range []string{
		fmt.Sprintf(`%sD%d, column area: "5" is not an id of areas.csv; a spreadsheet deleted its leading zeros, format the column as text; did you mean "05"?`, name, n),
		fmt.Sprintf(`%sE%d, column period: "2021-06-01 12:30" has a time of day; write only the day; it is 2021-06-01`, name, n),
		fmt.Sprintf(`%sG%d, column value: "%d-05-03" is a date that a spreadsheet made of what was typed; format the cell as text and write it again; perhaps 3.5`, name, n, time.Now().Year()),
		fmt.Sprintf(`%sJ%d, column locator: "8" is a number, which may have lost zeros; format the cell as text and write it again`, name, n),
		fmt.Sprintf(`%sL%d, column note: "TRUE" is a Boolean, which the column cannot have`, name, n),
		name + `G2, column value: "=1+1" is a formula; write its value`,
		name + `G3, column value: "5 Prozent" is not a valid decimal number`,
		name + `H4, column qualifier: "ungefähr" is not in the codelist qualifier`,
		name + `K5, column published: "2020" is in a column that is computed when a release is published, and cannot be edited; restore the original value; it was "` + rows[4][10] + `"`,
		name + `B6, column indicator: "e-file-user" is not an id of indicators.csv; did you mean "e-file-users"?`,
		name + `L7:L8" are merged; unmerge them and fill in each cell`,
		name + `T9: "prüfen!" is outside the columns of the dataset; delete it`,
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("no message %s", want)
		}
	}
	if status != 1 || stdout != "" || !strings.HasSuffix(stderr, "; nothing is published\n") {
		t.Errorf("status %d\n%s", status, stdout)
	}
}

func sheetTitle(t *testing.T, file string) string { return openSheet(t, file, 0).name }
