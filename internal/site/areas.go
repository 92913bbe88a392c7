// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// areasPage is the page of the areas for which a source reports what they offer online.
type areasPage struct {
	frame
	Form  listForm
	Areas []areaTotal
	Pages []pageLink
}

// areaTotal is the number of services that an area offers online.
type areaTotal struct {
	Row
	Area, Parent Row
	Kind         string
	// Online links to the services counted.
	Online counted
}

// areasListing defines the parameters of the list of areas, which shows totals of
// service-counts.
var areasListing = &listing{
	of: dataset.ServiceCounts, fixed: []string{"coverage", "topic"}, own: []string{"kind"},
	old: []string{"parent", string(dataset.Within), "sort=name", "sort=area", "sort=online", "sort=-value", "sort=offline", "sort=value"},
}

// areaRows is the maximum number of rows on a page of areas or services.
const areaRows = 200

// whole is the code of a total in the codelists coverage and topic.
const whole = "all"

func buildAreas(ctx context.Context, r *renderer) (page, error) {
	totals, err := r.totals(ctx)
	if err != nil {
		return nil, err
	}
	if len(totals) == 0 {
		return nil, domain.ErrNotFound
	}
	if err := r.loadAreas(ctx); err != nil {
		return nil, err
	}
	p := &areasPage{}
	p.Description = r.word("areas.lead")
	p.shown = []*dataset.Dataset{dataset.ServiceCounts}
	kind := field{name: "kind", title: r.kindLabel, values: func(row Row) []string { return []string{areaKind(r.lookup(dataset.Areas, row.Get("area")))} }}
	var found []Row
	p.Form, found, err = r.apply(ctx, list{
		listing: areasListing, base: totalFilters(),
		fields: []field{
			kind.labelled(), r.byOuterArea(totals), r.byColumn(dataset.ServiceCounts, "source"),
		},
		sorts: []order{{"area", "name", func(a, b Row) int {
			return cmp.Or(strings.Compare(domain.Plain(r.nameOf(dataset.Areas, a.Get("area"))), domain.Plain(r.nameOf(dataset.Areas, b.Get("area")))), cmp.Compare(a.ID(), b.ID()))
		}}, {"-value", "online", nil}, {"value", "offline", nil}},
	})
	if err != nil {
		return nil, err
	}
	p.Form.query.Set("include", "area")
	if !p.Form.joined || selectBy(p.Form.query, "area", found) {
		p.Downloads = []download{r.downloadList(dataset.ServiceCounts, p.Form)}
	} else {
		r.list.query = nil
	}
	found, p.Pages, err = r.cut(found)
	for _, row := range found {
		area := r.lookup(dataset.Areas, row.Get("area"))
		p.Areas = append(p.Areas, areaTotal{
			row, area, r.lookup(dataset.Areas, area.Get("parent")), r.kindLabel(areaKind(area)),
			counted{row.count(), r.online(area.ID(), row.Get("source"))},
		})
	}
	return p, err
}

// byOuterArea filters totals by the areas that contain one of theirs, at any level.
func (r *renderer) byOuterArea(totals []Row) field {
	parents := map[string]bool{}
	for _, row := range totals {
		parents[r.lookup(dataset.Areas, row.Get("area")).Get("parent")] = true
	}
	f := field{name: string(dataset.Within), title: func(id string) string { return r.nameOf(dataset.Areas, id) }}
	f.values = func(row Row) []string {
		var out []string
		for id := row.Get("area"); id != "" && !slices.Contains(out, id); id = r.lookup(dataset.Areas, id).Get("parent") {
			out = append(out, id)
		}
		return slices.DeleteFunc(out, func(id string) bool { return !parents[id] })
	}
	return f.labelled()
}

// areaPage is the page of what an area offers online.
type areaPage struct {
	frame
	Area, Parent Row
	Kind         string
	// Total is the latest count of the services online, Further are the counts of earlier
	// days and of other sources.
	Total   Row
	Further []Row
	// Online links to the addresses of the services counted.
	Online counted
	// Peers are the other areas of the same kind with a count of the same day from the same
	// source; Mean is the mean of their totals.
	Peers counted
	Mean  string
	// Topics are the counts by topic.
	Topics []topicCount
	Form   listForm
	Rows   []offer
	Pages  []pageLink
}

// topicCount is how many services of a topic are online, here and on average elsewhere.
type topicCount struct {
	// Topic is a code, empty for services for which the source gives no topic.
	Topic string
	Here  counted
	Mean  string
}

// offer is an address at which a service is offered.
type offer struct {
	Row
	Service Row
}

