package cache

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Files keeps finished files in a folder, bounded in bytes. The folder survives
// a restart and can be deleted at any time. It is safe for concurrent use; two
// programs may share a folder.
type Files struct {
	folder string
	limit  int64

	mu    sync.Mutex
	files map[string]*File // by the hash of the key
	used  int64            // counts the uses, for the order of eviction
}

// File is a finished file.
type File struct {
	Path string
	Size int64
	// Sum is the SHA-256 of the content.
	Sum [sha256.Size]byte

	lastUse int64
}

// NewFiles returns the files in a folder, which is made if it is not there.
func NewFiles(folder string, limit int64) (*Files, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("cache folder: %w", err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("cache folder: %w", err)
	}
	f := &Files{folder: folder, limit: limit, files: map[string]*File{}}
	for _, e := range entries {
		f.adopt(e)
	}
	return f, nil
}

// A file is written under another name first. One that was not touched for long
// is what a killed program left behind; a younger one may be that of another.
const (
	partPrefix = "part."
	partAge    = time.Hour
)

// A file is named by the hash of its key, the hash of its content and its size;
// one whose size differs was cut off and is deleted.
func (f *Files) adopt(e os.DirEntry) {
	path := filepath.Join(f.folder, e.Name())
	parts := strings.Split(e.Name(), "-")
	info, err := e.Info()
	if err == nil && strings.HasPrefix(e.Name(), partPrefix) && time.Since(info.ModTime()) > partAge {
		_ = os.Remove(path)
	}
	if len(parts) != 3 || err != nil {
		return
	}
	sum, err := hex.DecodeString(parts[1])
	if err != nil || len(sum) != sha256.Size || strconv.FormatInt(info.Size(), 10) != parts[2] {
		_ = os.Remove(path)
		return
	}
	f.files[parts[0]] = &File{Path: path, Size: info.Size(), Sum: [sha256.Size]byte(sum)}
}

func hashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// Get returns the file of the key if it is there.
func (f *Files) Get(key string) (*File, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name := hashKey(key)
	file, ok := f.files[name]
	if !ok {
		return nil, false
	}
	if _, err := os.Stat(file.Path); err != nil {
		delete(f.files, name)
		return nil, false
	}
	f.used++
	file.lastUse = f.used
	return file, true
}

// Create writes the file of the key. It appears whole or not at all.
func (f *Files) Create(key string, write func(io.Writer) error) (*File, error) {
	if err := os.MkdirAll(f.folder, 0o700); err != nil {
		return nil, fmt.Errorf("cache folder: %w", err)
	}
	part, err := os.CreateTemp(f.folder, partPrefix+"*")
	if err != nil {
		return nil, fmt.Errorf("cache file: %w", err)
	}
	defer os.Remove(part.Name())
	defer part.Close()
	sum := sha256.New()
	if err := write(io.MultiWriter(part, sum)); err != nil {
		return nil, err
	}
	size, err := part.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, fmt.Errorf("cache file: %w", err)
	}
	file := &File{Size: size, Sum: [sha256.Size]byte(sum.Sum(nil))}
	file.Path = filepath.Join(f.folder, fmt.Sprintf("%s-%x-%d", hashKey(key), file.Sum, size))
	if err := os.Rename(part.Name(), file.Path); err != nil {
		return nil, fmt.Errorf("cache file: %w", err)
	}
	f.keep(hashKey(key), file)
	return file, nil
}

// keep adds the file and deletes those not used for longest until the rest fits.
func (f *Files) keep(name string, file *File) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.used++
	file.lastUse = f.used
	f.files[name] = file
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
		_ = os.Remove(f.files[n].Path) // whoever deletes the folder may be first
		delete(f.files, n)
	}
}
