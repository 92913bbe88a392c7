// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/build"
	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/site"
	"github.com/zielstand/zielstand/internal/store"
)

const (
	followEvery   = 2 * time.Second
	shutdownAfter = 10 * time.Second
)

// serve migrates the database, publishes the data package if there is no release,
// and serves until the context ends.
func (p *program) serve(cmd *cobra.Command, _ []string) error {
	ctx := cmd.Context()
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
	listener, err := p.listen("http.address")
	if err != nil {
		return err
	}
	defer listener.Close()
	base := reachable(p.config.HTTP.Address, listener.Addr())
	if p.config.HTTP.PublicURL == "http://"+p.config.HTTP.Address {
		p.config.HTTP.PublicURL = base // links must answer, on port 0 and on all interfaces too
	}
	logger := p.logger()
	server, releases, documents, err := p.newServer(s, logger)
	if err != nil {
		return err
	}
	stopMetrics, err := p.serveMetrics(server, logger)
	if err != nil {
		return err
	}
	defer stopMetrics()
	logger.Info("listening", slog.String("address", listener.Addr().String()))
	// Ready and not only once a release is loaded: a service manager must not end a
	// server that waits for its database.
	p.notify("READY=1", "STATUS=Loading the latest release")
	watch := &watch{releases: releases, logger: logger, status: func(text string) { p.notify("STATUS=" + text) }}
	database, _, _ := strings.Cut(p.config.Database.URL, ":")
	serving, stopServing := context.WithCancel(ctx)
	defer stopServing()
	var loadErr error // valid after followed is closed
	followed, logged := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(followed)
		// Loading millions of rows takes a while. Until then /healthz answers 200,
		// and whatever needs a release 503.
		if loadErr = watch.load(serving); loadErr != nil {
			stopServing()
			return
		}
		if serving.Err() != nil {
			return
		}
		logger.Info("start", slog.String("version", build.Version()), slog.String("address", listener.Addr().String()),
			slog.String("database", database), slog.String("release", watch.release))
		warm := func(ctx context.Context, r *domain.Release) error {
			defer returnMemory()
			return documents.Warm(ctx, r)
		}
		releases.Prepare(warm)
		p.greet(base)
		watch.follow(serving, warm)
	}()
	stop := context.AfterFunc(ctx, func() {
		defer close(logged)
		logger.Info("shutdown")
		p.notify("STOPPING=1", "STATUS=Answering the last requests")
	})
	httpServer := server.HTTPServer()
	httpServer.ErrorLog = slog.NewLogLogger(logger.Handler(), slog.LevelWarn)
	err = run(serving, httpServer, listener, shutdownAfter)
	stopServing()
	if !stop() {
		<-logged
	}
	select { // the store is closed, and nothing is logged, after the last read
	case <-followed:
		return errors.Join(loadErr, err)
	case <-time.After(shutdownAfter):
		return err
	}
}

// listen listens on the address of a setting.
func (p *program) listen(key string) (net.Listener, error) {
	listener, err := net.Listen("tcp", p.config.Value(key))
	if err != nil {
		return nil, p.config.Invalid(key, errors.New("cannot be used: "+err.Error()))
	}
	return listener, nil
}

// newServer returns a server of the releases in a store, with the releases and
// documents it serves.
func (p *program) newServer(s *store.Store, logger *slog.Logger) (*api.Server, *release.Releases, *catalog.Service, error) {
	releases := release.New(s, p.config.Memory.Bytes)
	releases.Timeout = p.config.Database.Timeout
	limits := Limits(p.config)
	limits.Log = logger
	settings := CatalogSettings(p.config)
	representations, err := representation.NewService(releases, settings.Settings, limits)
	if err != nil {
		return nil, nil, nil, err
	}
	documents := catalog.NewService(releases, representations, settings)
	options := ServerOptions(p.config, logger)
	if options.Signers, err = p.signers(); err != nil {
		return nil, nil, nil, err
	}
	for _, name := range (site.Settings{Legal: options.Legal, Statement: options.Statement}).MissingTexts() {
		logger.Warn("page without text", slog.String("page", "/"+name), slog.String("setting", "site."+name))
	}
	server, err := api.New(s, releases, representations, documents, options)
	return server, releases, documents, err
}

// serveMetrics serves the metrics on their own address, if there is one, until the
// returned function is called.
func (p *program) serveMetrics(server *api.Server, logger *slog.Logger) (stop func(), err error) {
	if p.config.HTTP.MetricsAddress == "" {
		return func() {}, nil
	}
	listener, err := p.listen("http.metrics_address")
	if err != nil {
		return nil, err
	}
	metrics := server.MetricsServer()
	metrics.ErrorLog = slog.NewLogLogger(logger.Handler(), slog.LevelWarn)
	go func() {
		if err := metrics.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("metrics end", slog.Any("error", err))
		}
	}()
	logger.Info("metrics", slog.String("address", listener.Addr().String()))
	return func() { _ = metrics.Close() }, nil
}

