// SPDX-License-Identifier: EUPL-1.2

package dataset

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/domain"
)

var (
	identifierLayout = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	integerLayout    = regexp.MustCompile(`^(0|-?[1-9][0-9]*)$`)
)

// formatSuffixes are the suffixes that select a format in the address of a row or of
// its page.
var formatSuffixes = []string{".json", ".csv", ".xlsx", ".ndjson", ".parquet", ".jsonstat", ".svg", ".png", ".preview", ".bib", ".ris", ".card"}

// Check returns an error if a non-empty cell breaks the rule of the column's type. Of
// references and codes only the form is checked.
func (c Column) Check(cell string) error {
	switch c.Type {
	case Identifier:
		for _, suffix := range formatSuffixes {
			if strings.HasSuffix(cell, suffix) {
				return errors.New("an identifier must not end with " + strings.Join(formatSuffixes, ", ") + ", which choose the format in an address")
			}
		}
		return checkIdentifier(cell)
	case Reference, Code:
		return checkIdentifier(cell)
	case List:
		for _, id := range strings.Fields(cell) {
			if err := checkIdentifier(id); err != nil {
				return err
			}
		}
	case Date:
		day, err := time.Parse(time.DateOnly, cell)
		if err != nil {
			return errors.New("a date is YYYY-MM-DD")
		}
		if day.Year() == 0 { // XML Schema's dates have no year 0 either
			return errors.New("the year 0000 does not exist; a date is YYYY-MM-DD")
		}
	case Period:
		_, err := domain.ParsePeriod(cell)
		return err
	case Decimal:
		return domain.CheckDecimal(cell)
	case Integer:
		if !integerLayout.MatchString(cell) {
			return errors.New("a whole number has digits only")
		}
		if _, err := strconv.ParseInt(cell, 10, 64); err != nil {
			return errors.New("a whole number has 64 bits: at most 9223372036854775807")
		}
	case Boolean:
		if cell != "true" && cell != "false" {
			return errors.New("a Boolean is true or false")
		}
	}
	return nil
}

func checkIdentifier(s string) error {
	if !identifierLayout.MatchString(s) {
		return errors.New("an identifier has letters, digits, dots, hyphens and underscores and begins with a letter or digit")
	}
	return nil
}
