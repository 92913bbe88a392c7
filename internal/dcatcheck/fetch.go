// SPDX-License-Identifier: EUPL-1.2

package dcatcheck

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/rdf"
)

// parsed are the content types that GovData hands to rdflib, with our name for
// the format.
var parsed = map[string]string{
	"text/turtle": "turtle", "turtle": "turtle", "text/n3": "turtle",
	"application/rdf+xml": "rdfxml", "xml": "rdfxml", "": "rdfxml", // without a type, GovData tries RDF/XML
	"application/ld+json": jsonLD, "json-ld": jsonLD,
	"application/n-triples": nTriples, "nt": nTriples,
}

// others are types that GovData does not read, but we do, to report more.
var others = map[string]string{"application/json": jsonLD, "text/plain": nTriples}

// harvest is the reading of a catalogue over HTTP.
type harvest struct {
	*findings
	limits  Limits
	address *url.URL
	kind    string            // content type of the first page
	first   [sha256.Size]byte // of the first page
	pages   []string          // addresses
	bytes   int64             // read so far
	graph   *rdf.Graph        // of all pages

	home    map[rdf.Term]string // page of each dataset
	missing []part              // parts that their page does not describe
}

// Fetch reads the catalogue at an http or https address page by page, as GovData's
// harvester does, and applies all rules. It returns an error if there was nothing to
// check, or if ctx was cancelled.
func Fetch(ctx context.Context, address string, l Limits) (Report, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return Report{}, fmt.Errorf("%q is not an http or https address", address)
	}
	ctx, end := l.begin(ctx)
	defer end()
	h := &harvest{findings: newFindings(ctx), limits: l, address: u, graph: &rdf.Graph{}, home: map[rdf.Term]string{}}
	for next := address; next != ""; {
		following, err := h.page(next)
		if limit, ok := limited(err); ok {
			h.giveUp(limit)
			break
		}
		if broken, ok := errors.AsType[brokenAnswer](err); ok {
			err = broken
			if len(h.pages) == 0 {
				h.notChecked = string(broken)
			}
		} else if err != nil && len(h.pages) == 0 {
			return Report{}, err
		}
		if err != nil {
			h.about(Violation, "page", next, "%v: the harvester stops with an error and imports none of the pages", err)
			h.will(Stops)
			break
		}
		next = following
	}
	if h.notChecked == "" {
		h.terms(h.graph)
		h.check(h.graph)
		h.elsewhere()
	}
	if err := h.limited(); err != nil {
		return Report{}, err
	}
	return h.report(h.graph, len(h.pages)), nil
}

// brokenAnswer is why an answer has no body that could be read.
type brokenAnswer string

// Error returns the reason.
func (b brokenAnswer) Error() string { return string(b) }

// maxRedirects is the limit of the library that the harvester uses, requests.
const maxRedirects = 30

// page reads a page and returns the address of the next one.
func (h *harvest) page(address string) (next string, err error) {
	ctx, cancel := context.WithTimeoutCause(h.ctx, h.limits.PageTime, h.limits.pageTimeError())
	defer cancel()
	defer func() {
		if err != nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
	}()
	head, err := h.ask(ctx, http.MethodHead, address)
	if err != nil {
		return "", err
	}
	head.Body.Close()
	refused := h.checkHead(address, head)
	response, err := h.ask(ctx, http.MethodGet, address)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	most := min(maxPage, h.limits.Bytes-h.bytes+1)
	body, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return "", brokenAnswer(fmt.Sprintf("GET is answered with %d, but the transfer breaks off after %d bytes: %v", response.StatusCode, len(body), err))
	}
	if h.bytes += int64(len(body)); h.bytes > h.limits.Bytes {
		return "", h.limits.bytesError()
	}
	h.compare(address, head, response, len(body))
	return h.take(ctx, address, response, body, refused)
}

