// SPDX-License-Identifier: EUPL-1.2

// Package build knows how the program was built: its version, the modules in it, their
// licences, and a bill of materials of all that.
package build

import (
	_ "embed"
	"runtime"
	"runtime/debug"
	"strings"
)

// stamped is set by builds that have neither version control nor an archive, such as
// the container image: -ldflags "-X github.com/zielstand/zielstand/internal/build.stamped=v1.2.3".
var stamped string

// archive contains version, commit and time, if git archive made the source tree.
//
//go:embed archive.txt
var archive string

// unknown is the version of a build that has none.
const unknown = "devel"

// Info describes the build.
type Info struct {
	// Version is a tag (v1.2.3), a pseudo-version of Go, the output of git describe, or
	// devel, with the start of the commit if that is known.
	Version string
	// Revision is the commit and Time its time (RFC 3339); both may be empty.
	Revision, Time string
	// Modified reports whether the source tree had changes that were not committed.
	Modified bool
	// Go is the version of Go, Platform the operating system and the architecture.
	Go, Platform string
}

// Read returns the description of this build.
func Read() Info {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return read(info, stamped, archive)
}

// Version returns the version of this build.
func Version() string { return Read().Version }

// read prefers what somebody stamped on purpose to what Go found, and that to the
// archive: an archive that was added to another repository still has its old text.
func read(info *debug.BuildInfo, stamped, archive string) Info {
	out := Info{Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			out.Revision = s.Value
		case "vcs.time":
			out.Time = s.Value
		case "vcs.modified":
			out.Modified = s.Value == "true"
		}
	}
	described := ""
	if lines := strings.Split(archive, "\n"); len(lines) >= 3 && !strings.HasPrefix(lines[1], "$Format") && out.Revision == "" {
		described, out.Revision, out.Time = lines[0], lines[1], lines[2]
		if strings.HasPrefix(described, "$Format") || strings.HasPrefix(described, "%(") { // Git before 2.32
			described = ""
		}
	}
	switch {
	case stamped != "":
		out.Version = stamped
	case info.Main.Version != "" && info.Main.Version != "(devel)":
		out.Version = info.Main.Version
	case described != "":
		out.Version = described
	case out.Revision != "":
		out.Version = unknown + "-" + out.Revision[:min(12, len(out.Revision))]
	default:
		out.Version = unknown
	}
	return out
}
