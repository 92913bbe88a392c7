// SPDX-License-Identifier: EUPL-1.2

package dataset_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// vocabulary is a dataset.Vocabulary of a release that holds little.
type vocabulary struct{}

func (vocabulary) Codes(codelist string) []string {
	return map[string][]string{
		"area-level": {"world", "country", "state"},
		"kind":       {"actual", "target", "planned"},
		"status":     {"announced", "in-progress", "achieved"},
		"theme":      {"e-file", "broadband", "mobile"},
		"unit":       {"count", "percent"},
	}[codelist]
}

// Knows leaves the look-up to the lists.
func (vocabulary) Knows(string, string) bool { return false }

func (vocabulary) IDs(id string) []string {
	if id == "indicators" {
		var many []string
		for _, letter := range "abcdefghijklmnopqrstuvwxyz" {
			many = append(many, "indicator-"+string(letter))
		}
		return many
	}
	return map[string][]string{
		"areas":            {"WORLD", "00", "05", "05158", "05158026"},
		"fields-of-action": {"ds2-verwaltung", "ds2-netze"},
		"goals":            {"ds2-01", "ds2-02"},
		"sources":          {"digitalstrategie-2-0", "vorlage-17-6059"},
	}[id]
}

// Within nests each area of IDs in the one before.
func (v vocabulary) Within(area string) []string {
	areas := v.IDs("areas")
	return areas[slices.Index(areas, area):]
}

func parse(t testing.TB, d *dataset.Dataset, query string) (dataset.Query, error) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return dataset.ParseQuery(d, values, vocabulary{})
}

// parametersOfAreas and columnsOfAreas are in messages; TestParameterNames tests the list.
var (
	parametersOfAreas = strings.Join(dataset.Areas.ParameterNames(), ", ")
	columnsOfAreas    = strings.Join(dataset.Areas.Names(), ", ")
)

func TestParseQueryErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		dataset *dataset.Dataset
		query   string
		want    string
	}{
		{
			"unknown parameter", dataset.Areas, "levle=state",
			`levle: is not a parameter of areas; did you mean "level"?; allowed: ` + parametersOfAreas,
		},
		{
			"parameter in another letter case", dataset.Areas, "Level=state",
			`Level: is not a parameter of areas; did you mean "level"?; allowed: ` + parametersOfAreas,
		},
		{
			"text is searched, not filtered", dataset.Areas, "title=Welt",
			`title: is not a parameter of areas; allowed: ` + parametersOfAreas,
		},
		{
			"what was known when, where nothing has a date", dataset.Areas, "asOf=2021-01-01",
			`asOf: is not a parameter of areas; allowed: ` + parametersOfAreas,
		},
		{
			"the empty parameter", dataset.Areas, "=x",
			`: is not a parameter of areas; did you mean "q"?; allowed: ` + parametersOfAreas,
		},
		{
			"the first wrong one in the order of the names", dataset.Areas, "zzzz=1&limit=0",
			`limit="0": a limit is a whole number from 1 to 10000; leave it out to get all rows`,
		},

		{"limit 0", dataset.Areas, "limit=0", `limit="0": a limit is a whole number from 1 to 10000; leave it out to get all rows`},
		{"limit below", dataset.Areas, "limit=-1", `limit="-1": a limit is a whole number from 1 to 10000; leave it out to get all rows`},
		{"limit above", dataset.Areas, "limit=1000000", `limit="1000000": a limit is a whole number from 1 to 10000; leave it out to get all rows`},
		{"limit just above", dataset.Areas, "limit=10001", `limit="10001": a limit is a whole number from 1 to 10000; leave it out to get all rows`},
		{"limit beyond integers", dataset.Areas, "limit=99999999999999999999", `limit="99999999999999999999": a limit is a whole number from 1 to 10000; leave it out to get all rows`},
		{"limit empty", dataset.Areas, "limit=", `limit: a limit is a whole number from 1 to 10000; leave it out to get all rows`},
		{"limit twice", dataset.Areas, "limit=1&limit=2", `limit="1,2": a limit is a whole number from 1 to 10000; leave it out to get all rows`},

		{"day in words", dataset.Goals, "asOf=yesterday", `asOf="yesterday": must be a valid date, YYYY-MM-DD`},
		{"month for a day", dataset.Goals, "asOf=2021-11", `asOf="2021-11": must be a valid date, YYYY-MM-DD`},
		{"impossible day", dataset.Goals, "asOf=2021-02-29", `asOf="2021-02-29": must be a valid date, YYYY-MM-DD`},
		{"two days", dataset.Goals, "asOf=2021-02-01,2021-02-02", `asOf="2021-02-01,2021-02-02": must be a valid date, YYYY-MM-DD`},

		{"sort unknown", dataset.Areas, "sort=levle", `sort="levle": is not a column of areas; did you mean "level"?; allowed: ` + columnsOfAreas},
		{"sort descending unknown", dataset.Areas, "sort=-levle", `sort="levle": is not a column of areas; did you mean "level"?; allowed: ` + columnsOfAreas},
		{"sort twice", dataset.Areas, "sort=id,level,id", `sort="id,level,id": the column id is named twice`},
		{"sort both ways", dataset.Areas, "sort=id,-id", `sort="id,-id": the column id is named twice`},
		{"sort twice in two parameters", dataset.Areas, "sort=id&sort=id", `sort="id,id": the column id is named twice`},
		{"fields unknown", dataset.Areas, "fields=id,name", `fields="name": is not a column of areas; allowed: ` + columnsOfAreas},

		{"filter empty", dataset.Areas, "level=", `level: a filter needs a value; several are separated by commas`},
		{"filter with an empty part", dataset.Areas, "level=state,,world", `level: a filter needs a value; several are separated by commas`},
		{"filter blank", dataset.Areas, "level=+", `level: a filter needs a value; several are separated by commas`},
		{"code unknown", dataset.Areas, "level=county", `level="county": is not in the codelist area-level; did you mean "country"?; allowed: world, country, state`},
		{"one code of several unknown", dataset.Areas, "level=world,land", `level="land": is not in the codelist area-level; allowed: world, country, state`},
		{
			"reference unknown, few exist", dataset.Goals, "fieldOfAction=verwaltung",
			`fieldOfAction="verwaltung": is not an id of fields-of-action; /v1/fields-of-action lists them; did you mean "ds2-verwaltung"?; allowed: ds2-verwaltung, ds2-netze`,
		},
		{
			"reference unknown, many exist", dataset.Observations, "indicator=indikator-c",
			`indicator="indikator-c": is not an id of indicators; /v1/indicators lists them; did you mean "indicator-c"?`,
		},
		{"reference unlike many", dataset.Observations, "indicator=population", `indicator="population": is not an id of indicators; /v1/indicators lists them`},
		{"truth value", dataset.Goals, "quantified=yes", `quantified="yes": must be true or false; allowed: true, false`},
		{"listed identifiers without a comma", dataset.Contradictions, "rows=obs-1+obs-2", `rows="obs-1 obs-2": an identifier has letters, digits, dots, hyphens and underscores and begins with a letter or digit`},
		{"listed identifier", dataset.Contradictions, "rows=obs-1%00", `rows="obs-1\x00": an identifier has letters, digits, dots, hyphens and underscores and begins with a letter or digit`},
		{
			"code unknown in a list", dataset.Goals, "themes=unknown",
			`themes="unknown": is not in the codelist theme; allowed: e-file, broadband, mobile`,
		},
		{
			"code unknown in a list, one resembles it", dataset.Goals, "themes=mobile,efile",
			`themes="efile": is not in the codelist theme; did you mean "e-file"?; allowed: e-file, broadband, mobile`,
		},
		{
			"reference unknown in a list", dataset.Goals, "relatedGoals=ds2-1",
			`relatedGoals="ds2-1": is not an id of goals; /v1/goals lists them; did you mean "ds2-01"?; allowed: ds2-01, ds2-02`,
		},
		{
			"reference unknown in a list, many exist", dataset.Indicators, "covers=indikator-c",
			`covers="indikator-c": is not an id of indicators; /v1/indicators lists them; did you mean "indicator-c"?`,
		},
		{"list without a value", dataset.Goals, "themes=", `themes: a filter needs a value; several are separated by commas`},
		{"text too long", dataset.Areas, "q=" + strings.Repeat("x", 1001), `q: is longer than 1000 bytes`},
		{"text too long in parts", dataset.Areas, strings.Repeat("q=x&", 501), `q: is longer than 1000 bytes`},
		{"too many values", dataset.Areas, "id=a" + strings.Repeat(",a", 500), `id: has more than 500 values`},
		{"no areas without an area", dataset.Goals, "within=05", `within: is not a parameter of goals; allowed: ` + strings.Join(dataset.Goals.ParameterNames(), ", ")},
		{"unknown area", dataset.Areas, "within=05158027", `within="05158027": is not an id of areas; /v1/areas lists them; did you mean "05158026"?; allowed: WORLD, 00, 05, 05158, 05158026`},
		{"unknown area of a figure", dataset.Observations, "within=05,6", `within="6": is not an id of areas; /v1/areas lists them; did you mean "00"?; allowed: WORLD, 00, 05, 05158, 05158026`},
		{"no area", dataset.Observations, "within=", `within: a filter needs a value; several are separated by commas`},
		{"too many areas", dataset.Observations, "within=05" + strings.Repeat(",05", 500), `within: has more than 500 values`},
		{"identifier", dataset.Areas, "id=a+b", `id="a b": an identifier has letters, digits, dots, hyphens and underscores and begins with a letter or digit`},
		{"decimal", dataset.Observations, "value=1,5e3", `value="5e3": a decimal number has digits, a point before decimal places, and no thousands separator`},
		{"whole number", dataset.FieldsOfAction, "number=1.5", `number="1.5": a whole number has digits only`},
		{"period", dataset.Goals, "due=2021-13", `due="2021-13": no such date in the calendar; a period is YYYY, YYYY-MM, YYYY-MM-DD, or two of these with the same precision and a slash between`},
		{"date of the year 0", dataset.Withdrawn, "withdrawn=0000-12-31", `withdrawn="0000-12-31": the year 0000 does not exist; a date is YYYY-MM-DD`},
		{"date", dataset.Withdrawn, "withdrawn=2021", `withdrawn="2021": a date is YYYY-MM-DD`},

		{"range of periods", dataset.Goals, "dueFrom=soon", `dueFrom="soon": a period is YYYY, YYYY-MM, YYYY-MM-DD, or two of these with the same precision and a slash between`},
		{"not without a value", dataset.Goals, "status!=", `status!: a filter needs a value; several are separated by commas`},
		{"not an unknown code", dataset.Goals, "status!=done", `status!="done": is not in the codelist status; allowed: announced, in-progress, achieved`},
		{"not, written after the sign", dataset.Goals, "status=!achieved", `status="!achieved": is not in the codelist status; did you mean "achieved"?; allowed: announced, in-progress, achieved`},
		{"not, encoded as a whole", dataset.Goals, "status!%3Dachieved=", `status!=achieved: is not a parameter of goals; allowed: ` + strings.Join(dataset.Goals.ParameterNames(), ", ")},
		{"none where every row has a value", dataset.Goals, "quantified=none", `quantified="none": must be true or false; allowed: true, false`},
		{"before no period", dataset.Goals, "dueBefore=none", `dueBefore="none": a period is YYYY, YYYY-MM, YYYY-MM-DD, or two of these with the same precision and a slash between`},
		{"before two periods", dataset.Goals, "dueBefore=2021,2022", `dueBefore="2021,2022": a period is YYYY, YYYY-MM, YYYY-MM-DD, or two of these with the same precision and a slash between`},
		{"numbers are compared with From and To", dataset.Observations, "valueBefore=5", `valueBefore: is not a parameter of observations; allowed: ` + strings.Join(dataset.Observations.ParameterNames(), ", ")},
		{"an asterisk alone", dataset.Goals, "q=*", `q="*": * is allowed only before a word, to find it anywhere within words; without it, a word is found only at the beginning of words`},
		{"too many words", dataset.Areas, "q=" + manyWords(21), `q: has more than 20 words`},
		{"words not in UTF-8", dataset.Areas, "q=K%F6ln", `q="K\xf6ln": is not UTF-8`},
		{"words that grow", dataset.Areas, "q=" + strings.Repeat("½", 400), `q: is longer than 1000 bytes when characters such as ½ are written in full`},
		{"a word as it was typed", dataset.Goals, "q=a+%C3%84mter*", `q="Ämter*": * is allowed only before a word, to find it anywhere within words; without it, a word is found only at the beginning of words`},
		{"no day where a day is required", dataset.ServiceCounts, "asOf=none", `asOf="none": must be a valid date, YYYY-MM-DD`},
		{"no day where nothing has one", dataset.Goals, "asOf=none", `asOf="none": must be a valid date, YYYY-MM-DD`},
		{"no day and a day", dataset.OZGServiceCounts, "asOf=none&asOf=2021-11-12", `asOf="none,2021-11-12": must be a valid date, YYYY-MM-DD; none keeps the rows with an empty asOf`},
		{"an asterisk after a word", dataset.Goals, "q=schul*", `q="schul*": * is allowed only before a word, to find it anywhere within words; without it, a word is found only at the beginning of words`},
		{"latest", dataset.Observations, "latest=yes", `latest="yes": must be true; leave it out to get all values; allowed: true`},
		{"latest of what has no series", dataset.Goals, "latest=true", `latest: is not a parameter of goals; allowed: ` + strings.Join(dataset.Goals.ParameterNames(), ", ")},
		{"group by text", dataset.Areas, "groupBy=title", `groupBy="title": is not a column of areas that rows can be grouped by; allowed: level, parent, type, validFrom, validTo, successor, source`},
		{"group by nothing", dataset.FieldsOfAction, "groupBy=", `groupBy: must not be empty; leave it out instead`},
		{"unknown aggregate", dataset.Observations, "groupBy=area&aggregate=average", `aggregate="average": is not an aggregate of observations; allowed: count, min, max, sum, latest`},
		{"aggregate of what are no figures", dataset.Goals, "groupBy=status&aggregate=sum", `aggregate="sum": is not an aggregate of goals; allowed: count`},
		{"aggregate without groups", dataset.Observations, "aggregate=count", `aggregate="count": requires groupBy, which names the columns to group by`},
		{"fields of groups", dataset.Observations, "groupBy=area&fields=id", `fields="id": cannot be combined with groupBy, whose columns are those of the groups and the aggregates`},
		{"groups in columns", dataset.Observations, "groupBy=area&layout=wide", `layout="wide": cannot be combined with groupBy`},
		{"order of groups", dataset.Observations, "groupBy=area&sort=value", `sort="value": is not a column of the groups; allowed: area, count`},
		{"include what has no title", dataset.GoalProgress, "include=target", `include="target": is not a reference of goal-progress whose titles can be included; did you mean "targetSource"?; allowed: ` + strings.Join(dataset.GoalProgress.Includable(), ", ")},
		{"include what is not a reference", dataset.FieldsOfAction, "include=title", `include="title": is not a reference of fields-of-action whose titles can be included; allowed: strategy`},
		{"include beside other groups", dataset.Observations, "groupBy=area&include=indicator", `include="indicator": is not a column of the groups; allowed: area`},
		{"include a text beside groups", dataset.Observations, "groupBy=area&include=value", `include="value": is not a reference of observations whose titles can be included; allowed: area`},
		{"no fields", dataset.Goals, "fields=", `fields: must not be empty; leave it out instead`},
		{"no order", dataset.Goals, "sort=", `sort: must not be empty; leave it out instead`},
		{"no aggregates", dataset.Goals, "groupBy=status&aggregate=", `aggregate: must not be empty; leave it out instead`},
		{"nothing to include", dataset.Goals, "include=", `include: must not be empty; leave it out instead`},
		{"range of periods empty", dataset.Goals, "dueTo=", `dueTo: a period is YYYY, YYYY-MM, YYYY-MM-DD, or two of these with the same precision and a slash between`},
		{"too many digits", dataset.Observations, "valueFrom=" + strings.Repeat("9", 41), `valueFrom="99999999999999999999999999999999999999999": a number must not be longer than 40 characters`},
		{"too many digits of a value", dataset.Observations, "value=1." + strings.Repeat("0", 39), `value="1.000000000000000000000000000000000000000": a number must not be longer than 40 characters`},
		{"range of numbers", dataset.Observations, "valueFrom=1.000,5", `valueFrom="1.000,5": a decimal number has digits, a point before decimal places, and no thousands separator`},
		{"range of numbers twice", dataset.Observations, "valueTo=1&valueTo=2", `valueTo="1,2": a decimal number has digits, a point before decimal places, and no thousands separator`},
		{
			"range of what has no order", dataset.Areas, "levelFrom=state",
			`levelFrom: is not a parameter of areas; allowed: ` + parametersOfAreas,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, tt.dataset, tt.query)
			if !errors.Is(err, domain.ErrInvalid) {
				t.Fatalf("error %v is not of the kind ErrInvalid", err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("message (-want +got)\n%s", diff)
			}
		})
	}
}

