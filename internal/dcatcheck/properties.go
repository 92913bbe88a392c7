package dcatcheck

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed properties.txt
var propertiesFile string

// property is a line of properties.txt.
type property struct {
	class, name string
	need        string // must, should, may
	once        bool
	kind        string // literal, node, page, iri
	of          string // class of the nodes
	datatype    string
	list        string // list that the IRIs are of
	// leniently of or list makes a warning only.
	leniently bool
}

var properties = sync.OnceValue(func() []property {
	all, err := parseProperties(propertiesFile)
	if err != nil {
		panic(err) // embedded
	}
	return all
})

func parseProperties(text string) ([]property, error) {
	var all []property
	n := 0
	for line := range strings.Lines(text) {
		n++
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		p, err := parseProperty(words)
		if err != nil {
			return nil, fmt.Errorf("properties.txt, line %d: %w", n, err)
		}
		all = append(all, p)
	}
	return all, nil
}

func parseProperty(words []string) (property, error) {
	if len(words) < 5 {
		return property{}, fmt.Errorf("%d words, want at least 5", len(words))
	}
	p := property{class: words[0], name: words[1], need: words[2], once: words[3] == "one", kind: words[4]}
	for _, word := range words[5:] {
		name, value, _ := strings.Cut(word, "=")
		name, p.leniently = strings.TrimSuffix(name, "?"), strings.HasSuffix(name, "?")
		switch name {
		case "class":
			p.of = value
		case "type":
			p.datatype = value
		case "in":
			p.list = value
		default:
			return p, fmt.Errorf("unknown word %q", word)
		}
	}
	return p, nil
}

// severity is that of a node of another class or of another list.
func (p property) severity() Severity {
	if p.leniently {
		return Warning
	}
	return Violation
}
