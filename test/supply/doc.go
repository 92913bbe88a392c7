// SPDX-License-Identifier: EUPL-1.2

// Package supply checks what comes with the program: its version in every way of
// building, licences, bill of materials, releases, and the metadata of the project. It
// consists of tests.
package supply
