// SPDX-License-Identifier: EUPL-1.2

package domain

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// DecimalRule describes what CheckDecimal accepts.
const DecimalRule = "a decimal number has digits, a point before decimal places, and no thousands separator"

var decimalLayout = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// CheckDecimal returns an error if the text is not a decimal number. A number is kept as
// the text that was reported: 1.10 stays 1.10.
func CheckDecimal(s string) error {
	if !decimalLayout.MatchString(s) {
		return errors.New(DecimalRule)
	}
	return nil
}

// Period is a year, a month, a day, or an interval of two of these, in the
// precision that was reported: 2021, 2021-06, 2021-11-12, 2018/2021
// (ISO 8601-1, 5.2.2 and 5.5). A period is not a timestamp.
type Period struct {
	text       string
	start, end time.Time
}

// PeriodRule describes what ParsePeriod accepts.
const PeriodRule = "a period is YYYY, YYYY-MM, YYYY-MM-DD, or two of these with the same precision and a slash between"

var errPeriod = errors.New(PeriodRule)

var (
	yearLayout  = regexp.MustCompile(`^[0-9]{4}$`)
	monthLayout = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}$`)
	dayLayout   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
)

// ParsePeriod parses a period.
func ParsePeriod(s string) (Period, error) {
	from, to, interval := strings.Cut(s, "/")
	start, end, err := parsePoint(from)
	if err != nil {
		return Period{}, err
	}
	if interval {
		if len(from) != len(to) {
			return Period{}, errPeriod
		}
		last, lastEnd, err := parsePoint(to)
		if err != nil {
			return Period{}, err
		}
		if !last.After(start) {
			return Period{}, fmt.Errorf("the end %s is not after the start %s", to, from)
		}
		end = lastEnd
	}
	return Period{text: s, start: start, end: end}, nil
}

// parsePoint returns the first and the last day of a year, month or day.
func parsePoint(s string) (first, last time.Time, err error) {
	switch {
	case yearLayout.MatchString(s):
		first, err = time.Parse("2006", s)
		last = first.AddDate(1, 0, -1)
	case monthLayout.MatchString(s):
		first, err = time.Parse("2006-01", s)
		last = first.AddDate(0, 1, -1)
	case dayLayout.MatchString(s):
		first, err = time.Parse(time.DateOnly, s)
		last = first
	default:
		err = errPeriod
	}
	switch {
	case err != nil && !errors.Is(err, errPeriod):
		err = fmt.Errorf("no such date in the calendar; %s", PeriodRule)
	case err == nil && first.Year() == 0: // XML Schema's dates have no year 0 either
		err = fmt.Errorf("the year 0000 does not exist; %s", PeriodRule)
	}
	return first, last, err
}

// String returns the period as it was reported.
func (p Period) String() string { return p.text }

// Start returns the first day as YYYY-MM-DD.
func (p Period) Start() string { return p.start.Format(time.DateOnly) }

// End returns the last day as YYYY-MM-DD: a source dated to a month counts as
// known from that day on, and a goal due in a year is overdue after it.
func (p Period) End() string { return p.end.Format(time.DateOnly) }

// TextError describes the first character that a published text must not
// contain.
type TextError struct {
	// Rule is what is wrong and what to do.
	Rule string
	// Rune is the character and Position its place in the text, from 1.
	Rune     rune
	Position int
}

// Error returns the rule, the character and its position.
func (e *TextError) Error() string { return e.Rule + "; " + e.Place() }

// Place returns the character and its position.
func (e *TextError) Place() string { return fmt.Sprintf("%U at character %d", e.Rune, e.Position) }

// The rules for the characters of a text.
const (
	ruleBytes       = "is not UTF-8; save the file as UTF-8"
	ruleLost        = "contains the replacement character: a character was lost when the text was converted; write it again"
	ruleBreak       = "contains a line break; replace it with a space"
	ruleControl     = "contains a control character; delete it"
	ruleInvisible   = "contains an invisible character; delete it"
	ruleUnpublished = "contains a code point that is not a character (a noncharacter); delete it"
)

// CheckText reports the first character of the text that could not be served in
// every format, or that readers could not see: control characters, line breaks,
// noncharacters, the replacement character, and invisible format characters such
// as soft hyphens, zero-width spaces and all controls of the writing direction,
// which can make a text read differently from what it contains. The joiners
// U+200C and U+200D are allowed: some scripts and emoji need them. In a
// multiline text, line feeds are allowed. The error is a *TextError.
func CheckText(text string, multiline bool) error {
	position := 0
	for i, r := range text {
		position++
		if rule := runeRule(r, multiline); rule != "" {
			if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
				rule = ruleBytes
			}
			return &TextError{Rule: rule, Rune: r, Position: position}
		}
	}
	return nil
}

func runeRule(r rune, multiline bool) string {
	switch {
	case r >= 0x20 && r < 0x7F:
		return ""
	case r == '\n' && multiline, r == 0x200C, r == 0x200D:
		return ""
	case r == '\n', r == '\r', r == 0x85, r == 0x2028, r == 0x2029:
		return ruleBreak
	case r == utf8.RuneError:
		return ruleLost
	case r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF:
		return ruleUnpublished
	case unicode.Is(unicode.Cc, r):
		return ruleControl
	case unicode.Is(unicode.Cf, r):
		return ruleInvisible
	}
	return ""
}

// MaxAddress is the maximum length of a web address in bytes.
const MaxAddress = 2000

var (
	errAddress    = errors.New("a web address starts with http:// or https:// and a host name, has no user name, and consists of ASCII characters (others are percent-encoded)")
	addressLayout = regexp.MustCompile(`^https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+$`)
	hostLayout    = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\.?$`)
)

// CheckAddress reports whether the text is a web address that can be published
// as a link: absolute, http or https, with a host.
func CheckAddress(text string) error {
	if len(text) > MaxAddress {
		return fmt.Errorf("a web address has at most %d characters", MaxAddress)
	}
	if !addressLayout.MatchString(text) {
		return errAddress
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Opaque != "" || !validHost(u) {
		return errAddress
	}
	return nil
}

func validHost(u *url.URL) bool {
	if strings.HasPrefix(u.Host, "[") { // IPv6; url.Parse has checked the brackets
		return strings.Contains(u.Hostname(), ":") && !strings.Contains(u.Hostname(), "%")
	}
	port := u.Port()
	return hostLayout.MatchString(u.Hostname()) && len(port) <= 5 && strings.TrimSuffix(u.Host, ":"+port) == u.Hostname()
}
