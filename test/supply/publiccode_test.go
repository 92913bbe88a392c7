// SPDX-License-Identifier: EUPL-1.2

package supply

import (
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// TestPublicCode checks publiccode.yml by version 0.5 of the standard
// (https://yml.publiccode.tools/schema.core.html), and that the checks find something.
func TestPublicCode(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "publiccode.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range publicCodeErrors(t, string(text)) {
		t.Error(e)
	}
	for _, c := range []struct{ from, to, want string }{
		{"name: Zielstand\nurl", "url", "name: is required"},
		{"developmentStatus: beta", "developmentStatus: ready", "developmentStatus: ready is not allowed"},
		{"softwareType: standalone/backend", "softwareType: server", "softwareType: server is not allowed"},
		{"    features:", "    properties:", "description.de.properties: unknown key"},
		{"  license: EUPL-1.2", "  license: EUPL", "legal.license: differs from REUSE.toml"},
		{"  type: community", "  type: contract", "maintenance.contractors: is required"},
		{"email: kontakt@", "email: kontakt", "maintenance.contacts: kontaktzielstand.example is not an address"},
		{"    - DE", "    - de", "intendedAudience.countries: de is not a code"},
		{"localisationReady: true", "localisationReady: 1", "localisation.localisationReady: must be true or false"},
	} {
		changed := strings.Replace(string(text), c.from, c.to, 1)
		if got := publicCodeErrors(t, changed); changed == string(text) || !slices.Contains(got, c.want) {
			t.Errorf("%q: %q, want %q", c.to, got, c.want)
		}
	}
}

// publicCodeKeys are the keys that may be used; the values of required ones are true.
var publicCodeKeys = map[string]bool{
	"publiccodeYmlVersion": true, "name": true, "url": true, "platforms": true, "developmentStatus": true,
	"softwareType": true, "description": true, "legal.license": true, "maintenance.type": true,
	"localisation.localisationReady": true, "localisation.availableLanguages": true,

	"applicationSuite": false, "landingURL": false, "isBasedOn": false, "softwareVersion": false, "releaseDate": false,
	"logo": false, "categories": false, "usedBy": false, "fundedBy": false, "roadmap": false, "organisation.uri": false,
	"organisation.name": false, "intendedAudience.countries": false, "intendedAudience.unsupportedCountries": false,
	"intendedAudience.scope": false, "legal.mainCopyrightOwner": false, "maintenance.contractors": false,
	"maintenance.contacts": false, "dependsOn.open": false, "dependsOn.proprietary": false, "dependsOn.hardware": false,
}

var publicCodeValues = map[string][]string{
	"developmentStatus": {"concept", "development", "beta", "stable", "obsolete"},
	"softwareType": {
		"standalone/mobile", "standalone/iot", "standalone/desktop", "standalone/web", "standalone/backend",
		"standalone/other", "addon", "library", "configurationFiles",
	},
	"maintenance.type": {"internal", "contract", "community", "none"},
}

func publicCodeErrors(t *testing.T, text string) []string {
	t.Helper()
	var doc map[string]any
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	var out []string
	fail := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	flat := map[string]any{}
	for key, value := range doc {
		section, ok := value.(map[string]any)
		if !ok || key == "description" {
			flat[key] = value
			continue
		}
		for name, v := range section {
			flat[key+"."+name] = v
		}
	}
	for key := range flat {
		if _, ok := publicCodeKeys[key]; !ok {
			fail("%s: unknown key", key)
		}
	}
	for key, required := range publicCodeKeys {
		if flat[key] == nil && required {
			fail("%s: is required", key)
		}
	}
	for key, allowed := range publicCodeValues {
		if v := fmt.Sprint(flat[key]); !slices.Contains(allowed, v) {
			fail("%s: %s is not allowed", key, v)
		}
	}
	if flat["publiccodeYmlVersion"] != "0.5" {
		fail("publiccodeYmlVersion: this test knows 0.5")
	}
	if u, err := url.Parse(fmt.Sprint(flat["url"])); err != nil || u.Scheme != "https" || u.Host == "" {
		fail("url: must be an address")
	}
	if _, ok := flat["localisation.localisationReady"].(bool); !ok {
		fail("localisation.localisationReady: must be true or false")
	}
	if license := annotations(t)[0].license; flat["legal.license"] != license {
		fail("legal.license: differs from REUSE.toml")
	}
	for _, country := range list(flat["intendedAudience.countries"]) {
		if !regexp.MustCompile(`^[A-Z]{2}$`).MatchString(fmt.Sprint(country)) {
			fail("intendedAudience.countries: %v is not a code", country)
		}
	}
	switch flat["maintenance.type"] {
	case "contract":
		if flat["maintenance.contractors"] == nil {
			fail("maintenance.contractors: is required")
		}
	case "internal", "community":
		if len(list(flat["maintenance.contacts"])) == 0 {
			fail("maintenance.contacts: is required")
		}
	}
	for _, contact := range list(flat["maintenance.contacts"]) {
		c, _ := contact.(map[string]any)
		if c["name"] == nil {
			fail("maintenance.contacts: a contact without a name")
		}
		if _, err := mail.ParseAddress(fmt.Sprint(c["email"])); c["email"] != nil && err != nil {
			fail("maintenance.contacts: %v is not an address", c["email"])
		}
	}
	descriptions, _ := doc["description"].(map[string]any)
	whole := false
	for language, value := range descriptions {
		d, _ := value.(map[string]any)
		for key := range d {
			if !slices.Contains([]string{"localisedName", "shortDescription", "longDescription", "documentation", "apiDocumentation", "features", "screenshots", "videos", "awards"}, key) {
				fail("description.%s.%s: unknown key", language, key)
			}
		}
		short, long := fmt.Sprint(d["shortDescription"]), fmt.Sprint(d["longDescription"])
		if n := utf8.RuneCountInString(short); d["shortDescription"] == nil || n > 150 {
			fail("description.%s.shortDescription: has %d characters; at most 150 are allowed", language, n)
		}
		if n := utf8.RuneCountInString(long); n < 150 || n > 10000 {
			fail("description.%s.longDescription: has %d characters; must have 150 to 10000", language, n)
		}
		whole = whole || len(list(d["features"])) > 0
	}
	if !whole {
		fail("description: no language has features")
	}
	return out
}

func list(v any) []any {
	out, _ := v.([]any)
	return out
}
