// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/openapi"
)

func TestDescriptionIsUpToDate(t *testing.T) {
	t.Parallel()
	asJSON, err := generate("../..")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(openapi.JSON), string(asJSON)); diff != "" {
		t.Errorf("openapi.json is out of date, run go generate ./openapi (-is +want):\n%.3000s", diff)
	}
	asYAML, err := toYAML(asJSON)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(openapi.YAML), string(asYAML)); diff != "" {
		t.Errorf("openapi.yaml is out of date, run go generate ./openapi (-is +want):\n%.3000s", diff)
	}
}
