// SPDX-License-Identifier: EUPL-1.2

package encode

import "io"

// ndjsonEncoder writes a JSON object on each line, with the members of a row in a JSON
// document.
type ndjsonEncoder struct{ jsonEncoder }

func newNDJSON(w io.Writer, d Document) Encoder {
	e := &ndjsonEncoder{}
	e.w = w
	e.setMembers(d)
	return e
}

// Row writes one line.
func (e *ndjsonEncoder) Row(cells [][]byte) error {
	e.buffer = append(e.appendRow(e.buffer, cells), '\n')
	return e.flush()
}

// Close does nothing: a document without rows is empty.
func (e *ndjsonEncoder) Close() error { return nil }