// TestParseQueryNormal shows the normal form as the parameters that links are
// made of.
func TestParseQueryNormal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		dataset *dataset.Dataset
		queries []string
		want    string
	}{
		{"not", dataset.Goals, []string{"status!=Announced,achieved", "status%21=achieved,announced", "status!=achieved&status!=announced"}, "status!=achieved,announced"},
		{"none and a value", dataset.Goals, []string{"due=2021,none", "due=none&due=2021"}, "due=none,2021"},
		{"what is given", dataset.Goals, []string{"due!=none", "due%21=none,none"}, "due!=none"},
		{"none of an optional list", dataset.Goals, []string{"themes=none"}, "themes=none"},
		{"wholly before and after", dataset.Goals, []string{"dueBefore=2022&dueAfter=2020", "dueAfter=2020-12&dueBefore=2022-01-01"}, "dueAfter=2020-12-31&dueBefore=2022-01-01"},
		{"groups", dataset.Observations, []string{"groupBy=area,kind&aggregate=sum,count&sort=-sum", "sort=-sum&aggregate=count&aggregate=sum&groupBy=area,kind,area"}, "groupBy=area,kind&aggregate=count,sum&sort=-sum"},
		{"groups are counted", dataset.Observations, []string{"groupBy=area", "groupBy=area&aggregate=count"}, "groupBy=area&aggregate=count"},
		{"titles", dataset.Observations, []string{"include=source,area&latest=true", "latest=true&include=source,area,source"}, "latest=true&include=source,area"},
		{"an asterisk", dataset.Goals, []string{"q=*Schule"}, "q=*schule"},
		{"nothing", dataset.Goals, []string{"", "format=csv", "dialect=excel-de&release=2026.11.0", "q=", "q=+"}, ""},
		{
			"order of parameters", dataset.Goals,
			[]string{"status=announced&fieldOfAction=ds2-netze&limit=5", "limit=5&fieldOfAction=ds2-netze&status=announced"},
			"fieldOfAction=ds2-netze&status=announced&limit=5",
		},
		{
			"order, repetition and letter case of values", dataset.Goals,
			[]string{"status=announced,achieved", "status=achieved&status=announced", "status=ACHIEVED,+announced,achieved", "status=Achieved,Announced"},
			"status=achieved,announced",
		},
		{"letter case of identifiers", dataset.Observations, []string{"area=world", "area=WORLD", "area=World,world"}, "area=WORLD"},
		{"areas within others", dataset.Observations, []string{"within=world", "within=05158026,WORLD,05", "within=05158&within=World", "within=WORLD,05"}, "within=WORLD"},
		{"areas and areas within", dataset.Observations, []string{"within=05&area=05,00", "area=00,05&within=05158,05"}, "area=00,05&within=05"},
		{"areas within an area", dataset.Areas, []string{"within=05158&level=state&id=05"}, "id=05&within=05158&level=state"},
		{"letter case of entries of a list", dataset.Goals, []string{"themes=Mobile,E-FILE", "themes=e-file&themes=mobile"}, "themes=e-file,mobile"},
		{"letter case of truth values", dataset.Goals, []string{"quantified=TRUE", "quantified=true"}, "quantified=true"},
		{
			"words", dataset.Goals,
			[]string{"q=B%C3%BCrger+Portal", "q=portal+buerger", "q=portal&q=B%C3%BCrger", "q=buerger+PORTAL+B%C3%9CRGER", "q=B%C3%BCrger%00%09portal"},
			"q=buerger portal",
		},
		{"as many values as may be", dataset.Areas, []string{"id=a", "id=a" + strings.Repeat(",a", 499)}, "id=a"},
		{"a comma is part of a word", dataset.Goals, []string{"q=1,5"}, "q=1,5"},
		{"bounds in their precision", dataset.Goals, []string{"dueFrom=2021&dueTo=2022", "dueFrom=2021-01-01&dueTo=2022-12", "dueTo=2022-12-31&dueFrom=2021-01"}, "dueFrom=2021-01-01&dueTo=2022-12-31"},
		{"bounds of one column stand together", dataset.Goals, []string{"dueTo=2022&due=2022&dueFrom=2021"}, "due=2022&dueFrom=2021-01-01&dueTo=2022-12-31"},
		{"numbers", dataset.Observations, []string{"valueFrom=1.10&valueTo=-3"}, "valueFrom=1.10&valueTo=-3"},
		{"as many words as allowed", dataset.Areas, []string{"q=" + manyWords(20), "q=" + manyWords(20) + "+a01"}, "q=" + strings.ReplaceAll(manyWords(20), "+", " ")},
		{"no day", dataset.OZGServiceCounts, []string{"asOf=none"}, "asOf=none"},
		{"a day", dataset.OZGServiceCounts, []string{"asOf!=none"}, "asOf!=none"},
		{"a column named as a parameter", dataset.OZGServiceCounts, []string{"asOfFrom=2021&asOf=2022-01-01"}, "asOfFrom=2021-01-01&asOf=2022-01-01"},
		{"order of columns counts", dataset.Goals, []string{"sort=-due,id", "sort=-due&sort=id"}, "sort=-due,id"},
		{"fields keep their order and come once", dataset.Goals, []string{"fields=title,id,title"}, "fields=title,id"},
		{"all at once", dataset.Goals, []string{"fields=id&sort=id&limit=1&q=x&asOf=2021-01-01&status=announced"}, "status=announced&q=x&asOf=2021-01-01&sort=id&fields=id&limit=1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			key := ""
			for i, query := range tt.queries {
				q, err := parse(t, tt.dataset, query)
				if err != nil {
					t.Fatalf("%s: %v", query, err)
				}
				var got []string
				for _, p := range q.Parameters() {
					got = append(got, p.Name+"="+p.Value)
				}
				if got := strings.Join(got, "&"); got != tt.want {
					t.Errorf("%s became %s, want %s", query, got, tt.want)
				}
				if i == 0 {
					key = q.Key()
				} else if q.Key() != key {
					t.Errorf("%s has the key %q, %s has %q", tt.queries[0], key, query, q.Key())
				}
			}
		})
	}
}

