package rdf

import "strings"

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
