// SPDX-License-Identifier: EUPL-1.2

package representation_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

var settings = representation.Settings{PublicURL: "https://zielstand.example", License: "https://example.org/license", Attribution: "Test"}

// service keeps answers from fileBytes on in files, or makes streams of them.
func service(t testing.TB, s *store.Store, fileBytes int64) *representation.Service {
	t.Helper()
	out, err := representation.NewService(release.New(s, 64<<20), settings, representation.Limits{
		CacheBytes: 1 << 20, Folder: t.TempDir(), FolderBytes: 1 << 20, FileBytes: fileBytes, Streams: 4, Timeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func request(t testing.TB, r *domain.Release, d *dataset.Dataset, query, format string) representation.Request {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	q, err := dataset.ParseQuery(d, values, anything{})
	if err != nil {
		t.Fatal(err)
	}
	f, ok := encode.Find(format, "")
	if !ok {
		t.Fatalf("no format %s", format)
	}
	return representation.Request{Release: r, Query: q, Format: f}
}

// anything is a vocabulary that checks forms only.
type anything struct{}

func (anything) Codes(string) []string       { return []string{"actual", "target"} }
func (anything) IDs(string) []string         { return nil }
func (anything) Knows(string, string) bool   { return false }
func (anything) Within(area string) []string { return []string{area} }

// content reads an answer from where it is.
func content(t testing.TB, r *representation.Representation) []byte {
	t.Helper()
	switch {
	case r.File != nil:
		b, err := os.ReadFile(r.File.Path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	case r.Stream != nil:
		var b bytes.Buffer
		if err := r.Stream(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	return r.Body
}

func decode(t testing.TB, c representation.Coding, b []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(b)
	var err error
	switch c {
	case representation.Gzip:
		r, err = gzip.NewReader(r)
	case representation.Brotli:
		r = brotli.NewReader(r)
	case representation.Zstd:
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestWideIsLimited refuses the layout that needs all rows in memory where there are
// too many.
func TestWideIsLimited(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("skipped: it publishes more than 100,000 rows")
	}
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.PublishSynthetic(t, s, encode.MaxWide+1)
	responses := service(t, s, 1)
	_, err := responses.Rows(t.Context(), request(t, r, dataset.Observations, "layout=wide", "csv"), representation.Identity)
	const want = `layout="wide": is limited to 100000 rows, and there are 100001; use a filter, or leave layout out`
	if invalid, ok := errors.AsType[*domain.Invalid](err); !ok || invalid.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if _, err := responses.Rows(t.Context(), request(t, r, dataset.Observations, "layout=wide&period=2021-01", "csv"), representation.Identity); err != nil {
		t.Errorf("of one period: %v", err)
	}
}

// TestPageAskedOnce expects that a page is cached when it is asked for again, with the same
// bytes as before, and that the buffer of one that is not cached goes to others.
func TestPageAskedOnce(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.PublishSynthetic(t, s, 1000)
	for _, coding := range []representation.Coding{representation.Identity, representation.Gzip} {
		responses := service(t, s, 1<<20)
		ask := func(query string) *representation.Representation {
			t.Helper()
			rep, err := responses.Rows(t.Context(), request(t, r, dataset.Observations, query, "json"), coding)
			if err != nil {
				t.Fatal(err)
			}
			return rep
		}
		first := ask("limit=100")
		body := bytes.Clone(first.Body)
		if !first.Once {
			t.Errorf("%q: a page is cached at the first request", coding)
		}
		first.Free()
		ask("limit=99&sort=-period").Free()
		again := ask("limit=100")
		if again.Once || !bytes.Equal(again.Body, body) || again.ETag != first.ETag {
			t.Errorf("%q: the second time, once is %v, %d bytes, entity tag %s; want %d bytes, %s", coding, again.Once, len(again.Body), again.ETag, len(body), first.ETag)
		}
		again.Free() // has no effect
		if known := ask("limit=100"); known != again || !bytes.Equal(known.Body, body) {
			t.Errorf("%q: the third time, it is another", coding)
		}
	}
}

// TestBodyFileStream makes the same answers in memory, in files and as streams.
func TestBodyFileStream(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		r := storetest.Publish(t, s)
		memory, files := service(t, s, 1<<30), service(t, s, 1)
		for _, query := range []string{"", "kind=actual", "sort=-value", "fields=id,value", "limit=3"} {
			for _, format := range []string{"json", "csv"} {
				ask := request(t, r, dataset.Observations, query, format)
				body, err := memory.Rows(ctx, ask, representation.Identity)
				if err != nil {
					t.Fatal(err)
				}
				if body.Body == nil || body.File != nil || body.Stream != nil || int(body.Length) != len(body.Body) {
					t.Errorf("%q: the small answer is not in memory", query)
				}
				for _, c := range representation.Codings {
					large, err := files.Rows(ctx, ask, c)
					if err != nil {
						t.Fatal(err)
					}
					if kind, want := kindOf(large), map[string]string{"": "file", "limit=3": "body"}[query]; kind != want && !(want == "" && kind == "stream") {
						t.Errorf("%q is a %s", query, kind)
					}
					coding := representation.Coding(large.Header.Get("Content-Encoding"))
					if coding != c && large.Length >= 860 {
						t.Errorf("%q: asked for %q, got %q", query, c, coding)
					}
					if got := decode(t, coding, content(t, large)); !bytes.Equal(got, body.Body) {
						t.Errorf("%q as %s in the coding %q has other bytes", query, format, c)
					}
					if large.File != nil && c == representation.Identity && (large.ETag != body.ETag || large.SHA256 != body.SHA256) {
						t.Errorf("%q: the file has the tag %s, the body %s", query, large.ETag, body.ETag)
					}
				}
			}
		}
	})
}

func kindOf(r *representation.Representation) string {
	switch {
	case r.File != nil:
		return "file"
	case r.Stream != nil:
		return "stream"
	}
	return "body"
}

// TestFilesOfVersions checks that a later release that did not change a dataset reuses its
// file, at both addresses. Formats that name the release, and rows with titles of another
// dataset, get a file of their own.
func TestFilesOfVersions(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		first := storetest.Publish(t, s)
		pkg := storetest.Package(t)
		storetest.Replace(t, pkg, "datapackage.json", storetest.Release, "2024.02.0")
		storetest.Replace(t, pkg, "datapackage.json", "2024-01-31T12", "2024-02-28T12")
		storetest.Replace(t, pkg, "goals.csv", "Elektronische Akte für alle", "Elektronische Akten")
		second := storetest.PublishPackage(t, s, pkg)
		files := service(t, s, 1)
		get := func(r *domain.Release, d *dataset.Dataset, query, format string, whole bool) *representation.Representation {
			request := request(t, r, d, query, format)
			request.File = whole
			rep, err := files.Rows(t.Context(), request, representation.Identity)
			if err != nil {
				t.Fatal(err)
			}
			return rep
		}
		for _, tt := range []struct {
			dataset *dataset.Dataset
			format  string
			same    bool
		}{
			{dataset.Observations, "parquet", true},
			{dataset.Observations, "csv", true},
			{dataset.Observations, "ndjson", true},
			{dataset.Goals, "parquet", false},
			{dataset.Goals, "csv", false},
			{dataset.Observations, "json", false},
			{dataset.Observations, "xlsx", false},
		} {
			before, after := get(first, tt.dataset, "", tt.format, true), get(second, tt.dataset, "", tt.format, true)
			if before.File == nil || after.File == nil {
				t.Fatalf("%s.%s: not in files", tt.dataset.ID, tt.format)
			}
			if same := before.File.Path == after.File.Path; same != tt.same || bytes.Equal(content(t, before), content(t, after)) != tt.same {
				t.Errorf("%s.%s: the same file: %t, want %t", tt.dataset.ID, tt.format, same, tt.same)
			}
			if collection := get(second, tt.dataset, "", tt.format, false); tt.same && collection.File.Path != after.File.Path {
				t.Errorf("%s.%s: the collection has a file of its own", tt.dataset.ID, tt.format)
			}
		}
		// The observations are the same, the titles of the goals are not.
		const query = "include=goal&fields=id"
		before, after := get(first, dataset.Observations, query, "csv", false), get(second, dataset.Observations, query, "csv", false)
		if before.ETag == after.ETag || bytes.Equal(content(t, before), content(t, after)) {
			t.Errorf("the titles of goals changed, the tag is %s and %s", before.ETag, after.ETag)
		}
		// A version that comes back was modified later: the file of the first release stays as it is.
		storetest.Replace(t, pkg, "datapackage.json", "2024.02.0", "2024.03.0")
		storetest.Replace(t, pkg, "datapackage.json", "2024-02-28T12", "2024-03-31T12")
		storetest.Replace(t, pkg, "goals.csv", "Elektronische Akten", "Elektronische Akte für alle")
		third := storetest.PublishPackage(t, s, pkg)
		published := content(t, get(first, dataset.Goals, "", "parquet", true))
		files = service(t, s, 1) // with an empty cache
		if again := content(t, get(third, dataset.Goals, "", "parquet", true)); bytes.Equal(published, again) {
			t.Error("goals.parquet has the same date in the first and the third release")
		}
		if now := content(t, get(first, dataset.Goals, "", "parquet", true)); !bytes.Equal(published, now) {
			t.Error("goals.parquet of the first release has changed with the third")
		}
	})
}

// TestHeld checks that the content of a small file comes from memory, with the headers of
// the address, and that of a large one does not.
func TestHeld(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	files := service(t, s, 1)
	ask := request(t, r, dataset.Observations, "", "csv")
	get := func(file bool) *representation.Representation {
		ask.File = file
		rep, err := files.Rows(t.Context(), ask, representation.Identity)
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	for _, file := range []bool{false, true} {
		rep := get(file)
		held, err := files.Held(t.Context(), rep)
		if err != nil || rep.Body != nil || !bytes.Equal(held.Body, content(t, rep)) || !maps.EqualFunc(held.Header, rep.Header, slices.Equal) || held.Immutable != file {
			t.Errorf("held: %v, error %v", held, err)
		}
	}
	rep := get(false)
	if err := os.Remove(rep.File.Path); err != nil {
		t.Fatal(err)
	}
	if held, err := files.Held(t.Context(), rep); err != nil || len(held.Body) == 0 {
		t.Errorf("after its file was deleted: %v, error %v", held, err)
	}
	large := *rep
	large.File = &cache.File{Path: rep.File.Path, Size: 1<<20/32 + 1}
	if held, err := files.Held(t.Context(), &large); err != nil || held != &large {
		t.Errorf("a large file: %v, error %v", held, err)
	}
	other := *rep
	other.File = &cache.File{Path: filepath.Join(t.TempDir(), "altered"), Size: 1}
	for _, content := range []string{"", "x"} {
		if content != "" {
			if err := os.WriteFile(other.File.Path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := files.Held(t.Context(), &other); !errors.Is(err, representation.ErrStale) {
			t.Errorf("content %q: error %v, want ErrStale", content, err)
		}
	}
}

// TestFilesDeleted makes files again whose folder somebody deleted.
func TestFilesDeleted(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	files := service(t, s, 1)
	ask := request(t, r, dataset.Observations, "", "csv")
	for _, c := range representation.Codings {
		first, err := files.Rows(context.Background(), ask, c)
		if err != nil {
			t.Fatal(err)
		}
		want := content(t, first)
		if err := os.RemoveAll(filepath.Dir(first.File.Path)); err != nil {
			t.Fatal(err)
		}
		if _, err := first.Open(); !errors.Is(err, representation.ErrStale) || !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("coding %q: opening the deleted file: error %v", c, err)
		}
		if err := first.Copy(context.Background(), io.Discard); !errors.Is(err, representation.ErrStale) {
			t.Errorf("coding %q: copying the deleted file: error %v", c, err)
		}
		again, err := files.Rows(context.Background(), ask, c)
		if err != nil {
			t.Fatalf("coding %q: %v", c, err)
		}
		if !bytes.Equal(content(t, again), want) || again.ETag != first.ETag {
			t.Errorf("coding %q: other bytes", c)
		}
	}
}

// TestFolderUnusable streams whole datasets when the cache folder cannot be used,
// from the start or later: the same bytes with the same checksum and length, which
// the catalogue names, one warning, and files again when it can be used.
func TestFolderUnusable(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	var log bytes.Buffer
	build := func(folder string) *representation.Service {
		out, err := representation.NewService(release.New(s, 64<<20), settings, representation.Limits{
			CacheBytes: 1 << 20, Folder: folder, FolderBytes: 1 << 20, FileBytes: 1, Streams: 4, Timeout: time.Minute,
			Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	block := func(folder string) {
		if err := errors.Join(os.RemoveAll(folder), os.WriteFile(folder, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for _, format := range []string{"csv", "json", "xlsx"} {
		ask := request(t, r, dataset.Observations, "", format)
		want, err := service(t, s, 1).Rows(context.Background(), ask, representation.Identity)
		if err != nil {
			t.Fatal(err)
		}
		check := func(name string, files *representation.Service) {
			t.Helper()
			for _, c := range representation.Codings {
				rep, err := files.Rows(context.Background(), ask, c)
				if err != nil {
					t.Fatalf("%s, %s, coding %q: %v", name, format, c, err)
				}
				coding := representation.Coding(rep.Header.Get("Content-Encoding"))
				if rep.Stream == nil || rep.File != nil || !bytes.Equal(decode(t, coding, content(t, rep)), content(t, want)) {
					t.Errorf("%s, %s, coding %q: %s with other bytes", name, format, c, kindOf(rep))
				}
				if coding == representation.Identity && (rep.ETag != want.ETag || rep.SHA256 != want.SHA256 || rep.Length != want.Length) {
					t.Errorf("%s, %s: tag %s, checksum %s and length %d, want those of the file", name, format, rep.ETag, rep.SHA256, rep.Length)
				}
				if coding != representation.Identity && (rep.ETag == want.ETag || rep.SHA256 != "" || rep.Length != -1 || rep.Header.Get("Content-Length") != "") {
					t.Errorf("%s, %s, coding %q: %+v", name, format, c, rep)
				}
			}
		}
		log.Reset()
		folder := filepath.Join(t.TempDir(), "cache")
		block(folder)
		check("from the start", build(folder))
		folder = filepath.Join(t.TempDir(), "cache")
		later := build(folder)
		for _, c := range representation.Codings[1:] { // and not in the first, whose file is to be made of another
			if _, err := later.Rows(context.Background(), ask, c); err != nil {
				t.Fatal(err)
			}
		}
		block(folder)
		check("later", later)
		if err := os.Remove(folder); err != nil {
			t.Fatal(err)
		}
		check("too early to try again", later)
		now := time.Now().Add(2 * time.Minute)
		later.SetCacheClock(func() time.Time { return now })
		for _, c := range representation.Codings {
			rep, err := later.Rows(context.Background(), ask, c)
			if err != nil {
				t.Fatal(err)
			}
			if rep.File == nil {
				t.Errorf("%s, coding %q: there is a folder again, but the answer is a %s", format, c, kindOf(rep))
			}
		}
		if n := bytes.Count(log.Bytes(), []byte("level=WARN")); n != 2 {
			t.Errorf("%d warnings from two services:\n%s", n, &log)
		}
	}
}

// TestFilesAltered creates a file again whose content somebody altered, in each coding
// and also before another coding is made of it.
func TestFilesAltered(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	ask := request(t, r, dataset.Observations, "", "csv")
	for _, altered := range representation.Codings {
		for _, asked := range representation.Codings {
			files := service(t, s, 1)
			first, err := files.Rows(context.Background(), ask, altered)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := files.Rows(context.Background(), ask, representation.Identity)
			if err != nil {
				t.Fatal(err)
			}
			want := content(t, plain)
			for _, rep := range []*representation.Representation{first, plain} {
				if err := os.WriteFile(rep.File.Path, bytes.Repeat([]byte("x"), int(rep.Length)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range []representation.Coding{asked, representation.Gzip, representation.Identity} {
				again, err := files.Rows(context.Background(), ask, c)
				if err != nil {
					t.Fatalf("altered in %q, asked in %q: %v", altered, c, err)
				}
				if !bytes.Equal(decode(t, c, content(t, again)), want) {
					t.Errorf("altered in %q, asked in %q: other bytes", altered, c)
				}
			}
		}
	}
}

func TestSingle(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		ask := request(t, r, dataset.Goals, "id=absent", "json")
		ask.Single = true
		if _, err := service(t, s, 1<<30).Rows(context.Background(), ask, representation.Identity); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("a row that is absent gave the error %v", err)
		}
	})
}

// TestWarm answers from memory what is asked for most, without the database.
func TestWarm(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	releases := release.New(s, 1) // no table stays in memory
	documents, err := representation.NewService(releases, settings, representation.Limits{
		CacheBytes: 16 << 20, Folder: t.TempDir(), FolderBytes: 1 << 20, FileBytes: 1 << 20, Streams: 1, Timeout: 5e9,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := documents.Warm(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range representation.Codings {
		if _, err := documents.Rows(t.Context(), request(t, r, dataset.Observations, "", "json"), c); err != nil {
			t.Errorf("observations in the coding %q: %v", c, err)
		}
	}
	if _, err := documents.Rows(context.Background(), request(t, r, dataset.Observations, "kind=actual", "json"), representation.Identity); err == nil {
		t.Error("a question that nobody asked before was answered without a database")
	}
}
