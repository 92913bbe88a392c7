// SPDX-License-Identifier: EUPL-1.2

package questions

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/cli/clitest"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// FuzzDatabases asks random questions of a server on each database and of a filter in
// memory that knows nothing of indexes: the databases give the same bytes, and the filter
// the same rows.
func FuzzDatabases(f *testing.F) {
	databases := []string{"sqlite:" + filepath.Join(f.TempDir(), "zielstand.db")}
	if os.Getenv(storetest.PostgresEnv) != "" {
		databases = append(databases, storetest.Postgres(f))
	}
	var servers []string
	for _, databaseURL := range databases {
		server, err := clitest.Start(nil, "--http-address", "127.0.0.1:0", "--http-public-url", "https://zielstand.example", "--log-level", "error",
			"--database-url", databaseURL, "--cache-path", f.TempDir())
		if err != nil {
			f.Fatal(err)
		}
		f.Cleanup(func() { server.Stop() })
		servers = append(servers, server.URL)
	}
	asked := []*dataset.Dataset{dataset.Goals, dataset.Observations, dataset.OZGServiceCounts}
	rows := map[*dataset.Dataset][]map[string]string{}
	for _, d := range asked {
		_, body := testenv.Get(f, servers[0]+"/v1/"+d.ID+".csv")
		rows[d] = testenv.Records(f, body)
	}
	for seed := range uint64(50) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 1))
		d := asked[random.IntN(len(asked))]
		q := ask(random, d, rows[d])
		address := "/v1/" + d.ID + ".csv?" + q.query.Encode()
		response, body := testenv.Get(t, servers[0]+address)
		for _, other := range servers[1:] {
			if r, b := testenv.Get(t, other+address); r.StatusCode != response.StatusCode || !bytes.Equal(lasting(b), lasting(body)) {
				t.Fatalf("%s: the databases differ (-SQLite +PostgreSQL)\n%s", address, gocmp.Diff(string(body), string(b)))
			}
		}
		if response.StatusCode == http.StatusBadRequest && bytes.Contains(body, []byte("cannot be computed for")) {
			return // what must not be added or compared
		}
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %s", address, response.Status, body)
		}
		want := q.answer(rows[d])
		got := testenv.Records(t, body)
		for i, row := range got {
			got[i] = map[string]string{}
			for _, name := range q.columns() {
				got[i][name] = row[name]
			}
		}
		if diff := gocmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
			t.Fatalf("%s (-filter +Zielstand)\n%s", address, diff)
		}
	})
}

// lasting is a body without what differs from one request to the next.
func lasting(body []byte) []byte {
	var p map[string]any
	if json.Unmarshal(body, &p) != nil {
		return body
	}
	delete(p, "requestId")
	out, _ := json.Marshal(p)
	return out
}

// columns are those that the filter answers.
func (q question) columns() []string {
	if q.by == nil {
		return []string{"id"}
	}
	return append(slices.Clone(q.by), "count")
}

// answer reads the question as the documentation does, row by row.
func (q question) answer(rows []map[string]string) []map[string]string {
	var kept []map[string]string
	for _, row := range rows {
		if !slices.ContainsFunc(q.filters, func(f filtered) bool { return !f.accepts(row[f.column.Name]) }) {
			kept = append(kept, row)
		}
	}
	if q.query.Has("latest") {
		kept = latest(q.dataset.Figures, kept)
	}
	var out []map[string]string
	groups := map[string]map[string]string{}
	for _, row := range kept {
		if q.by == nil {
			out = append(out, map[string]string{"id": row["id"]})
			continue
		}
		key := key(row, q.by)
		if groups[key] == nil {
			groups[key] = map[string]string{"count": "0"}
			for _, name := range q.by {
				groups[key][name] = row[name]
			}
			out = append(out, groups[key])
		}
		n, _ := strconv.Atoi(groups[key]["count"])
		groups[key]["count"] = strconv.Itoa(n + 1)
	}
	return out
}

func key(row map[string]string, names []string) string {
	var cells []string
	for _, name := range names {
		cells = append(cells, row[name])
	}
	return strings.Join(cells, "\x00")
}

// latest returns the rows of each series with the last period, the shortest of those that
// end with it, and the last source, and the rows without a period that became known after
// it and differ from all of these.
func latest(figures *dataset.Figures, rows []map[string]string) []map[string]string {
	compare := func(a, b map[string]string) int {
		return cmp.Or(cmp.Compare(lastDay(a[figures.Period]), lastDay(b[figures.Period])), cmp.Compare(firstDay(a[figures.Period]), firstDay(b[figures.Period])), cmp.Compare(lastDay(a["published"]), lastDay(b["published"])))
	}
	last, said := map[string]map[string]string{}, map[string]bool{}
	for _, row := range rows {
		if of := last[key(row, figures.Series)]; of == nil || compare(row, of) > 0 {
			last[key(row, figures.Series)] = row
		}
	}
	says := append(slices.Clone(figures.Series), figures.Value, "qualifier")
	for _, row := range rows {
		if compare(row, last[key(row, figures.Series)]) == 0 {
			said[key(row, says)] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(rows), func(row map[string]string) bool {
		of := last[key(row, figures.Series)]
		since := row[figures.Period] == "" && of[figures.Period] != "" && lastDay(row["published"]) > lastDay(of[figures.Period])
		return compare(row, of) < 0 && (!since || said[key(row, says)])
	})
}

func (f filtered) accepts(cell string) bool {
	switch f.operator {
	case dataset.In, dataset.Not:
		return slices.ContainsFunc(strings.Split(f.value, ","), func(v string) bool { return f.has(cell, v) }) == (f.operator == dataset.In)
	}
	if cell == "" {
		return false
	}
	if f.column.Numeric() {
		sign := number(cell).Cmp(number(f.value))
		return f.operator == dataset.From && sign >= 0 || f.operator == dataset.To && sign <= 0
	}
	switch f.operator {
	case dataset.From:
		return lastDay(cell) >= firstDay(f.value)
	case dataset.To:
		return firstDay(cell) <= lastDay(f.value)
	case dataset.Before:
		return lastDay(cell) < firstDay(f.value)
	case dataset.After:
		return firstDay(cell) > lastDay(f.value)
	}
	panic(f.operator)
}

func (f filtered) has(cell, value string) bool {
	switch {
	case value == dataset.None && !f.column.Required:
		return cell == ""
	case f.column.Type == dataset.List:
		return slices.Contains(strings.Fields(cell), value)
	case f.column.Numeric() && cell != "":
		return number(cell).Cmp(number(value)) == 0
	}
	return cell == value
}

func number(text string) *big.Rat {
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		panic(text)
	}
	return n
}

// firstDay and lastDay return a day of a period: 2021, 2021-06, 2021-06-30 or
// 2018/2021.
func firstDay(period string) string {
	first, _, _ := strings.Cut(period, "/")
	return (first + "-01-01")[:min(10, len(first)+6)]
}

func lastDay(period string) string {
	last := period[strings.IndexByte(period, '/')+1:]
	switch len(last) {
	case 4:
		return last + "-12-31"
	case 7:
		month, err := time.Parse("2006-01", last)
		if err != nil {
			panic(err)
		}
		return month.AddDate(0, 1, -1).Format(time.DateOnly)
	}
	return last
}
