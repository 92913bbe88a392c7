// SPDX-License-Identifier: EUPL-1.2

package contributing

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/zielstand/zielstand/internal/testenv"
)

const root = "../.."

// TestChanges makes the changes of docs/changes.md that are complete examples in a copy of
// the repository, one after the other, and then queries the program built there.
func TestChanges(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	// What is compiled without the path of the copy, which differs in each run, can be used
	// again by the next.
	t.Setenv("GOFLAGS", "-trimpath")
	copied := copyRepository(t)
	text, err := os.ReadFile(filepath.Join(copied, "docs", "changes.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range []string{"A column", "A dataset", "A format", "A third language", "A source document", "After each change"} {
		steps, err := parse(string(text), section)
		if err != nil {
			t.Fatal(err)
		}
		number := nextMigration(t, copied)
		for _, s := range steps {
			s.path = strings.ReplaceAll(s.path, "NNNNN", number)
			if err := s.apply(copied); err != nil {
				t.Fatalf("%s, line %d of docs/changes.md: %v", section, s.line, err)
			}
		}
	}
	// The package of the tests has the new column and dataset, too.
	if err := (step{language: "sh", text: "go test ./internal/catalog -update"}).apply(copied); err != nil {
		t.Fatal(err)
	}
	address := start(t, copied)
	for name, test := range map[string]struct{ path, want string }{
		"column in CSV":      {"/v1/strategies.csv?fields=id,validUntil&validUntil=2021", "id,validUntil\r\negov-2018,2021\r\n"},
		"column in JSON":     {"/v1/strategies/egov-2018?fields=id,validUntil", `"data":{"id":"egov-2018","validUntil":"2021"}`},
		"empty cell":         {"/v1/strategies/digitalstrategie-2-0?fields=validUntil", `"data":{"validUntil":null}`},
		"dataset":            {"/v1/glossary.csv?fields=id,published", "id,published\r\ne-file,2022-01\r\n"},
		"row of the dataset": {"/v1/glossary/e-file?fields=titleEn", `"data":{"titleEn":"Electronic file"}`},
		"page":               {"/en/datasets/glossary", "Terms that strategies and reports use"},
		"catalogue":          {"/v1/catalog/dcat.nt", "/datasets/glossary#tsv>"},
		"suffix":             {"/v1/glossary.tsv?fields=id,titleEn", "id\ttitleEn\ne-file\tElectronic file\n"},
		"source document":    {"/v1/observations.csv?source=beispiel-e-akte&fields=id,value,published", "id,value,published\r\nobs-9001,81234,2026-11\r\n"},
		"page in French":     {"/fr/goals", `<html lang="fr">`},
		"words in French":    {"/fr/goals", "Objectifs"},
		"English data":       {"/fr/datasets/glossary", "Terms that strategies and reports use"},
		"plot in French":     {"/fr/indicators/e-file-users.svg", `lang="fr"`},
		"link to French":     {"/goals", `<a href="/fr/goals" lang="fr" hreflang="fr">Français</a>`},
		"format of a column": {"/v1/strategies.tsv?fields=validUntil&validUntil=2021", "validUntil\n2021\n"},
	} {
		if response, body := testenv.Get(t, address+test.path); response.StatusCode != http.StatusOK || !strings.Contains(string(body), test.want) {
			t.Errorf("%s: %s does not contain %q:\n%.2000s", name, test.path, test.want, body)
		}
	}
	_, description := testenv.Get(t, address+"/openapi.json")
	checkDescription(t, string(description))
}

// checkDescription looks for the three changes in the OpenAPI description.
func checkDescription(t *testing.T, text string) {
	t.Helper()
	var description struct {
		Paths map[string]struct {
			Get struct {
				Parameters []struct{ Name string }
				Responses  map[string]struct{ Content map[string]any }
			}
		}
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(text), &description); err != nil {
		t.Fatal(err)
	}
	if description.Components.Schemas["Strategy"].Properties["validUntil"] == nil {
		t.Error("OpenAPI: no validUntil in the schema Strategy")
	}
	if !strings.Contains(text, `"validUntilFrom"`) {
		t.Error("OpenAPI: no parameter validUntilFrom")
	}
	if description.Paths["/glossary"].Get.Responses == nil {
		t.Error("OpenAPI: no path /glossary")
	}
	if !strings.Contains(text, `"text/tab-separated-values"`) {
		t.Error("OpenAPI: no media type text/tab-separated-values")
	}
}

// copyRepository copies what the program and the named tests need into a
// temporary folder.
func copyRepository(t *testing.T) string {
	t.Helper()
	target := t.TempDir()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		switch {
		case name == ".":
			return nil
		case e.IsDir() && (strings.HasPrefix(e.Name(), ".") && name != ".ci" || e.Name() == "node_modules" || name == "bench"):
			return fs.SkipDir
		case e.IsDir():
			return os.Mkdir(filepath.Join(target, name), 0o755)
		case !e.Type().IsRegular() || strings.Contains(e.Name(), ".db"):
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(target, name), content, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// step is a fenced block of the page: a new file, a change of a file, or commands.
type step struct {
	line                 int
	language, path, text string
}

// parse returns the steps of a section of the page.
func parse(page, section string) ([]step, error) {
	var steps []step
	var block *step
	in := false
	number := 0
	for line := range strings.Lines(page) {
		number++
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case block == nil && strings.HasPrefix(line, "## "):
			in = strings.TrimSpace(line[3:]) == section
		case !in:
		case block == nil && isFence:
			language, path, _ := strings.Cut(strings.TrimSpace(fence), " ")
			block = &step{line: number, language: language, path: path}
		case block != nil && isFence:
			steps, block = append(steps, *block), nil
		case block != nil:
			block.text += line
		}
	}
	if block != nil || len(steps) == 0 {
		return nil, fmt.Errorf("docs/changes.md has no complete section %q", section)
	}
	return steps, nil
}

func (s step) apply(dir string) error {
	path := filepath.Join(dir, filepath.FromSlash(s.path))
	switch {
	case s.language == "sh" && s.path == "":
		command := exec.Command("sh", "-ec", s.text)
		command.Dir = dir
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s%s", err, s.text, output)
		}
		return nil
	case s.path == "":
		return fmt.Errorf("a block of type %q has no file name", s.language)
	case s.language == "diff":
		before, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		after, err := patch(string(before), s.text)
		if err != nil {
			return fmt.Errorf("%s: %w", s.path, err)
		}
		return os.WriteFile(path, []byte(after), 0o644)
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s exists already", s.path)
	}
	return os.WriteFile(path, []byte(s.text), 0o644)
}

// patch applies a diff without line numbers: its old lines must occur exactly
// once in the text.
func patch(text, diff string) (string, error) {
	var before, after strings.Builder
	before.WriteString("\n")
	after.WriteString("\n")
	for line := range strings.Lines(diff) {
		switch line[0] {
		case ' ':
			before.WriteString(line[1:])
			after.WriteString(line[1:])
		case '-':
			before.WriteString(line[1:])
		case '+':
			after.WriteString(line[1:])
		default:
			return "", fmt.Errorf("a line of the diff does not start with a space, - or +: %q", line)
		}
	}
	if n := strings.Count("\n"+text, before.String()); n != 1 {
		return "", fmt.Errorf("the lines to change occur %d times, not once:%s", n, before.String())
	}
	return strings.Replace("\n"+text, before.String(), after.String(), 1)[1:], nil
}

func TestPatch(t *testing.T) {
	t.Parallel()
	const text = "a\nb\nc\na\n"
	for _, test := range []struct{ name, diff, want, err string }{
		{"insert", " b\n+x\n", "a\nb\nx\nc\na\n", ""},
		{"replace", "-b\n+x\n c\n", "a\nx\nc\na\n", ""},
		{"ambiguous", " a\n+x\n", "", "occur 2 times"},
		{"absent", " d\n+x\n", "", "occur 0 times"},
		{"part of a line", "-\n+x\n", "", "occur 0 times"},
		{"not a diff", "a\n", "", "does not start with"},
	} {
		got, err := patch(text, test.diff)
		if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.err)
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// nextMigration returns the number of the next migration.
func nextMigration(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "migrations", "sqlite", "*.sql"))
	if err != nil || len(files) == 0 {
		t.Fatalf("migrations: %v, %v", files, err)
	}
	var last int
	if _, err := fmt.Sscanf(filepath.Base(slices.Max(files)), "%d_", &last); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%05d", last+1)
}

var listening = regexp.MustCompile(`Zielstand serves on (http://\S+)`)

// start builds the program in the folder, starts it, and returns its address.
func start(t *testing.T, dir string) string {
	t.Helper()
	work := t.TempDir()
	binary := filepath.Join(work, "zielstand")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir = dir
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	program := exec.Command(binary, "--http-address", "127.0.0.1:0")
	program.Dir = work // the database is created there
	program.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ZIELSTAND_") })
	var log strings.Builder
	program.Stderr = &log
	output, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = program.Process.Signal(syscall.SIGTERM)
		if err := program.Wait(); err != nil {
			t.Errorf("the program ended with %v\n%s", err, log.String())
		}
	})
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, output) }()
			return found[1]
		}
	}
	t.Fatalf("the program did not start\n%s", log.String())
	return ""
}
