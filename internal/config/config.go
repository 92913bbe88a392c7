// SPDX-License-Identifier: EUPL-1.2

// Package config loads the settings: flags take precedence over the environment, the
// environment over a YAML file, and the file over the defaults. It checks numbers,
// durations and choices; values that other packages define are checked by its callers
// with Value and Invalid.
package config

import (
	"cmp"
	"errors"
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"

	"github.com/zielstand/zielstand/internal/domain"
)

// Config contains all settings.
type Config struct {
	HTTP     HTTP
	Database Database
	Fixtures Fixtures
	Memory   Memory
	Cache    Cache
	Data     Data
	Catalog  Catalog
	Signing  Signing
	Site     Site
	Log      Log

	given map[string]given
}

// given is the value of a key and the name under which it was set.
type given struct{ value, name string }

// HTTP contains the settings of the server.
type HTTP struct {
	// Address is host:port.
	Address string
	// PublicURL is the base of all links, without a trailing slash.
	PublicURL string
	// ReadTimeout limits the time for the headers of a request, WriteTimeout the time
	// for each 256 KiB of a response, and StreamTimeout the same for large responses
	// that are generated while they are sent.
	ReadTimeout, WriteTimeout, StreamTimeout time.Duration
	// MetricsAddress is host:port of the metrics; empty means that there are none.
	MetricsAddress string
	// Concurrent is the number of answers that are built at the same time.
	Concurrent int
	// RateLimit is the number of requests per second and client, 0 for no limit, and
	// RateBurst the number that may come at once.
	RateLimit, RateBurst int
	// ClientHeader is the header with the client's address, believed only from
	// TrustedNetworks; empty means the address of the connection.
	ClientHeader    string
	TrustedNetworks []netip.Prefix
}

// Database contains the settings of the store.
type Database struct {
	// URL is sqlite:PATH or postgres://….
	URL string
	// ReplicaURL is a streaming replica to read from; empty means URL.
	ReplicaURL string
	// Manage enables migrations and the first release at start.
	Manage bool
	// Connections limits each pool; 0 means the store's default.
	Connections int
	// Timeout limits how long a response waits for the database.
	Timeout time.Duration
}

// Fixtures contains the settings of the data published at the first start.
type Fixtures struct {
	// Path is the folder of a data package; empty means the embedded one.
	Path string
}

// Memory contains the settings of the releases in memory.
type Memory struct {
	// Bytes limits the rows of older releases.
	Bytes int64
}

// Cache contains the settings of the cache of finished responses.
type Cache struct {
	// Bytes limits the responses in memory.
	Bytes int64
	// Path is the folder of files too large for memory, FolderBytes its size limit,
	// and FileBytes the size above which a whole file is stored there.
	Path                   string
	FolderBytes, FileBytes int64
	// Streams is the number of large filtered responses generated concurrently.
	Streams int
}

// Catalog contains the settings of the DCAT-AP.de catalogue.
type Catalog struct {
	Publisher struct{ URI, Name, Homepage, Type string }
	Contact   struct{ Name, Email, URL string }
	// IdentifierBase is the start of the IRIs of catalogue and datasets.
	IdentifierBase string
	// ContributorID and License are codes of the DCAT-AP.de lists, Availability and
	// Frequency of the EU lists.
	ContributorID, License, Availability, Frequency string
}

// Data contains the terms of use of the data.
type Data struct {
	// License is a code of the DCAT-AP.de list of licences.
	License string
	// Attribution is the text that users of the data must state.
	Attribution string
}

// Signing contains the files of the keys that sign releases.
type Signing struct {
	// KeyFile is the file of the private key, SignersFile that of the public keys.
	KeyFile, SignersFile string
}

// Site contains what the pages say about their operator.
type Site struct {
	// The texts of the legal pages in Markdown.
	Imprint, Privacy, Accessibility, PlainLanguage, SignLanguage string
	// Statement is the statement on accessibility.
	Statement Statement
	// Official reports whether a public body runs the service.
	Official bool
	// ReportURL is the address of a form for reporting errors; {url} stands for the page.
	ReportURL string
}

// Statement contains the parts of the statement on accessibility.
type Statement struct {
	// State is full, partial, none or empty, Method self, external or empty.
	State, Method string
	// Date is YYYY-MM-DD or empty.
	Date string
	// Gaps and Enforcement are Markdown, Form is an address.
	Gaps, Enforcement, Form string
}

