// SPDX-License-Identifier: EUPL-1.2

package cache

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Files stores finished files in a folder, bounded in bytes. The folder survives
// a restart and can be deleted at any time. It is safe for concurrent use; two
// programs of the same user may share a folder.
//
// A file is served only while it has the content that it was written with. A
// folder in which another user can write is not used at all.
type Files struct {
	folder string
	limit  int64
	log    *slog.Logger
	// Now is the clock; a test may set another before the first use.
	Now func() time.Time

	mu     sync.Mutex
	files  map[string]*File // by the hash of the key
	used   int64            // counts the uses, for the order of eviction
	read   bool             // whether the files in the folder are known
	failed string           // why the folder cannot be used, or empty
	tried  time.Time        // when it was found so

	uses uses
}

// Stats returns the uses of the folder: the calls of Get.
func (f *Files) Stats() Stats {
	f.mu.Lock()
	defer f.mu.Unlock()
	stats := Stats{Hits: f.uses.hits.Load(), Misses: f.uses.misses.Load()}
	for _, file := range f.files {
		stats.Bytes += uint64(file.Size)
	}
	return stats
}

// ErrUnusable reports that files cannot be written into the folder, or that it must
// not be used. The caller can do without it.
var ErrUnusable = errors.New("the cache folder cannot be used")

// retryAfter is how long a folder that could not be used is left alone.
const retryAfter = time.Minute

// File is a finished file.
type File struct {
	Path string
	Size int64
	// Sum is the SHA-256 of the content.
	Sum [sha256.Size]byte

	lastUse int64
	mu      sync.Mutex
	hashed  fs.FileInfo // the file as it was when its content had Sum; nil if it was not hashed yet
}

// NewFiles returns the files in a folder, which is created if it does not exist.
// The log receives a warning when the folder cannot be used.
func NewFiles(folder string, limit int64, log *slog.Logger) *Files {
	f := &Files{folder: folder, limit: limit, log: log, Now: time.Now, files: map[string]*File{}}
	_ = f.prepare() // is logged, and tried again
	return f
}

// prepare creates the folder and checks whether it can be used.
func (f *Files) prepare() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failed != "" && f.Now().Sub(f.tried) < retryAfter {
		return fmt.Errorf("%w: %s", ErrUnusable, f.failed)
	}
	if err := f.open(); err != nil {
		return f.fail(err)
	}
	return nil
}

// open prepares the folder, and reads it the first time that this succeeds.
func (f *Files) open() error {
	if err := os.MkdirAll(f.folder, 0o700); err != nil {
		return err
	}
	if err := trusted(f.folder); err != nil {
		return err
	}
	if f.read {
		return nil
	}
	entries, err := os.ReadDir(f.folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		f.adopt(e)
	}
	f.read = true
	f.evict("") // the limit may be lower than before
	return nil
}

// trusted refuses a folder in which another user can put files, and a link to a
// folder that another user made.
func trusted(folder string) error {
	for _, look := range []func(string) (fs.FileInfo, error){os.Lstat, os.Stat} {
		info, err := look(folder)
		if err != nil {
			return err
		}
		if id, known := owner(info); known && id != user() {
			return fmt.Errorf("%s belongs to the user %d, but the program runs as the user %d", folder, id, user())
		}
		if info.IsDir() && writableByOthers(info) {
			return fmt.Errorf("%s can be written to by other users (mode %04o); allowed: 0700 or 0755", folder, info.Mode().Perm())
		}
	}
	return nil
}

// fail records that the folder cannot be used and logs each cause once.
func (f *Files) fail(err error) error {
	f.tried = f.Now()
	if cause := reason(err); cause != f.failed {
		f.failed = cause
		f.log.Warn("cache folder cannot be used; large answers are streamed instead", slog.String("path", f.folder), slog.String("error", cause))
	}
	return fmt.Errorf("%w: %w", ErrUnusable, err)
}

// reason is the text of an error without the name of a temporary file.
func reason(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Op + ": " + path.Err.Error()
	case errors.As(err, &link):
		return link.Op + ": " + link.Err.Error()
	}
	return err.Error()
}

// Retry reports whether it is worth trying again to create a file.
func (f *Files) Retry() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed == "" || f.Now().Sub(f.tried) >= retryAfter
}

// A file is first written under another name. If it has not been touched for long, a
// killed program left it behind; a younger one may belong to another program.
const (
	partPrefix = "zielstand-part."
	partAge    = time.Hour
)

// name matches the names of files: the hash of their key, the hash of their content,
// and their size.
var name = regexp.MustCompile(`^([0-9a-f]{32})-([0-9a-f]{64})-([0-9]+)$`)

// adopt remembers a file from before the start of the program; its content is hashed when
// it is asked for. Only files with one of our names are deleted.
func (f *Files) adopt(e os.DirEntry) {
	path := filepath.Join(f.folder, e.Name())
	info, err := e.Info()
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	if strings.HasPrefix(e.Name(), partPrefix) && f.Now().Sub(info.ModTime()) > partAge {
		_ = os.Remove(path)
	}
	parts := name.FindStringSubmatch(e.Name())
	if parts == nil {
		return
	}
	if strconv.FormatInt(info.Size(), 10) != parts[3] { // was cut off
		_ = os.Remove(path)
		return
	}
	file := &File{Path: path, Size: info.Size()}
	_, _ = hex.Decode(file.Sum[:], []byte(parts[2]))
	f.files[parts[1]] = file
}

func hashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// Get returns the file of the key if it exists and its content is intact.
func (f *Files) Get(key string) (*File, bool) {
	file, ok := f.find(key)
	f.uses.count(ok)
	return file, ok
}

func (f *Files) find(key string) (*File, bool) {
	name := hashKey(key)
	f.mu.Lock()
	file, ok := f.files[name]
	if ok {
		f.used++
		file.lastUse = f.used
	}
	f.mu.Unlock()
	if !ok || f.Intact(file) {
		return file, ok
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.files[name] == file {
		delete(f.files, name)
	}
	return nil, false
}

// Intact reports whether the file still exists with its content. An altered file
// is deleted.
func (f *Files) Intact(file *File) bool {
	err := file.check()
	if errors.Is(err, errAltered) {
		f.log.Warn("cache file was altered; it is deleted and created again", slog.String("path", file.Path))
		_ = os.Remove(file.Path)
	}
	return err == nil
}

var errAltered = errors.New("altered")

// check hashes the file unless it is the one that was hashed before, untouched.
func (f *File) check() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, err := os.Lstat(f.Path)
	if err != nil {
		return err
	}
	if f.hashed != nil && untouched(f.hashed, now) {
		return nil
	}
	if !now.Mode().IsRegular() || now.Size() != f.Size {
		return errAltered
	}
	content, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	defer content.Close()
	before, err := content.Stat()
	if err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return err
	}
	if [sha256.Size]byte(sum.Sum(nil)) != f.Sum {
		return errAltered
	}
	f.hashed = before
	return nil
}

func untouched(before, now fs.FileInfo) bool {
	return os.SameFile(before, now) && before.Size() == now.Size() && before.ModTime().Equal(now.ModTime()) && changed(before).Equal(changed(now))
}

// Create writes the file of the key. It appears whole or not at all. The error is
// ErrUnusable if the folder is the cause, and otherwise the error of write.
func (f *Files) Create(key string, write func(io.Writer) error) (*File, error) {
	if err := f.prepare(); err != nil {
		return nil, err
	}
	file, err := f.create(key, write)
	f.mu.Lock()
	defer f.mu.Unlock()
	var disk *diskError
	if errors.As(err, &disk) {
		return nil, f.fail(disk.err)
	}
	if err != nil {
		return nil, err
	}
	if f.failed != "" {
		f.failed = ""
		f.log.Info("cache folder can be used again", slog.String("path", f.folder))
	}
	f.store(hashKey(key), file)
	return file, nil
}

// diskError is an error of the file system rather than of the writer.
type diskError struct{ err error }

// Error returns the error of the file system.
func (e *diskError) Error() string { return e.err.Error() }

func (f *Files) create(key string, write func(io.Writer) error) (*File, error) {
	part, err := os.CreateTemp(f.folder, partPrefix+"*")
	if err != nil {
		return nil, &diskError{err}
	}
	defer os.Remove(part.Name())
	defer part.Close()
	disk := &diskWriter{file: part}
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(disk, sum), 64<<10)
	if err = write(out); err == nil {
		err = out.Flush()
	}
	if disk.err != nil {
		return nil, &diskError{disk.err}
	} else if err != nil {
		return nil, err
	}
	file := &File{Size: disk.size, Sum: [sha256.Size]byte(sum.Sum(nil))}
	file.Path = filepath.Join(f.folder, fmt.Sprintf("%s-%x-%d", hashKey(key), file.Sum, file.Size))
	if err := os.Rename(part.Name(), file.Path); err != nil {
		return nil, &diskError{err}
	}
	if file.hashed, err = part.Stat(); err != nil {
		return nil, &diskError{err}
	}
	return file, nil
}

// diskWriter counts what is written and remembers the error of the disk.
type diskWriter struct {
	file *os.File
	size int64
	err  error
}

// Write writes to the file.
func (w *diskWriter) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	w.size += int64(n)
	if err != nil {
		w.err = err
	}
	return n, err
}

// store adds the file.
func (f *Files) store(name string, file *File) {
	f.used++
	file.lastUse = f.used
	f.files[name] = file
	f.evict(name)
}

// evict deletes the files not used for longest until the rest fits, or only the one with
// the name is left.
func (f *Files) evict(name string) {
	names := make([]string, 0, len(f.files))
	total := int64(0)
	for n, other := range f.files {
		names, total = append(names, n), total+other.Size
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(f.files[a].lastUse, f.files[b].lastUse) })
	for _, n := range names {
		if total <= f.limit || n == name {
			break
		}
		total -= f.files[n].Size
		_ = os.Remove(f.files[n].Path) // it may already be deleted
		delete(f.files, n)
	}
}

// Scratch calls write with the path of a temporary file: in the folder or, if that cannot
// be used or is full, in the system's. The caller deletes it; one that a killed program
// left in the folder is deleted like other unfinished files.
func (f *Files) Scratch(write func(path string) error) (path string, err error) {
	if f.prepare() == nil {
		if path, err = scratch(f.folder, write); err == nil {
			return path, nil
		}
	}
	return scratch("", write)
}

func scratch(folder string, write func(path string) error) (string, error) {
	file, err := os.CreateTemp(folder, partPrefix+"*")
	if err != nil {
		return "", err
	}
	if err = errors.Join(file.Close(), write(file.Name())); err != nil {
		_ = os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}
