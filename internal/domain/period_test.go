// SPDX-License-Identifier: EUPL-1.2

package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/domain"
)

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, start, end, err string }{
		{"year", "2021", "2021-01-01", "2021-12-31", ""},
		{"month", "2021-06", "2021-06-01", "2021-06-30", ""},
		{"february", "2023-02", "2023-02-01", "2023-02-28", ""},
		{"february of a leap year", "2024-02", "2024-02-01", "2024-02-29", ""},
		{"december", "2021-12", "2021-12-01", "2021-12-31", ""},
		{"day", "2021-11-12", "2021-11-12", "2021-11-12", ""},
		{"leap day", "2024-02-29", "2024-02-29", "2024-02-29", ""},
		{"years", "2018/2021", "2018-01-01", "2021-12-31", ""},
		{"months", "2021-11/2022-02", "2021-11-01", "2022-02-28", ""},
		{"days", "2021-11-12/2021-11-13", "2021-11-12", "2021-11-13", ""},
		{"first year", "0001", "0001-01-01", "0001-12-31", ""},
		{"last year", "9999", "9999-01-01", "9999-12-31", ""},

		{"nothing", "", "", "", domain.PeriodRule},
		{"words", "Mitte 2023", "", "", domain.PeriodRule},
		{"two digits", "21", "", "", domain.PeriodRule},
		{"five digits", "02021", "", "", domain.PeriodRule},
		{"one digit of a month", "2021-6", "", "", domain.PeriodRule},
		{"other digits", "２０２１", "", "", domain.PeriodRule},
		{"year 0", "0000", "", "", "the year 0000 does not exist; " + domain.PeriodRule},
		{"day of the year 0", "0000-12-31", "", "", "the year 0000 does not exist; " + domain.PeriodRule},
		{"interval from the year 0", "0000/2021", "", "", "the year 0000 does not exist; " + domain.PeriodRule},
		{"month 13", "2021-13", "", "", "no such date in the calendar; " + domain.PeriodRule},
		{"month 0", "2021-00", "", "", "no such date in the calendar; " + domain.PeriodRule},
		{"29 February", "2023-02-29", "", "", "no such date in the calendar; " + domain.PeriodRule},
		{"German date", "12.11.2021", "", "", domain.PeriodRule},
		{"time", "2021-11-12T00:00:00Z", "", "", domain.PeriodRule},
		{"blank", "2021 ", "", "", domain.PeriodRule},
		{"line end", "2021\n", "", "", domain.PeriodRule},
		{"quarter", "2021-Q1", "", "", domain.PeriodRule},
		{"mixed interval", "2018/2021-12", "", "", domain.PeriodRule},
		{"open interval", "2018/", "", "", domain.PeriodRule},
		{"open start", "/2018", "", "", domain.PeriodRule},
		{"three years", "2018/2019/2020", "", "", domain.PeriodRule},
		{"reversed interval", "2021/2018", "", "", "the end 2018 is not after the start 2021"},
		{"empty interval", "2021/2021", "", "", "the end 2021 is not after the start 2021"},
		{"impossible end", "2021-01/2021-13", "", "", "no such date in the calendar; " + domain.PeriodRule},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := domain.ParsePeriod(tt.in)
			if tt.err != "" {
				if err == nil || err.Error() != tt.err {
					t.Fatalf("error %v, want %s", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if p.String() != tt.in || p.Start() != tt.start || p.End() != tt.end {
				t.Errorf("%s from %s to %s, want from %s to %s", p, p.Start(), p.End(), tt.start, tt.end)
			}
		})
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, seed := range []string{"2021", "2021-06", "2021-11-12", "2018/2021", "2021-13", "0000", "9999-12", "/", "2021/2018", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := domain.ParsePeriod(s)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error without words")
			}
			return
		}
		if p.String() != s {
			t.Fatalf("%q became %q", s, p.String())
		}
		for _, day := range []string{p.Start(), p.End()} {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				t.Fatalf("%q: %v", s, err)
			}
		}
		if p.End() < p.Start() {
			t.Fatalf("%q ends on %s before it starts on %s", s, p.End(), p.Start())
		}
		if first := strings.SplitN(s, "/", 2)[0]; !strings.HasPrefix(p.Start(), first) {
			t.Fatalf("%q starts on %s", s, p.Start())
		}
	})
}
