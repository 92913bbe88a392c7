// SPDX-License-Identifier: EUPL-1.2

package representation

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/table"
)

// Settings are the properties of responses that an operator configures.
type Settings struct {
	// PublicURL is the address of the service without a trailing slash.
	PublicURL string
	// License is the IRI of the licence of the data, from the DCAT-AP.de list (K32).
	License string
	// Attribution is the text that the licence of the data requires (K35).
	Attribution string
}

// FileAddress returns the permanent address of a whole file of a release.
func (s Settings) FileAddress(r *domain.Release, d *dataset.Dataset, f encode.Format) string {
	return s.PublicURL + "/v1/releases/" + r.ID + "/" + d.ID + "." + f.Name + dialect(f)
}

// TableMetadataAddress returns the address of the CSVW description of a dataset's CSV.
func (s Settings) TableMetadataAddress(r *domain.Release, d *dataset.Dataset, f encode.Format) string {
	return s.PublicURL + "/v1/releases/" + r.ID + "/" + d.ID + ".csv-metadata.json" + dialect(f)
}

func dialect(f encode.Format) string {
	if f.Dialect == "" {
		return ""
	}
	return "?dialect=" + f.Dialect
}

// document describes the rows for an encoder, except for the sources and codes that a
// workbook contains.
func (s *Service) document(r Request, page *table.Page) encode.Document {
	meta, links, total := s.meta(r.Release, r.Query.Dataset.ID), s.links(r, page.Next), int64(page.Total)
	if !r.Single {
		meta.Total = &total
	}
	d := encode.Document{
		Dataset: r.Query.Dataset, Columns: r.Query.Columns(), Meta: meta, Links: links, Address: links.Self,
		Single: r.Single, Labels: r.Query.Labels, Wide: r.Query.Layout == dataset.Wide, Rows: int64(page.Len()), Total: total,
	}
	if r.perVersion() {
		part, _ := r.Release.Dataset(r.Query.Dataset.ID)
		d.Meta.Release, d.Meta.Modified, d.Version = "", part.Modified, part.ContentHash
		d.Address = s.settings.PublicURL + "/v1/datasets/" + r.Query.Dataset.ID
	}
	return d
}

// meta returns the member meta of JSON responses.
func (s *Service) meta(r *domain.Release, dataset string) encode.Meta {
	return encode.Meta{
		Dataset: dataset, Release: r.ID, Modified: r.Published,
		License: s.settings.License, Attribution: s.settings.Attribution,
	}
}

func (s *Service) links(r Request, next int64) encode.Links {
	csv, _ := encode.Find("csv", "")
	if r.File {
		return encode.Links{Self: s.settings.FileAddress(r.Release, r.Query.Dataset, r.Format), CSV: s.settings.FileAddress(r.Release, r.Query.Dataset, csv)}
	}
	question, release := s.question(r), parameter("release", r.Release.ID)
	format := []dataset.Parameter{parameter("format", r.Format.Name), parameter("dialect", r.Format.Dialect)}
	here := extend(question, r.after(r.Query.After), release)
	links := encode.Links{Self: extend(here, format...), CSV: extend(here, parameter("format", csv.Name))}
	if r.Query.After == 0 {
		links.Latest = extend(question, format...)
	}
	if next > 0 {
		links.Next = extend(extend(question, r.after(next), release), format...)
	}
	if r.Single {
		links.Collection = s.collection(r.Query.Dataset)
	}
	return links
}

// question returns the address of the query without release, format and page.
func (s *Service) question(r Request) string {
	own := r.Query.Parameters()
	address := s.collection(r.Query.Dataset)
	if r.Single {
		address += "/" + url.PathEscape(own[0].Value)
		own = own[1:]
	}
	return extend(address, own...)
}

func (s *Service) collection(d *dataset.Dataset) string { return s.settings.PublicURL + "/v1/" + d.ID }

func parameter(name, value string) dataset.Parameter {
	return dataset.Parameter{Name: name, Value: value}
}

// after returns the parameter of the page after a row; the first page has none.
func (r Request) after(ordinal int64) dataset.Parameter {
	if ordinal == 0 {
		return dataset.Parameter{}
	}
	return parameter("after", r.Query.Cursor(r.Release.ID, ordinal))
}

// MaxAddress is the maximum length in bytes of the address of a page.
const MaxAddress = 8 << 10

// checkNext refuses a page whose next page could not be requested.
func checkNext(links encode.Links) error {
	if len(links.Next) <= MaxAddress {
		return nil
	}
	return &domain.Invalid{
		Name: "limit", Rule: fmt.Sprintf("cannot be combined with a query this long: the address of the next page would have %d bytes, and at most %d are allowed; use fewer values", len(links.Next), MaxAddress),
	}
}

// extend appends the parameters that have a value to an address.
func extend(address string, more ...dataset.Parameter) string {
	b := append(make([]byte, 0, 256), address...)
	lead := byte('?')
	if strings.IndexByte(address, lead) >= 0 {
		lead = '&'
	}
	for _, p := range more {
		if p.Value != "" {
			b = append(append(append(b, lead), p.Name...), '=')
			b = append(b, strings.ReplaceAll(url.QueryEscape(p.Value), "%2C", ",")...)
			lead = '&'
		}
	}
	return string(b)
}

// maxLink is the maximum length of a canonical address in the Link header, because
// proxies limit headers to a few kilobytes. The next page is always linked.
const maxLink = 1024

// linkField returns the values of the Link header (RFC 8288).
func (s *Service) linkField(r Request, links encode.Links) []string {
	var fields []string
	if len(links.Self) <= maxLink {
		fields = append(fields, "<"+links.Self+`>; rel="canonical"`)
	}
	if r.Format.Name == "csv" && r.Query.Whole() {
		fields = append(fields, "<"+s.settings.TableMetadataAddress(r.Release, r.Query.Dataset, r.Format)+`>; rel="describedby"; type="application/csvm+json"`)
	}
	if links.Next != "" {
		fields = append(fields, "<"+links.Next+`>; rel="next"`)
	}
	return fields
}

// disposition names a download after its dataset and release (RFC 6266).
func disposition(r Request) string {
	if r.Format.Name == "json" {
		return ""
	}
	name := r.Query.Dataset.ID
	if r.Single {
		name = r.Query.Filters[0].Values[0]
	}
	parts := []string{"zielstand", name, r.Release.ID}
	for _, more := range []string{r.Format.Dialect, r.Query.Layout, r.Query.Labels} {
		if more != "" {
			parts = append(parts, more)
		}
	}
	how := "inline"
	if r.Format.Binary {
		how = "attachment"
	}
	return how + `; filename="` + strings.Join(parts, "-") + "." + r.Format.Name + `"`
}

// DiffDocument describes the changes between two releases for an encoder.
func (s *Service) DiffDocument(from, to *domain.Release, changes int) encode.Document {
	meta := s.meta(to, dataset.Changes.ID)
	total := int64(changes)
	meta.Total = &total
	self := fmt.Sprintf("%s/v1/releases/%s/diff?from=%s", s.settings.PublicURL, to.ID, from.ID)
	return encode.Document{
		Dataset: dataset.Changes, Columns: dataset.Changes.Columns, Meta: meta, Rows: total, Total: total,
		Links: encode.Links{Self: self + "&format=json", CSV: self + "&format=csv"}, Address: self,
	}
}
