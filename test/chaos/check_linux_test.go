// SPDX-License-Identifier: EUPL-1.2

package chaos

import (
	"crypto/sha256"
	"strings"
	"testing"
	"time"
)

// TestCheck checks that wrong answers are noticed.
func TestCheck(t *testing.T) {
	t.Parallel()
	latest, named := question{path: "/v1/goals"}, question{"/v1/goals?release=2", "2"}
	recorded := &answers{sums: map[string]map[[sha256.Size]byte][]string{
		latest.path: {sha256.Sum256([]byte("one")): {"1"}, sha256.Sum256([]byte("two")): {"2"}},
		named.path:  {sha256.Sum256([]byte("two")): {"2"}, sha256.Sum256([]byte("one")): {"1"}},
	}}
	for _, tt := range []struct {
		name, body string
		question   question
		possible   []string
		want       string
	}{
		{"right", "two", latest, []string{"1", "2"}, ""},
		{"cut off", "tw", latest, []string{"1", "2"}, "2 bytes that no release has"},
		{"of an old release", "one", latest, []string{"2"}, "only [2] could be served"},
		{"of the release named", "two", named, []string{"3"}, ""},
		{"of another release than named", "one", named, []string{"1"}, "is of release [1]"},
	} {
		err := recorded.check(tt.question, []byte(tt.body), tt.possible)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
	var s tags
	if err := s.check("/", `"a"`, []byte("one")); err != nil {
		t.Error(err)
	}
	if err := s.check("/", `"a"`, []byte("two")); err == nil {
		t.Error("an entity tag of two contents is not noticed")
	}
	if err := s.check(catalogue, `"a"`, []byte("one")); err == nil {
		t.Error("an entity tag that is not the checksum is not noticed")
	}
	var h history
	h.set("1")
	start := time.Now()
	h.set("1", "2")
	h.set("2")
	if got := strings.Join(h.since(start), ""); got != "2121" {
		t.Errorf("since the start: %s", got)
	}
	if got := strings.Join(h.since(time.Now()), ""); got != "2" {
		t.Errorf("now: %s", got)
	}
}
