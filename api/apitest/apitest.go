// SPDX-License-Identifier: EUPL-1.2

// Package apitest creates servers for tests.
package apitest

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/cli"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/signing"
	"github.com/zielstand/zielstand/internal/store"
)

// PublicURL is the default address of links. Nothing listens there.
const PublicURL = "https://zielstand.example"

// Version is the version of the API that the servers report.
const Version = "9.9.9"

// Options of New. The zero value serves under PublicURL and discards the log.
type Options struct {
	// Settings are configuration values by key.
	Settings map[string]string
	// Logger receives the log.
	Logger *slog.Logger
	// Now is the clock of the releases, Today the day on which pages are read; nil
	// means the current time.
	Now, Today func() time.Time
	// Legal are the texts of the legal pages.
	Legal map[string]string
}

// New returns a server for a store, with its releases. The latest release is read
// unless the database does not answer or is empty.
func New(t testing.TB, s *store.Store, o Options) (*api.Server, *release.Releases) {
	t.Helper()
	settings := map[string]string{"http.public_url": PublicURL}
	for key, value := range o.Settings {
		settings[key] = value
	}
	config, err := cli.LoadSettings(nil, settings)
	if err != nil {
		t.Fatal(err)
	}
	limits := cli.Limits(config)
	limits.Folder = t.TempDir()
	releases := release.New(s, 64<<20)
	if o.Now != nil {
		releases.Now = o.Now
	}
	catalogue := cli.CatalogSettings(config)
	representations, err := representation.NewService(releases, catalogue.Settings, limits)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Latest(context.Background()); err == nil {
		if err := releases.Refresh(context.Background()); err != nil && !errors.Is(err, domain.ErrUnavailable) {
			t.Fatal(err)
		}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	options := cli.ServerOptions(config, o.Logger)
	if path := config.Signing.SignersFile; path != "" {
		if options.Signers, err = signing.ReadSigners(path); err != nil {
			t.Fatal(err)
		}
	}
	options.Version, options.Today, options.Legal = Version, o.Today, o.Legal
	server, err := api.New(s, releases, representations, catalog.NewService(releases, representations, catalogue), options)
	if err != nil {
		t.Fatal(err)
	}
	return server, releases
}
