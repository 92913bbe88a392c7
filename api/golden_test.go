package api_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// goldens are requests whose whole answers stand in testdata/golden. -update
// writes them; read the diff.
var goldens = []struct{ name, request string }{
	{"index", "GET /v1"},
	{"health", "GET /healthz"},
	{"ready", "GET /readyz"},

	{"item", "GET /v1/goals/ts2-02"},
	{"item-csv", "GET /v1/goals/ts2-02.csv"},
	{"item-excel", "GET /v1/observations/obs-007.csv?dialect=excel-de"},
	{"item-fields", "GET /v1/observations/obs-008?fields=value,unit,id"},
	{"item-with-a-point", "GET /v1/codelists/unit.percent"},
	{"item-with-a-point-csv", "GET /v1/codelists/unit.percent.csv"},
	{"related-observations", "GET /v1/indicators/e-file-users/observations"},
	{"related-observations-filtered", "GET /v1/indicators/e-file-users/observations?kind=actual&sort=-period&limit=1&format=csv"},
	{"related-progress", "GET /v1/goals/ts2-01/progress"},
	{"related-none", "GET /v1/goals/tp18-01/progress?state=comparable"},

	{"filtered", "GET /v1/goals?status=in-progress&dueFrom=2022&fields=id,due,status"},
	{"searched", "GET /v1/goals?q=B%C3%9CRGER+konto&fields=id,title"},
	{"nothing-found", "GET /v1/goals?q=absent"},
	{"nothing-found-csv", "GET /v1/goals.csv?q=absent"},
	{"as-of", "GET /v1/observations?asOf=2021-08-31&fields=id,published"},
	{"first-page", "GET /v1/observations?sort=-value&limit=2&fields=id,value"},
	{"first-page-csv", "GET /v1/observations.csv?sort=-value&limit=2&fields=id,value"},
	{"excel", "GET /v1/observations.csv?dialect=excel-de"},
	{"of-a-release", "GET /v1/areas?release=2024.01.0"},

	{"releases", "GET /v1/releases"},
	{"release", "GET /v1/releases/2024.01.0"},
	{"release-latest", "GET /v1/releases/latest"},
	{"release-file", "GET /v1/releases/2024.01.0/areas.json"},
	{"release-file-csv", "GET /v1/releases/2024.01.0/areas.csv"},
	{"release-file-excel", "GET /v1/releases/2024.01.0/areas.csv?dialect=excel-de"},
	{"release-file-latest", "GET /v1/releases/latest/areas.csv"},

	{"error-unknown-parameter", "GET /v1/goals?stauts=announced"},
	{"error-unknown-parameter-of-an-item", "GET /v1/goals/ts2-01?limit=1"},
	{"error-unknown-parameter-of-the-index", "GET /v1?limit=1"},
	{"error-unknown-column", "GET /v1/goals?sort=-dew"},
	{"error-unknown-field", "GET /v1/goals?fields=id,name"},
	{"error-unknown-code", "GET /v1/goals?status=acheived"},
	{"error-unknown-reference", "GET /v1/goals?fieldOfAction=verwaltung"},
	{"error-cursor", "GET /v1/goals?after=bm9uc2Vuc2U"},
	{"error-format", "GET /v1/goals?format=xslx"},
	{"error-suffix", "GET /v1/goals.xslx"},
	{"error-dialect", "GET /v1/goals.csv?dialect=excel"},
	{"error-dialect-of-json", "GET /v1/goals.json?dialect=excel-de"},
	{"error-limit", "GET /v1/goals?limit=0"},
	{"error-as-of", "GET /v1/goals?asOf=yesterday"},
	{"error-period", "GET /v1/goals?dueFrom=2021-13"},
	{"error-release", "GET /v1/goals?release=2024.1.0"},
	{"error-format-behind-a-suffix", "GET /v1/goals.csv?format=xslx"},
	{"error-format-twice", "GET /v1/goals?format=csv&format=json"},
	{"error-empty-release", "GET /v1/goals?release="},
	{"error-malformed-query", "GET /v1/goals?status=announced&due=%zz"},
	{"error-given-by-path", "GET /v1/goals/ts2-01/progress?goal=ts2-02"},
	{"error-unknown-item", "GET /v1/goals/ts2-1"},
	{"error-withdrawn-item", "GET /v1/observations/obs-000"},
	{"error-unknown-parent", "GET /v1/indicators/e-file-user/observations"},
	{"error-unknown-release", "GET /v1/releases/2024.1.0"},
	{"error-unknown-file", "GET /v1/releases/latest/goal.csv"},
	{"error-unknown-address", "GET /v2/goals"},
	{"error-unknown-dataset", "GET /v1/goal"},
	{"error-method", "POST /v1/goals"},
	{"error-method-of-an-item", "DELETE /v1/goals/ts2-01"},
	{"error-not-acceptable", "GET /v1/goals\nAccept: application/xml"},
	{"error-index-not-acceptable", "GET /v1\nAccept: text/csv"},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	requests := goldens
	for _, d := range dataset.All {
		requests = append(requests,
			struct{ name, request string }{"all-" + d.ID, "GET /v1/" + d.ID},
			struct{ name, request string }{"all-" + d.ID + "-csv", "GET /v1/" + d.ID + ".csv"})
	}
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		storetest.Publish(t, s)
		service := serve(t, s)
		if *update && !strings.HasPrefix(databaseURL, "sqlite:") {
			t.Skip("SQLite writes the files, a run without -update compares")
		}
		for _, tt := range requests {
			t.Run(tt.name, func(t *testing.T) {
				checkGolden(t, service, tt.name, tt.request)
			})
		}
	})
}

