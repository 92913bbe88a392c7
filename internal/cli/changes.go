package cli

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// Without --all, at most changesShown changes are shown for each dataset, and at most
// valueShown characters of each value.
const (
	changesShown = 20
	valueShown   = 80
	allUsage     = "Show all changes, with their values in full."
)

// comparison is the difference between two releases. The first release has no previous
// one.
type comparison struct {
	from, to          *domain.Release
	changes, computed []release.Change
}

// writeChanges prints a comparison by dataset.
func (p *program) writeChanges(c comparison, all bool) {
	if c.from == nil {
		fmt.Fprintf(p.stdout, "First release %s\n", c.to.ID)
		return
	}
	fmt.Fprintf(p.stdout, "From release %s to %s:\n", c.from.ID, c.to.ID)
	left := 0
	for _, d := range dataset.All {
		left += p.writeDatasetChanges(d, c.changes, all)
		left += p.writeDatasetChanges(d, c.computed, all)
	}
	if len(c.changes)+len(c.computed) == 0 {
		fmt.Fprintln(p.stdout, "  no row changes")
	}
	if left > 0 {
		fmt.Fprintf(p.stdout, "%s not shown; --all shows everything\n", count(left, "change"))
	}
}

// writeDatasetChanges prints the changes of a dataset and returns how many it omitted.
func (p *program) writeDatasetChanges(d *dataset.Dataset, changes []release.Change, all bool) int {
	kinds := map[string]int{}
	var own []release.Change
	for _, c := range changes {
		if c.Dataset == d {
			own = append(own, c)
			kinds[c.Kind]++
		}
	}
	if len(own) == 0 {
		return 0
	}
	var counts []string
	for _, kind := range []string{release.Added, release.Changed, release.Removed} {
		if kinds[kind] > 0 {
			what := "row"
			if kind == release.Changed {
				what = "cell"
			}
			counts = append(counts, count(kinds[kind], what)+" "+kind)
		}
	}
	computed := ""
	if d.Computed {
		computed = " (computed)"
	}
	fmt.Fprintf(p.stdout, "  %s%s: %s\n", d.ID, computed, strings.Join(counts, ", "))
	shown := own
	if !all && len(own) > changesShown {
		shown = own[:changesShown]
	}
	for _, c := range shown {
		fmt.Fprintf(p.stdout, "    %s\n", changeLine(c, all))
	}
	if left := len(own) - len(shown); left > 0 {
		fmt.Fprintf(p.stdout, "    … and %d more\n", left)
		return left
	}
	return 0
}

// changeLine returns a change on one line: a row with its values, or a cell with the old
// and the new value.
func changeLine(c release.Change, all bool) string {
	show := func(value string) string {
		if !all && utf8.RuneCountInString(value) > valueShown {
			value = string([]rune(value)[:valueShown]) + "…"
		}
		return strconv.Quote(value)
	}
	mark := map[string]string{release.Added: "+", release.Removed: "-"}[c.Kind]
	if mark == "" {
		return fmt.Sprintf("~ %s %s: %s → %s", c.Row, c.Column, show(c.Old), show(c.New))
	}
	line := mark + " " + c.Row
	for i, column := range c.Dataset.Columns {
		if i > 0 && c.Values[i] != "" {
			line += " " + column.Name + "=" + show(c.Values[i])
		}
	}
	return line
}
