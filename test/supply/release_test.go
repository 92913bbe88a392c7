// SPDX-License-Identifier: EUPL-1.2

package supply

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/zielstand/zielstand/internal/testenv"
)

const root = "../.."

// TestRelease runs the release script on a copy of the repository, and checks everything
// that it leaves behind as somebody who downloads it would.
func TestRelease(t *testing.T) {
	t.Parallel()
	repository := copyOf(t)
	key := filepath.Join(t.TempDir(), "key")
	command(t, "", testenv.Program(t, "ssh-keygen (Debian: openssh-client)", "ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key)

	script := func(version string, environ ...string) (string, error) {
		c := exec.Command(filepath.Join(repository, ".ci", "release.sh"), version)
		c.Env = append(append(os.Environ(), "ZIELSTAND_RELEASE_PLATFORMS="+runtime.GOOS+"/"+runtime.GOARCH), environ...)
		out, err := c.CombinedOutput()
		return string(out), err
	}
	for _, wrong := range []struct{ version, message string }{
		{"1.2", "1.2 is not a version"},
		{"v1.77.8", "CHANGELOG.md has no section for 1.77.8"},
		{"v1.77.60", "CHANGELOG.md has no section for 1.77.60"}, // its section is that of 1.77.601
		{"v1.7.60", "CHANGELOG.md has no section for 1.7.60"},
	} {
		if out, err := script(wrong.version); err == nil || !strings.Contains(out, wrong.message) {
			t.Errorf("%s: %v, %s, want %q", wrong.version, err, out, wrong.message)
		}
	}
	if out, err := script("v1.77.7", "ZIELSTAND_RELEASE_KEY="+key); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := script("v1.77.7"); err == nil || !strings.Contains(out, "the tag v1.77.7 already exists") {
		t.Errorf("again: %v, %s", err, out)
	}

	dist := filepath.Join(repository, "dist")
	program := filepath.Join(dist, "zielstand-v1.77.7-"+runtime.GOOS+"-"+runtime.GOARCH)
	if got := command(t, "", program, "--version"); !strings.HasPrefix(got, "zielstand v1.77.7, interface ") {
		t.Errorf("--version prints %q", got)
	}
	command(t, dist, "sha256sum", "--check", "--strict", "SHA256SUMS")

	public, err := os.ReadFile(key + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	signers := filepath.Join(t.TempDir(), "signers")
	if err := os.WriteFile(signers, append([]byte("release@zielstand.example "), public...), 0o600); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(dist, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	verify := func(text []byte) error {
		c := exec.Command("ssh-keygen", "-Y", "verify", "-f", signers, "-I", "release@zielstand.example", "-n", "zielstand-release", "-s", filepath.Join(dist, "SHA256SUMS.sig"))
		c.Stdin = bytes.NewReader(text)
		return c.Run()
	}
	if err := verify(sums); err != nil {
		t.Errorf("the signature of the checksums: %v", err)
	}
	if verify(append(sums, '\n')) == nil {
		t.Error("the signature of the checksums also fits others")
	}
	command(t, repository, "git", "-c", "gpg.ssh.allowedSignersFile="+signers, "tag", "--verify", "v1.77.7")

	t.Run("bill of materials", func(t *testing.T) { billOfMaterials(t, program) })
	t.Run("licences", func(t *testing.T) { licenses(t, program) })
}

// TestVersionOfBuilds builds the program in the other ways there are.
func TestVersionOfBuilds(t *testing.T) {
	t.Parallel()
	repository := copyOf(t)
	program := filepath.Join(t.TempDir(), "zielstand")
	version := func(folder string, flags ...string) string {
		t.Helper()
		command(t, folder, "go", append(append([]string{"build", "-trimpath"}, flags...), "-o", program, ".")...)
		out := command(t, "", program, "version", "--all")
		return strings.Join(strings.Fields(out), " ")
	}
	commit := strings.TrimSpace(command(t, repository, "git", "rev-parse", "HEAD"))

	if got, want := version(repository, "-buildvcs=true"), regexp.MustCompile(`^zielstand v0\.0\.0-\d{14}-`+commit[:12]+`, .* commit: `+commit+` .* modified: false `); !want.MatchString(got) {
		t.Errorf("a clone without tags: %s", got)
	}
	command(t, repository, "git", "tag", "v1.77.7")
	if got := version(repository, "-buildvcs=true"); !strings.HasPrefix(got, "zielstand v1.77.7, ") {
		t.Errorf("a clone at a tag: %s", got)
	}
	source := t.TempDir()
	archive := filepath.Join(t.TempDir(), "source.tar")
	command(t, repository, "git", "archive", "-o", archive, "HEAD")
	command(t, source, "tar", "xf", archive)
	if got := version(source, "-buildvcs=false"); !strings.HasPrefix(got, "zielstand v1.77.7, ") || !strings.Contains(got, " commit: "+commit+" ") {
		t.Errorf("an archive: %s", got)
	}
	if got := version(repository, "-buildvcs=false"); !strings.HasPrefix(got, "zielstand devel, ") {
		t.Errorf("without anything: %s", got)
	}
	if got := version(repository, "-buildvcs=false", "-ldflags=-X github.com/zielstand/zielstand/internal/build.stamped=v1.2.3"); !strings.HasPrefix(got, "zielstand v1.2.3, ") {
		t.Errorf("stamped: %s", got)
	}
	dockerfile, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil || !bytes.Contains(dockerfile, []byte("-X github.com/zielstand/zielstand/internal/build.stamped=${VERSION:-}")) {
		t.Errorf("the Dockerfile does not stamp the version: %v", err)
	}
}

// billOfMaterials validates the bill with the schema of CycloneDX, and compares it with
// what Go reads from the program.
func billOfMaterials(t *testing.T, program string) {
	text := command(t, "", program, "sbom")
	schemas := filepath.Join(strings.TrimSpace(command(t, root, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go")), "schema")
	compiler := jsonschema.NewCompiler()
	for url, name := range map[string]string{
		"http://cyclonedx.org/schema/bom-1.6.schema.json":  "bom-1.6.schema.json",
		"http://cyclonedx.org/schema/spdx.schema.json":     "spdx.schema.json",
		"http://cyclonedx.org/schema/jsf-0.82.schema.json": "jsf-0.82.schemax.json",
	} {
		file, err := os.Open(filepath.Join(schemas, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		doc, err := jsonschema.UnmarshalJSON(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource(url, doc); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Error(err)
	}
	if broken, _ := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(text, `"MIT"`, `"MITT"`, 1))); schema.Validate(broken) == nil {
		t.Error("the schema accepts an unknown licence")
	}

	var bom struct {
		Components []struct {
			Name, Version string
			Licenses      []any
			Hashes        []any
		}
	}
	if err := json.Unmarshal([]byte(text), &bom); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, c := range bom.Components {
		listed[c.Name+" "+c.Version] = true
		if len(c.Licenses) == 0 {
			t.Errorf("%s has no licence", c.Name)
		}
	}
	deps := modules(t, program)
	for _, m := range deps {
		if !listed[m.Path+" "+m.Version] {
			t.Errorf("%s %s is not in the bill of materials", m.Path, m.Version)
		}
	}
	if len(deps) < 50 || len(bom.Components) != len(deps)+2 { // Go itself and Swagger UI
		t.Errorf("%d components, and %d modules in the program", len(bom.Components), len(deps))
	}
}

// licenses checks that the program prints a text for each of its modules.
func licenses(t *testing.T, program string) {
	text := command(t, "", program, "licenses")
	for _, m := range modules(t, program) {
		name := m.Path + " " + m.Version
		if !strings.Contains(text, strings.Replace(name, " ", "\t", 1)+"\t") || !strings.Contains(text, "\n"+name+", ") {
			t.Errorf("no licence of %s: run go generate ./internal/build", name)
		}
	}
	for _, words := range []string{"\nstd\t\tBSD-3-Clause\n", "\nswagger-ui-dist\t", "Copyright 2009 The Go Authors", "SQLite Is Public Domain"} {
		if !strings.Contains(text, words) {
			t.Errorf("the licences lack %q", words)
		}
	}
}

// modules returns the modules that Go finds in a program.
func modules(t *testing.T, program string) []*debug.Module {
	t.Helper()
	var info struct{ Deps []*debug.Module }
	if err := json.Unmarshal([]byte(command(t, "", "go", "version", "-m", "-json", program)), &info); err != nil {
		t.Fatal(err)
	}
	return info.Deps
}

// copyOf returns a repository with one commit of the files as they are, and a changelog
// with sections for 1.77.7 and for versions that are spelled like others.
func copyOf(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "zielstand")
	for _, name := range files(t) {
		text, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) { // removed, but not committed
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "CHANGELOG.md" {
			text = append(text, "\n## [1.77.7] - 2026-11-29\n\n## [1.77.601] - 2026-11-28\n\n## [1-7.60] - 2026-11-27\n"...)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, info.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
	}
	git := func(args ...string) { command(t, folder, "git", args...) }
	git("init", "-q")
	git("config", "user.name", "Test")
	git("config", "user.email", "test@zielstand.example")
	git("add", "-A")
	git("commit", "-qm", "all")
	return folder
}

// files lists the files of the repository, new ones included.
func files(t *testing.T) []string {
	t.Helper()
	out := command(t, root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	return strings.Split(strings.TrimRight(out, "\x00"), "\x00")
}

// command runs a program in a folder and returns its standard output.
func command(t *testing.T, folder, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = folder
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(c.Args, " "), err, out, errs.String())
	}
	return string(out)
}
