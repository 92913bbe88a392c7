// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"github.com/zielstand/zielstand/internal/metrics"
	"github.com/zielstand/zielstand/internal/site"
)

// tooMany is the error for a client that makes too many requests.
type tooMany struct {
	text  string
	after time.Duration
}

func (e *tooMany) Error() string { return e.text }

// seconds is the value of Retry-After.
func (e *tooMany) seconds() string { return strconv.Itoa(max(1, int(math.Ceil(e.after.Seconds())))) }

// errBusy is the error for a request that did not get a slot in time.
var errBusy = &refused{http.StatusServiceUnavailable, "the service is busy with other requests; try again in a few seconds"}

// The rates of at most maxClients clients are remembered, each until the client has been
// idle for idleClient. A client that was forgotten starts with a full burst.
const (
	maxClients = 100_000
	idleClient = 10 * time.Minute
)

// checkRate returns an error if the request exceeds Options.RateLimit. A refused request
// costs nothing: Limiter.Reserve and Cancel would lose tokens if a client has several
// requests at once, and lock it out for long.
func (s *Server) checkRate(c echo.Context) error {
	if s.options.RateLimit == 0 || isHealth(c) {
		return nil
	}
	limiter := s.clients.Get(client(c), func() *rate.Limiter {
		return rate.NewLimiter(rate.Limit(s.options.RateLimit), s.options.RateBurst)
	})
	if limiter.Allow() {
		return nil
	}
	s.metrics.Refused(metrics.RateLimit)
	missing := max(0, 1-limiter.Tokens())
	return &tooMany{"too many requests from this address; try again later", time.Duration(missing / float64(s.options.RateLimit) * float64(time.Second))}
}

// client returns the network by which a client is known: its address or, with IPv6,
// the /64 that a household has.
func client(c echo.Context) netip.Prefix {
	address, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return netip.Prefix{} // clients without an address share a limit
	}
	address = address.Unmap().WithZone("")
	bits := 32
	if address.Is6() {
		bits = 64
	}
	network, _ := address.Prefix(bits) // bits fits the address
	return network
}

// clientAddress returns the function that finds the address of a client: the one in the
// header if a trusted network sent the request, otherwise the connection's.
func clientAddress(header string, trusted []netip.Prefix) echo.IPExtractor {
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, network := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: network.Addr().AsSlice(), Mask: net.CIDRMask(network.Bits(), network.Addr().BitLen()),
		}))
	}
	switch http.CanonicalHeaderKey(header) {
	case echo.HeaderXForwardedFor:
		return echo.ExtractIPFromXFFHeader(options...)
	case http.CanonicalHeaderKey(echo.HeaderXRealIP):
		return echo.ExtractIPFromRealIPHeader(options...)
	}
	return echo.ExtractIPDirect()
}

// slotTimeout is how long a request waits for a slot.
const slotTimeout = 5 * time.Second

// limitWork is middleware that bounds how many answers are built at the same time. A
// request frees its slot when its answer starts: how long the client takes to read it
// does not matter. Requests that may have to wait for something else have slots of their
// own, so that everything else can still be answered from memory.
func (s *Server) limitWork(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		slots := s.slots
		if mayWait(c) {
			slots = s.waitingSlots
		}
		if isHealth(c) {
			return next(c)
		}
		if isMCP(c) { // a body that arrives slowly must not keep a slot
			if err := receiveMCP(c); err != nil {
				return err
			}
		}
		if err := s.takeSlot(c, slots); err != nil {
			return err
		}
		w := c.Response().Writer.(*responseWriter)
		w.freeSlot = sync.OnceFunc(func() { <-slots })
		defer w.freeSlot()
		return next(c)
	}
}

// mayWait reports whether a request may have to wait: for the database if it names a
// release, as any call to /mcp may, or for its turn if it asks for an image, because only a
// few are drawn at a time.
func mayWait(c echo.Context) bool {
	return c.QueryParam("release") != "" || strings.Contains(c.Path(), "/releases/") || isMCP(c) ||
		strings.HasSuffix(c.Request().URL.Path, string(site.PNG))
}

func (s *Server) takeSlot(c echo.Context, slots chan struct{}) error {
	select {
	case slots <- struct{}{}:
		return nil
	default:
	}
	late := time.NewTimer(slotTimeout)
	defer late.Stop()
	select {
	case slots <- struct{}{}:
		return nil
	case <-c.Request().Context().Done():
		return c.Request().Context().Err()
	case <-late.C:
		s.metrics.Refused(metrics.Concurrency)
		return errBusy
	}
}

// isHealth reports whether the request is a health check. No limit refuses them: a
// supervisor that gets no answer would restart the service.
func isHealth(c echo.Context) bool { return c.Path() == "/healthz" || c.Path() == "/readyz" }
