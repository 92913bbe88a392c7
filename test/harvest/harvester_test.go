// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
)

// harvester imports a catalogue as GovData's does (CKAN with ckanext-harvest,
// ckanext-dcat 2.3 and ckanext-dcatde 6.10). It follows their steps and not ours:
// it knows nothing of this project but an address.
type harvester struct {
	client *http.Client
	source string
	// resourcesRequired skips, or deletes, datasets without distribution.
	resourcesRequired bool
	// contributorID is added to each dataset that lacks it.
	contributorID string
	// datasets are the active datasets of the portal by GUID, including those of other
	// sources.
	datasets map[string]*imported
	// triples is the portal's triple store.
	triples map[rdf.Triple]bool
}

// imported is a dataset as CKAN keeps it.
type imported struct {
	source      string
	identifier  string
	modified    string
	fields      map[string][]string
	resources   map[string]map[string][]string
	contributor []string
}

// outcome is what a run did, by GUID.
type outcome struct{ added, changed, same, deleted, skipped []string }

func newHarvester(client *http.Client, source string) *harvester {
	return &harvester{client: client, source: source, datasets: map[string]*imported{}, triples: map[rdf.Triple]bool{}}
}

// maxFile is ckanext.dcat.max_file_size.
const maxFile = 50 << 20

// parsers are the content types that rdflib has a parser for.
var parsers = map[string]string{
	"text/turtle": "turtle", "turtle": "turtle", "text/n3": "turtle", "application/rdf+xml": "rdfxml", "xml": "rdfxml", "": "rdfxml",
	"application/ld+json": "jsonld", "json-ld": "jsonld", "application/n-triples": "ntriples", "nt": "ntriples",
}

// run gathers all pages and then imports. An error while gathering leaves all as
// it was.
func (h *harvester) run() (outcome, error) {
	seen := map[string]*imported{}
	pages, err := h.gather(seen)
	if err != nil {
		return outcome{}, fmt.Errorf("gather: %w", err)
	}
	var done outcome
	h.deleteVanished(seen, &done)
	for _, guid := range slices.Sorted(maps.Keys(seen)) {
		h.take(guid, seen[guid], &done)
	}
	for _, g := range pages {
		h.copyTriples(g)
	}
	return done, nil
}

// gather reads page after page; the type of the first is that of all.
func (h *harvester) gather(seen map[string]*imported) ([]*rdf.Graph, error) {
	var pages []*rdf.Graph
	var first, format string
	for address := h.source; address != ""; {
		body, contentType, err := h.load(address)
		if err != nil {
			return nil, err
		}
		switch {
		case pages == nil:
			first, format = body, parsers[contentType]
			if _, ok := parsers[contentType]; !ok {
				return nil, fmt.Errorf("no parser for %q", contentType)
			}
		case body == first:
			return pages, nil // the end, it thinks
		}
		g, err := rdftest.Parse(context.Background(), format, []byte(body), address)
		if err != nil {
			return nil, err
		}
		if err := h.datasetsOf(g, seen); err != nil {
			return nil, err
		}
		pages = append(pages, g)
		address = nextPage(g)
	}
	return pages, nil
}

