package api_test

import (
	"context"
	"html"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/internal/config"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/storetest"
)

// serveReachable serves the test data under the address that links name.
func serveReachable(t *testing.T) *httptest.Server {
	t.Helper()
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.Publish(t, s)
	server := httptest.NewUnstartedServer(nil)
	public := "http://" + server.Listener.Addr().String()
	settings, err := config.Load(nil, map[string]string{"http.public_url": public})
	if err != nil {
		t.Fatal(err)
	}
	limits := settings.Limits()
	limits.Folder = t.TempDir()
	representations, err := representation.NewService(s, settings.CatalogSettings(), limits)
	if err != nil {
		t.Fatal(err)
	}
	releases := representation.NewReleases(s)
	if err := releases.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	server.Config.Handler, err = api.New(s, releases, representations, api.Options{
		PublicURL: public, Version: "9.9.9", Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(server.Close)
	return server
}

var codeBlock = regexp.MustCompile(`(?s)<h3 id="([a-z-]+)">.*?<pre><code>(.*?)</code></pre>`)

// TestSnippets runs the examples of the page /use as its readers would, with the
// programs that are there.
func TestSnippets(t *testing.T) {
	t.Parallel()
	server := serveReachable(t)
	page := (&service{Server: server}).get(t, "/use", browser)
	snippets := map[string]string{}
	for section := range strings.SplitSeq(string(page.body), "<section") {
		if m := codeBlock.FindStringSubmatch(section); m != nil {
			snippets[m[1]] = html.UnescapeString(m[2])
		}
	}
	const rows = "13" // observations of the test data
	for _, tt := range []struct {
		id, program, needs, want string
		arguments                func(code string) []string
	}{
		{"filter", "curl", "", "obs-009,mobile-rank", shell},
		{"search", "curl", "", `"ts2-02"`, shell},
		{"release", "curl", "", "obs-013,price-change", shell},
		{"python", "python3", "", rows, func(code string) []string { return []string{"python3", "-c", code} }},
		{"pandas", "python3", "import pandas", rows, func(code string) []string { return []string{"python3", "-c", code} }},
		{"r", "Rscript", "", rows, func(code string) []string { return []string{"Rscript", "-e", code} }},
		{"duckdb", "duckdb", "", rows, func(code string) []string { return []string{"duckdb", "-csv", "-c", code} }},
	} {
		t.Run(tt.id, func(t *testing.T) {
			t.Parallel()
			code, ok := snippets[tt.id]
			if !ok {
				t.Fatalf("the page has no example %q", tt.id)
			}
			need(t, tt.program, tt.needs)
			if out := runProgram(t, tt.arguments(code)...); !strings.Contains(out, tt.want) {
				t.Errorf("%s\ngives %s\nwant %s in it", code, out, tt.want)
			}
		})
	}
	t.Run("libreoffice", func(t *testing.T) {
		t.Parallel()
		need(t, "soffice", "")
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

func shell(code string) []string {
	return []string{"sh", "-c", strings.Replace(code, "curl ", "curl -sS --fail ", 1)}
}

// need skips the test without the program, or without the Python statement.
func need(t *testing.T, program, statement string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed", program)
	}
	if statement != "" && exec.Command(program, "-c", statement).Run() != nil {
		t.Skipf("%s: %q fails", program, statement)
	}
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
