package api

import (
	"errors"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"github.com/zielstand/zielstand/internal/metrics"
)

// tooMany is the error for a client that makes too many requests.
type tooMany struct{ after time.Duration }

func (*tooMany) Error() string { return "too many requests from this address; try again later" }

// seconds is the value of Retry-After.
func (e *tooMany) seconds() string { return strconv.Itoa(int(math.Ceil(e.after.Seconds()))) }

// errBusy is the error for a request that did not get a place in time.
var errBusy = errors.New("too many requests are being answered at the moment; try again in a few seconds")

// The clients whose rate is known. Of more, the least recent are forgotten; a client
// that was away for idleClient has its whole burst again.
const (
	maxClients = 100_000
	idleClient = 10 * time.Minute
)

// limitRate is middleware that refuses what exceeds Options.RateLimit.
func (s *Server) limitRate(next echo.HandlerFunc) echo.HandlerFunc {
	if s.options.RateLimit == 0 {
		return next
	}
	return func(c echo.Context) error {
		if isHealth(c) {
			return next(c)
		}
		limiter := s.clients.Get(client(c), func() *rate.Limiter {
			return rate.NewLimiter(rate.Limit(s.options.RateLimit), s.options.RateBurst)
		})
		place := limiter.Reserve()
		if wait := place.Delay(); wait > 0 {
			place.Cancel()
			s.metrics.Refused(metrics.RateLimit)
			return &tooMany{wait}
		}
		return next(c)
	}
}

// client returns the network by which a client is known: its address or, with IPv6,
// the /64 that a household has.
func client(c echo.Context) netip.Prefix {
	address, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return netip.Prefix{} // all in one: an address is always known
	}
	address = address.Unmap().WithZone("")
	bits := 32
	if address.Is6() {
		bits = 64
	}
	network, _ := address.Prefix(bits) // bits fits the address
	return network
}

// clientAddress returns the function that finds the address of a client: in the header,
// if it was sent from a trusted network, otherwise that of the connection.
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

// place is a place among the answers that are being built.
type place struct{ taken chan struct{} }

// release gives the place back. It can be called more than once, and on nil.
func (p *place) release() {
	if p != nil && p.taken != nil {
		<-p.taken
		p.taken = nil
	}
}

// placeTimeout is how long a request waits for its place.
const placeTimeout = 5 * time.Second

// limitWork is middleware that bounds how many answers are built at the same time. A
// request gives its place back when its answer starts: how long the client takes to read
// it does not matter. What names a release, as any call to /mcp may, may have to wait for the
// database, and has places of its own, so that everything else can still be answered from memory.
func (s *Server) limitWork(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		places := s.places
		if c.QueryParam("release") != "" || strings.HasPrefix(c.Path(), "/v1/releases/") || isMCP(c) {
			places = s.namedPlaces
		}
		if isHealth(c) {
			return next(c)
		}
		if err := s.takePlace(c, places); err != nil {
			return err
		}
		w := c.Response().Writer.(*responseWriter)
		w.place = &place{places}
		defer w.place.release()
		return next(c)
	}
}

func (s *Server) takePlace(c echo.Context, places chan struct{}) error {
	select {
	case places <- struct{}{}:
		return nil
	default:
	}
	late := time.NewTimer(placeTimeout)
	defer late.Stop()
	select {
	case places <- struct{}{}:
		return nil
	case <-c.Request().Context().Done():
		return c.Request().Context().Err()
	case <-late.C:
		s.metrics.Refused(metrics.Concurrency)
		return errBusy
	}
}

// isHealth reports whether the request is a health check, which no limit refuses:
// whoever restarts the service must get an answer.
func isHealth(c echo.Context) bool { return c.Path() == "/healthz" || c.Path() == "/readyz" }

// measure counts a finished request. The route of an address that does not exist is
// empty.
func (s *Server) measure(c echo.Context, w *responseWriter, duration time.Duration) {
	format, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	s.metrics.Answered(pathParameter.ReplaceAllString(c.Path(), "{$1}"), format, w.status, w.bytes, duration)
}
