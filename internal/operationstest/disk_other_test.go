//go:build !linux

package operationstest

import "testing"

// smallDisk is Linux's.
func smallDisk(testing.TB) (string, bool) { return "", false }
