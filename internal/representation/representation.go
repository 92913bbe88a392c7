// SPDX-License-Identifier: EUPL-1.2

// Package representation builds, compresses and caches finished responses: the bytes
// of a query in a format and a content coding, with their headers. A release never
// changes, so a response is built once and cached: in memory, or in a file if it is a
// large whole dataset. Large filtered responses are streamed instead.
package representation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/cespare/xxhash/v2"

	"github.com/zielstand/zielstand/internal/cache"
)

// Representation is a finished response in one content coding (RFC 9110, section 8).
// Its content is in Body or in File, in both if it is held, or is written by Stream for
// each request.
type Representation struct {
	Body   []byte
	File   *cache.File
	Stream func(ctx context.Context, w io.Writer) error
	// SHA256 is the checksum of the content in hexadecimal; streams and pages have none.
	SHA256 string
	// Length is the length of the content in bytes, or -1 for a stream.
	Length int64
	// ETag is strong and differs for each content coding (RFC 9110, section 8.8.3).
	ETag string
	// Header has the headers that describe the content, ETag included. It is shared by all
	// responses and must not be changed.
	Header http.Header
	// Immutable reports that the address always returns these bytes.
	Immutable bool

	// Once reports that the representation is not cached; after it is sent, Free gives
	// its buffer back.
	Once   bool
	buffer *bytes.Buffer // of Body, nil if the body is its own

	// makeshift marks a stream that replaces a file that could not be created; origin
	// is the file that it compresses, if any.
	makeshift bool
	origin    *cache.File
}

// Head contains the headers of a representation that do not depend on its content.
type Head struct {
	ContentType string
	// Links are the values of the Link header (RFC 8288).
	Links []string
	// Total is the number of matching rows on all pages; nil means no header.
	Total *int64
	// Disposition is the value of Content-Disposition, or empty.
	Disposition string
	// Policy is the value of Content-Security-Policy, or empty.
	Policy string
	// Referrer is the value of Referrer-Policy, or empty.
	Referrer  string
	Immutable bool
}

// New returns the representation of a body without content coding.
func New(h Head, body []byte) *Representation {
	r := newHead(h)
	r.setBody(body, Identity)
	return r
}

func newHead(h Head) *Representation {
	r := &Representation{Immutable: h.Immutable, Header: http.Header{"Content-Type": {h.ContentType}}}
	if h.Links != nil {
		r.Header["Link"] = h.Links
	}
	if h.Total != nil {
		r.Header.Set("X-Total-Count", strconv.FormatInt(*h.Total, 10))
	}
	if h.Policy != "" {
		r.Header.Set("Content-Security-Policy", h.Policy)
	}
	if h.Referrer != "" {
		r.Header.Set("Referrer-Policy", h.Referrer)
	}
	if h.Disposition != "" {
		r.Header.Set("Content-Disposition", h.Disposition)
	}
	return r
}

// setBody sets the body, without unused capacity: a cache would keep it, uncounted.
func (r *Representation) setBody(body []byte, c Coding) {
	if r.buffer == nil && cap(body)-len(body) > len(body)/8 {
		body = bytes.Clone(body)
	}
	r.Body = body
	r.setContent(sha256.Sum256(body), int64(len(body)), c)
}

// setPage sets the body without a SHA-256: pages do not expose it, and computing it took
// a tenth of the time to build a page.
func (r *Representation) setPage(body []byte) {
	r.Body = body
	r.setLength(int64(len(body)))
	r.setTag(binary.BigEndian.AppendUint64(nil, xxhash.Sum64(body)), Identity)
}

func (r *Representation) setFile(f *cache.File, c Coding) {
	r.File = f
	r.setContent(f.Sum, f.Size, c)
}

// setContent sets the fields that depend on the content's hash and length.
func (r *Representation) setContent(sum [sha256.Size]byte, length int64, c Coding) {
	r.SHA256 = hex.EncodeToString(sum[:])
	r.setLength(length)
	r.setTag(sum[:12], c)
}

func (r *Representation) setLength(length int64) {
	r.Length = length
	r.Header.Set("Content-Length", strconv.FormatInt(length, 10))
}

// setStream derives the entity tag of a stream from its key: a query of a release
// always returns the same bytes.
func (r *Representation) setStream(key string, c Coding, stream func(context.Context, io.Writer) error) {
	r.Stream, r.File, r.Length, r.SHA256 = stream, nil, -1, ""
	r.Header.Del("Content-Length")
	sum := sha256.Sum256([]byte(key))
	r.setTag(sum[:12], c)
}

func (r *Representation) setTag(sum []byte, c Coding) {
	tag := base64.RawURLEncoding.EncodeToString(sum)
	if c != Identity {
		tag += "-" + string(c)
		r.Header.Set("Content-Encoding", string(c))
	}
	r.ETag = `"` + tag + `"`
	r.Header.Set("ETag", r.ETag)
}

// Open opens File. The error is ErrStale if somebody has deleted it.
func (r *Representation) Open() (*os.File, error) { return openFile(r.File.Path) }

// Size returns the number of bytes that the representation takes in memory.
func (r *Representation) Size() int { return len(r.Body) + 1024 }
