// Package config loads the settings: defaults, a YAML file, the environment and flags,
// in increasing order of precedence. It imports only domain; values whose rules belong
// to other packages are checked by the caller.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
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
	Site     Site
	Log      Log

	given map[string]given
}

// given is the value of a key as written, and the name of the key where it was set.
type given struct{ value, name string }

// HTTP contains the settings of the server.
type HTTP struct {
	// Address to listen on, host:port.
	Address string
	// PublicURL is the public address of the service, without a trailing slash. Links
	// are built from it, never from the Host header.
	PublicURL string
	// ReadTimeout is the maximum time to receive the headers of a request. WriteTimeout
	// is the maximum time for a client to receive the next 256 KiB of a response, and
	// StreamTimeout the same for streamed responses.
	ReadTimeout, WriteTimeout, StreamTimeout time.Duration
}

// Database contains the settings of the store.
type Database struct {
	// URL is sqlite:PATH or postgres://….
	URL string
	// ReplicaURL is a streaming replica to read from; empty means URL.
	ReplicaURL string
	// Manage is whether to migrate and to publish the fixtures at start.
	Manage bool
	// Connections limits each pool. 0 means four per core, at most 32, for PostgreSQL,
	// and one per core, at least two, for SQLite.
	Connections int
	// Timeout is the maximum time to wait for the database.
	Timeout time.Duration
}

// Fixtures contains the settings of the data published at the first start.
type Fixtures struct {
	// Path is the folder of a data package; empty means the embedded one.
	Path string
}

// Memory contains the settings of the releases in memory.
type Memory struct {
	// Bytes is the maximum memory for the rows of older releases.
	Bytes int64
}

// Cache contains the settings of cached answers.
type Cache struct {
	// Bytes is the maximum size of the cache in memory.
	Bytes int64
	// Path is the folder of large files.
	Path string
	// FolderBytes is the maximum total size of these files.
	FolderBytes int64
	// FileBytes is the size from which an answer is not cached in memory.
	FileBytes int64
	// Streams is the maximum number of concurrent streams.
	Streams int
}

// Catalog contains the settings of the DCAT-AP.de catalogue.
type Catalog struct {
	Publisher struct{ URI, Name, Homepage, Type string }
	Contact   struct{ Name, Email, URL string }
	// ContributorID and License are codes of the DCAT-AP.de lists, Availability and
	// Frequency of the EU lists.
	ContributorID, License, Availability, Frequency string
}

// Data contains the terms of use of the data.
type Data struct {
	// License is a code of the DCAT-AP.de list of licences.
	License string
	// Attribution is the text that users of the data must give.
	Attribution string
}

// Site contains the settings of the pages.
type Site struct {
	// Imprint, Privacy and Accessibility are the texts of the legal pages; empty lines
	// separate paragraphs.
	Imprint, Privacy, Accessibility string
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
	// Default is the value if the key is not set.
	Default string
	// Usage describes the key in a sentence.
	Usage string
	set   func(*Config, string) error
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
	// testPrefix is reserved for tests.
	testPrefix = prefix + "TEST_"
)

// cacheFolder is the default of cache.path. It is next to the database, because a
// service that may write only in one place may write there. The system folder for
// temporary files does not exist in an image built from scratch, and others can write to
// it.
const cacheFolder = "zielstand-cache"

