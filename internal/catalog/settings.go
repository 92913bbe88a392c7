// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"cmp"
	"errors"
	"net/mail"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/representation"
)

// Settings are the properties of the catalogue that an operator configures.
type Settings struct {
	representation.Settings
	// IdentifierBase is what the IRIs of catalogue, datasets and API start with, which must
	// not change when the address does; empty means PublicURL.
	IdentifierBase string
	// Publisher is responsible for the publication (K36).
	Publisher Publisher
	// Contact is a functional mailbox, never a person's (K01).
	Contact Contact
	// ContributorID is an IRI of the DCAT-AP.de list of contributors (K12, K13).
	ContributorID string
	// CatalogLicense is the IRI of the licence of the metadata, from the DCAT-AP.de list
	// (K32).
	CatalogLicense string
	// Availability is a code of the EU list planned-availability.
	Availability string
	// Frequency is a code of the EU list frequency.
	Frequency string
}

// Publisher is a foaf:Organization.
type Publisher struct {
	// URI identifies the publisher; empty means an IRI within the catalogue.
	URI string
	// Name is its name in German.
	Name string
	// Homepage is its web address, or empty.
	Homepage string
	// Type is a code of the list ADMS publisher type (K37).
	Type string
}

// Contact is a vcard:Organization.
type Contact struct{ Name, Email, URL string }

// DatasetIRI returns the IRI of a dataset, which is the same for all releases.
func (s Settings) DatasetIRI(id string) string { return s.identifierBase() + "/v1/datasets/" + id }

// CatalogIRI returns the IRI of the catalogue.
func (s Settings) CatalogIRI() string { return s.identifierBase() + "/v1/catalog" }

// serviceIRI returns the IRI of the API as a whole.
func (s Settings) serviceIRI() string { return s.identifierBase() + "/v1#service" }

func (s Settings) identifierBase() string { return cmp.Or(s.IdentifierBase, s.PublicURL) }

// publisherIRI returns the IRI of the publisher.
func (s Settings) publisherIRI() string {
	return cmp.Or(s.Publisher.URI, s.CatalogIRI()+"#publisher")
}

// SchemaAddress returns the schema that the rows of a file conform to: its CSVW
// description for CSV, the collection or row in the OpenAPI description for JSON and
// NDJSON. Workbooks and Parquet files contain their types.
func (s Settings) SchemaAddress(r *domain.Release, d *dataset.Dataset, f encode.Format) string {
	switch f.Name {
	case "csv":
		return s.TableMetadataAddress(r, d, f)
	case "json":
		return s.schemaAddress(d.SchemaName() + "Collection")
	case "ndjson":
		return s.schemaAddress(d.SchemaName()) // of each line
	}
	return ""
}

// schemaAddress returns the address of a schema in the OpenAPI description.
func (s Settings) schemaAddress(name string) string {
	return s.PublicURL + "/v1/openapi.json#/components/schemas/" + name
}

// CheckText requires text that is not blank and has no control characters.
func CheckText(v string) error {
	switch {
	case strings.TrimSpace(v) == "":
		return errors.New("must not be empty")
	case !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl) || rdf.Literal(v).Validate() != nil:
		return errors.New("contains a control character or another character that is not allowed in text")
	}
	return nil
}

// CheckEmail requires a plain address that is a valid mailto: IRI (RFC 6068,
// section 2), or nothing.
func CheckEmail(v string) error {
	if v == "" {
		return nil
	}
	a, err := mail.ParseAddress(v)
	if err != nil || a.Address != v || strings.ContainsAny(v, "%?#&/") || rdf.IRI("mailto:"+v).Validate() != nil {
		return errors.New("must be a plain e-mail address such as office@example.org")
	}
	return nil
}

// CheckURL requires an http or https address that is a valid IRI, or nothing.
func CheckURL(v string) error {
	if v == "" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return errors.New("must be an absolute http or https address without a user")
	}
	if rdf.IRI(v).Validate() != nil {
		return errors.New("is not a valid IRI: spaces, <, >, { and similar characters must be percent-encoded, and . and .. resolved")
	}
	return nil
}

// CheckBaseURL requires an address that paths can be appended to, or nothing.
func CheckBaseURL(v string) error {
	if err := CheckURL(v); err != nil {
		return err
	}
	_, rest, _ := strings.Cut(v, "://")
	switch {
	case strings.ContainsAny(v, "?#"):
		return errors.New("must not have a query or a fragment")
	case strings.Contains(rest, "//"):
		return errors.New("must not have two slashes in a row")
	}
	return nil
}
