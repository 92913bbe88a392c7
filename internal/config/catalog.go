package config

import (
	"errors"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dcatcheck"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/rdf"
)

// Catalog are the settings of the DCAT-AP.de catalogue.
type Catalog struct {
	Publisher catalog.Publisher
	Contact   catalog.Contact
	// ContributorID and License are IRIs of the DCAT-AP.de lists.
	ContributorID, License string
	// Availability and Frequency are codes of the EU lists.
	Availability, Frequency string
}

// contributorBase is the namespace of the DCAT-AP.de list of contributors.
const contributorBase = "http://dcat-ap.de/def/contributors/"

// CatalogSettings are the settings as package catalog takes them.
func (c *Config) CatalogSettings() catalog.Settings {
	return catalog.Settings{
		PublicURL: c.HTTP.PublicURL, Publisher: c.Catalog.Publisher, Contact: c.Catalog.Contact,
		ContributorID: c.Catalog.ContributorID, License: c.Data.LicenseIRI(), CatalogLicense: c.Catalog.License,
		Attribution: c.Data.Attribution, Availability: c.Catalog.Availability, Frequency: c.Catalog.Frequency,
	}
}

// errNoContact is said of catalog.contact_email.
var errNoContact = errors.New("is empty, and so is catalog.contact_url; one of them is needed")

// checkText wants a line that can be read.
func checkText(v string) error {
	switch {
	case strings.TrimSpace(v) == "":
		return errors.New("is empty")
	case !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl) || rdf.Literal(v).Validate() != nil:
		return errors.New("has a character that is none of a text, such as a control character")
	}
	return nil
}

// checkEmail wants an address that mailto: can carry as it is (RFC 6068, 2).
func checkEmail(v string) error {
	if v == "" {
		return nil
	}
	a, err := mail.ParseAddress(v)
	if err != nil || a.Address != v || strings.ContainsAny(v, "%?#&/") || rdf.IRI("mailto:"+v).Validate() != nil {
		return errors.New("is no plain e-mail address")
	}
	return nil
}

func checkContributor(v string) error {
	codes := dcatcheck.Codes("contributors")
	if slices.Contains(codes, v) {
		return nil
	}
	return &domain.Invalid{Value: v, Rule: "is no code of the list at " + contributorBase, Nearest: domain.Nearest(v, codes)}
}
