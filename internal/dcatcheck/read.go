// SPDX-License-Identifier: EUPL-1.2

package dcatcheck

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/rdf"
)

// maxPage is the size of a page that GovData's harvester refuses.
const maxPage = 50 << 20

const tooLarge = "50 MiB or more: the harvester refuses it"

// NeedAddress lists the rules that only a catalogue on the web can break.
var NeedAddress = []string{"content-type", "head", "page", "paging", "status"}

// The formats that are read.
const (
	jsonLD   = "jsonld"
	nTriples = "ntriples"
)

var extensions = map[string]string{".nt": nTriples, ".jsonld": jsonLD, ".json": jsonLD}

// convertible are the suffixes of formats that a converter reads, with its name
// for them.
var convertible = map[string]string{".ttl": "turtle", ".n3": "turtle", ".rdf": "rdfxml", ".xml": "rdfxml", ".owl": "rdfxml"}

// converted explains how to check a document in another format.
func converted(format, what string) string {
	return fmt.Sprintf("convert it to N-Triples: rapper -i %s -o ntriples %s | zielstand catalog check -", format, what)
}

// File checks a catalogue in a file, whose suffix names the format. Pages that
// follow are not read.
func File(ctx context.Context, path string, l Limits) (Report, error) {
	suffix := strings.ToLower(filepath.Ext(path))
	format, ok := extensions[suffix]
	if name, known := convertible[suffix]; known {
		return Report{}, fmt.Errorf("%s: %s files are not read, only .jsonld, .json and .nt; %s", path, suffix, converted(name, path))
	}
	if !ok {
		return Report{}, fmt.Errorf("%s: the suffix must be .jsonld, .json or .nt", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return Report{}, err
	}
	defer file.Close()
	absolute, err := filepath.Abs(path)
	if err != nil {
		return Report{}, err
	}
	return read(ctx, file, document{format: format, base: "file://" + (&url.URL{Path: filepath.ToSlash(absolute)}).EscapedPath(), published: true}, l)
}

// Stream checks a catalogue that may have been converted: JSON-LD if it begins with a
// brace or bracket, else N-Triples. Its size is not the size of a page.
func Stream(ctx context.Context, r io.Reader, l Limits) (Report, error) {
	buffered := bufio.NewReader(r)
	format := nTriples
	for n := 1; ; n++ {
		start, err := buffered.Peek(n)
		if err != nil { // at its end, or nothing but spaces
			break
		}
		if c := start[n-1]; strings.IndexByte(" \t\r\n\uFEFF", c) < 0 { // or a byte order mark
			if c == '{' || c == '[' {
				format = jsonLD
			}
			break
		}
	}
	return read(ctx, buffered, document{format: format}, l)
}

// document is how to read a document.
type document struct {
	format, base string
	// published documents are those that a harvester would be given.
	published bool
}

// read checks a document.
func read(ctx context.Context, r io.Reader, d document, l Limits) (Report, error) {
	ctx, end := l.begin(ctx)
	defer end()
	found := newFindings(ctx)
	input := &counter{Reader: r, most: l.Bytes, err: l.bytesError()}
	g := &rdf.Graph{}
	err := parse(ctx, g, input, d.format, d.base, "")
	if input.read == 0 && err == nil {
		found.emptyBody("")
		return found.report(g, 1), nil
	}
	if d.published && input.read >= maxPage {
		found.about(Violation, "size", "", tooLarge)
		found.will(Stops)
	}
	if failed := found.unreadable("", err); failed != nil {
		return Report{}, failed
	}
	if found.notChecked == "" {
		found.terms(g)
		found.check(g)
	}
	if err := found.limited(); err != nil {
		return Report{}, err
	}
	return found.report(g, 1), nil
}

// parse reads a document in the format into the graph.
func parse(ctx context.Context, g *rdf.Graph, r io.Reader, format, base, scope string) error {
	if format == nTriples {
		return g.ReadNTriples(ctx, r, scope)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if len(content) == 0 {
		return nil // see emptyBody
	}
	return g.ReadJSONLD(ctx, content, base, scope)
}

// emptyBody reports a document without a byte.
func (f *findings) emptyBody(address string) {
	f.about(Violation, "empty", address, "the document is empty, 0 bytes: the harvester ends here, without an error, and neither imports nor deletes anything")
	f.will(Ends)
	f.notChecked = "there is nothing in the document"
}

// unreadable reports why a document was not read to its end. It returns the
// errors that have nothing to do with the catalogue.
func (f *findings) unreadable(address string, err error) error {
	if err == nil {
		return nil
	}
	if limit, ok := limited(err); ok {
		f.giveUp(limit)
		return nil
	}
	problem, ok := errors.AsType[*rdf.Error](err)
	switch {
	case !ok:
		return err
	case errors.Is(err, rdf.ErrUnsupported):
		f.giveUp(err.Error())
	case errors.Is(err, rdf.ErrUTF8):
		f.about(Violation, "encoding", address, "not UTF-8 (%v)", problem)
		f.will(Stops)
		f.notChecked = "the document is not UTF-8"
	default:
		f.about(Violation, "syntax", address, "%v", problem)
		f.will(Stops)
		f.notChecked = "after a syntax error the rest was not read"
	}
	return nil
}

// giveUp ends a check that cannot be finished; a harvester may go on.
func (f *findings) giveUp(why string) {
	f.notChecked = why
	if f.harvest != Stops && f.harvest != Ends {
		f.harvest = Unknown
	}
}

// limited gives up if a limit was reached while the rules were applied. It returns an
// error if the check was cancelled.
func (f *findings) limited() error {
	err := context.Cause(f.ctx)
	if limit, ok := limited(err); ok {
		f.giveUp(limit)
		return nil
	}
	return err
}

// terms reports the invalid terms that the graph stored.
func (f *findings) terms(g *rdf.Graph) {
	for _, err := range g.Errors() {
		f.about(Violation, "term", "", "%v", err)
	}
}

// Measure adds a finding if a document is larger than a harvester takes.
func (r *Report) Measure(name string, bytes int) {
	if bytes < maxPage {
		return
	}
	f := Finding{Violation, "size", "", "", name + ": " + tooLarge}
	r.Groups = append([]Group{{Violation, "size", "", 1, []Finding{f}}}, r.Groups...)
	r.Harvest = Stops
}

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

// subclasses are the classes of FOAF, ORG and vCard whose instances are also instances
// of a class.
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

// values returns the values of a property, sorted.
func (v *view) values(node rdf.Term, property string) []rdf.Term {
	return v.Objects(node, expand(property))
}

// with returns the nodes that have the property, sorted.
func (v *view) with(property string) []rdf.Term {
	return v.Subjects(expand(property), rdf.Term{})
}
