// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
)

// TestMetricsAddress checks that the metrics have an address of their own, and nothing
// else is there.
func TestMetricsAddress(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	publish(t, database(url), edition(t, "2026.11.0"))
	running := serve(t, database(url).with(settings{"HTTP_METRICS_ADDRESS": "127.0.0.1:0", "LOG_LEVEL": "info"}))
	running.get(t, "/metrics", http.StatusNotFound)
	found := regexp.MustCompile(`msg=metrics address=(\S+)`).FindStringSubmatch(running.output.String())
	if found == nil {
		t.Fatalf("the log does not name the address:\n%s", running.output)
	}
	for path, want := range map[string]int{"/metrics": http.StatusOK, "/v1/goals": http.StatusNotFound} {
		answer, err := http.Get("http://" + found[1] + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != want {
			t.Errorf("%s: %s, error %v", path, answer.Status, err)
		}
		if path == "/metrics" && !strings.Contains(string(body), `zielstand_release_info{release="2026.11.0"} 1`) {
			t.Errorf("the release is missing:\n%s", body)
		}
	}
	address := strings.TrimPrefix(running.url, "http://")
	refuse(t, serverSettings(database(url)).with(settings{"HTTP_METRICS_ADDRESS": address}),
		[]string{`ZIELSTAND_HTTP_METRICS_ADDRESS="` + address + `": cannot be used: listen tcp`, "address already in use"}, "serve")
}
