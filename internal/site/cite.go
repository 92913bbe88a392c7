// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// citation is how to cite the page. The page changes with the next release; Rows
// are the addresses of what it shows and never change.
type citation struct {
	Text string
	Rows []permanentAddress
	// Source is the document of a figure, nil on other pages.
	Source *citedSource
	// BibTeX and RIS are its addresses for programs that manage references.
	BibTeX, RIS string

	key, title, address, release string
}

// citedSource is a document with the place in it. Publisher, Title and Place are in German.
type citedSource struct{ Publisher, Title, Date, Place, Address string }

// citeSource names the document that a figure was taken from.
func (r *renderer) citeSource(figure Row) *citedSource {
	source := r.lookup(dataset.Sources, figure.Get("source"))
	return &citedSource{source.Get("publisher"), source.Get("title"), r.sourceDate(figure), figure.Get("locator"), source.Get("url")}
}

// text writes the citation of a document, apart from its address.
func (s citedSource) text(n names) string {
	parts := []string{s.Publisher + ": " + n.quoted(s.Title), s.Date, s.Place}
	return n.word("source") + ": " + strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// permanentAddress is an address as text and as a link.
type permanentAddress struct{ Address, Href string }

// cite names the page, a release and the paths of the rows shown.
func (r *renderer) cite(release, title string, paths ...string) *citation {
	address := r.address(r.Language)
	c := &citation{
		Text: r.settings.Publisher.Name + ": " + r.quoted(title) + ", " + r.word("release") + " " + release + ", " +
			r.publicURL + address + " (" + r.word("accessed") + " " + r.day(r.Today) + ").",
		BibTeX: r.file(r.formAddress(r.Language, BibTeX)), RIS: r.file(r.formAddress(r.Language, RIS)),
		key: citationKey(address + "-" + release), title: title, address: r.publicURL + address, release: release,
	}
	for _, path := range paths {
		c.Rows = append(c.Rows, permanentAddress{r.publicURL + path, r.file(path)})
	}
	return c
}

// citationKey turns an address into a name that BibTeX takes.
func citationKey(address string) string {
	return strings.Join(strings.FieldsFunc(address, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')
	}), "-")
}

// citation returns the citation of a page in a format for programs.
func (s *Site) citation(ctx context.Context, request Request, form Form) ([]byte, error) {
	r, built, err := s.build(ctx, request)
	if err != nil {
		return nil, err
	}
	c := built.base().Citation
	if c == nil {
		return nil, domain.ErrNotFound
	}
	if form == RIS {
		return []byte(r.ris(c)), nil
	}
	return []byte(r.bibTeX(c)), nil
}

// texEscapes are the characters with a meaning in TeX.
var texEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`, "_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`,
)

// bibTeX writes an entry for BibTeX and biblatex. Names and titles are in double braces,
// so that styles neither split nor change them.
func (r *renderer) bibTeX(c *citation) string {
	var rows []string
	for _, row := range c.Rows {
		rows = append(rows, `\url{`+row.Address+`}`)
	}
	var notes []string
	if rows != nil {
		notes = append(notes, texEscapes.Replace(r.word("cite.rows"))+" "+strings.Join(rows, ", "))
	}
	if s := c.Source; s != nil {
		text := texEscapes.Replace(s.text(r.names))
		if s.Address != "" {
			text += `, \url{` + s.Address + `}`
		}
		notes = append(notes, text)
	}
	note := ""
	if notes != nil {
		note = fmt.Sprintf("  note = {%s},\n", strings.Join(notes, ". "))
	}
	return fmt.Sprintf("@misc{%s,\n  author = {{%s}},\n  title = {{%s}},\n  year = {%d},\n  version = {%s},\n  howpublished = {\\url{%s}},\n  url = {%s},\n  urldate = {%s},\n%s  language = {%s}\n}\n",
		c.key, texEscapes.Replace(r.settings.Publisher.Name), texEscapes.Replace(c.title), r.Release.Published.Year(), c.release,
		c.address, c.address, r.Today.Format(time.DateOnly), note, r.Code)
}

// ris writes a record of the format RIS, one tag a line.
func (r *renderer) ris(c *citation) string {
	var b strings.Builder
	add := func(tag, value string) {
		fmt.Fprintf(&b, "%s  - %s\r\n", tag, strings.Join(strings.Fields(value), " "))
	}
	add("TY", "DATA")
	add("AU", r.settings.Publisher.Name)
	add("TI", c.title)
	add("PY", fmt.Sprint(r.Release.Published.Year()))
	add("ET", c.release)
	add("UR", c.address)
	for _, row := range c.Rows {
		add("L1", row.Address)
	}
	if s := c.Source; s != nil {
		add("N1", strings.TrimSuffix(s.text(r.names)+", "+s.Address, ", "))
	}
	add("Y2", r.Today.Format("2006/01/02"))
	add("LA", r.Code)
	b.WriteString("ER  - \r\n")
	return b.String()
}
