// SPDX-License-Identifier: EUPL-1.2

package ingest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// table returns the rows that a package gives a dataset, by id.
func table(t testing.TB, pkg fstest.MapFS, d *dataset.Dataset) map[string]map[string]string {
	t.Helper()
	content := storetest.Content(t, storetest.Open(t, storetest.SQLite(t)), pkg)
	i := slices.IndexFunc(content.Tables, func(t store.Table) bool { return t.Dataset == d })
	out := map[string]map[string]string{}
	for row := range content.Tables[i].Rows {
		cells := map[string]string{}
		for j, c := range d.Columns {
			cells[c.Name] = row[j]
		}
		out[row[0]] = cells
	}
	return out
}

func TestContent(t *testing.T) {
	t.Parallel()
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "datapackage.json", "2024-01-31T12:00:00Z", "2024-01-31T13:00:00+01:00")
	c := storetest.Content(t, storetest.Open(t, storetest.SQLite(t)), pkg)
	if c.Release.ID != storetest.Release || !c.Release.Synthetic || c.Release.Notes != "Nur für Tests." || c.Previous != 0 {
		t.Errorf("%+v", c.Release)
	}
	if want := time.Date(2024, 1, 31, 12, 0, 0, 0, time.UTC); c.Release.Published != want {
		t.Errorf("published %v, want %v", c.Release.Published, want)
	}
	var ids []string
	for _, table := range c.Tables {
		ids = append(ids, table.Dataset.ID)
		for row := range table.Rows {
			if len(row) != len(table.Dataset.Columns) {
				t.Errorf("%s: row %v has %d cells", table.Dataset.ID, row, len(row))
			}
		}
	}
	if diff := cmp.Diff(dataset.IDs(), ids); diff != "" {
		t.Errorf("tables (-want +got)\n%s", diff)
	}
	if len(c.Files) != len(pkg) || !slices.IsSortedFunc(c.Files, func(a, b store.File) int { return strings.Compare(a.Path, b.Path) }) {
		t.Errorf("%d files of %d, or not in order", len(c.Files), len(pkg))
	}
}

// TestContentHash follows from the files and nothing else.
func TestContentHash(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	hash := func(change func(fstest.MapFS)) string {
		pkg := storetest.Package(t)
		change(pkg)
		return storetest.Content(t, s, pkg).Release.ContentHash
	}
	same := hash(func(fstest.MapFS) {})
	if again := hash(func(fstest.MapFS) {}); again != same || len(same) != 64 {
		t.Errorf("%s and %s of the same files", same, again)
	}
	for name, change := range map[string]func(fstest.MapFS){
		"a cell":          func(p fstest.MapFS) { storetest.Replace(t, p, "areas.csv", "Welt", "Erde") },
		"the description": func(p fstest.MapFS) { storetest.Replace(t, p, "datapackage.json", "Nur für Tests.", "Nur für uns.") },
	} {
		if hash(change) == same {
			t.Errorf("%s changed, the hash did not", name)
		}
	}
}

// TestQuoted reads a bulk dataset as spreadsheets save it with all texts quoted.
func TestQuoted(t *testing.T) {
	t.Parallel()
	pkg := storetest.Package(t)
	want := table(t, pkg, dataset.Observations)
	header, _, _ := strings.Cut(string(pkg["observations.csv"].Data), "\n")
	storetest.Replace(t, pkg, "observations.csv", header, `"`+strings.ReplaceAll(header, ",", `","`)+`"`)
	if diff := cmp.Diff(want, table(t, pkg, dataset.Observations)); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
}

