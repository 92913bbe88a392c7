package domain

import (
	"errors"
	"regexp"
	"strconv"
)

// DecimalRule describes what ParseDecimal accepts.
const DecimalRule = "a decimal number has digits, a point before decimal places, and no thousands separator"

var decimalLayout = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// Decimal is a number kept as the text that was reported: 1.10 stays 1.10.
type Decimal struct{ text string }

// ParseDecimal parses a decimal number.
func ParseDecimal(s string) (Decimal, error) {
	if !decimalLayout.MatchString(s) {
		return Decimal{}, errors.New(DecimalRule)
	}
	return Decimal{s}, nil
}

// String returns the number as it was reported.
func (d Decimal) String() string { return d.text }

// Float returns the nearest double, for sorting and ranges only.
func (d Decimal) Float() float64 {
	f, _ := strconv.ParseFloat(d.text, 64)
	return f
}
