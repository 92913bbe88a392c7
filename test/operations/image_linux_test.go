// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"

	"github.com/zielstand/zielstand/internal/testenv"
)

// image is what the Dockerfile makes, laid out in a folder.
type image struct {
	root, user, workdir     string
	env                     []string
	volumes                 []string
	entrypoint, healthcheck []string
}

// buildImage follows the Dockerfile: it runs the build stage's last command with
// other paths, and copies what the last stage copies. An instruction that it does not
// know is a failure, so that the file and this test cannot differ.
func buildImage(t testing.TB) *image {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("skipped: only root can change the root folder of a program")
	}
	if _, err := os.Stat("/etc/ssl/certs/ca-certificates.crt"); err != nil {
		testenv.Missing(t, "/etc/ssl/certs/ca-certificates.crt (Debian: ca-certificates)")
	}
	stage, err := buildStage()
	if err != nil {
		t.Fatal(err)
	}
	_, last, err := stages()
	if err != nil {
		t.Fatal(err)
	}
	parent, err := os.MkdirTemp(scratch, "image-") // others may enter it
	if err != nil {
		t.Fatal(err)
	}
	i := &image{root: filepath.Join(parent, "root"), workdir: "/", env: []string{"HOME=/", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}}
	for _, path := range []string{parent, i.root} {
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range last {
		i.apply(t, stage, line)
	}
	return i
}

// buildStage runs the last command of the build stage, once for all tests, and returns
// the folder in whose place it had the root.
var buildStage = sync.OnceValues(func() (string, error) {
	build, _, err := stages()
	if err != nil {
		return "", err
	}
	command := ""
	for _, line := range build {
		if run, ok := strings.CutPrefix(line, "RUN "); ok {
			command = run
		}
	}
	stage, err := os.MkdirTemp(scratch, "stage-")
	if err != nil {
		return "", err
	}
	command = strings.ReplaceAll(command, " /image", " "+stage+"/image")
	run := exec.Command("sh", "-euc", command)
	run.Dir = "../.."
	if out, err := run.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", command, err, out)
	}
	return stage, nil
})

// stages returns the instructions of the Dockerfile's two stages.
func stages() (build, last []string, err error) {
	text, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		return nil, nil, err
	}
	var all [][]string
	for _, line := range strings.Split(strings.ReplaceAll(string(text), "\\\n", ""), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "FROM "):
			all = append(all, []string{line})
		case len(all) > 0:
			all[len(all)-1] = append(all[len(all)-1], line)
		}
	}
	if len(all) != 2 || all[1][0] != "FROM scratch" {
		return nil, nil, fmt.Errorf("the Dockerfile has %d stages, or does not end in one from scratch", len(all))
	}
	return all[0][1:], all[1][1:], nil
}

func (i *image) apply(t testing.TB, stage, line string) {
	t.Helper()
	name, rest, _ := strings.Cut(line, " ")
	switch name {
	case "COPY":
		i.copy(t, stage, strings.Fields(rest))
	case "USER":
		i.user = rest
	case "WORKDIR":
		i.workdir = rest
	case "VOLUME":
		i.volumes = append(i.volumes, rest)
	case "ENV":
		i.env = append(i.env, rest)
	case "EXPOSE":
	case "ENTRYPOINT":
		i.entrypoint = words(t, rest)
	case "HEALTHCHECK":
		_, command, _ := strings.Cut(rest, "CMD ")
		i.healthcheck = words(t, command)
	default:
		t.Fatalf("this test does not know the instruction %q", line)
	}
}

// words reads the exec form of a command: there is no shell for another.
func words(t testing.TB, text string) []string {
	t.Helper()
	var out []string
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%s is not in exec form: %v", text, err)
	}
	return out
}

