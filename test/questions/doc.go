// SPDX-License-Identifier: EUPL-1.2

// Package questions asks random questions of the API and of DuckDB, which reads the
// exported CSV file, and compares the answers: filters, groups and latest values. It
// prints the seed with which a run can be repeated (ZIELSTAND_TEST_SEED).
package questions
