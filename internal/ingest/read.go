// SPDX-License-Identifier: EUPL-1.2

// Package ingest imports a Frictionless data package or edited workbooks: it reads the
// files, checks the rows against each other, computes columns and datasets, applies the rules
// between releases, and plans the publication. Datasets that are too large for memory are
// read as streams. All errors are reported in one run, each with file, row, column, value,
// rule and what is allowed. Comparing releases is left to package release, and writing them
// to package store.
package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/store"
)

// Package is a data package without errors.
type Package struct {
	Manifest dataset.Manifest
	// Tables contain the rows of the edited datasets, by dataset id. Those of optional
	// datasets that neither the package nor the base holds are empty.
	Tables map[string]*Table
	// Files are all files of the package as they were read, by path.
	Files map[string]store.File
	// Base is what the datasets that the package does not hold were taken from. It is nil if
	// the package holds all of them.
	Base *Base
	// published reports that the files were those of a package as it is served.
	published bool
	// locate turns places in files into those that an editor knows, or is nil.
	locate func(Findings) Findings
}

// Read reads and checks a data package that holds all datasets; optional ones that it
// does not hold have no rows. The error is of type Findings if the package breaks a rule;
// any other error means that the folder cannot be read.
func Read(folder fs.FS) (*Package, error) { return read(folder, nil, defaults()) }

// ReadOver reads a data package that may hold only some of the datasets, and takes the
// others from the base. Everything is checked together, as if the package held all
// datasets. The base is nil if no release is published.
func ReadOver(folder fs.FS, base *Base) (*Package, error) { return read(folder, base, defaults()) }

func read(folder fs.FS, base *Base, l limits) (*Package, error) {
	r := reader{folder: folder, base: base, limits: l}
	return r.read()
}

func (r *reader) read() (*Package, error) {
	if err := checkFolder(r.folder); err != nil {
		return nil, err
	}
	r.pkg = &Package{Tables: map[string]*Table{}, Files: map[string]store.File{}}
	r.readManifest()
	r.findHeld()
	for _, d := range dataset.All {
		switch {
		case d.Computed:
		case r.absent[d.ID]:
			r.leaveOut(d)
		case !d.Bulk:
			r.readTable(d)
		}
	}
	if err := r.checkRows(); err != nil {
		return nil, err
	}
	if len(r.pkg.Files) == 0 && r.missing == len(r.findings) {
		return nil, Findings{{File: dataset.ManifestName, Rule: "is missing, and so are all CSV files; is this the folder of a data package?"}}
	}
	if len(r.findings) == 0 {
		if err := r.checkComputed(); err != nil {
			return nil, err
		}
	}
	if len(r.findings) > 0 {
		r.joinMissing()
		return nil, r.result()
	}
	return r.pkg, r.complete()
}

// joinMissing reports several missing CSV files together: the package probably has only
// some of the datasets.
func (r *reader) joinMissing() {
	isMissing := func(f *Finding) bool { return f.Rule == missingFile && f.File != dataset.ManifestName }
	var names []string
	for _, f := range r.findings {
		if isMissing(f) {
			names = append(names, f.File)
		}
	}
	if len(names) < 2 {
		return
	}
	r.findings = slices.DeleteFunc(r.findings, isMissing)
	r.add(Finding{
		File: dataset.ManifestName, Path: "resources",
		Rule: "describe CSV files that are missing; add them, or if the package has only some of the datasets, run “zielstand check --describe”, which deletes the descriptions of the others",
		Hint: "missing: " + strings.Join(names, ", "),
	})
}

// checkFolder returns an error if the folder cannot be read.
func checkFolder(folder fs.FS) error {
	info, err := fs.Stat(folder, ".")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such folder")
	case err != nil:
		return domain.Reason(err)
	case !info.IsDir():
		return errors.New("is not a folder")
	}
	return nil
}

// reader collects a package and its findings.
type reader struct {
	collector
	folder fs.FS
	base   *Base
	limits limits
	pkg    *Package
	// carried are the datasets taken from the base; absent are those that neither the
	// package nor the base has.
	carried, absent map[string]bool
	// published are the datasets whose files have all columns, as they are served.
	published map[string]bool
	// failed is why the base could not be read.
	failed error
	// faulted are cells, by dataset, that are reported already.
	faulted map[string]map[place]bool
	// unnamed are datasets whose rows have ids among those cells.
	unnamed map[string]bool
	// missing counts the files that do not exist; size is the total in bytes.
	missing, size int
}

