// SPDX-License-Identifier: EUPL-1.2

// Package domain defines what all other packages share: periods, decimals,
// locators, releases, the kinds of errors, and the comparison of words without
// regard to case and diacritics. It imports no other package of the project.
package domain

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// The kinds of errors by meaning. Check with errors.Is.
var (
	// ErrNotFound reports that nothing has the identifier.
	ErrNotFound = errors.New("not found")
	// ErrInvalid reports that the input breaks a rule; see Invalid.
	ErrInvalid = errors.New("invalid")
	// ErrGone reports that the identifier was published and has been withdrawn.
	ErrGone = errors.New("gone")
	// ErrConflict reports that the state of the store does not allow the operation.
	ErrConflict = errors.New("conflict")
	// ErrUnavailable reports that the answer is temporarily unavailable.
	ErrUnavailable = errors.New("unavailable")
	// ErrRepeated reports that a parameter was given more than once.
	ErrRepeated = errors.New("repeated")
	// ErrMisplaced reports that a parameter exists, but not at this address.
	ErrMisplaced = errors.New("misplaced")
	// ErrNotAcceptable reports that no format satisfies the Accept header.
	ErrNotAcceptable = errors.New("not acceptable")
)

// Invalid describes a value that breaks a rule: its place, the value, the rule and
// what is allowed. It is an ErrInvalid.
type Invalid struct {
	// Name is the parameter, key or column with the value.
	Name string
	// Value is the value as written.
	Value string
	// Rule is what is wrong, without a full stop.
	Rule string
	// Allowed lists the accepted values if they can be listed.
	Allowed []string
	// Nearest is the allowed value most similar to Value, or empty.
	Nearest string
	// Kind is the kind of mistake, nil if the value itself is wrong.
	Kind error
}

// Error joins name, value, rule, nearest and allowed values in one line.
func (e *Invalid) Error() string {
	var b strings.Builder
	if e.Value == "" {
		fmt.Fprintf(&b, "%s: %s", e.Name, e.Rule)
	} else {
		fmt.Fprintf(&b, "%s=%q: %s", e.Name, e.Value, e.Rule)
	}
	if e.Nearest != "" {
		fmt.Fprintf(&b, "; did you mean %q?", e.Nearest)
	}
	if len(e.Allowed) > 0 {
		fmt.Fprintf(&b, "; allowed: %s", strings.Join(e.Allowed, ", "))
	}
	return b.String()
}

// Is reports whether target is ErrInvalid.
func (e *Invalid) Is(target error) bool { return target == ErrInvalid }

// Unwrap returns the kind of mistake.
func (e *Invalid) Unwrap() error { return e.Kind }

// Shortened returns the error with a name and value that a message can repeat.
func (e *Invalid) Shortened() *Invalid {
	short := *e
	short.Name, short.Value = Shorten(e.Name), Shorten(e.Value)
	return &short
}

// maxRepeated is the maximum number of bytes that Shorten leaves of a text.
const maxRepeated = 200

// Shorten truncates a text of any length that a message repeats, at the end of a
// character.
func Shorten(text string) string {
	if len(text) <= maxRepeated {
		return text
	}
	return strings.ToValidUTF8(text[:maxRepeated], "") + "…"
}

// NotOneOf returns the Invalid of a value that is not among allowed. It names
// the nearest allowed value. The rule completes the sentence "name=value: ".
func NotOneOf(name, value, rule string, allowed []string) *Invalid {
	return &Invalid{Name: name, Value: value, Rule: rule, Allowed: allowed, Nearest: Nearest(value, allowed)}
}

// UnknownName returns the Invalid of a parameter or key that is not among allowed. It
// has no value, and names the nearest allowed name.
func UnknownName(name, rule string, allowed []string) *Invalid {
	return &Invalid{Name: name, Rule: rule, Allowed: allowed, Nearest: Nearest(name, allowed)}
}

// SecretName is a regular expression for names of parameters that contain a secret.
const SecretName = `(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api_?key)`

// credentials matches USER:PASSWORD@HOST, PostgreSQL addresses, secrets of the form
// NAME=VALUE, and private keys.
var credentials = regexp.MustCompile(`(?is):.*@|postgres(?:ql)?:|` + SecretName + `\s*=|private key`)

// MayHoldPassword reports whether a value must not be repeated in a message.
func MayHoldPassword(value string) bool { return credentials.MatchString(value) }

// Reason returns the error of a file system without the operation and the path, for messages
// that name the file already. Other errors stay as they are.
func Reason(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return file.Err
	}
	return err
}
