// SPDX-License-Identifier: EUPL-1.2

package representation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/storetest"
)

// detached is a service that needs no store.
func detached(t testing.TB) *representation.Service {
	t.Helper()
	out, err := representation.NewService(nil, settings, representation.Limits{CacheBytes: 1 << 20, Folder: t.TempDir(), Streams: 1, Timeout: 1e9})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCached builds an answer once for all codings, and again after an error.
func TestCached(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("Zielstand "), 200)
	for name, cached := range map[string]func(*representation.Service, context.Context, string, representation.Coding, func(context.Context) (*representation.Representation, error)) (*representation.Representation, error){
		"for all": (*representation.Service).Cached, "for one": (*representation.Service).CachedForOne,
	} {
		s, built := detached(t), 0
		broken := errors.New("broken")
		load := func(context.Context) (*representation.Representation, error) {
			if built++; built == 1 {
				return nil, broken
			}
			return representation.New(representation.Head{ContentType: "text/plain", Total: new(int64(5)), Policy: "p", Referrer: "r", Disposition: "d"}, body), nil
		}
		if _, err := cached(s, t.Context(), "key", representation.Gzip, load); !errors.Is(err, broken) {
			t.Errorf("%s: error %v", name, err)
		}
		tags := map[string]bool{}
		for range 2 {
			for _, c := range representation.Codings {
				rep, err := cached(s, t.Context(), "key", c, load)
				if err != nil {
					t.Fatal(err)
				}
				tags[rep.ETag] = true
				if got := decode(t, c, rep.Body); !bytes.Equal(got, body) {
					t.Errorf("%s: other bytes in the coding %q", name, c)
				}
				for field, want := range map[string]string{
					"Content-Type": "text/plain", "X-Total-Count": "5", "Content-Security-Policy": "p", "Referrer-Policy": "r",
					"Content-Disposition": "d", "Content-Encoding": string(c), "Accept-Ranges": "",
				} {
					if got := rep.Header.Get(field); got != want {
						t.Errorf("%s, coding %q: %s is %q, want %q", name, c, field, got, want)
					}
				}
			}
		}
		if built != 2 || len(tags) != len(representation.Codings) {
			t.Errorf("%s: built %d times, with the entity tags %v", name, built, tags)
		}
	}
}

// TestMakerGoesAway completes and caches an answer although the client that caused it
// disconnected.
func TestMakerGoesAway(t *testing.T) {
	t.Parallel()
	for _, c := range representation.Codings {
		s := detached(t)
		ctx, disconnect := context.WithCancel(t.Context())
		built := 0
		load := func(ctx context.Context) (*representation.Representation, error) {
			built++
			disconnect()
			return representation.New(representation.Head{}, []byte("x")), ctx.Err()
		}
		for _, ctx := range []context.Context{ctx, t.Context()} {
			if _, err := s.Cached(ctx, "key", c, load); err != nil || built != 1 {
				t.Errorf("coding %q: built %d times, error %v", c, built, err)
			}
		}
	}
}

// TestWaiterGoesAway stops waiting for an answer that is built for another client.
func TestWaiterGoesAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, finish := detached(t), make(chan struct{})
		go s.Cached(t.Context(), "key", representation.Gzip, func(context.Context) (*representation.Representation, error) {
			<-finish
			return representation.New(representation.Head{}, []byte("x")), nil
		})
		synctest.Wait()
		for _, c := range []representation.Coding{representation.Identity, representation.Gzip} {
			ctx, disconnect := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, disconnect)
			start := time.Now()
			if _, err := s.Cached(ctx, "key", c, nil); !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
				t.Errorf("coding %q: error %v after %v", c, err, time.Since(start))
			}
		}
		close(finish)
	})
}

// TestCachedForOne builds two answers at a time; a third client waits, and stops
// waiting when it leaves.
func TestCachedForOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, release := detached(t), make(chan struct{})
		building := 0
		done := make(chan error, 3)
		load := func(ctx context.Context) (*representation.Representation, error) {
			building++
			<-release
			return representation.New(representation.Head{}, nil), ctx.Err()
		}
		ask := func(ctx context.Context, key string) {
			_, err := s.CachedForOne(ctx, key, representation.Identity, load)
			done <- err
		}
		go ask(t.Context(), "a")
		synctest.Wait()
		go ask(t.Context(), "b")
		synctest.Wait()
		third, leave := context.WithCancel(t.Context())
		go ask(third, "c")
		synctest.Wait()
		if building != 2 {
			t.Errorf("%d answers are being built, want 2", building)
		}
		leave()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the client that left: error %v", err)
		}
		close(release)
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

// envelope is what surrounds the rows of a JSON document.
type envelope struct {
	Meta  struct{ Dataset, Release, License, Attribution string }
	Links map[string]string
	Data  json.RawMessage
}

