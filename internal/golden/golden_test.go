// SPDX-License-Identifier: EUPL-1.2

package golden

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// recorder is a test whose failures are recorded instead of reported.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper()        {}
func (r *recorder) Cleanup(func()) {}
func (r *recorder) Failed() bool   { return len(r.failures) > 0 }
func (r *recorder) Errorf(f string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(f, args...))
}
func (r *recorder) Fatal(args ...any)            { r.Fatalf("%s", fmt.Sprint(args...)) }
func (r *recorder) Fatalf(f string, args ...any) { r.Errorf(f, args...); runtime.Goexit() }
func (r *recorder) run(f func()) (failed string) {
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	<-done
	return strings.Join(r.failures, "\n")
}

// answers are texts that txtar alone would not preserve.
var answers = map[string][]byte{
	"text":       []byte("a\nb\n"),
	"no newline": []byte(`{"a":1}`),
	"empty":      {},
	"crlf":       []byte("a;b\r\n1;2\r\n"),
	"spaces":     []byte(" \n\n"),
	"binary":     {'P', 'K', 0, 0xff, '\n'},
}

func TestCompare(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "answers.txtar")
	check := func(update, partial bool, got map[string][]byte) string {
		r := &recorder{TB: t}
		return r.run(func() {
			a := Open(r, path, update)
			for name, answer := range got {
				a.Compare(r, name, answer)
				a.Compare(r, name, answer)
			}
			a.close(r, partial)
		})
	}
	with := func(name string, answer []byte) map[string][]byte { return map[string][]byte{name: answer} }

	if failed := check(false, false, answers); !strings.Contains(failed, "-update writes it") {
		t.Errorf("a missing file: %q", failed)
	}
	if failed := check(true, false, answers) + check(false, false, answers); failed != "" {
		t.Fatalf("recorded answers differ: %s", failed)
	}
	for name, answer := range map[string][]byte{
		"text": []byte("a\nb"), "no newline": []byte("{\"a\":1}\n"), "empty": []byte("\n"),
		"crlf": []byte("a;b\n1;2\n"), "spaces": []byte("\n\n"), "binary": {'P', 'K', 0, 0xfe, '\n'},
	} {
		if failed := check(false, true, with(name, answer)); !strings.Contains(failed, "-want +got") {
			t.Errorf("%s changed unnoticed: %q", name, failed)
		}
	}
	if failed := check(false, true, with("other", nil)); !strings.Contains(failed, "has no entry other") {
		t.Errorf("an unknown name: %q", failed)
	}
	if failed := check(false, true, with("marker", []byte("-- a --\n"))); !strings.Contains(failed, "file marker") {
		t.Errorf("a file marker in an answer: %q", failed)
	}

	text := with("text", answers["text"])
	if failed := check(false, false, text); strings.Count(failed, "nothing produces") != len(answers)-1 {
		t.Errorf("unused entries: %q", failed)
	}
	if failed := check(false, true, text) + check(true, true, text) + check(false, false, answers); failed != "" {
		t.Errorf("a selection of subtests: %s", failed)
	}
	if failed := check(true, false, text) + check(false, false, text); failed != "" {
		t.Errorf("-update keeps unused entries: %s", failed)
	}
}

func TestCompareTwoAnswers(t *testing.T) {
	t.Parallel()
	r := &recorder{TB: t}
	path := filepath.Join(t.TempDir(), "answers.txtar")
	failed := r.run(func() {
		a := Open(r, path, true)
		a.Compare(r, "one", []byte("SQLite\n"))
		a.Compare(r, "one", []byte("PostgreSQL\n"))
	})
	if !strings.Contains(failed, "-want +got") {
		t.Errorf("two answers of one name were recorded: %q", failed)
	}
}