// TestChanged stops the import if a file is no longer the one that was checked.
func TestChanged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, row string
		readable  bool
	}{
		{"too many cells", strings.Repeat(",", 50), false},
		{"too few cells", "obs-999", false},
		{"a quotation mark", "obs-999," + strings.Repeat(",", 50) + `x"`, false},
		{"another row", "obs-999" + strings.Repeat(",", len(dataset.Observations.Edited())-1), true},
	} {
		pkg := storetest.Package(t)
		p, err := ingest.Read(pkg)
		if err != nil {
			t.Fatal(err)
		}
		pkg["observations.csv"] = &fstest.MapFile{Data: append(slices.Clone(pkg["observations.csv"].Data), tt.row+"\n"...)}
		if plan, err := ingest.Prepare(context.Background(), storetest.Open(t, storetest.SQLite(t)), p, nil); !errors.Is(err, store.ErrChanged) {
			t.Errorf("%s: %+v, error %v", tt.name, plan, err)
		}
		if _, err := store.SumRows(p.Tables["observations"].All(), func([]string) {}); (err == nil) != tt.readable {
			t.Errorf("%s: the rows give the error %v", tt.name, err)
		}
	}
}

func TestDerived(t *testing.T) {
	t.Parallel()
	observations := table(t, storetest.Package(t), dataset.Observations)
	for id, want := range map[string]string{"obs-001": "2021-11 persons", "obs-004": "2021-11-12 persons", "obs-006": "2021-11-12 percent"} {
		if got := observations[id]["published"] + " " + observations[id]["unit"]; got != want {
			t.Errorf("%s has %s, want %s", id, got, want)
		}
	}
	if got := table(t, storetest.Package(t), dataset.Goals)["tp18-01"]["published"]; got != "2021-08" {
		t.Errorf("tp18-01 is published %s", got)
	}
}

const inexact = "Mindestens eine der Zahlen ist nicht genau angegeben."

