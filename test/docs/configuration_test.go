// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/cli"
	"github.com/zielstand/zielstand/internal/config"
	"github.com/zielstand/zielstand/internal/dataset"
)

// settings is the table of all settings; -update regenerates it.
var settings = regexp.MustCompile(`(?m)^\| key \| environment \|.*\n(?:\|.*\n)*`)

// TestConfiguration compares docs/configuration.md with config.Keys.
func TestConfiguration(t *testing.T) {
	t.Parallel()
	p := read(t, "docs/configuration.md")
	want := settingsTable()
	if *update {
		p.text = settings.ReplaceAllLiteralString(p.text, want)
		if err := os.WriteFile(filepath.Join(root, p.path), []byte(p.text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, settings.FindString(p.text)); diff != "" {
		t.Errorf("the table of %s differs from config.Keys; -update regenerates it (-want +got)\n%s", p.path, diff)
	}
	for _, word := range append([]string{config.FileEnv, "--config"}, dataset.LicenseCodes()...) {
		if !strings.Contains(p.text, "`"+word+"`") {
			t.Errorf("%s does not name %s", p.path, word)
		}
	}
}

func settingsTable() string {
	var b strings.Builder
	b.WriteString("| key | environment | flag | default | meaning |\n| --- | --- | --- | --- | --- |\n")
	for _, k := range config.Keys {
		value := "–"
		if k.Default != "" {
			value = "`" + k.Default + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | `--%s` | %s | %s |\n", k.Name, k.Env(), k.Flag(), value, k.Usage)
	}
	return b.String()
}

var fileBlock = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")

// TestConfigurationFiles loads every configuration file that a page shows.
func TestConfigurationFiles(t *testing.T) {
	t.Parallel()
	count := 0
	for _, p := range pages(t) {
		for _, block := range fileBlock.FindAllStringSubmatch(p.text, -1) {
			path := filepath.Join(t.TempDir(), "zielstand.yaml")
			if err := os.WriteFile(path, []byte(block[1]), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := cli.LoadSettings(nil, map[string]string{"config": path}); err != nil {
				t.Errorf("%s: %v\n%s", p.path, err, block[1])
			}
			count++
		}
	}
	if count == 0 {
		t.Error("no page shows a configuration file")
	}
}
