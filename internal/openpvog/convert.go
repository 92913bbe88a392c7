// SPDX-License-Identifier: EUPL-1.2

// Package openpvog converts exports of Open-PVOG, the table in which the federal
// Dashboard Digitale Verwaltung publishes for each area and service where it is offered
// online, into a data package. It reads files and fetches nothing. Rows are read and
// written one by one; what is remembered is a checksum of each row, and the services.
package openpvog

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/maphash"
	"regexp"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// value is a value of a field and the code that it becomes.
type value struct{ text, code string }

var (
	statuses = []value{{"ok", "ok"}, {"nicht ok", "not-ok"}}
	actives  = []value{{"ja", "yes"}, {"nein", "no"}}
	// coverages has the spellings of the dashboard and those without “flächendeckend”.
	coverages = []value{
		{"bundesweit flächendeckend", "nationwide"},
		{"bundesweit", "nationwide"},
		{"landesweit flächendeckend", "statewide"},
		{"landesweit", "statewide"},
		{"kreisweit flächendeckend", "districtwide"},
		{"kreisweit", "districtwide"},
		{"in mind. einer Kommune verfügbar", "at-least-one-municipality"},
		{"in mindestens einer Kommune verfügbar", "at-least-one-municipality"},
		{"nicht in Auswertung berücksichtigt", "not-evaluated"},
	}
	topics = []value{
		{"Arbeit & Ruhestand", "work-retirement"},
		{"Bauen & Wohnen", "building-housing"},
		{"Bildung", "education"},
		{"Ein- & Auswanderung", "migration"},
		{"Engagement & Hobby", "volunteering-leisure"},
		{"Familie & Kind", "family-children"},
		{"Forschung & Förderung", "research-funding"},
		{"Gesundheit", "health"},
		{"Mobilität & Reisen", "mobility-travel"},
		{"Querschnittsleistungen", "cross-cutting"},
		{"Recht & Ordnung", "law-order"},
		{"Steuern & Zoll", "taxes-customs"},
		{"Umwelt", "environment"},
		{"Unternehmensführung & -entwicklung", "business"},
	}
)

// contradicts is the rule that a row breaks if it differs from an earlier one with the
// same key.
const contradicts = "repeats leika_key, ars and url of an earlier row with another online_status, aktiv, art_flaechendeckung or begruendung_nicht_beruecksichtigt; the first row is used"

// unknown is the code for what the export does not give.
const unknown = "unknown"