// TestProgress changes one thing at a time.
func TestProgress(t *testing.T) {
	t.Parallel()
	const target, latest = ",target,75000,at-least,", "2021-06,actual,8200,exact"
	for _, tt := range []struct {
		name         string
		replacements []string // file, old, new
		row          string
		want         map[string]string
	}{
		{"latest beside target", nil, "ts2-01.e-file-users", map[string]string{
			"goal": "ts2-01", "indicator": "e-file-users", "state": "comparable", "unit": "persons",
			"target": "obs-001", "targetValue": "75000", "targetQualifier": "at-least", "targetPeriod": "2024", "targetSource": "test-strategie",
			"actual": "obs-004", "actualValue": "8200", "actualQualifier": "exact", "actualPeriod": "2021-06", "actualSource": "test-protokoll",
			"actualIndicator": "e-file-users", "share": "11", "shareQualifier": "at-most",
			"note":   inexact + " Dazu gibt es widersprüchliche Angaben: contradiction-2.",
			"noteEn": "At least one of the figures is not given exactly. There are contradictory statements: contradiction-2.",
		}},
		{"several contradictions", []string{"contradictions.csv", "ozg-01 ozg-02 ozg-03", "ozg-01 ozg-02 obs-004"}, "ts2-01.e-file-users", map[string]string{
			"note": inexact + " Dazu gibt es widersprüchliche Angaben: contradiction-1, contradiction-2.",
		}},
		{"easily confused", []string{"contradictions.csv", "Die genaue Zahl steht im Protokoll.,contradiction,", "Die genaue Zahl steht im Protokoll.,easily-confused,"}, "ts2-01.e-file-users", map[string]string{
			"note": inexact + " Zu beachten ist auch: contradiction-2.", "noteEn": "At least one of the figures is not given exactly. See also: contradiction-2.",
		}},
		{"an indicator that covers it", []string{
			"indicators.csv", "price-change,Veränderung der Preise,Change of prices,Veränderung gegen das Vorjahr.,percent,ts2-netze,,neutral,Change against the year before.,,,,", "price-change,Nutzende beider,Users of both,Nutzende beider.,persons,ts2-netze,,neutral,Users of both.,,e-file-users,,",
			"observations.csv", "price-change,,00,2018/2021,actual,-0.5,nearly", "price-change,,05,2022,actual,9000,exact",
		}, "ts2-01.e-file-users", map[string]string{
			"indicator": "e-file-users", "actual": "obs-012", "actualIndicator": "price-change", "share": "12",
			"note": "Der letzte Wert stammt von „Nutzende beider“: Was dort zählt, zählt laut den Quellen auch hier. " + inexact,
		}},
		{
			"a related indicator",
			[]string{"indicators.csv", "months,ts2-verwaltung,ts2-05,less-is-better,Mean length of a procedure.,,,,", "months,ts2-verwaltung,ts2-05,less-is-better,Mean length of a procedure.,,,e-file-users price-change,"},
			"ts2-05.procedure-months",
			map[string]string{"relatedIndicators": "e-file-users price-change"},
		},
		{
			"no related indicator where one is comparable",
			[]string{"indicators.csv", "state administration who work with the electronic file.,,,,", "state administration who work with the electronic file.,,,price-change,"},
			"ts2-01.e-file-users",
			map[string]string{"relatedIndicators": "", "state": "comparable"},
		},
		{
			"another part of the whole",
			[]string{"observations.csv", latest + ",test-protokoll,TOP 4,-5 Prozent wären zu viel,,", latest + ",test-protokoll,TOP 4,-5 Prozent wären zu viel,pilot,"},
			"ts2-01.e-file-users",
			map[string]string{"actual": "obs-003"},
		},
		{"an actual without target", []string{"observations.csv", "obs-001,e-file-users,ts2-01,05,2024,target", "obs-001,e-file-users,ts2-01,05,2024,planned"}, "ts2-01.e-file-users", map[string]string{
			"state": "actual-only", "target": "", "actual": "obs-004", "share": "", "note": "Keine der Quellen nennt einen Zielwert. Dazu gibt es widersprüchliche Angaben: contradiction-2.",
		}},
		{"an upper limit is not to be reached", []string{"observations.csv", target, ",target,75000,at-most,"}, "ts2-01.e-file-users", map[string]string{
			"state": "not-comparable", "share": "", "note": "Der Zielwert ist eine Obergrenze, kein Wert, der zu erreichen ist. Dazu gibt es widersprüchliche Angaben: contradiction-2.",
		}},
		{"half away from zero", []string{"observations.csv", target, ",target,80000,exact,"}, "ts2-01.e-file-users", map[string]string{"share": "10.3", "shareQualifier": "exact"}},
		{"more than the target", []string{"observations.csv", target, ",target,4100,at-least,"}, "ts2-01.e-file-users", map[string]string{"share": "200", "state": "comparable"}},
		{"a target of zero", []string{"observations.csv", target, ",target,0,at-least,"}, "ts2-01.e-file-users", map[string]string{"share": "", "shareQualifier": "", "state": "not-comparable", "actual": "obs-004", "note": "Der Zielwert ist null. Dazu gibt es widersprüchliche Angaben: contradiction-2."}},
		{"exact on both sides", []string{"observations.csv", target, ",target,75000,exact,", "contradictions.csv", "obs-003 obs-004", "obs-003 obs-005"}, "ts2-01.e-file-users", map[string]string{"note": ""}},
		{"of another area", []string{"observations.csv", ",05," + latest, ",08," + latest}, "ts2-01.e-file-users", map[string]string{"actual": "obs-003", "actualValue": "8100"}},
		{"the later period counts", []string{"observations.csv", "obs-002,e-file-users,,05,2020,", "obs-002,e-file-users,,05,2021-07,"}, "ts2-01.e-file-users", map[string]string{"actual": "obs-002"}},
		{"planned is not actual", []string{"observations.csv", latest, "2021-06,planned,8200,exact"}, "ts2-01.e-file-users", map[string]string{"actual": "obs-003"}},
		{"without a period the source's date counts", nil, "ts2-03.gigabit-households", map[string]string{"actual": "obs-006", "share": "62.5", "targetPeriod": ""}},
		{"undated", []string{"observations.csv", "obs-006,gigabit-households,,05,2021-11-12,", "obs-006,gigabit-households,,05,,"}, "ts2-03.gigabit-households", map[string]string{
			"note": "Die Quelle datiert den letzten Wert nicht; bekannt ist er seit ihrem Erscheinen.", "state": "comparable",
		}},
		{"ranks", nil, "ts2-04.mobile-rank", map[string]string{"state": "not-comparable", "share": "", "actual": "obs-010", "note": "Rangplätze lassen sich nicht ins Verhältnis setzen."}},
		{"less is better", []string{"observations.csv", "obs-012,price-change,,00,2018/2021,actual,-0.5,nearly", "obs-012,procedure-months,,05,2018/2021,actual,4,exact"}, "ts2-05.procedure-months", map[string]string{
			"state": "not-comparable", "share": "", "note": "Ein Anteil lässt sich nur angeben, wo mehr besser ist.",
		}},
		{"no actual", nil, "ts2-05.procedure-months", map[string]string{"state": "target-only", "actual": "", "actualValue": "", "share": "", "note": "Keine der Quellen nennt einen Istwert."}},
		{"no figures", nil, "ts2-02", map[string]string{"goal": "ts2-02", "indicator": "", "state": "no-figures", "target": "", "share": "", "unit": "", "note": ""}},
		{"the goal's own document counts", []string{"observations.csv", "obs-002,e-file-users,,05,2020,actual,7600", "obs-002,e-file-users,ts2-01,05,2020,target,7600"}, "ts2-01.e-file-users", map[string]string{"target": "obs-001"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pkg := storetest.Package(t)
			for i := 0; i < len(tt.replacements); i += 3 {
				storetest.Replace(t, pkg, tt.replacements[i], tt.replacements[i+1], tt.replacements[i+2])
			}
			row := table(t, pkg, dataset.GoalProgress)[tt.row]
			got := map[string]string{}
			for name := range tt.want {
				got[name] = row[name]
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", tt.row, diff)
			}
		})
	}
}

