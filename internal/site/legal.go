// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/yuin/goldmark"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/domain"
)

// legalPage is a page whose text the operator sets.
type legalPage struct {
	frame
	// Text is the operator's text, empty if there is none.
	Text    template.HTML
	Contact catalog.Contact
}

// legalNames are the names of the pages whose text the operator sets, as in Settings.Legal.
// Pages without a text say so, those after requiredTexts do not exist.
var legalNames = []string{"imprint", "privacy", "accessibility", "plain-language", "sign-language"}

const requiredTexts = 3

func buildLegal(_ context.Context, r *renderer) (page, error) {
	name := strings.TrimPrefix(r.Pattern, "/")
	text, err := markdown(r.settings.Legal[name])
	if err != nil {
		return nil, err
	}
	if text == "" && slices.Contains(legalNames[requiredTexts:], name) {
		return nil, domain.ErrNotFound
	}
	p := &legalPage{Text: text, Contact: r.settings.Contact}
	p.Description = r.word("legal." + name + ".text")
	return p, nil
}

// markdown renders a text of the operator as HTML. It leaves out HTML in the text.
func markdown(text string) (template.HTML, error) {
	var b bytes.Buffer
	if err := goldmark.Convert([]byte(strings.TrimSpace(text)), &b); err != nil {
		return "", fmt.Errorf("markdown: %w", err)
	}
	return template.HTML(b.String()), nil
}

// Statement is what an operator says about the accessibility of the pages. With a State,
// it becomes the statement that public bodies must publish (Commission Implementing
// Decision (EU) 2018/1523, annex).
type Statement struct {
	// State is full, partial or none, Method self or external.
	State, Method string
	// Date is when the statement was drawn up, YYYY-MM-DD.
	Date string
	// Gaps lists what is not accessible, why, and what to use instead; Enforcement is the
	// body to turn to if the operator does not help. Both are Markdown.
	Gaps, Enforcement string
	// Form is the address of a form to report a barrier.
	Form string
}

// accessibilityPage is the statement on accessibility.
type accessibilityPage struct {
	frame
	Statement
	Text, Gaps, Enforcement template.HTML
	Contact                 catalog.Contact
}

func buildAccessibility(_ context.Context, r *renderer) (page, error) {
	p := &accessibilityPage{Statement: r.settings.Statement, Contact: r.settings.Contact}
	p.Description = r.word("legal.accessibility.text")
	for _, part := range []struct {
		to   *template.HTML
		text string
	}{{&p.Text, r.settings.Legal["accessibility"]}, {&p.Gaps, p.Statement.Gaps}, {&p.Enforcement, p.Statement.Enforcement}} {
		var err error
		if *part.to, err = markdown(part.text); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// MissingTexts returns the names of the pages that the operator should have set a text
// for.
func (s Settings) MissingTexts() []string {
	var out []string
	for _, name := range legalNames[:requiredTexts] {
		if strings.TrimSpace(s.Legal[name]) == "" && (name != "accessibility" || s.Statement.State == "") {
			out = append(out, name)
		}
	}
	return out
}
