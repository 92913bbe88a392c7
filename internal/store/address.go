// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
)

const (
	sqliteForm   = "sqlite:PATH"
	postgresForm = "postgres://USER:PASSWORD@HOST/DATABASE"
)

// CheckURL returns a *domain.Invalid unless the text has the form of a database
// address. Its message never contains any part of the text: an address that cannot
// be read cannot be searched for its password either.
func CheckURL(text string) error {
	if path, ok := strings.CutPrefix(text, "sqlite:"); ok {
		return checkSQLitePath(path)
	}
	if isPostgres(text) {
		return checkPostgresURL(text)
	}
	return unreadable("is not a database address", sqliteForm, postgresForm)
}

// CheckReplicaURL is CheckURL for a replica, which only PostgreSQL has.
func CheckReplicaURL(text string) error {
	if isPostgres(text) {
		return checkPostgresURL(text)
	}
	return unreadable("is not the address of a PostgreSQL replica", postgresForm)
}

func isPostgres(text string) bool {
	return strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://")
}

func unreadable(rule string, allowed ...string) error {
	return &domain.Invalid{Rule: rule + " (not shown: it may contain a password)", Allowed: allowed}
}

// checkSQLitePath refuses what other programs take for more than a path. The
// options of a SQLite URI have settings here or are not needed: a file that cannot
// be written is opened for reading.
func checkSQLitePath(path string) error {
	switch {
	case path == "":
		return unreadable("names no file", sqliteForm)
	case strings.HasPrefix(path, ":"):
		return unreadable("names a database in memory, which is not supported: every release would be lost at the end", sqliteForm)
	case strings.Contains(path, "?"):
		return unreadable("has options after “?”, which are not supported: a file that cannot be written is opened for reading without any", sqliteForm)
	case strings.HasPrefix(path, "//"), strings.HasPrefix(strings.ToLower(path), "file:"):
		return unreadable("must be sqlite: and a path, without “//” or “file:” between them", sqliteForm)
	case strings.ContainsFunc(path, isControl):
		return unreadable("contains a line break or another control character", sqliteForm)
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// parameter is the form of what follows “?” in an address of PostgreSQL.
var parameter = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*=[^=]*$`)

// checkPostgresURL reads an address as libpq and pgx do, which is not RFC 3986: the
// first “@” before the first “/” ends the user. It also refuses what can be read, but
// only because a character of the password ended the user or the host: the rest would
// be shown as the name of a host or a database when the connection fails.
func checkPostgresURL(text string) error {
	if strings.ContainsFunc(text, isControl) {
		return unreadable("contains a line break or another control character", postgresForm)
	}
	if strings.Contains(text, " ") || strings.Contains(text, "%00") {
		return unreadable("contains a space (write %20) or %00", postgresForm)
	}
	a := splitPostgresURL(text)
	if a.ats > 1 || strings.Contains(a.database, "@") || strings.Contains(a.query, "@") {
		return unreadable("contains a “/” before the “@” that ends the password, or an “@” too many: within user, password, database and parameters write %2F for “/” and %40 for “@”", postgresForm)
	}
	if strings.Contains(decoded(a.user), ":") {
		return unreadable("has a colon in the name of its user: between user and password it must be written as it is", postgresForm)
	}
	for _, part := range []string{a.user, a.password, a.hosts, a.database, a.query} {
		if _, err := url.PathUnescape(part); err != nil {
			return unreadable("contains a “%” that is not followed by two hexadecimal digits: write %25 for “%”", postgresForm)
		}
	}
	for _, p := range a.parameters() {
		if !parameter.MatchString(p) {
			return unreadable("has a parameter that is not NAME=VALUE after “?”", postgresForm+"?NAME=VALUE")
		}
	}
	return nil
}

// postgresURL is an address of PostgreSQL in its parts, as they are written.
type postgresURL struct {
	user, password, hosts, database, query string
	// ats counts the “@” before the database.
	ats int
}

func splitPostgresURL(text string) postgresURL {
	var a postgresURL
	_, rest, _ := strings.Cut(text, "://")
	authority, rest, slash := strings.Cut(rest, "/")
	a.ats = strings.Count(authority, "@")
	if i := strings.LastIndex(authority, "@"); i >= 0 {
		a.user, a.password, _ = strings.Cut(authority[:i], ":")
		authority = authority[i+1:]
	}
	if slash {
		a.hosts = authority
		a.database, a.query, _ = strings.Cut(rest, "?")
	} else {
		a.hosts, a.query, _ = strings.Cut(authority, "?")
	}
	return a
}

func (a postgresURL) parameters() []string {
	if a.query == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(a.query, "&"), "&")
}

// Name names a database in messages, without user and password.
func Name(text string) string {
	if path, ok := strings.CutPrefix(text, "sqlite:"); ok {
		return "the database " + path
	}
	a, name := splitPostgresURL(text), "the database"
	if a.database != "" {
		name += " " + decoded(a.database)
	}
	if a.hosts != "" {
		name += " at " + a.hosts
	}
	return name
}

// decoded returns the text without percent-encoding, or as it is.
func decoded(text string) string {
	if meant, err := url.PathUnescape(text); err == nil {
		return meant
	}
	return text
}

var secretKey = regexp.MustCompile(`(?i)` + domain.SecretName + `$`)

// Hide removes passwords from a text that will be printed or logged: values that may
// contain one, and what stands for a password in an address. Words of the text that are
// the same as a password stay, because a gap would show it.
func Hide(text string, values ...string) string {
	for _, value := range values {
		if !domain.MayHoldPassword(value) {
			continue
		}
		text = replaceQuoted(text, value, "…")
		for _, p := range passwords(value) {
			if p.text != "" {
				text = replaceQuoted(text, p.before+p.text+p.after, p.before+"…"+p.after)
			}
		}
	}
	return text
}

// replaceQuoted replaces a part of a text, as it is and as strconv.Quote writes it.
func replaceQuoted(text, part, by string) string {
	quoted := strconv.Quote(part)
	return strings.NewReplacer(quoted[1:len(quoted)-1], by, part, by).Replace(text)
}

// password is a password in an address, and what surrounds it there.
type password struct{ before, text, after string }

// passwords returns the passwords in a URL, both encoded and decoded.
func passwords(value string) []password {
	a := splitPostgresURL(value)
	found := []password{{":", a.password, "@"}, {":", decoded(a.password), "@"}}
	for _, p := range a.parameters() {
		name, written, _ := strings.Cut(p, "=")
		if secretKey.MatchString(name) {
			found = append(found, password{name + "=", written, ""}, password{name + "=", decoded(written), ""})
		}
	}
	return found
}
