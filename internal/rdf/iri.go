// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	schemePattern    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)
	authorityPattern = regexp.MustCompile(
		`^//(?:[^@\[\]]*@)?(?:\[(?:[0-9A-Fa-f:.]+|[vV][0-9A-Fa-f]+\.[^\[\]@/]+)\]|[^@:\[\]]*)(?::[0-9]*)?$`)
)

// checkIRI reports why s is not an absolute IRI (RFC 3987, 2.2) that every
// reader leaves as it is.
func checkIRI(s string) error {
	if !schemePattern.MatchString(s) {
		return errors.New("relative IRI: it does not begin with a scheme (RFC 3987, 2.2)")
	}
	if err := checkIRIChars(s); err != nil {
		return err
	}
	ref := parseReference(s)
	if ref.authority != "" && !authorityPattern.MatchString(ref.authority) {
		return fmt.Errorf("%q is not a host with an optional user and port (RFC 3986, 3.2)", strings.TrimPrefix(ref.authority, "//"))
	}
	if i := strings.IndexAny(ref.path+ref.query+ref.fragment, "[]"); i >= 0 {
		return errors.New("[ and ] after the host must be percent-encoded (RFC 3986, 3.2.2)")
	}
	return checkSegments(ref.path)
}

// checkSegments refuses what some readers resolve away and others do not (RDF
// 1.1 Concepts, 3.2, on normalization).
func checkSegments(path string) error {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return fmt.Errorf("path segment %q has to be resolved first (RFC 3986, 5.2.4)", segment)
		}
	}
	return nil
}

func checkIRIChars(s string) error {
	n, query, fragment := 0, false, false
	for i, r := range s {
		n++
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			return fmt.Errorf("character %d is not valid UTF-8", n)
		case r == '%' && !isPercentEncoded(s[i:]):
			return fmt.Errorf("%%, character %d, is not followed by two hexadecimal digits (RFC 3986, 2.1)", n)
		case r == '#' && fragment:
			return fmt.Errorf("a second #, character %d, must be percent-encoded (RFC 3986, 3.5)", n)
		case !isIRIChar(r) && !(query && isPrivate(r)):
			return fmt.Errorf("%s, character %d, is not allowed in an IRI and must be percent-encoded (RFC 3987, 2.2)", charName(r), n)
		}
		fragment = fragment || r == '#'
		query = (query || r == '?') && !fragment
	}
	return nil
}

// charName returns a visible name of a character.
func charName(r rune) string {
	if unicode.IsGraphic(r) && r != ' ' {
		return fmt.Sprintf("%c (%U)", r, r)
	}
	return fmt.Sprintf("%U", r)
}

func isPercentEncoded(s string) bool {
	return len(s) >= 3 && isHex(s[1]) && isHex(s[2])
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isIRIChar covers unreserved, reserved, ucschar and % (RFC 3987, 2.2), less
// the bidirectional formatting characters (RFC 3987, 4.1).
func isIRIChar(r rune) bool {
	switch {
	case r <= ' ' || r == 0x7F:
		return false
	case r < 0x7F:
		return !strings.ContainsRune("<>\"{}|\\^`", r)
	case r == 0x200E || r == 0x200F || r >= 0x202A && r <= 0x202E:
		return false
	case r <= 0xFFFF:
		return r >= 0xA0 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFEF
	}
	return r&0xFFFF <= 0xFFFD && r < 0xF0000 && (r < 0xE0000 || r > 0xE0FFF)
}

// isPrivate covers iprivate, which only a query may contain (RFC 3987, 2.2).
func isPrivate(r rune) bool {
	return r >= 0xE000 && r <= 0xF8FF || r >= 0xF0000 && r&0xFFFF <= 0xFFFD
}

// reference is an IRI reference in its five parts (RFC 3986, appendix B).
// Scheme, authority, query and fragment keep their delimiters, so that an
// empty one differs from a missing one.
type reference struct {
	scheme, authority, path, query, fragment string
}

func parseReference(s string) (r reference) {
	s, r.fragment = cutBefore(s, "#")
	s, r.query = cutBefore(s, "?")
	if i := strings.IndexAny(s, ":/"); i > 0 && s[i] == ':' {
		r.scheme, s = s[:i+1], s[i+1:]
	}
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		rest, r.path = cutBefore(rest, "/")
		r.authority = "//" + rest
		return r
	}
	r.path = s
	return r
}

// cutBefore splits s before the first delimiter, if there is one.
func cutBefore(s, delimiter string) (before, from string) {
	i := strings.Index(s, delimiter)
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}