// Log contains the settings of the log.
type Log struct {
	// Level is debug, info, warn or error.
	Level string
	// Format is text or json.
	Format string
}

// Key is one setting.
type Key struct {
	// Name is the key in the file: http.address.
	Name string
	// Default is the value of a key that is not set.
	Default string
	// Usage describes the key in a sentence.
	Usage string
	value
}

// value is how the value of a key is written and set.
type value struct {
	// Type is the kind of value, in a word.
	Type string
	set  func(*Config, string) error
}

// Env returns the environment variable of the key: ZIELSTAND_HTTP_ADDRESS.
func (k Key) Env() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(k.Name, ".", "_"))
}

// Flag returns the flag of the key: http-address.
func (k Key) Flag() string { return strings.NewReplacer(".", "-", "_", "-").Replace(k.Name) }

const (
	prefix = "ZIELSTAND_"
	// FileEnv is the environment variable with the path of the configuration file.
	FileEnv = prefix + "CONFIG"
	// testPrefix is reserved for the project's tests.
	testPrefix = prefix + "TEST_"
)

// serviceLink matches the variables that Kubernetes and Docker set in every container for
// services called zielstand or zielstand-postgresql. ZIELSTAND_PORT is matched only if
// its value is an address: a number is somebody's mistake.
var serviceLink = regexp.MustCompile(`^` + prefix + `([A-Z0-9_]+_)?(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)=|PORT=(tcp|udp|sctp)://|PORT_[0-9]+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?=)`)

// cacheFolder is the default of cache.path, beside the database, where the service can
// write. The temporary folder of the system does not exist in an image built from
// scratch, and other users can write to it.
const cacheFolder = "zielstand-cache"