// TestLinks reads the links of collections, pages, single rows and files.
func TestLinks(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	documents := service(t, s, 1<<30)
	const base = "https://zielstand.example/v1/"
	for _, tt := range []struct {
		query        string
		single, file bool
		want         map[string]string // the start of each link
		fields       []string          // the start of each value of Link
	}{
		{query: "id=ts2-01,ts2-02", want: map[string]string{
			"self": base + "goals?id=ts2-01,ts2-02&release=2024.01.0&format=json", "latest": base + "goals?id=ts2-01,ts2-02&format=json",
			"csv": base + "goals?id=ts2-01,ts2-02&release=2024.01.0&format=csv",
		}, fields: []string{"<" + base + "goals?id=ts2-01,ts2-02&release=2024.01.0&format=json>; rel=\"canonical\""}},
		{query: "limit=2", want: map[string]string{
			"self": base + "goals?limit=2&release=2024.01.0&format=json", "latest": base + "goals?limit=2&format=json",
			"csv": base + "goals?limit=2&release=2024.01.0&format=csv", "next": base + "goals?limit=2&after=",
		}, fields: []string{"<" + base + "goals?limit=2&release=", "<" + base + "goals?limit=2&after="}},
		{query: "id=ts2-01", single: true, want: map[string]string{
			"self": base + "goals/ts2-01?release=2024.01.0&format=json", "latest": base + "goals/ts2-01?format=json",
			"csv": base + "goals/ts2-01?release=2024.01.0&format=csv", "collection": base + "goals",
		}, fields: []string{"<" + base + "goals/ts2-01?"}},
		{file: true, want: map[string]string{
			"self": base + "releases/2024.01.0/goals.json", "csv": base + "releases/2024.01.0/goals.csv",
		}, fields: []string{"<" + base + "releases/2024.01.0/goals.json>; rel=\"canonical\""}},
	} {
		ask := request(t, r, dataset.Goals, tt.query, "json")
		ask.Single, ask.File = tt.single, tt.file
		rep, err := documents.Rows(t.Context(), ask, representation.Identity)
		if err != nil {
			t.Fatalf("%q: %v", tt.query, err)
		}
		var got envelope
		if err := json.Unmarshal(rep.Body, &got); err != nil {
			t.Fatal(err)
		}
		if got.Meta.Dataset != "goals" || got.Meta.Release != r.ID || got.Meta.License != settings.License || got.Meta.Attribution != settings.Attribution {
			t.Errorf("%q: meta is %+v", tt.query, got.Meta)
		}
		for name, link := range got.Links {
			if want := tt.want[name]; want == "" || !strings.HasPrefix(link, want) {
				t.Errorf("%q: the link %s is %q, want %q", tt.query, name, link, want)
			}
		}
		if len(got.Links) != len(tt.want) {
			t.Errorf("%q: links %v, want %v", tt.query, got.Links, tt.want)
		}
		values := rep.Header.Values("Link")
		if len(values) != len(tt.fields) {
			t.Errorf("%q: Link is %q, want %q", tt.query, values, tt.fields)
			continue
		}
		for i, want := range tt.fields {
			if !strings.HasPrefix(values[i], want) {
				t.Errorf("%q: Link is %q, want %q", tt.query, values[i], want)
			}
		}
	}
}

// TestLongQuery refuses a page whose next page could not be requested, and does not
// repeat a long address in the header.
func TestLongQuery(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	documents := service(t, s, 1<<30)
	for _, tt := range []struct {
		length  int
		links   int
		invalid bool
	}{{100, 2, false}, {1500, 1, false}, {9000, 0, true}} {
		ask := request(t, r, dataset.Goals, "limit=1", "json")
		ask.Query.Filters = []dataset.Filter{{Column: dataset.Goals.Column("id"), Values: []string{"ts2-01", "ts2-02", strings.Repeat("x", tt.length)}}}
		rep, err := documents.Rows(t.Context(), ask, representation.Identity)
		if tt.invalid {
			var invalid *domain.Invalid
			if !errors.As(err, &invalid) || invalid.Name != "limit" {
				t.Errorf("%d bytes: error %v", tt.length, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := rep.Header.Values("Link"); len(got) != tt.links {
			t.Errorf("%d bytes: Link is %q, want %d values", tt.length, got, tt.links)
		}
	}
}

// TestDisposition names downloads after what they contain.
func TestDisposition(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	documents := service(t, s, 1<<30)
	for _, tt := range []struct{ query, format, want string }{
		{"", "json", ""},
		{"", "csv", `inline; filename="zielstand-observations-2024.01.0.csv"`},
		{"layout=wide&labels=de", "csv", `inline; filename="zielstand-observations-2024.01.0-wide-de.csv"`},
		{"", "xlsx", `attachment; filename="zielstand-observations-2024.01.0.xlsx"`},
	} {
		rep, err := documents.Rows(t.Context(), request(t, r, dataset.Observations, tt.query, tt.format), representation.Gzip)
		if err != nil {
			t.Fatal(err)
		}
		if got := rep.Header.Get("Content-Disposition"); got != tt.want {
			t.Errorf("%q as %s: %s, want %s", tt.query, tt.format, got, tt.want)
		}
	}
}

// TestDiffDocument describes the changes between two releases.
func TestDiffDocument(t *testing.T) {
	t.Parallel()
	s := detached(t)
	got := s.DiffDocument(&domain.Release{ID: "2024.01.0"}, &domain.Release{ID: "2024.02.0"}, 3)
	const self = "https://zielstand.example/v1/releases/2024.02.0/diff?from=2024.01.0"
	if got.Address != self || got.Links.Self != self+"&format=json" || got.Links.CSV != self+"&format=csv" ||
		got.Rows != 3 || got.Total != 3 || *got.Meta.Total != 3 || got.Meta.Release != "2024.02.0" || got.Dataset != dataset.Changes {
		t.Errorf("the document is %+v", got)
	}
}
