// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// fillFolder writes into a folder that is empty or does not exist, and creates its
// parents. If write fails, the folder is as it was, so that the command can be repeated;
// parents that were created remain.
func fillFolder(path string, write func() error) (err error) {
	const rule = "the folder to write, which is the last argument, must be empty or not exist"
	info, missing := os.Stat(path)
	if missing == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file; %s", path, rule)
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s has files; %s", path, rule)
	}
	if err = write(); err == nil {
		return nil
	}
	if missing != nil {
		return errors.Join(err, os.RemoveAll(path))
	}
	entries, _ = os.ReadDir(path)
	for _, e := range entries {
		err = errors.Join(err, os.Remove(filepath.Join(path, e.Name())))
	}
	return err
}
