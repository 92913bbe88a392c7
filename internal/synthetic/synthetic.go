// SPDX-License-Identifier: EUPL-1.2

// Package synthetic generates data for measurements: a data package, or a release to
// publish, with a number of observations. The same number always gives the same bytes.
// Every title and the manifest mark the data as synthetic.
package synthetic

import (
	"fmt"
	"iter"
)

// The numbers of areas and indicators are those of North Rhine-Westphalia and of the
// services in its catalogue.
const (
	Municipalities = 396
	districts      = 31
	regions        = 5
	associations   = 2
	Areas          = Municipalities + districts + regions + associations + 1
	Indicators     = 575
	goalCount      = 78
	fieldCount     = 10
	// History is the number of months in which each indicator is reported for
	// each area once one month is not enough for all rows.
	History = 100
	// MaxRows is the number of observations in a full history.
	MaxRows = Areas * Indicators * History
)

const (
	sourceID   = "syn-bericht"
	sourceDate = "2026-11-20"
	strategyID = "syn-strategie"
	unit       = "percent"
	firstYear  = 2018
)

// IndicatorID returns the identifier of the i-th indicator.
func IndicatorID(i int) string { return fmt.Sprintf("syn-leistung-%03d", i+1) }

// AreaID returns the key of the i-th area: municipalities with eight digits first, then
// the levels above.
func AreaID(i int) string {
	switch {
	case i < Municipalities:
		return fmt.Sprintf("05%03d%03d", 101+i/20, 1+i%20)
	case i < Municipalities+districts:
		return fmt.Sprintf("05%03d", 101+i-Municipalities)
	case i < Municipalities+districts+regions:
		return fmt.Sprintf("05%d", 1+i-Municipalities-districts)
	case i < Areas-1:
		return fmt.Sprintf("05v%d", 1+i-Municipalities-districts-regions)
	default:
		return "05"
	}
}

func monthID(i int) string { return fmt.Sprintf("%d-%02d", firstYear+i/12, 1+i%12) }

// observations yields rows with the edited columns of observations, sorted by indicator,
// area and period. A row is valid until the next.
func observations(rows int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		months := 1
		if rows > Areas*Indicators {
			months = History
		}
		areas, periods := table(Areas, AreaID), table(months, monthID)
		row := []string{"", "", "", "", "", "actual", "", "exact", sourceID, "", ""}
		noise := uint64(1)
		for n := range rows {
			if n%(Areas*months) == 0 {
				row[1] = IndicatorID(n / months / Areas)
				row[9] = fmt.Sprintf("Anlage 1, Tabelle %d", 1+n/months/Areas)
			}
			noise = noise*6364136223846793005 + 1442695040888963407 // a linear congruence (Knuth, MMIX)
			row[0] = fmt.Sprintf("syn-%07d", n+1)
			row[3] = areas[n/months%Areas]
			row[4] = periods[n%months]
			row[6] = fmt.Sprintf("%d.%d", noise>>33%100, noise>>50%10)
			if !yield(row) {
				return
			}
		}
	}
}

func table(n int, name func(int) string) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = name(i)
	}
	return names
}
