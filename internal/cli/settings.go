// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/internal/build"
	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/config"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/dcatcheck"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/site"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/openapi"
)

// contributorBase is the namespace of the DCAT-AP.de list of contributors.
const contributorBase = "http://dcat-ap.de/def/contributors/"

// LoadSettings loads the configuration and checks the values that are defined by
// other packages. Errors are those of config.Load.
func LoadSettings(environ []string, flags map[string]string) (*config.Config, error) {
	c, err := config.Load(environ, flags)
	if err != nil {
		return nil, err
	}
	for _, s := range []struct {
		key   string
		check func(string) error
	}{
		{"http.public_url", catalog.CheckBaseURL},
		{"database.url", store.CheckURL},
		{"database.replica_url", checkReplica},
		{"data.license", checkLicense},
		{"data.attribution", catalog.CheckText},
		{"catalog.publisher_name", catalog.CheckText},
		{"catalog.publisher_uri", catalog.CheckURL},
		{"catalog.identifier_base", catalog.CheckBaseURL},
		{"catalog.publisher_homepage", catalog.CheckURL},
		{"catalog.publisher_type", oneOf("is not allowed", dcatcheck.Codes("publisher-types", "authority"))},
		{"catalog.contact_name", catalog.CheckText},
		{"catalog.contact_email", catalog.CheckEmail},
		{"catalog.contact_url", catalog.CheckURL},
		{"catalog.contributor_id", checkContributor},
		{"catalog.license", checkLicense},
		{"catalog.availability", oneOf("is not allowed", dcatcheck.Codes("availabilities"))},
		{"catalog.frequency", oneOf("is not allowed", dcatcheck.Codes("frequencies"))},
	} {
		if err := s.check(c.Value(s.key)); err != nil {
			return nil, c.Invalid(s.key, err)
		}
	}
	if c.Database.ReplicaURL != "" && strings.HasPrefix(c.Database.URL, "sqlite:") {
		return nil, c.Invalid("database.replica_url", &domain.Invalid{Rule: "must be set together with a PostgreSQL address in database.url; SQLite has no replicas"})
	}
	if c.Catalog.Contact.Email == "" && c.Catalog.Contact.URL == "" {
		return nil, c.Invalid("catalog.contact_email", errors.New("must not be empty if catalog.contact_url is empty"))
	}
	return c, nil
}

func checkReplica(v string) error {
	if v == "" {
		return nil
	}
	return store.CheckReplicaURL(v)
}

var checkLicense = oneOf("is not an open licence of the list at "+dataset.LicenseBase, dataset.LicenseCodes())

func checkContributor(v string) error {
	codes := dcatcheck.Codes("contributors")
	if slices.Contains(codes, v) {
		return nil
	}
	err := domain.NotOneOf("", v, "is not a code of the list at "+contributorBase, codes)
	err.Allowed = nil // hundreds
	return err
}

func oneOf(rule string, allowed []string) func(string) error {
	return func(v string) error {
		if slices.Contains(allowed, v) {
			return nil
		}
		return domain.NotOneOf("", v, rule, allowed)
	}
}

// CatalogSettings converts the settings of the catalogue.
func CatalogSettings(c *config.Config) catalog.Settings {
	return catalog.Settings{
		Settings: representation.Settings{
			PublicURL: c.HTTP.PublicURL, License: dataset.LicenseBase + c.Data.License, Attribution: c.Data.Attribution,
		},
		IdentifierBase: c.Catalog.IdentifierBase,
		Publisher:      catalog.Publisher(c.Catalog.Publisher), Contact: catalog.Contact(c.Catalog.Contact),
		ContributorID: contributorBase + c.Catalog.ContributorID, CatalogLicense: dataset.LicenseBase + c.Catalog.License,
		Availability: c.Catalog.Availability, Frequency: c.Catalog.Frequency,
	}
}

// Limits converts the limits of the cache.
func Limits(c *config.Config) representation.Limits {
	return representation.Limits{
		CacheBytes: c.Cache.Bytes, Folder: c.Cache.Path, FolderBytes: c.Cache.FolderBytes,
		FileBytes: c.Cache.FileBytes, Streams: c.Cache.Streams, Timeout: c.Database.Timeout,
	}
}

// ServerOptions converts the settings of the server.
func ServerOptions(c *config.Config, logger *slog.Logger) api.Options {
	return api.Options{
		Version: openapi.Version, Logger: logger,
		ReadTimeout: c.HTTP.ReadTimeout, WriteTimeout: c.HTTP.WriteTimeout, StreamTimeout: c.HTTP.StreamTimeout,
		Concurrent: c.HTTP.Concurrent, RateLimit: c.HTTP.RateLimit, RateBurst: c.HTTP.RateBurst,
		ClientHeader: c.HTTP.ClientHeader, TrustedNetworks: c.HTTP.TrustedNetworks, Program: build.Version(),
		Official: c.Site.Official, ReportURL: c.Site.ReportURL,
		Statement: site.Statement(c.Site.Statement),
		Legal: map[string]string{
			"imprint": c.Site.Imprint, "privacy": c.Site.Privacy, "accessibility": c.Site.Accessibility,
			"plain-language": c.Site.PlainLanguage, "sign-language": c.Site.SignLanguage,
		},
	}
}
