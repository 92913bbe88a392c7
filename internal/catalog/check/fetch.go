package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/rdf"
)

// What GovData's harvester takes: pages below 50 MiB. It has no bound for the
// number of pages; we have.
const (
	maxBytes = 50 << 20
	maxPages = 1000
	patience = time.Minute
)

const tooLarge = "50 MiB or more: the harvester takes less"

// NeedAddress are the rules that only a catalogue on the web can break.
var NeedAddress = []string{"content-type", "head", "page", "paging", "status"}

// readable are the content types that GovData hands to rdflib, with the format
// that we read them as.
var readable = map[string]string{
	"text/turtle": "turtle", "turtle": "turtle", "text/n3": "turtle",
	"application/rdf+xml": "rdfxml", "xml": "rdfxml", "": "rdfxml", // without a type it tries RDF/XML
	"application/ld+json": "jsonld", "json-ld": "jsonld",
	"application/n-triples": "ntriples", "nt": "ntriples",
}

// others are types that GovData does not read, but we do, to say more.
var others = map[string]string{
	"application/xml": "rdfxml", "text/xml": "rdfxml", "application/json": "jsonld",
	"application/x-turtle": "turtle", "text/plain": "ntriples",
}

// harvest is the reading of a catalogue over HTTP.
type harvest struct {
	findings
	address *url.URL
	pages   []page
	kind    string // content type of the first page
}

// page is a page of a catalogue.
type page struct {
	address string
	body    []byte
	graph   *rdf.Graph
}

// Fetch reads the catalogue at an http or https address as GovData's harvester
// does, page by page, and applies all rules. The error says that nothing was
// found there to be judged.
func Fetch(ctx context.Context, address string) (Report, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return Report{}, fmt.Errorf("%s is no http or https address", address)
	}
	h := &harvest{address: u}
	for next := address; next != ""; {
		p, err := h.fetch(ctx, next)
		if err != nil && len(h.pages) == 0 {
			return Report{}, err
		}
		if err != nil {
			h.about(Violation, "page", next, "%v; the harvester imports nothing at all then", err)
			break
		}
		if len(h.pages) > 0 && bytes.Equal(p.body, h.pages[0].body) {
			h.about(Violation, "paging", next, "the first page again: the harvester stops here and deletes what would follow")
			break
		}
		h.pages = append(h.pages, p)
		next = h.next(p)
	}
	return h.report(), nil
}

// about adds a finding about an address.
func (h *harvest) about(s Severity, rule, address, format string, values ...any) {
	h.list = append(h.list, Finding{s, rule, "<" + address + ">", "", fmt.Sprintf(format, values...)})
}

// fetch reads one page.
func (h *harvest) fetch(ctx context.Context, address string) (page, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	head, err := h.ask(ctx, http.MethodHead, address)
	if err != nil {
		return page{}, err
	}
	head.Body.Close()
	h.checkHead(address, head)
	response, err := h.ask(ctx, http.MethodGet, address)
	if err != nil {
		return page{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBytes))
	if err != nil {
		return page{}, err
	}
	h.compare(address, head, response, len(body))
	if !h.checkBody(address, response, body) {
		return page{address: address, body: body, graph: &rdf.Graph{}}, nil
	}
	return page{address, body, h.parse(response, body)}, nil
}

// ask sends a request as the harvester does: HEAD follows no redirects, GET
// does, here on the same host only.
func (h *harvest) ask(ctx context.Context, method, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "*/*")
	request.Header.Set("Accept-Encoding", "identity") // so that lengths can be compared
	request.Header.Set("User-Agent", "zielstand catalog check")
	client := http.Client{CheckRedirect: func(to *http.Request, via []*http.Request) error {
		switch {
		case method == http.MethodHead:
			return http.ErrUseLastResponse
		case to.URL.Hostname() != h.address.Hostname():
			return fmt.Errorf("redirects to another host, %s, which is not asked", to.URL.Hostname())
		case len(via) >= 10:
			return errors.New("more than ten redirects")
		}
		return nil
	}}
	return client.Do(request)
}

