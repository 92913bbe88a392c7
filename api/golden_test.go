// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/golden"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// goldenRequest is a request whose whole answer is in a file of testdata/golden.
type goldenRequest struct{ name, request string }

// goldens are the requests of each file. -update writes the answers; read the
// diff.
var goldens = map[string][]goldenRequest{
	"answers": {
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
		{"related-status", "GET /v1/goals/ts2-02/status?fields=id,status,published"},
		{"related-none", "GET /v1/goals/tp18-01/progress?state=comparable"},
		{"item-goal-status", "GET /v1/goal-status/ts-8"},
		{"filtered-list", "GET /v1/goals?themes=TEST&assessment=unknown-since&fields=id,themes,assessment"},
		{"filtered", "GET /v1/goals?status=in-progress&dueFrom=2022&fields=id,due,status"},
		{"searched", "GET /v1/goals?q=B%C3%9CRGER+konto&fields=id,title"},
		{"nothing-found", "GET /v1/goals?q=absent"},
		{"nothing-found-csv", "GET /v1/goals.csv?q=absent"},
		{"as-of", "GET /v1/observations?asOf=2021-08-31&fields=id,published"},
		{"first-page", "GET /v1/observations?sort=-value&limit=2&fields=id,value"},
		{"first-page-csv", "GET /v1/observations.csv?sort=-value&limit=2&fields=id,value"},
		{"excel", "GET /v1/observations.csv?dialect=excel-de"},
		{"of-a-release", "GET /v1/areas?release=2024.01.0"},
	},
	"releases": {
		{"releases", "GET /v1/releases"},
		{"release", "GET /v1/releases/2024.01.0"},
		{"release-latest", "GET /v1/releases/latest"},
		{"release-file", "GET /v1/releases/2024.01.0/areas.json"},
		{"release-file-csv", "GET /v1/releases/2024.01.0/areas.csv"},
		{"release-file-excel", "GET /v1/releases/2024.01.0/areas.csv?dialect=excel-de"},
		{"release-file-latest", "GET /v1/releases/latest/areas.csv"},
	},
	"errors": {
		{"unknown-parameter", "GET /v1/goals?stauts=announced"},
		{"unknown-parameter-of-an-item", "GET /v1/goals/ts2-01?limit=1"},
		{"unknown-parameter-of-the-index", "GET /v1?limit=1"},
		{"unknown-column", "GET /v1/goals?sort=-dew"},
		{"unknown-field", "GET /v1/goals?fields=id,name"},
		{"unknown-code", "GET /v1/goals?status=acheived"},
		{"unknown-code-in-a-list", "GET /v1/goals?themes=tests"},
		{"unknown-reference-in-a-list", "GET /v1/goals?relatedGoals=ts2-1"},
		{"unknown-reference", "GET /v1/goals?fieldOfAction=verwaltung"},
		{"cursor", "GET /v1/goals?after=bm9uc2Vuc2U"},
		{"format", "GET /v1/goals?format=xslx"},
		{"suffix", "GET /v1/goals.xslx"},
		{"dialect", "GET /v1/goals.csv?dialect=excel"},
		{"dialect-of-json", "GET /v1/goals.json?dialect=excel-de"},
		{"limit", "GET /v1/goals?limit=0"},
		{"as-of", "GET /v1/goals?asOf=yesterday"},
		{"period", "GET /v1/goals?dueFrom=2021-13"},
		{"release", "GET /v1/goals?release=2024.1.0"},
		{"format-behind-a-suffix", "GET /v1/goals.csv?format=xslx"},
		{"format-twice", "GET /v1/goals?format=csv&format=json"},
		{"empty-release", "GET /v1/goals?release="},
		{"malformed-query", "GET /v1/goals?status=announced&due=%zz"},
		{"given-by-path", "GET /v1/goals/ts2-01/progress?goal=ts2-02"},
		{"unknown-item", "GET /v1/goals/ts2-1"},
		{"withdrawn-item", "GET /v1/observations/obs-000"},
		{"unknown-parent", "GET /v1/indicators/e-file-user/observations"},
		{"unknown-release", "GET /v1/releases/2024.1.0"},
		{"unknown-file", "GET /v1/releases/latest/goal.csv"},
		{"unknown-address", "GET /v2/goals"},
		{"unknown-dataset", "GET /v1/goal"},
		{"method", "POST /v1/goals"},
		{"method-of-an-item", "DELETE /v1/goals/ts2-01"},
		{"not-acceptable", "GET /v1/goals\nAccept: application/xml"},
		{"index-not-acceptable", "GET /v1\nAccept: text/csv"},
	},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	requests := maps.Clone(goldens)
	for _, d := range dataset.All {
		requests["datasets"] = append(requests["datasets"],
			goldenRequest{d.ID + ".json", "GET /v1/" + d.ID},
			goldenRequest{d.ID + ".csv", "GET /v1/" + d.ID + ".csv"})
	}
	files := map[string]*golden.Archive{}
	for name := range requests {
		files[name] = golden.Open(t, "testdata/golden/"+name+".txtar", *update)
	}
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		storetest.Publish(t, s)
		service := serve(t, s)
		for file, all := range requests {
			for _, tt := range all {
				t.Run(file+"-"+tt.name, func(t *testing.T) {
					files[file].Compare(t, tt.name, goldenAnswer(t, service, tt.request))
				})
			}
		}
	})
}

// goldenAnswer returns a request with its answer, as a golden file shows it.
func goldenAnswer(t *testing.T, s *service, request string) []byte {
	t.Helper()
	line, fields, _ := strings.Cut(request, "\n")
	method, address, _ := strings.Cut(line, " ")
	all := []string{"X-Request-Id: golden"}
	if fields != "" {
		all = append(all, strings.Split(fields, "\n")...)
	}
	return []byte(request + "\n\n" + mask(s.ask(t, method, address, all...).String()))
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

// TestBeforeTheFirstRelease serves an empty store.
func TestBeforeTheFirstRelease(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		service := serve(t, s)
		for _, address := range []string{"/v1", "/v1/goals", "/v1/goals/ts2-01", "/v1/releases", "/v1/releases/latest/goals.csv", "/readyz", "/v1/catalog/dcat.ttl"} {
			a := service.get(t, address, "X-Request-Id: empty")
			if a.StatusCode != 503 || a.Header.Get("Retry-After") != "5" || a.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %s", address, a)
			}
			if !strings.Contains(string(a.body), `"requestId":"empty"`) || !strings.Contains(string(a.body), `"detail":"no release is loaded yet: `) {
				t.Errorf("%s: the problem has no request id or not the cause: %s", address, a.body)
			}
		}
		if a := service.get(t, "/healthz"); a.StatusCode != 200 {
			t.Errorf("the process is well, but /healthz says %s", a)
		}
	})
}
