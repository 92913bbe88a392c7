// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/testenv"
)

// answer is an answer of the server.
type answer struct {
	status int
	header http.Header
	body   string
}

var client = &http.Client{
	Timeout:   testenv.Patience,
	Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Second},
}

// ask sends a GET.
func (s *service) ask(path string) (answer, error) {
	response, err := client.Get(s.url + path)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(body)}, err
}

// get sends a GET whose answer must have the status.
func (s *service) get(t testing.TB, path string, status int) answer {
	t.Helper()
	a, err := s.ask(path)
	if err != nil {
		t.Fatalf("%s: %v\n%s", path, err, s.output)
	}
	if a.status != status {
		t.Fatalf("%s: status %d, want %d\n%.500s\n%s", path, a.status, status, a.body, s.output)
	}
	return a
}

// read decodes the JSON at a path.
func (s *service) read(t testing.TB, path string, into any) {
	t.Helper()
	a := s.get(t, path, http.StatusOK)
	if err := json.Unmarshal([]byte(a.body), into); err != nil {
		t.Fatalf("%s: %v\n%.500s", path, err, a.body)
	}
}

// latest is the release that the server serves where none is named.
func (s *service) latest() (string, error) {
	a, err := s.ask("/v1")
	if err != nil {
		return "", err
	}
	var index struct{ Release string }
	if err := json.Unmarshal([]byte(a.body), &index); err != nil || a.status != http.StatusOK {
		return "", fmt.Errorf("/v1: status %d: %.200s", a.status, a.body)
	}
	return index.Release, nil
}

// serves waits until the server serves the release where none is named.
func (s *service) serves(t testing.TB, release string) {
	t.Helper()
	testenv.Eventually(t, "the server serves release "+release, func() error {
		latest, err := s.latest()
		if err != nil {
			return err
		}
		return unless(latest == release, "it serves %s", latest)
	})
}

// away asks what needs the database while that cannot be read: the answer is a 503.
func away(t testing.TB, running *service, path string) answer {
	t.Helper()
	a := running.get(t, path, http.StatusServiceUnavailable)
	if err := unavailable(a); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	return a
}

// unavailable checks a 503: problem+json, and when to come back.
func unavailable(a answer) error {
	var problem struct {
		Status int
		Detail string
	}
	if a.status != http.StatusServiceUnavailable {
		return fmt.Errorf("status %d, want 503: %.300s", a.status, a.body)
	}
	if a.header.Get("Content-Type") != "application/problem+json" || a.header.Get("Retry-After") == "" || a.header.Get("Cache-Control") != "no-store" {
		return fmt.Errorf("the fields of a 503 are wrong: %v", a.header)
	}
	if err := json.Unmarshal([]byte(a.body), &problem); err != nil || problem.Status != a.status || problem.Detail == "" {
		return fmt.Errorf("the body of a 503 is wrong: %s", a.body)
	}
	return nil
}