// load sends HEAD without following redirects, then GET, whose status is not
// looked at.
func (h *harvester) load(address string) (body, contentType string, err error) {
	head, err := h.ask(http.MethodHead, address, true)
	if err != nil {
		return "", "", err
	}
	head.Body.Close()
	if head.StatusCode >= 400 && head.StatusCode != 400 && head.StatusCode != 405 {
		return "", "", fmt.Errorf("HEAD: %s", head.Status)
	}
	if head.ContentLength >= maxFile {
		return "", "", errors.New("HEAD: too large")
	}
	response, err := h.ask(http.MethodGet, address, false)
	if err != nil {
		return "", "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxFile))
	if err != nil {
		return "", "", err
	}
	if len(content) >= maxFile || !utf8.Valid(content) {
		return "", "", errors.New("GET: too large, or not UTF-8")
	}
	contentType, _, _ = strings.Cut(response.Header.Get("Content-Type"), ";")
	return string(content), contentType, nil
}

func (h *harvester) ask(method, address string, stay bool) (*http.Response, error) {
	request, err := http.NewRequest(method, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "*/*")
	request.Header.Set("User-Agent", "python-requests/2.32.3")
	client := *h.client
	if stay {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	return client.Do(request)
}

// nextPage searches in the order of ckanext-dcat and takes what it finds as it
// stands.
func nextPage(g *rdf.Graph) string {
	for _, class := range []string{"hydra:PartialCollectionView", "hydra:PagedCollection"} {
		for _, node := range g.Subjects(rdf.Type, term(class)) {
			for _, property := range []string{"hydra:next", "hydra:nextPage"} {
				for _, o := range g.Objects(node, term(property)) {
					return o.Text()
				}
			}
		}
	}
	return ""
}

// datasetsOf reads every node of the class dcat:Dataset, linked or not.
func (h *harvester) datasetsOf(g *rdf.Graph, seen map[string]*imported) error {
	for _, node := range g.Subjects(rdf.Type, term("dcat:Dataset")) {
		d := h.read(g, node)
		if len(d.fields["dct:title"]) == 0 {
			return fmt.Errorf("KeyError: 'title' (%s)", node)
		}
		guid := d.identifier
		if node.IsIRI() {
			guid = node.Text()
		}
		seen[guid] = d
	}
	return nil
}

// read makes CKAN's dataset of a node.
func (h *harvester) read(g *rdf.Graph, node rdf.Term) *imported {
	d := &imported{source: h.source, fields: map[string][]string{}, resources: map[string]map[string][]string{}}
	for _, t := range g.Match(node, rdf.Term{}, rdf.Term{}) {
		name := short(t.Predicate)
		d.fields[name] = append(d.fields[name], text(g, t.Object))
	}
	d.identifier = strings.Join(d.fields["dct:identifier"], "")
	d.modified = strings.Join(d.fields["dct:modified"], "")
	d.contributor = slices.Clone(d.fields["dcatde:contributorID"])
	if h.contributorID != "" && !slices.Contains(d.contributor, h.contributorID) {
		d.contributor = append(d.contributor, h.contributorID)
	}
	for _, distribution := range g.Objects(node, term("dcat:distribution")) {
		resource := map[string][]string{}
		for _, t := range g.Match(distribution, rdf.Term{}, rdf.Term{}) {
			resource[short(t.Predicate)] = append(resource[short(t.Predicate)], text(g, t.Object))
		}
		if len(resource["dct:license"]) == 0 {
			resource["dct:license"] = []string{closed}
		}
		d.resources[distribution.Text()] = resource
	}
	return d
}

// closed is ckanext.dcatde.harvest.default_license.
const closed = "http://dcat-ap.de/def/licenses/other-closed"

// text is a literal, or a label of the IRI if the graph has one, or the IRI.
func text(g *rdf.Graph, t rdf.Term) string {
	for _, l := range g.Objects(t, term("rdfs:label")) {
		return l.Text()
	}
	return t.Text()
}

func short(property rdf.Term) string {
	for _, prefix := range []string{"dcat:", "dct:", "dcatde:", "spdx:", "foaf:"} {
		if local, ok := strings.CutPrefix(property.Text(), term(prefix).Text()); ok {
			return prefix + local
		}
	}
	return property.Text()
}

// deleteVanished deletes what an earlier run had of this source and this one did
// not see.
func (h *harvester) deleteVanished(seen map[string]*imported, done *outcome) {
	for _, guid := range slices.Sorted(maps.Keys(h.datasets)) {
		if _, there := seen[guid]; !there && h.datasets[guid].source == h.source {
			h.remove(guid, done)
		}
	}
}

func (h *harvester) remove(guid string, done *outcome) {
	delete(h.datasets, guid)
	done.deleted = append(done.deleted, guid)
}

// take imports a dataset unless a rule of GovData's is against it.
func (h *harvester) take(guid string, d *imported, done *outcome) {
	before, known := h.datasets[guid]
	if h.resourcesRequired && len(d.resources) == 0 {
		done.skipped = append(done.skipped, guid)
		if known {
			h.remove(guid, done)
		}
		return
	}
	if h.losesToDuplicate(guid, d, done) {
		done.skipped = append(done.skipped, guid)
		return
	}
	h.datasets[guid] = d
	switch {
	case !known:
		done.added = append(done.added, guid)
	case before.equal(d):
		done.same = append(done.same, guid)
	default:
		done.changed = append(done.changed, guid)
	}
}

// losesToDuplicate compares with active datasets of the same identifier under
// another GUID: the newer stays, the other is deleted.
func (h *harvester) losesToDuplicate(guid string, d *imported, done *outcome) bool {
	for _, other := range slices.Sorted(maps.Keys(h.datasets)) {
		if other == guid || d.identifier == "" || h.datasets[other].identifier != d.identifier {
			continue
		}
		if !newer(d.modified, h.datasets[other].modified) {
			return true
		}
		h.remove(other, done)
	}
	return false
}

// newer reports whether date a is after b; one that cannot be read loses.
func newer(a, b string) bool {
	x, errX := parseDate(a)
	y, errY := parseDate(b)
	return errX == nil && (errY != nil || x.After(y))
}

func parseDate(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	return time.Parse(time.DateOnly, s)
}

func (d *imported) equal(other *imported) bool {
	return maps.EqualFunc(d.fields, other.fields, slices.Equal) && slices.Equal(d.contributor, other.contributor) &&
		maps.EqualFunc(d.resources, other.resources, func(a, b map[string][]string) bool { return maps.EqualFunc(a, b, slices.Equal) })
}

// copyTriples cuts each dataset's graph out of the page, deletes what the store
// has of it, and inserts it.
func (h *harvester) copyTriples(g *rdf.Graph) {
	for _, node := range g.Subjects(rdf.Type, term("dcat:Dataset")) {
		for _, t := range h.stored(node) {
			delete(h.triples, t)
		}
		for _, t := range cut(func(s rdf.Term) []rdf.Triple { return g.Match(s, rdf.Term{}, rdf.Term{}) }, node) {
			h.triples[t] = true
		}
	}
}

// stored is the graph of a dataset as the triple store has it.
func (h *harvester) stored(node rdf.Term) []rdf.Triple {
	bySubject := map[rdf.Term][]rdf.Triple{}
	for t := range h.triples {
		bySubject[t.Subject] = append(bySubject[t.Subject], t)
	}
	return cut(func(s rdf.Term) []rdf.Triple { return bySubject[s] }, node)
}

// cut follows every property, however far it leads: the path (<>|!<>)*.
func cut(of func(rdf.Term) []rdf.Triple, node rdf.Term) []rdf.Triple {
	var all []rdf.Triple
	seen := map[rdf.Term]bool{node: true}
	for queue := []rdf.Term{node}; len(queue) > 0; queue = queue[1:] {
		for _, t := range of(queue[0]) {
			all = append(all, t)
			if !seen[t.Object] && !t.Object.IsLiteral() {
				seen[t.Object] = true
				queue = append(queue, t.Object)
			}
		}
	}
	slices.SortFunc(all, func(a, b rdf.Triple) int { return cmp.Or(a.Compare(b)) })
	return all
}