// Keys lists all settings.
var Keys = []Key{
	{"http.address", "127.0.0.1:8080", "Address to listen on, host:port.", func(c *Config, v string) error {
		c.HTTP.Address = v
		return checkAddress(v)
	}},
	{"http.public_url", "", "Public address of the service; empty means http:// and http.address.", func(c *Config, v string) error {
		c.HTTP.PublicURL = strings.TrimSuffix(v, "/")
		return nil
	}},
	{"http.read_timeout", "10s", "Maximum time for a client to send the headers of a request.", func(c *Config, v string) (err error) {
		c.HTTP.ReadTimeout, err = parseTimeout(v)
		return err
	}},
	{"http.write_timeout", "30s", "Maximum time for a client to receive the next 256 KiB of a response; slower clients are disconnected.", func(c *Config, v string) (err error) {
		c.HTTP.WriteTimeout, err = parseTimeout(v)
		return err
	}},
	{"http.stream_timeout", "5s", "The same for streamed responses, of which there are at most cache.streams at the same time.", func(c *Config, v string) (err error) {
		c.HTTP.StreamTimeout, err = parseTimeout(v)
		return err
	}},
	{"database.url", "sqlite:zielstand.db", "Database of the releases: sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE.", text(func(c *Config) *string { return &c.Database.URL })},
	{"database.replica_url", "", "Streaming replica to read from, postgres://…; empty means database.url.", text(func(c *Config) *string { return &c.Database.ReplicaURL })},
	{"database.manage", "true", "Whether to migrate the database and publish the fixtures at start: true, or false for a read-only role.", func(c *Config, v string) error {
		c.Database.Manage = v == "true"
		return oneOf(v, []string{"true", "false"})
	}},
	{"database.connections", "0", "Maximum number of connections of each pool; 0 means four per core, at most 32, for PostgreSQL, and one per core, at least two, for SQLite.", func(c *Config, v string) error {
		n, err := strconv.Atoi(v)
		c.Database.Connections = n
		if err != nil || n < 0 || n > 1000 {
			return fmt.Errorf("must be a whole number from 0 to 1000")
		}
		return nil
	}},
	{"database.timeout", "10s", "Maximum time to wait for the database, for example 10s.", func(c *Config, v string) error {
		d, err := time.ParseDuration(v)
		c.Database.Timeout = d
		if err != nil || d < 10*time.Millisecond {
			return fmt.Errorf("must be a duration of at least 10ms, such as 10s")
		}
		return nil
	}},
	{"fixtures.path", "", "Folder of the data package to publish at the first start; empty means the embedded one.", text(func(c *Config) *string { return &c.Fixtures.Path })},
	{"memory.bytes", "268435456", "Maximum memory in bytes for the rows of older releases; the latest release is always in memory.", func(c *Config, v string) (err error) {
		c.Memory.Bytes, err = parseBytes(v, 1<<20)
		return err
	}},
	{"cache.bytes", "268435456", "Maximum size in bytes of cached answers in memory.", func(c *Config, v string) (err error) {
		c.Cache.Bytes, err = parseBytes(v, 1<<20)
		return err
	}},
	{"cache.path", "", "Folder for cached files too large for memory; empty means zielstand-cache next to the SQLite file or, with PostgreSQL, in the working directory.", text(func(c *Config) *string { return &c.Cache.Path })},
	{"cache.folder_bytes", "4294967296", "Maximum total size in bytes of the files in that folder.", func(c *Config, v string) (err error) {
		c.Cache.FolderBytes, err = parseBytes(v, 1<<20)
		return err
	}},
	{"cache.file_bytes", "1048576", "Size in bytes from which an answer is not cached in memory.", func(c *Config, v string) (err error) {
		c.Cache.FileBytes, err = parseBytes(v, 1<<10)
		return err
	}},
	{"cache.streams", "8", "Maximum number of large filtered answers streamed at the same time.", func(c *Config, v string) error {
		n, err := strconv.Atoi(v)
		c.Cache.Streams = n
		if err != nil || n < 1 || n > 1000 {
			return fmt.Errorf("must be a whole number from 1 to 1000")
		}
		return nil
	}},
	{"data.license", "dl-by-de/2.0", "Licence of the data: a code of the DCAT-AP.de list of licences.", text(func(c *Config) *string { return &c.Data.License })},
	{"data.attribution", "Zielstand, nach Veröffentlichungen des Landes Nordrhein-Westfalen", "Attribution that users of the data must give.", text(func(c *Config) *string { return &c.Data.Attribution })},
	{"catalog.publisher_name", "Zielstand", "Name of the publisher.", text(func(c *Config) *string { return &c.Catalog.Publisher.Name })},
	{"catalog.publisher_uri", "", "IRI of the publisher; empty means an IRI within the catalogue.", text(func(c *Config) *string { return &c.Catalog.Publisher.URI })},
	{"catalog.publisher_homepage", "", "Web address of the publisher.", text(func(c *Config) *string { return &c.Catalog.Publisher.Homepage })},
	{"catalog.publisher_type", "RegionalAuthority", "Type of the publisher: a code of the list ADMS publisher type.", text(func(c *Config) *string { return &c.Catalog.Publisher.Type })},
	{"catalog.contact_name", "Zielstand", "Name of the contact: an office rather than a person.", text(func(c *Config) *string { return &c.Catalog.Contact.Name })},
	{"catalog.contact_email", "kontakt@zielstand.example", "Functional mailbox of the contact; may be empty if catalog.contact_url is set.", text(func(c *Config) *string { return &c.Catalog.Contact.Email })},
	{"catalog.contact_url", "", "Address of a contact form.", text(func(c *Config) *string { return &c.Catalog.Contact.URL })},
	{"catalog.contributor_id", "openNRW", "Code of the DCAT-AP.de list of contributors.", text(func(c *Config) *string { return &c.Catalog.ContributorID })},
	{"catalog.license", "cc-zero", "Licence of the metadata: a code of the DCAT-AP.de list of licences.", text(func(c *Config) *string { return &c.Catalog.License })},
	{"catalog.availability", "STABLE", "Planned availability of the data: a code of the EU list planned-availability.", text(func(c *Config) *string { return &c.Catalog.Availability })},
	{"catalog.frequency", "IRREG", "Update frequency of the data: a code of the EU list frequency.", text(func(c *Config) *string { return &c.Catalog.Frequency })},
	{"site.imprint", "", "Text of the page Impressum; empty lines separate paragraphs.", text(func(c *Config) *string { return &c.Site.Imprint })},
	{"site.privacy", "", "Text of the page Datenschutz.", text(func(c *Config) *string { return &c.Site.Privacy })},
	{"site.accessibility", "", "Text of the page Barrierefreiheit.", text(func(c *Config) *string { return &c.Site.Accessibility })},
	{"log.level", "info", "Level of the log: debug, info, warn or error.", func(c *Config, v string) error {
		c.Log.Level = v
		return oneOf(v, []string{"debug", "info", "warn", "error"})
	}},
	{"log.format", "text", "Format of the log: text, or json with one object per line.", func(c *Config, v string) error {
		c.Log.Format = v
		return oneOf(v, []string{"text", "json"})
	}},
}

