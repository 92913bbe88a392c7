// SPDX-License-Identifier: EUPL-1.2

package build

import (
	"bytes"
	"runtime/debug"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	t.Parallel()
	const commit = "0123456789abcdef0123456789abcdef01234567"
	vcs := []debug.BuildSetting{{Key: "vcs.revision", Value: commit}, {Key: "vcs.time", Value: "2026-11-29T10:00:00Z"}, {Key: "vcs.modified", Value: "true"}}
	for _, c := range []struct {
		name, main, stamped, archive string
		settings                     []debug.BuildSetting
		version, revision            string
	}{
		{name: "go run", main: "(devel)", archive: "$Format:a$\n$Format:b$\n$Format:c$\n", version: "devel"},
		{name: "go install", main: "v1.2.3", version: "v1.2.3"},
		{name: "clone", main: "v1.2.3+dirty", settings: vcs, version: "v1.2.3+dirty", revision: commit},
		{name: "clone, old Go", main: "(devel)", settings: vcs, version: "devel-0123456789ab", revision: commit},
		{name: "stamped", main: "(devel)", stamped: "v1.2.4", version: "v1.2.4"},
		{name: "archive of a tag", main: "(devel)", archive: "v1.2.3\n" + commit + "\n2026-11-29T10:00:00Z\n", version: "v1.2.3", revision: commit},
		{name: "archive after a tag", main: "(devel)", archive: "v1.2.3-4-g0123456\n" + commit + "\n2026-11-29T10:00:00Z\n", version: "v1.2.3-4-g0123456", revision: commit},
		{name: "archive without tags", main: "(devel)", archive: "\n" + commit + "\n2026-11-29T10:00:00Z\n", version: "devel-0123456789ab", revision: commit},
		{name: "archive of an old Git", main: "(devel)", archive: "%(describe:tags)\n" + commit + "\n2026-11-29T10:00:00Z\n", version: "devel-0123456789ab", revision: commit},
		{name: "archive in another repository", main: "v0.9.0", settings: vcs, archive: "v1.2.3\nfedcba\n2020-01-01T00:00:00Z\n", version: "v0.9.0", revision: commit},
	} {
		got := read(&debug.BuildInfo{Main: debug.Module{Version: c.main}, Settings: c.settings}, c.stamped, c.archive)
		if got.Version != c.version || got.Revision != c.revision || (got.Time != "") != (c.revision != "") || got.Modified != (c.settings != nil) {
			t.Errorf("%s: %+v, want version %s, commit %q", c.name, got, c.version, c.revision)
		}
	}
}

func TestLicenses(t *testing.T) {
	t.Parallel()
	all := Licenses()
	if len(all) < 50 || all["std"] != "BSD-3-Clause" {
		t.Errorf("%d licences, of the standard library: %q", len(all), all["std"])
	}
	for name := range all {
		if !strings.Contains(Notices(), "\n"+strings.TrimSuffix(name, " ")) {
			t.Errorf("no text for %s", name)
		}
	}
}

// TestWriteBOM checks that the bytes are the same each time. test/supply validates the
// bill of the whole program.
func TestWriteBOM(t *testing.T) {
	t.Parallel()
	var first, second bytes.Buffer
	if err := WriteBOM(&first); err != nil {
		t.Fatal(err)
	}
	if err := WriteBOM(&second); err != nil {
		t.Fatal(err)
	}
	if first.Len() == 0 || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("two bills differ:\n%s\n%s", first.String(), second.String())
	}
}
