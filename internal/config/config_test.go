// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/config"
	"github.com/zielstand/zielstand/internal/domain"
)

func write(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "zielstand.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, err := config.Load([]string{"HOME=/root", "PATH=/bin", "ZIELSTAND_TEST_POSTGRES_URL=x"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(config.HTTP{
		Address: "127.0.0.1:8080", PublicURL: "http://127.0.0.1:8080",
		ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, StreamTimeout: 5 * time.Second,
		Concurrent: 256, RateBurst: 100,
	}, c.HTTP); diff != "" {
		t.Errorf("http (-want +got)\n%s", diff)
	}
	want := config.Data{License: "dl-by-de/2.0", Attribution: "Zielstand, nach Veröffentlichungen des Landes Nordrhein-Westfalen"}
	if diff := cmp.Diff(want, c.Data); diff != "" {
		t.Errorf("data (-want +got)\n%s", diff)
	}
	if c.Database.URL != "sqlite:zielstand.db" || !c.Database.Manage || c.Database.Timeout != 10*time.Second || c.Fixtures.Path != "" || c.Cache.Bytes != 256<<20 || c.Log.Level != "info" || c.Log.Format != "text" {
		t.Errorf("%+v", c)
	}
}

// TestPrecedence sets one key in each place.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	path := write(t, "http:\n  address: file:1\nlog:\n  level: warn\ncache:\n  bytes: 2097152\ndata:\n  attribution: file\n")
	env := []string{"ZIELSTAND_CONFIG=" + path, "ZIELSTAND_HTTP_ADDRESS=env:1", "ZIELSTAND_DATA_ATTRIBUTION=env"}
	for _, tt := range []struct {
		name                            string
		environ                         []string
		flags                           map[string]string
		address, attribution, level, by string
	}{
		{"file", []string{"ZIELSTAND_CONFIG=" + path}, nil, "file:1", "file", "warn", "http://file:1"},
		{"file by flag", nil, map[string]string{"config": path}, "file:1", "file", "warn", "http://file:1"},
		{"file by flag over file by environment", []string{"ZIELSTAND_CONFIG=/absent"}, map[string]string{"config": path}, "file:1", "file", "warn", "http://file:1"},
		{"environment over file", env, nil, "env:1", "env", "warn", "http://env:1"},
		{"flag over environment", env, map[string]string{"http.address": "flag:1"}, "flag:1", "env", "warn", "http://flag:1"},
		{"flag over file", []string{"ZIELSTAND_CONFIG=" + path}, map[string]string{"data.attribution": "flag", "log.level": "error"}, "file:1", "flag", "error", "http://file:1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := config.Load(tt.environ, tt.flags)
			if err != nil {
				t.Fatal(err)
			}
			if c.HTTP.Address != tt.address || c.Data.Attribution != tt.attribution || c.Log.Level != tt.level || c.HTTP.PublicURL != tt.by || c.Cache.Bytes != 2<<20 {
				t.Errorf("%+v, want %+v", c, tt)
			}
		})
	}
}

func TestPublicURL(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://daten.example":       "https://daten.example",
		"https://daten.example/":      "https://daten.example",
		"https://daten.example/ziel/": "https://daten.example/ziel",
		"":                            "http://127.0.0.1:8080",
	} {
		c, err := config.Load(nil, map[string]string{"http.public_url": given})
		if err != nil || c.HTTP.PublicURL != want {
			t.Errorf("%q becomes %q, error %v; want %q", given, c.HTTP.PublicURL, err, want)
		}
	}
}

// TestCachePath finds a folder that can be written where only the database's can.
func TestCachePath(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ url, path, want string }{
		{"sqlite:zielstand.db", "", "zielstand-cache"},
		{"sqlite:/data/zielstand.db", "", "/data/zielstand-cache"},
		{"sqlite:data/zielstand.db", "", "data/zielstand-cache"},
		{"postgres://zielstand@db/zielstand", "", "zielstand-cache"},
		{"sqlite:/data/zielstand.db", "/var/cache/zielstand", "/var/cache/zielstand"},
	} {
		c, err := config.Load(nil, map[string]string{"database.url": tt.url, "cache.path": tt.path})
		if err != nil || filepath.ToSlash(c.Cache.Path) != tt.want {
			t.Errorf("%s with cache.path=%q: %+v, error %v; want %s", tt.url, tt.path, c, err, tt.want)
		}
	}
}

