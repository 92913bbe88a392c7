// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"context"
	"html/template"
	"image/color"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/plainjson"
	"github.com/zielstand/zielstand/internal/raster"
)

// Form is what a suffix of the address of a page asks for instead of the page.
type Form string

// The forms: the plot of the page as SVG, as PNG, in a page to embed, its rows and what
// describes them; the page's citation; and a picture of the page for links to it.
const (
	Whole    Form = ""
	SVG      Form = ".svg"
	PNG      Form = ".png"
	Card     Form = ".card"
	Data     Form = ".csv"
	Metadata Form = ".metadata.json"
	BibTeX   Form = ".bib"
	RIS      Form = ".ris"
	Preview  Form = ".preview.png"
)

// suffixes are all suffixes, those that end with another one first.
var suffixes = []Form{Preview, Metadata, SVG, PNG, Card, Data, BibTeX, RIS}

// SplitForm separates the suffix from the identifier in an address.
func SplitForm(id string) (string, Form) {
	for _, f := range suffixes {
		if rest, ok := strings.CutSuffix(id, string(f)); ok && rest != "" {
			return rest, f
		}
	}
	return id, Whole
}

// ContentType returns the media type of the form.
func (f Form) ContentType() string {
	switch f {
	case SVG:
		return "image/svg+xml"
	case PNG, Preview:
		return "image/png"
	case Metadata:
		return "application/json"
	case BibTeX:
		return "application/x-bibtex; charset=utf-8"
	case RIS:
		return "application/x-research-info-systems; charset=utf-8"
	}
	return "text/html; charset=utf-8"
}

// pngScale is how much larger than on a page a plot is as PNG, so that it is sharp in
// print.
const pngScale = 2

// Render renders a page or one of its forms other than Data. The error is
// domain.ErrNotFound if there is no such page, row or form.
func (s *Site) Render(ctx context.Context, request Request, form Form) ([]byte, error) {
	switch form {
	case Whole:
		return s.html(ctx, request)
	case BibTeX, RIS:
		return s.citation(ctx, request, form)
	case Preview:
		return s.preview(ctx, request)
	}
	r, c, err := s.figure(ctx, request)
	if err != nil {
		return nil, err
	}
	switch form {
	case SVG, PNG:
		svg, err := c.file()
		if err != nil || form == SVG {
			return []byte(svg), err
		}
		return raster.PNG(svg, pngScale)
	case Card:
		return s.card(r, c)
	case Metadata:
		return r.metadata(c)
	}
	return nil, domain.ErrNotFound
}

// DataAddress returns the address of the rows that the plot of a page shows.
func (s *Site) DataAddress(ctx context.Context, request Request) (string, error) {
	r, c, err := s.figure(ctx, request)
	if err != nil {
		return "", err
	}
	return r.rowsAddress(c), nil
}

// figure returns the plot of a page before it is drawn.
func (s *Site) figure(ctx context.Context, request Request) (*renderer, chart, error) {
	p := lookup(request.Pattern)
	if p == nil || p.figure == nil {
		return nil, chart{}, domain.ErrNotFound
	}
	r, err := s.load(ctx, request)
	if err != nil {
		return nil, chart{}, err
	}
	c, err := p.figure(ctx, r)
	if err == nil && c.draw == nil {
		err = domain.ErrNotFound
	}
	return r, c, err
}

// rowsAddress returns the address of the rows of a plot, those of the goals if it counts
// them.
func (r *renderer) rowsAddress(c chart) string {
	if len(c.rows) == 0 {
		return r.file(r.pinnedPath(dataset.Goals.ID+".csv", "", ""))
	}
	var ids []string
	for _, row := range c.rows {
		ids = append(ids, row.ID())
	}
	return r.file(r.pinnedPath(c.rows[0].dataset.ID+".csv", "id", strings.Join(ids, ",")))
}

// cardPage is a plot in a page of its own, for other sites to embed.
type cardPage struct {
	Lang, Title, Footnote, Home string
	Plot                        template.HTML
}

