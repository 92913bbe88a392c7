// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestMCP posts to /mcp what programs may, and what they may not.
func TestMCP(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query","arguments":{"dataset":"goals","parameters":{"id":"ts2-01","fields":"id"}}}}`
	long := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"q":"` + strings.Repeat("x", 64<<10) + `"}}}`
	eachService(t, func(t *testing.T, s *service) {
		for _, tt := range []struct {
			name, method, address, body string
			headers                     []string
			status                      int
			want                        string
		}{
			{"tools", http.MethodPost, "/mcp", list, nil, 200, `"name":"list_unknown"`},
			{"call", http.MethodPost, "/mcp", call, nil, 200, `"structuredContent":{"release":"2024.01.0"`},
			{"license", http.MethodPost, "/mcp", call, nil, 200, `"license":"http://dcat-ap.de/def/licenses/dl-by-de/2.0"`},
			{"link", http.MethodPost, "/mcp", call, nil, 200, `"link":"` + publicURL + `/v1/goals/ts2-01?release=2024.01.0"`},
			{"notification", http.MethodPost, "/mcp", `{"jsonrpc":"2.0","method":"notifications/initialized"}`, nil, 202, ""},
			{"same origin", http.MethodPost, "/mcp", list, []string{"Sec-Fetch-Site", "same-origin"}, 200, "tools"},
			{"unknown tool", http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete"}}`, nil, 200, `name=\"delete\": is not a tool; allowed: search, describe`},
			{
				"method that waits", http.MethodPost, "/mcp",
				`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"x","version":"1"}}}}`,
				[]string{"Mcp-Protocol-Version", "2026-07-28", "Mcp-Method", "subscriptions/listen"},
				404, `method not found: \"subscriptions/listen\"`,
			},
			{"other method", http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"debug"}}`, nil, 200, `method not found: \"logging/setLevel\"`},
			{"other origin", http.MethodPost, "/mcp", list, []string{"Origin", "https://other.example"}, 403, "a web page of another origin must not call /mcp"},
			{"large", http.MethodPost, "/mcp", long, nil, 413, "the body has more than 64 KiB"},
			{"batch", http.MethodPost, "/mcp", " [" + list + "]", nil, 400, "a request must have one message, not a batch"},
			{"no JSON", http.MethodPost, "/mcp", "{", nil, 400, "the body must be one message in JSON: unexpected end of JSON input at byte 1"},
			{"byte order mark", http.MethodPost, "/mcp", "\ufeff" + list, nil, 400, "the body must be one message in JSON: invalid character"},
			{"two messages", http.MethodPost, "/mcp", list + list, nil, 400, "the body must be one message in JSON: invalid character '{' after top-level value at byte 47"},
			{"text after the message", http.MethodPost, "/mcp", list + "\nx", nil, 400, "after top-level value"},
			{"no object", http.MethodPost, "/mcp", `"x"`, nil, 400, "the body must be a JSON object"},
			{"null", http.MethodPost, "/mcp", "null", nil, 400, "the body must be a JSON object"},
			{"no UTF-8", http.MethodPost, "/mcp", strings.Replace(call, "ts2-01", "\xff", 1), nil, 400, "the body is not UTF-8"},
			{"parameter twice", http.MethodPost, "/mcp", strings.Replace(call, `"id":"ts2-01",`, `"id":"ts2-01","themes":["e-file"],"id":"ts2-02",`, 1), nil, 400, `"detail":"id: must be given only once","parameter":"id"`},
			{"names in several objects", http.MethodPost, "/mcp", `{"params":{"_meta":{"a":[{"b":{}},{"b":"a"},"b","b"],"id":1},"name":"search"},` + list[1:], nil, 200, `"name":"list_unknown"`},
			{"fraction as id", http.MethodPost, "/mcp", strings.Replace(list, "1,", "1.5,", 1), nil, 400, `"detail":"id=\"1.5\": must be a text, or a whole number between -2^53 and 2^53","parameter":"id","value":"1.5"`},
			{"large id", http.MethodPost, "/mcp", strings.Replace(list, "1,", "9007199254740993,", 1), nil, 400, `id=\"9007199254740993\": must be`},
			{"huge id", http.MethodPost, "/mcp", strings.Replace(list, "1,", "1e400,", 1), nil, 400, `id=\"1e400\": must be`},
			{"largest id", http.MethodPost, "/mcp", strings.Replace(list, "1,", "-9007199254740991,", 1), nil, 200, `"id":-9007199254740991,`},
			{"text as id", http.MethodPost, "/mcp", strings.Replace(list, "1,", `"1.5",`, 1), nil, 200, `"id":"1.5",`},
			{"long method", http.MethodPost, "/mcp", strings.Replace(list, "tools/list", strings.Repeat("x", 1000), 1), nil, 400, `xxx…","requestId"`},
			{"empty", http.MethodPost, "/mcp", "", nil, 400, "non-empty body"},
			{"parameter", http.MethodPost, "/mcp?q=akte", list, nil, 400, "/mcp has no parameters; tools have arguments"},
			{"content type", http.MethodPost, "/mcp", list, []string{"Content-Type", "text/plain"}, 415, "Content-Type must be"},
			{"accept", http.MethodPost, "/mcp", list, []string{"Accept", "application/json"}, 400, "Accept must contain"},
			{"GET", http.MethodGet, "/mcp", "", []string{"Accept", "text/event-stream"}, 405, "the method must be one of OPTIONS, POST"},
			{"DELETE", http.MethodDelete, "/mcp", "", nil, 405, "the method must be one of OPTIONS, POST"},
			{"elsewhere", http.MethodPost, "/v1/goals", list, nil, 405, "the method must be one of GET, HEAD, OPTIONS"},
		} {
			request, err := http.NewRequest(tt.method, s.URL+tt.address, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Accept", "application/json, text/event-stream")
			for i := 0; i < len(tt.headers); i += 2 {
				request.Header.Set(tt.headers[i], tt.headers[i+1])
			}
			response, err := s.Client().Do(request)
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil || response.StatusCode != tt.status || !strings.Contains(string(body), tt.want) {
				t.Errorf("%s: %v, %s\n%s\nwant %d with %s", tt.name, err, response.Status, body, tt.status, tt.want)
			}
			h := response.Header
			if allowed := tt.status == 405; (h.Get("Allow") != "") != allowed || h.Get("Cache-Control") != "no-store" || h.Get("X-Request-Id") == "" {
				t.Errorf("%s: headers %v", tt.name, h)
			}
			if tt.status >= 400 && tt.status != 404 && h.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: an error of the type %s", tt.name, h.Get("Content-Type"))
			}
			if tt.status == 200 && response.Close {
				t.Errorf("%s: the connection is closed", tt.name)
			}
		}
	})
}

// TestMCPRate applies the limit of the rate to calls.
func TestMCPRate(t *testing.T) {
	t.Parallel()
	store := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, store)
	s := serveWith(t, store, since, map[string]string{"http.rate_limit": "1", "http.rate_burst": "2"})
	var got []int
	for range 3 {
		request, _ := http.NewRequest(http.MethodPost, s.URL+"/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Accept", "application/json, text/event-stream")
		response, err := s.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		got = append(got, response.StatusCode)
	}
	if got[0] != 200 || got[1] != 200 || got[2] != 429 {
		t.Errorf("statuses %v", got)
	}
}
