package rdf

import "testing"

// withContext makes a document of a context and the members of a node /a.
func withContext(context, members string) string {
	return `{"@context": ` + context + `, "@id": "/a", ` + members + "}"
}

func TestReadJSONLD(t *testing.T) {
	const e = `"e": "` + ex + `"`
	checkRead(t, "jsonld", []readCase{
		{"nothing", "[]", nil},
		{"null", "null", nil},
		{"nodes", `[{"@id": "a", "@type": "T"}, [{"@type": ["https://example.org/T", "_:t"]}], 1]`, []string{
			"<dir/a> <rdf:type> <dir/T>", "_:b1 <rdf:type> <T>", "_:b1 <rdf:type> _:t",
		}},
		{"graph", `{"@context": {` + e + `}, "@graph": [{"@id": "e:a", "e:p": {"@id": "e:b", "e:q": "1"}}], "ignored": 1}`, []string{"<a> <p> <b>", `<b> <q> "1"`}},
		{"values", withContext(`{`+e+`}`, `"e:p": ["1", {"@value": "2", "@language": "de"}, {"@value": "3", "@type": "e:t"}, {"@value": true}, null, {"@value": null}, {"@value": 4, "@type": "e:n"}]`), []string{
			`<a> <p> "1"`, `<a> <p> "2"@de`, `<a> <p> "3"^^<t>`, `<a> <p> "4"^^<n>`, `<a> <p> "true"^^<xsd:boolean>`,
		}},
		{"numbers", withContext(`{`+e+`}`, `"e:p": [1, -0, 2.0, 1e2, 12345678901234567890, 1e21, 0.1, -1.5e-7, 1e400, -1e400]`), []string{
			`<a> <p> "-1.5E-7"^^<xsd:double>`, `<a> <p> "-INF"^^<xsd:double>`, `<a> <p> "0"^^<xsd:integer>`, `<a> <p> "1"^^<xsd:integer>`,
			`<a> <p> "1.0E-1"^^<xsd:double>`, `<a> <p> "1.0E21"^^<xsd:double>`, `<a> <p> "100"^^<xsd:integer>`,
			`<a> <p> "12345678901234567890"^^<xsd:integer>`, `<a> <p> "2"^^<xsd:integer>`, `<a> <p> "INF"^^<xsd:double>`,
		}},
		{"terms", withContext(`{`+e+`, "id": "@id", "type": "@type", "p": "e:p", "q": {"@id": "e:q", "@type": "@id"}, "d": {"@id": "e:d", "@type": "xsd:date"},
			"v": {"@id": "e:v", "@type": "@vocab"}, "n": {"@id": "e:n", "@type": "@none"}, "e:c": {"@type": "xsd:gYear"}, "off": null, "xsd": "`+XSD+`"}`,
			`"p": "1", "q": ["b", 2], "d": "3", "v": ["p", "x"], "n": "4", "e:c": "5", "off": "6", "https://example.org/r": {"id": "e:s", "type": "p"}`), []string{
			`<a> <c> "5"^^<xsd:gYear>`, `<a> <d> "3"^^<xsd:date>`, `<a> <n> "4"`, `<a> <p> "1"`,
			`<a> <q> <dir/b>`, `<a> <q> "2"^^<xsd:integer>`, "<a> <r> <s>", "<a> <v> <dir/x>", "<a> <v> <p>", "<s> <rdf:type> <p>",
		}},
		{"vocabulary, base and language", withContext(`[{"@vocab": "https://example.org/", "@base": "/x/", "@language": "de", "@version": 1.1}, {"r": {"@language": null}, "s": {"@language": "en"}}]`,
			`"p": "1", "q": {"@id": "b"}, "r": "2", "s": "3", "t": {"@value": "4"}`), []string{
			`<a> <p> "1"@de`, "<a> <q> <x/b>", `<a> <r> "2"`, `<a> <s> "3"@en`, `<a> <t> "4"`,
		}},
		{"inner contexts", withContext(`{"p": "https://example.org/p"}`, `"p": [{"@context": {"p": "https://example.org/q"}, "@id": "/b", "p": "1"}, {"@context": null, "@id": "/c", "p": "2"}, {"@id": "/d", "p": "3"}]`), []string{
			"<a> <p> <b>", "<a> <p> <c>", "<a> <p> <d>", `<b> <q> "1"`, `<d> <p> "3"`,
		}},
		{"containers", withContext(`{"@vocab": "https://example.org/", "p": {"@container": "@list"}, "q": {"@container": ["@language", "@set"]}, "r": {"@container": "@index"}, "s": {"@container": "@set"}, "none": "@none"}`,
			`"p": ["1"], "q": {"de": "2", "en": ["3", null], "none": "4"}, "r": {"x": "5", "y": {"@value": "6"}}, "s": {"@set": ["7"]}`), []string{
			`<a> <p> _:b1`, `<a> <q> "2"@de`, `<a> <q> "3"@en`, `<a> <q> "4"`, `<a> <r> "5"`, `<a> <r> "6"`, `<a> <s> "7"`,
			`_:b1 <rdf:first> "1"`, `_:b1 <rdf:rest> <rdf:nil>`,
		}},
		{"lists", withContext(`{`+e+`, "l": {"@id": "e:l", "@container": "@list"}}`, `"e:p": [{"@list": []}, {"@list": ["1", {"@id": "/b"}]}], "l": [["2"]]`), []string{
			"<a> <l> _:b4", "<a> <p> <rdf:nil>", "<a> <p> _:b2",
			"_:b1 <rdf:first> <b>", "_:b1 <rdf:rest> <rdf:nil>", `_:b2 <rdf:first> "1"`, "_:b2 <rdf:rest> _:b1",
			`_:b3 <rdf:first> "2"`, "_:b3 <rdf:rest> <rdf:nil>", "_:b4 <rdf:first> _:b3", "_:b4 <rdf:rest> <rdf:nil>",
		}},
		{"a list that no node has", `{"@list": ["1"]}`, nil},
		{"reverse", withContext(`{`+e+`, "of": {"@reverse": "e:p"}}`, `"of": {"@id": "/b"}, "@reverse": {"e:q": {"@id": "/c"}, "of": {"@id": "/d"}}, "@included": {"@id": "/e", "@type": "e:T"}`), []string{
			"<a> <p> <d>", "<b> <p> <a>", "<c> <q> <a>", "<e> <rdf:type> <T>",
		}},
		{"prefixes", withContext(`{"n": {"@id": "https://example.org/n", "@prefix": true}, "no": "https://example.org/no", "n:x": {"@id": "n:y"}, "@future": 1, "later": "@future", "last": {"@id": "later:x"}}`,
			`"n:p": "1", "no:p": "2", "n:x": "3", "later": "4", "last": "5", "@later": 6`), []string{
			`<a> <np> "1"`, `<a> <ny> "3"`, `<a> <later:x> "5"`, `<a> <no:p> "2"`,
		}},
	})
}

