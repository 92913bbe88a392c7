// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zielstand/zielstand/internal/domain"
)

func TestSplitForm(t *testing.T) {
	t.Parallel()
	for id, want := range map[string][2]string{
		"obs-1": {"obs-1", ""}, "obs-1.svg": {"obs-1", ".svg"}, "obs-1.preview.png": {"obs-1", ".preview.png"}, "ds2-1.a.png": {"ds2-1.a", ".png"},
		"a.metadata.json": {"a", ".metadata.json"}, ".svg": {".svg", ""}, "a.json": {"a.json", ""}, "2024.01.0": {"2024.01.0", ""},
	} {
		rest, form := SplitForm(id)
		if diff := cmp.Diff(want, [2]string{rest, string(form)}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", id, diff)
		}
	}
}

// TestForms compares what pages give in other forms than HTML; pictures are in TestPictures.
func TestForms(t *testing.T) {
	t.Parallel()
	p := publish(t)
	var files []txtar.File
	for _, path := range []string{
		"/figures/obs-003.bib", "/figures/obs-003.ris", "/goals/ts2-01.bib", "/ozg.ris", "/indicators/e-file-users.metadata.json", "/ozg/priority.metadata.json",
		"/goals.metadata.json", "/indicators/e-file-users.card",
	} {
		request := p.request(t, "de", path)
		form := Form("")
		if request.ID == "" {
			request.Pattern, form = SplitForm(path)
		} else {
			_, form = SplitForm(path)
		}
		body, err := p.Render(context.Background(), request, form)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if form == Metadata {
			var m figureMetadata
			if err := json.Unmarshal(body, &m); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		if form == Card {
			body = regexp.MustCompile(`(?s)<svg.*?</svg>`).ReplaceAll(body, []byte("<svg>…</svg>"))
			body = regexp.MustCompile(`site\.[0-9a-f]{12}\.css`).ReplaceAll(body, []byte("site.css"))
		}
		files = append(files, txtar.File{Name: path, Data: bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))})
	}
	golden(t, "forms.txtar", files)
	for path, want := range map[string]string{
		"/indicators/e-file-users": "/v1/observations.csv?id=obs-002,obs-003,obs-004,obs-001&release=2024.02.0", "/goals": "/v1/goals.csv?release=2024.02.0",
	} {
		if got, err := p.DataAddress(context.Background(), p.request(t, "de", path)); err != nil || got != want {
			t.Errorf("the data of %s are at %s, want %s (%v)", path, got, want, err)
		}
	}
}

// TestPictures draws previews with and without a plot, and a plot, in the size that they say.
func TestPictures(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for _, path := range []string{"/", "/goals", "/goals/ts2-01", "/indicators/gigabit-households", "/figures/obs-003", "/imprint", "/releases/2024.02.0"} {
		body, err := p.Render(context.Background(), p.request(t, "en", path), Preview)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if size, err := png.DecodeConfig(bytes.NewReader(body)); err != nil || size.Width != previewWidth || size.Height != previewHeight {
			t.Errorf("%s: a picture of %d × %d pixels (%v)", path, size.Width, size.Height, err)
		}
	}
	body, err := p.Render(context.Background(), p.request(t, "de", "/ozg/priority"), PNG)
	if err != nil {
		t.Fatal(err)
	}
	if size, err := png.DecodeConfig(bytes.NewReader(body)); err != nil || size.Width != pngScale*wideWidth {
		t.Errorf("a plot of %d pixels (%v)", size.Width, err)
	}
}

func TestFormsNotFound(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for path, form := range map[string]Form{
		"/figures/absent": Whole, "/method": BibTeX, "/goals/absent": BibTeX, "/indicators/absent": Preview, "/absent": Preview, "/sources": Card,
		"/goals/ts2-02": PNG, "/ozg/absent": Metadata, "/imprint": RIS, "/indicators/procedure-months": Form(".gif"),
	} {
		if _, err := p.Render(context.Background(), p.request(t, "de", path), form); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("%s%s: error %v", path, form, err)
		}
	}
	if _, err := p.DataAddress(context.Background(), p.request(t, "de", "/sources")); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("the data of /sources: %v", err)
	}
}

// TestWarningsStayWithTheirChart checks that every form of a chart of some states says which
// are missing, as its page does.
func TestWarningsStayWithTheirChart(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	const warning = "Es fehlen: Schleswig-Holstein, "
	if html := p.html(t, "de", "/ozg"); !strings.Contains(html, warning) {
		t.Fatal("no warning on the page")
	}
	tag := regexp.MustCompile(`<[^>]*>`)
	for _, form := range []Form{SVG, Card, Metadata} {
		body, err := p.Render(context.Background(), p.request(t, "de", "/ozg/laender"+string(form)), form)
		if text := strings.Join(strings.Fields(tag.ReplaceAllString(string(body), " ")), " "); err != nil || !strings.Contains(text, warning) {
			t.Errorf("%s: error %v, no warning in\n%s", form, err, text)
		}
	}
}

