package rdf

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

type xmlAttr struct {
	name  xmlName
	value string
}

// xmlNode is an element or, without one, a piece of text or of other markup.
type xmlNode struct {
	element *xmlElement
	text    string
	markup  string // comment or processing instruction, as it is written
}

type xmlElement struct {
	name     xmlName
	attrs    []xmlAttr // without the declarations of namespaces
	scope    *xmlScope
	children []xmlNode
	offset   int
}

// xmlParser builds the tree of a document. encoding/xml splits the tokens;
// namespaces are resolved here because it lets undeclared prefixes pass.
type xmlParser struct {
	*document
	decoder *xml.Decoder
	offset  int // where the current token begins
	root    *xmlElement
	open    []*xmlElement
}

// parseXML returns the root element.
func parseXML(d *document) (*xmlElement, error) {
	p := &xmlParser{document: d, decoder: xml.NewDecoder(strings.NewReader(d.text))}
	p.decoder.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("encoding %s is not read, only UTF-8", charset)
	}
	for {
		p.offset = int(p.decoder.InputOffset())
		token, err := p.decoder.RawToken()
		if err == io.EOF {
			return p.root, p.finish()
		}
		if err == nil {
			err = p.token(token)
		}
		if err != nil {
			return nil, p.place(err)
		}
	}
}

// place gives an error of encoding/xml its place and drops the one it has.
func (p *xmlParser) place(err error) error {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return p.fail(int(p.decoder.InputOffset()), errors.New(syntax.Msg))
	}
	return p.fail(p.offset, err)
}

func (p *xmlParser) finish() error {
	switch {
	case len(p.open) > 0:
		last := p.open[len(p.open)-1]
		return p.fail(last.offset, fmt.Errorf("element %s is not closed", last.name))
	case p.root == nil:
		return p.fail(len(p.text), errors.New("no element in the document"))
	}
	return nil
}

func (p *xmlParser) token(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		return p.start(token)
	case xml.EndElement:
		return p.end(token)
	case xml.CharData:
		return p.append(xmlNode{text: string(token)})
	case xml.Comment:
		return p.append(xmlNode{markup: "<!--" + string(token) + "-->"})
	case xml.ProcInst:
		return p.append(xmlNode{markup: strings.TrimSpace("<?"+token.Target+" "+string(token.Inst)) + "?>"})
	case xml.Directive:
		return p.entities(string(token))
	}
	return nil
}

// append adds a child to the innermost open element. Outside the root there
// is room for comments and white space only.
func (p *xmlParser) append(child xmlNode) error {
	if len(p.open) == 0 {
		if child.markup == "" && !isXMLSpace(child.text) {
			return errors.New("text outside the root element")
		}
		return nil
	}
	parent := p.open[len(p.open)-1]
	parent.children = append(parent.children, child)
	return nil
}

func isXMLSpace(s string) bool { return strings.Trim(s, " \t\r\n") == "" }

func (p *xmlParser) start(token xml.StartElement) error {
	e := &xmlElement{offset: p.offset}
	if len(p.open) > 0 {
		e.scope = p.open[len(p.open)-1].scope
	} else if p.root != nil {
		return errors.New("a second root element")
	} else {
		p.root = e
	}
	if len(p.open) >= maxDepth {
		return fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	if err := e.names(token); err != nil {
		return err
	}
	if len(p.open) > 0 {
		if err := p.append(xmlNode{element: e}); err != nil {
			return err
		}
	}
	p.open = append(p.open, e)
	return nil
}

func (p *xmlParser) end(token xml.EndElement) error {
	name := rawName(token.Name)
	if len(p.open) == 0 {
		return fmt.Errorf("</%s> closes nothing", name)
	}
	last := p.open[len(p.open)-1]
	if last.name.String() != name {
		return fmt.Errorf("</%s> where </%s> was expected", name, last.name)
	}
	p.open = p.open[:len(p.open)-1]
	return nil
}

// attr returns the value of an attribute.
func (e *xmlElement) attr(space, local string) (string, bool) {
	for _, a := range e.attrs {
		if a.name.space == space && a.name.local == local {
			return a.value, true
		}
	}
	return "", false
}

var entityPattern = regexp.MustCompile(`<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"&%<]*)"|'([^'&%<]*)')\s*>`)

// maxExpansion bounds what entities can add to a document.
const maxExpansion = 16 << 20

// entities reads the internal entities of a document type declaration, with
// which many ontologies abbreviate namespaces. Others stay undefined.
func (p *xmlParser) entities(directive string) error {
	p.decoder.Entity = map[string]string{}
	longest := 0
	for _, m := range entityPattern.FindAllStringSubmatch(directive, -1) {
		p.decoder.Entity[m[1]] = m[2] + m[3]
		longest = max(longest, len(m[2]+m[3]))
	}
	if longest*strings.Count(p.text, "&") > maxExpansion {
		return fmt.Errorf("entities would expand to more than %d MiB", maxExpansion>>20)
	}
	return nil
}
