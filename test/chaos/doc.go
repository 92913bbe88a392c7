// SPDX-License-Identifier: EUPL-1.2

// Package chaos loads two instances of the program at a fixed rate while their database,
// disks and releases change or fail, and compares every answer with one recorded before.
// It has tests only. They run the real program and a PostgreSQL of their own, from the
// binaries that ZIELSTAND_TEST_POSTGRES_BIN names, and stay on the loopback interface.
//
// “make suites” runs a short form without limits on time. “make chaos” runs the long form
// and writes its tables to docs/chaos.md.
package chaos