// checkGolden compares the answer with the golden file, byte for byte.
func checkGolden(t *testing.T, s *service, name, request string) {
	t.Helper()
	line, fields, _ := strings.Cut(request, "\n")
	method, address, _ := strings.Cut(line, " ")
	all := []string{"X-Request-Id: golden"}
	if fields != "" {
		all = append(all, strings.Split(fields, "\n")...)
	}
	got := request + "\n\n" + mask(s.ask(t, method, address, all...).String())
	path := filepath.Join("testdata", "golden", name+".http")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (-update writes it)", err)
	}
	if diff := cmp.Diff(strings.SplitAfter(string(want), "\n"), strings.SplitAfter(got, "\n")); diff != "" {
		t.Errorf("answer (-want +got)\n%s", diff)
	}
}

var (
	packageHash = regexp.MustCompile(`("published":"[^"]+","latest":(true|false),"contentHash":)"[0-9a-f]{64}"`)
	tagLine     = regexp.MustCompile(`(?m)^Etag: .*$`)
)

// mask hides the hash of the whole data package, and the entity tag that follows
// from it: both change with every word about a column.
func mask(answer string) string {
	masked := packageHash.ReplaceAllString(answer, `$1"…"`)
	if masked != answer {
		masked = tagLine.ReplaceAllString(masked, "Etag: …")
	}
	return masked
}

// TestGoldensAreUsed finds files that no request asks for.
func TestGoldensAreUsed(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, tt := range goldens {
		known[tt.name] = true
	}
	for _, d := range dataset.All {
		known["all-"+d.ID], known["all-"+d.ID+"-csv"] = true, true
	}
	paths, err := filepath.Glob("testdata/golden/*")
	if err != nil || len(paths) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, path := range paths {
		if name, ok := strings.CutSuffix(filepath.Base(path), ".http"); (!ok || !known[name]) && filepath.Base(path) != ".gitattributes" {
			t.Errorf("%s belongs to no request", path)
		}
	}
}

// TestBeforeTheFirstRelease asks a service whose store is empty.
func TestBeforeTheFirstRelease(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		service := serve(t, s)
		for _, address := range []string{"/v1", "/v1/goals", "/v1/goals/ts2-01", "/v1/releases", "/v1/releases/latest/goals.csv", "/readyz", "/v1/catalog/dcat.ttl"} {
			a := service.get(t, address, "X-Request-Id: empty")
			if a.StatusCode != 503 || a.Header.Get("Retry-After") != "5" || a.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %s", address, a)
			}
			if !strings.Contains(string(a.body), `"requestId":"empty"`) || strings.Contains(string(a.body), "release is loaded") {
				t.Errorf("%s: the problem names no request or tells a cause: %s", address, a.body)
			}
		}
		if a := service.get(t, "/healthz"); a.StatusCode != 200 {
			t.Errorf("the process is well, but /healthz says %s", a)
		}
	})
}
