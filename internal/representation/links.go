package representation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/table"
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

func (s *Service) document(ctx context.Context, r Request, page *table.Page) encode.Document {
	meta, links, total := s.Meta(r.Release, r.Query.Dataset.ID), s.links(r, page.Next), int64(page.Total)
	if !r.Single {
		meta.Total = &total
	}
	d := encode.Document{Columns: r.Query.Columns(), Rows: int64(page.Len()), Single: r.Single, Members: members(meta, links)}
	s.tell(&d, r.Release, r.Query.Dataset, links.Self)
	d.Sources = func() ([]encode.Source, error) { return s.sources(ctx, r.Release) }
	d.Codes = func() ([]encode.Code, error) { return s.codes(ctx, r.Release) }
	d.Total, d.Labels, d.Wide = total, r.Query.Labels, r.Query.Layout == dataset.Wide
	return d
}

// Meta is what every JSON answer of the release says first.
func (s *Service) Meta(r *domain.Release, dataset string) Meta {
	return Meta{
		Dataset: dataset, Release: r.ID, Modified: r.Published,
		License: s.settings.License, Attribution: s.settings.Attribution,
	}
}

func (s *Service) links(r Request, next *dataset.Position) Links {
	csv, _ := encode.Find("csv", "")
	if r.File {
		return Links{Self: s.FileAddress(r.Release, r.Query.Dataset, r.Format), CSV: s.FileAddress(r.Release, r.Query.Dataset, csv)}
	}
	question, release := s.question(r), parameter("release", r.Release.ID)
	format := []dataset.Parameter{parameter("format", r.Format.Name), parameter("dialect", r.Format.Dialect)}
	here := extend(question, r.after(r.Query.After), release)
	links := Links{Self: extend(here, format...), CSV: extend(here, parameter("format", csv.Name))}
	if r.Query.After == nil {
		links.Latest = extend(question, format...)
	}
	if next != nil {
		links.Next = extend(extend(question, r.after(next), release), format...)
	}
	if r.Single {
		links.Collection = s.collection(r.Query.Dataset)
	}
	return links
}

// question is the address of what is asked, of any release, in any format and
// from the first page on.
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

// after is the parameter that begins the page behind a position; the first page
// has none.
func (r Request) after(p *dataset.Position) dataset.Parameter {
	if p == nil {
		return dataset.Parameter{}
	}
	return parameter("after", r.Query.Cursor(r.Release.ID, *p))
}

// MaxAddress is the length up to which the address of a next page can be asked for.
const MaxAddress = 8 << 10

// checkNext refuses a page whose next one could not be asked for.
func checkNext(links Links) error {
	if len(links.Next) <= MaxAddress {
		return nil
	}
	return &domain.Invalid{
		Name: "limit", Rule: fmt.Sprintf("cannot be combined with so long a query: the address of the next page would have %d bytes, and at most %d are allowed; use fewer values", len(links.Next), MaxAddress),
	}
}

// extend appends parameters to an address; empty ones are left out.
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

// maxLink is the length up to which an answer repeats its address in the header:
// proxies take a few kilobytes. The next page is always named.
const maxLink = 1024

// linkField is the value of the field Link: the canonical address and the next
// page (RFC 8288).
func (s *Service) linkField(r Request, links Links) []string {
	var fields []string
	if len(links.Self) <= maxLink {
		fields = append(fields, "<"+links.Self+`>; rel="canonical"`)
	}
	if r.Format.Name == "csv" && r.Query.Whole() {
		fields = append(fields, "<"+s.TableMetadataAddress(r.Release, r.Query.Dataset, r.Format)+`>; rel="describedby"; type="application/csvm+json"`)
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

// members is what a JSON answer says before its rows: the members meta and links,
// as encoding/json writes them, which takes three times as long.
func members(meta Meta, links Links) []byte {
	b := append(make([]byte, 0, 1024), `{"meta":{"dataset":`...)
	b = encode.AppendString(b, meta.Dataset)
	b = encode.AppendString(append(b, `,"release":`...), meta.Release)
	b = meta.Modified.AppendFormat(append(b, `,"modified":"`...), time.RFC3339Nano)
	b = encode.AppendString(append(b, `","license":`...), meta.License)
	b = encode.AppendString(append(b, `,"attribution":`...), meta.Attribution)
	if meta.Total != nil {
		b = strconv.AppendInt(append(b, `,"total":`...), *meta.Total, 10)
	}
	b = encode.AppendString(append(b, `},"links":{"self":`...), links.Self)
	for _, m := range [...]struct{ lead, address string }{
		{`,"latest":`, links.Latest}, {`,"next":`, links.Next}, {`,"csv":`, links.CSV}, {`,"collection":`, links.Collection},
	} {
		if m.address != "" {
			b = encode.AppendString(append(b, m.lead...), m.address)
		}
	}
	return append(b, "}}"...)
}

// FileAddress is the permanent address of a whole file of a release.
func (s *Service) FileAddress(r *domain.Release, d *dataset.Dataset, f encode.Format) string {
	return extend(s.settings.PublicURL+"/v1/releases/"+r.ID+"/"+d.ID+"."+f.Name, parameter("dialect", f.Dialect))
}

// marshalIndent encodes for people to read, without escaping < > & for HTML.
func marshalIndent(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err) // structs of strings always encode
	}
	return b.Bytes()
}