// Keys lists all settings.
var Keys = []Key{
	{"http.address", "127.0.0.1:8080", "Address to listen on, host:port.", address(func(c *Config) *string { return &c.HTTP.Address })},
	{"http.public_url", "", "Public URL of the service, the base of all links; empty means http:// and http.address.", base(func(c *Config) *string { return &c.HTTP.PublicURL })},
	{"http.read_timeout", "10s", "Maximum time for a client to send the headers of a request.", timeout(func(c *Config) *time.Duration { return &c.HTTP.ReadTimeout })},
	{"http.write_timeout", "30s", "Maximum time for a client to receive each 256 KiB of a response; slower ones are disconnected.", timeout(func(c *Config) *time.Duration { return &c.HTTP.WriteTimeout })},
	{"http.stream_timeout", "5s", "Like http.write_timeout, for large filtered responses (see cache.streams).", timeout(func(c *Config) *time.Duration { return &c.HTTP.StreamTimeout })},
	{"http.concurrent", "256", "Maximum number of responses built at the same time; those in memory do not count.", number(func(c *Config) *int { return &c.HTTP.Concurrent }, 1, 100000)},
	{"http.rate_limit", "0", "Maximum number of requests per second per client; 0 means no limit.", number(func(c *Config) *int { return &c.HTTP.RateLimit }, 0, 100000)},
	{"http.rate_burst", "100", "Number of requests that a client may make at once before http.rate_limit applies.", number(func(c *Config) *int { return &c.HTTP.RateBurst }, 1, 100000)},
	{"http.client_header", "", "Header in which the proxy names the client, X-Forwarded-For or X-Real-IP; empty means the address of the connection.", value{"header", func(c *Config, v string) error {
		c.HTTP.ClientHeader = v
		if v == "" {
			return nil
		}
		return oneOf(v, "X-Forwarded-For", "X-Real-IP")
	}}},
	{"http.trusted_networks", "", "Networks of the proxies whose http.client_header is trusted, separated by commas: 10.0.0.0/8, 192.0.2.1.", value{"networks", func(c *Config, v string) (err error) {
		c.HTTP.TrustedNetworks, err = networks(v)
		return err
	}}},
	{"http.metrics_address", "", "Address to listen on for Prometheus, host:port; empty means no metrics.", unlessEmpty(address(func(c *Config) *string { return &c.HTTP.MetricsAddress }))},
	{"database.url", "sqlite:zielstand.db", "Database of the releases: sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE.", text(func(c *Config) *string { return &c.Database.URL })},
	{"database.replica_url", "", "Streaming replica to read from, postgres://…; empty means database.url.", text(func(c *Config) *string { return &c.Database.ReplicaURL })},
	{"database.manage", "true", "Whether to migrate the database and publish the first release at start: true, or false for a role with read access only.", boolean(func(c *Config) *bool { return &c.Database.Manage })},
	{"database.connections", "0", "Maximum connections of each pool; 0 means four for each core, up to 32, for PostgreSQL, and one for each core, at least four, for SQLite. 1 counts as 2: one is never used to read datasets.", number(func(c *Config) *int { return &c.Database.Connections }, 0, 1000)},
	{"database.timeout", "10s", "Maximum time to wait for the database, for example 10s.", value{"duration", func(c *Config, v string) error {
		d, err := time.ParseDuration(v)
		c.Database.Timeout = d
		if err != nil || d < 10*time.Millisecond {
			return errors.New("must be a duration of at least 10ms, such as 10s")
		}
		return nil
	}}},
	{"fixtures.path", "", "Folder of the data package to publish at the first start; empty means the embedded one.", text(func(c *Config) *string { return &c.Fixtures.Path })},
	{"memory.bytes", "256MiB", "Maximum memory for the rows of older releases; those of the latest are always in memory.", bytes(func(c *Config) *int64 { return &c.Memory.Bytes }, "1MiB")},
	{"cache.bytes", "256MiB", "Maximum memory for finished responses, including files of up to a thirty-second of it.", bytes(func(c *Config) *int64 { return &c.Cache.Bytes }, "1MiB")},
	{"cache.path", "", "Folder for finished files too large for memory; empty means zielstand-cache next to the SQLite file or, with PostgreSQL, in the working directory.", text(func(c *Config) *string { return &c.Cache.Path })},
	{"cache.folder_bytes", "4GiB", "Maximum size of the files in cache.path.", bytes(func(c *Config) *int64 { return &c.Cache.FolderBytes }, "1MiB")},
	{"cache.file_bytes", "1MiB", "Size from which a response is written to a file or, if it is filtered, streamed.", bytes(func(c *Config) *int64 { return &c.Cache.FileBytes }, "1KiB")},
	{"cache.streams", "8", "Maximum number of large filtered responses generated at the same time.", number(func(c *Config) *int { return &c.Cache.Streams }, 1, 1000)},
	{"data.license", "dl-by-de/2.0", "Licence of the data, a code of the DCAT-AP.de list of licences.", text(func(c *Config) *string { return &c.Data.License })},
	{"data.attribution", "Zielstand, nach Veröffentlichungen des Landes Nordrhein-Westfalen", "Attribution that users of the data must state.", text(func(c *Config) *string { return &c.Data.Attribution })},
	{"catalog.identifier_base", "", "Start of the IRIs of the catalogue, the datasets and the API, if they must outlive a change of http.public_url; empty means http.public_url.", base(func(c *Config) *string { return &c.Catalog.IdentifierBase })},
	{"catalog.publisher_name", "Zielstand", "Name of the publisher, who is responsible for the publication.", text(func(c *Config) *string { return &c.Catalog.Publisher.Name })},
	{"catalog.publisher_uri", "", "IRI of the publisher; empty means an IRI within the catalogue.", text(func(c *Config) *string { return &c.Catalog.Publisher.URI })},
	{"catalog.publisher_homepage", "", "Website of the publisher.", text(func(c *Config) *string { return &c.Catalog.Publisher.Homepage })},
	{"catalog.publisher_type", "RegionalAuthority", "Type of publisher, a code of the ADMS list of publisher types.", text(func(c *Config) *string { return &c.Catalog.Publisher.Type })},
	{"catalog.contact_name", "Zielstand", "Name of the contact: an office, not a person.", text(func(c *Config) *string { return &c.Catalog.Contact.Name })},
	{"catalog.contact_email", "kontakt@zielstand.example", "Functional mailbox of the contact; may be empty if catalog.contact_url is set.", text(func(c *Config) *string { return &c.Catalog.Contact.Email })},
	{"catalog.contact_url", "", "URL of a contact form.", text(func(c *Config) *string { return &c.Catalog.Contact.URL })},
	{"catalog.contributor_id", "openNRW", "Code of the DCAT-AP.de list of contributors.", text(func(c *Config) *string { return &c.Catalog.ContributorID })},
	{"catalog.license", "cc-zero", "Licence of the metadata, a code of the DCAT-AP.de list of licences.", text(func(c *Config) *string { return &c.Catalog.License })},
	{"catalog.availability", "STABLE", "How long the data will be available, a code of the EU list planned-availability.", text(func(c *Config) *string { return &c.Catalog.Availability })},
	{"catalog.frequency", "IRREG", "How often the data are updated, a code of the EU list frequency.", text(func(c *Config) *string { return &c.Catalog.Frequency })},
	{"signing.key_file", "", "File with the private SSH key that import and \"release sign\" use to sign the checksums of a release; the server does not read it. Empty means that import does not sign.", text(func(c *Config) *string { return &c.Signing.KeyFile })},
	{"signing.signers_file", "", "File with the public keys, in the form of ssh-keygen's allowed signers; the server publishes it at /v1/signers.", text(func(c *Config) *string { return &c.Signing.SignersFile })},
	{"site.imprint", "", "Text of the legal notice (Impressum), in Markdown.", text(func(c *Config) *string { return &c.Site.Imprint })},
	{"site.privacy", "", "Text of the privacy policy (Datenschutz), in Markdown.", text(func(c *Config) *string { return &c.Site.Privacy })},
	{"site.accessibility", "", "Text on accessibility (Barrierefreiheit), in Markdown; shown after the statement that site.accessibility_state and the keys below make.", text(func(c *Config) *string { return &c.Site.Accessibility })},
	{"site.accessibility_state", "", "Compliance with the accessibility requirements: full, partial or none; empty means no statement.", unlessEmpty(choice(func(c *Config) *string { return &c.Site.Statement.State }, "full", "partial", "none"))},
	{"site.accessibility_gaps", "", "What is not accessible, why, and what to use instead, in Markdown.", text(func(c *Config) *string { return &c.Site.Statement.Gaps })},
	{"site.accessibility_date", "", "Day on which the accessibility statement was prepared, YYYY-MM-DD.", value{"date", func(c *Config, v string) error {
		c.Site.Statement.Date = v
		if _, err := time.Parse(time.DateOnly, v); v != "" && err != nil {
			return errors.New("must be a day, such as 2026-11-29")
		}
		return nil
	}}},
	{"site.accessibility_method", "", "How accessibility was assessed: self or external.", unlessEmpty(choice(func(c *Config) *string { return &c.Site.Statement.Method }, "self", "external"))},
	{"site.accessibility_form", "", "URL of a form to report barriers.", text(func(c *Config) *string { return &c.Site.Statement.Form })},
	{"site.accessibility_enforcement", "", "Enforcement body (ombuds office) with its contact, in Markdown.", text(func(c *Config) *string { return &c.Site.Statement.Enforcement })},
	{"site.plain_language", "", "Explanation in easy-to-read German (Leichte Sprache), in Markdown; the page exists if it is set.", text(func(c *Config) *string { return &c.Site.PlainLanguage })},
	{"site.sign_language", "", "Explanation in German Sign Language (a link to the video), in Markdown; the page exists if it is set.", text(func(c *Config) *string { return &c.Site.SignLanguage })},
	{"site.official", "false", "Whether the pages say that this is an official service of a public body: true or false.", boolean(func(c *Config) *bool { return &c.Site.Official })},
	{"site.report_url", "", "Form to report an error on a page, an https URL in which {url} stands for the address of the page; empty means mail to the contact.", value{"url", func(c *Config, v string) error {
		c.Site.ReportURL = v
		if v != "" && (!strings.HasPrefix(v, "https://") || !strings.Contains(v, "{url}")) {
			return errors.New("must be an https URL that contains {url}")
		}
		return nil
	}}},
	{"log.level", "info", "Minimum level of log lines: debug, info, warn or error. Requests that do not fail have a line at level debug.", choice(func(c *Config) *string { return &c.Log.Level }, "debug", "info", "warn", "error")},
	{"log.format", "text", "Format of the log: text, or json with one object per line.", choice(func(c *Config) *string { return &c.Log.Format }, "text", "json")},
}

