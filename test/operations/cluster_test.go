// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	_ "modernc.org/sqlite"             // the driver sqlite

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// binariesEnv names the folder of PostgreSQL's programs.
const binariesEnv = "ZIELSTAND_TEST_POSTGRES_BIN"

// cluster is a PostgreSQL of the test's own, on a Unix socket.
type cluster struct{ dir, bin string }

// newCluster starts an empty cluster that ends with the test. Its superuser is
// postgres.
func newCluster(t testing.TB) *cluster {
	t.Helper()
	c := &cluster{dir: clusterFolder(t), bin: binaries(t)}
	template.once.Do(func() { template.data, template.err = initdb(c.bin) })
	if template.err != nil {
		t.Fatal(template.err)
	}
	command(t, "cp", "-a", template.data, c.data())
	c.start(t)
	t.Cleanup(func() { _ = asOwner(c.bin+"/pg_ctl", "-D", c.data(), "-m", "immediate", "stop").Run() })
	return c
}

// standby starts a streaming replica of the cluster. It does not wait for queries that are
// in the way of what it receives.
func (c *cluster) standby(t testing.TB) *cluster {
	t.Helper()
	s := &cluster{dir: clusterFolder(t), bin: c.bin}
	command(t, c.bin+"/pg_basebackup", "-h", c.dir, "-U", "postgres", "-D", s.data(), "-R", "-X", "stream", "-c", "fast", "--no-sync")
	command(t, "sh", "-c", "echo max_standby_streaming_delay = 100ms >> "+s.data()+"/postgresql.conf")
	s.start(t)
	t.Cleanup(func() { _ = asOwner(s.bin+"/pg_ctl", "-D", s.data(), "-m", "immediate", "stop").Run() })
	return s
}

func (c *cluster) data() string { return c.dir + "/data" }

func (c *cluster) start(t testing.TB) {
	t.Helper()
	command(t, c.bin+"/pg_ctl", "-D", c.data(), "-w", "-l", c.dir+"/log", "-o", "-k "+c.dir, "start")
}

// end stops the cluster at once: open connections are cut.
func (c *cluster) end(t testing.TB) {
	t.Helper()
	command(t, c.bin+"/pg_ctl", "-D", c.data(), "-w", "-m", "fast", "stop")
}

// url is the address of a database for a user.
func (c *cluster) url(user, database string) string {
	return fmt.Sprintf("postgres://%s@/%s?host=%s&sslmode=disable", user, database, url.QueryEscape(c.dir))
}

// psql runs a script as the superuser.
func (c *cluster) psql(t testing.TB, database, script string) {
	t.Helper()
	run := exec.Command(c.bin+"/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", c.url("postgres", database))
	run.Stdin = strings.NewReader(script)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("psql: %v\n%s\n%s", err, out, script)
	}
}

// template is the cluster from which all are copied.
var template struct {
	once sync.Once
	data string
	err  error
}

// clusterSettings make a cluster small and fast; its data need not survive a crash.
const clusterSettings = `
listen_addresses = ''
fsync = off
full_page_writes = off
shared_buffers = 16MB
max_connections = 60
`

func initdb(bin string) (string, error) {
	dir, err := ownedFolder()
	if err != nil {
		return "", err
	}
	data := dir + "/data"
	out, err := asOwner(bin+"/initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	file, err := os.OpenFile(data+"/postgresql.conf", os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return "", err
	}
	defer file.Close()
	_, err = file.WriteString(clusterSettings)
	return data, err
}

func clusterFolder(t testing.TB) string {
	t.Helper()
	dir, err := ownedFolder()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// ownedFolder makes a folder that belongs to the clusters' owner.
func ownedFolder() (string, error) {
	dir, err := os.MkdirTemp(scratch, "pg-")
	if err != nil {
		return "", err
	}
	if o := owner(); o != nil {
		err = os.Chown(dir, int(o.Uid), int(o.Gid))
	}
	return dir, err
}

// owner is who runs the clusters: root may not, so another user does.
var owner = sync.OnceValue(func() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
})

func asOwner(name string, arguments ...string) *exec.Cmd {
	c := exec.Command(name, arguments...)
	c.Dir = scratch
	if o := owner(); o != nil {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: o}
	}
	return c
}

// ownersBinary returns a copy of the program that the clusters' owner can start,
// wherever the repository is.
func ownersBinary(t testing.TB) string {
	t.Helper()
	program := testenv.Binary(t)
	ownersCopy.Do(func() {
		if out, err := exec.Command("cp", program, scratch+"/zielstand").CombinedOutput(); err != nil {
			t.Fatalf("cp: %v\n%s", err, out)
		}
	})
	return scratch + "/zielstand"
}

var ownersCopy sync.Once

// command runs a program as the clusters' owner.
func command(t testing.TB, name string, arguments ...string) {
	t.Helper()
	if out, err := asOwner(name, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
}

// binaries returns the folder of PostgreSQL's programs. Without them the
// test is skipped.
func binaries(t testing.TB) string {
	t.Helper()
	if bin := os.Getenv(binariesEnv); bin != "" {
		return bin
	}
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin"); found != nil && os.Getenv(storetest.PostgresEnv) != "" {
		return found[len(found)-1]
	}
	testenv.Missing(t, "PostgreSQL, whose programs "+binariesEnv+" names,")
	return ""
}
