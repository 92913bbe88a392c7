package site

import (
	"context"
	"strings"

	"github.com/zielstand/zielstand/internal/catalog"
)

// legalPage is a page whose text the operator sets.
type legalPage struct {
	frame
	// Setting is the key of the setting with the text.
	Setting    string
	Paragraphs []string
	Contact    catalog.Contact
}

func buildLegal(_ context.Context, r *renderer) (page, error) {
	name := strings.TrimPrefix(r.Pattern, "/")
	p := &legalPage{Setting: "site." + name, Paragraphs: paragraphs(r.settings.Legal[name]), Contact: r.settings.Contact}
	p.Description = r.word("legal." + name + ".text")
	return p, nil
}

// paragraphs splits a text at blank lines.
func paragraphs(text string) []string {
	var out []string
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
