package check

import (
	"net/url"
	"slices"

	"github.com/zielstand/zielstand/internal/rdf"
)

// next is the address of the page that follows, or empty. The harvester takes
// the first of these that it finds, literal or IRI, as it stands.
func (h *harvest) next(p page) string {
	link := nextLink(view{p.graph})
	if link == "" {
		return ""
	}
	to, err := url.Parse(link)
	if err != nil {
		h.about(Violation, "paging", p.address, "hydra:next: %v", err)
		return ""
	}
	if !to.IsAbs() {
		h.about(Warning, "paging", p.address, "hydra:next %q is not absolute: GovData asks for it as it stands, and its harvest fails", link)
		base, _ := url.Parse(p.address) // was asked for already
		to = base.ResolveReference(to)
	}
	return h.allowed(p, to)
}

// allowed returns the address of the next page if it is new and of our host.
func (h *harvest) allowed(p page, to *url.URL) string {
	address := to.String()
	seen := func(other page) bool { return other.address == address }
	switch {
	case slices.ContainsFunc(h.pages, seen):
		h.about(Violation, "paging", p.address, "hydra:next leads back to %s: the harvest does not end", address)
	case to.Hostname() != h.address.Hostname():
		h.about(Warning, "paging", p.address, "hydra:next leads to another host, %s, which is not asked", to.Hostname())
	case len(h.pages) >= maxPages:
		h.about(Violation, "paging", p.address, "more than %d pages", maxPages)
	default:
		h.readers(p)
		return address
	}
	return ""
}

// nextLink searches as ckanext-dcat does.
func nextLink(v view) string {
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
// it wants nextPage on a PagedCollection, else next with a total anywhere.
func (h *harvest) readers(p page) {
	v := view{p.graph}
	for _, node := range v.instances("hydra:PagedCollection") {
		if !hasAny(v, node, "hydra:nextPage") {
			h.about(Warning, "paging", p.address, "data.europa.eu wants hydra:nextPage on the hydra:PagedCollection")
		}
	}
	if len(v.with("hydra:totalItems")) == 0 {
		h.about(Warning, "paging", p.address, "data.europa.eu wants hydra:totalItems")
	}
}

// split finds datasets that lie on several pages: each page is read by itself.
func (h *harvest) split() {
	home := map[rdf.Term]string{}
	for i, p := range h.pages {
		v := view{p.graph}
		for _, node := range v.instances("dcat:Dataset") {
			if other, taken := home[node]; taken && node.IsIRI() {
				h.about(Violation, "paging", p.address, "the dataset %s is on %s already", node, other)
				continue
			}
			home[node] = p.address
			h.elsewhere(i, node)
		}
	}
}

// elsewhere finds parts of a dataset that only another page describes.
func (h *harvest) elsewhere(here int, node rdf.Term) {
	v := view{h.pages[here].graph}
	for _, name := range []string{"dcat:distribution", "dct:publisher", "dcat:contactPoint"} {
		for _, part := range v.values(node, name) {
			described := func(p page) bool { return part.IsIRI() && len(p.graph.Match(part, rdf.Term{}, rdf.Term{})) > 0 }
			if !described(h.pages[here]) && slices.ContainsFunc(h.pages, described) {
				h.list = append(h.list, Finding{
					Violation, "paging", node.String(), name,
					part.String() + " is described on another page, but each page is read by itself",
				})
			}
		}
	}
}