// TestProgressOfEveryGoal leaves no goal out.
func TestProgressOfEveryGoal(t *testing.T) {
	t.Parallel()
	goals := map[string]bool{}
	for _, row := range table(t, storetest.Package(t), dataset.GoalProgress) {
		goals[row["goal"]] = true
	}
	for id := range table(t, storetest.Package(t), dataset.Goals) {
		if !goals[id] {
			t.Errorf("%s has no row", id)
		}
	}
}

func prepare(t testing.TB, s *store.Store, pkg fstest.MapFS, allow ...string) (*ingest.Plan, error) {
	t.Helper()
	p, err := ingest.Read(pkg)
	if err != nil {
		t.Fatal(err)
	}
	return ingest.Prepare(context.Background(), s, p, allow)
}

// TestPrepare compares a second package with the first.
func TestPrepare(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		plan, err := prepare(t, s, storetest.Package(t))
		if err != nil || plan.Previous != nil || len(plan.Changes) != 0 {
			t.Fatalf("the first: %+v, error %v", plan, err)
		}
		first := storetest.Publish(t, s)
		if _, err := prepare(t, s, storetest.Package(t)); !errors.Is(err, store.ErrPublished) {
			t.Errorf("the same again gave the error %v", err)
		}
		pkg := storetest.Package(t)
		storetest.Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "2023.12.0"`)
		storetest.Replace(t, pkg, "datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-02-29T12:00:00Z"`)
		storetest.Replace(t, pkg, "areas.csv", "Welt", "Erde")
		var objections ingest.Objections
		if _, err := prepare(t, s, pkg); !errors.As(err, &objections) || len(objections) != 1 || objections[0].Name != "version:2023.12.0" {
			t.Errorf("an older version gave the error %v", err)
		}
		plan, err = prepare(t, s, pkg, "version:2023.12.0")
		if err != nil {
			t.Fatal(err)
		}
		want := []release.Change{{Dataset: dataset.Areas, Row: "WORLD", Kind: release.Changed, Column: "title", Old: "Welt", New: "Erde"}}
		if diff := cmp.Diff(want, plan.Changes, cmp.Comparer(func(a, b *dataset.Dataset) bool { return a == b })); diff != "" {
			t.Errorf("changes (-want +got)\n%s", diff)
		}
		if plan.Content.Previous != first.Seq || !strings.HasSuffix(plan.Content.Release.Notes, "\nAusnahmen: version:2023.12.0") {
			t.Errorf("%+v", plan.Content.Release)
		}
	})
}