func (s *Site) card(r *renderer, c chart) ([]byte, error) {
	p := cardPage{Lang: r.Code, Title: c.figure.Title, Footnote: c.caption(), Home: r.publicURL + r.pageOfFigure()}
	var err error
	if p.Plot, err = c.inPage(); err != nil {
		return nil, err
	}
	t, err := s.cardTemplate.Clone()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Funcs(r.functions(nil)).Execute(&b, p)
	return b.Bytes(), err
}

// pageOfFigure returns the path of the page that shows the plot: that of a goal if the plot
// is of one of its targets.
func (r *renderer) pageOfFigure() string {
	switch {
	case r.Pattern == "/ozg/{id}":
		return Address(r.Code, "/ozg") + "#c-" + r.ID
	case r.Pattern == "/goals/{id}":
		goal, _, _ := strings.Cut(r.ID, ".")
		return Address(r.Code, "/goals/"+goal)
	}
	return r.address(r.Code)
}

// figureMetadata describes the plot of a page and its rows.
type figureMetadata struct {
	Title       string           `json:"title"`
	Description string           `json:"description"`
	Language    string           `json:"language"`
	URL         string           `json:"url"`
	Images      []string         `json:"images"`
	Data        string           `json:"data"`
	Release     string           `json:"release"`
	Released    string           `json:"released"`
	License     string           `json:"license"`
	Attribution string           `json:"attribution"`
	Sources     []sourceMetadata `json:"sources"`
	Columns     []columnMetadata `json:"columns"`
}

type sourceMetadata struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Publisher string   `json:"publisher"`
	Published string   `json:"published,omitempty"`
	URL       string   `json:"url,omitempty"`
	Places    []string `json:"places"`
}

type columnMetadata struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

func (r *renderer) metadata(c chart) ([]byte, error) {
	m := figureMetadata{
		Title: c.figure.Title, Description: c.description(), Language: r.Code, URL: r.publicURL + r.pageOfFigure(),
		Images: []string{r.publicURL + r.formAddress(r.Code, SVG), r.publicURL + r.formAddress(r.Code, PNG)}, Data: r.publicURL + strings.TrimPrefix(r.rowsAddress(c), r.root),
		Release: r.Release.ID, Released: r.Release.Published.Format(time.DateOnly), License: r.settings.License, Attribution: r.settings.Attribution,
		Sources: []sourceMetadata{}, Columns: []columnMetadata{},
	}
	d := dataset.Goals
	for _, row := range c.rows {
		d = row.dataset
		for _, column := range sourceColumns {
			m.addSource(r.lookup(dataset.Sources, row.Get(column)), r.names, row.Get("locator"))
		}
	}
	for _, column := range d.Columns {
		m.Columns = append(m.Columns, columnMetadata{column.Name, r.text(column.Title), r.text(column.Description)})
	}
	return plainjson.MarshalIndent(m)
}

func (m *figureMetadata) addSource(source Row, n names, place string) {
	if !source.Exists() {
		return
	}
	i := slices.IndexFunc(m.Sources, func(s sourceMetadata) bool { return s.ID == source.ID() })
	if i < 0 {
		i = len(m.Sources)
		m.Sources = append(m.Sources, sourceMetadata{source.ID(), n.name(source), source.Get("publisher"), source.Get("published"), source.Get("url"), []string{}})
	}
	if places := &m.Sources[i].Places; place != "" && !slices.Contains(*places, place) {
		*places = append(*places, place)
	}
}

// The preview of a page has the size that services show links with.
const (
	previewWidth  = 1200
	previewHeight = 630
	previewMargin = 60
)

