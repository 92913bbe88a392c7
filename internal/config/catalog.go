package config

import (
	"errors"
	"net/mail"
	"regexp"

	"github.com/zielstand/zielstand/internal/catalog"
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

// publisherTypes are the codes of ADMS publisher type.
var publisherTypes = []string{
	"Academia-ScientificOrganisation", "Company", "IndustryConsortium", "LocalAuthority", "NationalAuthority",
	"NonGovernmentalOrganisation", "NonProfitOrganisation", "PrivateIndividual(s)", "RegionalAuthority",
	"StandardisationBody", "SupraNationalAuthority",
}

// CatalogSettings are the settings as package catalog takes them.
func (c *Config) CatalogSettings() catalog.Settings {
	return catalog.Settings{
		PublicURL: c.HTTP.PublicURL, Publisher: c.Catalog.Publisher, Contact: c.Catalog.Contact,
		ContributorID: c.Catalog.ContributorID, License: c.Data.LicenseIRI(), CatalogLicense: c.Catalog.License,
		Attribution: c.Data.Attribution, Availability: c.Catalog.Availability, Frequency: c.Catalog.Frequency,
	}
}

func notEmpty(v string) error {
	if v == "" {
		return errors.New("is empty")
	}
	return nil
}

func checkEmail(v string) error {
	if a, err := mail.ParseAddress(v); err != nil || a.Address != v {
		return errors.New("is no plain e-mail address")
	}
	return nil
}

var codeLayout = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

func checkCode(v string) error {
	if !codeLayout.MatchString(v) {
		return errors.New("is no code of the list at " + contributorBase)
	}
	return nil
}
