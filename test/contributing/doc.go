// SPDX-License-Identifier: EUPL-1.2

// Package contributing makes the changes that docs/changes.md explains.
package contributing
