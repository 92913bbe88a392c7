package dataset

import (
	"slices"
	"testing"
)

func TestReservations(t *testing.T) {
	t.Parallel()
	complete := map[string]string{"actual": "o", "unit": "persons", "actualPeriod": "2021", "targetQualifier": "exact", "actualQualifier": "exact"}
	for _, tt := range []struct {
		name, column, value, direction string
		want                           []string // in English
		comparable                     bool
	}{
		{"comparable", "unit", "persons", "more-is-better", nil, true},
		{"no actual", "actual", "", "more-is-better", []string{"None of the sources names a value reached."}, false},
		{"factor", "unit", "factor", "more-is-better", []string{"The target is a multiple of a number that is not named."}, false},
		{"rank before direction", "unit", "rank", "less-is-better", []string{"Ranks cannot be put in proportion."}, false},
		{"year", "unit", "calendar-year", "more-is-better", []string{"Years cannot be put in proportion."}, false},
		{"less is better", "unit", "persons", "less-is-better", []string{"A share can be given only where more is better."}, false},
		{"undated", "actualPeriod", "", "more-is-better", []string{"The source gives no date for the latest value; it has been known since the source was published."}, true},
		{"inexact target", "targetQualifier", "at-least", "more-is-better", []string{"At least one of the figures is not given exactly."}, true},
		{"inexact actual", "actualQualifier", "about", "more-is-better", []string{"At least one of the figures is not given exactly."}, true},
	} {
		cell := func(column string) string {
			if column == tt.column {
				return tt.value
			}
			return complete[column]
		}
		reasons, comparable := Reservations(cell, tt.direction)
		var got []string
		for _, r := range reasons {
			if r.DE == "" {
				t.Errorf("%s: no German text for %q", tt.name, r.EN)
			}
			got = append(got, r.EN)
		}
		if comparable != tt.comparable || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, comparable %v; want %q, %v", tt.name, got, comparable, tt.want, tt.comparable)
		}
	}
}
