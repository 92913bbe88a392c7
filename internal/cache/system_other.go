// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package cache

import (
	"io/fs"
	"os"
	"runtime"
	"time"
)

func owner(fs.FileInfo) (id int, known bool) { return 0, false }

func changed(fs.FileInfo) time.Time { return time.Time{} }

func writableByOthers(folder fs.FileInfo) bool {
	return runtime.GOOS != "windows" && folder.Mode().Perm()&0o022 != 0
}

func user() int { return os.Geteuid() }
