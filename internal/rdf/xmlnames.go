package rdf

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isNameStart covers PN_CHARS_BASE, which is also XML's NameStartChar without
// ":" and "_".
func isNameStart(r rune) bool {
	switch {
	case r < 0x80:
		return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
	case r < 0x2000:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7 && (r < 0x300 || r > 0x36F) && r != 0x37E
	}
	return r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD ||
		r >= 0x10000 && r <= 0xEFFFF
}

// isNameChar covers PN_CHARS.
func isNameChar(r rune) bool {
	return isNameStart(r) || isDigit(r) || r == '_' || r == '-' || r == 0xB7 ||
		r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

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
