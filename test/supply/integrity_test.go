// SPDX-License-Identifier: EUPL-1.2

package supply

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/testenv"
)

// TestMain removes what testenv built.
func TestMain(m *testing.M) {
	status := m.Run()
	testenv.RemoveBinary()
	os.Exit(status)
}

const (
	integrityPage = "docs/integrity.md"
	// documented is the address of the service in the documentation.
	documented = "http://127.0.0.1:8080"
)

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

var serving = regexp.MustCompile(`Zielstand serves on (http://\S+)\n`)

// commandsOf returns the commands in a section of docs/integrity.md.
func commandsOf(t *testing.T, heading string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(integrityPage)))
	if err != nil {
		t.Fatal(err)
	}
	// The page names the release of the data package of its time.
	page := strings.ReplaceAll(string(text), "2026.11.1", current(t))
	_, section, _ := strings.Cut(page, "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var out []string
	for _, found := range shellBlock.FindAllStringSubmatch(section, -1) {
		out = append(out, found[1])
	}
	if len(out) == 0 {
		t.Fatalf("%s has no commands under %s", integrityPage, heading)
	}
	return out
}

// current returns the version of the data package in the repository.
func current(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "fixtures", "datapackage.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Version string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	return manifest.Version
}

// TestIntegrityGuide does what docs/integrity.md says, with the programs it names: an
// operator signs, a user checks, the key is replaced.
func TestIntegrityGuide(t *testing.T) {
	t.Parallel()
	for name, what := range map[string]string{"ssh-keygen": "ssh-keygen (Debian: openssh-client)", "sha256sum": "sha256sum", "curl": "curl"} {
		testenv.Program(t, what, name)
	}
	binary := testenv.Binary(t)
	release, operator, user := current(t), t.TempDir(), t.TempDir()
	environ := append(os.Environ(),
		"PATH="+filepath.Dir(binary)+string(os.PathListSeparator)+os.Getenv("PATH"),
		"ZIELSTAND_DATABASE_URL=sqlite:"+filepath.Join(operator, "zielstand.db"),
		"ZIELSTAND_HTTP_PUBLIC_URL="+documented,
		"ZIELSTAND_SIGNING_SIGNERS_FILE=signers")
	var address string
	try := func(folder, script string) (string, error) {
		c := exec.Command("sh", "-eu", "-c", strings.ReplaceAll(script, documented, address))
		c.Dir, c.Env = folder, append(environ, "ZIELSTAND_SIGNING_KEY_FILE=key")
		out, err := c.CombinedOutput()
		return string(out), err
	}
	do := func(folder, script string) string {
		t.Helper()
		out, err := try(folder, script)
		if err != nil {
			t.Fatalf("%s%v\n%s", script, err, out)
		}
		return out
	}
	serve := func() (stop func()) {
		t.Helper()
		var log testenv.Buffer
		c := exec.Command(binary, "--http-address", "127.0.0.1:0")
		c.Dir, c.Env, c.Stdout, c.Stderr = operator, environ, &log, &log
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		testenv.Eventually(t, "the start of the server", func() error {
			found := serving.FindStringSubmatch(log.String())
			if found == nil {
				return errors.New(log.String())
			}
			address = found[1]
			return nil
		})
		return func() {
			_ = c.Process.Signal(os.Interrupt)
			_ = c.Wait()
		}
	}

	sign := commandsOf(t, "Sign releases")
	do(operator, sign[0])
	stop := serve()
	if out := do(operator, sign[1]); out != "Signed release "+release+"\n" {
		t.Errorf("release sign printed %q", out)
	}
	check, signature := commandsOf(t, "Check a file"), commandsOf(t, "Check the signature")
	if out := do(user, check[0]); out != "goals.csv: OK\n" {
		t.Errorf("sha256sum printed %q", out)
	}
	if out := do(user, check[1]); out != "" {
		t.Errorf("sha256sum printed %q", out)
	}
	followed(t, address+"/v1/releases/"+release+"/SHA256SUMS.sig")
	if out := do(user, signature[0]); !strings.HasPrefix(out, `Good "zielstand-data" signature for daten@zielstand.example with ED25519 key`) {
		t.Errorf("ssh-keygen printed %q", out)
	}
	if out, own := do(user, signature[1]), do(operator, "ssh-keygen -l -f key.pub"); out != own || !strings.HasPrefix(out, "256 SHA256:") {
		t.Errorf("the fingerprint in signers is %q, that of the key %q", out, own)
	}

	// A byte that is not what was published is found.
	if out, err := try(user, "cp SHA256SUMS sums; echo >>goals.csv; sha256sum --check --quiet SHA256SUMS"); err == nil || !strings.Contains(out, "goals.csv: FAILED") {
		t.Errorf("a changed file: %v\n%s", err, out)
	}
	if out, err := try(user, "sed -i 's/goals/goats/' SHA256SUMS; "+lastLine(signature[0])); err == nil {
		t.Errorf("changed checksums: %s", out)
	}

	if out := do(operator, sign[2]); !strings.HasSuffix(out, "Signed release "+release+"\n") {
		t.Errorf("release sign --signature printed %q", out)
	}
	if out, err := try(operator, "echo >>SHA256SUMS; rm SHA256SUMS.sig; ssh-keygen -q -Y sign -f key -n zielstand-data SHA256SUMS; zielstand release sign latest --signature SHA256SUMS.sig"); err == nil ||
		!strings.Contains(out, "zielstand: release "+release+" is not signed: the signature does not match the checksums") {
		t.Errorf("a signature of other checksums: %v\n%s", err, out)
	}

	replace := commandsOf(t, "Replace the key")
	do(operator, replace[0])
	stop()
	stop = serve()
	do(user, "mv sums SHA256SUMS;"+signature[0])
	if out := do(operator, replace[1]); out != "Signed release "+release+"\n" {
		t.Errorf("with a new key: %q", out)
	}
	old := do(user, "cat SHA256SUMS.sig")
	testenv.Eventually(t, "a signature by the new key", func() error {
		if out := do(user, signature[0]); !strings.HasPrefix(out, "Good ") || do(user, "cat SHA256SUMS.sig") == old {
			return errors.New(out)
		}
		return nil
	})
	stop()
	do(operator, "sed -i 1d signers")
	stop = serve()
	defer stop()
	if out := do(user, signature[0]); !strings.HasPrefix(out, "Good ") {
		t.Errorf("with the new key only: %q", out)
	}
	do(operator, "zielstand release verify")
}

func lastLine(script string) string {
	script = strings.TrimRight(script, "\n")
	return script[strings.LastIndexByte(script, '\n')+1:]
}

// followed waits until a server has noticed a signature.
func followed(t *testing.T, address string) {
	t.Helper()
	client := &http.Client{Timeout: 10 * time.Second}
	testenv.Eventually(t, "the signature", func() error {
		response, err := client.Get(address)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK || !strings.HasPrefix(string(body), "-----BEGIN SSH SIGNATURE-----\n") {
			return fmt.Errorf("%s, %s, %w", response.Status, body, err)
		}
		return nil
	})
}
