// Package config reads the settings: defaults, then a YAML file, then the
// environment, then flags, each over the one before. A wrong or unknown key
// stops the start with its name.
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

// Config is all settings, checked.
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

// given is the value of a key and the name of the key where it was set.
type given struct{ value, name string }

// HTTP are the settings of the server.
type HTTP struct {
	// Address to listen on, host:port.
	Address string
	// PublicURL is the address of the service for its users, without a slash at
	// the end. Links are made of it, never of a request's host.
	PublicURL string
	// ReadTimeout is the maximum time for the head of a request, WriteTimeout that
	// for a client to take the next 256 KiB of an answer, StreamTimeout the same for
	// a large answer that is made while it is sent.
	ReadTimeout, WriteTimeout, StreamTimeout time.Duration
}

// Database are the settings of the store.
type Database struct {
	// URL is sqlite:PATH or postgres://….
	URL string
	// ReplicaURL is a streaming replica that is read from; empty means URL.
	ReplicaURL string
	// Manage says whether to migrate and to publish the fixtures at start.
	Manage bool
	// Connections bounds each pool; 0 means four for each core, 32 at most, for
	// PostgreSQL, and one for each core, two at least, for SQLite. Streams have
	// connections of their own.
	Connections int
	// Timeout is the longest that an answer waits for the database.
	Timeout time.Duration
}

// Fixtures are the settings of the data published on first start.
type Fixtures struct {
	// Path is the folder of a data package; empty means the embedded one.
	Path string
}

// Memory are the settings of the releases in memory.
type Memory struct {
	// Bytes is how much the rows of older releases may take.
	Bytes int64
}

// Cache are the settings of the finished representations.
type Cache struct {
	// Bytes is the most that is kept in memory.
	Bytes int64
	// Path is the folder of large finished files.
	Path string
	// FolderBytes is the most that is kept there.
	FolderBytes int64
	// FileBytes is the size from which on a whole file is kept there.
	FileBytes int64
	// Streams is the number of large answers made at the same time.
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

// Data are the terms of use of the data.
type Data struct {
	// License is a code of the DCAT-AP.de list of licences.
	License string
	// Attribution is the text that users of the data have to give.
	Attribution string
}

// Site are the settings of the pages.
type Site struct {
	// Imprint, Privacy and Accessibility are the texts of the legal pages;
	// blank lines part paragraphs.
	Imprint, Privacy, Accessibility string
}

// Log are the settings of the log.
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
	// Default is used where nothing sets the key.
	Default string
	// Usage says in a sentence what the key is for.
	Usage string
	set   func(*Config, string) error
}

// Env is the environment variable of the key: ZIELSTAND_HTTP_ADDRESS.
func (k Key) Env() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(k.Name, ".", "_"))
}

// Flag is the flag of the key: http-address.
func (k Key) Flag() string { return strings.NewReplacer(".", "-", "_", "-").Replace(k.Name) }

const (
	prefix = "ZIELSTAND_"
	// FileEnv names the configuration file.
	FileEnv = prefix + "CONFIG"
	// testPrefix is left to the project's own tests.
	testPrefix = prefix + "TEST_"
)

// cacheFolder is the default of cache.path. It is where the database is, because a
// service that may write anywhere may write there; the system's folder for temporary
// files is absent in an image made from scratch, and others can write to it.
const cacheFolder = "zielstand-cache"