// ask sends a request as the harvester does: HEAD follows no redirects, GET
// does, here on the same host and port only. It prefers the formats that we
// read.
func (h *harvest) ask(ctx context.Context, method, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/ld+json, application/n-triples;q=0.9, */*;q=0.1")
	request.Header.Set("Accept-Encoding", "identity") // so that lengths can be compared
	request.Header.Set("User-Agent", "zielstand catalog check")
	client := http.Client{CheckRedirect: func(to *http.Request, via []*http.Request) error {
		switch {
		case method == http.MethodHead:
			return http.ErrUseLastResponse
		case !sameHost(to.URL, h.address):
			return fmt.Errorf("redirects to another host or port, %s, which is not followed", to.URL.Host)
		case len(via) > maxRedirects:
			return brokenAnswer(fmt.Sprintf("GET is redirected more than %d times, last to %s", maxRedirects, to.URL))
		}
		return nil
	}}
	return client.Do(request)
}

// sameHost compares host and port. The default ports of http and https count as
// the same: many addresses redirect from one to the other.
func sameHost(a, b *url.URL) bool {
	return strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		return p
	}
	return ""
}

// checkHead judges the answer to HEAD and reports whether the harvester stops.
func (h *harvest) checkHead(address string, head *http.Response) (refused bool) {
	switch {
	case head.StatusCode == http.StatusBadRequest || head.StatusCode == http.StatusMethodNotAllowed:
		h.about(Warning, "head", address, "HEAD is answered with %d: the harvester continues with GET, but link checkers may not", head.StatusCode)
	case head.StatusCode >= http.StatusBadRequest:
		h.about(Violation, "head", address, "HEAD is answered with %d: the harvester stops with an error", head.StatusCode)
		h.will(Stops)
		return true
	case head.ContentLength >= maxPage:
		h.about(Violation, "size", address, "HEAD has the length %d, %s", head.ContentLength, tooLarge)
		h.will(Stops)
	}
	return false
}

// compare compares HEAD with GET (RFC 9110, section 9.3.2).
func (h *harvest) compare(address string, head, get *http.Response, length int) {
	if head.StatusCode != http.StatusOK || get.StatusCode != http.StatusOK {
		return
	}
	if a, b := head.Header.Get("Content-Type"), get.Header.Get("Content-Type"); a != b {
		h.about(Warning, "head", address, "HEAD has the content type %q, GET %q", a, b)
	}
	if n := head.ContentLength; n >= 0 && n != int64(length) && length < maxPage { // no more than maxPage is read
		h.about(Warning, "head", address, "HEAD has the length %d, GET %d", n, length)
	}
}

// take checks and reads the body of a page, and returns the address of the next
// page.
func (h *harvest) take(ctx context.Context, address string, response *http.Response, body []byte, refused bool) (next string, err error) {
	isFirst := len(h.pages) == 0
	h.pages = append(h.pages, address)
	sum := sha256.Sum256(body)
	if !isFirst && sum == h.first {
		h.pages = h.pages[:len(h.pages)-1]
		h.firstAgain(address)
		return "", nil
	}
	mediaType := mediaTypeOf(response)
	if isFirst {
		h.first, h.kind = sum, mediaType
	}
	if response.StatusCode >= http.StatusBadRequest {
		if refused {
			h.about(Violation, "status", address, "GET is answered with %d", response.StatusCode)
			h.notChecked = fmt.Sprintf("GET is answered with %d", response.StatusCode)
			return "", nil
		}
		h.about(Violation, "status", address, "GET is answered with %d; the harvester reads the body as the catalogue anyway", response.StatusCode)
	}
	if !h.checkBody(address, body) {
		return "", nil
	}
	if !h.checkType(address, mediaType) {
		return "", nil
	}
	return h.parse(ctx, address, response, body)
}

// firstAgain reports a page like the first one, which the harvester takes for
// the end.
func (h *harvest) firstAgain(address string) {
	h.about(Warning, "paging", address, "the same content as the first page: the harvester takes it for the end, and deletes datasets that only further pages list")
}

// checkBody reports whether the body can be read at all.
func (h *harvest) checkBody(address string, body []byte) bool {
	switch {
	case len(body) == 0:
		h.emptyBody(address)
	case len(body) >= maxPage:
		h.about(Violation, "size", address, tooLarge)
		h.will(Stops)
		h.notChecked = "the page is too large"
	case !utf8.Valid(body):
		h.about(Violation, "encoding", address, "not UTF-8: the harvester stops with an error")
		h.will(Stops)
		h.notChecked = "the page is not UTF-8"
	default:
		return true
	}
	return false
}

// checkType reports whether we read the content type.
func (h *harvest) checkType(address, mediaType string) bool {
	if _, ok := parsed[mediaType]; !ok {
		h.about(Violation, "content-type", address, "the harvester has no parser for %q and stops with an error", mediaType)
		h.will(Stops)
	}
	if mediaType != h.kind {
		h.about(Violation, "content-type", address, "%q, but the first page is %q, and the harvester reads all pages as that", mediaType, h.kind)
	}
	switch format := formatOf(mediaType); format {
	case jsonLD, nTriples:
		return true
	case "":
		h.notChecked = fmt.Sprintf("%q is not a content type of RDF", mediaType)
	default:
		h.giveUp(fmt.Sprintf("the answer is %q, and only application/ld+json and application/n-triples are read; give the address of one of these, or %s",
			mediaType, converted(format, address)))
	}
	return false
}

func formatOf(mediaType string) string {
	if format, ok := parsed[mediaType]; ok {
		return format
	}
	return others[mediaType]
}

// mediaTypeOf is the content type up to the semicolon, as the harvester cuts it.
func mediaTypeOf(response *http.Response) string {
	mediaType, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(mediaType))
}

// parse adds a page to the graph and returns the address of the next one.
func (h *harvest) parse(ctx context.Context, address string, response *http.Response, body []byte) (next string, err error) {
	scope := ""
	if len(h.pages) > 1 {
		scope = fmt.Sprintf("p%d", len(h.pages))
	}
	g := &rdf.Graph{}
	err = parse(ctx, g, bytes.NewReader(body), formatOf(mediaTypeOf(response)), response.Request.URL.String(), scope)
	if err != nil {
		return "", h.unreadable(address, err)
	}
	v := newView(g)
	h.split(v, address)
	next, err = h.next(v, address)
	if len(h.pages) == 1 {
		h.graph = g
	} else {
		h.graph.Merge(g)
	}
	return next, err
}

// next returns the address of the page that follows, or "". The harvester takes
// the first of these that it finds, literal or IRI, as it is.
func (h *harvest) next(v *view, address string) (string, error) {
	link := nextLink(v)
	if link == "" {
		return "", nil
	}
	to, err := url.Parse(link)
	if err != nil {
		h.about(Violation, "paging", address, "hydra:next: %v", err)
		return "", nil
	}
	if !to.IsAbs() {
		h.about(Violation, "paging", address, "hydra:next %q is not absolute: the harvester asks for it as it is and stops with an error", link)
		h.will(Stops)
		base, _ := url.Parse(address) // it has been requested already
		to = base.ResolveReference(to)
	}
	return h.allowed(v, address, to)
}

// allowed returns the address of the next page if it is new and on our host.
func (h *harvest) allowed(v *view, address string, to *url.URL) (string, error) {
	next := to.String()
	switch i := slices.Index(h.pages, next); {
	case i == 0:
		h.firstAgain(next)
	case i > 0:
		h.about(Violation, "paging", address, "hydra:next leads back to %s: the harvester reads these pages again and again and never ends", next)
		h.will(Loops)
	case !sameHost(to, h.address):
		h.about(Warning, "paging", address, "hydra:next leads to another host or port, %s, which is not requested here; a harvester requests it", to.Host)
	case len(h.pages) >= h.limits.Pages:
		return "", h.limits.pagesError()
	default:
		h.readers(v, address)
		return next, nil
	}
	return "", nil
}

// nextLink searches as ckanext-dcat does.
func nextLink(v *view) string {
	for _, class := range []string{"hydra:PartialCollectionView", "hydra:PagedCollection"} {
		for _, node := range v.instances(class) {
			for _, name := range []string{"hydra:next", "hydra:nextPage"} {
				for _, value := range v.values(node, name) {
					return value.Text()
				}
			}
		}
	}
	return ""
}

// readers warns where Piveau, the harvester of data.europa.eu, stops earlier:
// it requires nextPage on a PagedCollection, else next with a total anywhere.
func (h *harvest) readers(v *view, address string) {
	for _, node := range v.instances("hydra:PagedCollection") {
		if !hasAny(v, node, "hydra:nextPage") {
			h.about(Warning, "paging", address, "data.europa.eu requires hydra:nextPage on the hydra:PagedCollection")
		}
	}
	if len(v.with("hydra:totalItems")) == 0 {
		h.about(Warning, "paging", address, "data.europa.eu requires hydra:totalItems")
	}
}

// part is a node that a dataset refers to.
type part struct {
	dataset  rdf.Term
	property string
	node     rdf.Term
}

// split finds datasets that are on several pages, and records parts that a page does not
// describe: a harvester reads each page separately.
func (h *harvest) split(v *view, address string) {
	for _, node := range v.instances("dcat:Dataset") {
		if other, taken := h.home[node]; taken && node.IsIRI() {
			h.about(Violation, "paging", address, "the dataset %s is on %s already", node, other)
			continue
		}
		h.home[node] = address
		for _, name := range []string{"dcat:distribution", "dct:publisher", "dcat:contactPoint"} {
			for _, value := range v.values(node, name) {
				if value.IsIRI() && !v.Describes(value) {
					h.missing = append(h.missing, part{node, name, value})
				}
			}
		}
	}
}

// elsewhere finds parts of a dataset that only another page describes.
func (h *harvest) elsewhere() {
	h.rule, h.seen = "paging", nil
	for _, p := range h.missing {
		if h.graph.Describes(p.node) {
			h.add(Violation, p.dataset, p.property, "%s is described on another page, but each page is read by itself", p.node)
		}
	}
}
