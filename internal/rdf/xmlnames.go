package rdf

import "unicode/utf8"

// isXMLName reports whether s is an NCName (Namespaces in XML, 3) in ASCII and
// Latin-1 letters: there XML 1.0's fourth edition, by which encoding/xml goes,
// and its fifth, by which others go, agree.
func isXMLName(s string) bool {
	for i, r := range s {
		if i == 0 && !isXMLNameStart(r) || !isXMLNameChar(r) {
			return false
		}
	}
	return s != ""
}

func isXMLNameStart(r rune) bool {
	return r == '_' || r <= 0xFF && isNameStart(r)
}

func isXMLNameChar(r rune) bool {
	return isXMLNameStart(r) || isDigit(r) || r == '-' || r == '.'
}

func lastRune(s string) (rune, int) { return utf8.DecodeLastRuneInString(s) }

// isNCName reports whether s is an NCName of XML 1.0's fifth edition.
func isNCName(s string) bool {
	for i, r := range s {
		if i == 0 && r != '_' && !isNameStart(r) || !isNameChar(r) && r != '.' {
			return false
		}
	}
	return s != ""
}
