// SPDX-License-Identifier: EUPL-1.2

package chaos

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/zielstand/zielstand/internal/cli/clitest"
	"github.com/zielstand/zielstand/internal/synthetic"
	"github.com/zielstand/zielstand/internal/testenv"
)

// question is an address. It names a release or asks about the latest.
type question struct{ path, release string }

const (
	wholeFile = "/v1/observations.csv"
	stream    = "/v1/observations?kind=actual,target"
	// catalogue also changes when another release is deleted or withdrawn, so that it is
	// compared with its entity tag, which is the start of its checksum. Pages of datasets,
	// which have the same dates, are not requested.
	catalogue = "/v1/catalog/dcat.ttl"
)

// questions are the addresses that are requested while there are some releases: filters,
// pages, plots, the catalogue, files, a stream, and the same about named releases.
func questions(releases int) []question {
	paths := []string{
		"/", "/goals", "/en/goals", "/indicators", "/goals/syn-01", "/sources", "/en/indicators/syn-leistung-001",
		"/v1/goals", "/v1/goals.csv", "/v1/goals.xlsx", "/v1/goals/syn-01", "/v1/goals?q=Ziel&sort=-due", "/v1/goals?fields=id,titleEn",
		"/v1/indicators", "/v1/indicators.csv", "/v1/indicators.ndjson?limit=100", "/v1/areas.csv", "/v1/sources", "/v1/codelists",
		"/v1/observations.csv?limit=500", wholeFile, "/v1/observations.xlsx", "/v1/releases/latest/goals.csv", stream,
		catalogue, "/v1/openapi.json", "/healthz",
	}
	for n := 1; n <= 40; n++ {
		paths = append(paths,
			fmt.Sprintf("/v1/goals?limit=%d", n), fmt.Sprintf("/v1/observations?indicator=%s", synthetic.IndicatorID(n)),
			fmt.Sprintf("/v1/observations.csv?area=%s&limit=50", synthetic.AreaID(n)))
	}
	var out []question
	for _, path := range paths {
		out = append(out, question{path: path})
	}
	for n := 1; n <= releases; n++ {
		id := version(n)
		for _, path := range []string{
			"/v1/goals.csv?release=" + id, "/v1/observations?limit=20&release=" + id, "/v1/releases/" + id + "/goals.csv",
			"/v1/releases/" + id + "/observations.csv",
		} {
			out = append(out, question{path, id})
		}
	}
	return out
}

// answers are what each address may return: by the checksum of the body, the releases
// that it belongs to.
type answers struct {
	questions []question
	sums      map[string]map[[sha256.Size]byte][]string
	bodies    map[string][]byte // of the files of releases, for ranges
}

// record publishes the releases one after the other in another database, SQLite, and
// requests everything from a server that is left undisturbed.
func record(t testing.TB, folders []string) *answers {
	t.Helper()
	a := &answers{questions: questions(len(folders) - 1), sums: map[string]map[[sha256.Size]byte][]string{}, bodies: map[string][]byte{}}
	folder := t.TempDir()
	database := "sqlite:" + filepath.Join(folder, "reference.db")
	for n := 1; n < len(folders); n++ {
		succeed(t, database, "import", folders[n])
		server, err := clitest.Start([]string{
			"ZIELSTAND_DATABASE_URL=" + database, "ZIELSTAND_HTTP_ADDRESS=127.0.0.1:0", "ZIELSTAND_HTTP_PUBLIC_URL=" + publicURL,
			"ZIELSTAND_CACHE_PATH=" + filepath.Join(folder, "cache"), "ZIELSTAND_LOG_LEVEL=error",
		}, "serve")
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range a.questions {
			if q.release != "" && n < len(folders)-1 {
				continue // once, when all are there
			}
			response, body := testenv.Get(t, server.URL+q.path)
			if response.StatusCode != http.StatusOK {
				t.Fatalf("%s of release %d: %s\n%s", q.path, n, response.Status, body)
			}
			release := version(n)
			if q.release != "" {
				release = q.release
				a.bodies[q.path] = body
			}
			if a.sums[q.path] == nil {
				a.sums[q.path] = map[[sha256.Size]byte][]string{}
			}
			sum := sha256.Sum256(body)
			a.sums[q.path][sum] = append(a.sums[q.path][sum], release)
		}
		if status := server.Stop(); status != 0 {
			t.Fatalf("the recorded server ended with status %d\n%s", status, server.Stderr)
		}
	}
	return a
}

// check compares a body with those recorded for the address. The release must be one of
// the possible ones, unless the address names it.
func (a *answers) check(q question, body []byte, possible []string) error {
	known := a.sums[q.path][sha256.Sum256(body)]
	switch {
	case q.path == catalogue:
		return nil
	case known == nil:
		return fmt.Errorf("%s: %d bytes that no release has: %.200q", q.path, len(body), body)
	case q.release != "" && !slices.Contains(known, q.release):
		return fmt.Errorf("%s: the answer is of release %s", q.path, known)
	case q.release == "" && !slices.ContainsFunc(known, func(id string) bool { return slices.Contains(possible, id) }):
		return fmt.Errorf("%s: the answer is of release %s, but only %s could be served", q.path, known, possible)
	}
	return nil
}

// tags checks that an entity tag always stands for the same bytes.
type tags struct{ sums sync.Map }

// check takes the body as it was sent, in its content coding.
func (s *tags) check(path, tag string, body []byte) error {
	sum := sha256.Sum256(body)
	if path == catalogue && !strings.HasPrefix(tag, `"`+base64.RawURLEncoding.EncodeToString(sum[:12])) {
		return fmt.Errorf("%s: the entity tag %s is not that of the content", path, tag)
	}
	if known, _ := s.sums.LoadOrStore(path+tag, sum); known != sum {
		return fmt.Errorf("%s: the entity tag %s stands for two contents", path, tag)
	}
	return nil
}

// decoded returns the body without its content coding.
func decoded(coding string, body []byte) ([]byte, error) {
	switch coding {
	case "":
		return body, nil
	case "gzip":
		r, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	case "zstd":
		r, err := zstd.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(r)
	}
	return nil, fmt.Errorf("unknown content coding %q", coding)
}

// history is which releases may be the latest, at any time.
type history struct {
	mutex   sync.Mutex
	changes []change
	absent  map[string]bool
}

type change struct {
	at       time.Time
	possible []string
}

// set records which releases may be the latest from now on.
func (h *history) set(ids ...string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.changes = append(h.changes, change{time.Now(), ids})
}

// current returns the releases that may be the latest now.
func (h *history) current() []string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.changes[len(h.changes)-1].possible
}

// since returns the releases that may have been the latest at any time since start.
func (h *history) since(start time.Time) []string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	var out []string
	for i := len(h.changes) - 1; i >= 0; i-- {
		out = append(out, h.changes[i].possible...)
		if h.changes[i].at.Before(start) {
			break
		}
	}
	return out
}

// setAbsent records whether releases may be unknown: because they were not published yet,
// or deleted.
func (h *history) setAbsent(absent bool, numbers ...int) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.absent == nil {
		h.absent = map[string]bool{}
	}
	for _, n := range numbers {
		h.absent[version(n)] = absent
	}
}

func (h *history) isAbsent(id string) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.absent[id]
}
