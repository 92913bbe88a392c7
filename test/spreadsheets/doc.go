// Package spreadsheets opens what the program serves in LibreOffice, as
// people at a spreadsheet do, and looks at what they see there. It has tests
// only.
//
// LibreOffice runs without a window, with a profile of its own that is set to
// German. Its conversion does not guess how a CSV is separated and encoded, as
// the dialogue does that a double click opens; the tests choose what the
// dialogue proposes. “make test” installs LibreOffice, and what runs the snippets
// of the documentation, where it may (.ci/needs.sh, .ci/snippets.sh); without them the tests
// are skipped, in CI they fail.
package spreadsheets
