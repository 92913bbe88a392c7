// SPDX-License-Identifier: EUPL-1.2

package dcatcheck

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
	"github.com/zielstand/zielstand/internal/testenv"
)

var (
	update = flag.Bool("update", false, "record what the validator says")
	every  = flag.Int("every", 50, "try every n-th mutant")
)

// The validator that we compare with is not part of the repository: kit is its
// folder among the shared files, and kitEnv names a copy that can be run.
const (
	kit    = "dcat"
	kitEnv = "ZIELSTAND_TEST_DCAT_KIT"
)

// testdata is the folder of the validator's test cases.
func testdata(t *testing.T) string {
	t.Helper()
	return filepath.Join(testenv.Shared(t, kit), "testdata")
}

// claim is a finding in the form in which both sides make it.
type claim struct{ severity, subject, property string }

func (c claim) String() string { return c.severity + " " + c.subject + " " + c.property }

// distinct sorts claims and drops the warnings beside a violation of the same.
func distinct(claimed []claim) []string {
	var out []string
	for _, c := range claimed {
		if c.severity == string(Violation) || !slices.Contains(claimed, claim{string(Violation), c.subject, c.property}) {
			out = append(out, c.String())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// claims are our findings; properties lose their prefix, as the validator
// writes them.
func claims(r Report) []string {
	var out []claim
	for _, f := range r.Findings() {
		var names []string
		for name := range strings.SplitSeq(f.Property, "/") {
			_, local, _ := strings.Cut(name, ":")
			names = append(names, local)
		}
		out = append(out, claim{string(f.Severity), f.Subject, strings.Join(names, "/")})
	}
	return distinct(out)
}

// TestValidatorAgrees compares our findings with those of the validator, as
// recorded in testdata/validator.txt.
func TestValidatorAgrees(t *testing.T) {
	t.Parallel()
	recorded := readRecord(t)
	ours := map[string][]string{}
	for _, path := range recordedFiles(t) {
		ours[caseName(path)] = claims(Graph(fromFile(t, path)))
	}
	if diff := cmp.Diff(recorded, ours); diff != "" {
		t.Errorf("(-validator +ours)\n%s", diff)
	}
}

// TestPagesAgree serves the paged test case, as N-Triples; the validator finds
// two datasets on two pages and objects to nothing. The pages link to each other
// by a relative literal, which it resolves and GovData does not.
func TestPagesAgree(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(testdata(t), "pages")
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := os.ReadFile(filepath.Join(folder, filepath.Base(r.URL.Path)))
		if err != nil {
			t.Error(err)
		}
		nt, _ := rdf.LookupFormat("ntriples")
		w.Header().Set("Content-Type", nt.MediaType)
		if err := nt.Write(w, rdftest.Rapper(t, "turtle", content, server.URL+r.URL.Path), nil); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	report, err := Fetch(t.Context(), server.URL+"/1.ttl", DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	found := slices.ContainsFunc(report.Findings(), func(f Finding) bool { return f.Rule == "paging" && strings.Contains(f.Message, "is not absolute") })
	if report.Count(Violation) != 1 || !found || report.Datasets != 2 || report.Pages != 2 || report.Triples != 55 {
		t.Errorf("%d datasets, %d triples, %d pages, want 2, 55 and 2\n%v", report.Datasets, report.Triples, report.Pages, report.Findings())
	}
}

// TestRecord compares testdata/validator.txt with the validator itself.
func TestRecord(t *testing.T) {
	t.Parallel()
	said := runValidator(t, runnableKit(t), recordedFiles(t)...)
	if *update {
		writeRecord(t, said)
	}
	if diff := cmp.Diff(readRecord(t), said); diff != "" {
		t.Errorf("the validator says something else than recorded; -update records it (-recorded +said)\n%s", diff)
	}
}

func runnableKit(t *testing.T) string {
	t.Helper()
	folder := os.Getenv(kitEnv)
	if folder == "" {
		t.Skipf("%s is not set; .ci/shacl.sh sets it", kitEnv)
	}
	return folder
}

// recordedFiles are all test cases in a format of RDF.
func recordedFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(testdata(t), func(path string, _ fs.DirEntry, err error) error {
		if formatOfFile(path) != "" {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d test cases, %v", len(files), err)
	}
	return files
}

func formatOfFile(path string) string {
	if format := extensions[filepath.Ext(path)]; format != "" {
		return format
	}
	return convertible[filepath.Ext(path)]
}

// fromFile reads a file in any format of RDF.
func fromFile(t *testing.T, path string) *rdf.Graph {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return rdftest.Read(t, formatOfFile(path), content, "file://"+path)
}

// runValidator returns what the validator claims of each file, by its path below
// the folder of test cases, or by its name.
func runValidator(t *testing.T, folder string, files ...string) map[string][]string {
	t.Helper()
	arguments := []string{"validate.mjs"}
	for _, f := range files {
		absolute, err := filepath.Abs(f)
		if err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, absolute)
	}
	command := exec.CommandContext(context.WithoutCancel(t.Context()), "node", arguments...)
	command.Dir = folder
	out, err := command.Output()
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
	return parseValidator(t, out)
}

var (
	findingLine = regexp.MustCompile(`^(VIOLATION|WARNING) \S+ (.*?) path=(\S+) value=.*$`)
	summaryLine = regexp.MustCompile(`^(?:OK|FAIL) (\S+) \(`)
	userOf      = regexp.MustCompile(`(<[^>]*>|_:\S+) (\S+?)(?:;|$)`)
)

// parseValidator parses the output of validate.mjs. The lines of a file end with its
// summary. A finding on a value names the nodes that use it after [at.
func parseValidator(t *testing.T, out []byte) map[string][]string {
	t.Helper()
	said := map[string][]string{}
	var claimed []claim
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if m := summaryLine.FindStringSubmatch(line); m != nil {
			said[caseName(m[1])], claimed = distinct(claimed), nil
			continue
		}
		m := findingLine.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(line, "ERROR"):
			t.Fatal(line)
		case m != nil:
			claimed = append(claimed, claimsOf(line, m)...)
		}
	}
	return said
}

func claimsOf(line string, m []string) []claim {
	severity := strings.ToLower(m[1])
	if _, users, ok := strings.Cut(line, "  [at "); ok {
		var out []claim
		for _, u := range userOf.FindAllStringSubmatch(strings.TrimSuffix(users, "]"), -1) {
			out = append(out, claim{severity, u[1], u[2]})
		}
		return out
	}
	property := m[3]
	if property == "-" {
		property = ""
	}
	return []claim{{severity, m[2], property}}
}

func caseName(path string) string {
	if _, name, ok := strings.Cut(path, "/testdata/"); ok {
		return name
	}
	return filepath.Base(path)
}

const record = "testdata/validator.txt"

// readRecord reads lines of file and claim; a file without claims has one empty
// line.
func readRecord(t *testing.T) map[string][]string {
	t.Helper()
	content, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, claimed, _ := strings.Cut(line, " ")
		out[name] = slices.DeleteFunc(append(out[name], claimed), func(c string) bool { return c == "" })
		if len(out[name]) == 0 {
			out[name] = nil
		}
	}
	return out
}

func writeRecord(t *testing.T, said map[string][]string) {
	t.Helper()
	var lines []string
	for name, claimed := range said {
		if len(claimed) == 0 {
			lines = append(lines, name+"\n")
		}
		for _, c := range claimed {
			lines = append(lines, name+" "+c+"\n")
		}
	}
	slices.Sort(lines)
	text := "# What validate.mjs --profile all says of its test cases: file, severity, subject, property.\n" + strings.Join(lines, "")
	if err := os.WriteFile(record, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestMutants changes one triple of a good catalogue after the other and
// compares the verdict with the validator's. There are about 1000 mutants, for
// which it takes half an hour; -every=1 tries them all.
func TestMutants(t *testing.T) {
	t.Parallel()
	folder := runnableKit(t)
	dir := t.TempDir()
	var files []string
	for i, m := range mutants(t, filepath.Join(testdata(t), "good.ttl")) {
		if i%*every != 0 {
			continue
		}
		files = append(files, filepath.Join(dir, m.name+".nt"))
		if err := os.WriteFile(files[len(files)-1], []byte(m.text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, said := range runValidator(t, folder, files...) {
		report := Graph(fromFile(t, filepath.Join(dir, name)))
		violates := func(c string) bool { return strings.HasPrefix(c, string(Violation)) }
		if ours := claims(report); slices.ContainsFunc(said, violates) != slices.ContainsFunc(ours, violates) {
			t.Errorf("%s: verdicts differ\nvalidator: %v\nours: %v", name, said, ours)
		}
	}
}

type mutant struct{ name, text string }

// mutants are copies of the catalogue with one triple removed, changed or added.
func mutants(t *testing.T, path string) []mutant {
	t.Helper()
	good := fromFile(t, path)
	others := map[string]rdf.Term{
		"text": rdf.LangLiteral("etwas", "de"), "iri": rdf.IRI("https://example.org/etwas"), "blank": rdf.Blank("etwas"),
	}
	var all []mutant
	for i, triple := range good.Triples() {
		name := fmt.Sprintf("%03d-%s", i, triple.Predicate.Text()[strings.LastIndexAny(triple.Predicate.Text(), "/#")+1:])
		all = append(all, mutant{name + "-without", mutate(good, triple, rdf.Term{}, false)})
		for _, kind := range []string{"blank", "iri", "text"} {
			all = append(all,
				mutant{name + "-" + kind, mutate(good, triple, others[kind], false)},
				mutant{name + "-and-" + kind, mutate(good, triple, others[kind], true)})
		}
	}
	return all
}

// mutate writes the graph with the object in place of the triple's, or beside
// it.
func mutate(g *rdf.Graph, triple rdf.Triple, object rdf.Term, keep bool) string {
	var b strings.Builder
	for _, t := range g.Triples() {
		if t != triple || keep {
			fmt.Fprintln(&b, t)
		}
	}
	if !object.IsZero() {
		fmt.Fprintln(&b, rdf.Triple{Subject: triple.Subject, Predicate: triple.Predicate, Object: object})
	}
	return b.String()
}
