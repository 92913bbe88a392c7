// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// compose is what these tests read of docker-compose.yml.
type compose struct {
	Services map[string]struct {
		Image       string            `json:"image"`
		Environment map[string]string `json:"environment"`
		User        string            `json:"user"`
		ReadOnly    bool              `json:"read_only"`
		Tmpfs       []string          `json:"tmpfs"`
		CapDrop     []string          `json:"cap_drop"`
		SecurityOpt []string          `json:"security_opt"`
		Memory      any               `json:"mem_limit"`
		Processes   int               `json:"pids_limit"`
		Networks    map[string]any    `json:"networks"`
		Ports       []struct {
			Host string `json:"host_ip"`
		} `json:"ports"`
		Volumes []struct {
			Target string `json:"target"`
		} `json:"volumes"`
		Healthcheck struct {
			Test []string `json:"test"`
		} `json:"healthcheck"`
	} `json:"services"`
	Networks map[string]struct {
		Internal bool `json:"internal"`
	} `json:"networks"`
}

// loadCompose reads docker-compose.yml with the library of Docker Compose, which checks it
// by the schema of the Compose Specification.
func loadCompose(t testing.TB, environ ...string) (output []byte, err error) {
	t.Helper()
	path, err := filepath.Abs("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	load := exec.Command("go", "run", ".", path)
	load.Dir = "testdata/compose"
	load.Env = append(os.Environ(), environ...)
	return load.CombinedOutput()
}

// TestEnvExample checks that .env.example has every variable of docker-compose.yml.
func TestEnvExample(t *testing.T) {
	t.Parallel()
	var texts [2]string
	for i, name := range []string{"docker-compose.yml", ".env.example"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(text)
	}
	for _, m := range regexp.MustCompile(`\$\{([A-Z_]+)`).FindAllStringSubmatch(texts[0], -1) {
		if !regexp.MustCompile(`(?m)^#?` + m[1] + `=`).MatchString(texts[1]) {
			t.Errorf("%s is missing", m[1])
		}
	}
}

// TestCompose checks docker-compose.yml: by its schema, and that the service has no more
// than it needs.
func TestCompose(t *testing.T) {
	t.Parallel()
	if out, err := loadCompose(t); err == nil || !strings.Contains(string(out), "set it in .env, see .env.example") {
		t.Errorf("without a password: %v\n%s", err, out)
	}
	out, err := loadCompose(t, "POSTGRES_PASSWORD=secret")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var c compose
	if err := json.Unmarshal(out, &c); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s, d := c.Services["zielstand"], c.Services["database"]
	_, last, err := stages()
	if err != nil {
		t.Fatal(err)
	}
	for name, holds := range map[string]bool{
		"the root is read-only":           s.ReadOnly,
		"that of the database is, too":    d.ReadOnly && slices.Equal(d.Tmpfs, []string{"/tmp", "/run/postgresql"}),
		"no capabilities":                 slices.Equal(s.CapDrop, []string{"ALL"}),
		"no new privileges":               slices.Contains(s.SecurityOpt, "no-new-privileges:true") && slices.Contains(d.SecurityOpt, "no-new-privileges:true"),
		"limits of memory":                s.Memory != nil && d.Memory != nil && s.Environment["GOMEMLIMIT"] == "800MiB",
		"limits of processes":             s.Processes == 256 && d.Processes == 256,
		"the user of the image":           slices.Contains(last, "USER "+s.User),
		"ports on loopback":               len(s.Ports) == 1 && s.Ports[0].Host == "127.0.0.1" && len(d.Ports) == 0,
		"one volume, that of the image":   len(s.Volumes) == 1 && slices.Contains(last, "VOLUME "+s.Volumes[0].Target),
		"the healthcheck of the image":    slices.Equal(s.Healthcheck.Test, []string{"CMD", "/zielstand", "healthcheck"}),
		"an internal network":             c.Networks["internal"].Internal && slices.Equal(slices.Collect(maps.Keys(d.Networks)), []string{"internal"}),
		"the password is the one in .env": strings.Contains(s.Environment["ZIELSTAND_DATABASE_URL"], ":secret@database"),
	} {
		if !holds {
			t.Errorf("docker-compose.yml does not have: %s\n%s", name, out)
		}
	}
	dockerfile, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	pinned := regexp.MustCompile(`^(scratch|\S+:\S+@sha256:[0-9a-f]{64})$`)
	images := []string{d.Image}
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(string(dockerfile), -1) {
		images = append(images, from[1])
	}
	for _, image := range images {
		if !pinned.MatchString(image) {
			t.Errorf("the image %s is not pinned by its digest", image)
		}
	}
	module, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)`).FindStringSubmatch(string(module))[1]
	if !strings.Contains(string(dockerfile), "FROM golang:"+version+"-") {
		t.Errorf("the Dockerfile does not build with the version of go.mod, %s", version)
	}
}
