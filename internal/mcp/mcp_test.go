// SPDX-License-Identifier: EUPL-1.2

package mcp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/golden"
	"github.com/zielstand/zielstand/internal/mcp"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

var update = flag.Bool("update", false, "write the golden files")

var options = mcp.Options{
	PublicURL: "https://zielstand.example", Version: "9.9.9", License: "https://license.example", Attribution: "Test", Logger: slog.New(slog.DiscardHandler),
}

// loaded returns the releases of a store with two releases: in the second, one value
// changed, one row is new and one was withdrawn.
func loaded(t testing.TB, s *store.Store) *release.Releases {
	t.Helper()
	storetest.Publish(t, s)
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "datapackage.json", storetest.Release, "2024.02.0")
	storetest.Replace(t, pkg, "datapackage.json", "2024-01-31T12", "2024-02-28T12")
	storetest.Replace(t, pkg, "observations.csv", "05,2020,actual,7600", "05,2020,actual,7700")
	storetest.Replace(t, pkg, "observations.csv", "obs-012,", "obs-014,price-change,,00,2022,actual,1,exact,test-bericht,Vorwort,,,,,\nobs-012,")
	storetest.PublishPackage(t, s, pkg)
	releases := release.New(s, 64<<20)
	if err := releases.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	return releases
}