// copy copies a folder's content, with the owner and the mode that are asked for.
func (i *image) copy(t testing.TB, stage string, fields []string) {
	t.Helper()
	owner, mode := "0:0", fs.FileMode(0)
	for ; strings.HasPrefix(fields[0], "--"); fields = fields[1:] {
		flag, value, _ := strings.Cut(fields[0], "=")
		switch flag {
		case "--from":
		case "--chown":
			owner = value
		case "--chmod":
			n, err := strconv.ParseUint(value, 8, 32)
			if err != nil {
				t.Fatal(err)
			}
			mode = fs.FileMode(n)
		default:
			t.Fatalf("this test does not know %s of COPY", flag)
		}
	}
	uid, gid := ids(t, owner)
	from, to := stage+fields[0], filepath.Join(i.root, fields[1])
	err := filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if target == i.root {
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		permissions := info.Mode().Perm()
		if mode != 0 {
			permissions = mode
		}
		if e.IsDir() {
			err = os.Mkdir(target, 0o700)
		} else {
			var content []byte
			if content, err = os.ReadFile(path); err == nil {
				// A process forked meanwhile would inherit the open file, and the program
				// could not be started (golang.org/issue/22315).
				syscall.ForkLock.RLock()
				err = os.WriteFile(target, content, 0o600)
				syscall.ForkLock.RUnlock()
			}
		}
		if err != nil {
			return err
		}
		if err := os.Chown(target, uid, gid); err != nil {
			return err
		}
		return os.Chmod(target, permissions)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func ids(t testing.TB, user string) (uid, gid int) {
	t.Helper()
	if n, err := fmt.Sscanf(user, "%d:%d", &uid, &gid); err != nil || n != 2 {
		t.Fatalf("%q is not UID:GID, and the image has no names: %v", user, err)
	}
	return uid, gid
}

// command is a program in the image, run by a user.
func (i *image) command(t testing.TB, user string, environ, arguments []string) *exec.Cmd {
	t.Helper()
	uid, gid := ids(t, user)
	c := exec.Command(arguments[0], arguments[1:]...)
	c.Dir = i.workdir
	c.Env = append(append([]string{}, i.env...), environ...)
	c.SysProcAttr = &syscall.SysProcAttr{Chroot: i.root, Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return c
}

// outside lists what is in the image but for its volumes.
func (i *image) outside(t testing.TB) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(i.root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		for _, volume := range i.volumes {
			if path == i.root+volume {
				return fs.SkipDir
			}
		}
		fmt.Fprintln(&out, strings.TrimPrefix(path, i.root), info.Mode(), info.ModTime())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestImage starts the image without an engine: in a root of its own, which holds
// nothing but what the Dockerfile puts there, and as users who may write nowhere but
// in its volume.
func TestImage(t *testing.T) {
	t.Parallel()
	i := buildImage(t)
	for _, user := range []string{i.user, "65532:0", "1000680000:0"} {
		t.Run(strings.ReplaceAll(user, ":", "-"), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, url string) {
				i := buildImage(t)
				s := settings{"HTTP_ADDRESS": "0.0.0.0:" + testenv.FreePort(t), "CACHE_FILE_BYTES": "1024", "LOG_LEVEL": "warn", "SITE_IMPRINT": "Amt", "SITE_PRIVACY": "Amt", "SITE_ACCESSIBILITY": "Amt"}
				if !strings.HasPrefix(url, "sqlite:") { // without a setting it is in the volume
					s["DATABASE_URL"] = url
				}
				environ := s.own()
				before := i.outside(t)
				output := &testenv.Buffer{}
				server := i.command(t, user, environ, i.entrypoint)
				server.Stdout, server.Stderr = output, output
				if err := server.Start(); err != nil {
					t.Fatal(err)
				}
				ended := make(chan error, 1)
				go func() { ended <- server.Wait() }()
				running := watch(t, output, ended, func() { _ = server.Process.Signal(syscall.SIGTERM) })
				for _, path := range []string{"/readyz", "/v1/goals.csv", "/v1/releases/latest/observations.csv", "/v1/observations?sort=-note", "/v1/observations.csv?sort=note&kind=actual"} {
					running.get(t, path, http.StatusOK)
				}
				if out, err := i.command(t, user, environ, i.healthcheck).CombinedOutput(); err != nil {
					t.Errorf("%v: %v\n%s", i.healthcheck, err, out)
				}
				if files, err := os.ReadDir(i.root + "/data/zielstand-cache"); err != nil || len(files) == 0 {
					t.Errorf("no finished file is cached: %v, %v", files, err)
				}
				running.stop()
				if strings.Contains(output.String(), "WARN") {
					t.Errorf("it warns:\n%s", output)
				}
				if after := i.outside(t); after != before {
					t.Errorf("outside the volume there was\n%s and is\n%s", before, after)
				}
				if out, err := i.command(t, user, environ, append(i.entrypoint, "release", "list")).CombinedOutput(); err != nil {
					t.Errorf("release list: %v\n%s", err, out)
				}
			})
		})
	}
}

// own is the environment with these settings and no others.
func (s settings) own() []string {
	var out []string
	for name, value := range s {
		out = append(out, "ZIELSTAND_"+name+"="+value)
	}
	return out
}

// TestImageCertificates connects from the image to servers whose certificates are
// signed by an authority that is in the image's list, and by one that is not.
func TestImageCertificates(t *testing.T) {
	t.Parallel()
	i := buildImage(t)
	bundle := filepath.Join(i.root, "etc/ssl/certs/ca-certificates.crt")
	content, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(content, []byte("BEGIN CERTIFICATE")); n < 50 || !x509.NewCertPool().AppendCertsFromPEM(content) {
		t.Errorf("the image has %d certificates", n)
	}
	var asked atomic.Int64
	web := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "text/turtle")
	}))
	defer web.Close()
	database, connected := tlsDatabase(t, web.TLS.Certificates)
	check := append(i.entrypoint, "catalog", "check", web.URL)
	list := append(i.entrypoint, "release", "list", "--database-url", "postgres://zielstand@"+database+"/zielstand?sslmode=verify-full&connect_timeout=10")
	try := func() string {
		var out []byte
		for _, arguments := range [][]string{check, list} {
			o, _ := i.command(t, i.user, nil, arguments).CombinedOutput() // there is neither a catalogue nor a database
			out = append(out, o...)
		}
		return string(out)
	}
	if out := try(); strings.Count(out, "signed by unknown authority") < 2 || asked.Load()+connected.Load() != 0 {
		t.Errorf("an unknown authority is trusted by %d and %d connections:\n%s", asked.Load(), connected.Load(), out)
	}
	trusted := append(content, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})...)
	if err := os.WriteFile(bundle, trusted, 0o644); err != nil {
		t.Fatal(err)
	}
	if out := try(); asked.Load() == 0 || connected.Load() == 0 {
		t.Errorf("a listed authority is not trusted, %d and %d connections:\n%s", asked.Load(), connected.Load(), out)
	}
}

// tlsDatabase speaks PostgreSQL's protocol up to the startup message, and counts the
// clients that get that far.
func tlsDatabase(t testing.TB, certificates []tls.Certificate) (address string, connected *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	connected = new(atomic.Int64)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			request := make([]byte, 8) // SSLRequest
			if _, err := conn.Read(request); err == nil {
				_, _ = conn.Write([]byte{'S'})
			}
			secure := tls.Server(conn, &tls.Config{Certificates: certificates})
			if _, err := secure.Read(request); err == nil { // the startup message: the certificate was accepted
				connected.Add(1)
			}
			_ = conn.Close()
		}
	}()
	return listener.Addr().String(), connected
}
