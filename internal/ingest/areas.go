// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// checkAreas checks the keys of areas, and that they form a tree. References to other
// areas are checked together with all other references.
func (r *reader) checkAreas() {
	t := r.pkg.Tables[dataset.Areas.ID]
	if t == nil {
		return
	}
	known := map[string]bool{}
	for _, row := range t.Rows {
		known[row[0]] = true
	}
	for i, row := range t.sound() {
		id, parent := row[0], t.Cell(row, "parent")
		if lostZero(id, t.Cell(row, "level")) {
			r.add(at(t, i, "id", id, "is an official key without its leading zero; format the column as text", "write 0"+id))
			continue
		}
		if domain.IsAreaKey(id) && domain.IsAreaKey(parent) && known[parent] && !strings.HasPrefix(id, parent) {
			r.add(at(t, i, "parent", parent, "is not the start of the area's key; the key of an area starts with the keys of all areas that contain it", "the key is "+id))
		}
		if ars := t.Cell(row, "ars"); ars != "" {
			if err := domain.CheckARS(id, ars); err != nil {
				r.add(at(t, i, "ars", ars, "is not the regional key of the area", err.Error()))
			}
		}
		if uri, want := t.Cell(row, "uri"), domain.GeocodingURI(id); uri != "" && want != "" && uri != want && domain.CheckAddress(uri) == nil {
			r.add(at(t, i, "uri", uri, "is not the address of the area's key", "write "+want))
		}
		r.checkValidity(t, i)
	}
	r.checkCircles(t, "parent")
	r.checkCircles(t, "successor")
}

// lostZero reports whether an official key lacks its leading zero: complete keys have two,
// three (government districts), five or eight digits.
func lostZero(key, level string) bool {
	switch len(key) {
	case 1, 4, 7:
		return digits.MatchString(key)
	case 2:
		return digits.MatchString(key) && level == "government-district"
	}
	return false
}

func (r *reader) checkValidity(t *Table, i int) {
	row := t.Rows[i]
	from, to, successor := t.Cell(row, "validFrom"), t.Cell(row, "validTo"), t.Cell(row, "successor")
	if from != "" && to != "" && to < from && dated(from) && dated(to) {
		r.add(at(t, i, "validTo", to, "is before validFrom", "validFrom is "+from))
	}
	if successor != "" && to == "" {
		r.add(at(t, i, "validTo", "", "must not be empty if the area has a successor", ""))
	}
}

func dated(cell string) bool { return dataset.Column{Type: dataset.Date}.Check(cell) == nil }

// checkCircles finds cycles: areas that a column of areas leads back to. Each cycle is
// reported once.
func (r *reader) checkCircles(t *Table, column string) {
	next, rows := map[string]string{}, map[string]int{}
	for i, row := range t.sound() {
		if _, twice := rows[row[0]]; !twice {
			next[row[0]], rows[row[0]] = t.Cell(row, column), i
		}
	}
	done := map[string]bool{}
	for _, row := range t.sound() {
		var path []string
		id := row[0]
		for id != "" && !done[id] {
			done[id] = true
			path = append(path, id)
			id = next[id]
		}
		if start := slices.Index(path, id); start >= 0 {
			r.add(at(t, rows[id], column, next[id], "leads back to the area itself", strings.Join(append(path[start:], id), " → ")))
		}
	}
}
