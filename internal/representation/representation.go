// Package representation makes finished answers: the bytes of a query in a
// format and a content coding, with the header fields that go with them. A
// release never changes, so an answer is made once and kept.
package representation

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"
)

// Representation is a finished answer in one content coding (RFC 9110, 8).
// The header fields are kept as slices, ready for http.Header.
type Representation struct {
	Body []byte
	// ETag is strong and differs for each content coding (RFC 9110, 8.8.3).
	ETag string
	// Modified is the time of Last-Modified; zero means that there is none.
	Modified time.Time
	// Immutable says that the address will give these bytes for ever.
	Immutable bool

	contentType, etag, modified, length, coding, link, total, disposition []string
}

// Head is what a representation says beside its body.
type Head struct {
	ContentType string
	Modified    time.Time
	// Links are values of the field Link (RFC 8288).
	Links []string
	// Total is the number of rows found, pages aside; -1 means none.
	Total int64
	// FileName is the name under which a browser saves the body, or empty.
	FileName  string
	Immutable bool
}

// New finishes a body without content coding.
func New(h Head, body []byte) *Representation {
	r := &Representation{
		Modified: h.Modified, Immutable: h.Immutable,
		contentType: []string{h.ContentType},
		link:        h.Links,
	}
	if !h.Modified.IsZero() {
		r.modified = []string{h.Modified.UTC().Format(http.TimeFormat)}
	}
	if h.Total >= 0 {
		r.total = []string{strconv.FormatInt(h.Total, 10)}
	}
	if h.FileName != "" {
		r.disposition = []string{`inline; filename="` + h.FileName + `"`}
	}
	r.setBody(body, "")
	return r
}

// setBody sets the body with the length and entity tag that follow from it.
func (r *Representation) setBody(body []byte, suffix string) {
	sum := sha256.Sum256(body)
	r.Body = body
	r.ETag = `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + suffix + `"`
	r.etag = []string{r.ETag}
	r.length = []string{strconv.Itoa(len(body))}
}

// Size is the number of bytes that the representation keeps.
func (r *Representation) Size() int { return len(r.Body) + 1024 }

// SetHeader sets the fields that describe the representation; those of a 304
// are the same but for the length and the type (RFC 9110, 15.4.5).
func (r *Representation) SetHeader(h http.Header) {
	h["Etag"] = r.etag
	if r.modified != nil {
		h["Last-Modified"] = r.modified
	}
	if r.link != nil {
		h["Link"] = r.link
	}
	if r.total != nil {
		h["X-Total-Count"] = r.total
	}
}

// SetBodyHeader sets the fields that describe the body.
func (r *Representation) SetBodyHeader(h http.Header) {
	h["Content-Type"] = r.contentType
	h["Content-Length"] = r.length
	if r.coding != nil {
		h["Content-Encoding"] = r.coding
	}
	if r.disposition != nil {
		h["Content-Disposition"] = r.disposition
	}
}