func TestReportAddress(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for _, tt := range []struct{ form, email, want string }{
		{"", "post@zielstand.example", "mailto:post@zielstand.example?body=https%3A%2F%2Fzielstand.example%2Fgoals%2Fts2-01&subject=Fehler%20bei%20Zielstand"},
		{"https://form.example/?page={url}&x=1", "post@zielstand.example", "https://form.example/?page=https%3A%2F%2Fzielstand.example%2Fgoals%2Fts2-01&x=1"},
		{"", "", ""},
	} {
		r := p.renderer(p.request(t, "de", "/goals/ts2-01"))
		r.settings.ReportURL, r.settings.Contact.Email = tt.form, tt.email
		if got := r.reportAddress(); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

func TestTeX(t *testing.T) {
	t.Parallel()
	if got, want := texEscapes.Replace(`50 % & {a}_b \ ~^#$`), `50 \% \& \{a\}\_b \textbackslash{} \textasciitilde{}\textasciicircum{}\#\$`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestSourcesAreCited checks that formats for programs name the document of a figure.
func TestSourcesAreCited(t *testing.T) {
	t.Parallel()
	r := &renderer{Request: Request{Release: &domain.Release{}}, names: codeNames(t, "en")}
	c := &citation{Source: &citedSource{Publisher: "A & B", Title: "C", Date: "2021", Place: "3", Address: "https://a.example/d_e"}}
	if got, want := r.bibTeX(c), `note = {Source: A \& B: “C”, 2021, 3, \url{https://a.example/d_e}},`; !strings.Contains(got, want) {
		t.Errorf("%s\ndoes not contain %s", got, want)
	}
	if got, want := r.ris(c), "N1  - Source: A & B: “C”, 2021, 3, https://a.example/d_e\r\n"; !strings.Contains(got, want) {
		t.Errorf("%s\ndoes not contain %s", got, want)
	}
}

// TestListsAreCited cites lists, whole and filtered, and shows what they are filtered by to
// those who get a link.
func TestListsAreCited(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for path, want := range map[string][]string{
		"/goals":                    {"title = {{Alle Ziele}}", `\url{https://zielstand.example/v1/goals.csv?release=2024.02.0}`, "howpublished = {\\url{https://zielstand.example/goals}}"},
		"/goals?figures=yes&q=test": {"title = {{Ziele – „test“; Zahlen: messbare Ziele; ", "@misc{goals-figures-yes-q-test-2024-02-0,", "howpublished = {\\url{https://zielstand.example/goals?figures=yes&q=test}}"},
		"/sources":                  {"title = {{Quellen}}"},
		"/milestones":               {"title = {{Meilensteine}}"},
		"/contradictions":           {"title = {{Abweichende Angaben}}"},
		"/indicators":               {"title = {{Alle Indikatoren}}"},
	} {
		text, err := p.Render(context.Background(), p.request(t, "de", path), BibTeX)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, part := range want {
			if !strings.Contains(string(text), part) {
				t.Errorf("the citation of %s has no %s:\n%s", path, part, text)
			}
		}
	}
	html := p.html(t, "de", "/goals?figures=yes")
	for _, part := range []string{
		`<meta property="og:title" content="Ziele – Zahlen: messbare Ziele; `, `content="https://zielstand.example/goals.preview.png?figures=yes"`,
		`href="/goals.ris?figures=yes"`, `<meta name="robots" content="noindex">`,
	} {
		if !strings.Contains(html, part) {
			t.Errorf("the filtered list has no %s", part)
		}
	}
	whole, err := p.Render(context.Background(), p.request(t, "de", "/goals"), Preview)
	filtered, err2 := p.Render(context.Background(), p.request(t, "de", "/goals?figures=yes"), Preview)
	if err != nil || err2 != nil || bytes.Equal(whole, filtered) {
		t.Errorf("the previews of a list and of a part of it: %v, %v, or they are equal", err, err2)
	}
}

// TestTermsAreLinkedOnce links a term to the glossary where it stands first on a page, and
// the glossary has it.
func TestTermsAreLinkedOnce(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for _, language := range Languages() {
		glossary := p.html(t, language, "/glossary")
		terms := 0
		for _, path := range pagePaths {
			html, err := p.Render(context.Background(), p.request(t, language, path), Whole)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			seen := map[string]bool{}
			for _, m := range regexp.MustCompile(`<a class="term" href="[^"#]*#([^"]+)">`).FindAllStringSubmatch(string(html), -1) {
				if terms++; seen[m[1]] {
					t.Errorf("%s links %s twice", path, m[1])
				}
				if seen[m[1]] = true; !strings.Contains(glossary, `id="`+m[1]+`"`) {
					t.Errorf("%s links %s, which the glossary does not have", path, m[1])
				}
			}
		}
		if terms == 0 {
			t.Errorf("no page in %s links a term", language)
		}
	}
}
