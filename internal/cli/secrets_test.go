// SPDX-License-Identifier: EUPL-1.2

package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/cli"
	"github.com/zielstand/zielstand/internal/testenv"
)

// secrets are passwords, each with parts that must not appear anywhere either:
// special characters cut a password where it is not percent-encoded.
var secrets = []struct {
	text  string
	parts []string
}{
	{"Qx7kPm2v", []string{"Qx7", "kPm2v"}},
	{"Qx7k@Pm2v", []string{"Qx7k", "Pm2v"}},
	{"Qx7k/Pm2v", []string{"Qx7k", "Pm2v"}},
	{"4711/Pm2v", []string{"Pm2v"}},
	{"4711@Pm2v", []string{"4711", "Pm2v"}},
	{"Qx7k?Pm2v", []string{"Qx7k", "Pm2v"}},
	{"Qx7k#Pm2v", []string{"Qx7k", "Pm2v"}},
	{"Qx7k:Pm2v", []string{"Qx7k", "Pm2v"}},
	{"Qx7k%Pm2v", []string{"Qx7k", "Pm2v"}},
	{"Qx7k%zzPm2v", []string{"Qx7k", "Pm2v"}},
	{"Qx7k&Pm2v=Zr9w", []string{"Qx7k", "Pm2v", "Zr9w"}},
	{"Qx7k Pm2v", []string{"Qx7k", "Pm2v"}},
	{"Qx7k'Pm2v", []string{"Qx7k", "Pm2v"}},
	{`Qx7k"Pm2v\Zr9w`, []string{"Qx7k", "Pm2v", "Zr9w"}},
	{"Qx7k`Pm2v", []string{"Qx7k", "Pm2v"}},
	{"Qx7k\nPm2v", []string{"Qx7k", "Pm2v"}},
	{"Qx7käPm2v", []string{"Qx7k", "Pm2v"}},
	{"[Qx7kPm2v]", []string{"Qx7k", "Pm2v"}},
}

// spellings are ways to write an address with a password, right and wrong.
func spellings(secret string) []string {
	encoded, query := url.PathEscape(secret), url.QueryEscape(secret)
	var out []string
	for _, s := range []string{secret, encoded} {
		out = append(
			out,
			"postgres://zs:"+s+"@127.0.0.1:1/db?connect_timeout=1", "postgresql://zs:"+s+"@127.0.0.1:1/db",
			"postgres://:"+s+"@127.0.0.1:1/db", "postgres://zs%3A"+s+"@127.0.0.1:1/db", "postgres://zs:"+s+"@127.0.0.1:bad/db",
			"postgres://zs:"+s+"@127.0.0.1:1/db?sslmode=perhaps", "postgres://zs:"+s+"@127.0.0.1:1/db?nothing",
			"postgres://zs:"+s+"@127.0.0.1:1/db?sslmode=verify-full&sslrootcert=/absent", "postgres://zs:"+s+"@127.0.0.1:1,127.0.0.1:1/db",
			"postgres://zs:"+s+"@[::1/db", "postgres://zs:"+s+"@127.0.0.1:1?x=y", "postgres://zs:"+s,
			"postgres:zs:"+s+"@127.0.0.1:1/db", "postgres:/zs:"+s+"@127.0.0.1:1/db", "POSTGRES://zs:"+s+"@127.0.0.1:1/db",
			" postgres://zs:"+s+"@127.0.0.1:1/db", "mysql://zs:"+s+"@127.0.0.1/db", "mysql:zs:"+s+"@127.0.0.1/db", "jdbc:postgresql://127.0.0.1/db?password="+s,
			"sqlite://zs:"+s+"@127.0.0.1/db", "sqlite:zielstand.db?_auth_pass="+s, "zs:"+s+"@127.0.0.1/db",
			"host=127.0.0.1 port=1 user=zs password="+s, "password="+s, "host=127.0.0.1 password = '"+s+"'", "user=zs password='"+strings.ReplaceAll(s, "'", `\'`)+" host=127.0.0.1",
			s,
		)
	}
	for _, s := range []string{secret, query} {
		out = append(
			out,
			"postgres://127.0.0.1:1/db?user=zs&password="+s, "postgres://h:bad/db?password="+s, "postgres://127.0.0.1:1/db?pass%77ord="+s,
			"postgres://127.0.0.1:1/db?sslpassword="+s+"&sslmode=require&sslcert=/absent&sslkey=/absent", "postgres://127.0.0.1:1/db?passwd="+s,
		)
	}
	return out
}

