package encode

import "io"

// ndjsonEncoder writes a JSON object on each line, with the members of a row in a JSON
// document.
type ndjsonEncoder struct{ jsonEncoder }

func newNDJSON(w io.Writer, d Document) Encoder {
	e := &ndjsonEncoder{}
	e.w = w
	e.setMembers(d.Columns)
	return e
}

// Row writes one line.
func (e *ndjsonEncoder) Row(cells [][]byte) error {
	for i := range e.members {
		e.buffer = append(e.members[i].append(e.buffer, cells[i]), e.members[i].tail...)
	}
	e.buffer = append(e.buffer, '}', '\n')
	return e.flush()
}

// Close does nothing: a document without rows is empty.
func (e *ndjsonEncoder) Close() error { return nil }
