// SPDX-License-Identifier: EUPL-1.2

package sources

import (
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/testenv"
)

// fact is a statement reported after 2021, as it was read in a stored copy of a page.
type fact struct {
	URL, Quote, Published, Retrieved, Kind, Area, Period, Qualifier, Unit string
	Class                                                                 string `json:"source_class"`
	Value                                                                 json.Number
}

// readFacts returns the facts by address and quotation.
func readFacts(t *testing.T) map[[2]string][]fact {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(testenv.Shared(t, "sources/later"), "*.jsonl"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no facts: %v", err)
	}
	facts := map[[2]string][]fact{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			var f fact
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			key := [2]string{f.URL, plainMarks.Replace(f.Quote)}
			facts[key] = append(facts[key], f)
		}
	}
	return facts
}

// laterRow is a row taken from a source other than the documents.
type laterRow struct {
	row
	dataset, unit string
	source        row
}

func laterRows(t *testing.T) []laterRow {
	t.Helper()
	sources := map[string]row{}
	for _, s := range rows(t, "sources") {
		if s["kind"] == "official" || s["kind"] == "press" {
			sources[s["id"]] = s
		}
	}
	var out []laterRow
	for _, c := range allClaims(t) {
		if s := sources[c.row["source"]]; s != nil {
			out = append(out, laterRow{c.row, c.dataset, c.unit, s})
		}
	}
	for _, dataset := range []string{"goal-status", "milestones"} {
		for _, r := range rows(t, dataset) {
			if s := sources[r["source"]]; s != nil {
				out = append(out, laterRow{r, dataset, "", s})
			}
		}
	}
	return out
}

// scale is the factor of a fact's unit, whose rows are in the base unit.
var scale = map[string]int64{"million-eur": 1_000_000, "billion-eur": 1_000_000_000}

// differences names what a row does not have in common with a fact. What status a
// sentence means follows from the rule in docs/data.md, not from the fact.
func (r laterRow) differences(f fact) []string {
	var out []string
	compare := func(name, want, got string) {
		if want != got {
			out = append(out, name)
		}
	}
	compare("published", f.Published, r.source["published"])
	compare("retrieved", f.Retrieved, r.source["retrieved"])
	compare("class", f.Class, r.source["kind"])
	switch r.dataset {
	case "goal-status":
		compare("period", f.Period, r.row["period"])
	case "milestones":
		compare("period", f.Period, r.row["reached"]+r.row["due"])
	default:
		unit, factor := f.Unit, int64(1)
		if n := scale[unit]; n != 0 {
			unit, factor = "eur", n
		}
		value, okValue := new(big.Rat).SetString(r.row["value"])
		reported, okReported := new(big.Rat).SetString(f.Value.String())
		if !okValue || !okReported || value.Cmp(reported.Mul(reported, big.NewRat(factor, 1))) != 0 {
			out = append(out, "value")
		}
		compare("unit", unit, r.unit)
		compare("kind", f.Kind, r.row["kind"])
		if r.row["qualifier"] != "just-over" || f.Qualifier != "more-than" { // the facts do not distinguish them
			compare("qualifier", f.Qualifier, r.row["qualifier"])
		}
		compare("area", f.Area, r.row["area"])
		compare("period", f.Period, r.row["period"]+r.row["asOf"])
	}
	return out
}

// TestLaterFacts finds a fact for every row from a source other than the documents: of
// the same address, with the locator as its quotation, and with the same figure. Rows
// that differ for a reason are in exceptions.txt, with the names of what differs.
func TestLaterFacts(t *testing.T) {
	t.Parallel()
	facts := readFacts(t)
	exceptions := readExceptions(t, "fact")
	for _, r := range laterRows(t) {
		quoted := facts[[2]string{r.source["url"], plainMarks.Replace(quotation(r.row["locator"]))}]
		if len(quoted) == 0 || place(r.row["locator"]) != "" {
			t.Errorf("%s: no fact of %s has the quotation %s", r.row["id"], r.source["url"], r.row["locator"])
			continue
		}
		closest := r.differences(quoted[0])
		for _, f := range quoted[1:] {
			if d := r.differences(f); len(d) < len(closest) {
				closest = d
			}
		}
		got, want := strings.Join(closest, ", "), ""
		if x := exceptions[r.row["id"]]; x != nil {
			x.used, want = true, x.wording
		}
		if got != want {
			t.Errorf("%s: differs from the fact in %q; exceptions.txt allows %q", r.row["id"], got, want)
		}
	}
	exceptions.unused(t)
}

// laterClaims returns the rows with a figure from a source other than the documents.
// Their place is the quotation itself.
func laterClaims(t *testing.T) []claim {
	t.Helper()
	var out []claim
	for _, c := range allClaims(t) {
		if files[c.row["source"]] == nil {
			c.text = newDocument(quotation(c.row["locator"]))
			c.places = []span{c.text.whole()}
			out = append(out, c)
		}
	}
	return out
}

// TestLaterFigures finds the figures of these rows in their quotations.
func TestLaterFigures(t *testing.T) {
	t.Parallel()
	checkFigures(t, laterClaims(t), "later-figure")
}

// TestLaterQualifiers finds them with their reservations.
func TestLaterQualifiers(t *testing.T) {
	t.Parallel()
	checkQualifiers(t, laterClaims(t), "later-qualifier")
}

// TestDocuments makes sure that every source is one of the documents, a page with an
// address and the day it was read, or a register, and is used.
func TestDocuments(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, dataset := range []string{"observations", "ozg-service-counts", "goal-status", "milestones", "goals", "strategies", "areas"} {
		for _, r := range rows(t, dataset) {
			used[r["source"]] = true
		}
	}
	for _, s := range rows(t, "sources") {
		later := slices.Contains([]string{"official", "press"}, s["kind"])
		if s["kind"] != "register" && later == (files[s["id"]] != nil) {
			t.Errorf("%s: is a source of kind %s", s["id"], s["kind"])
		}
		if later && (s["url"] == "" || s["retrieved"] == "") {
			t.Errorf("%s: needs an address and the day it was read", s["id"])
		}
		if s["url"] == "" && s["access"] == "" {
			t.Errorf("%s: has neither an address nor words that lead to it", s["id"])
		}
		if !used[s["id"]] {
			t.Errorf("%s: no row refers to it", s["id"])
		}
	}
}
