// Package plot draws figures as SVG: a chart of values over time, a chart of
// horizontal bars, and a bar of progress towards a target. It takes numbers,
// times and texts and returns one svg element as a string.
//
// The same figure gives the same bytes. Series differ by the shape of their
// markers and the dashes of their lines, never by colour alone. A figure needs
// no script and no inline style: geometry stands in presentation attributes,
// colours come from the classes in [CSS], which a page includes once.
//
// What a value means, where it comes from, and a table beside the figure are
// left to the caller.
package plot

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
)

// ErrInvalid is wrapped by every error of this package: the figure cannot be
// drawn as it was described.
var ErrInvalid = errors.New("invalid figure")

// The limits of a figure. Values beyond Largest have no readable axis.
const (
	MinWidth  = 280
	MaxWidth  = 4000
	MaxMarks  = 5000 // points or bars in one figure
	Largest   = 1e100
	fullWidth = 720
)

// Figure is what every plot has.
type Figure struct {
	// ID begins the ids inside the figure and must be unique on its page.
	// Empty means "plot".
	ID string
	// Title names the figure. It is required; a standalone figure shows it.
	Title string
	// Description is the caller's part of the text alternative. A list of the
	// values in words is added to it.
	Description string
	// Footnote is shown below the figure, such as the source of the values.
	Footnote string
	// Language of numbers, dates and words. Empty means German.
	Language Language
	// Width in pixels at full size; 0 means 720. A narrower container scales
	// the figure down; for small screens draw it with a small Width instead.
	Width int
	// Standalone makes a file of its own: with an XML declaration, a ground,
	// the title in view and CSS in a style element. The text of that element
	// is CSS to the byte, so that a Content-Security-Policy can name its hash.
	Standalone bool
}

var idLayout = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// withDefaults fills in what was left empty.
func (f Figure) withDefaults() Figure {
	if f.ID == "" {
		f.ID = "plot"
	}
	if f.Language == "" {
		f.Language = German
	}
	if f.Width == 0 {
		f.Width = fullWidth
	}
	return f
}

// check collects what is wrong with the figure apart from its values.
func (f Figure) check(p *problems) {
	f = f.withDefaults()
	if !idLayout.MatchString(f.ID) {
		p.add("id %q: an id begins with a letter and has letters, digits, hyphens and underscores", f.ID)
	}
	if strings.TrimSpace(f.Title) == "" {
		p.add("title: a figure needs one")
	}
	if f.Language != German && f.Language != English {
		p.add("language %q: allowed are de and en", f.Language)
	}
	if f.Width < MinWidth || f.Width > MaxWidth {
		p.add("width %d: allowed are %d to %d", f.Width, MinWidth, MaxWidth)
	}
}

// problems collects all that is wrong with a figure.
type problems []error

func (p *problems) add(format string, args ...any) {
	*p = append(*p, fmt.Errorf(format+": %w", append(args, ErrInvalid)...))
}

// value refuses what no axis can show.
func (p *problems) value(what string, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > Largest {
		p.add("%s: %v is not a finite number within ±%g", what, v, Largest)
	}
}

func (p *problems) err() error { return errors.Join(*p...) }