// areaListing defines the parameters of the list of services of an area.
var areaListing = &listing{
	of: dataset.ServiceAvailability, fixed: []string{"area"}, own: []string{"topic"}, old: []string{"sort=topic", "sort=service"},
}

// reachable selects the addresses that the rule of service-counts counts.
var reachable = []string{"active", "yes", "addressStatus", "ok"}

func buildArea(ctx context.Context, r *renderer) (page, error) {
	totals, err := r.totals(ctx)
	if err != nil {
		return nil, err
	}
	own := matching(totals, "area", r.ID)
	if len(own) == 0 {
		return nil, domain.ErrNotFound
	}
	if err := r.loadAreas(ctx); err != nil {
		return nil, err
	}
	slices.SortStableFunc(own, byPeriod("asOf", true))
	area := r.lookup(dataset.Areas, r.ID)
	title := fmt.Sprintf(r.word("area.title"), r.name(area))
	p := &areaPage{
		Area: area, Parent: r.lookup(dataset.Areas, area.Get("parent")), Kind: r.kindLabel(areaKind(area)), Total: own[0], Further: own[1:],
		frame: frame{Citation: r.cite(r.Release.ID, title, r.pinnedPath(dataset.ServiceCounts.ID+".csv", "area", r.ID), r.pinnedPath(dataset.ServiceAvailability.ID+".csv", "area", r.ID))},
	}
	p.Title, p.Description = title, r.word("area.lead")
	p.shown = []*dataset.Dataset{dataset.ServiceAvailability, dataset.ServiceCounts}
	if err := r.compare(ctx, p, totals); err != nil {
		return nil, err
	}
	return p, r.offers(ctx, p)
}

// online returns the address of the services that a count of an area includes.
func (r *renderer) online(area, source string, filters ...string) string {
	return r.listed("/areas/"+area, append(append(filters, reachable...), "source", source)...) + "#list"
}

// compare counts the services of the area by topic, beside the mean of its peers.
func (r *renderer) compare(ctx context.Context, p *areaPage, totals []Row) error {
	peers, sum := map[string]bool{}, 0
	for _, t := range totals {
		if t.Get("area") != p.Area.ID() && sameCount(t, p.Total) && areaKind(r.lookup(dataset.Areas, t.Get("area"))) == areaKind(p.Area) {
			peers[t.Get("area")] = true
			sum += t.count()
		}
	}
	source := p.Total.Get("source")
	link := func(filters ...string) string { return r.online(p.Area.ID(), source, filters...) }
	p.Online = counted{p.Total.count(), link()}
	p.Peers = counted{len(peers), r.listed("/areas", "kind", areaKind(p.Area), "source", source)}
	p.Mean = r.mean(sum, len(peers))

	d := dataset.ServiceCounts
	rows, err := r.query(ctx, dataset.Query{Dataset: d, Filters: append(equal(d, "coverage", whole), equal(d, "source", source)...)})
	if err != nil {
		return err
	}
	here, elsewhere := map[string]int{}, map[string]int{}
	for _, row := range rows {
		topic := row.Get("topic")
		switch {
		case topic == whole || !sameCount(row, p.Total):
		case row.Get("area") == p.Area.ID():
			here[topic] = row.count()
		case peers[row.Get("area")]:
			elsewhere[topic] += row.count()
		}
	}
	withoutHere, withoutElsewhere := p.Online.Count, sum
	for _, code := range matching(r.all(dataset.Codelists), "codelist", "topic") {
		topic := code.Get("code")
		withoutHere, withoutElsewhere = withoutHere-here[topic], withoutElsewhere-elsewhere[topic]
		if here[topic]+elsewhere[topic] > 0 {
			p.Topics = append(p.Topics, topicCount{topic, counted{here[topic], link("topic", topic)}, r.mean(elsewhere[topic], len(peers))})
		}
	}
	if withoutHere+withoutElsewhere > 0 {
		p.Topics = append(p.Topics, topicCount{"", counted{withoutHere, link("topic", dataset.None)}, r.mean(withoutElsewhere, len(peers))})
	}
	for i, t := range p.Topics {
		if t.Here.Count == 0 {
			p.Topics[i].Here.Href = "" // there is no list to link to
		}
	}
	if p.Online.Count == 0 {
		p.Online.Href = ""
	}
	return nil
}

// sameCount reports whether two counts are of the same day and from the same source.
func sameCount(a, b Row) bool {
	return a.Get("asOf") == b.Get("asOf") && a.Get("source") == b.Get("source")
}

