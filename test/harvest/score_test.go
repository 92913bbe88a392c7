// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dcatcheck"
	"github.com/zielstand/zielstand/internal/rdf"
)

// metric is a metric of data.europa.eu's metadata quality assessment (MQA), as
// public re-implementations of Piveau's scoring have it.
type metric struct {
	name   string
	points int
	met    func(s *scored, node rdf.Term) bool
}

// scored is a catalogue with a way to its files.
type scored struct {
	*rdf.Graph
	t *testing.T
	p *program
	// status are the answers to HEAD, by address.
	status map[string]int
	// violations are what our own check finds.
	violations int
}

func newScored(t *testing.T, p *program, g *rdf.Graph) *scored {
	t.Helper()
	return &scored{Graph: g, t: t, p: p, status: map[string]int{}, violations: dcatcheck.Graph(g).Count(dcatcheck.Violation)}
}

const (
	authority = "http://publications.europa.eu/resource/authority/"
	iana      = "https://www.iana.org/assignments/media-types/"
)

// ofDataset are the metrics of a dataset, ofDistribution the metrics of its best
// distribution.
var (
	ofDataset = []metric{
		{"keyword", 30, has("dcat:keyword")},
		{"theme", 30, has("dcat:theme")},
		{"spatial", 20, has("dct:spatial")},
		{"temporal", 20, has("dct:temporal")},
		{"accessRights", 10, has("dct:accessRights")},
		{"accessRights from the EU list", 5, from("dct:accessRights", authority+"access-right/")},
		{"contactPoint", 20, has("dcat:contactPoint")},
		{"publisher", 10, has("dct:publisher")},
		{"issued", 5, has("dct:issued")},
		{"modified", 5, has("dct:modified")},
		{"conforms to DCAT-AP", 30, func(s *scored, _ rdf.Term) bool { return s.violations == 0 }}, // the shapes: .ci/shacl.sh
	}
	ofDistribution = []metric{
		{"accessURL answers", 50, answers("dcat:accessURL")},
		{"downloadURL", 20, has("dcat:downloadURL")},
		{"downloadURL answers", 30, answers("dcat:downloadURL")},
		{"format", 20, has("dct:format")},
		{"mediaType", 10, has("dcat:mediaType")},
		{"format from the EU list", 5, from("dct:format", authority+"file-type/")},
		{"mediaType from IANA's list", 5, from("dcat:mediaType", iana)},
		{"not proprietary", 20, code("CSV", "JSON", "JSON_LD", "RDF_TURTLE", "RDF_XML", "RDF_N_TRIPLES", "ODS", "XML")},
		{"machine readable", 20, code("CSV", "JSON", "JSON_LD", "RDF_TURTLE", "RDF_XML", "RDF_N_TRIPLES", "ODS", "XLSX", "XML")},
		{"licence", 20, has("dct:license")},
		{"licence from the EU list", 10, from("dct:license", authority+"licence/")},
		{"rights", 5, has("dct:rights")},
		{"byteSize", 5, has("dcat:byteSize")},
	}
)

func has(property string) func(*scored, rdf.Term) bool {
	return func(s *scored, node rdf.Term) bool { return len(s.Objects(node, term(property))) > 0 }
}

func from(property, base string) func(*scored, rdf.Term) bool {
	return func(s *scored, node rdf.Term) bool {
		return slices.ContainsFunc(s.Objects(node, term(property)), func(o rdf.Term) bool { return strings.HasPrefix(o.Text(), base) })
	}
}

func code(codes ...string) func(*scored, rdf.Term) bool {
	return func(s *scored, node rdf.Term) bool {
		return slices.ContainsFunc(s.Objects(node, term("dct:format")), func(o rdf.Term) bool {
			return slices.Contains(codes, strings.TrimPrefix(o.Text(), authority+"file-type/"))
		})
	}
}

// answers requires at least one address, and a status of 200 to 399 from each.
func answers(property string) func(*scored, rdf.Term) bool {
	return func(s *scored, node rdf.Term) bool {
		addresses := s.Objects(node, term(property))
		return len(addresses) > 0 && !slices.ContainsFunc(addresses, func(o rdf.Term) bool {
			if s.status[o.Text()] == 0 {
				s.status[o.Text()] = s.p.ask(s.t, http.MethodHead, o.Text()).status
			}
			return s.status[o.Text()] < http.StatusOK || s.status[o.Text()] >= http.StatusBadRequest
		})
	}
}

// score sums the points and names what is lost.
func (s *scored) score(metrics []metric, node rdf.Term) (points int, lost []string) {
	for _, m := range metrics {
		if m.met(s, node) {
			points += m.points
		} else {
			lost = append(lost, m.name)
		}
	}
	return points, lost
}

// TestScore requires at least 395 of the 405 points for each dataset. The ten that
// are left are for a licence of the EU list, where DCAT-AP.de asks for its own.
func TestScore(t *testing.T) {
	t.Parallel()
	p := reading(t)
	s := newScored(t, p, p.catalog(t))
	for _, node := range s.Subjects(rdf.Type, term("dcat:Dataset")) {
		points, lost := s.score(ofDataset, node)
		best, bestLost := 0, []string{"no distribution"}
		for _, distribution := range s.Objects(node, term("dcat:distribution")) {
			if n, lostHere := s.score(ofDistribution, distribution); n > best {
				best, bestLost = n, lostHere
			}
		}
		lost = append(lost, bestLost...)
		if points+best < 395 {
			t.Errorf("%s: %d of 405 points; lost: %s", node, points+best, strings.Join(lost, ", "))
		}
		if diff := cmp.Diff([]string{"licence from the EU list"}, lost); diff != "" {
			t.Errorf("%s: lost metrics (-want +got)\n%s", node, diff)
		}
	}
}

// TestPointsAreLost: a catalogue that breaks the rules and addresses that are not
// there, or do not answer, win nothing.
func TestPointsAreLost(t *testing.T) {
	t.Parallel()
	p := reading(t)
	g := &rdf.Graph{}
	bare, broken := rdf.IRI(publicURL+"/bare"), rdf.IRI(publicURL+"/broken")
	g.Add(bare, rdf.Type, term("dcat:Dataset"))
	g.Add(broken, term("dcat:accessURL"), rdf.IRI(publicURL+"/v1/releases/1999.01.0/goals.csv"))
	g.Add(broken, term("dcat:downloadURL"), rdf.IRI(publicURL+"/v1/goals.csv?colour=red"))
	s := newScored(t, p, g)
	for _, node := range []rdf.Term{bare, broken} {
		_, lost := s.score(slices.Concat(ofDataset, ofDistribution), node)
		for _, name := range []string{"conforms to DCAT-AP", "accessURL answers", "downloadURL answers"} {
			if !slices.Contains(lost, name) {
				t.Errorf("%s has the points for %q", node, name)
			}
		}
	}
}

// TestMostPoints checks that the metrics add up to the scale.
func TestMostPoints(t *testing.T) {
	t.Parallel()
	sum := 0
	for _, m := range slices.Concat(ofDataset, ofDistribution) {
		sum += m.points
	}
	if sum != 405 {
		t.Errorf("%d points, want 405", sum)
	}
}