// calls are the calls whose results are in testdata/calls.txtar, by name.
var calls = []struct{ name, tool, arguments string }{
	{"search", "search", `{"q": "elektronische akte", "limit": 1}`},
	{"search-dataset", "search", `{"q": "e-file-users", "dataset": "observations", "limit": 2}`},
	{"search-nothing", "search", `{"q": "absent"}`},
	{"describe", "describe", `{}`},
	{"describe-dataset", "describe", `{"dataset": "goal-status"}`},
	{"query", "query", `{"dataset": "observations", "parameters": {"indicator": "e-file-users", "kind": ["actual"], "limit": 2, "release": null}}`},
	{"query-fields", "query", `{"dataset": "observations", "parameters": {"id": "obs-003,obs-004", "fields": "value,unit", "include": "source", "sort": "-value"}}`},
	{"query-repeats", "query", `{"dataset": "goal-progress", "parameters": {"goal": "ts2-01", "fields": "goal,actualValue"}}`},
	{"query-evidence", "query", `{"dataset": "goals", "parameters": {"id": "ts2-02", "fields": "status,evidence"}}`},
	{"query-groups", "query", `{"dataset": "observations", "parameters": {"indicator": "e-file-users", "groupBy": ["indicator", "kind"], "aggregate": "count,max"}}`},
	{"query-latest", "query", `{"dataset": "observations", "parameters": {"indicator": "e-file-users", "latest": true, "groupBy": "period"}}`},
	{"query-none", "query", `{"dataset": "observations", "parameters": {"period": "none", "groupBy": "period"}}`},
	{"query-release", "query", `{"dataset": "observations", "parameters": {"id": "obs-002", "release": "2024.01.0", "fields": "value"}}`},
	{"query-as-of", "query", `{"dataset": "ozg-service-counts", "parameters": {"groupBy": "asOf", "aggregate": "count"}}`},
	{"query-changes", "query", `{"dataset": "changes", "parameters": {"row": "obs-002"}}`},
	{"explain", "explain", `{"id": "obs-003"}`},
	{"explain-withdrawn", "explain", `{"id": "obs-000", "dataset": "withdrawn"}`},
	{"explain-column", "explain", `{"id": "ozg-01", "column": "measure"}`},
	{"compare", "compare_releases", `{"dataset": "observations", "limit": 1}`},
	{"compare-next", "compare_releases", `{"dataset": "observations", "from": "2024.01.0", "to": "2024.02.0", "after": 1}`},
	{"unknown", "list_unknown", `{"limit": 1}`},
	{"unknown-kind", "list_unknown", `{"kind": "period", "limit": 1}`},

	{"error-no-object", "search", `[]`},
	{"error-argument", "search", `{"query": "akte"}`},
	{"error-required", "search", `{"q": null}`},
	{"error-empty", "search", `{"q": ""}`},
	{"error-no-words", "search", `{"q": " "}`},
	{"error-type", "search", `{"q": {"word": "akte"}}`},
	{"error-limit", "search", `{"q": "akte", "limit": 21}`},
	{"error-asterisk", "search", `{"q": "a*b"}`},
	{"error-no-dataset", "query", `{}`},
	{"error-dataset", "query", `{"dataset": "goal"}`},
	{"error-parameters", "query", `{"dataset": "withdrawn", "parameters": "limit=1"}`},
	{"error-parameter", "query", `{"dataset": "withdrawn", "parameters": {"format": "csv"}}`},
	{"error-parameter-type", "query", `{"dataset": "goals", "parameters": {"status": {"not": "achieved"}}}`},
	{"error-null", "query", `{"dataset": "goals", "parameters": {"due": null}}`},
	{"error-null-not", "query", `{"dataset": "ozg-service-counts", "parameters": {"asOf!": null}}`},
	{"error-null-required", "query", `{"dataset": "goals", "parameters": {"quantified": null}}`},
	{"query-null", "query", `{"dataset": "strategies", "parameters": {"adoptedFrom": null, "sort": null, "limit": 1, "fields": "id"}}`},
	{"error-code", "query", `{"dataset": "goals", "parameters": {"status": "acheived"}}`},
	{"error-large-limit", "query", `{"dataset": "goals", "parameters": {"limit": 201}}`},
	{"error-no-limit", "query", `{"dataset": "goals", "parameters": {"limit": "all"}}`},
	{"error-zero-limit", "query", `{"dataset": "goals", "parameters": {"limit": 0}}`},
	{"error-cursor", "query", `{"dataset": "goals", "parameters": {"after": "x"}}`},
	{"error-empty-parameter", "query", `{"dataset": "goals", "parameters": {"release": ""}}`},
	{"error-release", "query", `{"dataset": "goals", "parameters": {"release": "2024.1.0"}}`},
	{"error-aggregate", "query", `{"dataset": "observations", "parameters": {"groupBy": "area", "aggregate": "sum"}}`},
	{"error-id", "explain", `{"id": "ts2-99"}`},
	{"error-id-form", "explain", `{"id": "ts2 01", "dataset": "goals"}`},
	{"error-column", "explain", `{"id": "obs-003", "column": "values"}`},
	{"error-kind", "list_unknown", `{"kind": "outcomes"}`},
	{"error-after", "list_unknown", `{"after": "x"}`},
	{"error-from", "compare_releases", `{"from": "2024.1.0"}`},
	{"error-to", "compare_releases", `{"to": "2024.1.0"}`},
	{"error-first", "compare_releases", `{"to": "2024.01.0"}`},
	{"error-gone", "explain", `{"id": "obs-000"}`},
	{"error-id-missing", "explain", `{"dataset": "goals"}`},
	{"error-long", "explain", `{"id": "` + strings.Repeat("ä", 150) + `"}`},
	{"error-list-empty", "search", `{"q": []}`},
	{"error-search-dataset", "search", `{"q": "akte", "dataset": "goal"}`},
	{"error-search-release", "search", `{"q": "akte", "release": {"id": 1}}`},
	{"error-query-dataset", "query", `{"dataset": {"id": "goals"}}`},
	{"error-explain-dataset", "explain", `{"id": "obs-003", "dataset": "observation"}`},
	{"error-explain-column", "explain", `{"id": "obs-003", "column": ""}`},
	{"error-explain-release", "explain", `{"id": "obs-003", "release": "2024.03.0"}`},
	{"error-describe-dataset", "describe", `{"dataset": "observation"}`},
	{"error-describe-release", "describe", `{"release": "2024.03.0"}`},
	{"error-unknown-kind", "list_unknown", `{"kind": ["due", {}]}`},
	{"error-unknown-limit", "list_unknown", `{"limit": 0}`},
	{"error-unknown-after", "list_unknown", `{"kind": "due", "after": ""}`},
	{"error-unknown-cursor", "list_unknown", `{"kind": "due", "after": "x"}`},
	{"error-unknown-release", "list_unknown", `{"release": "2024.03.0"}`},
	{"error-compare-dataset", "compare_releases", `{"dataset": "observation"}`},
	{"error-compare-limit", "compare_releases", `{"limit": 1.5}`},
	{"error-compare-after", "compare_releases", `{"after": -1}`},
	{"error-compare-to", "compare_releases", `{"to": {}}`},
	{"error-compare-from", "compare_releases", `{"from": {}}`},
	{"error-beyond", "compare_releases", `{"after": 10000}`},
}

