// SPDX-License-Identifier: EUPL-1.2

package clients

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/testenv"
)

func TestMain(m *testing.M) {
	status := m.Run()
	testenv.RemoveBinary()
	os.Exit(status)
}

// serve runs the program on a database until the test ends, and returns its address.
func serve(t *testing.T, database string) string {
	t.Helper()
	output := &testenv.Buffer{}
	program := exec.Command(testenv.Binary(t), "--http-address", "127.0.0.1:0", "--log-level", "error",
		"--database-url", database, "--cache-path", t.TempDir())
	program.Stdout, program.Stderr = output, output
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = program.Process.Signal(os.Interrupt)
		if err := program.Wait(); err != nil {
			t.Errorf("the program ended with %v:\n%s", err, output)
		}
	})
	var address string
	testenv.Eventually(t, "the program prints its address", func() error {
		found := greeting.FindStringSubmatch(output.String())
		if found == nil {
			return fmt.Errorf("it printed %q", output)
		}
		address = found[1]
		return nil
	})
	return address
}

var greeting = regexp.MustCompile(`(?s)Zielstand serves on (http://\S+)\n.*/docs\n`)

// run runs a command in a folder and returns what it writes to stdout.
func run(t *testing.T, folder, name string, args ...string) string {
	t.Helper()
	return runWith(t, folder, "", name, args...)
}

// runWith runs a command with a text on its stdin.
func runWith(t *testing.T, folder, stdin, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir, c.Stdin = folder, strings.NewReader(stdin)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, &stderr)
	}
	return string(out)
}

// tools installs the packages of .ci/clients and returns their folder.
var install = sync.OnceValue(func() error {
	out, err := exec.Command("../../.ci/npm.sh", ".ci/clients", "clients").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
})

func tools(t *testing.T) string {
	t.Helper()
	err := install()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		testenv.Missing(t, "npm")
	}
	if err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.Abs("../../.tools/clients")
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestClients runs programs that use different clients with the embedded data.
func TestClients(t *testing.T) {
	t.Parallel()
	address := serve(t, "sqlite:"+filepath.Join(t.TempDir(), "zielstand.db"))
	for name, test := range map[string]func(t *testing.T, address string){"Go": testGo, "TypeScript": testTypeScript, "MCP": testMCP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, address)
		})
	}
}

// testGo generates a client from the description that the program serves.
func testGo(t *testing.T, address string) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/go")); err != nil {
		t.Fatal(err)
	}
	save(t, address+"/openapi.json", filepath.Join(folder, "openapi.json"))
	if err := os.Mkdir(filepath.Join(folder, "zielstand"), 0o755); err != nil {
		t.Fatal(err)
	}
	run(t, folder, "go", "tool", "oapi-codegen", "-config", "config.yaml", "openapi.json")
	compare(t, run(t, folder, "go", "run", "-trimpath", ".", address+"/v1"), expected(t, address)+"problem 400 status achieved\n")
}

func testTypeScript(t *testing.T, address string) {
	tools := tools(t)
	save(t, address+"/openapi.json", filepath.Join(tools, "openapi.json"))
	bin := filepath.Join(tools, "node_modules", ".bin")
	run(t, tools, filepath.Join(bin, "openapi-typescript"), "openapi.json", "-o", "api.d.ts")
	run(t, tools, filepath.Join(bin, "tsc"))
	compare(t, run(t, tools, "node", "client.js", address+"/v1"), expected(t, address)+"problem 400 sort title\n")
}

// testMCP calls the tools of /mcp with the official client in TypeScript.
func testMCP(t *testing.T, address string) {
	tools := tools(t)
	run(t, tools, filepath.Join(tools, "node_modules", ".bin", "tsc"), "--project", "mcp.json")
	compare(t, run(t, tools, "node", "mcp.js", address+"/mcp"), expectedOfTools(t, address))
}

