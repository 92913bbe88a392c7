// SPDX-License-Identifier: EUPL-1.2

// Command generate writes licenses.txt: the modules that the program consists of, with
// their licences, and the texts. It fails if it does not recognise a licence.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// platforms are those that a release is built for, and Windows, because modules are
// linked there that are not needed elsewhere.
var platforms = []string{"linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"}

// part is third-party software in the program.
type part struct {
	Path, Version, Dir string
	license            string
	texts              []string // paths
}

func main() {
	log.SetFlags(0)
	if err := write("licenses.txt"); err != nil {
		log.Fatal("licenses: ", err)
	}
}

func write(file string) error {
	parts, err := modules()
	if err != nil {
		return err
	}
	root, err := output(nil, "go", "env", "GOROOT")
	if err != nil {
		return err
	}
	ui := filepath.Join("..", "..", "openapi", "swagger-ui")
	version, err := swaggerVersion(filepath.Join(ui, "swagger-ui-bundle.js"))
	if err != nil {
		return err
	}
	parts = append(parts,
		// Without a version: the text does not change with every version of Go.
		part{Path: "std", Dir: strings.TrimSpace(string(root))},
		part{Path: "swagger-ui-dist", Version: version, Dir: ui})
	slices.SortFunc(parts, func(a, b part) int { return strings.Compare(a.Path, b.Path) })

	var list, texts bytes.Buffer
	for _, p := range parts {
		if p.texts, err = licenseFiles(p.Dir); err != nil {
			return fmt.Errorf("%s: %w", p.Path, err)
		}
		var ids []string
		for _, name := range p.texts {
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			fmt.Fprintf(&texts, "\n%s\n%s %s, %s\n%s\n\n%s\n", rule, p.Path, p.Version, filepath.Base(name), rule, clean(text))
			if id := identify(text); id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		p.license = strings.Join(ids, " AND ")
		if known, ok := chosen[p.Path]; ok {
			p.license = known
		}
		if p.license == "" {
			return fmt.Errorf("%s %s: the licence in %s was not recognised", p.Path, p.Version, p.Dir)
		}
		fmt.Fprintf(&list, "%s\t%s\t%s\n", p.Path, p.Version, p.license)
	}
	return os.WriteFile(file, append(list.Bytes(), texts.Bytes()...), 0o644)
}

const rule = "--------------------------------------------------------------------------------"

// chosen has the licences of modules that offer a choice, or whose files state it in a
// way that identify does not recognise.
var chosen = map[string]string{
	"github.com/golang/freetype":    "FTL OR GPL-2.0-or-later",
	"github.com/klauspost/compress": "Apache-2.0 AND BSD-3-Clause AND MIT",
}

// modules returns the modules that are linked into the program.
func modules() ([]part, error) {
	var out []part
	for _, platform := range platforms {
		system, architecture, _ := strings.Cut(platform, "/")
		text, err := output([]string{"GOOS=" + system, "GOARCH=" + architecture, "CGO_ENABLED=0", "GOFLAGS=-mod=readonly"},
			"go", "list", "-deps", "-json=Module", "../..")
		if err != nil {
			return nil, err
		}
		for d := json.NewDecoder(bytes.NewReader(text)); ; {
			var p struct{ Module *part }
			if err := d.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, err
			}
			if m := p.Module; m != nil && m.Version != "" && !slices.ContainsFunc(out, func(o part) bool { return o.Path == m.Path }) {
				out = append(out, *m)
			}
		}
	}
	return out, nil
}

func output(environ []string, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), environ...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return out, nil
}

var licenseFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|ftl)([-.].*)?$`)

// licenseFiles returns the paths of the licences and notices in a folder.
func licenseFiles(dir string) ([]string, error) {
	var out []string
	for _, d := range []string{dir, filepath.Join(dir, "licenses")} {
		entries, err := os.ReadDir(d)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			// The logo is not part of the module's code.
			if !e.IsDir() && licenseFile.MatchString(e.Name()) && e.Name() != "LICENSE-LOGO" {
				out = append(out, filepath.Join(d, e.Name()))
			}
		}
	}
	if len(out) == 0 {
		return nil, errors.New("there is no licence")
	}
	return out, nil
}

var space = regexp.MustCompile(`\s+`)

// identify returns the SPDX identifier of a licence, or "" for a notice.
func identify(text []byte) string {
	s := strings.ToLower(space.ReplaceAllString(string(text), " "))
	has := func(words string) bool { return strings.Contains(s, words) }
	switch {
	case strings.HasPrefix(s, "# third-party"):
		return "" // the notices of a module, whose own licence is beside it
	case has("apache license version 2.0, january 2004"):
		return "Apache-2.0"
	case has("has been dedicated to the public domain"):
		return "blessing"
	case has("mozilla public license version 2.0"):
		return "MPL-2.0"
	case has("permission to use, copy, modify, and/or distribute this software for any purpose") || has("permission to use, copy, modify, and distribute this software for any purpose"):
		return "ISC"
	case has("permission is hereby granted, free of charge, to any person obtaining a copy of this software"):
		if has("licensed under the apache license, version 2.0") {
			return "MIT AND Apache-2.0"
		}
		return "MIT"
	case has("redistributions in binary form must reproduce the above copyright notice"):
		if has("endorse or promote products derived from") {
			return "BSD-3-Clause"
		}
		return "BSD-2-Clause"
	}
	return ""
}

// clean removes carriage returns and spaces at the end of lines.
func clean(text []byte) string {
	var out strings.Builder
	for line := range strings.Lines(strings.TrimSpace(string(text)) + "\n") {
		out.WriteString(strings.TrimRight(line, " \t\r\n") + "\n")
	}
	return strings.TrimRight(out.String(), "\n")
}

var swaggerRelease = regexp.MustCompile(`PACKAGE_VERSION:\s*"(\d+\.\d+\.\d+)"|swagger-ui@(\d+\.\d+\.\d+)|gitRevision[^{}]{0,80}version:"(\d+\.\d+\.\d+)"`)

func swaggerVersion(bundle string) (string, error) {
	text, err := os.ReadFile(bundle)
	if err != nil {
		return "", err
	}
	found := swaggerRelease.FindSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("%s: the version was not found", bundle)
	}
	return string(bytes.Join(found[1:], nil)), nil
}
