// SPDX-License-Identifier: EUPL-1.2

package cli_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/cli"
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
	"catalog.identifier_base":    {"urn:amt", "https://daten.example/a b", "https://daten.example#", "https://root@daten.example", "https://daten.example/a//b"},
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
			_, err := cli.LoadSettings(nil, map[string]string{key: value})
			name := "--" + strings.NewReplacer(".", "-", "_", "-").Replace(key)
			if !errors.Is(err, domain.ErrInvalid) || !strings.HasPrefix(err.Error(), name) {
				t.Errorf("%s=%q: error %v", key, value, err)
			} else if strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: the error tells the password: %v", key, err)
			}
		}
	}
}

// TestCatalogSettings checks that every setting of the catalogue reaches it.
func TestCatalogSettings(t *testing.T) {
	t.Parallel()
	others := map[string]string{
		"catalog.identifier_base": "https://alt.example", "catalog.publisher_name": "Amt", "catalog.publisher_uri": "https://amt.example/#amt",
		"catalog.publisher_homepage": "https://amt.example/", "catalog.publisher_type": "LocalAuthority", "catalog.contact_name": "Referat",
		"catalog.contact_email": "daten@amt.example", "catalog.contact_url": "https://amt.example/kontakt", "catalog.contributor_id": "datenBW",
		"catalog.license": "dl-by-de/2.0", "catalog.availability": "TEMPORARY", "catalog.frequency": "QUARTERLY",
	}
	settings := func(flags map[string]string) catalog.Settings {
		t.Helper()
		c, err := cli.LoadSettings(nil, flags)
		if err != nil {
			t.Fatal(err)
		}
		return cli.CatalogSettings(c)
	}
	usual := settings(nil)
	for _, k := range config.Keys {
		if strings.HasPrefix(k.Name, "catalog.") && settings(map[string]string{k.Name: others[k.Name]}) == usual {
			t.Errorf("%s does not change the catalogue", k.Name)
		}
	}
}

