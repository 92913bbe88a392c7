// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/cli"
)

var (
	commandLine = regexp.MustCompile(`(?m)^  ([a-z]+) `)
	// spoken is a command in code marks on a page: `zielstand check fixtures`.
	spoken = regexp.MustCompile("`zielstand ([a-z]+)[^`]*`")
)

// TestCommands checks that docs/operations.md names every command, and that the
// commands that pages mention exist.
func TestCommands(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	if status := cli.Run(t.Context(), []string{"--help"}, nil, &help, &help); status != 0 {
		t.Fatalf("help: status %d", status)
	}
	_, list, _ := strings.Cut(help.String(), "Available Commands:")
	list, _, _ = strings.Cut(list, "Flags:")
	var names []string
	for _, found := range commandLine.FindAllStringSubmatch(list, -1) {
		names = append(names, found[1])
	}
	operations := read(t, "docs/operations.md").text
	for _, name := range names {
		if name != "help" && name != "completion" && !strings.Contains(operations, "`zielstand "+name) {
			t.Errorf("docs/operations.md does not name the command %s", name)
		}
	}
	for _, p := range pages(t) {
		for _, found := range spoken.FindAllStringSubmatch(p.text, -1) {
			if !slices.Contains(names, found[1]) {
				t.Errorf("%s mentions the command %s, which does not exist", p.path, found[1])
			}
		}
	}
}
