package domain

import (
	"errors"
	"regexp"
)

// LocatorRule describes what CheckLocator accepts.
const LocatorRule = "a locator is a section (8.2, 8.2 (1), 8.2 (1) c, Vorwort), an agenda item (TOP 4), an annex (Anlage 2, Folie 8) " +
	"or a part (Begleitschreiben, Anschreiben, Bericht, Text), then perhaps «, Abbildung 7» and «, »heading«»"

var locatorLayout = regexp.MustCompile(`^(Vorwort|Begleitschreiben|Anschreiben|Bericht|Text|TOP [1-9][0-9]*|` +
	`Anlage [1-9][0-9]*(, Folie [1-9][0-9]*)?|[1-9][0-9]?(\.[1-9][0-9]?)?( \([1-9][0-9]?\))?( [a-z])?)` +
	`(, (Abbildung|Tabelle|Seite|Fußnote) [1-9][0-9]*)?(, »[^«»]+«)?$`)

// CheckLocator reports whether text names a place in a document.
func CheckLocator(text string) error {
	if !locatorLayout.MatchString(text) {
		return errors.New(LocatorRule)
	}
	return nil
}
