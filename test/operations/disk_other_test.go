// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package operations

import "testing"

// smallDisk is Linux's.
func smallDisk(testing.TB) (string, bool) { return "", false }
