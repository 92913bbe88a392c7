// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/domain"
)

// The functions below return the value of a field.

func text(field func(*Config) *string) value {
	return value{"text", func(c *Config, v string) error {
		*field(c) = v
		return nil
	}}
}

func choice(field func(*Config) *string, allowed ...string) value {
	return value{"word", func(c *Config, v string) error {
		*field(c) = v
		return oneOf(v, allowed...)
	}}
}

func boolean(field func(*Config) *bool) value {
	return value{"bool", func(c *Config, v string) error {
		*field(c) = v == "true"
		return oneOf(v, "true", "false")
	}}
}

func address(field func(*Config) *string) value {
	return value{"host:port", func(c *Config, v string) error {
		*field(c) = v
		_, port, err := net.SplitHostPort(v)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		if err != nil {
			return errors.New("must be host:port, with a port from 0 to 65535")
		}
		return nil
	}}
}

// base is the start of addresses, without a trailing slash.
func base(field func(*Config) *string) value {
	return value{"url", func(c *Config, v string) error {
		*field(c) = strings.TrimSuffix(v, "/")
		return nil
	}}
}

// unlessEmpty accepts an empty value, too.
func unlessEmpty(of value) value {
	return value{of.Type, func(c *Config, v string) error {
		if v == "" {
			return nil
		}
		return of.set(c, v)
	}}
}

func number(field func(*Config) *int, least, most int) value {
	return value{"number", func(c *Config, v string) (err error) {
		*field(c), err = strconv.Atoi(v)
		if n := *field(c); err != nil || n < least || n > most {
			return fmt.Errorf("must be a whole number from %d to %d", least, most)
		}
		return nil
	}}
}

func bytes(field func(*Config) *int64, least string) value {
	minimum, _ := parseSize(least)
	return value{"size", func(c *Config, v string) (err error) {
		*field(c), err = parseSize(v)
		if err != nil || *field(c) < minimum {
			return fmt.Errorf("must be a size of at least %s, such as 256MiB or 268435456", least)
		}
		return nil
	}}
}

// units are the units of sizes; B is the end of all others.
var units = []struct {
	name  string
	bytes int64
}{
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"TiB", 1 << 40},
	{"kB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"TB", 1e12},
	{"B", 1},
	{"", 1},
}

// parseSize parses a whole number with or without a unit.
func parseSize(v string) (int64, error) {
	for _, u := range units {
		digits, ok := strings.CutSuffix(v, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSuffix(digits, " "), 10, 64)
		if err != nil || n < 0 || n > math.MaxInt64/u.bytes {
			return 0, strconv.ErrSyntax
		}
		return n * u.bytes, nil
	}
	return 0, strconv.ErrSyntax
}

func timeout(field func(*Config) *time.Duration) value {
	return value{"duration", func(c *Config, v string) (err error) {
		*field(c), err = time.ParseDuration(v)
		if d := *field(c); err != nil || d < 100*time.Millisecond || d > time.Hour {
			return errors.New("must be a duration from 100ms to 1h, such as 10s")
		}
		return nil
	}}
}

func oneOf(v string, allowed ...string) error {
	if slices.Contains(allowed, v) {
		return nil
	}
	return domain.NotOneOf("", v, "is not allowed", allowed)
}

// networks parses addresses and networks separated by commas.
func networks(v string) (all []netip.Prefix, err error) {
	if v == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(v, ",") {
		part = strings.TrimSpace(part)
		network, err := netip.ParsePrefix(part)
		if address, errAddress := netip.ParseAddr(part); errAddress == nil && address.Zone() == "" {
			network, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil && domain.MayHoldPassword(v) {
			return nil, errors.New("must be networks or addresses, such as 10.0.0.0/8 or 192.0.2.1")
		}
		if err != nil {
			return nil, fmt.Errorf("%q must be a network or an address, such as 10.0.0.0/8 or 192.0.2.1", part)
		}
		if network != network.Masked() {
			return nil, fmt.Errorf("%q must start with the address of the network; did you mean %s?", part, network.Masked())
		}
		all = append(all, network)
	}
	return all, nil
}
