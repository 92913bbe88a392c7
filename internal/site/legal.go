// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

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
	text, err := markdown(r.settings.Legal[name], 2)
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

// markdown renders a text of the operator as HTML. Its highest headings get the level. It
// leaves out HTML in the text, and scripts and styles with what they contain.
func markdown(operators string, level int) (template.HTML, error) {
	source := []byte(strings.TrimSpace(operators))
	converter := goldmark.New()
	doc := converter.Parser().Parse(text.NewReader(source))
	var headings []*ast.Heading
	highest := 6
	err := ast.Walk(doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := node.(type) {
		case *ast.Heading:
			if entering {
				headings, highest = append(headings, n), min(highest, n.Level)
			}
		case *ast.RawHTML:
			if !codeStart.Match(n.Segments.Value(source)) {
				break
			}
			for next := n.NextSibling(); next != nil && !endsCode(next, source); next = n.NextSibling() {
				n.Parent().RemoveChild(n.Parent(), next)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, h := range headings {
		h.Level = min(h.Level-highest+level, 6)
	}
	var b bytes.Buffer
	if err == nil {
		err = converter.Renderer().Render(&b, source, doc)
	}
	if err != nil {
		return "", fmt.Errorf("markdown: %w", err)
	}
	return template.HTML(b.String()), nil
}

var (
	codeStart = regexp.MustCompile(`(?i)^<(script|style)\b`)
	codeEnd   = regexp.MustCompile(`(?i)^</(script|style)\b`)
)

// endsCode reports whether a node is the tag that ends a script or a style.
func endsCode(node ast.Node, source []byte) bool {
	tag, ok := node.(*ast.RawHTML)
	return ok && codeEnd.Match(tag.Segments.Value(source))
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
		to    *template.HTML
		text  string
		level int
	}{{&p.Text, r.settings.Legal["accessibility"], 2}, {&p.Gaps, p.Statement.Gaps, 3}, {&p.Enforcement, p.Statement.Enforcement, 3}} {
		var err error
		if *part.to, err = markdown(part.text, part.level); err != nil {
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
