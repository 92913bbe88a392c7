package ingest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestWarnings changes one thing at a time in data that deserve no warning.
func TestWarnings(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC)
	const (
		status = `ts-9,tp18-01,achieved,2020-06-30,test-bericht,"2, „Rechtliche Rahmenbedingungen“",,`
		m3     = `Transition period settled,,test-bericht,"2, „Rechtliche Rahmenbedingungen“",reached,`
	)
	for _, tt := range []struct {
		name         string
		replacements []string // file, old, new
		want         string
	}{
		{"none", nil, ""},
		{"created within the tolerance", []string{"datapackage.json", "2024-01-31T12:00:00Z", "2024-02-01T00:05:00Z"}, ""},
		{
			"created in the future", []string{"datapackage.json", "2024-01-31T12:00:00Z", "2024-02-01T00:05:01Z"},
			`datapackage.json, created: "2024-02-01T00:05:01Z" is in the future: the next release must be created later still; it is 2024-02-01T00:00:00Z`,
		},
		{"a thousand percent", []string{"observations.csv", ",62.50,", ",1000,"}, ""},
		{
			"more than a thousand percent", []string{"observations.csv", ",62.50,", ",1000.5,"},
			`observations.csv, row 7, column value: "1000.5" is more than 1000 percent; is it a count or a factor?`,
		},
		{"more than a thousand persons", []string{"observations.csv", ",8200,", ",82000,"}, ""},
		{
			"negative persons", []string{"observations.csv", ",8200,", ",-8200,"},
			`observations.csv, row 5, column value: "-8200" is below zero, but its unit persons counts things`,
		},
		{
			"negative services", []string{"ozg-service-counts.csv", ",planned,350,", ",planned,-350,"},
			`ozg-service-counts.csv, row 8, column value: "-350" is below zero, but its unit count counts things`,
		},
		{
			"an actual of the future", []string{"observations.csv", "2021-11-12,actual,62.50", "2024-02-02,actual,62.50"},
			`observations.csv, row 7, column period: "2024-02-02" is in the future, but the row says that it has happened`,
		},
		{"an actual of today", []string{
			"observations.csv", "2021-11-12,actual,62.50", "2024-02-01,actual,62.50", "sources.csv", ",minutes,2021-11-12,Vorlage 99/1,,,,", ",minutes,,Vorlage 99/1,,2024-02-01,,",
		}, ""},
		{"a target of the future", []string{"observations.csv", ",05,2024,target,", ",05,2040,target,"}, ""},
		{
			"actuals from after their sources", []string{
				"observations.csv", "2021-11-12,actual,62.50", "2021-11-13,actual,62.50", "observations.csv", ",05,2020,actual,", ",05,2022,actual,",
				"ozg-service-counts.csv", "2021-08,all,1-2", "2021-09,all,1-2", "ozg-service-counts.csv", "2021-08,all,3", "2021-09,all,3", "ozg-service-counts.csv", "2021-08,all,all", "2021-09,all,all",
			},
			`observations.csv, row 3, column period: "2022" begins after its source was published (2021-08), but the row says that it has happened
observations.csv, row 7, column period: "2021-11-13" begins after its source was published (2021-11-12), but the row says that it has happened
ozg-service-counts.csv, 3 rows (5, 6, 7), column asOf: "2021-09" begins after its source was published (2021-08), but the row says that it has happened`,
		},
		{"an actual from the month of its source", []string{"observations.csv", ",05,2020,actual,", ",05,2021-08-31,actual,"}, ""},
		{
			"a milestone reached in the future", []string{"milestones.csv", "promulgated,2020-06-30", "promulgated,2024-03"},
			`milestones.csv, row 2, column reached: "2024-03" is in the future, but the row says that it has happened`,
		},
		{"a milestone without date", []string{"milestones.csv", m3, strings.Replace(m3, ",reached,", ",announced,2022", 1)}, ""},
		{
			"a milestone announced and reached", []string{"milestones.csv", `under the test act,2020,test-bericht,"2, „Rechtliche Rahmenbedingungen“",reached,`, `under the test act,2020,test-bericht,"2, „Rechtliche Rahmenbedingungen“",announced,2022`},
			`milestones.csv, row 3, column reached: "2020" is a date reached, but the milestone is only announced`,
		},
		{
			"a milestone announced without a date", []string{"milestones.csv", m3, strings.Replace(m3, ",reached,", ",announced,", 1)},
			`milestones.csv, row 4, column due: is empty; an announcement without a date cannot be followed up`,
		},
		{
			"a milestone announced after its date", []string{"milestones.csv", m3, strings.Replace(m3, ",reached,", ",announced,2021-07", 1)},
			`milestones.csv, row 4, column due: "2021-07" ended before its source was published (2021-08)`,
		},
		{"a milestone announced in the month of its date", []string{"milestones.csv", m3, strings.Replace(m3, ",reached,", ",announced,2021-08-01", 1)}, ""},
		{"a missed goal", []string{"goal-status.csv", status, strings.Replace(status, "achieved,2020-06-30", "missed,", 1)}, ""},
		{"a goal achieved late", []string{"goal-status.csv", status, strings.Replace(status, "achieved,2020-06-30", "achieved-late,2021", 1)}, ""},
		{
			"a missed goal without due date", []string{"goal-status.csv", "ts-9,tp18-01,achieved,2020-06-30", "ts-9,ts2-03,missed,"},
			`goal-status.csv, row 10, column status: "missed" needs a due date; its goal ts2-03 has none`,
		},
		{
			"a goal without due date achieved late", []string{"goal-status.csv", "ts-9,tp18-01,achieved,2020-06-30", "ts-9,ts2-03,achieved-late,"},
			`goal-status.csv, row 10, column status: "achieved-late" needs a due date; its goal ts2-03 has none`,
		},
		{
			"a goal missed before its due date", []string{"goal-status.csv", "ts-9,tp18-01,achieved,2020-06-30", "ts-9,ts2-01,missed,"},
			`goal-status.csv, row 10, column status: "missed" is from a source (2021-08) that is no more recent than the due date of its goal ts2-01`,
		},
		{
			"a goal achieved in the future", []string{"goal-status.csv", "achieved,2020-06-30", "achieved,2025"},
			`goal-status.csv, row 10, column period: "2025" is in the future, but the row says that it has happened`,
		},
		{"a goal announced for the future", []string{"goal-status.csv", "ts-3,ts2-03,announced,,", "ts-3,ts2-03,announced,2030,"}, ""},
		{
			"a goal without status", []string{"goal-status.csv", "ts-3,ts2-03,announced,", "ts-3,ts2-02,announced,", "goal-status.csv", "ts-4,ts2-04,announced,", "ts-4,ts2-05,announced,"},
			`goals.csv, 2 rows (4, 5): "ts2-03" has no row in goal-status.csv; at least the source that sets the goal announces it; likewise "ts2-04"`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pkg := storetest.Package(t)
			for range 3 {
				storetest.Replace(t, pkg, "ozg-service-counts.csv", ",2021-11,all,", ",2021-08,all,")
			}
			for i := 0; i < len(tt.replacements); i += 3 {
				storetest.Replace(t, pkg, tt.replacements[i], tt.replacements[i+1], tt.replacements[i+2])
			}
			p, err := ingest.Read(pkg)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, p.Warnings(now).Error()); diff != "" {
				t.Errorf("warnings (-want +got)\n%s", diff)
			}
		})
	}
}
