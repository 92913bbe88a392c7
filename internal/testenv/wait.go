// SPDX-License-Identifier: EUPL-1.2

package testenv

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// Patience is the maximum time to wait for something to happen.
const Patience = 2 * time.Minute

// Eventually calls ask until it returns no error. The test fails after Patience.
func Eventually(t testing.TB, what string, ask func() error) {
	t.Helper()
	deadline := time.Now().Add(Patience)
	for {
		err := ask()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s: %v", what, Patience, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Buffer is a buffer that can be read while it is written.
type Buffer struct {
	mutex sync.Mutex
	text  strings.Builder
}

// Write appends to the buffer.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(p)
}

// String returns what has been written.
func (b *Buffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}
