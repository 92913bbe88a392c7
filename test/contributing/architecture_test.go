// SPDX-License-Identifier: EUPL-1.2

package contributing

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// codeName is a name in backticks: `release.Tables.Query`.
var codeName = regexp.MustCompile("`([a-z]+(?:\\.[A-Za-z]+)+)`")

// TestArchitectureNames checks that what docs/architecture.md names exists.
func TestArchitectureNames(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	declared := declarations(t, "api", "internal", "openapi", "fixtures", "migrations")
	named := 0
	for _, found := range codeName.FindAllStringSubmatch(string(page), -1) {
		name := found[1]
		if strings.HasSuffix(name, ".go") {
			continue
		}
		named++
		if !declared[name] {
			t.Errorf("docs/architecture.md names %s, which does not exist", name)
		}
	}
	if named < 20 {
		t.Errorf("found only %d names in docs/architecture.md", named)
	}
	for _, name := range []string{"api.New", "release.Tables.Query", "site.absent", "api.Server.absent", "api.Query"} {
		if declared[name] == (strings.HasSuffix(name, "absent") || name == "api.Query") {
			t.Errorf("%s: declared is %v", name, declared[name])
		}
	}
}

// declarations returns what the packages below the folders declare outside tests:
// package.Name and package.Type.Method.
func declarations(t *testing.T, folders ...string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, d := range file.Decls {
				declare(out, file.Name.Name+".", d)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func declare(out map[string]bool, prefix string, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			kind := d.Recv.List[0].Type
			if pointer, ok := kind.(*ast.StarExpr); ok {
				kind = pointer.X
			}
			switch generic := kind.(type) {
			case *ast.IndexExpr:
				kind = generic.X
			case *ast.IndexListExpr:
				kind = generic.X
			}
			prefix += kind.(*ast.Ident).Name + "."
		}
		out[prefix+d.Name.Name] = true
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				out[prefix+s.Name.Name] = true
			case *ast.ValueSpec:
				for _, n := range s.Names {
					out[prefix+n.Name] = true
				}
			}
		}
	}
}
