package site

import (
	"context"
	"net/http"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// Failure is an error to be shown as a page. It needs no database.
type Failure struct {
	Language string
	Status   int
	// Asked is the path that was asked for.
	Asked string
	// Nearest is the path of the page probably meant, without the language, or
	// empty.
	Nearest string
	// Reason is why what was asked for is gone.
	Reason dataset.Text
	// RequestID is where the log has the request.
	RequestID string
}

// Error renders a page that helps after an error.
func (s *Site) Error(f Failure) ([]byte, error) {
	v := &view{site: s, ctx: context.Background(), Request: Request{Language: f.Language, Pattern: "/"}}
	name := f.name()
	return v.write(content{
		template: "error", title: v.word(name), description: v.word(name + ".text"), transient: true,
		data: map[string]any{
			"Text": v.word(name + ".text"), "Nearest": f.Nearest, "Reason": f.Reason.In(f.Language),
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
