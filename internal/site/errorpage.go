package site

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// Failure is an error to be shown as a page. It needs no database.
type Failure struct {
	Language string
	Status   int
	// Asked is the path that was asked for, Address that and its query as they
	// stand in a link, without the language.
	Asked, Address string
	// Nearest is the path of the page probably meant, without the language, or
	// empty; NearestTitle is its title.
	Nearest, NearestTitle string
	// Parameter is the parameter that is wrong, or empty.
	Parameter string
	// Reason is why what was asked for is gone.
	Reason dataset.Text
	// RequestID is where the log has the request.
	RequestID string
}

// Error renders a page that helps after an error.
func (s *Site) Error(f Failure) ([]byte, error) {
	v := &view{site: s, ctx: context.Background(), Request: Request{Language: f.Language, Pattern: "/" + strings.TrimLeft(f.Address, "/")}}
	name := f.name()
	return v.write(content{
		template: "error", title: v.word(name), description: v.word(name + ".text"), transient: true, failed: true,
		data: map[string]any{
			"Text": v.word(name + ".text"), "Nearest": f.Nearest, "NearestTitle": cmp.Or(f.NearestTitle, f.Nearest), "Reason": f.Reason.In(f.Language),
			"Guess": guess(f.Asked), "Missing": f.Status == http.StatusNotFound, "RequestID": f.requestID(),
		},
	})
}

// name is the key of the words for the error.
func (f Failure) name() string {
	switch {
	case f.Status == http.StatusNotFound:
		return "error.missing"
	case f.Status == http.StatusGone:
		return "error.gone"
	case f.Status == http.StatusServiceUnavailable:
		return "error.unavailable"
	case f.Status >= http.StatusInternalServerError:
		return "error.ours"
	case f.Parameter == "release":
		return "error.release"
	}
	return "error.request"
}

// requestID is told where the log can say more.
func (f Failure) requestID() string {
	if f.Status >= http.StatusInternalServerError {
		return f.RequestID
	}
	return ""
}

// guess is what one might search for instead of the path.
func guess(path string) string {
	path = strings.Trim(strings.TrimPrefix(path, "/en/"), "/")
	last := path[strings.LastIndex(path, "/")+1:]
	return strings.TrimSpace(strings.NewReplacer("-", " ", "_", " ", ".html", "", ".", " ").Replace(last))
}

// Title is what the page of a request is called, empty if it cannot be told.
func (s *Site) Title(ctx context.Context, r Request) string {
	v := &view{site: s, ctx: ctx, Request: r}
	for _, p := range Pages() {
		if p.Pattern == r.Pattern && p.Of != nil {
			row, err := v.one(p.Of, r.ID)
			if err != nil {
				return ""
			}
			return v.name(row)
		}
	}
	switch d := dataset.ByID(r.ID); {
	case r.Pattern == "/releases/{id}":
		return v.word("release") + " " + r.ID
	case r.Pattern == "/datasets/{id}" && d != nil:
		return d.Title.In(r.Language)
	}
	for _, e := range append(v.menu(), v.legalMenu()...) {
		if e.Href == v.path(r.Pattern) {
			return e.Title
		}
	}
	return ""
}