func TestUnknownKeys(t *testing.T) {
	t.Parallel()
	path := write(t, "http:\n  adress: 127.0.0.1:80\n")
	other := write(t, "population: 18000000\n")
	section := write(t, "population:\n")
	var names, env []string
	for _, k := range config.Keys {
		names = append(names, k.Name)
		env = append(env, k.Env())
	}
	env = append([]string{"ZIELSTAND_CONFIG"}, env...)
	for _, tt := range []struct {
		name    string
		environ []string
		want    domain.Invalid
	}{
		{"file", []string{"ZIELSTAND_CONFIG=" + path}, domain.Invalid{Name: "http.adress in " + path, Allowed: names, Nearest: "http.address"}},
		{"file, nothing like it", []string{"ZIELSTAND_CONFIG=" + other}, domain.Invalid{Name: "population in " + other, Allowed: names}},
		{"file, an empty section", []string{"ZIELSTAND_CONFIG=" + section}, domain.Invalid{Name: "population in " + section, Allowed: names}},
		{"environment", []string{"ZIELSTAND_HTTP_ADRESS=x"}, domain.Invalid{Name: "ZIELSTAND_HTTP_ADRESS", Allowed: env, Nearest: "ZIELSTAND_HTTP_ADDRESS"}},
		{"environment, the first of several", []string{"ZIELSTAND_LOG_LEVL=x", "ZIELSTAND_HTTP_ADRESS=x"}, domain.Invalid{Name: "ZIELSTAND_HTTP_ADRESS", Allowed: env, Nearest: "ZIELSTAND_HTTP_ADDRESS"}},
		{"environment, not of a service", []string{"ZIELSTAND_PORT=8080"}, domain.Invalid{Name: "ZIELSTAND_PORT", Allowed: env}},
		{"environment, like a service", []string{"ZIELSTAND_PORT_8080_TCP_HOST=x"}, domain.Invalid{Name: "ZIELSTAND_PORT_8080_TCP_HOST", Allowed: env}},
		{"environment in small letters", []string{"ZIELSTAND_http_address=x"}, domain.Invalid{Name: "ZIELSTAND_http_address", Allowed: env, Nearest: "ZIELSTAND_HTTP_ADDRESS"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.want.Rule = "unknown configuration key"
			_, err := config.Load(tt.environ, nil)
			var invalid *domain.Invalid
			if !errors.As(err, &invalid) {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(tt.want, *invalid); diff != "" {
				t.Errorf("error (-want +got)\n%s", diff)
			}
		})
	}
}

// TestServiceLinks ignores what Kubernetes and Docker set for services called zielstand and
// zielstand-postgresql.
func TestServiceLinks(t *testing.T) {
	t.Parallel()
	_, err := config.Load([]string{
		"ZIELSTAND_SERVICE_HOST=10.0.0.1", "ZIELSTAND_SERVICE_PORT=8080", "ZIELSTAND_SERVICE_PORT_HTTP=8080",
		"ZIELSTAND_PORT=tcp://10.0.0.1:8080", "ZIELSTAND_PORT_8080_TCP=tcp://10.0.0.1:8080",
		"ZIELSTAND_PORT_8080_TCP_ADDR=10.0.0.1", "ZIELSTAND_PORT_8080_TCP_PORT=8080", "ZIELSTAND_PORT_8080_TCP_PROTO=tcp",
		"ZIELSTAND_POSTGRESQL_SERVICE_HOST=10.0.0.2", "ZIELSTAND_POSTGRESQL_SERVICE_PORT_TCP_POSTGRESQL=5432",
		"ZIELSTAND_POSTGRESQL_PORT=tcp://10.0.0.2:5432", "ZIELSTAND_POSTGRESQL_PORT_5432_TCP_ADDR=10.0.0.2",
	}, nil)
	if err != nil {
		t.Error(err)
	}
}

// TestWrongValues names the key as it was written, by flag, environment or file.
func TestWrongValues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ key, value, want string }{
		{"http.address", "8080", `"8080": must be host:port, with a port from 0 to 65535`},
		{"http.address", "127.0.0.1:", `"127.0.0.1:": must be host:port, with a port from 0 to 65535`},
		{"http.address", "127.0.0.1:99999", `"127.0.0.1:99999": must be host:port, with a port from 0 to 65535`},
		{"http.address", "127.0.0.1:http", `"127.0.0.1:http": must be host:port, with a port from 0 to 65535`},
		{"http.metrics_address", ":-1", `":-1": must be host:port, with a port from 0 to 65535`},
		{"http.address", "", `: must be host:port, with a port from 0 to 65535`},
		{"cache.streams", "postgres://u:p@h/db", `: must be a whole number from 1 to 1000`},
		{"database.manage", "yes", `"yes": is not allowed; allowed: true, false`},
		{"database.connections", "-1", `"-1": must be a whole number from 0 to 1000`},
		{"database.timeout", "10", `"10": must be a duration of at least 10ms, such as 10s`},
		{"database.timeout", "1ms", `"1ms": must be a duration of at least 10ms, such as 10s`},
		{"http.read_timeout", "10", `"10": must be a duration from 100ms to 1h, such as 10s`},
		{"http.write_timeout", "99ms", `"99ms": must be a duration from 100ms to 1h, such as 10s`},
		{"http.stream_timeout", "2h", `"2h": must be a duration from 100ms to 1h, such as 10s`},
		{"log.format", "yaml", `"yaml": is not allowed; allowed: text, json`},
		{"cache.bytes", "256mb", `"256mb": must be a size of at least 1MiB, such as 256MiB or 268435456`},
		{"cache.bytes", "1048575", `"1048575": must be a size of at least 1MiB, such as 256MiB or 268435456`},
		{"cache.bytes", "", `: must be a size of at least 1MiB, such as 256MiB or 268435456`},
		{"cache.bytes", "1.5GiB", `"1.5GiB": must be a size of at least 1MiB, such as 256MiB or 268435456`},
		{"cache.bytes", "-1GiB", `"-1GiB": must be a size of at least 1MiB, such as 256MiB or 268435456`},
		{"cache.bytes", "9999999999GiB", `"9999999999GiB": must be a size of at least 1MiB, such as 256MiB or 268435456`},
		{"http.metrics_address", "9090", `"9090": must be host:port, with a port from 0 to 65535`},
		{"http.concurrent", "0", `"0": must be a whole number from 1 to 100000`},
		{"http.client_header", "X-Forwarded", `"X-Forwarded": is not allowed; did you mean "X-Forwarded-For"?; allowed: X-Forwarded-For, X-Real-IP`},
		{"http.trusted_networks", "proxy", `"proxy": "proxy" must be a network or an address, such as 10.0.0.0/8 or 192.0.2.1`},
		{"http.trusted_networks", "postgres://u:p@h/db", `: must be networks or addresses, such as 10.0.0.0/8 or 192.0.2.1`},
		{"http.trusted_networks", "10.1.0.0/8", `"10.1.0.0/8": "10.1.0.0/8" must start with the address of the network; did you mean 10.0.0.0/8?`},
		{"http.trusted_networks", "10.0.0.0/8", `"10.0.0.0/8": must be set together with http.client_header`},
		{"http.client_header", "X-Real-IP", `"X-Real-IP": must be set together with http.trusted_networks`},
		{"cache.streams", "0", `"0": must be a whole number from 1 to 1000`},
		{"log.level", "wran", `"wran": is not allowed; did you mean "warn"?; allowed: debug, info, warn, error`},
		{"log.level", "INFO", `"INFO": is not allowed; did you mean "info"?; allowed: debug, info, warn, error`},
	} {
		t.Run(tt.key+"="+url.PathEscape(tt.value), func(t *testing.T) {
			t.Parallel()
			join := func(name string) string {
				if strings.HasPrefix(tt.want, ":") {
					return name + tt.want
				}
				return name + "=" + tt.want
			}
			section, name, _ := strings.Cut(tt.key, ".")
			path := write(t, section+":\n  "+name+": '"+tt.value+"'\n")
			env := "ZIELSTAND_" + strings.ToUpper(strings.ReplaceAll(tt.key, ".", "_"))
			flag := "--" + strings.NewReplacer(".", "-", "_", "-").Replace(tt.key)
			for _, way := range []struct {
				want    string
				environ []string
				flags   map[string]string
			}{
				{join(flag), nil, map[string]string{tt.key: tt.value}},
				{join(env), []string{env + "=" + tt.value}, nil},
				{join(tt.key + " in " + path), []string{"ZIELSTAND_CONFIG=" + path}, nil},
			} {
				_, err := config.Load(way.environ, way.flags)
				if !errors.Is(err, domain.ErrInvalid) || err.Error() != way.want {
					t.Errorf("error %v\nwant  %s", err, way.want)
				}
			}
		})
	}
}

