// SPDX-License-Identifier: EUPL-1.2

package release_test

import (
	"context"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
	"github.com/zielstand/zielstand/internal/table"
)

// everywhere are as many words as a search may have, each found in every identifier or
// in many.
var everywhere = "s sy syn 0 00 000 *s *y *n *sy *yn *0 *1 *2 *3 *4 *5 *6 *7 *8"

// BenchmarkWork answers the requests about observations that cost most, with as many rows
// as the environment variable ROWS says. It reports CPU time, which a busy machine changes
// less than time.
func BenchmarkWork(b *testing.B) {
	rows := 100_000
	if given := os.Getenv("ROWS"); given != "" {
		var err error
		if rows, err = strconv.Atoi(given); err != nil {
			b.Fatal(err)
		}
	}
	ctx := context.Background()
	content, err := synthetic.Content(ctx, storetest.Open(b, storetest.SQLite(b)), rows)
	if err != nil {
		b.Fatal(err)
	}
	tables := table.Related{}
	for _, t := range content.Tables {
		builder := table.NewBuilder(t.Dataset, rows)
		for row, err := range t.Rows {
			if err != nil {
				b.Fatal(err)
			}
			var cells [][]byte
			for _, cell := range row {
				cells = append(cells, []byte(cell))
			}
			if err := builder.Add(cells); err != nil {
				b.Fatal(err)
			}
		}
		tables[t.Dataset.ID] = builder.Table()
	}
	observations := tables[dataset.Observations.ID]
	for _, query := range []string{
		"limit=50", "q=leistung&limit=50", "q=leistung+17&limit=50", "q=absent&limit=50", "q=syn&limit=50", "q=syn&sort=-value&limit=50", "q=" + strings.ReplaceAll(everywhere, " ", "+") + "&limit=50",
		"q=" + strings.ReplaceAll(everywhere, " ", "+"),
		"id!=a&indicator!=a&goal!=a&area!=a&period!=none&kind!=a&value!=1000&qualifier!=a&source!=a&published!=none&unit!=a&breakdown!=a&derivation!=a&limit=50",
		"sort=-value&limit=50", "source!=none&sort=-value,period,area&limit=10000",
		"groupBy=indicator", "groupBy=indicator,period", "groupBy=area,kind,period,unit,source,qualifier&aggregate=count",
		"groupBy=indicator&aggregate=min,max", "period=2020-05&groupBy=indicator&aggregate=count", "period=2018-01&groupBy=indicator,area&aggregate=sum", "groupBy=indicator,area", "latest=true", "indicator=" + synthetic.IndicatorID(0) + "&latest=true",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			b.Fatal(err)
		}
		q, err := dataset.ParseQuery(dataset.Observations, values, everything{})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(strings.ReplaceAll(query, "/", "%2F"), func(b *testing.B) {
			b.ReportAllocs()
			total, start := 0, processor(b)
			for b.Loop() {
				page, err := observations.Query(ctx, q, tables)
				if err != nil {
					b.Log(err) // refused, which costs something, too
				} else {
					total = page.Total
				}
			}
			b.ReportMetric((processor(b)-start).Seconds()*1000/float64(b.N), "cpu-ms/op")
			b.ReportMetric(float64(total), "rows")
		})
	}
}

// processor returns the CPU time that the process has used.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// everything is a vocabulary that knows every code and identifier.
type everything struct{}

func (everything) Codes(string) []string      { return nil }
func (everything) IDs(string) []string        { return nil }
func (everything) Knows(_, value string) bool { return value != dataset.None }
func (everything) Within(area string) []string {
	return []string{area}
}
