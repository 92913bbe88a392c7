// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/cli"

	"github.com/zielstand/zielstand/internal/testenv"
)

// publicURL is the address that links are made of.
const publicURL = "https://zielstand.example"

// settings are environment variables of the program, without ZIELSTAND_.
type settings map[string]string

func (s settings) environ() []string {
	var out []string
	if s["CACHE_PATH"] == "" && !strings.HasPrefix(s["DATABASE_URL"], "sqlite:") {
		out = append(out, "ZIELSTAND_CACHE_PATH="+filepath.Join(scratch, "cache")) // not in the folder of the sources
	}
	for name, value := range s {
		out = append(out, "ZIELSTAND_"+name+"="+value)
	}
	return out
}

// database are the settings that name a database and nothing else.
func database(url string) settings { return settings{"DATABASE_URL": url} }

// with returns the settings with others over them.
func (s settings) with(more settings) settings {
	out := settings{}
	for _, from := range []settings{s, more} {
		for name, value := range from {
			out[name] = value
		}
	}
	return out
}

// outcome is what a command left behind.
type outcome struct {
	status         int
	stdout, stderr string
}

// run runs a command within this process.
func run(s settings, arguments ...string) outcome {
	var stdout, stderr bytes.Buffer
	status := cli.Run(context.Background(), arguments, s.environ(), &stdout, &stderr)
	return outcome{status, stdout.String(), stderr.String()}
}

// succeed runs a command that must succeed and returns what it printed.
func succeed(t testing.TB, s settings, arguments ...string) string {
	t.Helper()
	o := run(s, arguments...)
	if o.status != 0 {
		t.Fatalf("zielstand %s: status %d\n%s%s", strings.Join(arguments, " "), o.status, o.stdout, o.stderr)
	}
	return o.stdout
}

// refuse runs a command that must fail with a message that contains the texts.
func refuse(t testing.TB, s settings, texts []string, arguments ...string) {
	t.Helper()
	o := run(s, arguments...)
	if o.status != 1 {
		t.Fatalf("zielstand %s: status %d, want 1\n%s%s", strings.Join(arguments, " "), o.status, o.stdout, o.stderr)
	}
	for _, text := range texts {
		if !strings.Contains(o.stderr, text) {
			t.Errorf("zielstand %s: the message does not say %q:\n%s", strings.Join(arguments, " "), text, o.stderr)
		}
	}
}

// service is a running server.
type service struct {
	url    string
	output *testenv.Buffer
	stop   func()
}

// serve runs the server within this process until the test ends.
func serve(t testing.TB, s settings) *service {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	output := &testenv.Buffer{}
	ended := make(chan error, 1)
	go func() {
		status := cli.Run(ctx, nil, serverSettings(s).environ(), output, output)
		ended <- statusError(status)
	}()
	return watch(t, output, ended, cancel)
}

// launch runs the server as a process of its own until the test ends; listening
// waits for it.
func launch(t testing.TB, s settings) (listening func() *service) {
	t.Helper()
	output := &testenv.Buffer{}
	command := exec.Command(testenv.Binary(t))
	command.Env = append(os.Environ(), serverSettings(s).environ()...)
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	return func() *service {
		t.Helper()
		return watch(t, output, ended, func() { _ = command.Process.Signal(os.Interrupt) })
	}
}

func serverSettings(s settings) settings {
	return settings{"HTTP_ADDRESS": "127.0.0.1:0", "HTTP_PUBLIC_URL": publicURL, "LOG_LEVEL": "warn"}.with(s)
}

func statusError(status int) error {
	if status == 0 {
		return nil
	}
	return fmt.Errorf("exit status %d", status)
}

var greeting = regexp.MustCompile(`Zielstand serves on (http://\S+)`)

// watch waits until the server listens and stops it when the test ends.
func watch(t testing.TB, output *testenv.Buffer, ended <-chan error, cancel func()) *service {
	t.Helper()
	stop := sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the server ended: %v\n%s", err, output)
			}
		case <-time.After(20 * time.Second):
			t.Errorf("the server does not end\n%s", output)
		}
	})
	deadline := time.After(testenv.Patience)
	for {
		if found := greeting.FindStringSubmatch(output.String()); found != nil {
			t.Cleanup(stop)
			return &service{url: found[1], output: output, stop: stop}
		}
		select {
		case err := <-ended:
			t.Fatalf("the server ended at start: %v\n%s", err, output)
		case <-deadline:
			cancel()
			t.Fatalf("the server does not start\n%s", output)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// scratch is a folder for what all tests share; the tests' other users may
// enter it.
var scratch string

func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

// atATime is how many tests run at once: most of the time they wait, and not
// for the processor.
const atATime = "8"

func testMain(m *testing.M) int {
	flag.Parse()
	if err := flag.Set("test.parallel", atATime); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var err error
	if scratch, err = os.MkdirTemp("", "zielstand-operations-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	defer testenv.RemoveBinary()
	if err := os.Chmod(scratch, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// unless returns an error with the text if the condition does not hold.
func unless(holds bool, format string, values ...any) error {
	if holds {
		return nil
	}
	return fmt.Errorf(format, values...)
}