// checkHead judges the answer to HEAD; any other error than these two, or a
// length that is not taken, ends the harvest.
func (h *harvest) checkHead(address string, head *http.Response) {
	switch {
	case head.StatusCode == http.StatusBadRequest || head.StatusCode == http.StatusMethodNotAllowed:
		h.about(Warning, "head", address, "HEAD is answered with %d: the harvester goes on with GET, link checkers may not", head.StatusCode)
	case head.StatusCode >= http.StatusBadRequest:
		h.about(Violation, "head", address, "HEAD is answered with %d: the harvester gives up", head.StatusCode)
	case head.ContentLength >= maxBytes:
		h.about(Violation, "size", address, "HEAD has the length %d, %s", head.ContentLength, tooLarge)
	}
}

// compare holds HEAD against GET (RFC 9110, 9.3.2).
func (h *harvest) compare(address string, head, get *http.Response, length int) {
	if head.StatusCode != http.StatusOK || get.StatusCode != http.StatusOK {
		return
	}
	if a, b := head.Header.Get("Content-Type"), get.Header.Get("Content-Type"); a != b {
		h.about(Warning, "head", address, "HEAD has the content type %q, GET %q", a, b)
	}
	if n := head.ContentLength; n >= 0 && n != int64(length) && length < maxBytes { // of more no more is read
		h.about(Warning, "head", address, "HEAD has the length %d, GET %d", n, length)
	}
}

// checkBody judges what GET gave and reports whether it is worth parsing.
func (h *harvest) checkBody(address string, response *http.Response, body []byte) bool {
	mediaType := mediaTypeOf(response)
	if len(h.pages) == 0 {
		h.kind = mediaType
	}
	switch {
	case response.StatusCode >= http.StatusMultipleChoices:
		h.about(Violation, "status", address, "GET is answered with %d; the harvester reads even that as the catalogue", response.StatusCode)
		return false
	case len(body) >= maxBytes:
		h.about(Violation, "size", address, tooLarge)
		return false
	case !utf8.Valid(body):
		h.about(Violation, "encoding", address, "not UTF-8")
		return false
	}
	if _, ok := readable[mediaType]; !ok {
		h.about(Violation, "content-type", address, "the harvester does not read %q", mediaType)
	}
	if mediaType != h.kind {
		h.about(Violation, "content-type", address, "%q, but the first page is %q, and the harvester keeps to that", mediaType, h.kind)
	}
	return readable[mediaType] != "" || others[mediaType] != ""
}

// mediaTypeOf is the content type up to the semicolon, as the harvester cuts it.
func mediaTypeOf(response *http.Response) string {
	mediaType, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(mediaType))
}

func (h *harvest) parse(response *http.Response, body []byte) *rdf.Graph {
	name := readable[mediaTypeOf(response)]
	if name == "" {
		name = others[mediaTypeOf(response)]
	}
	graph, err := read(name, body, response.Request.URL.String())
	if err != nil {
		h.about(Violation, "syntax", response.Request.URL.String(), "%s", firstLines(err))
	}
	return graph
}

// read parses a document in the format.
func read(name string, body []byte, base string) (*rdf.Graph, error) {
	format, _ := rdf.LookupFormat(name)
	graph, err := format.Read(body, base)
	if graph == nil {
		graph = &rdf.Graph{}
	}
	return graph, err
}

// firstLines keeps a long list of problems readable.
func firstLines(err error) string {
	const most = 3
	lines := strings.Split(err.Error(), "\n")
	if len(lines) <= most {
		return strings.Join(lines, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(lines[:most], "; "), len(lines)-most)
}

// report applies the rules to all pages as one graph.
func (h *harvest) report() Report {
	report := Graph(h.merge())
	h.split()
	report.Pages = len(h.pages)
	report.Findings = sorted(slices.Concat(h.list, report.Findings))
	return report
}

// merge joins the pages; blank nodes are local to theirs.
func (h *harvest) merge() *rdf.Graph {
	if len(h.pages) == 1 {
		return h.pages[0].graph
	}
	all := &rdf.Graph{}
	for i, p := range h.pages {
		own := func(t rdf.Term) rdf.Term {
			if t.IsBlank() {
				return rdf.Blank(fmt.Sprintf("p%d.%s", i+1, t.Text()))
			}
			return t
		}
		for _, t := range p.graph.Triples() {
			all.Add(own(t.Subject), t.Predicate, own(t.Object))
		}
	}
	return all
}
