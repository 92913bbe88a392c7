package rdf

import "testing"

// inRDF wraps the content of a document in rdf:RDF.
func inRDF(content string) string {
	return `<?xml version="1.0"?><rdf:RDF xmlns:rdf="` + RDF + `" xmlns:e="` + ex + `">` + "\n" + content + "</rdf:RDF>"
}

func TestReadRDFXML(t *testing.T) {
	checkRead(t, "rdfxml", []readCase{
		{"nothing", inRDF(" <!-- a comment --> "), nil},
		{"one node alone", `<!-- x --><Book xmlns="` + ex + `" xmlns:e="` + ex + `" e:title="t"/>`, []string{`_:b1 <rdf:type> <Book>`, `_:b1 <title> "t"`}},
		{"names of nodes", inRDF(`<e:A rdf:about="a"/><e:B rdf:ID="b"/><e:C rdf:nodeID="c"/><e:D/><rdf:Description/>`), []string{
			"<dir/a> <rdf:type> <A>", "<dir/doc#b> <rdf:type> <B>", "_:b1 <rdf:type> <D>", "_:c <rdf:type> <C>",
		}},
		{"property attributes", inRDF(`<rdf:Description e:p="1" rdf:type="T" xml:lang="de" xmlfoo="x" rdf:about=""/>`), []string{
			"<dir/doc> <rdf:type> <dir/T>", `<dir/doc> <p> "1"@de`,
		}},
		{"literals", inRDF(`<rdf:Description rdf:about="/a"><e:p>x<!-- c -->&lt;<![CDATA[<]]></e:p><e:q> </e:q><e:r/><e:s rdf:datatype="t"></e:s></rdf:Description>`), []string{
			`<a> <p> "x<<"`, `<a> <q> " "`, `<a> <r> ""`, `<a> <s> ""^^<dir/t>`,
		}},
		{"line ends", inRDF("<rdf:Description rdf:about='/a'><e:p>1\r\n2\r3&#xD;</e:p></rdf:Description>"), []string{`<a> <p> "1\n2\n3\r"`}},
		{"languages", inRDF(`<rdf:Description rdf:about="/a" xml:lang="de"><e:p>1</e:p><e:q xml:lang="en">2</e:q><e:r xml:lang="">3</e:r><e:s rdf:datatype="t">4</e:s></rdf:Description>`), []string{
			`<a> <p> "1"@de`, `<a> <q> "2"@en`, `<a> <r> "3"`, `<a> <s> "4"^^<dir/t>`,
		}},
		{"base", inRDF(`<rdf:Description xml:base="/x/y#z" rdf:ID="a"><e:p rdf:resource="b"/><e:q xml:base="c/" rdf:resource="d"/></rdf:Description>`), []string{
			"<x/y#a> <p> <x/b>", "<x/y#a> <q> <x/c/d>",
		}},
		{"resources", inRDF(`<rdf:Description rdf:about="/a"><e:p rdf:resource="b"> </e:p><e:q rdf:nodeID="b1"/><e:r e:s="1"/><e:t><e:T rdf:about="/t"/></e:t></rdf:Description>`), []string{
			"<a> <p> <dir/b>", "<a> <q> _:b1", "<a> <r> _:b2", "<a> <t> <t>", "<t> <rdf:type> <T>", `_:b2 <s> "1"`,
		}},
		{"parse types", inRDF(`<rdf:Description rdf:about="/a"><e:p rdf:parseType="Resource"><e:q>1</e:q></e:p><e:r rdf:parseType="Collection"><e:A rdf:about="/x"/><rdf:Description rdf:about="/y"/></e:r><e:s rdf:parseType="Collection"/></rdf:Description>`), []string{
			"<a> <p> _:b1", "<a> <r> _:b3", "<a> <s> <rdf:nil>", "<x> <rdf:type> <A>", `_:b1 <q> "1"`,
			"_:b2 <rdf:first> <y>", "_:b2 <rdf:rest> <rdf:nil>", "_:b3 <rdf:first> <x>", "_:b3 <rdf:rest> _:b2",
		}},
		{"XML literals", inRDF(`<rdf:Description rdf:about="/a"><e:p rdf:parseType="Literal" xmlns="http://x/"><b z="&#9;" e:y="&lt;"><i xmlns=""/>&amp;&gt;<!--c--><?pi x?></b></e:p></rdf:Description>`), []string{
			`<a> <p> "<b xmlns=\"http://x/\" xmlns:e=\"https://example.org/\" z=\"&#x9;\" e:y=\"&lt;\"><i xmlns=\"\"></i>&amp;&gt;<!--c--><?pi x?></b>"^^<rdf:XMLLiteral>`,
		}},
		{"members", inRDF(`<rdf:Seq rdf:about="/a"><rdf:li>1</rdf:li><rdf:_7>7</rdf:_7><rdf:li rdf:resource="/b"/></rdf:Seq>`), []string{
			"<a> <rdf:type> <rdf:Seq>", `<a> <rdf:_1> "1"`, "<a> <rdf:_2> <b>", `<a> <rdf:_7> "7"`,
		}},
		{"reification", inRDF(`<rdf:Description rdf:about="/a"><e:p rdf:ID="s">1</e:p></rdf:Description>`), []string{
			`<a> <p> "1"`, "<dir/doc#s> <rdf:type> <rdf:Statement>", `<dir/doc#s> <rdf:object> "1"`,
			"<dir/doc#s> <rdf:predicate> <p>", "<dir/doc#s> <rdf:subject> <a>",
		}},
		{"entities", `<!DOCTYPE rdf:RDF [<!ENTITY e "` + ex + `"><!ENTITY x 'y'>]>` + inRDF(`<e:A rdf:about="&e;a" e:p="&x;"/>`), []string{
			"<a> <rdf:type> <A>", `<a> <p> "y"`,
		}},
	})
}

