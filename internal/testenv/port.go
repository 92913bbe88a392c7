// SPDX-License-Identifier: EUPL-1.2

package testenv

import (
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"testing"
)

// given are the ports that FreePort has returned.
var given sync.Map

// FreePort returns a port of the loopback interface for a program that cannot choose one
// itself. It is below those that Linux gives to clients and to listeners on port 0, from
// 32768: one of them could be taken again before the program listens.
func FreePort(t testing.TB) string {
	t.Helper()
	for range 1000 {
		port := strconv.Itoa(20_000 + rand.IntN(12_000))
		listener, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			continue
		}
		_ = listener.Close()
		if _, taken := given.LoadOrStore(port, true); !taken {
			return port
		}
	}
	t.Fatal("no port is free")
	return ""
}
