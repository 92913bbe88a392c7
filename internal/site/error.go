// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// errorPage is the page of an error.
type errorPage struct {
	frame
	Failure
	// Guess is a search term made from the address, for a page that is missing.
	Missing bool
	Guess   string
	// Reason is why, in the language of the page, and Rule the rule that is broken, in
	// English; each can be missing.
	Reason, Rule string
	// Day is when something was withdrawn.
	Day string
	// Gone reports whether what was asked for existed once, Again whether the same
	// request can succeed later.
	Gone, Again bool
}

// errorTemplate is the template of errors, which have no address of their own.
const errorTemplate = "error"

// Failure is an error to be shown as a page.
type Failure struct {
	// Release determines which pages the menu lists; an error needs none.
	Release  *domain.Release
	Language string
	Status   int
	// Asked is the requested path, Address the path and query as a link, both
	// without the language in Address.
	Asked, Address string
	// Nearest is the path of the page probably meant, or of what replaces something
	// withdrawn, without the language, or empty; NearestTitle is its title.
	Nearest, NearestTitle string
	// Invalid is what is wrong with the parameters, nil if nothing is.
	Invalid *domain.Invalid
	// Withdrawn is why something is gone.
	Withdrawn release.Withdrawal
	// RequestID identifies the request in the log.
	RequestID string
}

// Error renders a page that helps after an error.
func (s *Site) Error(f Failure) ([]byte, error) {
	r := s.renderer(Request{Release: f.Release, Language: f.Language, Pattern: "/" + strings.TrimLeft(f.Address, "/")})
	p := &errorPage{
		Failure: f, Missing: f.Status == http.StatusNotFound, Gone: f.Status == http.StatusGone, Guess: guess(f.Asked),
		Reason: r.text(dataset.Text{DE: f.Withdrawn.Reason, EN: f.Withdrawn.ReasonEN}), Day: r.period(f.Withdrawn.Day),
	}
	p.Title, p.Description = r.word(f.word()), r.word(f.word()+".text")
	p.Again = f.Status == http.StatusTooManyRequests || f.Status >= http.StatusInternalServerError
	p.NoIndex, p.Failed = true, true
	p.NearestTitle = cmp.Or(f.NearestTitle, f.Nearest)
	if f.Invalid != nil {
		p.explain(r)
	}
	if f.Status < http.StatusInternalServerError {
		p.RequestID = "" // the log has nothing to add
	}
	return s.execute(errorTemplate, r, p)
}

// explain says what is wrong with a parameter, and links to the value probably meant.
func (p *errorPage) explain(r *renderer) {
	i := p.Invalid
	switch {
	case errors.Is(i, domain.ErrRepeated):
		p.Reason = fmt.Sprintf(r.word("error.reason.repeated"), i.Name)
	case errors.Is(i, domain.ErrMisplaced):
		p.Reason = fmt.Sprintf(r.word("error.reason.misplaced"), i.Name)
	case p.word() == "error.value":
		p.Reason = fmt.Sprintf(r.word("error.reason.value"), i.Value, i.Name)
		if len(i.Allowed) == 0 {
			p.Rule = i.Rule
		}
	case p.word() == "error.request":
		p.Rule = i.Error()
	}
	if i.Nearest == "" {
		return
	}
	if u, err := url.Parse(p.Address); err == nil {
		q := u.Query()
		q.Set(i.Name, i.Nearest)
		u.RawQuery = q.Encode()
		p.Nearest, p.NearestTitle = u.String(), i.Nearest
	}
}

// word returns the key of the words for the error.
func (f Failure) word() string {
	switch {
	case f.Status == http.StatusNotFound:
		return "error.missing"
	case f.Status == http.StatusGone && f.Withdrawn.Reason == "":
		return "error.deleted"
	case f.Status == http.StatusGone:
		return "error.gone"
	case f.Status == http.StatusTooManyRequests:
		return "error.many"
	case f.Status == http.StatusServiceUnavailable:
		return "error.unavailable"
	case f.Status >= http.StatusInternalServerError:
		return "error.internal"
	case f.Invalid == nil || f.Invalid.Kind != nil:
		return "error.request"
	case f.Invalid.Name == "release":
		return "error.release"
	case f.Invalid.Name == "q":
		return "error.query"
	case f.Invalid.Value != "":
		return "error.value"
	}
	return "error.request"
}

// guess turns the end of a path into a search term.
func guess(path string) string {
	_, path = CutLanguage(path)
	path = strings.Trim(path, "/")
	last := path[strings.LastIndex(path, "/")+1:]
	return strings.TrimSpace(strings.NewReplacer("-", " ", "_", " ", ".html", "", ".", " ").Replace(last))
}
