// SPDX-License-Identifier: EUPL-1.2

package build

import (
	_ "embed"
	"runtime/debug"
	"strings"
)

//go:generate go run ./generate

// notices is written by generate: a line for each module with its version and licence,
// an empty line, and the texts.
//
//go:embed licenses.txt
var notices string

// Notices returns the licences of the modules, the standard library and other
// third-party files in the program: a list, and the texts.
func Notices() string { return notices }

// Licenses returns the SPDX expressions of the modules, by path and version with a
// space between them. Go has no version.
func Licenses() map[string]string {
	out := map[string]string{}
	list, _, _ := strings.Cut(notices, "\n\n")
	for line := range strings.Lines(list) {
		fields := strings.SplitN(strings.TrimSpace(line), "\t", 3)
		if len(fields) == 3 {
			out[strings.TrimSpace(fields[0]+" "+fields[1])] = fields[2]
		}
	}
	return out
}

// modules returns the modules in this program, without itself.
func modules() []debug.Module {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	var out []debug.Module
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		out = append(out, *m)
	}
	return out
}
