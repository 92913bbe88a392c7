package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/config"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/rdf"
)

// malformed are values that would make a catalogue that cannot be written, or
// that a harvester objects to.
var malformed = map[string][]string{
	"http.public_url": {
		"https://daten.example/a b", "https://daten.example/<x>", "https://daten.example/{x}", "https://daten.example?", "https://daten.example#",
		"https://root:secret@daten.example", "https://root@daten.example", "https://daten.example//", "https://daten.example/a//b",
		"https://daten.example/a/../b", "https://daten.example/%zz", "https://", "https://:80", " https://daten.example", "//daten.example",
	},
	"catalog.publisher_name":     {"", " ", "\t\n", "Amt\x00", "Amt\x1b[31m", "Amt\nZwei", "Amt\xff"},
	"catalog.publisher_uri":      {"amt", "urn:amt", "https://amt.example/<amt>", "https://amt.example/#a#b", "https://root:secret@amt.example/"},
	"catalog.publisher_homepage": {"amt.example", "https://amt.example/{x}", "https://amt.example/a b", "mailto:amt@amt.example"},
	"catalog.publisher_type":     {"", "regionalauthority", "Company", "Regional Authority"},
	"catalog.contact_name":       {"", "  ", "Referat\x07"},
	"catalog.contact_email": {
		"", "amt", "a%b@amt.example", "a@[127.0.0.1]", "Amt <a@amt.example>", "a@amt.example, b@amt.example", "mailto:a@amt.example",
		"a?subject=x@amt.example", "a#b@amt.example", "{a}@amt.example", " a@amt.example",
	},
	"catalog.contact_url":    {"kontakt", "https://amt.example/k?x={y}", "javascript:alert(1)", "https://root:secret@amt.example/"},
	"catalog.contributor_id": {"", "opennrw", "niemand", "http://dcat-ap.de/def/contributors/openNRW", "openNRW "},
	"catalog.license":        {"", "cc", "cc-zero/", "http://dcat-ap.de/def/licenses/cc-zero"},
	"catalog.availability":   {"", "stable", "FOREVER"},
	"catalog.frequency":      {"", "irregular", "quarterly"},
}

// TestMalformed stops at each of them and names the key.
func TestMalformed(t *testing.T) {
	t.Parallel()
	for _, k := range config.Keys {
		if strings.HasPrefix(k.Name, "catalog.") && len(malformed[k.Name]) == 0 {
			t.Errorf("no malformed value of %s is tried", k.Name)
		}
	}
	for key, values := range malformed {
		for _, value := range values {
			_, err := config.Load(nil, map[string]string{key: value})
			name := "--" + strings.NewReplacer(".", "-", "_", "-").Replace(key)
			if !errors.Is(err, domain.ErrInvalid) || !strings.HasPrefix(err.Error(), name) {
				t.Errorf("%s=%q: error %v", key, value, err)
			} else if strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: the error tells the password: %v", key, err)
			}
		}
	}
}

// TestWellFormed takes what an office may rightly want.
func TestWellFormed(t *testing.T) {
	t.Parallel()
	for key, values := range map[string][]string{
		"http.public_url":            {"https://daten.example:8443/ziel/stand", "http://[::1]:8080", "https://daten.example/ä"},
		"catalog.publisher_name":     {`Amt "A & B" <C>`, "Ministerium für Digitalisierung"},
		"catalog.publisher_uri":      {"", "https://amt.example/#amt", "https://amt.example/?amt=5"},
		"catalog.publisher_homepage": {"https://amt.example/", "https://amt.example/?lang=de"},
		"catalog.publisher_type":     {"LocalAuthority", "NationalAuthority", "SupraNationalAuthority"},
		"catalog.contact_email":      {"daten+katalog@amt.example", "poststelle@fm.nrw.example"},
		"catalog.contact_url":        {"https://amt.example/kontakt?thema=daten", "https://amt.example/#kontakt"},
		"catalog.contributor_id":     {"datenBW"},
		"catalog.frequency":          {"UPDATE_CONT", "QUARTERLY", "NEVER"},
	} {
		for _, value := range values {
			c, err := config.Load(nil, map[string]string{key: value})
			if err != nil {
				t.Errorf("%s=%q: %v", key, value, err)
				continue
			}
			s := c.CatalogSettings()
			for _, iri := range []string{s.CatalogIRI(), s.Publisher.URI, s.Publisher.Homepage, s.Contact.URL, "mailto:" + s.Contact.Email, s.ContributorID} {
				if err := rdf.IRI(iri).Validate(); iri != "" && err != nil {
					t.Errorf("%s=%q: %v", key, value, err)
				}
			}
		}
	}
}

// TestFormOnly has a form and no mailbox.
func TestFormOnly(t *testing.T) {
	t.Parallel()
	c, err := config.Load(nil, map[string]string{"catalog.contact_email": "", "catalog.contact_url": "https://amt.example/kontakt"})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.CatalogSettings().Contact; got.Email != "" || got.URL == "" {
		t.Errorf("the contact is %+v", got)
	}
}
