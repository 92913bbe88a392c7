// SPDX-License-Identifier: EUPL-1.2

package table

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
)

// figures builds observations from lines of id, indicator, area, period, kind, value,
// qualifier, source, published, unit, breakdown and derivation.
func figures(t *testing.T, lines string) *Table {
	t.Helper()
	return tableOf(t, dataset.Observations, "id,indicator,area,period,kind,value,qualifier,source,published,unit,breakdown,derivation", strings.Split(lines, "\n")...)
}

// tableOf returns a table with cells in some columns of each row.
func tableOf(t *testing.T, d *dataset.Dataset, columns string, rows ...string) *Table {
	t.Helper()
	b, names := NewBuilder(d, 0), strings.Split(columns, ",")
	for _, row := range rows {
		cells := make([][]byte, len(d.Columns))
		for i, text := range strings.Split(strings.TrimSpace(row), ",") {
			cells[d.Column(names[i])] = []byte(text)
		}
		if err := b.Add(cells); err != nil {
			t.Fatal(err)
		}
	}
	return b.Table()
}

// areas of two levels.
func areas(t *testing.T) *Table {
	t.Helper()
	return tableOf(t, dataset.Areas, "id,level", "00,country", "05,state", "06,state")
}

func grouped(by string, aggregates ...dataset.Aggregate) dataset.Query {
	q := dataset.Query{Dataset: dataset.Observations, Aggregates: aggregates}
	for name := range strings.SplitSeq(by, ",") {
		q.GroupBy = append(q.GroupBy, q.Dataset.Column(name))
	}
	return q
}

// TestAggregates computes aggregates that are allowed, in full precision.
func TestAggregates(t *testing.T) {
	t.Parallel()
	table := figures(t, `o1,a,05,2020,actual,0.1,exact,s1,2021,count
		o2,a,06,2020,actual,0.20,exact,s2,2021,count
		o3,b,05,2019,actual,9007199254740993,exact,s1,2021,count
		o4,b,06,2019,actual,9007199254740992,exact,s1,2021,count
		o5,c,05,2018,actual,7,about,s1,2021,percent
		o6,c,05,,actual,8,exact,s1,2018,percent
		o7,c,05,2018,actual,9,exact,s2,2022,percent`)
	for _, tt := range []struct {
		q    dataset.Query
		want string
	}{
		{grouped("indicator", dataset.Count), "a,2 b,2 c,3"},
		{grouped("indicator", dataset.Min, dataset.Max), "a,0.1,0.20,count,exact b,9007199254740992,9007199254740993,count,exact c,7,9,percent,about exact"},
		{grouped("indicator,period", dataset.Latest), "a,2020,0.1,2020,s1,o1,count,exact"},
		{grouped("indicator,area,unit", dataset.Latest), "a,05,count,0.1,2020,s1,o1,exact a,06,count,0.20,2020,s2,o2,exact b,05,count,9007199254740993,2019,s1,o3,exact b,06,count,9007199254740992,2019,s1,o4,exact c,05,percent,9,2018,s2,o7,about exact"},
	} {
		if tt.q.Aggregates[0] == dataset.Latest && len(tt.q.GroupBy) == 2 {
			tt.q.Filters = []dataset.Filter{{Column: 0, Values: []string{"o1"}}}
		}
		if got := answer(t, table, tt.q); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.q.Key(), got, tt.want)
		}
	}
	sum := grouped("indicator", dataset.Sum)
	sum.Filters = []dataset.Filter{{Column: 1, Values: []string{"a", "b"}}}
	if got, want := answer(t, table, sum), "a,0.30,count,exact b,18014398509481985,count,exact"; got != want {
		t.Errorf("sums %s, want %s", got, want)
	}
}

