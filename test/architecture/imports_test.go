// SPDX-License-Identifier: EUPL-1.2

// Package architecture compares the imports of our packages with the rules of the
// design and with the picture in docs/architecture.md. It consists of tests.
package architecture

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "github.com/zielstand/zielstand/"
)

// onlyIn lists the packages that may import a package. Both sides match the
// packages below, too.
var onlyIn = map[string][]string{
	"github.com/labstack/echo":               {"api"},
	"gorm.io":                                {"internal/store"},
	"github.com/libtnb/sqlite":               {"internal/store"},
	"modernc.org/sqlite":                     {"internal/store", "internal/sqlitefile"},
	"github.com/parquet-go":                  {"internal/encode"},
	"github.com/pressly/goose":               {"internal/store"},
	"github.com/jackc/pgx":                   {"internal/store", "internal/storetest"},
	"database/sql":                           {"internal/store", "internal/storetest", "internal/sqlitefile"},
	"github.com/swaggo/swag":                 {"openapi/generate"},
	"github.com/swaggo/files":                {"openapi/generate"},
	"github.com/CycloneDX":                   {"internal/build"},
	"github.com/spf13":                       {"internal/cli"},
	"github.com/knadh/koanf":                 {"internal/config"},
	"github.com/maypok86/otter":              {"internal/cache"},
	"github.com/piprate":                     {"internal/rdf"},
	"github.com/prometheus":                  {"internal/metrics"},
	"github.com/modelcontextprotocol/go-sdk": {"internal/mcp"},
	module + "api":                           {"internal/cli", "openapi/generate"},
	module + "internal/mcp":                  {"api"},
	module + "internal/cli":                  {".", "api/apitest"},
	module + "internal/config":               {"internal/cli"},
	module + "internal/rdf/rdftest":          {},
	module + "api/apitest":                   {},
	module + "internal/storetest":            {},
	module + "internal/testenv":              {"internal/storetest", "internal/rdf/rdftest", "internal/cli/clitest"},
	module + "internal/cli/clitest":          {},
	module + "internal/golden":               {},
	module + "migrations":                    {"internal/store"},
	module + "openapi/generate":              {},
}

// alone lists packages that may import only these packages of ours.
var alone = map[string][]string{
	"internal/domain":         {},
	"internal/config":         {"internal/domain"},
	"internal/plainjson":      {},
	"internal/rdf":            {"internal/plainjson"},
	"internal/dcatcheck":      {"internal/rdf"},
	"internal/plot":           {},
	"internal/cache":          {},
	"internal/build":          {},
	"migrations":              {},
	"openapi":                 {},
	"fixtures":                {},
	"internal/dataset":        {"internal/domain", "internal/plainjson"},
	"internal/encode":         {"internal/dataset", "internal/domain", "internal/workbook"},
	"internal/store":          {"internal/dataset", "internal/domain", "migrations"},
	"internal/catalog":        {"internal/cache", "internal/dataset", "internal/domain", "internal/encode", "internal/plainjson", "internal/rdf", "internal/release", "internal/representation", "internal/sqlitefile"},
	"internal/sqlitefile":     {"internal/dataset"},
	"internal/mcp":            {"internal/dataset", "internal/domain", "internal/encode", "internal/plainjson", "internal/release", "internal/table"},
	"internal/representation": {"internal/cache", "internal/dataset", "internal/domain", "internal/encode", "internal/release", "internal/table"},
	".":                       {"internal/cli"},
}

// TestImports checks the imports of the code without its tests.
func TestImports(t *testing.T) {
	t.Parallel()
	imports := readImports(t, os.DirFS(root))
	if len(imports) < 15 || !slices.Contains(imports["api"], "github.com/labstack/echo/v4") || !slices.Contains(imports["."], module+"internal/cli") {
		t.Fatalf("the imports were not read: %v", imports)
	}
	for _, v := range violations(imports) {
		t.Error(v)
	}
	for pkg := range alone {
		if _, ok := imports[pkg]; !ok {
			t.Errorf("a rule names %s, which is not a package", pkg)
		}
	}
}

// TestViolations checks that the rules find what they should.
func TestViolations(t *testing.T) {
	t.Parallel()
	for pkg, imported := range map[string]string{
		"internal/encode":         "github.com/labstack/echo/v4/middleware",
		"api":                     "gorm.io/gorm",
		"internal/representation": "database/sql",
		"internal/domain":         module + "internal/dataset",
		"internal/rdf":            module + "internal/catalog",
		"internal/catalog":        module + "internal/rdf/rdftest",
		"internal/dcatcheck":      module + "internal/catalog",
		"internal/plot":           module + "internal/dataset",
		"internal/site":           module + "api",
		"openapi":                 "github.com/swaggo/swag/gen",
		"internal/store":          module + "internal/ingest",
	} {
		if got := violations(map[string][]string{pkg: {"fmt", imported}}); len(got) == 0 {
			t.Errorf("no rule forbids %s to import %s", pkg, imported)
		}
	}
	fine := map[string][]string{
		"api": {"github.com/labstack/echo/v4"}, "internal/cli": {module + "api"}, "internal/catalog": {module + "internal/rdf"},
		"internal/representation": {module + "internal/cache"}, "internal/dcatcheck": {module + "internal/rdf"},
	}
	if got := violations(fine); len(got) != 0 {
		t.Errorf("allowed imports are violations: %v", got)
	}
}

// violations lists the imports that break a rule, in order.
func violations(imports map[string][]string) []string {
	var out []string
	for pkg, all := range imports {
		if pkg == "bench" {
			continue // it measures from outside, and contains what it compares with
		}
		for _, imported := range all {
			for what, where := range onlyIn {
				if within(imported, what) && !within(pkg, strings.TrimPrefix(what, module)) && !slices.ContainsFunc(where, func(w string) bool { return within(pkg, w) }) {
					out = append(out, fmt.Sprintf("%s imports %s; only %s may", pkg, imported, strings.Join(where, ", ")))
				}
			}
			ours, ok := strings.CutPrefix(imported, module)
			allowed, ruled := alone[pkg]
			if ok && ruled && !slices.Contains(allowed, ours) {
				out = append(out, fmt.Sprintf("%s imports %s; of our packages it may import only %v", pkg, ours, allowed))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// within reports whether the package is the named one or below it.
func within(pkg, named string) bool {
	return pkg == named || strings.HasPrefix(pkg, named+"/")
}

// readImports returns the imports of each package, by its folder, without those of
// tests.
func readImports(t *testing.T, root fs.FS) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && name != "." && (name == "test" || strings.HasPrefix(e.Name(), ".") || e.Name() == "testdata" || e.Name() == "node_modules") {
			return fs.SkipDir
		}
		if e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		if imports[pkg] == nil {
			imports[pkg] = []string{}
		}
		for _, i := range file.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			imports[pkg] = append(imports[pkg], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}
