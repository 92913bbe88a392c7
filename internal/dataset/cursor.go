package dataset

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"

	"github.com/zielstand/zielstand/internal/domain"
)

// cursor is the encoded form of a position. It is bound to a release and a query, and
// is not valid for others.
type cursor struct {
	Release  string `json:"r"`
	Question string `json:"q"`
	Ordinal  int64  `json:"o"`
}

// Cursor returns the opaque value of the parameter after for a position.
func (q Query) Cursor(release string, p Position) string {
	b, err := json.Marshal(cursor{release, q.question(), p.Ordinal})
	if err != nil {
		panic(err) // strings and integers always encode
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor sets the position of the query from the value of the parameter after.
func (q *Query) ParseCursor(release, text string) error {
	invalid := func(rule string) error { return &domain.Invalid{Name: "after", Value: text, Rule: rule} }
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return invalid("is not a cursor; take it from links.next")
	}
	var c cursor
	if err := json.Unmarshal(b, &c); err != nil || c.Ordinal < 1 {
		return invalid("is not a cursor; take it from links.next")
	}
	if c.Question != q.question() {
		return invalid("belongs to another query; follow links.next without changing filters or order")
	}
	if c.Release != release {
		return invalid("belongs to the release " + c.Release + "; follow links.next, which names it")
	}
	q.After = &Position{Ordinal: c.Ordinal}
	return nil
}

// question identifies the filters and the order, without fields, page and layout.
func (q Query) question() string {
	q.Fields, q.Limit, q.After, q.Labels, q.Layout = nil, 0, nil, "", ""
	sum := sha256.Sum256([]byte(q.Dataset.ID + "?" + q.Key()))
	return hex.EncodeToString(sum[:6])
}
