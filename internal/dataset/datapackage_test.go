// SPDX-License-Identifier: EUPL-1.2

package dataset_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
)

// TestManifest reads and writes what the program does not know.
func TestManifest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{
			"known members", `{"version": "2024.01.0", "title": "A & B", "name": "a"}`,
			`{"name":"a","title":"A & B","version":"2024.01.0","created":"","profile":"","resources":null}`,
		},
		{
			"others stay where they were", `{"id": "x", "name": "a", "homepage": "https://example.org/?a&b", "Title": "A", "keywords": ["b", "a"], "version": "2024.01.0", "notes": "", "x": {"b": 1.0, "a": null}, "resources": [], "sources": []}`,
			`{"id":"x","name":"a","homepage":"https://example.org/?a&b","title":"A","keywords":["b","a"],"version":"2024.01.0","created":"","x":{"b":1.0,"a":null},"profile":"","resources":[],"sources":[]}`,
		},
		{"nothing", `null`, `{"name":"","title":"","version":"","created":"","profile":"","resources":null}`},
	} {
		var m dataset.Manifest
		if err := json.Unmarshal([]byte(tt.text), &m); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		for range 2 { // what was written is read again
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			if err := e.Encode(m); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			if diff := cmp.Diff(tt.want+"\n", got.String()); diff != "" {
				t.Errorf("%s (-want +got)\n%s", tt.name, diff)
			}
			m = dataset.Manifest{}
			if err := json.Unmarshal(got.Bytes(), &m); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
		}
	}
	for _, text := range []string{`[]`, `{"title": 1, "x": 2}`} {
		if err := json.Unmarshal([]byte(text), new(dataset.Manifest)); err == nil {
			t.Errorf("%s is a manifest", text)
		}
	}
}
