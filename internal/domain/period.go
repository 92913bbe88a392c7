package domain

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Period is a year, a month, a day, or an interval of two of these, in the
// precision that was reported: 2021, 2021-06, 2021-11-12, 2018/2021
// (ISO 8601-1, 5.2.2 and 5.5). A period is not a timestamp.
type Period struct {
	text       string
	start, end time.Time
}

// PeriodRule says in words what ParsePeriod accepts.
const PeriodRule = "a period is YYYY, YYYY-MM, YYYY-MM-DD, or two of these with the same precision and a slash between"

var errPeriod = errors.New(PeriodRule)

var (
	yearLayout  = regexp.MustCompile(`^[0-9]{4}$`)
	monthLayout = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}$`)
	dayLayout   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
)

// ParsePeriod reads a period. The error says what a period looks like.
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
			return Period{}, fmt.Errorf("the end %s does not lie after the start %s", to, from)
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
	case err == nil && first.Year() == 0: // nor in XML Schema's dates
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
