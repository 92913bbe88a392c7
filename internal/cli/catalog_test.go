// SPDX-License-Identifier: EUPL-1.2

package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestCatalog compares what the command writes with what the server answers.
func TestCatalog(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		args := temporary(t, "--fixtures-path", folder(t), "--database-url", databaseURL, "--http-public-url", "https://daten.example")
		p := start(t, args...)
		for suffix, format := range map[string]string{"ttl": "turtle", "rdf": "rdfxml", "jsonld": "jsonld", "nt": "ntriples"} {
			_, want := get(t, p.base+"/v1/catalog/dcat."+suffix)
			status, stdout, stderr := run(t, append([]string{"catalog", "--format", format}, args...)...)
			if status != 0 || stderr != "" || stdout != string(want) || len(want) == 0 {
				t.Errorf("%s: status %d, errors %q, %d bytes of which the server sends %d", format, status, stderr, len(stdout), len(want))
			}
		}
	})
}

// TestCatalogOutput writes to a file, and refuses unknown formats and releases.
func TestCatalogOutput(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	args := temporary(t)
	if status, _, stderr := run(t, append([]string{"import", folder(t)}, args...)...); status != 0 {
		t.Fatal(stderr)
	}
	path := filepath.Join(t.TempDir(), "catalog.nt")
	if status, stdout, stderr := run(t, append([]string{"catalog", "--format", "ntriples", "--output", path}, args...)...); status != 0 || stdout != "" || stderr != "" {
		t.Errorf("status %d, output %q, errors %q", status, stdout, stderr)
	}
	_, want, _ := run(t, append([]string{"catalog", "--format", "ntriples", "--release", "2024.01.0"}, args...)...)
	if got, err := os.ReadFile(path); err != nil || string(got) != want || want == "" {
		t.Errorf("error %v, the file has %d bytes, standard output %d", err, len(got), len(want))
	}
	for _, tt := range []struct{ flag, value, want string }{
		{"--format", "turtel", `zielstand: --format="turtel": is not a format of the catalogue; did you mean "turtle"?; allowed: ` + strings.Join(formatNames(), ", ") + "\n"},
		{"--release", "2024.02.0", "zielstand: release 2024.02.0: not found\n"},
	} {
		if status, stdout, stderr := run(t, append([]string{"catalog", tt.flag, tt.value}, args...)...); status != 1 || stdout != "" || stderr != tt.want {
			t.Errorf("%s %s: status %d, output %q, errors %q", tt.flag, tt.value, status, stdout, stderr)
		}
	}
}

func formatNames() []string {
	var names []string
	for _, f := range rdf.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// TestCatalogCheck checks our own catalogue, a copy of it in a file, and a file
// with a dataset that lacks its obligations.
func TestCatalogCheck(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	args := temporary(t, "--http-public-url", "https://daten.example")
	if status, _, stderr := run(t, append([]string{"import", folder(t)}, args...)...); status != 0 {
		t.Fatal(stderr)
	}
	status, stdout, stderr := run(t, append([]string{"catalog", "check"}, args...)...)
	if status != 0 || stderr != "" || !strings.HasPrefix(stdout, "not checked without the address of a service: ") || !strings.HasSuffix(stdout, ", 1 page; 0 violations, 0 warnings\n") {
		t.Errorf("our own: status %d, errors %q\n%s", status, stderr, stdout)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "ours.jsonld")
	if status, _, stderr := run(t, append([]string{"catalog", "--format", "jsonld", "--output", file}, args...)...); status != 0 {
		t.Fatal(stderr)
	}
	if status, stdout, _ := run(t, "catalog", "check", file); status != 0 || !strings.HasSuffix(stdout, "1 page; 0 violations, 0 warnings\n") {
		t.Errorf("the copy: status %d\n%s", status, stdout)
	}
	bad := filepath.Join(dir, "bad.nt")
	triples := "<https://a.example/\u202e> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n"
	if err := os.WriteFile(bad, []byte(triples), 0o600); err != nil {
		t.Fatal(err)
	}
	status, stdout, _ = run(t, "catalog", "check", bad)
	if status != 1 || !strings.Contains(stdout, "dct:title") || strings.Contains(stdout, "\u202e") {
		t.Errorf("a dataset without a title: status %d\n%s", status, stdout)
	}
	if status, _, stderr := run(t, "catalog", "check", filepath.Join(dir, "absent.nt")); status != 1 || !strings.Contains(stderr, "no such file") {
		t.Errorf("an absent file: status %d, errors %q", status, stderr)
	}
}

// TestCatalogCheckLimits refuses limits under which nothing can be checked.
func TestCatalogCheckLimits(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--max-size", "--max-pages", "--max-memory", "--timeout"} {
		if status, stdout, stderr := run(t, "catalog", "check", flag, "0", "absent.nt"); status != 1 || stdout != "" || stderr != "zielstand: "+flag+" must be more than 0\n" {
			t.Errorf("%s 0: status %d, output %q, errors %q", flag, status, stdout, stderr)
		}
	}
}

// TestHelp describes every command and flag in a sentence.
func TestHelp(t *testing.T) {
	t.Parallel()
	commands := [][]string{nil}
	for i := 0; i < len(commands); i++ { // which grow by subcommands
		command := commands[i]
		status, help, stderr := run(t, append(slices.Clone(command), "--help")...)
		if status != 0 || stderr != "" {
			t.Errorf("%q: status %d, errors %q", command, status, stderr)
		}
		first, _, _ := strings.Cut(help, "\n")
		if len(first) < 10 || !strings.Contains(help, "Usage:\n  zielstand") {
			t.Errorf("%q has the help\n%s", command, help)
		}
		for line := range strings.Lines(help) {
			if strings.HasPrefix(strings.TrimSpace(line), "--") && len(strings.Fields(line)) < 4 {
				t.Errorf("%q: the flag has no description: %s", command, line)
			}
		}
		_, list, _ := strings.Cut(help, "Available Commands:\n")
		list, _, _ = strings.Cut(list, "\n\n")
		for line := range strings.Lines(list) {
			commands = append(commands, append(slices.Clone(command), strings.Fields(line)[0]))
		}
	}
	if len(commands) < 25 {
		t.Errorf("only the commands %q", commands)
	}
}