// file reads a file and adds it to the package.
func (r *reader) file(path string, limit int) ([]byte, bool) {
	if rule := irregular(r.folder, path); rule != "" {
		r.add(Finding{File: path, Rule: rule})
		return nil, false
	}
	content, err := readFile(r.folder, path, min(limit, r.limits.pkg-r.size))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.missing++
		r.add(Finding{File: path, Rule: missingFile})
	case errors.Is(err, errTooLarge):
		r.add(Finding{File: path, Rule: fmt.Sprintf("is too large; %s can have %s bytes, and the whole package %s", path, thousandsOf(limit), thousandsOf(r.limits.pkg))})
	case err != nil:
		r.unreadable(path, err)
	default:
		r.size += len(content)
		r.pkg.Files[path] = store.NewFile(path, content)
		return content, true
	}
	return nil, false
}

// unreadable reports a file that cannot be read.
func (r *reader) unreadable(file string, err error) {
	r.add(Finding{File: file, Rule: "cannot be read: " + domain.Reason(err).Error()})
}

const missingFile = "is missing; a data package must have it beside datapackage.json"

var errTooLarge = errors.New("too large")

// readFile reads a file of at most limit bytes.
func readFile(folder fs.FS, path string, limit int) ([]byte, error) {
	f, err := folder.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err == nil && len(content) > limit {
		err = errTooLarge
	}
	return content, err
}

// The limits of a data package, far above what editors need. They keep a package
// from exhausting memory, a database index or a spreadsheet cell. docs/editors.md
// lists them.
const (
	MaxManifest   = 1 << 20    // bytes of datapackage.json
	MaxDepth      = 16         // nested objects and lists in datapackage.json
	MaxFile       = 64 << 20   // bytes of a CSV file
	MaxPackage    = 128 << 20  // bytes of all files
	MaxRows       = 1_000_000  // rows of a CSV file
	MaxBulkFile   = 8 << 30    // bytes of the CSV file of a bulk dataset
	MaxBulkRows   = 20_000_000 // rows of a bulk dataset
	MaxCell       = 10_000     // characters of a cell
	MaxIdentifier = 100        // characters of an identifier or code
	MaxNumber     = 30         // characters of a number
	MaxTitle      = 300        // characters of the package's title
	MaxNotes      = 10_000     // characters of the package's notes or description
	maxBroken     = 1000       // rows of a file that cannot be read until reading stops
	maxRow        = 4 << 20    // bytes of a row of a bulk dataset, more than its cells can have
	maxWrong      = 10         // different wrong values of a column that are listed one by one
	maxListed     = 5          // rows that a message lists
	maxShown      = 80         // characters of a value that a message shows
)

// limits are those that tests lower.
type limits struct{ file, pkg, rows, broken, bulk, bulkRows int }

func defaults() limits {
	return limits{MaxFile, MaxPackage, MaxRows, maxBroken, MaxBulkFile, MaxBulkRows}
}

// Folder opens the folder of a data package on disk. Symbolic links that lead out
// of it are not followed. Errors do not contain the path.
func Folder(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such folder")
	case err != nil:
		return nil, domain.Reason(err)
	case !info.IsDir():
		return nil, errors.New("is not a folder") // opening a named pipe would block
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, domain.Reason(err)
	}
	return root.FS(), nil
}

// irregular returns the rule that a path breaks if it must not be opened: reading a
// named pipe or device may block forever, and a symbolic link may lead out of the
// package.
func irregular(folder fs.FS, path string) (rule string) {
	info, err := fs.Stat(folder, path)
	if link, lerr := fs.Lstat(folder, path); err != nil && lerr == nil && link.Mode()&fs.ModeSymlink != 0 {
		if errors.Is(err, fs.ErrNotExist) {
			return "is a symbolic link to a file that is missing"
		}
		return "is a symbolic link to a file outside the package; put the file itself there"
	}
	if err == nil && !info.Mode().IsRegular() {
		return "is " + kind(info.Mode()) + "; it must be a regular file"
	}
	return ""
}

func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "neither a file nor a folder"
}