// offers adds the list of all addresses that the area reports.
func (r *renderer) offers(ctx context.Context, p *areaPage) error {
	rows, err := r.where(ctx, dataset.ServiceAvailability, "area", p.Area.ID())
	if err != nil {
		return err
	}
	services, err := r.rowsByID(ctx, dataset.Services, distinct(rows, "service"))
	if err != nil {
		return err
	}
	service := func(row Row) Row { return services[row.Get("service")] }
	topic := r.byColumn(dataset.Services, "topic")
	of, title := topic.values, topic.title
	topic.values = func(row Row) []string { return of(service(row)) }
	topic.title = func(code string) string {
		if code == dataset.None {
			return r.word("area.notopic")
		}
		return title(code)
	}
	by := func(name string) field { return r.byColumn(dataset.ServiceAvailability, name) }
	var found []Row
	p.Form, found, err = r.apply(ctx, list{
		listing: areaListing, base: equal(dataset.ServiceAvailability, "area", p.Area.ID()),
		fields: []field{topic, by("active"), by("addressStatus"), by("coverage"), by("source")},
		sorts: []order{{"service", "service", func(a, b Row) int {
			return strings.Compare(domain.Plain(r.name(service(a))), domain.Plain(r.name(service(b))))
		}}},
	})
	if err != nil {
		return err
	}
	p.Form.query.Set("include", "service")
	if !p.Form.joined || selectBy(p.Form.query, "service", found) {
		p.Downloads = append(p.Downloads, r.downloadList(dataset.ServiceAvailability, p.Form))
	}
	p.Downloads = append(p.Downloads, r.downloadRows(r.text(dataset.ServiceCounts.Title), dataset.ServiceCounts, "area", p.Area.ID()))
	found, p.Pages, err = r.cut(found)
	for _, row := range found {
		p.Rows = append(p.Rows, offer{row, service(row)})
	}
	return err
}

// selectBy restricts a query to the values that the rows of a list have in a column. It
// reports whether that is possible: not if there are none, or more than a filter takes.
func selectBy(query url.Values, column string, found []Row) bool {
	values := distinct(found, column)
	if len(values) == 0 || len(values) > dataset.MaxValues {
		return false
	}
	query.Set(column, strings.Join(values, ","))
	return true
}

// totals reads the counts of all services that an area offers online.
func (r reader) totals(ctx context.Context) ([]Row, error) {
	return r.query(ctx, dataset.Query{Dataset: dataset.ServiceCounts, Filters: totalFilters()})
}

// totalFilters keep the counts of all services.
func totalFilters() []dataset.Filter {
	return append(equal(dataset.ServiceCounts, "coverage", whole), equal(dataset.ServiceCounts, "topic", whole)...)
}

// loadAreas reads all columns of the areas.
func (r *renderer) loadAreas(ctx context.Context) error {
	rows, err := r.query(ctx, dataset.Query{Dataset: dataset.Areas})
	r.add(dataset.Areas, rows)
	return err
}

// levelKind precedes the level of areas that the register gives no type.
const levelKind = "level-"

// areaKind returns the type of an area or else its level: areas of the same kind are peers.
func areaKind(area Row) string {
	return cmp.Or(area.Get("type"), levelKind+area.Get("level"))
}

func (n names) kindLabel(kind string) string {
	if level, ok := strings.CutPrefix(kind, levelKind); ok {
		return n.label("area-level", level)
	}
	return n.label("area-type", kind)
}

// count returns the value of a row of service-counts.
func (r Row) count() int {
	n, err := strconv.Atoi(r.Get("value"))
	if err != nil {
		return 0 // no row was found
	}
	return n
}

// mean writes a mean, rounded to one decimal place; it is empty without values.
func (l language) mean(sum, n int) string {
	if n == 0 {
		return ""
	}
	return l.number(big.NewRat(int64(sum), int64(n)).FloatString(1))
}

// cut returns the rows on the page that is asked for, and links to all pages.
func (r *renderer) cut(rows []Row) ([]Row, []pageLink, error) {
	number, links, err := r.pager(len(rows), areaRows, func(number int) string {
		q := url.Values{}
		for name, values := range r.Params {
			q[name] = values
		}
		q.Del("page")
		if number > 1 {
			q.Set("page", strconv.Itoa(number))
		}
		address := r.page(r.path())
		if len(q) > 0 {
			address += "?" + encodeQuery(q)
		}
		return address + "#list"
	})
	if err != nil {
		return nil, nil, err
	}
	return rows[(number-1)*areaRows : min(len(rows), number*areaRows)], links, nil
}