var (
	leikaLayout = regexp.MustCompile(`^[0-9]{14}$`)
	arsLayout   = regexp.MustCompile(`^[0-9]{12}$`)
	ozgLayout   = regexp.MustCompile(`^[1-9][0-9]{0,9}$`)
	dateLayout  = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})`)
)

// service is a row of services as the export has it.
type service struct{ title, ozgID, topic string }

// converter turns records into rows of service-availability.
type converter struct {
	asOf, source string
	areas        *areas
	// write appends a row with the edited columns of service-availability.
	write  func([]string)
	report func(Rejection)

	services map[string]*service
	// seen has a checksum of the cells of each row by a checksum of its key.
	seen map[[16]byte]uint64
	seed maphash.Seed
	used map[string]bool
	Summary
}

// Summary counts what a conversion did.
type Summary struct {
	Files, Rows, Accepted, Repeated, Rejected int
	// Services and NewServices count services.csv; Areas counts those with rows.
	Services, NewServices, Areas int
	// Untitled counts services without a title, Retitled rows that give a service
	// another title than its first row.
	Untitled, Retitled int
	// Dates counts rows with a date of their own that is not the date of the export.
	Dates map[string]int
	// Statuses, Actives and Coverages count rows by code.
	Statuses, Actives, Coverages map[string]int
	// Ignored are the columns that are not used.
	Ignored []string
	// Version is the version of the data package.
	Version string
}

func newConverter(asOf, source string, known *areas) *converter {
	return &converter{
		asOf: asOf, source: source, areas: known,
		services: map[string]*service{}, seen: map[[16]byte]uint64{}, seed: maphash.MakeSeed(), used: map[string]bool{},
		Summary: Summary{Dates: map[string]int{}, Statuses: map[string]int{}, Actives: map[string]int{}, Coverages: map[string]int{}},
	}
}

// reject reports a row that is not converted, or several.
func (c *converter) reject(r Rejection) {
	c.Rejected += r.Place.rows()
	c.report(r)
}

// row converts one row of an export.
func (c *converter) row(rec *record) {
	row, r := c.convert(rec)
	if r.Rule != "" {
		r.Place = rec.place
		c.reject(r)
		return
	}
	var key [16]byte
	sum := sha256.Sum256([]byte(row.id + "\x00" + row.address))
	copy(key[:], sum[:])
	content := maphash.String(c.seed, strings.Join([]string{row.status, row.active, row.coverage, row.reason}, "\x00"))
	if before, repeated := c.seen[key]; repeated {
		if before == content {
			c.Repeated++
			return
		}
		c.reject(Rejection{Place: rec.place, Column: fieldNames[address], Value: row.address, Rule: contradicts})
		return
	}
	c.seen[key] = content
	c.Accepted++
	c.addService(rec)
	c.used[row.area] = true
	c.Statuses[row.status]++
	c.Actives[row.active]++
	c.Coverages[row.coverage]++
	if m := dateLayout.FindString(rec.cells[dataDate]); m != "" && m != c.asOf {
		c.Dates[m]++
	}
	c.write([]string{
		row.id, row.service, row.area, c.asOf, row.address, row.status, row.active, row.coverage, row.reason, c.source, locator(row.service),
	})
}

// availability is a converted row.
type availability struct{ id, service, area, address, status, active, coverage, reason string }

// convert checks a record and translates its values.
func (c *converter) convert(rec *record) (availability, Rejection) {
	cell := func(f field) string { return rec.cells[f] }
	refuse := func(f field, rule string, allowed ...string) (availability, Rejection) {
		return availability{}, Rejection{Column: fieldNames[f], Value: cell(f), Rule: rule, Allowed: allowed}
	}
	for f, text := range rec.cells {
		if err := domain.CheckText(text, false); err != nil {
			return refuse(field(f), err.Error())
		}
	}
	row := availability{service: cell(leikaKey), address: cell(address), reason: cell(exclusionReason)}
	switch {
	case !leikaLayout.MatchString(row.service):
		return refuse(leikaKey, "is not a valid LeiKa key: it must have 14 digits; a spreadsheet may have changed it")
	case !arsLayout.MatchString(cell(ars)):
		return refuse(ars, "is not a valid ARS: it must have 12 digits; a spreadsheet may have deleted its leading zero")
	case cell(ozgID) != "" && !ozgLayout.MatchString(cell(ozgID)):
		return refuse(ozgID, "is not a valid number of an OZG service: it must have digits only")
	case row.address != "":
		if err := domain.CheckAddress(row.address); err != nil {
			return refuse(address, "is not a valid web address: "+err.Error())
		}
	}
	if row.area = c.areas.key(cell(ars)); row.area == "" {
		return refuse(ars, "is not the ARS of an area in areas.csv of the base package")
	}
	for _, enum := range []struct {
		field  field
		values []value
		none   string
		code   *string
	}{{addressStatus, statuses, unknown, &row.status}, {active, actives, unknown, &row.active}, {coverage, coverages, "", &row.coverage}, {topic, topics, "", new(string)}} {
		code, ok := lookup(enum.values, cell(enum.field), enum.none)
		if !ok {
			return refuse(enum.field, "is not a known value", texts(enum.values)...)
		}
		*enum.code = code
	}
	sum := sha256.Sum256([]byte(row.address))
	row.id = row.service + "-" + row.area + "-" + hex.EncodeToString(sum[:5])
	return row, Rejection{}
}

// lookup returns the code of a value, regardless of case.
func lookup(values []value, text, none string) (string, bool) {
	if text == "" {
		return none, true
	}
	i := slices.IndexFunc(values, func(v value) bool { return strings.EqualFold(v.text, text) })
	if i < 0 {
		return "", false
	}
	return values[i].code, true
}

func texts(values []value) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v.text
	}
	return out
}

// addService remembers the service of a row. The first row that gives a title, an OZG
// service or a topic counts.
func (c *converter) addService(rec *record) {
	s := c.services[rec.cells[leikaKey]]
	if s == nil {
		s = &service{}
		c.services[rec.cells[leikaKey]] = s
	}
	title := rec.cells[leikaName]
	if title == "" {
		title = rec.cells[leikaLabel]
	}
	switch {
	case s.title == "":
		s.title = title
	case title != "" && title != s.title:
		c.Retitled++
	}
	if s.ozgID == "" {
		s.ozgID = rec.cells[ozgID]
	}
	if s.topic == "" {
		s.topic, _ = lookup(topics, rec.cells[topic], "")
	}
}

// locator returns the place of a row in an export, which is valid in any file and any
// order.
func locator(service string) string {
	if strings.HasPrefix(service, "0") {
		return "„" + service + "“" // a number in a locator has no leading zeros
	}
	return "Leistung " + service
}

// areas finds areas by their ARS (Amtlicher Regionalschlüssel).
type areas struct {
	ids   map[string]bool
	byARS map[string]string
}

// newAreas reads the rows of areas.csv, after the header.
func newAreas(header []string, rows [][]string) *areas {
	a := &areas{map[string]bool{}, map[string]string{}}
	id, regional := slices.Index(header, dataset.Areas.Columns[0].Name), slices.Index(header, "ars")
	for _, row := range rows {
		a.ids[row[id]] = true
		if regional >= 0 && row[regional] != "" {
			a.byARS[row[regional]] = row[id]
		}
	}
	return a
}

// key returns the key of the area with the ARS, or "" if there is none. An ARS is the
// key with four digits for the association of municipalities in it, and padded with
// zeros: 05 158 0026 026 is the municipality 05158026.
func (a *areas) key(ars string) string {
	if key := a.byARS[ars]; key != "" {
		return key
	}
	candidates := []string{ars[:5] + ars[9:]}
	if ars[5:] == "0000000" {
		candidates = append(candidates, ars[:5])
		for n := 3; n > 1 && strings.Trim(ars[n:], "0") == ""; n-- {
			candidates = append(candidates, ars[:n])
		}
	} else if ars[9:] == "000" {
		return "" // an association
	}
	for _, key := range candidates {
		if a.ids[key] {
			return key
		}
	}
	return ""
}
