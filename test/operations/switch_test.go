// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
)

// goalRows is the number of goals in every edition.
const goalRows = 6

// TestSwitchUnderReaders imports, switches and deletes releases while clients read.
// Every response is from one release as a whole.
func TestSwitchUnderReaders(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, marked(t, "2024.01.0"))
		running := serve(t, s)
		crowd := startReaders(t, running)

		publish(t, s, marked(t, "2024.02.0"))
		running.serves(t, "2024.02.0")
		succeed(t, s, "release", "use", "2024.01.0")
		running.serves(t, "2024.01.0")
		publish(t, s, marked(t, "2024.03.0"))
		contains(t, succeed(t, s, "release", "prune", "--keep", "1"), "Deleted release 2024.01.0")
		running.serves(t, "2024.03.0")
		listed(t, running, "*2024.03.0")

		crowd.stop()
		if crowd.whole.Load() < 100 {
			t.Errorf("the readers got %d answers only", crowd.whole.Load())
		}
		t.Logf("%d whole answers, %d times 503, %d of releases deleted", crowd.whole.Load(), crowd.unavailable.Load(), crowd.deleted.Load())
		whole(t, url)
	})
}

// TestNumberIsNotGivenAgain switches to the older of two releases, deletes the other and
// imports a third. A server that has not checked in between must not confuse their rows.
func TestNumberIsNotGivenAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, marked(t, "2024.01.0"), marked(t, "2024.02.0"))
		running := serve(t, s)
		succeed(t, s, "release", "use", "2024.01.0")
		succeed(t, s, "release", "prune", "--keep", "1")
		publish(t, s, marked(t, "2024.03.0"))
		// every limit is another answer to compute; pauses make the 10,000 allowed suffice
		for limit := 100; ; limit++ {
			time.Sleep(time.Millisecond)
			a := running.get(t, fmt.Sprintf("/v1/goals?limit=%d", limit), http.StatusOK)
			release, err := wholeJSON(a, "")
			if err != nil {
				t.Fatal(err)
			}
			if release == "2024.03.0" {
				break
			}
		}
	})
}

// readers ask all the time.
type readers struct {
	stop                        func()
	whole, unavailable, deleted atomic.Int64
}

// question is an address, with a place for a number that makes each request a
// new one, and the release that it names.
type question struct {
	path, release string
	check         func(a answer, release string) (string, error)
}

var questions = []question{
	{"/v1/goals?limit=%d", "", wholeJSON},
	{"/v1/goals.csv?limit=%d", "", wholeCSV},
	{"/v1/goals?release=2024.01.0&limit=%d", "2024.01.0", wholeJSON},
	{"/v1/goals.csv?release=2024.02.0&limit=%d", "2024.02.0", wholeCSV},
	{"/v1/releases/2024.01.0/goals.json", "2024.01.0", wholeJSON},
	{"/v1/releases/latest/goals.csv", "", wholeCSV},
}

func startReaders(t testing.TB, running *service) *readers {
	t.Helper()
	return startReadersOf(t, running, questions)
}

func startReadersOf(t testing.TB, running *service, asked []question) *readers {
	t.Helper()
	r := &readers{}
	var group sync.WaitGroup
	var ended atomic.Bool
	r.stop = sync.OnceFunc(func() {
		ended.Store(true)
		group.Wait()
	})
	t.Cleanup(r.stop)
	for _, q := range asked {
		group.Go(func() {
			for n := goalRows; !ended.Load(); n = n%10000 + 1 {
				path := q.path
				if strings.Contains(path, "%d") {
					path = fmt.Sprintf(path, max(n, goalRows))
				}
				if err := r.ask(running, q, path); err != nil {
					t.Errorf("%s: %v", path, err)
					return
				}
			}
		})
	}
	return r
}

func (r *readers) ask(running *service, q question, path string) error {
	a, err := running.ask(path)
	switch {
	case err != nil:
		return err
	case a.status == http.StatusServiceUnavailable:
		r.unavailable.Add(1)
		return unavailable(a)
	case q.release != "" && slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusGone}, a.status):
		r.deleted.Add(1)
		return nil
	case a.status != http.StatusOK:
		return fmt.Errorf("status %d: %s", a.status, a.body)
	}
	release, err := q.check(a, q.release)
	if err == nil && q.release != "" && release != q.release {
		err = fmt.Errorf("the answer is of release %s", release)
	}
	r.whole.Add(1)
	return err
}

// wholeJSON checks that all rows are there and of the release that meta names.
func wholeJSON(a answer, _ string) (string, error) {
	var document collection[struct{ TitleEN string }]
	if err := json.Unmarshal([]byte(a.body), &document); err != nil {
		return "", err
	}
	var titles []string
	for _, row := range document.Data {
		titles = append(titles, row.TitleEN)
	}
	if document.Meta.Total != goalRows {
		return "", fmt.Errorf("total is %d: %s", document.Meta.Total, a.body)
	}
	return document.Meta.Release, ofRelease(titles, document.Meta.Release)
}

var releaseInName = regexp.MustCompile(`zielstand-goals-([0-9.]+)\.csv`)

// wholeCSV does the same with the release in the name of the file.
func wholeCSV(a answer, _ string) (string, error) {
	found := releaseInName.FindStringSubmatch(a.header.Get("Content-Disposition"))
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || found == nil || len(rows) == 0 {
		return "", fmt.Errorf("no CSV: %v %s", a.header, a.body)
	}
	var titles []string
	for _, row := range rows[1:] {
		for i, name := range rows[0] {
			if name == "titleEn" {
				titles = append(titles, row[i])
			}
		}
	}
	return found[1], ofRelease(titles, found[1])
}

func ofRelease(titles []string, release string) error {
	if len(titles) != goalRows {
		return fmt.Errorf("%d rows of release %s, want %d", len(titles), release, goalRows)
	}
	for _, title := range titles {
		if !strings.HasSuffix(title, " in "+release) {
			return fmt.Errorf("a row of another release than %s: %s", release, title)
		}
	}
	return nil
}
