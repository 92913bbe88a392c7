package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/fixture"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/strategy"
	"github.com/zielstand/zielstand/openapi"
)

const (
	followEvery   = 2 * time.Second
	shutdownAfter = 10 * time.Second
	// ballastSize is memory that is never touched, and so never taken from the
	// system. It counts for the garbage collector, which otherwise would run many
	// times a second for the little that lives and the much that requests leave.
	ballastSize = 40 << 20
)

// serve migrates, publishes the fixtures into an empty store, and serves until
// the context ends.
func (p *program) serve(cmd *cobra.Command, _ []string) error {
	ctx := cmd.Context()
	ballast := make([]byte, ballastSize)
	defer runtime.KeepAlive(ballast)
	log := &bufferedLog{to: p.stderr}
	defer log.Flush()
	p.stderr = log
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if p.config.Database.Manage {
		if err := p.publishFirst(ctx, s.Primary()); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", p.config.HTTP.Address)
	if err != nil {
		return err
	}
	defer listener.Close()
	base := reachable(p.config.HTTP.Address, listener.Addr())
	if p.config.HTTP.PublicURL == "http://"+p.config.HTTP.Address {
		p.config.HTTP.PublicURL = base // links must answer, on port 0 and on all interfaces too
	}
	logger := p.logger()
	handler, releases, warm, err := p.handler(s)
	if err != nil {
		return err
	}
	warn := func(err error) { logger.Warn("releases not refreshed", slog.Any("error", err)) }
	if err := releases.Refresh(ctx); errors.Is(err, strategy.ErrUnavailable) {
		warn(err) // served with 503 until the database answers
	} else if err != nil {
		return err
	}
	releases.Prepare(warm)
	go follow(ctx, releases, warm, warn)
	p.greet(base)
	return run(ctx, &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}, listener, shutdownAfter)
}

// follow makes the first release's common answers, then looks for new releases.
func follow(ctx context.Context, releases *representation.Releases, warm func(context.Context, *strategy.Release) error, warn func(error)) {
	if snapshot, err := releases.Current(); err == nil {
		if err := warm(ctx, snapshot.Latest); err != nil && ctx.Err() == nil {
			warn(err)
		}
		// What making them took: sync.Pool lets go of compressors in the second
		// collection, and what they hold would raise the heap's goal until then.
		runtime.GC()
		debug.FreeOSMemory()
	}
	releases.Follow(ctx, followEvery, warn)
}

// handler is the server over the store, what follows its releases, and what
// makes a release's common answers ahead of the first who asks.
func (p *program) handler(s *store.Store) (http.Handler, *representation.Releases, func(context.Context, *strategy.Release) error, error) {
	representations, err := representation.NewService(s, p.config.CatalogSettings(), p.config.Limits())
	if err != nil {
		return nil, nil, nil, err
	}
	releases := representation.NewReleases(s)
	logger := p.logger()
	var access io.Writer
	if logger.Enabled(context.Background(), slog.LevelInfo) {
		access = p.stderr
	}
	server, err := api.New(s, releases, representations, api.Options{
		PublicURL: p.config.HTTP.PublicURL, Version: openapi.Version, Logger: logger, AccessLog: access,
		Legal: map[string]string{
			"imprint": p.config.Site.Imprint, "privacy": p.config.Site.Privacy, "accessibility": p.config.Site.Accessibility,
		},
	})
	return server, releases, representations.Warm, err
}

// reachable is the address of the service for this machine: the port is the one
// that was taken, and no host means every interface.
func reachable(configured string, taken net.Addr) string {
	host, _, _ := net.SplitHostPort(configured)
	_, port, _ := net.SplitHostPort(taken.String())
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// greet says where the service is and what to try.
func (p *program) greet(base string) {
	fmt.Fprintf(p.stdout, "Zielstand serves on %s\nTry:\n  %s/v1/goals?due=2022\n  %s/v1/ozg-service-counts.csv\n  %s/docs\n", base, base, base, base)
}

// run serves until the context ends, then lets requests that are running finish,
// and cuts off those that do not in time: the store waits for them.
func run(ctx context.Context, server *http.Server, listener net.Listener, patience time.Duration) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(api.Connect(server, listener)) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("answers that were still being sent after %s are cut off: %w", patience, err), server.Close())
	}
	return nil
}

// publishFirst publishes the fixtures if the store holds no release.
func (p *program) publishFirst(ctx context.Context, s *store.Store) error {
	latest, err := s.Latest(ctx)
	if err == nil {
		fmt.Fprintf(p.stdout, "Found release %s\n", latest.ID)
		return nil
	}
	if !errors.Is(err, strategy.ErrNotFound) {
		return err
	}
	folder, err := p.fixtures()
	if err != nil {
		return fmt.Errorf("fixtures.path: %w", err)
	}
	release, err := p.publish(ctx, s, folder)
	if errors.Is(err, store.ErrPublished) || errors.Is(err, strategy.ErrConflict) {
		return nil // another instance was first
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Published release %s\n", release.ID)
	return nil
}

// fixtures is the data package of the configuration.
func (p *program) fixtures() (fs.FS, error) {
	if p.config.Fixtures.Path == "" {
		return fixtures.FS, nil
	}
	return fixture.Folder(p.config.Fixtures.Path)
}

// publish checks a data package and publishes it.
func (p *program) publish(ctx context.Context, s *store.Store, folder fs.FS) (*strategy.Release, error) {
	pkg, err := fixture.Read(folder)
	if err != nil {
		return nil, err
	}
	plan, err := ingest.Prepare(ctx, s, pkg, nil)
	if err != nil {
		return nil, err
	}
	return s.Publish(ctx, plan.Content)
}