// expectedOfTools returns what the client of /mcp must print, from the CSV files.
func expectedOfTools(t *testing.T, address string) string {
	t.Helper()
	contradicted := map[string]bool{}
	for _, row := range testenv.Records(t, fetch(t, address+"/v1/contradictions.csv")) {
		for _, id := range strings.Fields(row["rows"]) {
			contradicted[id] = true
		}
	}
	overdue, actual, concerned := 0, 0.0, 0
	for _, row := range testenv.Records(t, fetch(t, address+"/v1/goals.csv")) {
		if row["assessment"] == "unknown-since" || row["assessment"] == "unresolved" {
			overdue++
		}
	}
	observations := testenv.Records(t, fetch(t, address+"/v1/observations.csv"))
	for _, row := range observations {
		value, err := strconv.ParseFloat(row["value"], 64)
		if err != nil {
			t.Fatal(err)
		}
		if row["kind"] == "actual" {
			actual += value
		}
		if contradicted[row["id"]] {
			concerned++
		}
	}
	first := testenv.Records(t, fetch(t, address+"/v1/observations/obs-0001.csv"))[0]
	if overdue == 0 || concerned == 0 || len(observations) <= 200 {
		t.Fatalf("%d overdue goals and %d contradicted of %d observations are too few to test with", overdue, concerned, len(observations))
	}
	var index struct{ Release string }
	if err := json.Unmarshal(fetch(t, address+"/v1"), &index); err != nil {
		t.Fatal(err)
	}
	return strings.Join([]string{
		"tools compare_releases describe explain list_unknown query search",
		fmt.Sprintf("overdue %d %d", overdue, overdue),
		fmt.Sprintf("observations %d\nsum %.2f\ncontradicted %d", len(observations), actual, concerned),
		"link true",
		fmt.Sprintf("explained %s %s %s areas/%s indicators/%s", first["value"], first["source"], first["locator"], first["area"], first["indicator"]),
		fmt.Sprintf("searched %d", len(testenv.Records(t, fetch(t, address+"/v1/observations.csv?q=5G")))),
		fmt.Sprintf("described %d", len(testenv.Records(t, fetch(t, address+"/v1/goals.csv?limit=1"))[0])),
		"problem true status achieved true",
		"problem from: is required, because " + index.Release + " is the first release", "",
	}, "\n")
}

// TestLint applies the recommended rules of Redocly, of which warnings count, too.
func TestLint(t *testing.T) {
	t.Parallel()
	tools := tools(t)
	description, err := filepath.Abs("../../openapi/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	out := run(t, tools, filepath.Join(tools, "node_modules", ".bin", "redocly"), "lint", "--extends", "recommended", "--format", "json", description)
	var result struct {
		Totals   struct{ Errors, Warnings int }
		Problems []json.RawMessage
	}
	if err := json.Unmarshal([]byte(out), &result); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if result.Totals.Errors+result.Totals.Warnings > 0 {
		t.Errorf("%+v\n%s", result.Totals, result.Problems)
	}
}

func save(t *testing.T, url, file string) {
	t.Helper()
	if err := os.WriteFile(file, fetch(t, url), 0o644); err != nil {
		t.Fatal(err)
	}
}

func fetch(t *testing.T, url string) []byte {
	t.Helper()
	response, body := testenv.Get(t, url)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", url, response.Status)
	}
	return body
}

// expected returns what a client must print, from the CSV files.
func expected(t *testing.T, address string) string {
	t.Helper()
	var b strings.Builder
	goals := 0
	var lines []string
	for _, row := range testenv.Records(t, fetch(t, address+"/v1/goals.csv")) {
		if row["assessment"] != "unknown-since" && row["assessment"] != "unresolved" {
			continue
		}
		goals++
		lines = append(lines, fmt.Sprintln("goal", row["id"], row["due"], row["assessment"]))
	}
	fmt.Fprintf(&b, "overdue %d\n%s", goals, strings.Join(lines, ""))
	for _, row := range testenv.Records(t, fetch(t, address+"/v1/goals.csv?groupBy=assessment&sort=-count,assessment")) {
		fmt.Fprintln(&b, "group", row["assessment"], row["count"])
	}
	observations, sum := testenv.Records(t, fetch(t, address+"/v1/observations.csv")), 0.0
	for _, row := range observations {
		value, err := strconv.ParseFloat(row["value"], 64)
		if err != nil {
			t.Fatal(err)
		}
		if row["kind"] == "actual" {
			sum += value
		}
	}
	fmt.Fprintf(&b, "observations %d\nsum %.2f\n", len(observations), sum)
	if goals == 0 || len(observations) <= 100 {
		t.Fatalf("%d overdue goals and %d observations are too few to test with", goals, len(observations))
	}
	return b.String()
}

func compare(t *testing.T, got, want string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("output (-CSV +client)\n%s", diff)
	}
}
