package dcatcheck

import (
	"net/url"
	"slices"

	"github.com/zielstand/zielstand/internal/rdf"
)

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
		base, _ := url.Parse(address) // was asked for already
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
		h.about(Warning, "paging", address, "hydra:next leads to another host or port, %s, which is not asked here; a harvester asks it", to.Host)
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

// split finds datasets that are on several pages, and notes parts that the page
// does not describe: each page is read by itself.
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
