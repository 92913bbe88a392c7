// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/config"
	"github.com/zielstand/zielstand/internal/domain"
)

// FuzzValues sets sizes, durations, numbers and networks: a value is within its bounds, or
// refused with a rule.
func FuzzValues(f *testing.F) {
	for _, v := range []string{
		"", "1MiB", "256 MiB", "9223372036854775807", "8388608TiB", "-1", "0x10", "1.5GiB", "1e9", "10s", "1h0m0.1s", "-10s", "9999999h", "10.0.0.0/8, 192.0.2.1", "10.0.0.1/8",
		"::1/128", "fe80::1%eth0", "::ffff:10.0.0.0/104", ",", "true", "0", "100000", " 1", "１",
	} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		for key, flags := range map[string]map[string]string{
			"cache.bytes":           {},
			"database.timeout":      {},
			"http.read_timeout":     {},
			"http.rate_limit":       {},
			"http.trusted_networks": {"http.client_header": "X-Real-IP"},
			"http.address":          {},
			"site.report_url":       {},
		} {
			flags[key] = v
			c, err := config.Load(nil, flags)
			if err != nil {
				var invalid *domain.Invalid
				if !errors.As(err, &invalid) || invalid.Rule == "" || invalid.Name == "" {
					t.Errorf("%s=%q: %v", key, v, err)
				}
				continue
			}
			if c.Cache.Bytes < 1<<20 || c.Database.Timeout < 10*time.Millisecond || c.HTTP.ReadTimeout < 100*time.Millisecond || c.HTTP.ReadTimeout > time.Hour || c.HTTP.RateLimit < 0 || c.HTTP.RateLimit > 100000 {
				t.Errorf("%s=%q: %+v", key, v, c)
			}
			for _, network := range c.HTTP.TrustedNetworks {
				if !network.IsValid() || network != network.Masked() {
					t.Errorf("%s=%q: %s", key, v, network)
				}
			}
		}
	})
}

// FuzzFile reads any file of settings.
func FuzzFile(f *testing.F) {
	for _, content := range []string{
		"http:\n  address: file:1\n", "http.address: x", "cache: {bytes: 2MiB}", "- a\n", "a: &a [*a]\n", "\t", "http: null\n", "http:\n  rate_limit: 1e3\n", "\xff", "? [a]\n: b\n", "cache:\n  bytes: 0o17\n", "1: 2", "database: {url: [1]}",
	} {
		f.Add([]byte(content))
	}
	path := filepath.Join(f.TempDir(), "zielstand.yaml")
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := config.Load(nil, map[string]string{"config": path}); err != nil && err.Error() == "" || err == nil && c.Cache.Bytes < 1<<20 {
			t.Errorf("%q: %+v, error %v", content, c, err)
		}
	})
}
