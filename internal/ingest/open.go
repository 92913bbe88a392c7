// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/workbook"
)

// The limits of archives, ZIP and XLSX. They keep a small file from unpacking to one that
// exhausts memory or time.
const (
	MaxEntries   = 1000                     // files and folders of an archive
	MaxUnpacked  = MaxBulkFile + MaxPackage // bytes of all files of a ZIP archive, unpacked
	MaxRatio     = 200                      // times that a file may grow when it is unpacked
	freeOfRatio  = 1 << 20                  // bytes up to which a file may grow by any ratio
	MaxWorkbook  = 512 << 20                // bytes of all parts of a workbook, unpacked
	MaxStrings   = 128 << 20                // bytes of the texts that the cells of a workbook share
	MaxSheetRows = 200_000                  // rows of a sheet
)

// Source is what a data package is imported from: a folder or a ZIP archive with the files
// of the package, or a workbook with the rows of one dataset.
type Source struct {
	// Folder has the files. It is nil if the source is a workbook.
	Folder fs.FS
	// name is the name of the file in messages.
	name string
	book *workbook.File
	file io.Closer
}

// Workbook reports whether the source is a workbook.
func (s *Source) Workbook() bool { return s.book != nil }

// Close closes the source. Its files cannot be read afterwards.
func (s *Source) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// Open opens a folder, a ZIP archive or a workbook on disk. The error is of type Findings
// if the archive breaks a rule. Other errors do not contain the path.
func Open(path string) (*Source, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file or folder")
	case err != nil:
		return nil, domain.Reason(err)
	case info.IsDir():
		folder, err := Folder(path)
		return &Source{Folder: folder}, err
	case !info.Mode().IsRegular():
		return nil, errors.New("is " + kind(info.Mode()) + "; it must be a folder, a ZIP archive or a workbook (XLSX)")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, domain.Reason(err)
	}
	s, err := OpenArchive(f, info.Size(), filepath.Base(path))
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	s.file = f
	return s, nil
}

// OpenArchive opens a ZIP archive or a workbook with a name.
func OpenArchive(content io.ReaderAt, size int64, name string) (*Source, error) {
	start := make([]byte, 8)
	n, _ := content.ReadAt(start, 0)
	if start = start[:n]; string(start) == "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" {
		return nil, Findings{{File: plain(name), Rule: "is a workbook with a password, or in the old format XLS; save it as XLSX without a password"}}
	}
	archive, err := zip.NewReader(content, size)
	if err != nil && strings.EqualFold(path.Ext(name), ".csv") {
		return nil, Findings{{File: plain(name), Rule: "is a single CSV file; name the folder that contains it and its datapackage.json, which may have only some of the datasets"}}
	}
	if err != nil {
		return nil, Findings{{File: plain(name), Rule: "is neither a folder nor a ZIP archive nor a workbook (XLSX), or it is damaged", Hint: clean(err)}}
	}
	if findings := checkArchive(plain(name), archive); len(findings) > 0 {
		return nil, findings
	}
	if !workbook.Is(archive) {
		if slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == "content.xml" }) {
			return nil, Findings{{File: plain(name), Rule: "is a spreadsheet in the format ODS; save it as XLSX"}}
		}
		return openZIP(plain(name), archive)
	}
	book, err := workbook.Open(archive, workbook.Limits{Strings: MaxStrings})
	if err != nil {
		return nil, Findings{{File: plain(name), Rule: damagedWorkbook, Hint: clean(err)}}
	}
	return &Source{name: plain(name), book: book}, nil
}

const damagedWorkbook = "is not a workbook that can be read; save it again as XLSX"

// clean returns the text of an error about a file, which may quote what is in it.
func clean(err error) string {
	text := domain.Shorten(err.Error())
	if domain.CheckText(text, false) != nil {
		return strconv.QuoteToASCII(text)
	}
	return text
}

// checkArchive returns what is wrong with the entries of an archive. It relies on the
// sizes that the archive states; reading an entry fails if its size turns out to be
// wrong.
func checkArchive(name string, archive *zip.Reader) Findings {
	if n := len(archive.File); n > MaxEntries {
		return Findings{{File: name, Rule: fmt.Sprintf("has too many files; an archive can have %s", thousandsOf(MaxEntries)), Hint: "it has " + thousandsOf(n)}}
	}
	var c collector
	seen, total, most := map[string]string{}, uint64(0), uint64(MaxUnpacked)
	isWorkbook := workbook.Is(archive)
	if isWorkbook {
		most = MaxWorkbook
	}
	for _, f := range archive.File {
		if !isWorkbook && discarded(f) {
			continue
		}
		wrong := func(rule, hint string) { c.addValue(Finding{File: name, Value: f.Name, Rule: rule, Hint: hint}, nil) }
		folded := strings.ToLower(strings.TrimSuffix(f.Name, "/"))
		total += min(f.UncompressedSize64, most+1)
		switch first, twice := seen[folded]; {
		case !fs.ValidPath(strings.TrimSuffix(f.Name, "/")) || strings.ContainsAny(f.Name, "\\:\x00"):
			wrong("is not a name that an archive may contain; names must not be absolute, lead out of the archive (..), or contain backslashes or colons", "")
		case twice && first == f.Name:
			wrong("appears twice in the archive; pack it again", "")
		case twice:
			wrong("differs from another name in the archive only in case; rename one of the two", "the other is "+quote(first))
		case f.Flags&1 != 0:
			wrong("is encrypted; pack the archive without a password", "")
		case f.Mode()&fs.ModeType&^fs.ModeDir != 0:
			wrong("is not a regular file in the archive; pack the file itself, not a link", "")
		case f.Method != zip.Store && f.Method != zip.Deflate:
			wrong("is compressed with a method that is not supported; pack the archive as an ordinary ZIP (Deflate)", "")
		case f.UncompressedSize64 > freeOfRatio && f.UncompressedSize64/MaxRatio > f.CompressedSize64:
			wrong(fmt.Sprintf("unpacks to more than %d times its size", MaxRatio), "")
		}
		seen[folded] = f.Name
	}
	if total > most {
		c.add(Finding{File: name, Rule: fmt.Sprintf("unpacks to more than %s bytes", thousandsOf(int(most)))})
	}
	return c.result()
}

// discarded reports whether an entry was added by the program that packed the data package.
func discarded(f *zip.File) bool {
	return strings.HasPrefix(f.Name, "__MACOSX/") || slices.Contains([]string{".DS_Store", "Thumbs.db", "desktop.ini"}, path.Base(f.Name))
}

// openZIP opens the archive of a data package, whose files are at its top or in its only
// folder.
func openZIP(name string, archive *zip.Reader) (*Source, error) {
	var files []store.File
	folders := map[string]bool{}
	for _, f := range archive.File {
		if discarded(f) || strings.HasSuffix(f.Name, "/") {
			continue
		}
		folder, _, nested := strings.Cut(f.Name, "/")
		if !nested {
			folder = ""
		}
		folders[folder] = true
		files = append(files, store.File{Path: f.Name, Size: int64(f.UncompressedSize64), Open: f.Open})
	}
	if !folders[""] && len(folders) > 1 {
		return nil, Findings{{File: name, Rule: "has several folders and no file at its top; pack the folder that contains datapackage.json"}}
	}
	if !folders[""] {
		for i := range files {
			_, files[i].Path, _ = strings.Cut(files[i].Path, "/")
		}
	}
	return &Source{Folder: store.Folder(files), name: name}, nil
}
