// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// confined is a program in the image with what docker-compose.yml takes from it: its root
// is read-only, /data is an empty file system in memory or as read-only as the rest,
// and neither it nor what it starts can get privileges. It may have as many
// threads as the container may have processes.
func (i *image) confined(t testing.TB, user string, writable bool, environ []string) *exec.Cmd {
	t.Helper()
	uid, gid := ids(t, user)
	data := "mount -t tmpfs -o size=64m,mode=0770,uid=%[2]d,gid=%[3]d,noexec,nosuid,nodev none %[1]s/data"
	if !writable {
		data = ":"
	}
	script := fmt.Sprintf("mount --bind %[1]s %[1]s && mount -o remount,bind,ro %[1]s && "+data+
		" && exec setpriv --no-new-privs prlimit --nproc=256 chroot --userspec=+%[2]d:+%[3]d --groups= %[1]s %[4]s",
		i.root, uid, gid, strings.Join(i.entrypoint, " "))
	c := exec.Command("unshare", "--mount", "sh", "-euc", script)
	c.Env = append(append([]string{}, i.env...), environ...)
	return c
}

// TestImageConfined starts the image in a read-only root, as users with and without a
// name, without capabilities and within the memory that docker-compose.yml allows: with
// SQLite in a volume, and with PostgreSQL without any place to write.
func TestImageConfined(t *testing.T) {
	t.Parallel()
	i := buildImage(t)
	if out, err := exec.Command("unshare", "--mount", "true").CombinedOutput(); err != nil {
		t.Skipf("skipped: no file systems can be mounted here: %s", out)
	}
	for _, test := range []struct {
		user     string
		writable bool
	}{{i.user, true}, {"1000680000:0", false}} {
		user, writable := test.user, test.writable
		t.Run(fmt.Sprintf("%s writable %t", strings.ReplaceAll(user, ":", "-"), writable), func(t *testing.T) {
			s := settings{"HTTP_ADDRESS": "127.0.0.1:" + testenv.FreePort(t), "HTTP_METRICS_ADDRESS": "127.0.0.1:" + testenv.FreePort(t), "CACHE_FILE_BYTES": "1024", "LOG_LEVEL": "warn"}
			if !writable {
				s["DATABASE_URL"] = storetest.Postgres(t)
			} else {
				s["CACHE_PATH"], s["DATABASE_URL"] = "/data/zielstand-cache", "sqlite:/data/zielstand.db"
			}
			output := &testenv.Buffer{}
			server := i.confined(t, user, writable, append(s.own(), "GOMEMLIMIT=800MiB"))
			server.Stdout, server.Stderr = output, output
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- server.Wait() }()
			running := watch(t, output, ended, func() { _ = server.Process.Signal(syscall.SIGTERM) })
			for _, path := range []string{"/readyz", "/v1/goals.csv", "/v1/releases/latest/observations.csv", "/v1/observations.csv?sort=note&kind=actual", "/", "/v1/releases/latest/zielstand.sqlite", "/v1/catalog/dcat.ttl"} {
				running.get(t, path, http.StatusOK)
			}
			if told := strings.Contains(output.String(), "cache folder cannot be used"); told == writable {
				t.Errorf("about the cache folder, which is writable: %t\n%s", writable, output)
			}
			status := processStatus(t, server.Process.Pid)
			for name, want := range map[string]string{"CapEff": "0000000000000000", "CapPrm": "0000000000000000", "CapAmb": "0000000000000000", "NoNewPrivs": "1", "Groups": ""} {
				if status[name] != want {
					t.Errorf("%s is %s, want %s", name, status[name], want)
				}
			}
			if uid, _, _ := strings.Cut(user, ":"); !strings.HasPrefix(status["Uid"], uid+"\t") {
				t.Errorf("it runs as %s, want %s", status["Uid"], uid)
			}
			if peak, _ := strconv.Atoi(strings.TrimSuffix(status["VmHWM"], " kB")); peak == 0 || peak > 1<<20 {
				t.Errorf("its memory was %s, and docker-compose.yml allows 1 GiB", status["VmHWM"])
			}
			if err := os.WriteFile(fmt.Sprintf("/proc/%d/root/written", server.Process.Pid), nil, 0o600); !errors.Is(err, syscall.EROFS) {
				t.Errorf("its root can be written to: %v", err)
			}
			running.stop()
		})
	}
}

// processStatus reads /proc/PID/status.
func processStatus(t testing.TB, pid int) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^(\w+):[ \t]*(.*?)[ \t]*$`).FindAllStringSubmatch(string(text), -1) {
		out[line[1]] = line[2]
	}
	return out
}