// Load returns the settings. environ has the form of os.Environ; flags contains the
// flags that were set, by key. The error about a value is a *domain.Invalid that names
// the key as it was written: in a file, as an environment variable or as a flag.
func Load(environ []string, flags map[string]string) (*Config, error) {
	k := koanf.New("\x00")
	path := configFile(environ, flags)
	origin := map[string]string{}
	if path != "" {
		if err := loadFile(k, path, origin); err != nil {
			return nil, err
		}
	}
	if err := loadEnv(k, environ, origin); err != nil {
		return nil, err
	}
	given := map[string]any{}
	for name, value := range flags {
		if name != "config" {
			given[name], origin[name] = value, "--"+keyByName(name).Flag()
		}
	}
	if err := k.Load(confmap.Provider(given, ""), nil); err != nil {
		return nil, err
	}
	return build(k, origin)
}

// build sets the fields of the keys.
func build(k *koanf.Koanf, origin map[string]string) (*Config, error) {
	c := &Config{given: map[string]given{}}
	for _, key := range Keys {
		value := key.Default
		if k.Exists(key.Name) {
			value = k.String(key.Name)
		}
		c.given[key.Name] = given{value, cmp.Or(origin[key.Name], key.Name)}
		if err := key.set(c, value); err != nil {
			return nil, c.Invalid(key.Name, err)
		}
	}
	if c.HTTP.PublicURL == "" {
		c.HTTP.PublicURL = "http://" + c.HTTP.Address
	}
	if c.HTTP.ClientHeader == "" && c.HTTP.TrustedNetworks != nil {
		return nil, c.Invalid("http.trusted_networks", errors.New("must be set together with http.client_header"))
	}
	if c.HTTP.ClientHeader != "" && c.HTTP.TrustedNetworks == nil {
		return nil, c.Invalid("http.client_header", errors.New("must be set together with http.trusted_networks"))
	}
	if c.Cache.Path == "" {
		file, ok := strings.CutPrefix(c.Database.URL, "sqlite:")
		if !ok {
			file = ""
		}
		c.Cache.Path = filepath.Join(filepath.Dir(file), cacheFolder)
	}
	return c, nil
}

