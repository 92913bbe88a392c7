package site

import "strings"

// legalPage is a page whose text the operator sets.
func legalPage(name string) func(*view) (content, error) {
	return func(v *view) (content, error) {
		return content{
			template: "legal", title: v.word("legal." + name), description: v.word("legal." + name + ".text"),
			data: map[string]any{
				"Setting": "site." + name, "Paragraphs": paragraphs(v.site.settings.Legal[name]), "Own": v.word("legal." + name + ".text"),
				"Contact": v.site.settings.Contact, "Publisher": v.site.settings.Publisher,
			},
		}, nil
	}
}

// paragraphs parts a text at blank lines.
func paragraphs(text string) []string {
	var out []string
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