// Keys lists all settings.
var Keys = []Key{
	{"http.address", "127.0.0.1:8080", "Address to listen on, host:port.", func(c *Config, v string) error {
		c.HTTP.Address = v
		return checkAddress(v)
	}},
	{"http.public_url", "", "Address of the service for its users; empty means http:// and http.address.", func(c *Config, v string) error {
		c.HTTP.PublicURL = strings.TrimSuffix(v, "/")
		return nil
	}},
	{"http.read_timeout", "10s", "Maximum time for a client to send the head of a request.", func(c *Config, v string) (err error) {
		c.HTTP.ReadTimeout, err = parseTimeout(v)
		return err
	}},
	{"http.write_timeout", "30s", "Maximum time for a client to take the next 256 KiB of an answer; a slower one is cut off.", func(c *Config, v string) (err error) {
		c.HTTP.WriteTimeout, err = parseTimeout(v)
		return err
	}},
	{"http.stream_timeout", "5s", "The same for a large filtered answer, of which cache.streams are made at the same time.", func(c *Config, v string) (err error) {
		c.HTTP.StreamTimeout, err = parseTimeout(v)
		return err
	}},
	{"database.url", "sqlite:zielstand.db", "Where the releases are kept: sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE.", text(func(c *Config) *string { return &c.Database.URL })},
	{"database.replica_url", "", "Streaming replica to read from, postgres://…; empty means to read from database.url.", text(func(c *Config) *string { return &c.Database.ReplicaURL })},
	{"database.manage", "true", "Whether to migrate and to publish the fixtures at start: true, or false for a role that may only read.", func(c *Config, v string) error {
		c.Database.Manage = v == "true"
		return oneOf(v, []string{"true", "false"})
	}},
	{"database.connections", "0", "Most connections of each pool; 0 means four for each core, 32 at most, for PostgreSQL, and one for each core, two at least, for SQLite.", func(c *Config, v string) error {
		n, err := strconv.Atoi(v)
		c.Database.Connections = n
		if err != nil || n < 0 || n > 1000 {
			return fmt.Errorf("must be a whole number from 0 to 1000")
		}
		return nil
	}},
	{"database.timeout", "10s", "Longest that an answer waits for the database, for example 10s.", func(c *Config, v string) error {
		d, err := time.ParseDuration(v)
		c.Database.Timeout = d
		if err != nil || d < 10*time.Millisecond {
			return fmt.Errorf("must be a duration of at least 10ms, such as 10s")
		}
		return nil
	}},
	{"fixtures.path", "", "Folder of the data package to publish on first start; empty means the embedded one.", text(func(c *Config) *string { return &c.Fixtures.Path })},
	{"memory.bytes", "268435456", "Maximum memory in bytes for the rows of older releases; those of the latest are always in memory.", func(c *Config, v string) (err error) {
		c.Memory.Bytes, err = parseBytes(v, 1<<20)
		return err
	}},
	{"cache.bytes", "268435456", "Most bytes of finished answers kept in memory.", func(c *Config, v string) (err error) {
		c.Cache.Bytes, err = parseBytes(v, 1<<20)
		return err
	}},
	{"cache.path", "", "Folder for finished files too large for memory; empty means zielstand-cache beside the SQLite file or, with PostgreSQL, in the working directory.", text(func(c *Config) *string { return &c.Cache.Path })},
	{"cache.folder_bytes", "4294967296", "Most bytes of finished files in that folder.", func(c *Config, v string) (err error) {
		c.Cache.FolderBytes, err = parseBytes(v, 1<<20)
		return err
	}},
	{"cache.file_bytes", "1048576", "Size in bytes from which on an answer is not kept in memory.", func(c *Config, v string) (err error) {
		c.Cache.FileBytes, err = parseBytes(v, 1<<10)
		return err
	}},
	{"cache.streams", "8", "Number of large filtered answers made at the same time.", func(c *Config, v string) error {
		n, err := strconv.Atoi(v)
		c.Cache.Streams = n
		if err != nil || n < 1 || n > 1000 {
			return fmt.Errorf("must be a whole number from 1 to 1000")
		}
		return nil
	}},
	{"data.license", "dl-by-de/2.0", "Licence of the data, a code of the DCAT-AP.de list of licences.", text(func(c *Config) *string { return &c.Data.License })},
	{"data.attribution", "Zielstand, nach Veröffentlichungen des Landes Nordrhein-Westfalen", "Text that users of the data have to give.", text(func(c *Config) *string { return &c.Data.Attribution })},
	{"catalog.publisher_name", "Zielstand", "Name of who is responsible for the publication.", text(func(c *Config) *string { return &c.Catalog.Publisher.Name })},
	{"catalog.publisher_uri", "", "IRI of the publisher; empty means one of the catalogue's own.", text(func(c *Config) *string { return &c.Catalog.Publisher.URI })},
	{"catalog.publisher_homepage", "", "Address of the publisher on the web.", text(func(c *Config) *string { return &c.Catalog.Publisher.Homepage })},
	{"catalog.publisher_type", "RegionalAuthority", "Kind of publisher, a code of the list ADMS publisher type.", text(func(c *Config) *string { return &c.Catalog.Publisher.Type })},
	{"catalog.contact_name", "Zielstand", "Name of the contact: an office, not a person.", text(func(c *Config) *string { return &c.Catalog.Contact.Name })},
	{"catalog.contact_email", "kontakt@zielstand.example", "Functional mailbox of the contact; empty if there is catalog.contact_url.", text(func(c *Config) *string { return &c.Catalog.Contact.Email })},
	{"catalog.contact_url", "", "Address of a contact form.", text(func(c *Config) *string { return &c.Catalog.Contact.URL })},
	{"catalog.contributor_id", "openNRW", "Code of the DCAT-AP.de list of contributors.", text(func(c *Config) *string { return &c.Catalog.ContributorID })},
	{"catalog.license", "cc-zero", "Licence of the metadata, a code of the DCAT-AP.de list of licences.", text(func(c *Config) *string { return &c.Catalog.License })},
	{"catalog.availability", "STABLE", "How long the data will be there, a code of the EU list planned-availability.", text(func(c *Config) *string { return &c.Catalog.Availability })},
	{"catalog.frequency", "IRREG", "How often the data change, a code of the EU list frequency.", text(func(c *Config) *string { return &c.Catalog.Frequency })},
	{"site.imprint", "", "Text of the page Impressum; blank lines part paragraphs.", text(func(c *Config) *string { return &c.Site.Imprint })},
	{"site.privacy", "", "Text of the page Datenschutz.", text(func(c *Config) *string { return &c.Site.Privacy })},
	{"site.accessibility", "", "Text of the page Barrierefreiheit.", text(func(c *Config) *string { return &c.Site.Accessibility })},
	{"log.level", "info", "How much is logged: debug, info, warn or error.", func(c *Config, v string) error {
		c.Log.Level = v
		return oneOf(v, []string{"debug", "info", "warn", "error"})
	}},
	{"log.format", "text", "Form of the log: text, or json with an object in each line.", func(c *Config, v string) error {
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

// Load reads the settings. Environ has the form of os.Environ; flags are those
// that were set, by key name. The error is a *domain.Invalid that names the
// key as it was written.
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

// build checks the value of every key and makes the typed settings of them.
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

// loadFile reads a YAML file whose nesting is flattened to names with points.
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

// excerpt is a part of the file in a message of the YAML parser.
var excerpt = regexp.MustCompile("[`'\"].*[`'\"]")

// withoutContent returns the parser's error, which names the line, without what is
// in the line: that may be a password.
func withoutContent(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return err
	}
	return errors.New(excerpt.ReplaceAllString(err.Error(), "…"))
}

var namePart = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// showName returns the name of an unknown key as far as it looks like one: a value
// with a colon becomes a key if the line breaks at the wrong place.
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
