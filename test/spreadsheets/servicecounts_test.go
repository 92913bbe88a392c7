// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/cli"
	"github.com/zielstand/zielstand/internal/synthetic"
	"github.com/zielstand/zielstand/internal/testenv"
)

const (
	countedAreas    = synthetic.Municipalities
	countedServices = 100
	drawnAreas      = 50
)

// TestServiceCounts converts and publishes invented exports of Open-PVOG. DuckDB counts
// the services of areas drawn at random in the CSV that is served, and must find every
// number of service-counts.
func TestServiceCounts(t *testing.T) {
	t.Parallel()
	p := counting(t)
	areas := make([]string, countedAreas+1)
	for i := range countedAreas {
		areas[i] = synthetic.AreaID(i)
	}
	areas[countedAreas] = "05"
	seed := testenv.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	random.Shuffle(len(areas), func(i, j int) { areas[i], areas[j] = areas[j], areas[i] })
	drawn := append(slices.Clone(areas[:drawnAreas]), "05")

	counted := strings.Fields(string(run(t, interpreter(t, "sql", strings.NewReplacer("BASE", p.address, "AREAS", "'"+strings.Join(drawn, "','")+"'").Replace(countSQL)))))
	rows, err := csv.NewReader(bytes.NewReader(p.get(t, "/v1/service-counts.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var published []string
	for _, row := range rows[1:] {
		cell := func(name string) string { return row[slices.Index(rows[0], name)] }
		if slices.Contains(drawn, cell("area")) {
			published = append(published, strings.Join([]string{cell("area"), cell("asOf"), cell("source"), cell("coverage"), cell("topic"), cell("value")}, ","))
		}
		if cell("rule") != "active-and-reachable" || cell("published") != "2026-11-28" {
			t.Fatalf("row %q", row)
		}
	}
	slices.Sort(counted)
	slices.Sort(published)
	if len(published) < 3*drawnAreas {
		t.Errorf("only %d counts are published", len(published))
	}
	if diff := cmp.Diff(counted, published); diff != "" {
		t.Errorf("counts (-DuckDB +published)\n%s", diff)
	}
}

// countSQL is the rule of the codelist count-rule in SQL.
const countSQL = `WITH availability AS (
	SELECT * FROM read_csv('BASE/v1/service-availability.csv', all_varchar = true) WHERE area IN (AREAS)
), online AS (
	SELECT area, "asOf", a.source, service, coverage, topic FROM availability a
	LEFT JOIN read_csv('BASE/v1/services.csv', all_varchar = true) s ON s.id = a.service
	WHERE active = 'yes' AND addressStatus = 'ok' AND address IS NOT NULL
)
SELECT a.area, a."asOf", a.source, 'all', 'all', (SELECT count(DISTINCT service) FROM online o WHERE o.area = a.area AND o."asOf" = a."asOf" AND o.source = a.source)
FROM (SELECT DISTINCT area, "asOf", source FROM availability) a
UNION ALL SELECT area, "asOf", source, coverage, 'all', count(DISTINCT service) FROM online WHERE coverage IS NOT NULL GROUP BY ALL
UNION ALL SELECT area, "asOf", source, 'all', topic, count(DISTINCT service) FROM online WHERE topic IS NOT NULL GROUP BY ALL`

// counting starts a server with invented exports. Every second service has a topic.
func counting(t *testing.T) *program {
	t.Helper()
	dir := t.TempDir()
	base, exports, pkg := filepath.Join(dir, "base"), filepath.Join(dir, "exports"), filepath.Join(dir, "package")
	if err := synthetic.Write(base, 0); err != nil {
		t.Fatal(err)
	}
	services := "id,title,titleEn,ozgId,topic,priority,source\n"
	for i := 0; i < countedServices; i += 2 {
		topic := []string{"health", "education", "environment"}[i%3]
		services += fmt.Sprintf("%s,Synthetische Leistung %d,,%d,%s,,syn-bericht\n", synthetic.ServiceKey(i), i+1, 10001+i/3, topic)
	}
	if err := os.WriteFile(filepath.Join(base, "services.csv"), []byte(services), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := synthetic.WriteExports(exports, countedAreas, countedServices); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	args := []string{"convert", "open-pvog", exports, "--as-of", "2026-11-27", "--retrieved", "2026-11-28", "--base", base, pkg}
	if status := cli.Run(context.Background(), args, nil, &out, &out); status != 0 {
		t.Fatalf("status %d: %s", status, out.String())
	}
	return start(t, "--fixtures-path", pkg)
}
