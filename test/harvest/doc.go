// SPDX-License-Identifier: EUPL-1.2

// Package harvest harvests the running program as open-data portals do:
// a harvester that behaves like GovData's imports the catalogue, data.europa.eu's
// score is computed of it, and every file that it names is fetched and measured.
// It has tests only.
package harvest
