package plot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCalendar(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spans []Span
		width float64
		want  string
	}{
		{"days", []Span{day(2021, 11, 29), day(2021, 12, 2)}, 600, "29.|Nov 2021 30. 1.|Dez 2021 2. 3."},
		{"weeks", []Span{day(2021, 11, 29), day(2021, 12, 20)}, 400, "29.|Nov 2021 6.|Dez 2021 13. 20. 27."},
		{"one day lies in its year", []Span{day(2021, 11, 12)}, 300, "Jan|2021 Apr Jul Okt Jan|2022"},
		{"months", []Span{day(2021, 11, 12), day(2022, 2, 1)}, 600, "Nov|2021 Dez Jan|2022 Feb Mär"},
		{"quarters", []Span{month(2020, 5), month(2021, 11)}, 600, "Apr|2020 Jul Okt Jan|2021 Apr Jul Okt Jan|2022"},
		{"half years", []Span{day(2019, 5, 1), day(2021, 11, 1)}, 600, "Jan|2019 Jul Jan|2020 Jul Jan|2021 Jul Jan|2022"},
		{"years", []Span{day(2018, 5, 1), day(2021, 11, 1)}, 600, "2018 2019 2020 2021 2022"},
		{"a year by months", []Span{year(2021)}, 300, "Jan|2021 Apr Jul Okt Jan|2022"},
		{"years are not split", []Span{year(2020), year(2021)}, 600, "2020 2021 2022"},
		{"decades", []Span{year(1951), year(2021)}, 600, "1950 1960 1970 1980 1990 2000 2010 2020 2030"},
		{"all years", []Span{year(1), year(9999)}, 200, "0 10000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCalendar(tt.spans, tt.width)
			var got []string
			for i := range c.ticks {
				first, second := c.labels(german, i)
				got = append(got, strings.TrimSuffix(first+"|"+second, "|"))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