func TestWrongFiles(t *testing.T) {
	t.Parallel()
	absent := filepath.Join(t.TempDir(), "absent.yaml")
	for name, tt := range map[string]struct{ path, want string }{
		"absent":               {absent, "open " + absent + ": no such file or directory"},
		"no YAML":              {write(t, "http: [\n"), "yaml: line 1: did not find expected node content"},
		"a bracket":            {write(t, "log: {level: info\n"), "yaml: line 1: did not find expected ',' or '}'"},
		"no colon":             {write(t, "log:\n  level: info\n  format\n"), "yaml: line 3: could not find expected ':'"},
		"content":              {write(t, "log: *secret\n"), "yaml: unknown anchor … referenced"},
		"a list":               {write(t, "- http.address\n"), "line 1: must be a mapping of sections and keys, such as “log: {level: info}”, not a list"},
		"tabs":                 {write(t, "http:\n\taddress: x:1\n"), "yaml: line 2: found character that cannot start any token"},
		"one word":             {write(t, "# text\nhttp\n"), "line 2: must be a mapping of sections and keys, such as “log: {level: info}”, not a single value"},
		"a key twice":          {write(t, "log:\n  level: info\n  level: warn\n"), "line 3: log.level is set twice; it is also set in line 2"},
		"a section twice":      {write(t, "log:\n  level: info\nlog:\n  format: text\n"), "line 3: log is set twice; it is also set in line 1"},
		"a value broken twice": {write(t, "database:\n  url:\n    a b: c\n    a b: c\n"), "line 4: database.url.… is set twice; it is also set in line 3"},
		"too large":            {write(t, "#"+strings.Repeat(" ", 1<<20)), "must not have more than 1048576 bytes"},
		"a name with a dot":    {write(t, "log.level: info\nlog:\n  level: warn\n"), "line 3: log.level is set twice; it is also set in line 1"},
		"two documents":        {write(t, "log:\n  level: warn\n---\nlog:\n  level: loud\n"), "line 3: a second document, after “---”, is not allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(nil, map[string]string{"config": tt.path})
			if want := "configuration file " + tt.path + ": " + tt.want; err == nil || err.Error() != want {
				t.Errorf("error %v\nwant  %s", err, want)
			}
		})
	}
	for _, empty := range []string{"# nothing\n", "log:\n  # level: info\n", "log: {}\nhttp:\n"} {
		if _, err := config.Load(nil, map[string]string{"config": write(t, empty)}); err != nil {
			t.Errorf("nothing in %q: %v", empty, err)
		}
	}
}

