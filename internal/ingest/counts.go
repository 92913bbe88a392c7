package ingest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// all is the code of a total in the codelists coverage and topic; activeAndReachable
// is the rule of countServices in the codelist count-rule.
const (
	all                = "all"
	activeAndReachable = "active-and-reachable"
)

// serviceCount identifies a row of service-counts.
type serviceCount struct{ area, asOf, source, coverage, topic string }

// countServices computes the dataset service-counts: for each area, day and source, the
// services with at least one active address whose status is ok, in total, by coverage
// and by topic. Areas with rows but no such service have a total of 0.
func countServices(services, availability [][]string) [][]string {
	topics := map[string]string{}
	for _, row := range services {
		topics[row[0]] = row[dataset.Services.Column("topic")]
	}
	d := dataset.ServiceAvailability
	service, area, asOf, source := d.Column("service"), d.Column("area"), d.Column("asOf"), d.Column("source")
	address, status, active, coverage := d.Column("address"), d.Column("addressStatus"), d.Column("active"), d.Column("coverage")
	counts := map[serviceCount]int{}
	type counted struct {
		count   serviceCount
		service string
	}
	seen := map[counted]bool{}
	for _, row := range availability {
		total := serviceCount{row[area], row[asOf], row[source], all, all}
		counts[total] += 0
		if row[address] == "" || row[active] != "yes" || row[status] != "ok" {
			continue
		}
		add := func(coverage, topic string) {
			c := total
			c.coverage, c.topic = coverage, topic
			if key := (counted{c, row[service]}); !seen[key] {
				seen[key] = true
				counts[c]++
			}
		}
		add(all, all)
		if row[coverage] != "" {
			add(row[coverage], all)
		}
		if topic := topics[row[service]]; topic != "" {
			add(all, topic)
		}
	}
	out := make([][]string, 0, len(counts))
	for c, n := range counts {
		out = append(out, cellsOf(dataset.ServiceCounts, map[string]string{
			"id":   c.area + "." + strings.ReplaceAll(c.asOf, "/", "_") + "." + c.source + "." + c.coverage + "." + c.topic,
			"area": c.area, "asOf": c.asOf, "coverage": c.coverage, "topic": c.topic,
			"value": strconv.Itoa(n), "rule": activeAndReachable, "source": c.source,
		}))
	}
	slices.SortFunc(out, func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	return out
}
