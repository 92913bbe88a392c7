// SPDX-License-Identifier: EUPL-1.2

package chaos

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/zielstand/zielstand/internal/testenv"
)

// postgres is a PostgreSQL of the test's own.
type postgres struct {
	bin, folder string
	port        string
	owner       *syscall.Credential // root must not run it
	process     *exec.Cmd
	ended       chan struct{}
}

// startPostgres creates a cluster in a folder and starts it until the test ends.
func startPostgres(t testing.TB, folder string) *postgres {
	t.Helper()
	p := &postgres{bin: binaries(t), folder: folder, port: testenv.FreePort(t), owner: owner(t)}
	if p.owner != nil {
		if err := os.Chown(folder, int(p.owner.Uid), int(p.owner.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	out, err := p.command("initdb", "-D", p.data(), "-U", "zielstand", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions").CombinedOutput()
	if err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	p.start(t)
	t.Cleanup(func() { p.signal(syscall.SIGKILL) })
	return p
}

func (p *postgres) data() string { return filepath.Join(p.folder, "data") }

func (p *postgres) command(name string, arguments ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(p.bin, name), arguments...)
	c.Dir = p.folder
	if p.owner != nil {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: p.owner}
	}
	return c
}

// start starts the server and waits until it accepts connections.
func (p *postgres) start(t testing.TB) {
	t.Helper()
	log, err := os.OpenFile(filepath.Join(p.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	c := p.command("postgres", "-D", p.data(), "-p", p.port, "-k", p.folder,
		"-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB")
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p.process, p.ended = c, make(chan struct{})
	go func() {
		_ = c.Wait()
		close(p.ended)
	}()
	testenv.Eventually(t, "PostgreSQL accepts connections", func() error {
		out, err := p.command("pg_isready", "-q", "-h", "127.0.0.1", "-p", p.port).CombinedOutput()
		if err != nil {
			return fmt.Errorf("pg_isready: %w %s", err, out)
		}
		return nil
	})
}

// running reports whether the server has not ended.
func (p *postgres) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// signal sends a signal to the server and the processes of its connections.
func (p *postgres) signal(s syscall.Signal) {
	for _, pid := range append([]int{p.process.Process.Pid}, children(p.process.Process.Pid)...) {
		_ = syscall.Kill(pid, s)
	}
}

// children are the processes that a process has started (proc(5)).
func children(pid int) []int {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	var out []int
	for _, path := range tasks {
		text, _ := os.ReadFile(path)
		for field := range strings.FieldsSeq(string(text)) {
			if n, err := strconv.Atoi(field); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}

// address is the address of the server.
func (p *postgres) address() string { return net.JoinHostPort("127.0.0.1", p.port) }

// databaseURL is the address of the database through a server or proxy.
func databaseURL(address string) string {
	return "postgres://zielstand@" + address + "/postgres?sslmode=disable&connect_timeout=5"
}

// binaries returns the folder of PostgreSQL's programs. Without them the test is skipped.
func binaries(t testing.TB) string {
	t.Helper()
	if bin := os.Getenv("ZIELSTAND_TEST_POSTGRES_BIN"); bin != "" {
		return bin
	}
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin"); found != nil {
		return found[len(found)-1]
	}
	testenv.Missing(t, "PostgreSQL, whose programs ZIELSTAND_TEST_POSTGRES_BIN names,")
	return ""
}

func owner(t testing.TB) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			t.Fatal(err)
		}
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// disk is a small file system, where root may mount one, otherwise a folder.
type disk struct {
	folder string
	small  bool
}

func newDisk(t testing.TB, size string) disk {
	t.Helper()
	folder, err := os.MkdirTemp("", "zielstand-chaos-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	d := disk{folder: folder}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "mode=0755,size="+size); err == nil {
		d.small = true
	} else {
		t.Logf("no file system can be mounted here, so no disk is filled: %v", err)
	}
	t.Cleanup(func() {
		if d.small {
			_ = syscall.Unmount(folder, syscall.MNT_DETACH)
		}
		_ = os.RemoveAll(folder)
	})
	return d
}

// fill uses all space until the returned function is called.
func (d disk) fill(t testing.TB) (free func()) {
	t.Helper()
	path := filepath.Join(d.folder, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 256<<10); len(block) > 0; {
		if _, err := f.Write(block); err != nil {
			block = block[:len(block)/2]
		}
	}
	return func() { _ = os.Remove(path) }
}
