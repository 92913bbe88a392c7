// SPDX-License-Identifier: EUPL-1.2

package catalog_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/piprate/json-gold/ld"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/storetest"
)

// checkCroissant returns what the specification (1.0) requires and the document lacks. No
// member may be lost when JSON-LD is expanded.
func checkCroissant(t *testing.T, body []byte) (problems []string) {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal(body, &document); err != nil {
		t.Fatal(err)
	}
	expanded, err := ld.NewJsonLdProcessor().Expand(document, ld.NewJsonLdOptions(""))
	if err != nil || len(expanded) != 1 {
		t.Fatalf("%d nodes, %v", len(expanded), err)
	}
	root := expanded[0].(map[string]any)
	const sc, cr = "https://schema.org/", "http://mlcommons.org/croissant/"
	report := func(where string) { problems = append(problems, where) }
	require := func(where string, node map[string]any, class string, properties ...string) {
		if types, _ := node["@type"].([]any); !slices.Contains(types, any(class)) {
			report(where + " has the type " + strings.Join(strings.Fields(toText(node["@type"])), ""))
		}
		for _, p := range properties {
			if values, _ := node[p].([]any); len(values) == 0 {
				report(where + " lacks " + p)
			}
		}
	}
	require("dataset", root, sc+"Dataset", "http://purl.org/dc/terms/conformsTo", sc+"description", sc+"license", sc+"name", sc+"url", sc+"creator", sc+"datePublished", sc+"version", sc+"distribution", cr+"recordSet")
	if got := toText(root["http://purl.org/dc/terms/conformsTo"]); !strings.Contains(got, "http://mlcommons.org/croissant/1.0") {
		report("dataset conforms to " + got)
	}
	files, ids := map[string]bool{}, map[string]bool{}
	for _, f := range nodes(root[sc+"distribution"]) {
		id, _ := f["@id"].(string)
		files[id] = true
		require("file "+id, f, cr+"FileObject", sc+"name", sc+"contentUrl", sc+"encodingFormat", sc+"sha256")
	}
	for _, records := range nodes(root[cr+"recordSet"]) {
		require("record set", records, cr+"RecordSet", sc+"name", cr+"field")
		for _, field := range nodes(records[cr+"field"]) {
			id, _ := field["@id"].(string)
			if ids[id] {
				report("field " + id + " is there twice")
			}
			ids[id] = true
			require("field "+id, field, cr+"Field", sc+"name", cr+"dataType", cr+"source")
			if types := nodes(field[cr+"dataType"]); len(types) != 1 || !strings.HasPrefix(types[0]["@id"].(string), sc) {
				report("field " + id + " has the data type " + toText(field[cr+"dataType"]))
			}
			source := nodes(field[cr+"source"])[0]
			if of := nodes(source[cr+"fileObject"]); len(of) != 1 || !files[of[0]["@id"].(string)] {
				report("field " + id + " is in a file that is not there")
			}
			if len(nodes(source[cr+"extract"])[0][cr+"column"].([]any)) != 1 {
				report("field " + id + " has no column")
			}
		}
		for _, key := range nodes(records[cr+"key"]) {
			if !ids[key["@id"].(string)] {
				report("the key is no field")
			}
		}
	}
	return problems
}

func nodes(v any) (out []map[string]any) {
	values, _ := v.([]any)
	for _, node := range values {
		out = append(out, node.(map[string]any))
	}
	return out
}

func toText(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// TestCroissant checks the document of each dataset against the specification and the
// file: its columns are those of the CSV, with the checksum of the CSV.
func TestCroissant(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	documents, responses := service(t, s)
	csv, _ := encode.Find("csv", "")
	for _, d := range catalog.Catalogued() {
		rep, err := documents.Croissant(t.Context(), r, d, representation.Identity)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range checkCroissant(t, rep.Body) {
			t.Errorf("%s: %s", d.ID, problem)
		}
		var document catalog.CroissantDocument
		if err := json.Unmarshal(rep.Body, &document); err != nil {
			t.Fatal(err)
		}
		var columns []string
		for _, f := range document.RecordSet[0].Field {
			columns = append(columns, f.Source.Extract.Column)
		}
		file, err := responses.Rows(t.Context(), representation.Request{Release: r, Query: dataset.Query{Dataset: d}, Format: csv, File: true}, representation.Identity)
		if err != nil {
			t.Fatal(err)
		}
		if header, _, _ := strings.Cut(string(file.Body), "\r\n"); header != strings.Join(columns, ",") {
			t.Errorf("%s: the file has the columns %s, the description %v", d.ID, header, columns)
		}
		if !strings.Contains(string(rep.Body), file.SHA256) {
			t.Errorf("%s: the checksum of the CSV is not there", d.ID)
		}
	}
}

// TestCroissantChecked: the check finds what is missing.
func TestCroissantChecked(t *testing.T) {
	t.Parallel()
	r := release()
	e := entries(r)[0]
	body, err := json.Marshal(catalog.CroissantDataset(settings, r, e))
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"license":`, `"licence":`},
		{`"cr:FileObject"`, `"sc:FileObject"`},
		{`"goals.csv"`, `"other.csv"`},
		{`"sha256"`, `"sum"`},
		{`"dataType"`, `"kind"`},
		{`croissant/1.0"`, `croissant/9"`},
	} {
		if n := len(checkCroissant(t, []byte(strings.Replace(string(body), change[0], change[1], 1)))); n == 0 {
			t.Errorf("%s in place of %s goes unnoticed", change[1], change[0])
		}
	}
}
