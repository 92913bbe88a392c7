// SPDX-License-Identifier: EUPL-1.2

package chaos

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// mode is what a proxy does with connections.
type mode int32

const (
	pass   mode = iota
	slow        // each piece of data is late by proxyDelay
	drop        // connections are accepted, but nothing arrives
	refuse      // connections are closed
)

// proxyDelay is how late slow data are, in both directions.
func proxyDelay() time.Duration { return either(200*time.Millisecond, 20*time.Millisecond) }

// proxy is a TCP proxy in front of the database.
type proxy struct {
	listener net.Listener
	target   string
	mode     atomic.Int32
	mutex    sync.Mutex
	open     map[net.Conn]bool
}

func startProxy(t testing.TB, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, target: target, open: map[net.Conn]bool{}}
	t.Cleanup(func() {
		_ = l.Close()
		p.set(refuse)
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.connect(c)
		}
	}()
	return p
}

func (p *proxy) address() string { return p.listener.Addr().String() }

// set changes the mode. Data that were dropped arrive when it is pass again.
func (p *proxy) set(m mode) {
	p.mode.Store(int32(m))
	if m == refuse {
		p.mutex.Lock()
		defer p.mutex.Unlock()
		for c := range p.open {
			_ = c.Close()
		}
	}
}

func (p *proxy) connect(client net.Conn) {
	defer p.forget(client)
	if p.remember(client); mode(p.mode.Load()) == refuse {
		return
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer p.forget(server)
	p.remember(server)
	done := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{client, server}, {server, client}} {
		go func() {
			p.copy(pair[1], pair[0])
			done <- struct{}{}
		}()
	}
	<-done
}

func (p *proxy) copy(to, from net.Conn) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		for mode(p.mode.Load()) == drop {
			time.Sleep(10 * time.Millisecond)
		}
		if mode(p.mode.Load()) == slow {
			time.Sleep(proxyDelay())
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) remember(c net.Conn) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.open[c] = true
}

func (p *proxy) forget(c net.Conn) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	delete(p.open, c)
	_ = c.Close()
}