// TestDottedNames reads keys with dots in their names beside the section of that name.
func TestDottedNames(t *testing.T) {
	t.Parallel()
	path := write(t, "http.address: 127.0.0.1:1\nhttp:\n  public_url: https://zielstand.example\nhttp.rate_limit: 7\n")
	for range 20 { // the order of a map differs from run to run
		c, err := config.Load(nil, map[string]string{"config": path})
		if err != nil {
			t.Fatal(err)
		}
		if c.HTTP.Address != "127.0.0.1:1" || c.HTTP.PublicURL != "https://zielstand.example" || c.HTTP.RateLimit != 7 {
			t.Fatalf("%+v", c.HTTP)
		}
	}
}

// TestFileValues takes values that YAML has types for as they are written.
func TestFileValues(t *testing.T) {
	t.Parallel()
	path := write(t, `
cache: {bytes: 268435456}
database: {manage: false, connections: 4}
site:
  imprint: 1.10
  privacy: 0x1F
  accessibility: True
  accessibility_date: 2026-11-29
  accessibility_gaps:
catalog:
  frequency: &code 007
  availability: *code
`)
	c, err := config.Load(nil, map[string]string{"config": path})
	if err != nil {
		t.Fatal(err)
	}
	if c.Cache.Bytes != 268435456 || c.Database.Manage || c.Database.Connections != 4 {
		t.Errorf("%+v", c)
	}
	want := config.Site{Imprint: "1.10", Privacy: "0x1F", Accessibility: "True", Statement: config.Statement{Date: "2026-11-29"}}
	if diff := cmp.Diff(want, c.Site); diff != "" {
		t.Errorf("site (-want +got)\n%s", diff)
	}
	if c.Catalog.Frequency != "007" || c.Catalog.Availability != "007" {
		t.Errorf("%+v", c.Catalog)
	}
}

