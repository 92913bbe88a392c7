// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"context"
	"html"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// serveReachable serves the test data under the address that links name.
func serveReachable(t *testing.T) *httptest.Server {
	t.Helper()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	server := httptest.NewUnstartedServer(nil)
	public := "http://" + server.Listener.Addr().String()
	server.Config.Handler, _ = apitest.New(t, s, apitest.Options{Settings: map[string]string{"http.public_url": public}})
	server.Start()
	t.Cleanup(server.Close)
	return server
}

var codeBlock = regexp.MustCompile(`(?s)<h3 id="([a-z-]+)">.*?<pre><code>(.*?)</code></pre>`)

// TestSnippets runs the examples of the page /use as its readers would, with the
// programs that are there.
func TestSnippets(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	server := serveReachable(t)
	page := (&service{Server: server}).get(t, "/use", browser)
	snippets := map[string]string{}
	for section := range strings.SplitSeq(string(page.body), "<section") {
		if m := codeBlock.FindStringSubmatch(section); m != nil {
			snippets[m[1]] = html.UnescapeString(m[2])
		}
	}
	const rows, figure = 13, "05,2024,target,75000"
	for _, tt := range []struct {
		id, more string
		command  func(t *testing.T, code string) []string
		want     string
		lines    int
	}{
		{"python", "\nprint(*rows[0].values(), sep=',')", python("csv"), figure, 2},
		{"pandas", "", python("pandas"), figure, rows + 1},
		{"r", "", rscript, `"05","2024","target",75000`, rows + 1},
		{"duckdb", "", duckDB, figure, rows},
	} {
		t.Run(tt.id, func(t *testing.T) {
			t.Parallel()
			code, ok := snippets[tt.id]
			if !ok {
				t.Fatalf("the page has no example %q", tt.id)
			}
			out := runProgram(t, tt.command(t, code+tt.more)...)
			if lines := strings.Count(strings.TrimSpace(out), "\n") + 1; !strings.Contains(out, tt.want) || lines != tt.lines {
				t.Errorf("%s\ngives %s\nwant %d lines and %s in one of them", code, out, tt.lines, tt.want)
			}
		})
	}
	t.Run("libreoffice", func(t *testing.T) {
		t.Parallel()
		if _, err := exec.LookPath("soffice"); err != nil {
			testenv.Missing(t, "LibreOffice")
		}
		calc := openInCalc(t, snippets["libreoffice"])
		for _, want := range []string{"obs-006,gigabit-households,,05,2021-11-12,actual,62.5,", "obs-001,e-file-users,ts2-01,05,2024,target,75000,"} {
			if !strings.Contains(calc, want) {
				t.Errorf("Calc makes of the file\n%s\nand %s is not in it", calc, want)
			}
		}
	})
	for _, id := range []string{"power-query", "google-sheets"} {
		if !strings.Contains(snippets[id], server.URL+"/v1/observations.csv") {
			t.Errorf("%s loads something else: %s", id, snippets[id])
		}
	}
}

// python runs an example with the first Python that has the module.
func python(module string) func(t *testing.T, code string) []string {
	return func(t *testing.T, code string) []string {
		t.Helper()
		for _, program := range []string{"python3", "/usr/bin/python3"} { // pandas is Debian's
			if exec.Command(program, "-c", "import "+module).Run() == nil {
				return []string{program, "-c", code}
			}
		}
		testenv.Missing(t, "Python with "+module)
		return nil
	}
}

func rscript(t *testing.T, code string) []string {
	t.Helper()
	if _, err := exec.LookPath("Rscript"); err != nil {
		testenv.Missing(t, "R")
	}
	return []string{"Rscript", "-e", code}
}

// duckDB runs SQL with the file of an address in the place of the address: for
// addresses DuckDB loads an extension from the internet.
func duckDB(t *testing.T, code string) []string {
	t.Helper()
	const runner = "../.tools/snippets/duckdb.mjs"
	if _, err := os.Stat(runner); err != nil {
		testenv.Missing(t, "DuckDB")
	}
	return []string{"node", runner, code}
}

func runProgram(t *testing.T, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, arguments[0], arguments[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", arguments[0], err, out)
	}
	return string(out)
}

// openInCalc opens an address with the choices that the page names (comma,
// UTF-8, English, the columns area and period as text) and returns what Calc
// saves as CSV.
func openInCalc(t *testing.T, address string) string {
	t.Helper()
	folder := t.TempDir()
	const choices = "CSV:44,34,76,1,4/2/5/2,1033,false,true"
	runProgram(t, "soffice", "-env:UserInstallation=file://"+filepath.Join(folder, "profile"), "--headless",
		"--infilter="+choices, "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true", "--outdir", folder, address)
	content, err := os.ReadFile(filepath.Join(folder, "observations.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
