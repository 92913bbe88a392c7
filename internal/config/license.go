package config

import "github.com/zielstand/zielstand/internal/domain"

// licenseBase is the namespace of the DCAT-AP.de list of licences.
const licenseBase = "http://dcat-ap.de/def/licenses/"

// Licenses are the open licences of the DCAT-AP.de list that make sense for
// data.
var Licenses = []string{"dl-zero-de/2.0", "dl-by-de/2.0", "cc-zero", "cc-by/4.0", "cc-by-de/3.0", "cc-by-sa/4.0", "odbl", "odby"}

// LicenseIRI is the licence as the list names it, without a slash at the end.
func (d Data) LicenseIRI() string { return licenseBase + d.License }

func checkLicense(v string) error {
	if err := oneOf(v, Licenses); err != nil {
		err.(*domain.Invalid).Rule = "is no open licence of the list at " + licenseBase
		return err
	}
	return nil
}
