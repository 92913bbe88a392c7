package spreadsheettest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// page is the documentation that is held against the program.
const page = "../../docs/spreadsheets.md"

var (
	// address is an address of the program on the page.
	address = regexp.MustCompile(`http://127\.0\.0\.1:8080(/[^\s"'<>)]*)`)
	snippet = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")
)

func readPage(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestAddresses asks for every address of the page.
func TestAddresses(t *testing.T) {
	p := start(t)
	found := address.FindAllStringSubmatch(readPage(t), -1)
	if len(found) < 8 {
		t.Fatalf("only %d addresses", len(found))
	}
	for _, a := range found {
		if body := p.get(t, a[1]); len(body) == 0 {
			t.Errorf("%s gives nothing", a[1])
		}
	}
}

// TestSnippets runs what can be run here. The others the page marks as such.
func TestSnippets(t *testing.T) {
	p := start(t)
	ran := map[string]int{}
	for _, s := range snippet.FindAllStringSubmatch(readPage(t), -1) {
		language, code := s[1], strings.ReplaceAll(s[2], base, p.address)
		command := interpreter(language, code)
		if command == nil {
			continue
		}
		ran[language]++
		if out := run(t, command); len(bytes.TrimSpace(out)) == 0 {
			t.Errorf("%s: nothing was printed", code)
		}
	}
	if _, err := exec.LookPath("python3"); err == nil && ran["python"] == 0 {
		t.Error("no snippet of Python was run")
	}
}

// interpreter returns the command that runs a snippet, or nil where there is
// none.
func interpreter(language, code string) []string {
	commands := map[string][]string{"python": {"python3", "-c", code}, "r": {"Rscript", "-e", code}}
	command := commands[language]
	if command == nil {
		return nil
	}
	if _, err := exec.LookPath(command[0]); err != nil {
		return nil
	}
	if strings.Contains(code, "import pandas") && exec.Command("python3", "-c", "import pandas").Run() != nil {
		return nil
	}
	return command
}

func run(t *testing.T, command []string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Env = append(os.Environ(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	var problems bytes.Buffer
	c.Stderr = &problems
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, problems.String())
	}
	return out
}

// TestPython holds what the snippet prints against what is served.
func TestPython(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is missing")
	}
	p := start(t)
	for _, s := range snippet.FindAllStringSubmatch(readPage(t), -1) {
		if s[1] != "python" || strings.Contains(s[2], "pandas") {
			continue
		}
		path := address.FindStringSubmatch(s[2])[1]
		rows := p.rows(t, path)
		out := strings.TrimRight(string(run(t, interpreter("python", strings.ReplaceAll(s[2], base, p.address)))), "\n")
		if lines := strings.Split(out, "\n"); len(lines) != len(rows)-1 || !strings.HasSuffix(lines[0], rows[1][8]) {
			t.Errorf("%d rows at %s, the snippet printed\n%s", len(rows)-1, path, out)
		}
	}
}

// TestConversion runs the command of the page for LibreOffice, which opens an
// address of the program.
func TestConversion(t *testing.T) {
	o := libreOffice(t)
	const command = "soffice --headless --convert-to ods " + base + "/v1/goals.xlsx"
	if !strings.Contains(readPage(t), "\n"+command+"\n") {
		t.Fatalf("%s does not show: %s", page, command)
	}
	p := start(t)
	folder := o.convert(t, "", "ods", p.address+"/v1/goals.xlsx")
	again := o.convert(t, "", "xlsx", filepath.Join(folder, "goals.ods"))
	rows := p.rows(t, "/v1/goals.csv")
	if n, _ := openSheet(t, filepath.Join(again, "goals.xlsx"), 0).size(t); n != len(rows) {
		t.Errorf("%d rows are seen, want %d", n, len(rows))
	}
}