func answer(t *testing.T, table *Table, q dataset.Query) string {
	t.Helper()
	page, err := table.Query(context.Background(), q, Related{"areas": areas(t)})
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	if err := page.Each(context.Background(), func(cells [][]byte) error {
		var texts []string
		for _, c := range cells {
			texts = append(texts, string(c))
		}
		rows = append(rows, strings.Join(texts, ","))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(rows, " ")
}

// TestAggregatesRefused has a line for each reason not to compute an aggregate.
func TestAggregatesRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, lines, by, aggregate, want string }{
		{
			"units", "o1,a,05,2020,actual,1,exact,s,2021,count\no2,b,05,2020,actual,1,exact,s,2021,percent", "area", "min",
			`aggregate="min": cannot be computed for area=05: its rows differ in unit (count, percent); filter by it or add it to groupBy`,
		},
		{
			"measures", "o1,a,05,2020,actual,1,exact,s,2021,count\no2,b,05,2020,actual,1,exact,s,2021,count", "area", "max",
			`aggregate="max": cannot be computed for area=05: its rows differ in indicator (a, b); filter by it or add it to groupBy`,
		},
		{
			"kinds", "o1,a,05,2020,actual,1,exact,s,2021,count\no2,a,05,2020,target,1,exact,s,2021,count", "indicator", "sum",
			`aggregate="sum": cannot be computed for indicator=a: its rows differ in kind (actual, target); filter by it or add it to groupBy`,
		},
		{
			"inexact", "o1,a,05,2020,actual,1,about,s,2021,count", "indicator,period", "sum",
			`aggregate="sum": cannot be computed for indicator=a, period=2020: not all of its values are exact (about); filter with qualifier=exact`,
		},
		{
			"computed with reported", "o1,a,05,2020,actual,1,exact,s,2021,count,,counted\no2,a,06,2020,actual,1,exact,s,2021,count", "indicator", "sum",
			`aggregate="sum": cannot be computed for indicator=a: its rows differ in derivation (none, counted); filter by it or add it to groupBy`,
		},
		{
			"periods", "o1,a,05,2020,actual,1,exact,s,2021,count\no2,a,05,2019,actual,1,exact,s,2021,count\no3,a,05,2018,actual,1,exact,s,2021,count\no4,a,05,2017,actual,1,exact,s,2021,count", "indicator", "sum",
			`aggregate="sum": cannot be computed for indicator=a: its rows differ in period (2017, 2018, 2019 …); filter by it or add it to groupBy`,
		},
		{
			"the same figure", "o1,a,05,2020,actual,1,exact,s,2021,count\no2,a,05,2020,actual,1,exact,s2,2021,count", "indicator", "sum",
			`aggregate="sum": cannot be computed for indicator=a: o1 and o2 state the same figure; filter by source or id`,
		},
		{
			"breakdowns", "o1,a,05,2020,actual,1,exact,s,2021,count\no2,a,05,2020,actual,1,exact,s,2021,count,pilot", "indicator", "sum",
			`aggregate="sum": cannot be computed for indicator=a: its rows differ in breakdown (none, pilot); filter by it or add it to groupBy`,
		},
		{
			"smallest of several breakdowns", "o1,a,05,2020,actual,1,exact,s,2021,count,half\no2,a,05,2020,actual,1,exact,s,2021,count,whole", "indicator", "min",
			`aggregate="min": cannot be computed for indicator=a: its rows differ in breakdown (half, whole); filter by it or add it to groupBy`,
		},
		{
			"latest of several areas", "o1,a,05,2020,actual,1,exact,s,2021,count\no2,a,06,2021,actual,1,exact,s,2021,count", "indicator", "latest",
			`aggregate="latest": cannot be computed for indicator=a: its rows differ in area (05, 06); filter by it or add it to groupBy`,
		},
		{
			"ratios", "o1,a,05,2020,actual,1,exact,s,2021,percent", "indicator", "sum",
			`aggregate="sum": cannot be computed for indicator=a: values in the unit percent cannot be added`,
		},
		{
			"an area in another", "o1,a,00,2020,actual,1,exact,s,2021,count\no2,a,05,2020,actual,1,exact,s,2021,count", "indicator", "sum",
			`aggregate="sum": cannot be computed for indicator=a: its areas are of different levels (00 is a country, 05 a state), so one may contain another; filter by area`,
		},
		{
			"an unknown area", "o1,a,05,2020,actual,1,exact,s,2021,count\no2,a,99,2020,actual,1,exact,s,2021,count", "indicator", "sum",
			`aggregate="sum": cannot be computed for indicator=a: the level of the area 99 is unknown`,
		},
		{
			"last values that differ", "o1,a,05,2020,actual,1,exact,s,2021,count\no2,a,05,2020,actual,2,exact,s,2021,count", "indicator,breakdown", "latest",
			`aggregate="latest": cannot be computed for indicator=a, breakdown=none: its last values differ (1 in o1, 2 in o2); use latest=true to get both`,
		},
		{
			"a value that may be later", "o1,a,05,2020,actual,1,exact,s,2021,count\no2,a,05,,actual,2,exact,s,2021,count", "indicator,breakdown", "latest",
			`aggregate="latest": cannot be computed for indicator=a, breakdown=none: its last values differ (1 in o1, 2 in o2); use latest=true to get both`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := grouped(tt.by, dataset.Aggregate(tt.aggregate))
			_, err := figures(t, tt.lines).Query(context.Background(), q, Related{"areas": areas(t)})
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestSharedCountsAreNotAdded groups counts of OZG services in two states: both may have
// the same services.
func TestSharedCountsAreNotAdded(t *testing.T) {
	t.Parallel()
	d := dataset.OZGServiceCounts
	counts := tableOf(t, d, "id,area,value,qualifier", "a,05,100,exact", "b,06,100,exact")
	q := dataset.Query{Dataset: d, GroupBy: []int{d.Column("measure")}, Aggregates: []dataset.Aggregate{dataset.Sum}}
	_, err := counts.Query(context.Background(), q, Related{"areas": areas(t)})
	const want = `aggregate="sum": cannot be computed for measure=none: 05 and 06 may count the same services; filter by area`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestTooManyGroups checks that the number of groups and series is limited.
func TestTooManyGroups(t *testing.T) {
	t.Parallel()
	d := dataset.Observations
	b, cells := NewBuilder(d, dataset.MaxGroups+1), make([][]byte, len(d.Columns))
	for i := range dataset.MaxGroups + 1 {
		cells[d.Column("indicator")] = []byte{byte('a' + i%26), byte('a' + i/26%26), byte('a' + i/676%26), byte('a' + i/17576)}
		if err := b.Add(cells); err != nil {
			t.Fatal(err)
		}
	}
	table := b.Table()
	for _, tt := range []struct {
		q    dataset.Query
		want string
	}{
		{grouped("indicator", dataset.Count), `groupBy="indicator": gives more than 100000 groups; add filters or group by fewer columns`},
		{dataset.Query{Dataset: d, Latest: true}, `latest="true": finds more than 100000 series; add filters`},
		{dataset.Query{Dataset: d, Latest: true, GroupBy: []int{d.Column("kind")}, Aggregates: []dataset.Aggregate{dataset.Count}}, `latest="true": finds more than 100000 series; add filters`},
	} {
		if _, err := table.Query(context.Background(), tt.q, nil); err == nil || err.Error() != tt.want {
			t.Errorf("error %v, want %s", err, tt.want)
		}
	}
}

// TestLatest keeps the last period, the shortest of those that end with it, of this the last
// source, of this every row, and what else became known since without a period.
func TestLatest(t *testing.T) {
	t.Parallel()
	table := figures(t, `o1,a,05,2020,actual,1,exact,s1,2021,count
		o2,a,05,2021-06,actual,2,exact,s1,2021-10,count
		o3,a,05,2021-06,actual,3,exact,s2,2021-11,count
		o4,a,05,2021-06,actual,4,about,s3,2021-11,count
		o5,a,05,,actual,5,exact,s4,2021-06-30,count
		o6,a,05,2025,target,6,exact,s1,2021,count
		o7,b,05,,actual,7,exact,s1,2021,count
		o8,c,05,2022-12,actual,8,exact,s1,2023,count
		o9,c,05,2022,actual,9,exact,s2,2026,count
		p1,c,05,,actual,10,exact,s4,2023-01,count
		p2,c,05,,actual,11,exact,s5,2026,count
		p6,c,05,,actual,8,exact,s5,2026,count
		p7,c,05,,actual,8,about,s5,2026,count
		p3,c,05,,actual,12,exact,s6,2022-12,count
		p4,d,05,,actual,13,exact,s1,2021,count
		p5,d,05,,actual,14,exact,s2,2022,count`)
	if got, want := answer(t, table, dataset.Query{Dataset: dataset.Observations, Latest: true, Fields: []int{0}}), "o3 o4 o6 o7 o8 p1 p2 p7 p5"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestInclude adds the titles of the goals, page by page and for groups.
func TestInclude(t *testing.T) {
	t.Parallel()
	rows := make([][]string, 3)
	for i, goal := range []string{"ds2-02", "", "absent"} {
		rows[i] = make([]string, len(described.Columns))
		rows[i][0], rows[i][1] = string(rune('a'+i)), goal
	}
	table := build(t, rows)
	for _, q := range []dataset.Query{
		{Dataset: described, Fields: []int{0, 1}, Include: []int{1}},
		{Dataset: described, GroupBy: []int{1}, Aggregates: []dataset.Aggregate{dataset.Count}, Include: []int{0}},
	} {
		page, err := table.Query(context.Background(), q, relatedGoals)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		_ = page.Each(context.Background(), func(cells [][]byte) error {
			got = append(got, string(cells[2]))
			return nil
		})
		if diff := cmp.Diff([]string{"Schule 2.0", "", ""}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", q.Key(), diff)
		}
	}
}
