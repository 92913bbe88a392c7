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

func (r reference) String() string {
	return r.scheme + r.authority + r.path + r.query + r.fragment
}

// resolve finds the IRI that a reference stands for in a document at base
// (RFC 3986, 5.2.2). IRIs that have a scheme are left as they are, and without
// a base everything is: a relative IRI is then refused by Validate.
func resolve(base, iri string) string {
	ref := parseReference(iri)
	if ref.scheme != "" || base == "" {
		return iri
	}
	from := parseReference(base)
	to := reference{from.scheme, from.authority, "", ref.query, ref.fragment}
	switch {
	case ref.authority != "":
		to.authority, to.path = ref.authority, removeDotSegments(ref.path)
	case ref.path == "":
		to.path = from.path
		if ref.query == "" {
			to.query = from.query
		}
	case strings.HasPrefix(ref.path, "/"):
		to.path = removeDotSegments(ref.path)
	default:
		to.path = removeDotSegments(merge(from, ref.path))
	}
	return to.String()
}

// merge puts a relative path in place of the base's last segment
// (RFC 3986, 5.2.3).
func merge(base reference, path string) string {
	if base.authority != "" && base.path == "" {
		return "/" + path
	}
	return base.path[:strings.LastIndexByte(base.path, '/')+1] + path
}

// removeDotSegments does what RFC 3986, 5.2.4 does, segment by segment.
func removeDotSegments(path string) string {
	rooted := strings.HasPrefix(path, "/")
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	out := make([]string, 0, len(segments))
	for i, segment := range segments {
		last := i == len(segments)-1
		switch segment {
		case ".":
		case "..":
			out = out[:max(0, len(out)-1)]
		default:
			out = append(out, segment)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	joined := strings.Join(out, "/")
	if rooted {
		return "/" + joined
	}
	return joined
}
