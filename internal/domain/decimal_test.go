// SPDX-License-Identifier: EUPL-1.2

package domain_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/zielstand/zielstand/internal/domain"
)

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"0", "7", "75000", "1.10", "0.5", "-0.5", "-3", "0.000", "12345678901234567890.123"} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			d, err := domain.ParseDecimal(in)
			if err != nil {
				t.Fatal(err)
			}
			if d.String() != in {
				t.Errorf("%s is read as %s", in, d)
			}
		})
	}
	for _, in := range []string{
		"", "-", ".", "1.", ".5", "1,5", "1.234,5", "1.2.3", "01", "-01", "+1", "1e3", "0x10", " 1", "1 ", "1\n", "∞", "NaN", "Inf", "١", "1_000", "--1",
	} {
		t.Run("not "+in, func(t *testing.T) {
			t.Parallel()
			if d, err := domain.ParseDecimal(in); err == nil || err.Error() != domain.DecimalRule {
				t.Errorf("%q gave %v and the error %v, want %s", in, d, err, domain.DecimalRule)
			}
		})
	}
}

// FuzzParseDecimal checks that accepted text is a JSON number and an exact rational, and
// is unchanged.
func FuzzParseDecimal(f *testing.F) {
	for _, seed := range []string{"0", "1.10", "-0.5", "1,5", "1e3", "007", "-", "9999999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := domain.ParseDecimal(s)
		if err != nil {
			return
		}
		if d.String() != s {
			t.Fatalf("%q became %q", s, d)
		}
		if !json.Valid([]byte(s)) {
			t.Fatalf("%q is not a JSON number", s)
		}
		if _, ok := new(big.Rat).SetString(s); !ok {
			t.Fatalf("%q is not a number for package big", s)
		}
	})
}