// TestCalls compares results on both databases. Every message that a model can see is
// among them.
func TestCalls(t *testing.T) {
	t.Parallel()
	archive := golden.Open(t, "testdata/calls.txtar", *update)
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		releases := loaded(t, s)
		for _, tt := range calls {
			t.Run(tt.name, func(t *testing.T) {
				result, isError := mcp.Call(releases, options, tt.tool, json.RawMessage(tt.arguments))
				if isError != strings.HasPrefix(tt.name, "error-") {
					t.Errorf("an error: %t", isError)
				}
				var b bytes.Buffer
				b.WriteString(tt.tool + " " + tt.arguments + "\n\n")
				if err := json.Indent(&b, []byte(result), "", " "); err != nil {
					t.Fatal(err)
				}
				b.WriteByte('\n')
				archive.Compare(t, tt.name, b.Bytes())
			})
		}
	})
}

// TestWholeNumbers takes 2.0 where the schemas of the tools ask for an integer.
func TestWholeNumbers(t *testing.T) {
	t.Parallel()
	releases := loaded(t, storetest.Open(t, storetest.SQLite(t)))
	for _, tt := range []struct{ tool, arguments string }{
		{"search", `{"q": "akte", "limit": 2.0}`},
		{"query", `{"dataset": "goals", "parameters": {"limit": 2.0}}`},
		{"list_unknown", `{"limit": 2.0}`},
	} {
		got, isError := mcp.Call(releases, options, tt.tool, json.RawMessage(tt.arguments))
		want, _ := mcp.Call(releases, options, tt.tool, json.RawMessage(strings.Replace(tt.arguments, "2.0", "2", 1)))
		if isError || got != want {
			t.Errorf("%s %s: %s", tt.tool, tt.arguments, got)
		}
	}
}

// TestPages reads all observations page by page, and finds each row once.
func TestPages(t *testing.T) {
	t.Parallel()
	releases := loaded(t, storetest.Open(t, storetest.Any(t)))
	var ids []string
	after := ""
	for {
		arguments, _ := json.Marshal(map[string]any{"dataset": "observations", "parameters": map[string]any{"limit": 4, "after": null(after), "sort": "-value"}})
		text, isError := mcp.Call(releases, options, "query", arguments)
		var found struct {
			Results []struct {
				Total int
				Next  string
				Rows  []struct{ Row struct{ ID string } }
			}
		}
		if err := json.Unmarshal([]byte(text), &found); err != nil || isError {
			t.Fatalf("%v\n%s", err, text)
		}
		for _, row := range found.Results[0].Rows {
			ids = append(ids, row.Row.ID)
		}
		if after = found.Results[0].Next; after == "" {
			if len(ids) != found.Results[0].Total {
				t.Errorf("%d rows of %d", len(ids), found.Results[0].Total)
			}
			break
		}
	}
	slices.Sort(ids)
	if n := len(ids); n != len(slices.Compact(ids)) || n < 8 {
		t.Errorf("rows appear twice, or are too few: %q", ids)
	}
}