// TestKeysDiffer names pairs of questions that must not share a cached answer.
func TestKeysDiffer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		dataset *dataset.Dataset
		a, b    string
	}{
		{"value", dataset.Goals, "status=announced", "status=achieved"},
		{"column", dataset.Observations, "value=1", "valueFrom=1"},
		{"an area and what lies in it", dataset.Observations, "area=05", "within=05"},
		{"direction", dataset.Goals, "sort=due", "sort=-due"},
		{"order of columns", dataset.Goals, "sort=due,id", "sort=id,due"},
		{"fields", dataset.Goals, "fields=id,due", "fields=due,id"},
		{"limit", dataset.Goals, "limit=1", "limit=2"},
		{"asOf", dataset.Goals, "asOf=2021-01-01", "asOf=2021-01-02"},
		{"a word that looks like a parameter", dataset.Goals, "q=x%26limit%3D5", "q=x&limit=5"},
		{"a word with a separator", dataset.Goals, "q=x%26y", "q=x+y"},
		{"a word with a sign of escaping", dataset.Goals, "q=x%2526y", "q=x%26y"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, errA := parse(t, tt.dataset, tt.a)
			b, errB := parse(t, tt.dataset, tt.b)
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if a.Key() == b.Key() {
				t.Errorf("%s and %s have the key %q", tt.a, tt.b, a.Key())
			}
		})
	}
}

