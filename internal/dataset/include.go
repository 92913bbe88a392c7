// SPDX-License-Identifier: EUPL-1.2

package dataset

import (
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
)

// Join says which cell of the referenced row a column contains: that in the column
// Member of the row that the column Reference refers to. The zero value is no join.
type Join struct{ Reference, Member string }

// joined are the columns of a referenced row that include adds, if it has them.
var joined = []string{"title", "titleEn"}

// Includable returns the references whose rows have a title.
func (d *Dataset) Includable() []string {
	var names []string
	for _, c := range d.Columns {
		if c.Type == Reference && titled(c.Of) {
			names = append(names, c.Name)
		}
	}
	return names
}

// titled reports whether the rows of a dataset have titles.
func titled(id string) bool {
	d := ByID(id)
	return d != nil && d.Column("title") >= 0
}

func (q *Query) parseInclude(value string) error {
	answer := q.Answer()
	allowed := answer.Includable()
	for name := range strings.SplitSeq(value, ",") {
		if !slices.Contains(allowed, name) {
			rule := "is not a reference of " + q.Dataset.ID + " whose titles can be included"
			if slices.Contains(q.Dataset.Includable(), name) {
				rule = "is not a column of the groups"
			}
			return domain.NotOneOf("include", name, rule, allowed)
		}
		if i := answer.Column(name); !slices.Contains(q.Include, i) {
			q.Include = append(q.Include, i)
		}
	}
	return nil
}

// Joined describes the columns that include adds after the others.
func (d *Dataset) Joined(include []int) []Column {
	var columns []Column
	for _, i := range include {
		c := d.Columns[i]
		of := ByID(c.Of)
		for _, name := range joined {
			j := of.Column(name)
			if j < 0 {
				continue
			}
			member := of.Columns[j]
			columns = append(columns, Column{
				Name: c.Name + strings.ToUpper(name[:1]) + name[1:], Type: member.Type, Join: Join{c.Name, name},
				Title:       Text{c.Title.DE + ": " + member.Title.DE, c.Title.EN + ": " + member.Title.EN},
				Description: member.Description,
			})
		}
	}
	return columns
}

// Related returns the other datasets whose rows the query needs: those it searches, and
// those whose titles it includes.
func (q Query) Related() []*Dataset {
	var out []*Dataset
	add := func(id string) {
		if d := ByID(id); d != nil && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	for _, c := range q.Dataset.Columns {
		if len(q.Words) > 0 && c.Type == Reference && titled(c.Of) {
			add(c.Of)
		}
	}
	for _, i := range q.Include {
		add(q.Answer().Columns[i].Of)
	}
	if slices.Contains(q.Aggregates, Sum) {
		add(areaReference.Of)
	}
	return out
}
