// SPDX-License-Identifier: EUPL-1.2

package synthetic_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
)

func TestPackageIsValid(t *testing.T) {
	t.Parallel()
	files, err := synthetic.Package(3000)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ingest.Read(files)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Manifest.Synthetic || !strings.Contains(p.Manifest.Title, "Synthetisch") {
		t.Errorf("the manifest does not say that the data are synthetic: %+v", p.Manifest)
	}
	for id, want := range map[string]int{
		"observations": 3000, "areas": synthetic.Areas, "indicators": synthetic.Indicators, "goals": 78, "goal-status": 78,
	} {
		if got := p.Tables[id].Len(); got != want {
			t.Errorf("%d %s, want %d", got, id, want)
		}
	}
	for _, id := range []string{"areas", "goals", "indicators", "sources", "strategies"} {
		for _, row := range p.Tables[id].Rows {
			if !strings.Contains(p.Tables[id].Cell(row, "title"), "ynthetisch") {
				t.Fatalf("%s: the title of %s does not say that it is synthetic", id, row[0])
			}
		}
	}
}

// TestAvailability publishes the exports of two months.
func TestAvailability(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	for month := range 2 {
		folder := t.TempDir()
		if err := synthetic.WriteSize(folder, synthetic.Size{Observations: 10, Availability: 1000, Month: month}); err != nil {
			t.Fatal(err)
		}
		r := storetest.PublishPackage(t, s, os.DirFS(folder))
		availability, _ := r.Dataset(dataset.ServiceAvailability.ID)
		counts, _ := r.Dataset(dataset.ServiceCounts.ID)
		observations, _ := r.Dataset(dataset.Observations.ID)
		if availability.Rows != 1000 || counts.Rows < synthetic.Areas || availability.Version != r.Seq || observations.Rows != 10 {
			t.Errorf("release %s: %d rows, %d counts", r.ID, availability.Rows, counts.Rows)
		}
	}
}

func TestPackageIsDeterministic(t *testing.T) {
	t.Parallel()
	hash := func() string {
		files, err := synthetic.Package(synthetic.Areas*synthetic.Indicators + 1)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%x", sha256.Sum256(files["observations.csv"].Data))
	}
	if a, b := hash(), hash(); a != b {
		t.Errorf("two runs give %s and %s", a, b)
	}
}

// TestReadingOrder checks the order of the rows: by indicator, area and period.
func TestReadingOrder(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	content, err := synthetic.Content(context.Background(), s, synthetic.Areas*synthetic.Indicators+1)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(content.Tables, func(table store.Table) bool { return table.Dataset == dataset.Observations })
	last, n := "", 0
	for row := range content.Tables[i].Rows {
		key := row[dataset.Observations.Column("indicator")] + fmt.Sprintf("%03d", n/synthetic.History%synthetic.Areas) + row[dataset.Observations.Column("period")]
		if n++; key <= last || n > 50_000 {
			break
		}
		last = key
	}
	if n < 50_000 {
		t.Errorf("row %d does not follow %s", n, last)
	}
}

// TestContentIsThatOfThePackage publishes the same rows in both ways.
func TestContentIsThatOfThePackage(t *testing.T) {
	t.Parallel()
	const rows = 1000
	ctx := context.Background()
	files, err := synthetic.Package(rows)
	if err != nil {
		t.Fatal(err)
	}
	ingested := storetest.Open(t, storetest.SQLite(t))
	want := storetest.PublishPackage(t, ingested, files)
	direct := storetest.Open(t, storetest.SQLite(t))
	content, err := synthetic.Content(ctx, direct, rows)
	if err != nil {
		t.Fatal(err)
	}
	got, err := direct.Publish(ctx, content)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dataset.All {
		a, _ := want.Dataset(d.ID)
		b, _ := got.Dataset(d.ID)
		a.Version = b.Version // the number of the release, which is another
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s (-package +content)\n%s", d.ID, diff)
		}
	}
}

func TestNeverOverRealData(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.PublishPackage(t, s, fixtures.FS)
	files, err := synthetic.Package(10)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ingest.Read(files)
	if err != nil {
		t.Fatal(err)
	}
	p.Manifest.Version = "2099.01.0"
	_, err = ingest.Prepare(ctx, s, p, nil)
	if err == nil || !strings.Contains(err.Error(), "is synthetic; it must not be published over the real release") {
		t.Errorf("error %v", err)
	}
	if _, err := synthetic.Content(ctx, s, 10); err == nil {
		t.Error("the content is published over real data")
	}
}

func TestTooManyRows(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{-1, synthetic.MaxRows + 1} {
		if _, err := synthetic.Package(rows); err == nil {
			t.Errorf("%d rows are accepted", rows)
		}
	}
}