// TestNoPasswordIsPrinted gives the program passwords in many spellings, right and
// wrong, in every place where one is written, and looks for any part of them in what
// it prints. Each spelling is tried in some of the places; all are reached.
func TestNoPasswordIsPrinted(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	for i, secret := range secrets {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			path, own := filepath.Join(t.TempDir(), "zielstand.yaml"), "--database-url=sqlite:"+filepath.Join(t.TempDir(), "zielstand.db")
			for n, address := range spellings(secret.text) {
				places := [][]string{
					{"release", "list", "--database-url", address},
					{"serve", "--database-url=" + address, "--database-replica-url=" + address, "--database-manage=false", "--http-address=127.0.0.1:1"},
					{"release", "list", own, "--database-replica-url=" + address},
				}
				unprinted(t, n, secret.parts, places[(i+n)%len(places)], nil)
				unprinted(t, n, secret.parts, []string{"release", "list"}, []string{"ZIELSTAND_DATABASE_URL=" + address})
				if len(address) > 2*len(secret.text) || strings.Contains(address, "postgres") || strings.Contains(address, "pass") { // otherwise it looks like any word
					wrong := [][]string{
						{"-database-url=" + address},
						{"release", "list", own, "--http-public-url=" + address},
						{"version", "--cache-bytes", address},
						{address},
						{"release", address},
					}
					unprinted(t, n, secret.parts, wrong[(i+n)%len(wrong)], nil)
				}
				if strings.Contains(address, "\n") {
					continue // the next line of a YAML file is another key
				}
				files := []string{
					"database:\n  url: " + address + "\n", "database:\n  url: '" + address + "'\n", "database:\n  url: \"" + address + "\n", "database: " + address + "\n",
					"database:\n  url:\n    " + address + ": true\n", "database:\n  url: [" + address + "]\n", address + "\n", "database:\n\turl: " + address + "\n",
				}
				if err := os.WriteFile(path, []byte(files[(i+n)%len(files)]), 0o600); err != nil {
					t.Fatal(err)
				}
				unprinted(t, n, secret.parts, []string{"--config", path, "release", "list"}, nil)
			}
		})
	}
}

// unprinted runs a command and looks for the parts in what it prints.
func unprinted(t *testing.T, spelling int, parts, args, environ []string) {
	t.Helper()
	var out bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // what can be connected to is not served
	environ = append(environ, "PGCONNECT_TIMEOUT=1")
	cli.Run(ctx, args, environ, &out, &out)
	for _, part := range parts {
		if strings.Contains(out.String(), part) {
			t.Errorf("spelling %d: zielstand %q with %q prints %q:\n%s", spelling, args, environ, part, &out)
			return
		}
	}
}

// TestMessagesStayWhole expects the same message whatever the password is: a gap where a
// word of the message is the password would show it.
func TestMessagesStayWhole(t *testing.T) {
	t.Parallel()
	const forms = `
postgres://zs:%s@127.0.0.1:2/zs
postgres://zs:%s@127.0.0.1:bad/zs
postgres://zs:%s@127.0.0.1:2/zs?sslmode=perhaps
postgres://zs@127.0.0.1:2/zs?password=%s
postgres://zs:pa@ss/%s@127.0.0.1:2/zs
postgres://zs:%s@ss/w@127.0.0.1:2/zs`
	ways := map[string]func(address string) (args, environ []string){
		"a flag":     func(address string) ([]string, []string) { return []string{"--database-url", address}, nil },
		"a variable": func(address string) ([]string, []string) { return nil, []string{"ZIELSTAND_DATABASE_URL=" + address} },
	}
	for _, form := range strings.Fields(forms) {
		for name, way := range ways {
			message := func(password string) string {
				var out bytes.Buffer
				args, environ := way(strings.Replace(form, "%s", password, 1))
				cli.Run(t.Context(), append(args, "release", "list"), environ, &out, &out)
				return out.String()
			}
			want := message("Qx7kPm2v")
			for _, password := range []string{"user", "zs", "database", "127.0.0.1", "password", "invalid", "w"} {
				if got := message(password); got != want {
					t.Errorf("%s as %s, with %q:\n%swith another password:\n%s", form, name, password, got, want)
				}
			}
		}
	}
	var out bytes.Buffer
	const want = "zielstand: --database-url: is not a database address (not shown: it may contain a password); allowed: sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE\n"
	if cli.Run(t.Context(), []string{"--database-url", "postgres:"}, nil, &out, &out); out.String() != want {
		t.Errorf("got  %swant %s", &out, want)
	}
}
