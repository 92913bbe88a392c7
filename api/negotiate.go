package api

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/representation"
)

// preference is one member of Accept or Accept-Encoding.
type preference struct {
	value   string
	quality float64
}

// preferences reads a field of weighted values (RFC 9110, 12.4.2). A member whose
// weight cannot be read is left out; a weight in quotes is read all the same.
func preferences(field string) []preference {
	var out []preference
	for member := range split(field, ',') {
		p := preference{quality: 1}
		readable := true
		for parameter := range split(member, ';') {
			name, value, isParameter := strings.Cut(parameter, "=")
			switch {
			case p.value == "":
				p.value = strings.ToLower(strings.TrimSpace(parameter))
				readable = p.value != ""
			case isParameter && strings.EqualFold(strings.TrimSpace(name), "q"):
				var ok bool
				p.quality, ok = quality(strings.Trim(strings.TrimSpace(value), `"`))
				readable = readable && ok
			}
			if !readable {
				break
			}
		}
		if readable {
			out = append(out, p)
		}
	}
	return out
}

// split yields the parts of a field between separators; one within quotes is part
// of a text (RFC 9110, 5.6.4).
func split(s string, separator byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := 0; i < len(s); i++ {
			switch {
			case quoted && s[i] == '\\':
				i++
			case s[i] == '"':
				quoted = !quoted
			case !quoted && s[i] == separator:
				if !yield(s[start:i]) {
					return
				}
				start = i + 1
			}
		}
		yield(s[start:])
	}
}

// quality reads a weight (RFC 9110, 12.4.2).
func quality(s string) (float64, bool) {
	q, err := strconv.ParseFloat(s, 64)
	return q, err == nil && q >= 0 && q <= 1 // NaN is a number to ParseFloat
}

// negotiateMediaType returns the offered media type that Accept prefers; ties are
// broken by the order of the offers (RFC 9110, 12.5.1).
func negotiateMediaType(accept string, offered []string) (string, error) {
	if strings.TrimSpace(accept) == "" {
		return offered[0], nil
	}
	wanted := preferences(accept)
	best, bestQuality := "", 0.0
	for _, o := range offered {
		if q := mediaQuality(wanted, o); q > bestQuality {
			best, bestQuality = o, q
		}
	}
	if best == "" {
		return "", fmt.Errorf("%w: Accept asks for %s; offered: %s", domain.ErrNotAcceptable, shorten(accept, maxValue), strings.Join(offered, ", "))
	}
	return best, nil
}

// mediaQuality is the weight of the most specific range that holds the type.
func mediaQuality(wanted []preference, mediaType string) float64 {
	group, _, _ := strings.Cut(mediaType, "/")
	q, specific := 0.0, 0
	for _, p := range wanted {
		rank := slices.Index([]string{"*/*", group + "/*", mediaType}, p.value) + 1
		if rank > specific {
			q, specific = p.quality, rank
		}
	}
	return q
}

// negotiateCoding returns the content coding that Accept-Encoding prefers, of
// equals the one that we prefer (RFC 9110, 12.5.3).
func negotiateCoding(acceptEncoding string) representation.Coding {
	if acceptEncoding == "" {
		return representation.Identity
	}
	wanted := preferences(acceptEncoding)
	best := slices.MaxFunc(representation.Codings, func(a, b representation.Coding) int {
		return cmp.Compare(codingQuality(wanted, a), codingQuality(wanted, b))
	})
	if codingQuality(wanted, best) == 0 {
		return representation.Identity // a client that refuses all can read this, if anything
	}
	return best
}

func codingQuality(wanted []preference, c representation.Coding) float64 {
	name := string(c)
	if c == representation.Identity {
		name = "identity"
	}
	for _, p := range wanted {
		if p.value == name {
			return p.quality
		}
	}
	for _, p := range wanted {
		if p.value == "*" {
			return p.quality
		}
	}
	if c == representation.Identity {
		return 0.0001 // acceptable unless refused, but after all that is named
	}
	return 0
}
