package api

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/strategy"
)

// preference is one member of Accept or Accept-Encoding.
type preference struct {
	value   string
	quality float64
}

// preferences reads a field of weighted values (RFC 9110, 12.4.2). What cannot
// be read is left out, as the standard lets a recipient do.
func preferences(field string) []preference {
	var out []preference
	for member := range strings.SplitSeq(field, ",") {
		value, parameters, _ := strings.Cut(member, ";")
		p := preference{strings.ToLower(strings.TrimSpace(value)), 1}
		if p.value == "" {
			continue
		}
		for parameter := range strings.SplitSeq(parameters, ";") {
			name, weight, _ := strings.Cut(parameter, "=")
			if strings.EqualFold(strings.TrimSpace(name), "q") {
				p.quality = quality(strings.TrimSpace(weight))
			}
		}
		out = append(out, p)
	}
	return out
}

func quality(s string) float64 {
	q, err := strconv.ParseFloat(s, 64)
	if err != nil || !(q >= 0 && q <= 1) { // NaN is a number to ParseFloat
		return 0
	}
	return q
}

// negotiateMediaType returns the offered media type that Accept prefers, of
// equals the first offered (RFC 9110, 12.5.1).
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
		return "", fmt.Errorf("%w: Accept asks for %s; offered: %s", strategy.ErrNotAcceptable, accept, strings.Join(offered, ", "))
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
