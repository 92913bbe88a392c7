// SPDX-License-Identifier: EUPL-1.2

package domain_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/zielstand/zielstand/internal/domain"
)

func TestCheckDecimal(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"0", "7", "75000", "1.10", "0.5", "-0.5", "-3", "0.000", "12345678901234567890.123"} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			if err := domain.CheckDecimal(in); err != nil {
				t.Error(err)
			}
		})
	}
	for _, in := range []string{
		"", "-", ".", "1.", ".5", "1,5", "1.234,5", "1.2.3", "01", "-01", "+1", "1e3", "0x10", " 1", "1 ", "1\n", "∞", "NaN", "Inf", "١", "1_000", "--1",
	} {
		t.Run("not "+in, func(t *testing.T) {
			t.Parallel()
			if err := domain.CheckDecimal(in); err == nil || err.Error() != domain.DecimalRule {
				t.Errorf("%q gave the error %v, want %s", in, err, domain.DecimalRule)
			}
		})
	}
}

// FuzzCheckDecimal checks that accepted text is a JSON number and an exact rational.
func FuzzCheckDecimal(f *testing.F) {
	for _, seed := range []string{"0", "1.10", "-0.5", "1,5", "1e3", "007", "-", "9999999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if domain.CheckDecimal(s) != nil {
			return
		}
		if !json.Valid([]byte(s)) {
			t.Fatalf("%q is not a JSON number", s)
		}
		if _, ok := new(big.Rat).SetString(s); !ok {
			t.Fatalf("%q is not a number for package big", s)
		}
	})
}
