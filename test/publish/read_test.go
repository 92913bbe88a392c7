// SPDX-License-Identifier: EUPL-1.2

package publish

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"mime"
	"os/exec"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
	"golang.org/x/net/html"
)

// readable reports what a reader of the format objects to.
func readable(contentType string, body []byte, address string) error {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	switch {
	case mediaType == "text/csv":
		_, err := readCSV(body)
		return err
	case mediaType == "text/html":
		return readHTML(body)
	case strings.HasSuffix(mediaType, "sheet"):
		f, err := excelize.OpenReader(bytes.NewReader(body))
		if err != nil {
			return err
		}
		defer f.Close()
		for _, name := range f.GetSheetList() {
			if _, err := f.GetRows(name); err != nil {
				return err
			}
		}
		return readParts(body)
	case mediaType == "image/png":
		_, err := png.Decode(bytes.NewReader(body))
		return err
	case mediaType == "application/x-bibtex":
		return readBibTeX(string(body))
	case mediaType == "application/x-research-info-systems":
		return readRIS(string(body))
	case mediaType == "text/plain":
		return readText(body)
	case mediaType == "application/ld+json", mediaType == "text/turtle", mediaType == "application/rdf+xml", mediaType == "application/n-triples":
		return readGraph(mediaType, body, address)
	case mediaType == "application/x-ndjson":
		for line := range bytes.Lines(body) {
			if _, err := readJSON(line); err != nil {
				return err
			}
		}
		return nil
	case mediaType == "application/vnd.apache.parquet":
		_, err := parquet.OpenFile(bytes.NewReader(body), int64(len(body)))
		return err
	case strings.HasSuffix(mediaType, "json"):
		_, err := readJSON(body)
		return err
	case strings.HasSuffix(mediaType, "xml"):
		return readXML(body)
	}
	return fmt.Errorf("no reader for %s", mediaType)
}

func readText(body []byte) error {
	if !utf8.Valid(body) {
		return errors.New("not UTF-8")
	}
	return nil
}

// readCSV reads both dialects, which differ in the first separator.
func readCSV(body []byte) ([][]string, error) {
	content, excel := bytes.CutPrefix(body, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(content))
	if excel {
		r.Comma = ';'
	}
	rows, err := r.ReadAll()
	if err == nil {
		err = readText(body)
	}
	return rows, err
}

func readJSON(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var content any
	if err := d.Decode(&content); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("more than one value: %v", err)
	}
	return content, readText(body)
}

func readXML(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return readText(body)
		} else if err != nil {
			return err
		}
	}
}

// readHTML checks what a lenient parser accepts: the end of the page, and values that
// templates reject.
func readHTML(body []byte) error {
	if _, err := html.Parse(bytes.NewReader(body)); err != nil {
		return err
	}
	if !bytes.HasSuffix(bytes.TrimSpace(body), []byte("</html>")) {
		return errors.New("the page is cut off")
	}
	if bytes.Contains(body, []byte("ZgotmplZ")) {
		return errors.New("the page has a value that the templates refuse")
	}
	z := html.NewTokenizer(bytes.NewReader(body))
	for data := false; ; {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return err
			}
			return readText(body)
		case html.StartTagToken:
			t := z.Token()
			data = t.Data == "script" && len(t.Attr) > 0 && t.Attr[0].Val == "application/ld+json"
			if t.Data == "script" && !data {
				return fmt.Errorf("a script: %s", t)
			}
		case html.TextToken:
			if data {
				if _, err := readJSON(z.Raw()); err != nil {
					return fmt.Errorf("JSON-LD of the page: %w", err)
				}
			}
			data = false
		}
	}
}

// links are the addresses of ours in a page.
func links(body []byte) []string {
	var out []string
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				address, _, _ := strings.Cut(strings.TrimPrefix(a.Val, publicURL), "#")
				if (a.Key == "href" || a.Key == "src") && strings.HasPrefix(address, "/") {
					out = append(out, address)
				}
			}
		}
	}
}

// readGraph reads RDF with json-gold or Raptor; Turtle and RDF/XML only where Raptor is
// installed.
func readGraph(mediaType string, body []byte, address string) error {
	format := map[string]string{
		"text/turtle": "turtle", "application/rdf+xml": "rdfxml", "application/n-triples": "ntriples", "application/ld+json": "jsonld",
	}[mediaType]
	if _, err := exec.LookPath("rapper"); err != nil && format != "ntriples" && format != "jsonld" {
		return readText(body)
	}
	g, err := rdftest.Parse(context.Background(), format, body, address)
	if err != nil {
		return err
	}
	if g.Len() == 0 {
		return errors.New("no triples")
	}
	return nil
}

// readBibTeX reads an entry: its braces are balanced, and nothing follows it.
func readBibTeX(text string) error {
	if !strings.HasPrefix(text, "@misc{") || !strings.HasSuffix(text, "\n}\n") || !utf8.ValidString(text) {
		return fmt.Errorf("not an entry: %.100q", text)
	}
	depth := 0
	for i := range len(text) - 1 {
		switch {
		case text[i] == '{' && (i == 0 || text[i-1] != '\\'):
			depth++
		case text[i] == '}' && text[i-1] != '\\':
			depth--
		}
		if depth == 0 && i > len("@misc") && i < len(text)-2 {
			return fmt.Errorf("a brace too many in %.100q", text[:i+1])
		}
	}
	if depth != 0 {
		return fmt.Errorf("%d braces are open", depth)
	}
	return nil
}

var risLine = regexp.MustCompile(`^[A-Z][A-Z0-9]  - [^\r\n]*$`)

// readRIS reads a record, a tag on each line.
func readRIS(text string) error {
	lines := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
	for _, line := range lines {
		if !risLine.MatchString(line) || !utf8.ValidString(line) {
			return fmt.Errorf("not a line of RIS: %q", line)
		}
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(lines[0], "TY  - ") || !strings.HasPrefix(last, "ER  - ") {
		return fmt.Errorf("a record from %q to %q", lines[0], last)
	}
	return nil
}