// TestFileLists reads a list where there can be several values, and refuses it elsewhere.
func TestFileLists(t *testing.T) {
	t.Parallel()
	path := write(t, "http:\n  client_header: X-Real-IP\n  trusted_networks: [10.0.0.0/8, 192.0.2.1]\n")
	c, err := config.Load(nil, map[string]string{"config": path})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(c.HTTP.TrustedNetworks); got != "[10.0.0.0/8 192.0.2.1/32]" {
		t.Error(got)
	}
	for content, want := range map[string]string{
		"http:\n  client_header: X-Real-IP\n  trusted_networks: [10.0.0.0/8, proxy]\n": `http.trusted_networks in %s="10.0.0.0/8, proxy": "proxy" must be a network or an address, such as 10.0.0.0/8 or 192.0.2.1`,
		"site:\n  imprint: [a, b]\n": "site.imprint in %s: must be a single value, not a list",
	} {
		path := write(t, content)
		if _, err := config.Load(nil, map[string]string{"config": path}); !errors.Is(err, domain.ErrInvalid) || err.Error() != fmt.Sprintf(want, path) {
			t.Errorf("error %v\nwant  %s", err, fmt.Sprintf(want, path))
		}
	}
}

// TestSizes reads sizes with and without a unit.
func TestSizes(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]int64{
		"1048576": 1 << 20, "1048576B": 1 << 20, "1024KiB": 1 << 20, "3MiB": 3 << 20, "2 GiB": 2 << 30, "1TiB": 1 << 40,
		"2000kB": 2e6, "2MB": 2e6, "2GB": 2e9, "2TB": 2e12,
	} {
		c, err := config.Load(nil, map[string]string{"cache.bytes": given})
		if err != nil || c.Cache.Bytes != want {
			t.Errorf("%q is %d, error %v; want %d", given, c.Cache.Bytes, err, want)
		}
	}
}

// TestTrustedNetworks reads networks and addresses.
func TestTrustedNetworks(t *testing.T) {
	t.Parallel()
	c, err := config.Load(nil, map[string]string{"http.client_header": "X-Real-IP", "http.trusted_networks": "10.0.0.0/8, 192.0.2.1,2001:db8::/32"})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(c.HTTP.TrustedNetworks); got != "[10.0.0.0/8 192.0.2.1/32 2001:db8::/32]" {
		t.Error(got)
	}
}

var keyLayout = regexp.MustCompile(`^[a-z]+\.[a-z]+(_[a-z]+)*$`)

// TestKeys checks that keys can be written as flags and variables.
func TestKeys(t *testing.T) {
	t.Parallel()
	flags, env := map[string]bool{"config": true}, map[string]bool{config.FileEnv: true}
	for _, k := range config.Keys {
		if !keyLayout.MatchString(k.Name) {
			t.Errorf("the key %s has another form than section.name", k.Name)
		}
		if flags[k.Flag()] || env[k.Env()] {
			t.Errorf("%s shares its flag --%s or variable %s with another key", k.Name, k.Flag(), k.Env())
		}
		flags[k.Flag()], env[k.Env()] = true, true
		if !strings.HasSuffix(k.Usage, ".") || strings.ToUpper(k.Usage[:1]) != k.Usage[:1] {
			t.Errorf("the usage of %s is not a sentence: %s", k.Name, k.Usage)
		}
		if _, err := config.Load([]string{k.Env() + "=" + k.Default}, nil); err != nil {
			t.Errorf("the default of %s is refused: %v", k.Name, err)
		}
	}
	if k := config.Keys[1]; k.Name != "http.public_url" || k.Flag() != "http-public-url" || k.Env() != "ZIELSTAND_HTTP_PUBLIC_URL" {
		t.Errorf("%s, --%s, %s", k.Name, k.Flag(), k.Env())
	}
}
