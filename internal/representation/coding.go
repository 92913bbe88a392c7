package representation

import (
	"bytes"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Coding is a content coding (RFC 9110, 8.4.1).
type Coding string

// The content codings that are offered.
const (
	Identity Coding = ""
	Gzip     Coding = "gzip"
	Brotli   Coding = "br"
	Zstd     Coding = "zstd"
)

// Codings lists the codings in the order of preference among equals.
var Codings = []Coding{Brotli, Zstd, Gzip, Identity}

// smallest is the length below which compression does not pay.
const smallest = 860

// in returns the representation in the coding.
func (r *Representation) in(c Coding) (*Representation, error) {
	if c == Identity || len(r.Body) < smallest {
		return r, nil
	}
	body, err := compress(c, r.Body)
	if err != nil {
		return nil, err
	}
	coded := *r
	coded.coding = []string{string(c)}
	coded.setBody(body, "-"+string(c))
	return &coded, nil
}

func compress(c Coding, body []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := compressor(c, &b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	if _, err := w.Write(body); err != nil {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	return b.Bytes(), nil
}

// compressor writes at the levels that pay for bytes made once and sent often;
// higher levels of Brotli cost tens of milliseconds a page.
func compressor(c Coding, w io.Writer) (io.WriteCloser, error) {
	switch c {
	case Gzip:
		return gzip.NewWriterLevel(w, 6)
	case Brotli:
		return brotli.NewWriterLevel(w, 5), nil
	case Zstd:
		return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	}
	return nil, fmt.Errorf("unknown content coding %q", c)
}
