// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/storetest"

	"github.com/zielstand/zielstand/internal/testenv"
)

// reader reads CSV with the library of Frictionless; .ci/snippets.sh
// installs it.
const reader = "../../.tools/snippets/tableschema.mjs"

// job is a file that is to be read by a schema.
type job struct {
	File      string `json:"file"`
	Delimiter string `json:"delimiter"`
	Schema    any    `json:"schema"`
}

// field is a field of a Table Schema.
type field struct {
	Name        string         `json:"name"`
	Type        string         `json:"type"`
	DecimalChar string         `json:"decimalChar,omitempty"`
	Constraints map[string]any `json:"constraints,omitempty"`
}

// TestTableSchemaLibrary has the library of Frictionless read each CSV by the
// Table Schema of the data package, and by its own CSVW description in the words
// of Table Schema.
func TestTableSchemaLibrary(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(filepath.Join(filepath.Dir(reader), "node_modules", "tableschema")); err != nil {
		testenv.Missing(t, "the npm package tableschema")
	}
	p := reading(t)
	base := publicURL + "/v1/releases/" + storetest.Release + "/"
	var pkg struct {
		Resources []struct {
			Path   string
			Schema json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(p.found(t, base+"datapackage.json")), &pkg); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	var jobs []job
	rows := map[string]int{}
	add := func(name, delimiter, body string, schema any) {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, job{file, delimiter, schema})
		rows[name] = strings.Count(body, "\r\n") - 1
	}
	for _, r := range pkg.Resources {
		add("package-"+r.Path, ",", p.found(t, base+r.Path), r.Schema)
	}
	for _, d := range dataset.All {
		for _, dialect := range []string{"", "excel-de"} {
			var meta csvw
			if err := json.Unmarshal([]byte(p.found(t, base+d.ID+".csv-metadata.json"+query(dialect))), &meta); err != nil {
				t.Fatal(err)
			}
			add(dialect+"-"+d.ID+".csv", meta.Dialect.Delimiter, p.found(t, meta.URL), tableSchema(meta))
		}
	}
	out := readBy(t, folder, jobs)
	for name, n := range rows {
		if !strings.Contains(out, "/"+name+": "+strconv.Itoa(n)+" rows\n") {
			t.Errorf("%s has %d rows", name, n)
		}
	}
	if refused := regexp.MustCompile(`(?m)^.* row \d+: .*$`).FindAllString(out, 20); refused != nil {
		t.Errorf("refused:\n%s", strings.Join(refused, "\n"))
	}
}

func query(dialect string) string {
	if dialect == "" {
		return ""
	}
	return "?dialect=" + dialect
}

// readBy returns what the library prints of the jobs.
func readBy(t *testing.T, folder string, jobs []job) string {
	t.Helper()
	content, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(folder, "jobs.json")
	if err := os.WriteFile(list, content, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "node", reader, list).CombinedOutput()
	if err != nil {
		t.Fatalf("node %s: %v\n%s", reader, err, out)
	}
	return string(out)
}

// tableSchema is a CSVW description in the words of Table Schema.
func tableSchema(meta csvw) any {
	var fields []field
	for _, c := range meta.TableSchema.Columns {
		f := field{Name: c.Name, Type: c.Datatype.base, DecimalChar: c.Datatype.decimalChar, Constraints: map[string]any{"required": c.Required}}
		if f.Type == "decimal" {
			f.Type = "number"
		}
		if c.Datatype.pattern != "" {
			f.Constraints["pattern"] = c.Datatype.pattern
		}
		fields = append(fields, f)
	}
	return map[string]any{"fields": fields, "primaryKey": meta.TableSchema.PrimaryKey}
}
