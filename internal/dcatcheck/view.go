package dcatcheck

import (
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/rdf"
)

// prefixes are the namespaces that DCAT-AP.de catalogues use.
var prefixes = rdf.Prefixes{
	"adms":      "http://www.w3.org/ns/adms#",
	"dcat":      "http://www.w3.org/ns/dcat#",
	"dcatap":    "http://data.europa.eu/r5r/",
	"dcatde":    "http://dcat-ap.de/def/dcatde/",
	"dct":       "http://purl.org/dc/terms/",
	"foaf":      "http://xmlns.com/foaf/0.1/",
	"geodcatap": "http://data.europa.eu/930/",
	"hydra":     "http://www.w3.org/ns/hydra/core#",
	"locn":      "http://www.w3.org/ns/locn#",
	"odrl":      "http://www.w3.org/ns/odrl/2/",
	"org":       "http://www.w3.org/ns/org#",
	"owl":       "http://www.w3.org/2002/07/owl#",
	"prov":      "http://www.w3.org/ns/prov#",
	"rdfs":      rdf.RDFS,
	"skos":      "http://www.w3.org/2004/02/skos/core#",
	"spdx":      "http://spdx.org/rdf/terms#",
	"time":      "http://www.w3.org/2006/time#",
	"vcard":     "http://www.w3.org/2006/vcard/ns#",
	"xsd":       rdf.XSD,
}

// expand turns a name such as dct:title into a term.
func expand(name string) rdf.Term {
	prefix, local, _ := strings.Cut(name, ":")
	return rdf.IRI(prefixes[prefix] + local)
}

// abbreviate is the name of a property, or the whole IRI.
func abbreviate(property rdf.Term) string {
	iri := property.Text()
	for prefix, namespace := range prefixes { // no namespace begins with another
		if local, ok := strings.CutPrefix(iri, namespace); ok && !strings.ContainsAny(local, "/#") {
			return prefix + ":" + local
		}
	}
	return property.String()
}

// subclasses are the classes of FOAF, ORG and vCard whose instances count as
// those of a class.
var subclasses = map[string][]string{
	"foaf:Agent": {"foaf:Group", "foaf:Organization", "foaf:Person", "org:FormalOrganization", "org:Organization", "org:OrganizationalCollaboration", "org:OrganizationalUnit"},
	"vcard:Kind": {"vcard:Group", "vcard:Individual", "vcard:Location", "vcard:Organization"},
}

// view queries a graph by the names of classes and properties.
type view struct {
	*rdf.Graph
	byClass map[string][]rdf.Term
}

func newView(g *rdf.Graph) *view { return &view{g, map[string][]rdf.Term{}} }

// instances returns the nodes of the class, sorted; callers do not change it.
func (v *view) instances(class string) []rdf.Term {
	if nodes, ok := v.byClass[class]; ok {
		return nodes
	}
	nodes := v.Subjects(rdf.Type, expand(class))
	for _, sub := range subclasses[class] {
		nodes = append(nodes, v.Subjects(rdf.Type, expand(sub))...)
	}
	slices.SortFunc(nodes, rdf.Term.Compare)
	v.byClass[class] = slices.Compact(nodes)
	return v.byClass[class]
}

// is reports whether the node has the class.
func (v *view) is(node rdf.Term, class string) bool {
	for _, c := range append([]string{class}, subclasses[class]...) {
		if v.Has(node, rdf.Type, expand(c)) {
			return true
		}
	}
	return false
}

// values are the values of a property, sorted.
func (v *view) values(node rdf.Term, property string) []rdf.Term {
	return v.Objects(node, expand(property))
}

// with are the nodes that have any of the properties.
func (v *view) with(properties ...string) []rdf.Term {
	var nodes []rdf.Term
	for _, p := range properties {
		nodes = append(nodes, v.Subjects(expand(p), rdf.Term{})...)
	}
	slices.SortFunc(nodes, rdf.Term.Compare)
	return slices.Compact(nodes)
}
