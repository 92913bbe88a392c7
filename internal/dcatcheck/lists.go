// SPDX-License-Identifier: EUPL-1.2

package dcatcheck

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"github.com/zielstand/zielstand/internal/rdf"
)

//go:embed lists/*.txt
var listFiles embed.FS

// codeList is a list of allowed values: IRIs of one base.
type codeList struct {
	base  string
	codes map[string][]string // the marks of each code
}

// Codes are the sorted codes of the list in lists/NAME.txt that have the marks.
func Codes(name string, marks ...string) []string {
	var all []string
	for code, has := range codeListOf(name).codes {
		if !slices.ContainsFunc(marks, func(m string) bool { return !slices.Contains(has, m) }) {
			all = append(all, code)
		}
	}
	slices.Sort(all)
	return all
}

// codeListOf returns the list in lists/NAME.txt.
func codeListOf(name string) codeList {
	return codeLists()[name]
}

var codeLists = sync.OnceValue(func() map[string]codeList {
	all := map[string]codeList{}
	entries, err := listFiles.ReadDir("lists")
	if err != nil {
		panic(err) // embedded
	}
	for _, e := range entries {
		content, err := listFiles.ReadFile("lists/" + e.Name())
		if err != nil {
			panic(err) // embedded
		}
		all[strings.TrimSuffix(e.Name(), ".txt")] = parseList(string(content))
	}
	return all
})

// parseList reads a line for the base and one for each code with its marks.
func parseList(text string) codeList {
	l := codeList{codes: map[string][]string{}}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case words[0] == "base":
			l.base = words[1]
		default:
			l.codes[words[0]] = words[1:]
		}
	}
	return l
}

// has reports whether the term is an IRI of the list.
func (l codeList) has(t rdf.Term) bool {
	_, ok := l.marks(t)
	return ok
}

// marked reports whether the term has the mark in the list.
func (l codeList) marked(t rdf.Term, mark string) bool {
	marks, _ := l.marks(t)
	return slices.Contains(marks, mark)
}

func (l codeList) marks(t rdf.Term) ([]string, bool) {
	code, ok := strings.CutPrefix(t.Text(), l.base)
	if !ok || !t.IsIRI() {
		return nil, false
	}
	marks, ok := l.codes[code]
	return marks, ok
}

// advice names the IRI of the list that was probably meant.
func (l codeList) advice(t rdf.Term) string {
	plain := strings.TrimSuffix(strings.Replace(t.Text(), "https://", "http://", 1), "/")
	if plain != t.Text() && l.has(rdf.IRI(plain)) {
		return "; the list spells it <" + plain + ">"
	}
	return ""
}

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