// TestKeyOfWithin asks the same of two releases, in one of which an area contains fewer.
func TestKeyOfWithin(t *testing.T) {
	t.Parallel()
	q, err := parse(t, dataset.Observations, "within=05")
	if err != nil {
		t.Fatal(err)
	}
	f := q.Filters[0]
	if diff := cmp.Diff([]string{"05", "05158", "05158026"}, f.Areas); diff != "" {
		t.Errorf("areas within 05 (-want +got)\n%s", diff)
	}
	f.Areas = f.Areas[:2]
	if other := (dataset.Query{Dataset: q.Dataset, Filters: []dataset.Filter{f}}); other.Key() == q.Key() {
		t.Errorf("both have the key %q", q.Key())
	}
}

// TestParseQueryOfParameters checks that parsing the normal form gives the same query:
// links are built from it.
func TestParseQueryOfParameters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom([]*dataset.Dataset{dataset.Goals, dataset.Observations, dataset.OZGServiceCounts}).Draw(t, "dataset")
		values := url.Values{}
		for _, p := range []struct {
			name   string
			values []string
		}{
			{"kind", []string{"actual", "TARGET", "planned,actual", "target,target"}},
			{"status", []string{"announced", "in-progress,Announced"}},
			{"status!", []string{"announced", "in-progress,Announced"}},
			{"due", []string{"none", "none,2021"}},
			{"due!", []string{"none", "2021"}},
			{"dueBefore", []string{"2021", "2021-06-30"}},
			{"publishedAfter", []string{"2021", "2021-06-30"}},
			{"q", []string{"Bürger", "x y", "100 %", "a&b=c", "ä\u0308", "Zooeen", "+", ",", "aee"}},
			{"asOf", []string{"2021-11-12"}},
			{"sort", []string{"id", "-published,id"}},
			{"fields", []string{"id", "source,id"}},
			{"limit", []string{"1", "10000"}},
			{"valueFrom", []string{"1", "-1.50"}},
			{"publishedTo", []string{"2021", "2021-11", "2021-11-12"}},
		} {
			if slices.Contains(d.ParameterNames(), p.name) && rapid.Bool().Draw(t, "has "+p.name) {
				values[p.name] = []string{rapid.SampledFrom(p.values).Draw(t, p.name)}
			}
		}
		once, err := dataset.ParseQuery(d, values, vocabulary{})
		if err != nil {
			t.Fatal(err)
		}
		again := url.Values{}
		for _, p := range once.Parameters() {
			again.Set(p.Name, p.Value)
		}
		twice, err := dataset.ParseQuery(d, again, vocabulary{})
		if err != nil {
			t.Fatalf("%v: %v", again, err)
		}
		if once.Key() != twice.Key() {
			t.Fatalf("%v has the key %q, its normal form has %q", values, once.Key(), twice.Key())
		}
	})
}

