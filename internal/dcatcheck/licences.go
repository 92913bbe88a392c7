package dcatcheck

import (
	"slices"

	"github.com/zielstand/zielstand/internal/rdf"
)

// openLicence warns where a distribution is not open for GovData.
func openLicence(v *view, f *findings) {
	licences := codeListOf("licences")
	for _, node := range v.instances("dcat:Distribution") {
		for _, value := range v.values(node, "dct:license") {
			if !licences.marked(value, "open") {
				f.add(Warning, node, "dct:license", "%s does not count as open", value)
			}
		}
	}
}

// attribution requires the text that a licence asks users to give (K35).
func attribution(v *view, f *findings) {
	licences := codeListOf("licences")
	asks := func(t rdf.Term) bool { return licences.marked(t, "attribution") }
	for _, node := range v.instances("dcat:Distribution") {
		if slices.ContainsFunc(v.values(node, "dct:license"), asks) && !hasAny(v, node, "dcatde:licenseAttributionByText") {
			f.add(Warning, node, "dcatde:licenseAttributionByText", "the licence asks for attribution, but no text is given (K35)")
		}
	}
}

// contributor requires exactly one contributor of the list (K12, K13).
func contributor(v *view, f *findings) {
	listed := codeListOf("contributors").has
	for _, node := range v.instances("dcat:Dataset") {
		values := v.values(node, "dcatde:contributorID")
		n := len(values) - len(slices.DeleteFunc(slices.Clone(values), listed))
		if len(values) > 0 && n != 1 {
			f.add(Violation, node, "dcatde:contributorID", "%d of %d are in the list http://dcat-ap.de/def/contributors/; exactly one is required (K12, K13)", n, len(values))
		}
	}
}