// preview draws a picture of a page for links to it: the title over its plot or, without
// one, its description.
func (s *Site) preview(ctx context.Context, request Request) ([]byte, error) {
	r, built, err := s.build(ctx, request)
	if err != nil {
		return nil, err
	}
	var c chart
	draw := lookup(request.Pattern).figure
	if request.Pattern == "/" {
		draw = goalsFigure
	}
	if draw != nil {
		if c, err = draw(ctx, r); err != nil {
			return nil, err
		}
	}
	if r.list != nil && r.list.Filtered {
		c = chart{} // it is of the whole list
	}
	return r.drawPreview(built.base().FullTitle(), built.base().Description, c)
}

func (r *renderer) drawPreview(title, description string, c chart) ([]byte, error) {
	im, err := raster.New(previewWidth, previewHeight)
	if err != nil {
		return nil, err
	}
	const inner, bar = previewWidth - 2*previewMargin, 84
	brand, ink, muted := color.RGBA{0x0b, 0x3d, 0x6b, 0xff}, color.RGBA{0x1b, 0x1f, 0x24, 0xff}, color.RGBA{0x57, 0x60, 0x6a, 0xff}
	y := 60.0
	write := func(text string, size float64, bold bool, c color.Color, maxLines int) error {
		lines, err := im.Wrap(strings.ReplaceAll(text, "\u00ad", ""), inner, size, bold, maxLines)
		for _, line := range lines {
			y += size
			if err := im.Text(line, previewMargin, y, size, bold, c); err != nil {
				return err
			}
			y += size * 0.3
		}
		return err
	}
	if err := write(title, 52, true, ink, 3); err != nil {
		return nil, err
	}
	y += 24
	if c.draw != nil {
		if c.figure.Title != title && r.Pattern != "/" {
			if err := write(c.figure.Title, 32, false, ink, 2); err != nil {
				return nil, err
			}
			y += 12
		}
		f := c.figure
		f.Width = 640
		svg, err := c.draw(f)
		if err != nil {
			return nil, err
		}
		width, height, err := raster.Size(svg)
		if err != nil {
			return nil, err
		}
		scale := min(inner/width, (previewHeight-bar-20-y)/height)
		if err := im.Draw(svg, previewMargin, y, scale); err != nil {
			return nil, err
		}
		y += height*scale + 16
	}
	const size = 32
	if lines := int((previewHeight - bar - 20 - y) / (size * 1.3)); lines > 0 {
		if err := write(description, size, false, muted, lines); err != nil {
			return nil, err
		}
	}
	im.Fill(brand, 0, previewHeight-bar, previewWidth, bar)
	if err := im.Text(r.word("site"), previewMargin, previewHeight-30, 32, true, color.White); err != nil {
		return nil, err
	}
	if err := im.Text(r.word("claim")+" · "+r.word("release")+" "+r.Release.ID, previewMargin+190, previewHeight-30, 26, false, color.White); err != nil {
		return nil, err
	}
	return im.PNG()
}

// TouchIcon draws the icon of the pages, a mark on a square, for systems that show no
// SVG.
func TouchIcon(size int) ([]byte, error) {
	im, err := raster.New(size, size)
	if err != nil {
		return nil, err
	}
	s := float64(size)
	im.Fill(color.RGBA{0x0b, 0x3d, 0x6b, 0xff}, 0, 0, s, s)
	if err := im.Text("Z", s*0.22, s*0.78, s*0.8, true, color.White); err != nil {
		return nil, err
	}
	return im.PNG()
}

// share is where the plot of an address is in other forms, and the code that embeds it.
type share struct {
	SVG, PNG, Data, Metadata, Code string
}

// share returns the forms of the plot at the path of a page, without the language.
func (r *renderer) share(path, title string) share {
	at := func(f Form) string { return r.page(path + string(f)) }
	return share{
		SVG: at(SVG), PNG: at(PNG), Data: at(Data), Metadata: at(Metadata),
		Code: `<iframe src="` + r.publicURL + Address(r.Code, path+string(Card)) + `" title="` + template.HTMLEscapeString(title) + `" width="100%" height="560" loading="lazy"></iframe>`,
	}
}
