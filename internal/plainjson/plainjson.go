// SPDX-License-Identifier: EUPL-1.2

// Package plainjson writes JSON without the escapes of <, > and & that encoding/json adds
// for HTML. It knows nothing about what it writes.
package plainjson

import (
	"bytes"
	"encoding/json"
)

// Marshal returns the JSON of a value.
func Marshal(v any) ([]byte, error) {
	text, err := encode(v, "")
	return bytes.TrimSuffix(text, []byte("\n")), err
}

// MarshalIndent returns the JSON of a value as a file: indented, with a final newline.
func MarshalIndent(v any) ([]byte, error) { return encode(v, "  ") }

func encode(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	err := e.Encode(v)
	return b.Bytes(), err
}