// TestManyChanges compares releases that differ in more values than one call lists.
func TestManyChanges(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "datapackage.json", storetest.Release, "2024.02.0")
	storetest.Replace(t, pkg, "datapackage.json", "2024-01-31T12", "2024-02-28T12")
	storetest.Replace(t, pkg, "sources.csv", "Testbericht", "Test-Bericht")
	var rows strings.Builder
	for i := range 10_001 {
		fmt.Fprintf(&rows, "obs-1%05d,price-change,,00,2022,actual,%d,exact,test-bericht,Vorwort,,,,,\n", i, i)
	}
	storetest.Replace(t, pkg, "observations.csv", "obs-012,", rows.String()+"obs-012,")
	storetest.PublishPackage(t, s, pkg)
	releases := release.New(s, 64<<20)
	if err := releases.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for arguments, want := range map[string]string{
		`{}`:                          `"parameter":"dataset","allowed":["goals",`,
		`{"limit": 1}`:                `{"error":{"detail":"dataset: is required, because 2024.01.0 and 2024.02.0 differ in more than 10000 values; allowed: goals, `,
		`{"dataset": "observations"}`: `{"error":{"detail":"dataset=\"observations\": differs between 2024.01.0 and 2024.02.0 in more than 10000 values; compare its whole files instead","parameter":"dataset","value":"observations"}}`,
		`{"dataset": "sources"}`:      `"from":"2024.01.0","to":"2024.02.0","total":1,`,
	} {
		if text, _ := mcp.Call(releases, options, "compare_releases", json.RawMessage(arguments)); !strings.Contains(text, want) {
			t.Errorf("%s: %.600s\nwant %s", arguments, text, want)
		}
	}
}

// TestDeletedRelease names the argument with the release.
func TestDeletedRelease(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	loaded(t, s)
	if _, err := s.Prune(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	releases := release.New(s, 1<<20)
	if err := releases.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ tool, arguments, parameter string }{
		{"compare_releases", `{"from": "2024.01.0"}`, "from"},
		{"compare_releases", `{"to": "2024.01.0"}`, "to"},
		{"describe", `{"release": "2024.01.0"}`, "release"},
		{"query", `{"dataset": "goals", "parameters": {"release": "2024.01.0"}}`, "release"},
	} {
		want := `{"error":{"detail":"release 2024.01.0 has been deleted; the latest release, 2024.02.0, can be used instead","parameter":"` + tt.parameter + `","value":"2024.01.0"}}`
		if text, _ := mcp.Call(releases, options, tt.tool, json.RawMessage(tt.arguments)); text != want {
			t.Errorf("%s %s: %s\nwant %s", tt.tool, tt.arguments, text, want)
		}
	}
}