// watch follows the releases. It logs new ones, and when the database is lost or
// available again.
type watch struct {
	releases *release.Releases
	logger   *slog.Logger
	status   func(state string) // reports a change to the service manager, or is nil
	state    string             // what was reported last
	snapshot *release.Snapshot  // what is served
	release  string             // the id of its latest release
	fault    string             // why the last check failed, or empty
}

const (
	databaseLost = "database lost"
	notTakenOver = "new release not served"
)

// returnMemory returns to the operating system the memory that building the common
// answers of a release, and the previous release, took up; an idle instance would keep
// it. Compressors in pools survive the first collection.
func returnMemory() {
	runtime.GC()
	debug.FreeOSMemory()
}

// load reads the first release into memory. An unavailable database is not an
// error: follow tries again.
func (w *watch) load(ctx context.Context) error {
	err := w.releases.Refresh(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil && !errors.Is(err, domain.ErrUnavailable) {
		return err
	}
	w.report(err)
	return nil
}

// follow builds the first release's common answers, then checks for new releases.
func (w *watch) follow(ctx context.Context, warm func(context.Context, *domain.Release) error) {
	if snapshot, err := w.releases.Current(); err == nil {
		if err := warm(ctx, snapshot.Latest); err != nil && ctx.Err() == nil {
			w.logger.Warn("common answers not built", slog.Any("error", err))
		}
	}
	w.releases.Follow(ctx, followEvery, w.report)
}

// report logs what the last check for releases changed.
func (w *watch) report(err error) {
	fault := ""
	if errors.As(err, new(store.Altered)) || errors.Is(err, release.ErrNotPrepared) {
		fault = notTakenOver // though it may be unavailable, too
	} else if errors.Is(err, domain.ErrUnavailable) {
		fault = databaseLost
	} else if err != nil {
		fault = notTakenOver
	}
	switch {
	case fault == w.fault:
	case fault != "":
		w.logger.Warn(fault, slog.Any("error", err))
	case w.fault == databaseLost:
		w.logger.Info("database back")
	}
	w.fault = fault
	if snapshot, err := w.releases.Current(); err == nil && snapshot != w.snapshot {
		if w.release != "" && snapshot.Latest.ID != w.release {
			w.logger.Info("new release", slog.String("release", snapshot.Latest.ID), slog.String("before", w.release))
		}
		for _, f := range snapshot.Altered {
			w.logger.Warn("older release not served", slog.String("error", f.String()))
		}
		w.snapshot, w.release = snapshot, snapshot.Latest.ID
	}
	state := "Serving release " + w.release
	if w.release == "" {
		state = "No release loaded yet"
	}
	if fault != "" {
		state += "; " + fault
	}
	if state != w.state && w.status != nil {
		w.status(state)
	}
	w.state = state
}

// reachable returns the URL of the service on this machine, with the port that was
// taken, and localhost if it listens on all interfaces.
func reachable(configured string, taken net.Addr) string {
	host, _, _ := net.SplitHostPort(configured)
	_, port, _ := net.SplitHostPort(taken.String())
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// greet prints the address of the service and three examples.
func (p *program) greet(base string) {
	fmt.Fprintf(p.stdout, "Zielstand serves on %s\nTry:\n  %s/v1/goals?due=2022\n  %s/v1/ozg-service-counts.csv\n  %s/docs\n", base, base, base, base)
}

// run serves until the context ends. It then waits for running requests, and cuts
// off those that take longer than patience: closing the store waits for them.
func run(ctx context.Context, server *http.Server, listener net.Listener, patience time.Duration) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("responses that were still being sent after %s are cut off: %w", patience, err), server.Close())
	}
	return nil
}

// publishFirst publishes the data package if the store has no release.
func (p *program) publishFirst(ctx context.Context, s *store.Store) error {
	latest, err := s.Latest(ctx)
	if err == nil {
		fmt.Fprintf(p.stdout, "Found release %s\n", latest.ID)
		return nil
	}
	if !errors.Is(err, domain.ErrNotFound) {
		return err
	}
	folder, err := p.fixtures()
	if err != nil {
		return fmt.Errorf("%s: %w", p.config.Fixtures.Path, err)
	}
	release, err := p.publish(ctx, s, folder)
	if errors.Is(err, store.ErrPublished) || errors.Is(err, domain.ErrConflict) {
		return nil // another instance was first
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Published release %s\n", release.ID)
	return nil
}

// fixtures returns the configured data package.
func (p *program) fixtures() (fs.FS, error) {
	if p.config.Fixtures.Path == "" {
		return fixtures.FS, nil
	}
	return ingest.Folder(p.config.Fixtures.Path)
}

// publish checks a data package and publishes it.
func (p *program) publish(ctx context.Context, s *store.Store, folder fs.FS) (*domain.Release, error) {
	pkg, err := ingest.Read(folder)
	if err != nil {
		return nil, p.report(cmp.Or(p.config.Fixtures.Path, "fixtures"), nothingPublished, err)
	}
	plan, err := ingest.Prepare(ctx, s, pkg, nil)
	if err != nil {
		return nil, err
	}
	return s.Publish(ctx, plan.Content)
}