func TestJSONLDErrors(t *testing.T) {
	context := func(c string) string { return `{"@context": ` + c + `}` }
	value := func(v string) string { return `{"http://x/p": ` + v + `}` }
	checkErrors(t, "jsonld", []errorCase{
		{"", "line 1, column 1: unexpected end of JSON input"},
		{"{\n\"a\": x}", "line 2, column 7: invalid character 'x' looking for beginning of value"},
		{`{"a": 1, "a": 2}`, `line 1, column 10: key "a" twice in one object (RFC 7493, 2.3)`},
		{context("\n" + `"https://schema.org/"`), `line 2, column 1: context "https://schema.org/" is remote, and only inline contexts are read`},
		{context("1"), "line 1, column 14: a context is an object, not 1"},
		{context(`{"@vocab": 1}`), "line 1, column 25: @vocab is a string or null"},
		{context(`{"@import": "x"}`), "line 1, column 26: @import is not supported in a context"},
		{context(`{"": "x"}`), "line 1, column 19: a term cannot be empty"},
		{context(`{"a": "b:c", "b": "a:d"}`), `line 1, column 20: term "a" is defined by itself`},
		{context(`{"a": 1}`), `line 1, column 20: term "a" is a string, an object or null`},
		{context(`{"a": {"@id": 1}}`), `line 1, column 28: the IRI of term "a" is a string`},
		{context(`{"a": "b"}`), `line 1, column 20: term "a": "b" is no absolute IRI`},
		{context(`{"a": {}}`), `line 1, column 20: term "a" has no @id, and there is no @vocab`},
		{context(`{"a:b": {"@prefix": 1}}`), `line 1, column 34: term "a:b": @prefix is true or false`},
		{context(`{"a:b": {"@language": 1}}`), `line 1, column 36: term "a:b": @language is a string or null`},
		{context(`{"a:b": {"@context": {}}}`), `line 1, column 35: term "a:b": @context is not supported`},
		{context(`{"a:b": {"@container": "@id"}}`), `line 1, column 37: term "a:b": @container @id is not supported`},
		{context(`{"a:b": {"@type": 1}}`), `line 1, column 32: term "a:b": @type is a string`},
		{context(`{"a:b": {"@type": "@json"}}`), `line 1, column 32: term "a:b": @type "@json" is not supported, only @id, @vocab, @none and IRIs`},
		{`{"@context": {"id": "@id"}, "@id": "/a", "id": "/b"}`, "line 1, column 48: two keys for @id in one object"},
		{`{"@id": 1}`, "line 1, column 9: @id is a string"},
		{`{"@id": "@future", "@type": "x:y"}`, "line 1, column 29: subject <@future>: relative IRI"},
		{`{"@type": [1]}`, "line 1, column 12: @type is a string or an array of strings"},
		{`{"@id": "/g", "@graph": []}`, "line 1, column 1: @graph beside other keys makes a named graph, which is not supported"},
		{`{"@nest": {}}`, "line 1, column 11: @nest in a node is not supported"},
		{`{"@reverse": 1}`, "line 1, column 14: @reverse is an object"},
		{`{"@reverse": {"@id": "/a"}}`, "line 1, column 22: @id cannot stand in @reverse"},
		{`{"@reverse": {"http://x/p": "1"}}`, `line 1, column 29: subject "1": a subject is an IRI or a blank node`},
		{`{"@id": "", "_:p": 1}`, "line 1, column 20: predicate _:p of <https://example.org/>: a predicate is an IRI"},
		{value(`{"@value": 1, "@id": "/a"}`), "line 1, column 16: @id cannot stand beside @value"},
		{value(`{"@value": "", "@type": "x:y", "@language": "de"}`), "line 1, column 16: @type and @language cannot stand together beside @value"},
		{value(`{"@value": "", "@type": 1}`), "line 1, column 27: @type and @language are strings"},
		{value(`{"@value": 1, "@type": "@json"}`), "line 1, column 39: @type @json is not supported"},
		{value(`{"@value": 1, "@language": "de"}`), "line 1, column 27: @value is a string if it has a @language"},
		{value(`{"@value": []}`), "line 1, column 27: @value is a string, a number, true, false or null"},
		{value(`{"@list": [], "@id": "/a"}`), "line 1, column 37: @id cannot stand beside @list"},
		{value(`{"@set": [], "@type": "/a"}`), "line 1, column 38: @type cannot stand beside @set"},
		{`{"@context": {"x:p": {"@container": "@language"}}, "x:p": {"de": [1]}}`, `line 1, column 67: "de" in a language map is a string or an array of strings`},
	})
}