func null(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// TestSharedIdentifier explains a row whose identifier a row of another dataset has, too.
func TestSharedIdentifier(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	pkg := storetest.Package(t)
	for _, file := range []string{"strategies.csv", "goals.csv", "fields-of-action.csv"} {
		pkg[file].Data = bytes.ReplaceAll(pkg[file].Data, []byte("teststrategie-2-0"), []byte("test-strategie"))
	}
	storetest.PublishPackage(t, s, pkg)
	releases := release.New(s, 1<<20)
	if err := releases.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	const want = `{"error":{"detail":"dataset: is required, because several datasets have a row test-strategie; allowed: strategies, sources","parameter":"dataset","allowed":["strategies","sources"]}}`
	if text, _ := mcp.Call(releases, options, "explain", json.RawMessage(`{"id": "test-strategie"}`)); text != want {
		t.Errorf("%s\nwant %s", text, want)
	}
	if text, isError := mcp.Call(releases, options, "explain", json.RawMessage(`{"id": "test-strategie", "dataset": "strategies"}`)); isError || !strings.Contains(text, `"dataset":"strategies"`) {
		t.Error(text)
	}
}

// TestLinkAsOf follows the link of a row as it was known on a day.
func TestLinkAsOf(t *testing.T) {
	t.Parallel()
	releases := loaded(t, storetest.Open(t, storetest.Any(t)))
	const want = `"link":"https://zielstand.example/v1/goals?asOf=2021-08-31\u0026id=tp18-01\u0026release=2024.02.0"`
	if text, isError := mcp.Call(releases, options, "query", json.RawMessage(`{"dataset": "goals", "parameters": {"id": "tp18-01", "asOf": "2021-08-31"}}`)); isError || !strings.Contains(strings.ReplaceAll(text, "&", `\u0026`), want) {
		t.Error(text)
	}
}

// TestWordsInAList finds the rows with all words.
func TestWordsInAList(t *testing.T) {
	t.Parallel()
	releases := loaded(t, storetest.Open(t, storetest.Any(t)))
	if text, isError := mcp.Call(releases, options, "query", json.RawMessage(`{"dataset": "goals", "parameters": {"q": ["networks", "schnelle"]}}`)); isError || !strings.Contains(text, `"total":1,`) {
		t.Error(text)
	}
}

// TestProblems looks at the errors that do not follow from the arguments alone.
func TestProblems(t *testing.T) {
	t.Parallel()
	releases := loaded(t, storetest.Open(t, storetest.Any(t)))
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, name := range mcp.Names() {
		arguments := map[string]string{"search": `{"q": "akte"}`, "query": `{"dataset": "goals"}`, "explain": `{"id": "obs-003"}`}[name]
		if text, isError := mcp.CallWithin(t.Context(), releases, options, 10, name, json.RawMessage(arguments)); !isError || !strings.Contains(text, "at most 10 are allowed. Ask for less, such as fewer rows") {
			t.Errorf("%s, too large: %s", name, text)
		}
		if name == "describe" {
			continue // reads nothing that is not in memory
		}
		if text, isError := mcp.CallWithin(canceled, releases, options, 1<<20, name, json.RawMessage(arguments)); !isError || !strings.Contains(text, `"detail":"the data cannot be read at the moment; try again in a few seconds"`) {
			t.Errorf("%s, canceled: %s", name, text)
		}
	}
	var log bytes.Buffer
	o := options
	o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("secret"), "internal error; the log of the service has details"},
		{domain.ErrUnavailable, "the data cannot be read at the moment; try again in a few seconds"},
		{fmt.Errorf("row x: %w", domain.ErrNotFound), "row x: not found"},
	} {
		if text := mcp.Problem(releases, o, tt.err); text != `{"error":{"detail":"`+tt.want+`"}}` {
			t.Errorf("%v: %s", tt.err, text)
		}
	}
	if !strings.Contains(log.String(), "error=secret") || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("the log has %s", &log)
	}
}

// TestNotLoaded answers before the first release.
func TestNotLoaded(t *testing.T) {
	t.Parallel()
	releases := release.New(storetest.Open(t, storetest.Any(t)), 1<<20)
	text, isError := mcp.Call(releases, options, "describe", nil)
	if !isError || !strings.Contains(text, "no release is loaded yet") {
		t.Error(text)
	}
}

