// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/internal/dataset"
)

// TestDocsListEndpoints checks that docs/api.md has the address of every endpoint.
func TestDocsListEndpoints(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	parameter := regexp.MustCompile(`\{[a-zA-Z]+\}`)
	for _, e := range api.Endpoints() {
		path := strings.TrimSuffix("/v1"+parameter.ReplaceAllString(e.Path, "{id}"), "/")
		switch e.Annotated {
		case "/{dataset}":
			path = "/v1/{dataset}"
		case "/{dataset}/{id}":
			path = "/v1/{dataset}/{id}"
		case "/releases/{releaseId}/{file}":
			path = "/v1/releases/{id}/{dataset}.{format}"
		case "/catalog/{file}":
			path = "/v1/catalog/dcat.ttl"
		}
		if !strings.Contains(string(text), "`"+path+"`") {
			t.Errorf("docs/api.md does not have the address `%s`", path)
		}
	}
}

// TestEndpoints checks the endpoints that depend on the datasets.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	endpoints := map[string]api.Endpoint{}
	for _, e := range api.Endpoints() {
		endpoints[e.Path] = e
	}
	if n := 12 + 2*len(dataset.All) + 3; len(endpoints) != n {
		t.Errorf("%d endpoints, want %d", len(endpoints), n)
	}
	related := endpoints["/indicators/{indicatorId}/observations"]
	if related.Parent != dataset.Indicators || related.Dataset != dataset.Observations {
		t.Errorf("wrong datasets of related rows: %+v", related)
	}
	for _, name := range related.Parameters {
		if name == "indicator" {
			t.Error("the filter that the path sets must not be a parameter")
		}
	}
}
