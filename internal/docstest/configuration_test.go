package docstest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/config"
)

// TestConfiguration compares the table of settings with the program's, both
// ways.
func TestConfiguration(t *testing.T) {
	t.Parallel()
	type setting struct{ Key, Env, Flag, Default string }
	p := read(t, "docs/configuration.md")
	var want, got []setting
	for _, k := range config.Keys {
		want = append(want, setting{k.Name, k.Env(), "--" + k.Flag(), k.Default})
	}
	for _, r := range p.rows() {
		if len(r) != 5 {
			continue
		}
		got = append(got, setting{r.code(0), r.code(1), r.code(2), r.code(3)})
		if r[4] == "" {
			t.Errorf("%s has no meaning", r[0])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs from config.Keys (-want +got)\n%s", p.path, diff)
	}
	for _, word := range append([]string{config.FileEnv, "--config"}, config.Licenses...) {
		if !strings.Contains(p.text, "`"+word+"`") {
			t.Errorf("%s does not name %s", p.path, word)
		}
	}
}
