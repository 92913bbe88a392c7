// SPDX-License-Identifier: EUPL-1.2

package synthetic

import (
	"fmt"
	"iter"
	"strconv"
	"time"
)

// services returns the number of services that rows of service-availability need: each
// area offers each of them at one address.
func services(size Size) int { return (size.Availability + Areas - 1) / Areas }

var (
	serviceTopics    = []string{"health", "education", "environment", ""}
	serviceCoverages = []string{"at-least-one-municipality", "districtwide", "statewide", ""}
)

func service(i int) []string {
	return []string{
		ServiceKey(i), fmt.Sprintf("Synthetische Leistung %d", i+1), fmt.Sprintf("Synthetic service %d", i+1), strconv.Itoa(10001 + i/3),
		serviceTopics[i%len(serviceTopics)], "", sourceID,
	}
}

func exportID(month int) string { return "syn-export-" + day(month, 20).Format("2006-01") }

// availability yields rows with the edited columns of service-availability, sorted by
// service and area. A row is valid until the next. Each month another hundredth of the
// rows is not reachable.
func availability(size Size) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		areas := table(Areas, AreaID)
		row := make([]string, 11)
		row[3], row[6], row[9] = day(size.Month, 20).Format(time.DateOnly), "yes", exportID(size.Month)
		for n := range size.Availability {
			i, area := n/Areas, areas[n%Areas]
			if n%Areas == 0 {
				row[1], row[7], row[10] = ServiceKey(i), serviceCoverages[i%len(serviceCoverages)], "Leistung "+ServiceKey(i)
			}
			row[0], row[2] = fmt.Sprintf("%s-%s-%010x", row[1], area, n), area
			row[4] = "https://" + area + ".synthetisch.example/" + row[1]
			if row[5] = "ok"; n%7 == 0 || (n*37+size.Month)%100 == 0 {
				row[5] = "not-ok"
			}
			if !yield(row) {
				return
			}
		}
	}
}
