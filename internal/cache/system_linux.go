// SPDX-License-Identifier: EUPL-1.2

package cache

import (
	"io/fs"
	"os"
	"syscall"
	"time"
)

// owner returns the user id that a file belongs to.
func owner(info fs.FileInfo) (id int, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}

// changed returns when the kernel last saw a change of the file. A program cannot
// set it back, unlike the time of modification.
func changed(info fs.FileInfo) time.Time {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return time.Time{}
	}
	return time.Unix(int64(stat.Ctim.Sec), int64(stat.Ctim.Nsec))
}

// writableByOthers reports whether users other than the owner may change the folder.
func writableByOthers(folder fs.FileInfo) bool { return folder.Mode().Perm()&0o022 != 0 }

// user is the user id that the program runs as.
func user() int { return os.Geteuid() }