func TestRDFXMLErrors(t *testing.T) {
	in := func(property string) string { return inRDF("<rdf:Description>\n" + property + "</rdf:Description>") }
	checkErrors(t, "rdfxml", []errorCase{
		{"", "line 1, column 1: no element in the document"},
		{"<a>\n<b></a>", "line 2, column 4: </a> where </b> was expected"},
		{"<a/></b>", "line 1, column 5: </b> closes nothing"},
		{"<a/><b/>", "line 1, column 5: a second root element"},
		{"<a/>x", "line 1, column 5: text outside the root element"},
		{"<a>\n <b>", "line 2, column 2: element b is not closed"},
		{"<a b=c>", "line 1, column 7: unquoted or missing attribute value in element"},
		{"<a>&x;</a>", "line 1, column 7: invalid character entity &x;"},
		{"<a>\x01</a>", "line 1, column 5: illegal character code U+0001"},
		{"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", `line 1, column 1: xml: opening charset "ISO-8859-1": encoding ISO-8859-1 is not read, only UTF-8`},
		{"<x:a/>", "line 1, column 1: prefix x: of x:a is not declared"},
		{"<a x:b=''/>", "line 1, column 1: prefix x: of x:b is not declared"},
		{"<a b='' b=''/>", "line 1, column 1: attribute b twice"},
		{"<a xmlns:x='http://x/' xmlns:x='http://y/'/>", "line 1, column 1: attribute xmlns:x twice"},
		{"<a xmlns:x=''/>", "line 1, column 1: prefix x: is declared without a namespace"},
		{"<a :b=''/>", "line 1, column 1: :b is no qualified name"},
		{"<a/>", "line 1, column 1: a has no namespace, so it is no IRI (RDF/XML, 6.1.2)"},
		{inRDF("x"), `line 1, column 22: text "x" in rdf:RDF, which holds elements only`},
		{`<r:RDF xmlns:r="` + RDF + `" r:about=""/>`, "line 1, column 1: attribute r:about on r:RDF (RDF/XML, 7.2.9)"},
		{inRDF("<rdf:li/>"), "line 2, column 1: rdf:li is no name for a node (RDF/XML, 7.2.5)"},
		{inRDF(`<e:A rdf:ID="a" rdf:about="b"/>`), "line 2, column 1: only one of rdf:about, rdf:ID and rdf:nodeID (RDF/XML, 7.2.11)"},
		{inRDF(`<e:A rdf:ID="a"/><e:A rdf:ID="a"/>`), `line 2, column 18: rdf:ID "a" twice (RDF/XML, 5.4)`},
		{inRDF(`<e:A rdf:ID="1"/>`), `line 2, column 1: rdf:ID "1" is no XML name (RDF/XML, 7.2.34)`},
		{inRDF(`<e:A rdf:nodeID="a b"/>`), `line 2, column 1: rdf:nodeID "a b" is no XML name (RDF/XML, 7.2.34)`},
		{inRDF(`<e:A about="b"/>`), "line 2, column 1: attribute about without its namespace: write rdf:about (RDF/XML, 6.1.4)"},
		{inRDF(`<e:A title="b"/>`), "line 2, column 1: attribute title has no namespace, so it is no IRI (RDF/XML, 6.1.4)"},
		{inRDF(`<e:A rdf:resource="b"/>`), "line 2, column 1: attribute rdf:resource cannot stand on e:A (RDF/XML, 7.2.7)"},
		{in("x"), `line 2, column 1: text "x" in rdf:Description, which holds elements only`},
		{in("<p/>"), "line 3, column 1: p has no namespace, so it is no IRI (RDF/XML, 6.1.2)"},
		{in("<rdf:Description/>"), "line 3, column 1: rdf:Description is no name for a property (RDF/XML, 7.2.6)"},
		{in("<e:p e:q=''>x</e:p>"), "line 3, column 1: attribute e:q cannot stand on e:p, which holds text (RDF/XML, 7.2.16)"},
		{in("<e:p e:q=''><e:A/></e:p>"), "line 3, column 1: attribute e:q cannot stand on e:p, which holds a node (RDF/XML, 7.2.15)"},
		{in("<e:p><e:A/><e:A/></e:p>"), "line 3, column 12: a second node in e:p (RDF/XML, 7.2.15)"},
		{in("<e:p>x<e:A/></e:p>"), `line 3, column 1: text "x" in e:p, which holds elements only`},
		{in("<e:p rdf:resource='a' rdf:nodeID='b'/>"), "line 3, column 1: only one of rdf:resource and rdf:nodeID (RDF/XML, 7.2.21)"},
		{in("<e:p rdf:nodeID=''/>"), `line 3, column 1: rdf:nodeID "" is no XML name (RDF/XML, 7.2.34)`},
		{in("<e:p rdf:parseType='Resource' rdf:resource='a'/>"), "line 3, column 1: attribute rdf:resource cannot stand on e:p, which has rdf:parseType (RDF/XML, 7.2.17)"},
		{in("<e:p rdf:parseType='Collection'>x</e:p>"), `line 3, column 1: text "x" in e:p, which holds elements only`},
		{in("<e:p rdf:parseType='Collection'><rdf:li/></e:p>"), "line 3, column 33: rdf:li is no name for a node (RDF/XML, 7.2.5)"},
		{in("<e:p rdf:ID='1'/>"), `line 3, column 1: rdf:ID "1" is no XML name (RDF/XML, 7.2.34)`},
	})
}
