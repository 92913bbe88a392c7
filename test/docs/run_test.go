// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/cli"
)

// TestExamples runs every example of the documentation and compares the answer
// with the one shown. It works in the folder of the repository, as a reader
// does, so it is not parallel.
func TestExamples(t *testing.T) {
	p := start(t)
	documents := pages(t)
	t.Chdir(root)
	for _, document := range documents {
		examples := document.examples()
		if len(examples) == 0 {
			continue
		}
		t.Run(document.path, func(t *testing.T) {
			answers := map[int]string{}
			for _, e := range examples {
				if answer, ok := p.check(t, e); !ok {
					answers[e.line] = shorten(e.shown, answer)
				}
			}
			if *update && len(answers) > 0 {
				text := document.rewrite(answers)
				if err := os.WriteFile(filepath.FromSlash(document.path), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// check runs an example and reports whether its answer is the one shown; if
// not, and if answers are not being updated, the test fails.
func (p *program) check(t *testing.T, e example) (answer string, ok bool) {
	t.Helper()
	if e.command == "make test" {
		return "", true // this very test
	}
	answer, err := p.run(t.Context(), e.command)
	if err != nil {
		t.Errorf("line %d: %s: %v", e.line, e.command, err)
		return "", true
	}
	if fits(e.shown, answer) {
		return answer, true
	}
	if !*update {
		t.Errorf("line %d: %s\nthe answer is not the one shown; -update rewrites it (-shown +answer)\n%s", e.line, e.command, cmp.Diff(e.shown, answer))
	}
	return answer, false
}

// run answers a command of the documentation.
func (p *program) run(ctx context.Context, command string) (string, error) {
	arguments, err := words(command)
	if err != nil {
		return "", err
	}
	switch {
	case command == "go run .":
		return plain(p.greeting), nil
	case arguments[0] == "curl":
		return p.curl(arguments[1:])
	case arguments[0] == "zielstand":
		var out bytes.Buffer
		cli.Run(ctx, arguments[1:], nil, &out, &out)
		return plain(out.String()), nil
	}
	return "", fmt.Errorf("the tests cannot run %s", arguments[0])
}

// TestReadmeCommands compares the two commands for newcomers with what CI runs.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	var commands []string
	for _, e := range read(t, "README.md").examples() {
		if !strings.HasPrefix(e.command, "curl ") {
			commands = append(commands, e.command)
		}
	}
	if diff := cmp.Diff([]string{"go run .", "make test"}, commands); diff != "" {
		t.Errorf("commands of README.md (-want +got)\n%s", diff)
	}
	if ci := read(t, ".ci/run").text; !strings.Contains(ci, "\nexec make test\n") {
		t.Errorf(".ci/run does not run “make test”:\n%s", ci)
	}
}