// TestWellFormed takes what an office may rightly want.
func TestWellFormed(t *testing.T) {
	t.Parallel()
	for key, values := range map[string][]string{
		"http.public_url":            {"https://daten.example:8443/ziel/stand", "http://[::1]:8080", "https://daten.example/ä"},
		"catalog.identifier_base":    {"", "https://alt.example/", "https://alt.example/daten"},
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
			c, err := cli.LoadSettings(nil, map[string]string{key: value})
			if err != nil {
				t.Errorf("%s=%q: %v", key, value, err)
				continue
			}
			s := cli.CatalogSettings(c)
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
	c, err := cli.LoadSettings(nil, map[string]string{"catalog.contact_email": "", "catalog.contact_url": "https://amt.example/kontakt"})
	if err != nil {
		t.Fatal(err)
	}
	if got := cli.CatalogSettings(c).Contact; got.Email != "" || got.URL == "" {
		t.Errorf("the contact is %+v", got)
	}
}

// TestWrongSettings expects the flag in the message. TestWrongValues in package config
// covers the environment and files.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ key, value, want string }{
		{"http.public_url", "daten.example", `"daten.example": must be an absolute http or https address without a user`},
		{"http.public_url", "ftp://daten.example", `"ftp://daten.example": must be an absolute http or https address without a user`},
		{"http.public_url", "https://daten.example?x", `"https://daten.example?x": must not have a query or a fragment`},
		{"http.public_url", "https://daten.example#x", `"https://daten.example#x": must not have a query or a fragment`},
		{"http.public_url", "https://root:secret@daten.example", `: must be an absolute http or https address without a user`},
		{"catalog.contributor_id", "opennrw", `"opennrw": is not a code of the list at http://dcat-ap.de/def/contributors/; did you mean "openNRW"?`},
		{"catalog.contact_email", "", `: must not be empty if catalog.contact_url is empty`},
		{"database.url", "mysql://root:secret@db/x", `: is not a database address (not shown: it may contain a password); allowed: sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE`},
		{"database.url", "zielstand.db", `: is not a database address (not shown: it may contain a password); allowed: sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE`},
		{"database.url", "sqlite:", `: names no file (not shown: it may contain a password); allowed: sqlite:PATH`},
		{"database.url", "sqlite::memory:", `: names a database in memory, which is not supported: every release would be lost at the end (not shown: it may contain a password); allowed: sqlite:PATH`},
		{"database.url", "sqlite:z.db?mode=ro", `: has options after “?”, which are not supported: a file that cannot be written is opened for reading without any (not shown: it may contain a password); allowed: sqlite:PATH`},
		{"database.url", "sqlite:///z.db", `: must be sqlite: and a path, without “//” or “file:” between them (not shown: it may contain a password); allowed: sqlite:PATH`},
		{"database.url", "sqlite:file:z.db", `: must be sqlite: and a path, without “//” or “file:” between them (not shown: it may contain a password); allowed: sqlite:PATH`},
		{"database.url", "host=db password=secret", `: is not a database address (not shown: it may contain a password); allowed: sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE`},
		{"database.url", "postgres://u:a@b@h/db", `: contains a “/” before the “@” that ends the password, or an “@” too many: within user, password, database and parameters write %2F for “/” and %40 for “@” (not shown: it may contain a password); allowed: postgres://USER:PASSWORD@HOST/DATABASE`},
		{"database.url", "postgres://u:a/b@h/db", `: contains a “/” before the “@” that ends the password, or an “@” too many: within user, password, database and parameters write %2F for “/” and %40 for “@” (not shown: it may contain a password); allowed: postgres://USER:PASSWORD@HOST/DATABASE`},
		{"database.url", "postgres://u%3Aa@h/db", `: has a colon in the name of its user: between user and password it must be written as it is (not shown: it may contain a password); allowed: postgres://USER:PASSWORD@HOST/DATABASE`},
		{"database.url", "postgres://u:50%@h/db", `: contains a “%” that is not followed by two hexadecimal digits: write %25 for “%” (not shown: it may contain a password); allowed: postgres://USER:PASSWORD@HOST/DATABASE`},
		{"database.url", "postgres://u:a b@h/db", `: contains a space (write %20) or %00 (not shown: it may contain a password); allowed: postgres://USER:PASSWORD@HOST/DATABASE`},
		{"database.url", "postgres://h/db?sslmode", `: has a parameter that is not NAME=VALUE after “?” (not shown: it may contain a password); allowed: postgres://USER:PASSWORD@HOST/DATABASE?NAME=VALUE`},
		{"database.replica_url", "sqlite:x.db", `: is not the address of a PostgreSQL replica (not shown: it may contain a password); allowed: postgres://USER:PASSWORD@HOST/DATABASE`},
		{"database.replica_url", "postgres://h/db", `: must be set together with a PostgreSQL address in database.url; SQLite has no replicas`},
		{"database.replica_url", "postgres://u:secret@h/db", `: must be set together with a PostgreSQL address in database.url; SQLite has no replicas`},
		{"data.license", "cc-by", `"cc-by": is not an open licence of the list at http://dcat-ap.de/def/licenses/; did you mean "cc-by/4.0"?; allowed: dl-zero-de/2.0, dl-by-de/2.0, cc-zero, cc-by/4.0, cc-by-de/3.0, cc-by-sa/4.0, odbl, odby`},
		{"data.attribution", "", `: must not be empty`},
	} {
		t.Run(tt.key+"="+url.PathEscape(tt.value), func(t *testing.T) {
			t.Parallel()
			name := "--" + strings.NewReplacer(".", "-", "_", "-").Replace(tt.key)
			if !strings.HasPrefix(tt.want, ":") {
				name += "="
			}
			if _, err := cli.LoadSettings(nil, map[string]string{tt.key: tt.value}); !errors.Is(err, domain.ErrInvalid) || err.Error() != name+tt.want {
				t.Errorf("error %v\nwant  %s", err, name+tt.want)
			}
		})
	}
}
