// SPDX-License-Identifier: EUPL-1.2

package domain

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// politicalGeocoding is the start of the addresses of the official keys of German areas
// in the vocabularies of DCAT-AP.de.
const politicalGeocoding = "http://dcat-ap.de/def/politicalGeocoding/"

// geocodings are the vocabularies by the number of digits of their keys.
var geocodings = map[int]string{2: "stateKey", 3: "governmentDistrictKey", 5: "districtKey", 8: "municipalityKey"}

var digitsOnly = regexp.MustCompile(`^[0-9]+$`)

// IsAreaKey reports whether the text has the form of an official key (AGS) of a German
// state, government district, district or municipality: 2, 3, 5 or 8 digits. 00 is
// Germany, which has none.
func IsAreaKey(text string) bool {
	return text != "00" && geocodings[len(text)] != "" && digitsOnly.MatchString(text)
}

// GeocodingURI returns the address of an official key in the vocabularies of DCAT-AP.de,
// or "" if the text is not a key.
func GeocodingURI(key string) string {
	if !IsAreaKey(key) {
		return ""
	}
	return politicalGeocoding + geocodings[len(key)] + "/" + key
}

var regionalKey = regexp.MustCompile(`^[0-9]{12}$`)

// CheckARS reports whether the text is a regional key (Amtlicher Regionalschlüssel) and,
// if key is an official key, whether it belongs to it: a regional key has the state,
// government district and district (5 digits), the association of municipalities (4) and
// the municipality (3). The association does not follow from the key.
func CheckARS(key, ars string) error {
	if !regionalKey.MatchString(ars) {
		return errors.New("a regional key (ARS) has 12 digits")
	}
	if !IsAreaKey(key) {
		return nil
	}
	if len(key) < 8 {
		if want := key + strings.Repeat("0", 12-len(key)); ars != want {
			return fmt.Errorf("the regional key of %s is %s", key, want)
		}
		return nil
	}
	if ars[:5] != key[:5] || ars[9:] != key[5:] {
		return fmt.Errorf("a regional key of %s starts with %s and ends with %s", key, key[:5], key[5:])
	}
	return nil
}
