// SPDX-License-Identifier: EUPL-1.2

package dcatcheck

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/zielstand/zielstand/internal/rdf"
)

//go:embed properties.txt
var propertiesFile string

// property is a line of properties.txt.
type property struct {
	class, name string
	need        string // must, should, may
	once        bool
	kind        string // literal, node, page, iri
	of          string // class of the nodes
	datatype    string
	list        string // list that the IRIs are of
	// leniently means that a wrong of or list is only a warning.
	leniently bool
}

var properties = sync.OnceValue(func() []property {
	all, err := parseProperties(propertiesFile)
	if err != nil {
		panic(err) // embedded
	}
	return all
})

func parseProperties(text string) ([]property, error) {
	var all []property
	n := 0
	for line := range strings.Lines(text) {
		n++
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		p, err := parseProperty(words)
		if err != nil {
			return nil, fmt.Errorf("properties.txt, line %d: %w", n, err)
		}
		all = append(all, p)
	}
	return all, nil
}

func parseProperty(words []string) (property, error) {
	if len(words) < 5 {
		return property{}, fmt.Errorf("%d words, want at least 5", len(words))
	}
	p := property{class: words[0], name: words[1], need: words[2], once: words[3] == "one", kind: words[4]}
	for _, word := range words[5:] {
		name, value, _ := strings.Cut(word, "=")
		name, p.leniently = strings.TrimSuffix(name, "?"), strings.HasSuffix(name, "?")
		switch name {
		case "class":
			p.of = value
		case "type":
			p.datatype = value
		case "in":
			p.list = value
		default:
			return p, fmt.Errorf("unknown word %q", word)
		}
	}
	return p, nil
}

// severity is the severity of a node that has another class or is on another list.
func (p property) severity() Severity {
	if p.leniently {
		return Warning
	}
	return Violation
}

// mandatory requires the properties that an instance of a class must have.
func mandatory(v *view, f *findings) {
	for _, p := range properties() {
		if p.need != "must" {
			continue
		}
		for _, node := range v.instances(p.class) {
			if len(v.values(node, p.name)) == 0 {
				f.add(Violation, node, p.name, "a %s must have it%s", p.class, consequences[p.class+" "+p.name])
				if p.class == "dcat:Dataset" && p.name == "dct:title" {
					f.will(Stops)
				}
			}
		}
	}
}

// consequences are the consequences of missing properties.
var consequences = map[string]string{
	"dcat:Dataset dct:title":            "; a harvester stops with an error at a dataset without a title",
	"dcat:Dataset dct:identifier":       "; duplicates are found by it (K25)",
	"dcat:Dataset dct:modified":         "; of two duplicates, the newer is kept and one without a date is dropped (K40)",
	"dcat:Dataset dcatde:contributorID": "; GovData asks for it (K12)",
	"dcat:Dataset dcat:keyword":         "; GovData's dashboard counts it as missing",
	"dcat:Dataset dcat:distribution":    "; datasets without one are skipped or deleted if the source is set to resources_required",
	"dcat:Distribution dct:license":     "; GovData shows it as closed without it",
}

// recommended requires the properties that an instance of a class should have.
func recommended(v *view, f *findings) {
	for _, p := range properties() {
		if p.need != "should" {
			continue
		}
		for _, node := range v.instances(p.class) {
			if len(v.values(node, p.name)) == 0 {
				f.add(Warning, node, p.name, "a %s should have it%s", p.class, consequences[p.class+" "+p.name])
			}
		}
	}
}

// once reports a second value of a property that allows at most one.
func once(v *view, f *findings) {
	for _, p := range properties() {
		if !p.once {
			continue
		}
		for _, node := range v.instances(p.class) {
			if n := len(v.values(node, p.name)); n > 1 {
				f.add(Violation, node, p.name, "a %s may have only one, found %d", p.class, n)
			}
		}
	}
}

// kind requires a literal, an IRI or a node, as properties.txt has it.
func kind(v *view, f *findings) {
	eachValue(v, func(p property, node, value rdf.Term) {
		switch {
		case p.kind == "literal" && !value.IsLiteral():
			f.add(Violation, node, p.name, "%s is not a literal", value)
		case p.kind == "iri" && !value.IsIRI():
			f.add(Violation, node, p.name, "%s is not an IRI", value)
		case (p.kind == "node" || p.kind == "page") && value.IsLiteral():
			f.add(Violation, node, p.name, "%s is a literal where an IRI belongs", value)
		case p.kind == "page" && value.IsBlank():
			f.add(Warning, node, p.name, "a blank node; an IRI is better")
		}
	})
}

// class requires that a node linked to is described with its class.
func class(v *view, f *findings) {
	eachValue(v, func(p property, node, value rdf.Term) {
		if p.of != "" && !v.is(value, p.of) {
			f.add(p.severity(), node, p.name, "%s is not described as a %s", value, p.of)
		}
	})
}

// lexical are the forms of the datatypes in properties.txt (XSD 1.1, part 2).
var lexical = map[string]*regexp.Regexp{
	"xsd:decimal":            regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$`),
	"xsd:duration":           regexp.MustCompile(`^-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$`),
	"xsd:hexBinary":          regexp.MustCompile(`^([0-9A-Fa-f]{2})*$`),
	"xsd:nonNegativeInteger": regexp.MustCompile(`^(\+?[0-9]+|-0+)$`),
}

// datatype requires literals of the datatype, in a form that it has.
func datatype(v *view, f *findings) {
	eachValue(v, func(p property, node, value rdf.Term) {
		if p.datatype == "" {
			return
		}
		if value.Datatype() != expand(p.datatype).Text() || !lexical[p.datatype].MatchString(value.Text()) {
			f.add(Violation, node, p.name, "%s is not a valid %s", value, p.datatype)
		}
	})
}

// list requires IRIs of the list of allowed values.
func list(v *view, f *findings) {
	eachValue(v, func(p property, node, value rdf.Term) {
		if p.list == "" {
			return
		}
		if l := codeListOf(p.list); !l.has(value) {
			f.add(p.severity(), node, p.name, "%s is not in the list %s…%s", value, l.base, l.advice(value))
		}
	})
}

// eachValue visits the values of all properties in properties.txt.
func eachValue(v *view, visit func(p property, node, value rdf.Term)) {
	for _, p := range properties() {
		for _, node := range v.instances(p.class) {
			for _, value := range v.values(node, p.name) {
				visit(p, node, value)
			}
		}
	}
}
