// SPDX-License-Identifier: EUPL-1.2

package workbook

import "strings"

// code returns a number format without texts, colours and escaped characters, in lower
// case; of several sections, the one for positive numbers.
func code(format string) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case '"':
			end := strings.IndexByte(format[i+1:], '"')
			if end < 0 {
				return strings.ToLower(b.String())
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(format[i:], ']')
			if end < 0 {
				return strings.ToLower(b.String())
			}
			if inside := strings.ToLower(format[i+1 : i+end]); strings.Trim(inside, "hms") == "" {
				b.WriteString(inside) // elapsed time
			}
			i += end
		case ';':
			return strings.ToLower(b.String())
		default:
			b.WriteByte(c)
		}
	}
	return strings.ToLower(b.String())
}

// IsDate reports whether a number format shows numbers as dates or times.
func IsDate(format string) bool {
	c := code(format)
	return !strings.HasPrefix(c, "general") && strings.ContainsAny(c, "ymdhs")
}

// IsDay reports whether a number format shows a number as a day: with its year, its month
// and its day.
func IsDay(format string) bool {
	c := code(format)
	return IsDate(format) && strings.Contains(c, "y") && strings.Contains(c, "m") && strings.Contains(c, "d")
}

// IsPercent reports whether a number format multiplies numbers by a hundred.
func IsPercent(format string) bool { return strings.Contains(code(format), "%") }

// Places returns the number of decimal places that a number format always shows.
func Places(format string) int {
	_, decimals, _ := strings.Cut(code(format), ".")
	return len(decimals) - len(strings.TrimLeft(decimals, "0"))
}