// TestUnknownVocabulary filters by a reference to a dataset whose identifiers
// the release does not list because there can be millions.
func TestUnknownVocabulary(t *testing.T) {
	t.Parallel()
	q, err := parse(t, dataset.GoalProgress, "target=obs-0001")
	if err != nil {
		t.Fatal(err)
	}
	if got := q.Key(); got != "target=obs-0001&" {
		t.Errorf("key %q", got)
	}
	if _, err := parse(t, dataset.GoalProgress, "target=a+b"); !errors.Is(err, domain.ErrInvalid) {
		t.Errorf("a value of another form gave the error %v", err)
	}
}

// manyWords returns different words, a plus sign after each but the last.
func manyWords(n int) string {
	var words []string
	for i := range n {
		words = append(words, fmt.Sprintf("a%02d", i))
	}
	return strings.Join(words, "+")
}

func TestParameterNames(t *testing.T) {
	t.Parallel()
	filters := []string{
		"id", "id!", "measure", "measure!", "area", "area!", "asOf!", "asOfFrom", "asOfTo", "asOfBefore", "asOfAfter", "coverage", "coverage!",
		"priority", "priority!", "execution", "execution!", "portal", "portal!", "kind", "kind!", "value", "value!", "valueFrom", "valueTo",
		"qualifier", "qualifier!", "source", "source!", "published", "published!", "publishedFrom", "publishedTo", "publishedBefore", "publishedAfter",
		"within",
	}
	got := dataset.OZGServiceCounts.ParameterNames()
	if diff := cmp.Diff(filters, got[:len(filters)]); diff != "" {
		t.Errorf("filters of ozg-service-counts (-want +got)\n%s", diff)
	}
	for _, name := range []string{"q", "asOf", "sort", "fields", "limit", "after", "format", "dialect", "release"} {
		if !slices.Contains(got[len(filters):], name) {
			t.Errorf("ozg-service-counts does not take %s", name)
		}
	}
	for _, d := range dataset.All {
		names := d.ParameterNames()
		slices.Sort(names)
		if len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("%s has a parameter twice: %v", d.ID, names)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{
		"", "limit=5", "sort=-due,id&fields=id", "q=B%C3%BCrger", "status=announced,,", "dueFrom=2021&dueTo=2021-13", "asOf=yesterday",
		"%", "a;b", "=", "q=%00", "q=%ff", "fieldOfAction=ds2-netze&fieldOfAction=DS2-NETZE",
		"status!=achieved", "due=none,2021", "due!=none", "dueBefore=2021&dueAfter=0001", "!=x", "themes!=none",
		"groupBy=status&sort=-count&include=status", "groupBy=source&include=source", "aggregate=count", "q=*", "asOf=none", "q=*a", "latest=true", "include=source",
		"q=" + strings.Repeat("½", 201), // 1,005 bytes when written in full
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		for _, d := range []*dataset.Dataset{dataset.Goals, dataset.Contradictions, dataset.Observations, dataset.OZGServiceCounts} {
			q, err := dataset.ParseQuery(d, values, vocabulary{})
			if err != nil {
				if !errors.Is(err, domain.ErrInvalid) {
					t.Fatalf("%s: error %v is not of the kind ErrInvalid", text, err)
				}
				continue
			}
			again := url.Values{}
			for _, p := range q.Parameters() {
				again.Set(p.Name, p.Value)
				if strings.Contains(p.Value, "\x00") {
					t.Fatalf("%s: %s keeps a NUL, which PostgreSQL refuses", text, p.Name)
				}
			}
			twice, err := dataset.ParseQuery(d, again, vocabulary{})
			if err != nil || twice.Key() != q.Key() {
				t.Fatalf("%s: the normal form %v gives %q and the error %v, not %q", text, again, twice.Key(), err, q.Key())
			}
		}
	})
}
