// SPDX-License-Identifier: EUPL-1.2

// Command figures prints the size of the product as docs/architecture.md states
// it: Go files without tests, test suites, test helpers and benchmarks. The argument
// is the folder of a working copy; without one it is the working directory.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := print(root); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// excluded are folders whose code is not part of the product: tests, their helpers,
// benchmarks and synthetic data.
var excluded = regexp.MustCompile(`(^|/)(\.[^/]+|testdata|node_modules|bench|test|[a-z]*test|golden|testenv|synthetic)$`)

func print(root string) error {
	packages := map[string][]string{} // files by folder
	lines, tests := 0, 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if e.IsDir() && name != "." && (strings.HasPrefix(e.Name(), ".") || e.Name() == "node_modules") {
			return fs.SkipDir
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		count := strings.Count(string(content), "\n")
		if strings.HasSuffix(name, "_test.go") || isExcluded(filepath.ToSlash(filepath.Dir(name))) {
			tests += count
			return nil
		}
		lines += count
		packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], path)
		return nil
	})
	if err != nil {
		return err
	}
	files, functions, arrows, back := 0, 0, 0, 0
	for _, paths := range packages {
		files += len(paths)
		p, err := parse(paths)
		if err != nil {
			return err
		}
		functions += p.functions
		a, c := p.arrows()
		arrows, back = arrows+a, back+c
	}
	direct, err := directDependencies(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	fmt.Printf("lines                     %d\nfiles                     %d\npackages                  %d\nfunctions                 %d\n", lines, files, len(packages), functions)
	fmt.Printf("direct dependencies       %d\narrows between files      %d\nof these running back up  %d\nlines of tests, benchmarks %d\n", direct, arrows, back, tests)
	return nil
}

func isExcluded(dir string) bool {
	for ; dir != "."; dir = filepath.ToSlash(filepath.Dir(dir)) {
		if excluded.MatchString(dir) {
			return true
		}
	}
	return false
}

// directDependencies counts what go.mod requires without "// indirect".
func directDependencies(path string) (int, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	n := 0
	for line := range strings.Lines(string(content)) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "require ")
		if fields := strings.Fields(line); len(fields) == 2 && strings.HasPrefix(fields[1], "v") {
			n++
		}
	}
	return n, nil
}

// pkg records which files of a package use declarations of its other files.
type pkg struct {
	functions int
	uses      map[string]map[string]bool // files by file
}

// parse type-checks the files without what they import, which leaves out only uses
// of methods on values that come from another package.
func parse(paths []string) (pkg, error) {
	p := pkg{uses: map[string]map[string]bool{}}
	set := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return p, err
		}
		files = append(files, file)
		p.uses[path] = map[string]bool{}
		for _, d := range file.Decls {
			if _, ok := d.(*ast.FuncDecl); ok {
				p.functions++
			}
		}
	}
	info := types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: nothing{}, Error: func(error) {}}
	checked, _ := config.Check(files[0].Name.Name, set, files, &info)
	for id, object := range info.Uses {
		from, to := set.Position(id.Pos()).Filename, set.Position(object.Pos()).Filename
		if object.Pkg() == checked && object.Pos().IsValid() && from != to {
			p.uses[from][to] = true
		}
	}
	return p, nil
}

// nothing imports every package as an empty one.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, filepath.Base(path))
	p.MarkComplete()
	return p, nil
}

// arrows counts the pairs of files in which one uses the other, and how many of them run
// back up in an order of the files chosen to have few of these (the heuristic of Eades,
// Lin and Smyth).
func (p pkg) arrows() (all, back int) {
	files := slices.Sorted(maps.Keys(p.uses))
	rank := map[string]int{}
	left := slices.Clone(files)
	degree := func(f string) (from, to int) {
		for _, other := range left {
			if p.uses[f][other] {
				to++
			}
			if p.uses[other][f] {
				from++
			}
		}
		return from, to
	}
	first, last := 0, len(files)
	for len(left) > 0 {
		best, bestScore := 0, -len(files)-1
		sink := -1
		for i, f := range left {
			from, to := degree(f)
			if to == 0 {
				sink = i
				break
			}
			if score := to - from; from == 0 && bestScore < len(files) {
				best, bestScore = i, len(files)
			} else if score > bestScore {
				best, bestScore = i, score
			}
		}
		if sink >= 0 {
			last--
			rank[left[sink]] = last
			left = slices.Delete(left, sink, sink+1)
			continue
		}
		rank[left[best]] = first
		first++
		left = slices.Delete(left, best, best+1)
	}
	for _, f := range files {
		all += len(p.uses[f])
		for other := range p.uses[f] {
			if rank[other] < rank[f] {
				back++
			}
		}
	}
	return all, back
}
