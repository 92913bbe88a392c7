// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// secure makes the cluster listen on the loopback interface, with a certificate for
// localhost, and demand TLS and a password there. It returns the port.
func (c *cluster) secure(t testing.TB, a *authority) (port string) {
	t.Helper()
	certificate, key := a.server(t, t.TempDir(), "localhost")
	port = testenv.FreePort(t)
	for path, text := range map[string]string{
		"server.crt": read(t, certificate), "server.key": read(t, key),
		"pg_hba.conf":          "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n",
		"postgresql.auto.conf": "listen_addresses = '127.0.0.1'\nport = " + port + "\nssl = on\n",
	} {
		file := filepath.Join(c.data(), path)
		_ = os.Remove(file)
		write(t, file, text)
		if o := owner(); o != nil {
			if err := os.Chown(file, int(o.Uid), int(o.Gid)); err != nil {
				t.Fatal(err)
			}
		}
	}
	command(t, c.bin+"/pg_ctl", "-D", c.data(), "-w", "-m", "fast", "-l", c.dir+"/log", "-o", "-k "+c.dir, "restart")
	return port
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTLS connects to a PostgreSQL that demands TLS and a password, whose certificate an
// authority of the test signed.
func TestTLS(t *testing.T) {
	t.Parallel()
	c, a := newCluster(t), newAuthority(t)
	setUp(t, c)
	port := c.secure(t, a)
	dir := t.TempDir()
	trusted, other, passwords := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "other.pem"), filepath.Join(dir, "pgpass")
	write(t, trusted, string(a.pem()))
	write(t, other, string(newAuthority(t).pem()))
	write(t, passwords, "localhost:"+port+":zielstand:zielstand:change-me\n")
	at := func(host, parameters string) settings {
		return database("postgres://zielstand@" + host + ":" + port + "/zielstand?passfile=" + passwords + "&" + parameters)
	}
	const full = "sslmode=verify-full&sslrootcert="

	s := at("localhost", full+trusted)
	publish(t, s, edition(t, "2024.01.0"))
	running := serve(t, s)
	running.serves(t, "2024.01.0")
	db := storetest.Connect(t, "postgres://postgres@/zielstand?host="+c.dir+"&port="+port)
	if n := number(t, db, "SELECT COUNT(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'zielstand' AND NOT ssl"); n != 0 {
		t.Errorf("%d connections are not encrypted", n)
	}
	if n := number(t, db, "SELECT COUNT(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'zielstand' AND ssl"); n == 0 {
		t.Error("there is no encrypted connection")
	}

	write(t, filepath.Join(dir, "wrong"), "*:*:*:*:wrong-password\n")
	tests := []struct {
		name string
		s    settings
		want []string
	}{
		{"another authority", at("localhost", full+other), []string{"unavailable", "certificate signed by unknown authority"}},
		{"public authorities", at("localhost", "sslmode=verify-full"), []string{"certificate signed by unknown authority"}},
		{"another name", at("127.0.0.1", full+trusted), []string{"cannot validate certificate for 127.0.0.1"}},
		{"no TLS", at("localhost", "sslmode=disable"), []string{"no pg_hba.conf entry", "no encryption"}},
		{"no file of the authority", at("localhost", full+"/absent.pem"), []string{`ZIELSTAND_DATABASE_URL: cannot be used: `, "absent.pem", "no such file"}},
		{"no file of passwords", database("postgres://zielstand@localhost:" + port + "/zielstand?passfile=" + dir + "/absent&" + full + trusted), []string{"password authentication failed", "the file with the password cannot be read: open " + dir + "/absent: no such file"}},
		{"a wrong password", database("postgres://zielstand@localhost:" + port + "/zielstand?passfile=" + dir + "/wrong&" + full + trusted), []string{"password authentication failed"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			refuse(t, test.s, test.want, "release", "list")
			if o := run(test.s, "release", "list"); says(o.stderr, "change-me", "wrong-password") {
				t.Errorf("the message contains a password: %s", o.stderr)
			}
		})
	}

	// As with systemd: the password is in a file that the environment names.
	list := exec.Command(testenv.Binary(t), "release", "list", "--database-url", "postgres://zielstand@localhost:"+port+"/zielstand?"+full+trusted)
	list.Env = append(os.Environ(), "PGPASSFILE="+passwords)
	if out, err := list.CombinedOutput(); err != nil || !strings.Contains(string(out), "* 2024.01.0") {
		t.Errorf("with PGPASSFILE: %v\n%s", err, out)
	}
}

// TestOwnSchema creates a schema and roles by the statements in docs/postgresql.md, beside
// tables of others.
func TestOwnSchema(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	c.psql(t, "zielstand", `CREATE TABLE public.releases (belongs_to text); INSERT INTO public.releases VALUES ('another program');`)
	c.psql(t, "zielstand", documented(t, "CREATE SCHEMA"))
	owner := database(c.url("zielstand", "zielstand"))
	publish(t, owner, edition(t, "2024.01.0"))
	reader := database(c.url("zielstand_reader", "zielstand")).with(settings{"DATABASE_MANAGE": "false"})
	running := serve(t, reader)
	running.serves(t, "2024.01.0")
	publish(t, owner, next(t, "2024.02.0"))
	running.serves(t, "2024.02.0")
	refuse(t, reader, []string{"permission denied"}, "release", "prune", "--keep", "1")
	db := storetest.Connect(t, c.url("postgres", "zielstand"))
	if n := number(t, db, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"); n != 1 {
		t.Errorf("%d tables in the schema public, want 1", n)
	}
	if n := number(t, db, "SELECT COUNT(*) FROM zielstand.releases"); n != 2 {
		t.Errorf("%d releases in the schema", n)
	}
	for _, role := range []string{"zielstand", "zielstand_reader"} {
		if _, err := storetest.Connect(t, c.url(role, "zielstand")).Exec("SELECT belongs_to FROM public.releases"); err == nil {
			t.Errorf("%s reads tables of others", role)
		}
	}
}
