// SPDX-License-Identifier: EUPL-1.2

package domain

import (
	"fmt"
	"io"
	"os"
)

// ReadFile reads a file of at most limit bytes. It may be a pipe or a device, which have no
// size to look at before.
func ReadFile(path string, limit int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err == nil && len(content) > limit {
		err = fmt.Errorf("must not have more than %d bytes", limit)
	}
	return content, err
}
