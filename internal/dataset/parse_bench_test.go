// SPDX-License-Identifier: EUPL-1.2

package dataset_test

import (
	"net/url"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
)

// BenchmarkParseQuery brings the question of a page into its normal form.
func BenchmarkParseQuery(b *testing.B) {
	values := url.Values{"area": {"05"}, "periodFrom": {"2020"}, "sort": {"-period"}, "limit": {"100"}}
	b.ReportAllocs()
	for b.Loop() {
		q, err := dataset.ParseQuery(dataset.Observations, values, everything{})
		if err != nil || q.Key() == "" {
			b.Fatal(err)
		}
	}
}

// everything knows all codes and identifiers.
type everything struct{}

func (everything) Codes(string) []string       { return nil }
func (everything) IDs(string) []string         { return nil }
func (everything) Knows(string, string) bool   { return true }
func (everything) Within(area string) []string { return []string{area} }

// TestEqualQuestionsOneKey spells one question in several ways.
func TestEqualQuestionsOneKey(t *testing.T) {
	t.Parallel()
	keys := map[string]string{}
	for _, text := range []string{
		"area=05,00&kind=actual&sort=-period&limit=10", "limit=10&sort=-period&kind=actual&area=00,05",
		"area=05&area=00&kind=actual&limit=10&sort=-period", "area=00,05,05&kind=actual&sort=%2Dperiod&limit=010&format=csv&release=latest",
	} {
		values, err := url.ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		q, err := dataset.ParseQuery(dataset.Observations, values, everything{})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		keys[q.Key()] = text
	}
	if len(keys) != 1 {
		t.Errorf("one question has %d keys: %v", len(keys), keys)
	}
}
