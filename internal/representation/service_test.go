package representation_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/strategy"
)

var settings = catalog.Settings{PublicURL: "https://zielstand.example", License: "https://example.org/license", Attribution: "Test"}

// service keeps answers from fileBytes on in files, or makes streams of them.
func service(t testing.TB, s *store.Store, fileBytes int64) *representation.Service {
	t.Helper()
	out, err := representation.NewService(s, settings, representation.Limits{
		CacheBytes: 1 << 20, Folder: t.TempDir(), FolderBytes: 1 << 20, FileBytes: fileBytes, Streams: 4, Timeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func request(t testing.TB, r *strategy.Release, d *dataset.Dataset, query, format string) representation.Request {
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

func (anything) Codes(string) []string     { return []string{"actual", "target"} }
func (anything) IDs(string) []string       { return nil }
func (anything) Knows(string, string) bool { return false }

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
					fields := http.Header{}
					maps.Insert(fields, large.Fields)
					coding := representation.Coding(fields.Get("Content-Encoding"))
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

// TestFilesDeleted makes files again whose folder somebody deleted.
func TestFilesDeleted(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
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
	s := storetest.Open(t, storetest.SQLite(t))
	r := storetest.Publish(t, s)
	var log bytes.Buffer
	build := func(folder string) *representation.Service {
		out, err := representation.NewService(s, settings, representation.Limits{
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
				fields := http.Header{}
				maps.Insert(fields, rep.Fields)
				coding := representation.Coding(fields.Get("Content-Encoding"))
				rep.SetFraming(fields)
				if rep.Stream == nil || rep.File != nil || !bytes.Equal(decode(t, coding, content(t, rep)), content(t, want)) {
					t.Errorf("%s, %s, coding %q: %s with other bytes", name, format, c, kindOf(rep))
				}
				if coding == representation.Identity && (rep.ETag != want.ETag || rep.SHA256 != want.SHA256 || rep.Length != want.Length) {
					t.Errorf("%s, %s: tag %s, checksum %s and length %d, want those of the file", name, format, rep.ETag, rep.SHA256, rep.Length)
				}
				if coding != representation.Identity && (rep.ETag == want.ETag || rep.SHA256 != "" || rep.Length != -1 || fields.Get("Content-Length") != "") {
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
	s := storetest.Open(t, storetest.SQLite(t))
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
		if _, err := service(t, s, 1<<30).Rows(context.Background(), ask, representation.Identity); !errors.Is(err, strategy.ErrNotFound) {
			t.Errorf("a row that is absent gave the error %v", err)
		}
	})
}

// TestMakerGoesAway holds that the answer is made although the first who asked
// went away.
func TestMakerGoesAway(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	r := storetest.Publish(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := service(t, s, 1<<30).Rows(ctx, request(t, r, dataset.Goals, "", "json"), representation.Gzip); err != nil {
		t.Errorf("error %v", err)
	}
}

// TestReleases follows a store through its releases.
func TestReleases(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		releases := representation.NewReleases(s)
		if _, err := releases.Current(); !errors.Is(err, strategy.ErrUnavailable) {
			t.Errorf("before the first look Current gave the error %v", err)
		}
		if err := releases.Refresh(ctx); !errors.Is(err, strategy.ErrUnavailable) {
			t.Errorf("an empty store gave the error %v", err)
		}
		storetest.Publish(t, s)
		if err := releases.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		first, err := releases.Current()
		if err != nil {
			t.Fatal(err)
		}
		if err := releases.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if same, _ := releases.Current(); same != first {
			t.Error("nothing changed, but the snapshot did")
		}
		checkSnapshot(t, first)

		pkg := storetest.Package(t)
		storetest.Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "2024.02.0"`)
		storetest.Replace(t, pkg, "areas.csv", "08,Baden", "09,Baden")
		storetest.Replace(t, pkg, "observations.csv", ",08,", ",09,")
		storetest.Replace(t, pkg, "withdrawn.csv", "obs-000,", "08,areas,2024-01-31,Umbenannt.,Renamed.\nobs-000,")
		storetest.PublishPackage(t, s, pkg)
		broken := errors.New("broken")
		releases.Prepare(func(context.Context, *strategy.Release) error { return broken })
		if err := releases.Refresh(ctx); !errors.Is(err, broken) {
			t.Errorf("a preparation that fails gave the error %v", err)
		}
		if same, _ := releases.Current(); same != first {
			t.Error("the release was changed although it could not be prepared")
		}
		releases.Prepare(nil)
		if err := releases.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		second, _ := releases.Current()
		if second.Latest.ID != "2024.02.0" || len(second.Releases) != 2 || second.Key() == first.Key() {
			t.Errorf("after the second release: %+v", second.Latest)
		}
		if got := second.Vocabulary(second.Latest).IDs("areas"); got[3] != "09" {
			t.Errorf("areas of the second release: %v", got)
		}
		if got := second.Vocabulary(second.Releases[1]).IDs("areas"); got[3] != "08" {
			t.Errorf("areas of the first release: %v", got)
		}
		if w, ok := second.Vocabulary(second.Latest).Withdrawn("areas", "08"); !ok || w.Day != "2024-01-31" || w.Reason != "Umbenannt." || w.ReasonEN != "Renamed." {
			t.Errorf("08 is withdrawn: %+v, %v", w, ok)
		}
		if _, ok := second.Vocabulary(second.Latest).Withdrawn("goals", "08"); ok {
			t.Error("08 is withdrawn from a dataset that it never belonged to")
		}
	})
}

func checkSnapshot(t *testing.T, s *representation.Snapshot) {
	t.Helper()
	for _, id := range []string{"", "latest", storetest.Release} {
		if r, err := s.Release(id); err != nil || r != s.Latest {
			t.Errorf("release %q is %v, error %v", id, r, err)
		}
	}
	_, err := s.Release("2024.1.0")
	if want := `release="2024.1.0": is no release; did you mean "2024.01.0"?; allowed: latest, 2024.01.0`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	v := s.Vocabulary(s.Latest)
	if got := v.Codes("status"); len(got) != 3 || got[0] != "announced" {
		t.Errorf("codes of status: %v", got)
	}
	if got := v.IDs("areas"); len(got) != 4 || got[0] != "WORLD" {
		t.Errorf("areas: %v", got)
	}
	if got := v.IDs("observations"); got != nil {
		t.Errorf("observations are listed: %d", len(got))
	}
	if got := s.Vocabulary(&strategy.Release{ID: "absent"}).Codes("status"); got != nil {
		t.Errorf("a release that is absent has the codes %v", got)
	}
}

// TestDamagedReleases takes no damaged release over: the one before is served on, and
// after a start none. A damaged older one is unavailable, and all others are served.
func TestDamagedReleases(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		first := storetest.Publish(t, s)
		running := representation.NewReleases(s)
		if err := running.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		pkg := storetest.Package(t)
		storetest.Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "2024.02.0"`)
		storetest.Replace(t, pkg, "areas.csv", "Welt", "Erde")
		second := storetest.PublishPackage(t, s, pkg)
		alter := func(from, to string, r *strategy.Release) {
			t.Helper()
			storetest.Execute(t, databaseURL, fmt.Sprintf("UPDATE areas SET title = '%s' WHERE title = '%s' AND release_seq = %d", to, from, r.Seq))
		}
		alter("Erde", "Mars", second)
		for range 2 {
			err := running.Refresh(ctx)
			var damaged store.Damaged
			if !errors.As(err, &damaged) || !errors.Is(err, strategy.ErrUnavailable) || !strings.Contains(err.Error(), "release 2024.02.0 is not taken over: release 2024.02.0, dataset areas, row WORLD, column title: ") {
				t.Errorf("error %v", err)
			}
			if current, err := running.Current(); err != nil || current.Latest.ID != first.ID || running.Refused() == nil || running.Refused().ID != second.ID {
				t.Errorf("served: %+v, refused %v, error %v", current, running.Refused(), err)
			}
		}
		started := representation.NewReleases(s)
		if err := started.Refresh(ctx); !errors.Is(err, strategy.ErrUnavailable) {
			t.Errorf("after a start: error %v", err)
		}
		if _, err := started.Current(); !errors.Is(err, strategy.ErrUnavailable) {
			t.Errorf("after a start: current %v", err)
		}

		alter("Mars", "Erde", second)
		if err := running.Refresh(ctx); !errors.Is(err, strategy.ErrUnavailable) {
			t.Errorf("verified again at once: %v", err)
		}
		now := time.Now().Add(time.Minute)
		running.Now = func() time.Time { return now }
		if err := running.Refresh(ctx); err != nil || running.Refused() != nil {
			t.Errorf("repaired: error %v, refused %v", err, running.Refused())
		}

		alter("Welt", "Mars", first)
		var reports []error
		started = representation.NewReleases(s)
		started.Report(func(err error) { reports = append(reports, err) })
		for range 2 {
			if err := started.Refresh(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if len(reports) != 1 || !strings.Contains(reports[0].Error(), "release 2024.01.0 is not served: release 2024.01.0, dataset areas, row WORLD") {
			t.Errorf("reported: %v", reports)
		}
		current, err := started.Current()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := current.Release(first.ID); !errors.Is(err, strategy.ErrUnavailable) {
			t.Errorf("the damaged release: error %v", err)
		}
		if r, err := current.Release("latest"); err != nil || r.ID != second.ID {
			t.Errorf("the latest release: %v, error %v", r, err)
		}
		alter("Mars", "Welt", first)
		started.Now = func() time.Time { return now }
		if err := started.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if current, err = started.Current(); err != nil {
			t.Fatal(err)
		}
		if r, err := current.Release(first.ID); err != nil || len(current.Vocabulary(r).IDs("areas")) != 4 {
			t.Errorf("the repaired release: %v, error %v", r, err)
		}
	})
}

// TestRefreshAtOnce looks for releases from several goroutines.
func TestRefreshAtOnce(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.Publish(t, s)
	releases := representation.NewReleases(s)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := releases.Refresh(context.Background()); err != nil {
				t.Error(err)
			}
			if _, err := releases.Current(); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}