// TestClient lists and calls the tools with the client of the SDK, over HTTP, and asks for
// what is not served.
func TestClient(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(mcp.Handler(loaded(t, storetest.Open(t, storetest.Any(t))), options))
	t.Cleanup(server.Close)
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: server.URL, DisableStandaloneSSE: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	list, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range list.Tools {
		if names = append(names, tool.Name); !tool.Annotations.ReadOnlyHint || tool.Description == "" {
			t.Errorf("%s: %+v", tool.Name, tool)
		}
	}
	want := mcp.Names()
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("tools %q, want %q", names, want)
	}
	result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "explain", Arguments: map[string]any{"id": "obs-003"}})
	if err != nil || result.IsError {
		t.Fatalf("error %v, %+v", err, result)
	}
	structured, _ := json.Marshal(result.StructuredContent)
	var text, structure any
	_ = json.Unmarshal([]byte(result.Content[0].(*sdk.TextContent).Text), &text)
	_ = json.Unmarshal(structured, &structure)
	if a, b := mustMarshal(t, text), mustMarshal(t, structure); a != b || !strings.Contains(a, `"obs-003"`) {
		t.Errorf("the text is %s\nthe structure %s", a, b)
	}
	if _, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "serch"}); err == nil || !strings.Contains(err.Error(), `name="serch": is not a tool; did you mean "search"?; allowed: search, describe, query`) {
		t.Errorf("unknown tool: %v", err)
	}
	if _, err := session.ListResources(t.Context(), nil); err == nil {
		t.Error("resources are served")
	}
}

func mustMarshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// FuzzArguments calls every tool with any arguments. An error must have a detail, and no
// argument may cause an internal one.
func FuzzArguments(f *testing.F) {
	for _, tt := range calls {
		f.Add(slices.Index(mcp.Names(), tt.tool), tt.arguments)
	}
	f.Add(2, `{"dataset": "areas", "parameters": {"within": [5, true, null], "asOf": 1.10}}`)
	releases := loaded(f, storetest.Open(f, storetest.SQLite(f)))
	f.Fuzz(func(t *testing.T, n int, arguments string) {
		names := mcp.Names()
		name := names[(n%len(names)+len(names))%len(names)]
		if !json.Valid([]byte(arguments)) {
			return // the SDK rejects the request
		}
		text, isError := mcp.Call(releases, options, name, json.RawMessage(arguments))
		var result struct{ Error struct{ Detail string } }
		if err := json.Unmarshal([]byte(text), &result); err != nil {
			t.Fatalf("%s(%s): %v", name, arguments, err)
		}
		if isError != (result.Error.Detail != "") || strings.HasPrefix(result.Error.Detail, "internal") {
			t.Errorf("%s(%s): %s", name, arguments, text)
		}
	})
}

// TestGroupLinks follows the link of every group of every column: it finds the rows of the
// group and no others.
func TestGroupLinks(t *testing.T) {
	t.Parallel()
	releases := loaded(t, storetest.Open(t, storetest.Any(t)))
	snapshot, err := releases.Current()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dataset.All {
		for _, column := range d.Groupable() {
			for _, latest := range []string{"", "true"} {
				if latest != "" && d.Figures == nil {
					continue
				}
				parameters := map[string]any{"groupBy": column, "limit": 200}
				if latest != "" {
					parameters["latest"] = latest
				}
				arguments, _ := json.Marshal(map[string]any{"dataset": d.ID, "parameters": parameters})
				text, isError := mcp.Call(releases, options, "query", arguments)
				var found struct {
					Results []struct {
						Rows []struct {
							Link string
							Row  map[string]any
						}
					}
				}
				if err := json.Unmarshal([]byte(text), &found); err != nil || isError {
					t.Errorf("%s by %s: %v\n%s", d.ID, column, err, text)
					continue
				}
				for _, group := range found.Results[0].Rows {
					link, err := url.Parse(group.Link)
					if err != nil {
						t.Fatal(err)
					}
					values := link.Query()
					values.Del("release")
					q, err := dataset.ParseQuery(d, values, snapshot.Vocabulary)
					if err != nil {
						t.Errorf("%s by %s: the link %s: %v", d.ID, column, group.Link, err)
						continue
					}
					n, err := releases.Count(t.Context(), snapshot.Latest, q)
					if err != nil {
						t.Fatal(err)
					}
					cell, want := group.Row[column], int64(group.Row["count"].(float64))
					if n != want {
						t.Errorf("%s by %s: the link %s finds %d rows, want the %d of %v", d.ID, column, group.Link, n, want, cell)
					}
				}
			}
		}
	}
}
