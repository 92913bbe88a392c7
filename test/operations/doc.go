// SPDX-License-Identifier: EUPL-1.2

// Package operations runs the program as its operators do and breaks what
// can break: imports are killed, databases stop, hang and fill up, releases
// change under readers. The files in deploy/ and the pages for operators in docs/ are used
// as they are. It has tests only and looks at the program from
// outside: commands, HTTP and, to see whether a release is whole, SQL.
//
// PostgreSQL is real. Tests that stop it start clusters of their own from the
// binaries that ZIELSTAND_TEST_POSTGRES_BIN names; “make test” sets it.
package operations
