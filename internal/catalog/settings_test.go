// SPDX-License-Identifier: EUPL-1.2

package catalog_test

import (
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
	releases "github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestChecks applies the rules for configured values.
func TestChecks(t *testing.T) {
	t.Parallel()
	const (
		notURL  = "must be an absolute http or https address without a user"
		notText = "contains a control character or another character that is not allowed in text"
		notMail = "must be a plain e-mail address such as office@example.org"
	)
	for _, tt := range []struct {
		check       func(string) error
		value, want string
	}{
		{catalog.CheckText, `Amt "A & B" <C>`, ""},
		{catalog.CheckText, " \t", "must not be empty"},
		{catalog.CheckText, "Amt\nZwei", notText},
		{catalog.CheckText, "Amt\xff", notText},
		{catalog.CheckEmail, "", ""},
		{catalog.CheckEmail, "daten+katalog@amt.example", ""},
		{catalog.CheckEmail, "Amt <a@amt.example>", notMail},
		{catalog.CheckEmail, "a@amt.example?subject=x", notMail},
		{catalog.CheckURL, "", ""},
		{catalog.CheckURL, "https://amt.example/kontakt?thema=daten#x", ""},
		{catalog.CheckURL, "mailto:a@amt.example", notURL},
		{catalog.CheckURL, "https://root:secret@amt.example/", notURL},
		{catalog.CheckURL, "https://amt.example/{x}", "is not a valid IRI: spaces, <, >, { and similar characters must be percent-encoded, and . and .. resolved"},
		{catalog.CheckBaseURL, "http://[::1]:8080/ziel", ""},
		{catalog.CheckBaseURL, "//daten.example", notURL},
		{catalog.CheckBaseURL, "https://daten.example?", "must not have a query or a fragment"},
		{catalog.CheckBaseURL, "https://daten.example//a", "must not have two slashes in a row"},
	} {
		got := ""
		if err := tt.check(tt.value); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%q: error %q, want %q", tt.value, got, tt.want)
		}
	}
}

// TestAddresses returns the addresses of files and of their schemas.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		dataset              *dataset.Dataset
		format, dialect      string
		wantFile, wantSchema string
	}{
		{dataset.Goals, "csv", "", "/v1/releases/2024.02.0/goals.csv", "/v1/releases/2024.02.0/goals.csv-metadata.json"},
		{dataset.Goals, "csv", "excel-de", "/v1/releases/2024.02.0/goals.csv?dialect=excel-de", "/v1/releases/2024.02.0/goals.csv-metadata.json?dialect=excel-de"},
		{dataset.OZGServiceCounts, "json", "", "/v1/releases/2024.02.0/ozg-service-counts.json", "/v1/openapi.json#/components/schemas/OzgServiceCountCollection"},
		{dataset.Goals, "xlsx", "", "/v1/releases/2024.02.0/goals.xlsx", ""},
	} {
		f, ok := encode.Find(tt.format, tt.dialect)
		if !ok {
			t.Fatalf("no format %s", tt.format)
		}
		if tt.wantSchema != "" {
			tt.wantSchema = settings.PublicURL + tt.wantSchema
		}
		if got := settings.FileAddress(release(), tt.dataset, f); got != settings.PublicURL+tt.wantFile {
			t.Errorf("the file is at %s, want %s", got, tt.wantFile)
		}
		if got := settings.SchemaAddress(release(), tt.dataset, f); got != tt.wantSchema {
			t.Errorf("the schema of %s is at %s, want %s", tt.wantFile, got, tt.wantSchema)
		}
	}
}

// TestCoverage computes the period of datasets with and without periods in their rows.
func TestCoverage(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		tables := releases.NewTables(s, 64<<20)
		tables.Timeout = time.Minute
		for _, tt := range []struct {
			dataset *dataset.Dataset
			want    catalog.Period
		}{
			{dataset.Goals, catalog.Period{First: "2020-01-01", Last: "2025-12-31"}},
			{dataset.Observations, catalog.Period{First: "2018-01-01", Last: "2025-12-31"}},
			{dataset.OZGServiceCounts, catalog.Period{First: "2021-11-01", Last: "2021-11-30"}},
			{dataset.Indicators, catalog.Period{First: "2018-01-01", Last: "2025-12-31"}},
			{dataset.Contradictions, catalog.Period{First: "2021-06-01", Last: "2021-11-12"}},
			{dataset.Codelists, catalog.Period{First: "2018-01-01", Last: "2025-12-31"}},
			{dataset.Areas, catalog.Period{First: "2018-01-01", Last: "2025-12-31"}},
			{dataset.GoalStatus, catalog.Period{First: "2020-06-30", Last: "2021-06-30"}},
		} {
			got, err := catalog.Coverage(t.Context(), tables, r, tt.dataset)
			if err != nil || got != tt.want {
				t.Errorf("%s covers %v, error %v, want %v", tt.dataset.ID, got, err, tt.want)
			}
		}
	})
}

// TestCoverageOfGoals leaves out when something became known, and counts goals that
// contradictions name.
func TestCoverageOfGoals(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "sources.csv", "report,2021-08", "report,2019-08")
	storetest.Replace(t, pkg, "contradictions.csv", "obs-003 obs-004", "obs-003 obs-004 ts2-04")
	r := storetest.PublishPackage(t, s, pkg)
	tables := releases.NewTables(s, 64<<20)
	for d, want := range map[*dataset.Dataset]catalog.Period{
		dataset.Goals:          {First: "2020-01-01", Last: "2025-12-31"},
		dataset.Contradictions: {First: "2021-06-01", Last: "2025-12-31"},
	} {
		got, err := catalog.Coverage(t.Context(), tables, r, d)
		if err != nil || got != want {
			t.Errorf("%s covers %v, error %v, want %v", d.ID, got, err, want)
		}
	}
}
