// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"cmp"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/representation"
)

const jsonType = "application/json"

// offer is a format in which an address is available. It is selected by its name,
// in the suffix of the path or the format parameter, or by its media type in the
// Accept header; without a media type only by name.
type offer struct{ name, mediaType string }

// rowOffers returns the formats of rows; only observations are also offered as JSON-stat.
func rowOffers(d *dataset.Dataset) (offers []offer) {
	for _, name := range encode.Names() {
		format, _ := encode.Find(name, "")
		offers = append(offers, offer{name, format.MediaType})
	}
	if d == dataset.Observations {
		offers = append(offers, offer{name: encode.JSONStat.Name})
	}
	return offers
}

func graphOffers() (offers []offer) {
	for _, f := range rdf.Formats() {
		offers = append(offers, offer{strings.TrimPrefix(f.Extension, "."), f.MediaType})
	}
	return offers
}

// parseFormat returns the format of rows that a request selects; d is nil for whole files.
func parseFormat(c echo.Context, values url.Values, suffix string, d *dataset.Dataset) (encode.Format, error) {
	parameter, dialect := values.Get("format"), values.Get("dialect")
	if suffix == "" && parameter == "" && dialect != "" {
		parameter = "csv"
	}
	name, err := selectFormat(c, suffix, parameter, rowOffers(d))
	if err != nil {
		return encode.Format{}, err
	}
	format, ok := encode.Find(name, dialect)
	switch allowed := encode.Dialects(name); {
	case ok:
		return format, nil
	case allowed == nil:
		return format, &domain.Invalid{Name: "dialect", Value: dialect, Rule: name + " has no dialects"}
	default:
		return format, domain.NotOneOf("dialect", dialect, "is not a dialect of "+name, allowed)
	}
}

// selectFormat returns the name of the offer that the suffix of the path selects,
// or else the format parameter, or else the Accept header.
func selectFormat(c echo.Context, suffix, parameter string, offers []offer) (string, error) {
	var names, mediaTypes []string
	for _, o := range offers {
		names = append(names, o.name)
		if o.mediaType != "" {
			mediaTypes = append(mediaTypes, o.mediaType)
		}
	}
	if suffix != "" && !slices.Contains(names, suffix) {
		return "", domain.NotOneOf("suffix", suffix, "is not a format of this address", names)
	}
	if parameter != "" && !slices.Contains(names, parameter) {
		return "", domain.NotOneOf("format", parameter, "is not a format of this address", names)
	}
	if name := cmp.Or(suffix, parameter); name != "" {
		return name, nil
	}
	mediaType, err := negotiateMediaType(c.Request().Header.Get("Accept"), mediaTypes)
	if err != nil {
		return "", err
	}
	return names[slices.IndexFunc(offers, func(o offer) bool { return o.mediaType == mediaType })], nil
}

// preference is one member of Accept or Accept-Encoding.
type preference struct {
	value   string
	quality float64
}

// preferences parses a header of weighted values (RFC 9110, 12.4.2). It ignores
// members with an invalid weight and accepts a weight in quotes.
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

// split yields the parts of a header between separators, except separators within
// quotes (RFC 9110, 5.6.4).
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

// quality parses a weight (RFC 9110, 12.4.2).
func quality(s string) (float64, bool) {
	q, err := strconv.ParseFloat(s, 64)
	return q, err == nil && q >= 0 && q <= 1 // ParseFloat accepts NaN
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
		return "", fmt.Errorf("%w: Accept (%s) must include one of %s", domain.ErrNotAcceptable, domain.Shorten(accept), strings.Join(offered, ", "))
	}
	return best, nil
}

// mediaQuality returns the weight of the most specific range that matches the
// type.
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

// negotiateCoding returns the content coding that Accept-Encoding prefers; ties
// are broken by the order of Codings (RFC 9110, 12.5.3).
func negotiateCoding(acceptEncoding string) representation.Coding {
	if acceptEncoding == "" {
		return representation.Identity
	}
	wanted := preferences(acceptEncoding)
	best := slices.MaxFunc(representation.Codings, func(a, b representation.Coding) int {
		return cmp.Compare(codingQuality(wanted, a), codingQuality(wanted, b))
	})
	if codingQuality(wanted, best) == 0 {
		return representation.Identity // the most likely to be understood by a client that rejects all
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
		return 0.0001 // acceptable unless rejected, but after everything named
	}
	return 0
}
