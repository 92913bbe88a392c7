// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// all is the code of a total in the codelists coverage and topic; activeAndReachable
// is the rule of serviceCounter in the codelist count-rule.
const (
	all                = "all"
	activeAndReachable = "active-and-reachable"
)

// serviceCounter computes the dataset service-counts from the rows of
// service-availability: for each area, day and source, the services with at least one
// active address whose status is ok, in total, by coverage and by topic. Areas with rows
// but no such service have a total of 0.
type serviceCounter struct {
	// places are the places in topics, by service.
	places map[string]uint64
	topics []string
	// coverages are the codes that occurred; the first is empty.
	coverages []string
	groups    map[countedGroup]*[]uint64
}

// countedGroup is what is counted together: the rows of an area, day and source. Those of
// its rows that count are stored as numbers: the place of the service, then the place of
// the coverage.
type countedGroup struct{ area, asOf, source string }

// coverageBits is the size of the place of a coverage.
const coverageBits = 16

func newServiceCounter(services [][]string) *serviceCounter {
	c := &serviceCounter{places: make(map[string]uint64, len(services)), coverages: []string{""}, groups: map[countedGroup]*[]uint64{}}
	for i, row := range services {
		c.places[row[0]] = uint64(i)
		c.topics = append(c.topics, row[dataset.Services.Column("topic")])
	}
	return c
}

// add takes a row of service-availability, which may change afterwards.
func (c *serviceCounter) add(row offered) {
	key := countedGroup{row.cell("area"), row.cell("asOf"), row.cell("source")}
	group := c.groups[key]
	if group == nil {
		group = new([]uint64)
		c.groups[countedGroup{strings.Clone(key.area), strings.Clone(key.asOf), strings.Clone(key.source)}] = group
	}
	if row.cell("address") == "" || row.cell("active") != "yes" || row.cell("addressStatus") != "ok" {
		return
	}
	coverage := slices.Index(c.coverages, row.cell("coverage"))
	if coverage < 0 {
		coverage = len(c.coverages)
		c.coverages = append(c.coverages, strings.Clone(row.cell("coverage")))
	}
	*group = append(*group, c.places[row.cell("service")]<<coverageBits|uint64(coverage))
}

// rows returns the dataset, sorted by identifier.
func (c *serviceCounter) rows() [][]string {
	var out [][]string
	for key, group := range c.groups {
		count := func(coverage, topic string, n int) {
			out = append(out, cellsOf(dataset.ServiceCounts, map[string]string{
				"id":   strings.Join([]string{key.area, strings.ReplaceAll(key.asOf, "/", "_"), key.source, coverage, topic}, "."),
				"area": key.area, "asOf": key.asOf, "coverage": coverage, "topic": topic,
				"value": strconv.Itoa(n), "rule": activeAndReachable, "source": key.source,
			}))
		}
		slices.Sort(*group)
		total, byCoverage, byTopic := 0, map[string]int{}, map[string]int{}
		for i, n := range *group {
			if i > 0 && n == (*group)[i-1] {
				continue // another address of the service
			}
			byCoverage[c.coverages[n&(1<<coverageBits-1)]]++
			if i == 0 || n>>coverageBits != (*group)[i-1]>>coverageBits {
				total++
				byTopic[c.topics[n>>coverageBits]]++
			}
		}
		count(all, all, total)
		for coverage, n := range byCoverage {
			if coverage != "" && coverage != all { // these count only for the total
				count(coverage, all, n)
			}
		}
		for topic, n := range byTopic {
			if topic != "" && topic != all {
				count(all, topic, n)
			}
		}
	}
	slices.SortFunc(out, func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	return out
}

// offered is a row of service-availability.
type offered []string

func (o offered) cell(column string) string { return o[dataset.ServiceAvailability.Column(column)] }
