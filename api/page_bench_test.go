// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
)

// BenchmarkPage answers pages of a large dataset that were not asked for before.
func BenchmarkPage(b *testing.B) {
	s := storetest.Open(b, storetest.Any(b))
	storetest.PublishSynthetic(b, s, 400_000)
	handler, _ := apitest.New(b, s, apitest.Options{Settings: map[string]string{"cache.bytes": "2MiB"}})
	for name, coding := range map[string]string{"identity": "identity", "gzip": "gzip"} {
		b.Run(name, func(b *testing.B) {
			random := rand.New(rand.NewPCG(1, 2))
			b.ReportAllocs()
			for b.Loop() {
				sort := []string{"period", "-period"}[random.IntN(2)]
				path := fmt.Sprintf("/v1/observations?area=%s&indicator=%s&sort=%s&limit=%d", synthetic.AreaID(random.IntN(synthetic.Areas)), synthetic.IndicatorID(random.IntN(9)), sort, 100+random.IntN(100000)%2)
				request := httptest.NewRequest(http.MethodGet, path, nil)
				request.Header.Set("Accept-Encoding", coding)
				w := &nowhere{header: http.Header{}}
				handler.ServeHTTP(w, request)
				if w.status != 200 {
					b.Fatal(w.status)
				}
			}
		})
	}
}