// text sets a key without rules of its own.
func text(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		*field(c) = v
		return nil
	}
}

// Load loads the settings. Environ has the form of os.Environ; flags contains the flags
// that were set, by key. The error is a *domain.Invalid that names the key as it was
// written.
func Load(environ []string, flags map[string]string) (*Config, error) {
	k := koanf.New("\x00")
	path, err := configFile(environ, flags)
	if err != nil {
		return nil, err
	}
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

// build parses the value of every key.
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
	if c.Cache.Path == "" {
		file, _ := strings.CutPrefix(c.Database.URL, "sqlite:")
		if file == c.Database.URL {
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

func configFile(environ []string, flags map[string]string) (string, error) {
	if path := flags["config"]; path != "" {
		return path, nil
	}
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); name == FileEnv {
			return value, nil
		}
	}
	return "", nil
}

// loadFile loads a YAML file; nested keys are joined with dots.
func loadFile(k *koanf.Koanf, path string, origin map[string]string) error {
	content := koanf.New(".")
	if err := content.Load(file.Provider(path), yaml.Parser()); err != nil {
		return fmt.Errorf("configuration file %s: %w", path, withoutContent(err))
	}
	flat := content.All()
	for _, name := range slices.Sorted(maps.Keys(flat)) {
		if keyByName(name) == nil {
			shown := showName(name)
			return unknown(shown+" in "+path, shown, keyNames())
		}
		origin[name] = name + " in " + path
	}
	return k.Load(confmap.Provider(flat, ""), nil)
}

// excerpt matches quotations of the file in errors of the YAML parser.
var excerpt = regexp.MustCompile("[`'\"].*[`'\"]")

// withoutContent returns the error of the parser, which names the line, without quoting
// the line, because it may contain a password.
func withoutContent(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return err
	}
	return errors.New(excerpt.ReplaceAllString(err.Error(), "…"))
}

var namePart = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// showName returns the part of an unknown key that looks like a key: a value with a
// colon becomes a key if the line is broken in the wrong place.
func showName(name string) string {
	parts := strings.Split(name, ".")
	for i, part := range parts {
		if known := strings.Join(parts[:i], "."); keyByName(known) != nil || !namePart.MatchString(part) {
			return known + ".…"
		}
	}
	return name
}

func loadEnv(k *koanf.Koanf, environ []string, origin map[string]string) error {
	var wrong error
	err := k.Load(env.Provider("\x00", env.Opt{
		Prefix: prefix,
		EnvironFunc: func() []string {
			return slices.Sorted(slices.Values(environ))
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
	err := domain.NotOneOf("", name, "unknown configuration key", known)
	err.Name, err.Value = where, ""
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

func checkAddress(v string) error {
	if _, port, err := net.SplitHostPort(v); err != nil || port == "" {
		return fmt.Errorf("must be host:port")
	}
	return nil
}

func parseTimeout(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err != nil || d < 100*time.Millisecond || d > time.Hour {
		return 0, errors.New("must be a duration from 100ms to 1h, such as 10s")
	}
	return d, nil
}

func parseBytes(v string, least int64) (int64, error) {
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < least {
		return 0, fmt.Errorf("must be a number of bytes, at least %d", least)
	}
	return n, nil
}

func oneOf(v string, allowed []string) error {
	if slices.Contains(allowed, v) {
		return nil
	}
	return domain.NotOneOf("", v, "is not allowed", allowed)
}
