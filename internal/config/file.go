// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/v2"
	"go.yaml.in/yaml/v3"

	"github.com/zielstand/zielstand/internal/domain"
)

// maxFile is the maximum size of a configuration file. Legal texts are its longest values.
const maxFile = 1 << 20

// loadFile reads a YAML file, whose nested keys are joined with dots.
func loadFile(k *koanf.Koanf, path string, origin map[string]string) error {
	text, err := domain.ReadFile(path, maxFile)
	if err != nil {
		return fmt.Errorf("configuration file %s: %w", path, err)
	}
	nested, err := parseYAML(text)
	if err != nil {
		return fmt.Errorf("configuration file %s: %w", path, withoutContent(err))
	}
	content := koanf.New(".")
	// Without a delimiter, the provider leaves names with dots as they are. Nested again, a
	// section would replace another of the same name, whichever comes first in the map.
	if err := content.Load(confmap.Provider(nested, ""), nil); err != nil {
		return err
	}
	flat := content.All()
	for _, name := range slices.Sorted(maps.Keys(flat)) {
		if _, empty := flat[name].(map[string]any); isSection(name) && (empty || flat[name] == nil) {
			delete(flat, name)
			continue
		}
		key := keyByName(name)
		if key == nil {
			shown := showName(name)
			return unknown(shown+" in "+path, shown, keyNames())
		}
		origin[name] = name + " in " + path
		if list, ok := flat[name].([]any); ok {
			if key.Type != "networks" {
				return &domain.Invalid{Name: origin[name], Rule: "must be a single value, not a list"}
			}
			flat[name] = separated(list)
		}
	}
	return k.Load(confmap.Provider(flat, ""), nil)
}

// isSection reports whether there are keys in a section with the name.
func isSection(name string) bool {
	return slices.ContainsFunc(Keys, func(k Key) bool { return strings.HasPrefix(k.Name, name+".") })
}

// separated returns the values of a list as an environment variable has them.
func separated(list []any) string {
	var values []string
	for _, value := range list {
		values = append(values, fmt.Sprint(value))
	}
	return strings.Join(values, ", ")
}

// parseYAML returns the content of a file. Numbers, days and booleans stay text, as they
// are written, so that a file means the same as an environment variable.
func parseYAML(text []byte) (nested map[string]any, err error) {
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	var document, second yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, cmp.Or(err, fmt.Errorf("line %d: a second document, after “---”, is not allowed", second.Line))
	}
	top := document.Content[0]
	switch top.Kind {
	case yaml.SequenceNode:
		return nil, fmt.Errorf("line %d: must be a mapping of sections and keys, such as “log: {level: info}”, not a list", top.Line)
	case yaml.ScalarNode:
		if top.Tag != "!!null" {
			return nil, fmt.Errorf("line %d: must be a mapping of sections and keys, such as “log: {level: info}”, not a single value", top.Line)
		}
	}
	if err := repeatedKey(top, "", map[string]int{}); err != nil {
		return nil, err
	}
	textual(&document)
	return nested, document.Decode(&nested)
}

// repeatedKey returns an error about a key that is set twice, in a mapping or also with dots
// in its name. The parser's error quotes the file. Lines has the lines of the keys so far.
func repeatedKey(mapping *yaml.Node, section string, lines map[string]int) error {
	if mapping.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key := mapping.Content[i]
		name := section + key.Value
		if before, ok := lines[name]; ok {
			return fmt.Errorf("line %d: %s is set twice; it is also set in line %d", key.Line, showName(name), before)
		}
		lines[name] = key.Line
		if err := repeatedKey(mapping.Content[i+1], name+".", lines); err != nil {
			return err
		}
	}
	return nil
}

// textual turns the values in a document into text.
func textual(node *yaml.Node) {
	if node.Kind == yaml.ScalarNode && slices.Contains([]string{"!!int", "!!float", "!!bool", "!!timestamp"}, node.Tag) {
		node.Tag = "!!str"
	}
	for _, child := range node.Content {
		textual(child)
	}
}

// excerpt matches a part of the file in an error of the YAML parser.
var excerpt = regexp.MustCompile("[`'\"].*[`'\"]")

// syntax matches an error of the parser that quotes only what it expected.
var syntax = regexp.MustCompile("^[^`'\"]*('[-,:.!>}\\]]'[^`'\"]*)+$")

// withoutContent removes quoted content of the file from the parser's error, because
// it may be a password. The error still names the line.
func withoutContent(err error) error {
	if syntax.MatchString(err.Error()) {
		return err
	}
	return errors.New(excerpt.ReplaceAllString(err.Error(), "…"))
}

var namePart = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// showName returns the part of an unknown key that looks like a key. A value that
// contains a colon, and may be a password, becomes a key if a line is broken wrongly.
func showName(name string) string {
	parts := strings.Split(name, ".")
	for i, part := range parts {
		if known := strings.Join(parts[:i], "."); keyByName(known) != nil || !namePart.MatchString(part) {
			return known + ".…"
		}
	}
	return name
}
