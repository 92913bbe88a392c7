// SPDX-License-Identifier: EUPL-1.2

package cli_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/cli"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestConvertOpenPVOG writes a data package to the last argument.
func TestConvertOpenPVOG(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	dir := t.TempDir()
	export, out := filepath.Join(dir, "export.csv"), filepath.Join(dir, "package")
	content := "leika_key,leika_bezeichnung,ars,url,online_status,aktiv\n99041006017000,Erfundene Leistung,053150000000,https://dienste.example/antrag,ok,ja\n"
	if err := os.WriteFile(export, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	dates := []string{"--as-of", "2026-11-27", "--retrieved", "2026-11-28"}
	convert := append([]string{"convert", "open-pvog"}, dates...)
	status, stdout, stderr := run(t, append(convert, export, out)...)
	if status != 0 || !strings.Contains(stdout, " to "+out+"; check and publish it with “zielstand import”\n") {
		t.Errorf("status %d: %s%s", status, stdout, stderr)
	}
	written, err := os.ReadFile(filepath.Join(out, "service-availability.csv"))
	if err != nil || strings.Count(string(written), "\n") != 2 || !strings.Contains(string(written), "https://dienste.example/antrag") {
		t.Errorf("%v\n%s", err, written)
	}
	status, stdout, stderr = run(t, "check", out)
	if status != 0 {
		t.Errorf("the package is not in order: status %d: %s%s", status, stdout, stderr)
	}
	unusable, empty := filepath.Join(dir, "unusable.csv"), t.TempDir()
	if err := os.WriteFile(unusable, []byte(strings.Replace(content, "053150000000", "999", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{empty, filepath.Join(dir, "failed")} {
		status, _, stderr = run(t, append(convert, unusable, out)...)
		if left, _ := filepath.Glob(filepath.Join(out, "*")); status != 1 || !strings.Contains(stderr, "no row of the exports could be used") || len(left) > 0 {
			t.Errorf("status %d: %s; files %v", status, stderr, left)
		}
		if status, _, stderr = run(t, append(convert, export, out)...); status != 0 {
			t.Errorf("after a failure: status %d: %s", status, stderr)
		}
	}
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	var errs strings.Builder
	status = cli.Run(interrupted, append(convert, export, filepath.Join(dir, "interrupted")), nil, io.Discard, &errs)
	if _, err := os.Stat(filepath.Join(dir, "interrupted")); status != 1 || errs.String() != "zielstand: context canceled\n" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("interrupted: status %d, errors %s, folder %v", status, errs.String(), err)
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, "DIR|FILE… is missing; usage: zielstand convert open-pvog DIR|FILE… OUT [flags]"},
		{[]string{export}, "OUT is missing; usage: zielstand convert open-pvog DIR|FILE… OUT [flags]"},
		{[]string{export, export}, export + " is a file; the folder to write, which is the last argument, must be empty or not exist"},
		{[]string{export, out}, out + " has files; the folder to write, which is the last argument, must be empty or not exist"},
		{[]string{out, filepath.Join(dir, "other"), "--out", out}, "unknown flag: --out"},
	} {
		status, _, stderr := run(t, append(convert, tt.args...)...)
		if status != 1 || !strings.Contains(stderr, tt.want) {
			t.Errorf("%v: status %d, errors %s\nwant %s", tt.args, status, stderr, tt.want)
		}
	}
}
