package representation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/strategy"
)

// Meta is the member meta of a JSON answer.
type Meta struct {
	// Dataset is the id of the dataset.
	Dataset string `json:"dataset" example:"goals"`
	// Release is the id of the release that the rows are from.
	Release string `json:"release" example:"2026.11.0"`
	// Modified is when the release was made.
	Modified time.Time `json:"modified" example:"2026-11-21T12:00:00Z"`
	// License is the IRI of the licence.
	License string `json:"license" example:"http://dcat-ap.de/def/licenses/dl-by-de/2.0"`
	// Attribution is the text to be given by those who use the data.
	Attribution string `json:"attribution" example:"Zielstand, Daten des Landes Nordrhein-Westfalen"`
	// Total is the number of rows found, pages aside.
	Total *int64 `json:"total,omitempty" example:"78"`
}

// Links is the member links of a JSON answer. All are absolute.
type Links struct {
	// Self is the permanent address of exactly this answer.
	Self string `json:"self"`
	// Latest asks the same of the latest release.
	Latest string `json:"latest,omitempty"`
	// Next is the next page, absent on the last.
	Next string `json:"next,omitempty"`
	// CSV is the same rows as CSV.
	CSV string `json:"csv,omitempty"`
	// Collection is the collection that a single row belongs to.
	Collection string `json:"collection,omitempty"`
}

func (s *Service) document(ctx context.Context, r Request, total int64, links Links) encode.Document {
	meta := s.Meta(r.Release, r.Query.Dataset.ID)
	if !r.Single {
		meta.Total = &total
	}
	d := encode.Document{Columns: r.Query.Columns(), Single: r.Single, Members: members(meta, links)}
	s.tell(&d, r.Release, r.Query.Dataset, links.Self)
	d.Sources = func() ([]encode.Source, error) { return s.sources(ctx, r.Release) }
	d.Codes = func() ([]encode.Code, error) { return s.codes(ctx, r.Release) }
	d.Total, d.Labels, d.Wide = total, r.Query.Labels, r.Query.Layout == dataset.Wide
	return d
}

// Meta is what every JSON answer of the release says first.
func (s *Service) Meta(r *strategy.Release, dataset string) Meta {
	return Meta{
		Dataset: dataset, Release: r.ID, Modified: r.Published,
		License: s.settings.License, Attribution: s.settings.Attribution,
	}
}

func (s *Service) links(r Request, next *dataset.Position) Links {
	own := r.Query.Parameters()
	links := Links{Self: s.selfAddress(r, own), CSV: s.csvAddress(r, own)}
	if r.Query.After == nil && !r.File {
		links.Latest = s.address(r, own, with("format", r.Format.Name), with("dialect", r.Format.Dialect))
	}
	if next != nil {
		links.Next = s.nextAddress(r, own, next)
	}
	if r.Single {
		links.Collection = s.settings.PublicURL + "/v1/" + r.Query.Dataset.ID
	}
	return links
}

// selfAddress is the permanent address of exactly this answer.
func (s *Service) selfAddress(r Request, own []dataset.Parameter) string {
	return s.address(r, own, r.After(), release(r), with("format", r.Format.Name), with("dialect", r.Format.Dialect))
}

// csvAddress is the address of the same rows as CSV.
func (s *Service) csvAddress(r Request, own []dataset.Parameter) string {
	r.Format, _ = encode.Find("csv", "")
	return s.address(r, own, r.After(), release(r), with("format", "csv"))
}

func (s *Service) nextAddress(r Request, own []dataset.Parameter, next *dataset.Position) string {
	after := with("after", r.Query.Cursor(r.Release.ID, *next))
	return s.address(r, own, after, release(r), with("format", r.Format.Name), with("dialect", r.Format.Dialect))
}

func with(name, value string) dataset.Parameter { return dataset.Parameter{Name: name, Value: value} }

// After is the parameter that begins the page, empty on the first.
func (r Request) After() dataset.Parameter {
	if r.Query.After == nil {
		return dataset.Parameter{Name: "after"}
	}
	return with("after", r.Query.Cursor(r.Release.ID, *r.Query.After))
}

func release(r Request) dataset.Parameter { return with("release", r.Release.ID) }

// address is the absolute address of the query with its own parameters and more;
// empty ones are left out.
func (s *Service) address(r Request, own []dataset.Parameter, more ...dataset.Parameter) string {
	path := s.settings.PublicURL + "/v1/" + r.Query.Dataset.ID
	if r.Single {
		path += "/" + url.PathEscape(r.Query.Filters[0].Values[0])
		own = own[1:]
	}
	if r.File {
		path = fmt.Sprintf("%s/v1/releases/%s/%s.%s", s.settings.PublicURL, r.Release.ID, r.Query.Dataset.ID, r.Format.Name)
		own, more = nil, []dataset.Parameter{with("dialect", r.Format.Dialect)}
	}
	b := make([]byte, 0, 256)
	b = append(b, path...)
	lead := byte('?')
	for _, list := range [][]dataset.Parameter{own, more} {
		for _, p := range list {
			if p.Value != "" {
				b = append(append(append(b, lead), p.Name...), '=')
				b = append(b, strings.ReplaceAll(url.QueryEscape(p.Value), "%2C", ",")...)
				lead = '&'
			}
		}
	}
	return string(b)
}

// linkField is the value of the field Link: the canonical address and the next
// page (RFC 8288).
func (s *Service) linkField(r Request, links Links) []string {
	fields := []string{"<" + links.Self + `>; rel="canonical"`}
	if describedByCSVW(r.Format) && r.Query.Whole() {
		fields = append(fields, "<"+s.TableMetadataAddress(r.Release, r.Query.Dataset)+`>; rel="describedby"; type="application/csvm+json"`)
	}
	if links.Next != "" {
		fields = append(fields, "<"+links.Next+`>; rel="next"`)
	}
	return fields
}

// disposition tells downloads apart by dataset and release (RFC 6266).
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

// members is what a JSON answer says before its rows.
func members(meta Meta, links Links) []byte {
	return marshal(struct {
		Meta  Meta  `json:"meta"`
		Links Links `json:"links"`
	}{meta, links})
}

// marshal encodes without escaping < > & for HTML.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // structs of strings always encode
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// FileAddress is the permanent address of a whole file of a release.
func (s *Service) FileAddress(r *strategy.Release, d *dataset.Dataset, f encode.Format) string {
	return s.address(Request{Release: r, Query: dataset.Query{Dataset: d}, Format: f, File: true}, nil)
}

// marshalIndent encodes for people to read.
func marshalIndent(v any) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, marshal(v), "", "  "); err != nil {
		panic(err) // marshal writes JSON
	}
	return append(b.Bytes(), '\n')
}