// Value returns the value of a key as it was written, or its default.
func (c *Config) Value(key string) string { return c.given[key].value }

// Invalid returns the error about the value of a key as a *domain.Invalid that
// names the key as it was written. The value is left out if it may contain a
// password: an address can be put into any key by mistake.
func (c *Config) Invalid(key string, err error) error {
	g := c.given[key]
	invalid := &domain.Invalid{Value: g.value, Rule: err.Error()}
	if i, ok := err.(*domain.Invalid); ok {
		invalid = i
	}
	invalid.Name = g.name
	if domain.MayHoldPassword(g.value) {
		invalid.Value = ""
	}
	return invalid
}

func configFile(environ []string, flags map[string]string) string {
	path := flags["config"]
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); name == FileEnv && path == "" {
			return value
		}
	}
	return path
}

func loadEnv(k *koanf.Koanf, environ []string, origin map[string]string) error {
	var wrong error
	err := k.Load(env.Provider("\x00", env.Opt{
		Prefix: prefix,
		EnvironFunc: func() []string {
			return slices.DeleteFunc(slices.Sorted(slices.Values(environ)), serviceLink.MatchString)
		},
		TransformFunc: func(name, value string) (string, any) {
			if name == FileEnv || strings.HasPrefix(name, testPrefix) {
				return "", nil
			}
			for _, key := range Keys {
				if key.Env() == name {
					origin[key.Name] = name
					return key.Name, value
				}
			}
			if wrong == nil {
				wrong = unknown(name, name, envNames())
			}
			return "", nil
		},
	}), nil)
	if err != nil {
		return err
	}
	return wrong
}

func unknown(where, name string, known []string) error {
	err := domain.UnknownName(name, "unknown configuration key", known)
	err.Name = where
	return err
}

func keyByName(name string) *Key {
	for i := range Keys {
		if Keys[i].Name == name {
			return &Keys[i]
		}
	}
	return nil
}

func keyNames() []string {
	var names []string
	for _, k := range Keys {
		names = append(names, k.Name)
	}
	return names
}

func envNames() []string {
	names := []string{FileEnv}
	for _, k := range Keys {
		names = append(names, k.Env())
	}
	return names
}
