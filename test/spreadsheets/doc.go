// SPDX-License-Identifier: EUPL-1.2

// Package spreadsheets opens what the program serves in LibreOffice and compares
// what people at a spreadsheet see with the data. It has tests only.
//
// LibreOffice runs without a window, with profiles of its own that are set to
// German. Unlike the dialogue that a double click opens, its conversion does not
// guess how a CSV is separated and encoded; the tests choose what the dialogue
// proposes. Without LibreOffice, or what runs the examples of the documentation,
// the tests are skipped.
package spreadsheets
