// SPDX-License-Identifier: EUPL-1.2

package dcatcheck

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// site is a server that remembers what it was asked.
type site struct {
	*httptest.Server
	mutex sync.Mutex
	asked []string
}

func serve(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, s *site)) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mutex.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
		s.mutex.Unlock()
		answer(w, r, s)
	}))
	t.Cleanup(s.Close)
	return s
}

func write(w http.ResponseWriter, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write([]byte(body))
}

const triples = "application/n-triples"

// pageOf is the good catalogue with a dataset of that number and a total, and the
// page that follows, if any.
func pageOf(t testing.TB, number string, total int, next string) string {
	t.Helper()
	lines := patch(t, good(t), fmt.Sprintf("- <katalog#seite> hydra:totalItems \"1\"^^xsd:integer\n+ <katalog#seite> hydra:totalItems \"%d\"^^xsd:integer", total))
	for i, line := range lines {
		line = strings.ReplaceAll(line, "<1", "<"+number)
		lines[i] = strings.Replace(line, `"https://daten.example/1"`, `"`+number+`"`, 1)
	}
	if next != "" {
		lines = append(lines, "<katalog#seite> hydra:nextPage <"+next+">")
	}
	return written(lines)
}

const (
	unread  = "after a syntax error the rest was not read"
	gone    = "HEAD is answered with 404: the harvester stops with an error"
	isEmpty = "no dcat:Dataset: the catalogue is valid and empty, so a harvester deletes every dataset that it has from this source"
)

// TestFetch reads catalogues from the web: what is wrong with the answers, and
// what a harvester does then.
func TestFetch(t *testing.T) {
	t.Parallel()
	text := written(good(t))
	elsewhere := serve(t, func(http.ResponseWriter, *http.Request, *site) { t.Error("another host was asked") })
	host := strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)
	page := func(w http.ResponseWriter, number string, total int, next string) {
		write(w, triples, pageOf(t, number, total, next))
	}
	isSecond := func(r *http.Request) bool { return r.URL.Query().Has("page") }
	type answer = func(w http.ResponseWriter, r *http.Request, s *site)
	tests := []struct {
		name    string
		answer  answer
		want    []string
		harvest Harvest
		why     string
	}{
		{"good", func(w http.ResponseWriter, _ *http.Request, _ *site) { write(w, triples, text) }, nil, Imports, ""},
		{"HEAD not allowed", func(w http.ResponseWriter, r *http.Request, _ *site) {
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
				return
			}
			write(w, triples, text)
		}, []string{"warning head </>: HEAD is answered with 405: the harvester continues with GET, but link checkers may not"}, Imports, ""},
		{"HEAD fails", func(w http.ResponseWriter, r *http.Request, _ *site) {
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusNotImplemented)
				return
			}
			write(w, triples, text)
		}, []string{"violation head </>: HEAD is answered with 501: the harvester stops with an error"}, Stops, ""},
		{"HEAD differs", func(w http.ResponseWriter, r *http.Request, _ *site) {
			if r.Method == http.MethodHead {
				w.Header().Set("Content-Length", "3")
				w.Header().Set("Content-Type", "text/html")
				return
			}
			write(w, triples, text)
		}, []string{
			`warning head </>: HEAD has the content type "text/html", GET "application/n-triples"`,
			fmt.Sprintf("warning head </>: HEAD has the length 3, GET %d", len(text)),
		}, Imports, ""},
		{"redirected", func(w http.ResponseWriter, r *http.Request, s *site) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, s.URL+"/there", http.StatusSeeOther)
				return
			}
			write(w, triples, text)
		}, nil, Imports, ""},
		{"redirected in a circle", func(w http.ResponseWriter, r *http.Request, s *site) {
			http.Redirect(w, r, s.URL+"/there", http.StatusFound)
		}, []string{
			"violation page </>: GET is redirected more than 30 times, last to /there: the harvester stops with an error and imports none of the pages",
		}, Stops, "GET is redirected more than 30 times, last to /there"},
		{"broken off", func(w http.ResponseWriter, _ *http.Request, _ *site) {
			w.Header().Set("Content-Length", strconv.Itoa(len(text)))
			write(w, triples, text[:100])
		}, []string{
			"violation page </>: GET is answered with 200, but the transfer breaks off after 100 bytes: unexpected EOF: the harvester stops with an error and imports none of the pages",
		}, Stops, "GET is answered with 200, but the transfer breaks off after 100 bytes: unexpected EOF"},
		{"second page broken off", func(w http.ResponseWriter, r *http.Request, s *site) {
			if isSecond(r) {
				w.Header().Set("Content-Length", "1000")
				write(w, triples, "# \n")
				return
			}
			page(w, "1", 1, s.URL+"/?page=2")
		}, []string{
			"violation page </?page=2>: GET is answered with 200, but the transfer breaks off after 3 bytes: unexpected EOF: the harvester stops with an error and imports none of the pages",
		}, Stops, ""},
		{"type that rdflib does not read", func(w http.ResponseWriter, _ *http.Request, _ *site) { write(w, "text/plain", text) }, []string{
			`violation content-type </>: the harvester has no parser for "text/plain" and stops with an error`,
		}, Stops, ""},
		{"HTML", func(w http.ResponseWriter, _ *http.Request, _ *site) {
			write(w, "text/html; charset=utf-8", "<!DOCTYPE html>")
		}, []string{
			`violation content-type </>: the harvester has no parser for "text/html" and stops with an error`,
		}, Stops, `"text/html" is not a content type of RDF`},
		{"HTML as N-Triples", func(w http.ResponseWriter, _ *http.Request, _ *site) {
			write(w, triples, "<!DOCTYPE html>")
		}, []string{
			"violation syntax </>: ntriples, line 1, column 16: the line ends where a predicate of N-Triples was expected",
		}, Stops, unread},
		{"torn", func(w http.ResponseWriter, _ *http.Request, _ *site) {
			write(w, triples, text[:strings.Index(text, "<https://daten.example/amt> <http://xmlns.com/foaf/0.1/name>")+40])
		}, []string{
			"violation syntax </>: ntriples, line 44, column 29: IRI without closing > on its line",
		}, Stops, unread},
		{"empty body", func(w http.ResponseWriter, _ *http.Request, _ *site) { write(w, triples, "") }, []string{
			"violation empty </>: the document is empty, 0 bytes: the harvester ends here, without an error, and neither imports nor deletes anything",
		}, Ends, "there is nothing in the document"},
		{"valid and empty", func(w http.ResponseWriter, _ *http.Request, _ *site) { write(w, triples, "# nothing\n") }, []string{
			"violation empty: " + isEmpty,
		}, Deletes, ""},
		{"not found", func(w http.ResponseWriter, r *http.Request, _ *site) { http.NotFound(w, r) }, []string{
			"violation head </>: " + gone,
			"violation status </>: GET is answered with 404",
		}, Stops, "GET is answered with 404"},
		{"not found, but a catalogue", func(w http.ResponseWriter, r *http.Request, _ *site) {
			w.Header().Set("Content-Type", triples)
			if r.Method == http.MethodGet {
				w.WriteHeader(http.StatusNotFound)
			}
			_, _ = w.Write([]byte("# nothing\n"))
		}, []string{
			"violation empty: " + isEmpty,
			"violation status </>: GET is answered with 404; the harvester reads the body as the catalogue anyway",
		}, Deletes, ""},
		{"not UTF-8", func(w http.ResponseWriter, _ *http.Request, _ *site) { write(w, triples, "# \xe4\n"+text) }, []string{
			"violation encoding </>: not UTF-8: the harvester stops with an error",
		}, Stops, "the page is not UTF-8"},
		{"too large", func(w http.ResponseWriter, _ *http.Request, _ *site) {
			write(w, triples, text+strings.Repeat("\n", maxPage))
		}, []string{
			"violation size </>: 50 MiB or more: the harvester refuses it",
		}, Stops, "the page is too large"},
		{"length that is too large", func(w http.ResponseWriter, r *http.Request, _ *site) {
			if r.Method == http.MethodHead {
				w.Header().Set("Content-Length", strconv.Itoa(maxPage))
				w.Header().Set("Content-Type", triples)
				return
			}
			write(w, triples, text)
		}, []string{
			"violation size </>: HEAD has the length 52428800, 50 MiB or more: the harvester refuses it",
			fmt.Sprintf("warning head </>: HEAD has the length 52428800, GET %d", len(text)),
		}, Stops, ""},
		{"the first page again", func(w http.ResponseWriter, _ *http.Request, s *site) {
			page(w, "1", 1, s.URL+"/?page=2")
		}, []string{"warning paging </?page=2>: the same content as the first page: the harvester takes it for the end, and deletes datasets that only further pages list"}, Imports, ""},
		{"dataset on two pages", func(w http.ResponseWriter, r *http.Request, s *site) {
			if isSecond(r) {
				write(w, triples, text)
				return
			}
			page(w, "1", 1, s.URL+"/?page=2")
		}, []string{
			`violation once </1> dct:identifier: a dcat:Dataset may have only one, found 2`,
			"violation paging </?page=2>: the dataset </1> is on / already",
		}, Imports, ""},
		{"back to the first page", func(w http.ResponseWriter, r *http.Request, s *site) {
			if isSecond(r) {
				page(w, "2", 2, s.URL+"/")
				return
			}
			page(w, "1", 2, s.URL+"/?page=2")
		}, []string{"warning paging </>: the same content as the first page: the harvester takes it for the end, and deletes datasets that only further pages list"}, Imports, ""},
		{"in a circle without the first page", func(w http.ResponseWriter, r *http.Request, s *site) {
			switch r.URL.Query().Get("page") {
			case "":
				page(w, "1", 3, s.URL+"/?page=2")
			case "2":
				page(w, "2", 3, s.URL+"/?page=3")
			case "3":
				page(w, "3", 3, s.URL+"/?page=2")
			}
		}, []string{"violation paging </?page=3>: hydra:next leads back to /?page=2: the harvester reads these pages again and again and never ends"}, Loops, ""},
		{"to another host", func(w http.ResponseWriter, _ *http.Request, _ *site) {
			page(w, "1", 1, host)
		}, []string{"warning paging </>: hydra:next leads to another host or port, " + strings.TrimPrefix(host, "http://") + ", which is not requested here; a harvester requests it"}, Imports, ""},
		{"to another port", func(w http.ResponseWriter, _ *http.Request, _ *site) {
			page(w, "1", 1, elsewhere.URL)
		}, []string{"warning paging </>: hydra:next leads to another host or port, " + strings.TrimPrefix(elsewhere.URL, "http://") + ", which is not requested here; a harvester requests it"}, Imports, ""},
		{"second page of another type", func(w http.ResponseWriter, r *http.Request, s *site) {
			if isSecond(r) {
				write(w, "nt", pageOf(t, "2", 2, ""))
				return
			}
			page(w, "1", 2, s.URL+"/?page=2")
		}, []string{`violation content-type </?page=2>: "nt", but the first page is "application/n-triples", and the harvester reads all pages as that`}, Imports, ""},
		{"second page not found", func(w http.ResponseWriter, r *http.Request, s *site) {
			if isSecond(r) {
				http.NotFound(w, r)
				return
			}
			page(w, "1", 1, s.URL+"/?page=2")
		}, []string{
			"violation head </?page=2>: " + gone,
			"violation status </?page=2>: GET is answered with 404",
		}, Stops, "GET is answered with 404"},
		{"second page cannot be had", func(w http.ResponseWriter, r *http.Request, s *site) {
			if isSecond(r) {
				panic(http.ErrAbortHandler)
			}
			page(w, "1", 1, s.URL+"/?page=2")
		}, []string{`violation page </?page=2>: Head "/?page=2": EOF: the harvester stops with an error and imports none of the pages`}, Stops, ""},
		{"agent on another page", func(w http.ResponseWriter, r *http.Request, s *site) {
			if isSecond(r) {
				second := strings.Split(pageOf(t, "2", 2, ""), "\n")
				write(w, triples, strings.Join(slices.DeleteFunc(second, func(l string) bool { return strings.HasPrefix(l, "<"+base+"amt>") }), "\n"))
				return
			}
			page(w, "1", 2, s.URL+"/?page=2")
		}, []string{"violation paging </2> dct:publisher: </amt> is described on another page, but each page is read by itself"}, Imports, ""},
		{"relative, for one reader only", func(w http.ResponseWriter, r *http.Request, _ *site) {
			if isSecond(r) {
				write(w, triples, pageOf(t, "2", 2, ""))
				return
			}
			write(w, triples, pageOf(t, "1", 2, "")+written([]string{`<katalog#seite> hydra:next "?page=2"`}))
		}, []string{
			`violation paging </>: hydra:next "?page=2" is not absolute: the harvester asks for it as it is and stops with an error`,
			"warning paging </>: data.europa.eu requires hydra:nextPage on the hydra:PagedCollection",
		}, Stops, ""},
		{
			"Turtle", func(w http.ResponseWriter, _ *http.Request, _ *site) { write(w, "text/turtle", "<a> a <b> .") }, nil, Unknown,
			`the answer is "text/turtle", and only application/ld+json and application/n-triples are read; give the address of one of these, or convert it to N-Triples: rapper -i turtle -o ntriples / | zielstand catalog check -`,
		},
		{
			"RDF/XML", func(w http.ResponseWriter, _ *http.Request, _ *site) { write(w, "application/rdf+xml", "<a/>") }, nil, Unknown,
			`the answer is "application/rdf+xml", and only application/ld+json and application/n-triples are read; give the address of one of these, or convert it to N-Triples: rapper -i rdfxml -o ntriples / | zielstand catalog check -`,
		},
		{"JSON-LD by preference", func(w http.ResponseWriter, r *http.Request, _ *site) {
			if !strings.HasPrefix(r.Header.Get("Accept"), "application/ld+json, application/n-triples;") {
				t.Errorf("Accept: %s", r.Header.Get("Accept"))
			}
			write(w, "application/ld+json", `{"@id": "x", "@type": "http://www.w3.org/ns/dcat#Catalog"}`)
		}, []string{"violation empty: " + isEmpty}, Deletes, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request, s *site) { test.answer(w, r, s) })
			report, err := Fetch(t.Context(), s.URL+"/", DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			short := strings.NewReplacer(s.URL, "", strings.TrimSuffix(base, "/"), "")
			var got []string
			for _, f := range report.Findings() {
				if f.Rule != "mandatory" { // of the little catalogues
					got = append(got, short.Replace(f.String()))
				}
			}
			got = slices.DeleteFunc(got, func(line string) bool {
				return test.harvest == Deletes && !strings.HasPrefix(line, "violation empty") && !strings.HasPrefix(line, "violation status")
			})
			if diff := cmp.Diff(test.want, got); diff != "" || report.Harvest != test.harvest || short.Replace(report.NotChecked) != test.why {
				t.Errorf("%s; not checked: %s (-want +got)\n%s", report.Harvest, short.Replace(report.NotChecked), diff)
			}
		})
	}
}

// TestLimits checks that each limit ends the check, is reported, and leaves nothing
// judged.
func TestLimits(t *testing.T) {
	t.Parallel()
	text := written(good(t))
	endless := serve(t, func(w http.ResponseWriter, r *http.Request, s *site) {
		n, _ := strconv.Atoi(r.URL.Query().Get("page"))
		write(w, triples, pageOf(t, strconv.Itoa(n), 1, s.URL+"/?page="+strconv.Itoa(n+1)))
	})
	trickling := serve(t, func(w http.ResponseWriter, r *http.Request, _ *site) {
		w.Header().Set("Content-Type", triples)
		for r.Method == http.MethodGet && r.Context().Err() == nil {
			_, _ = w.Write([]byte("#\n"))
			w.(http.Flusher).Flush()
			time.Sleep(time.Millisecond)
		}
	})
	fetch := func(address string, change func(*Limits)) func(Limits) (Report, error) {
		return func(l Limits) (Report, error) { change(&l); return Fetch(t.Context(), address, l) }
	}
	file := filepath.Join(t.TempDir(), "large.nt")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		check func(Limits) (Report, error)
		want  string
	}{
		"pages":      {fetch(endless.URL, func(l *Limits) { l.Pages = 3 }), "more than 3 pages; --max-pages raises the limit"},
		"all pages":  {fetch(endless.URL, func(l *Limits) { l.Bytes = 20_000 }), "more than 20000 bytes, the limit for all that is read; --max-size raises it"},
		"time":       {fetch(endless.URL, func(l *Limits) { l.Time = 50 * time.Millisecond }), "not finished after 50ms; --timeout raises the limit"},
		"one page":   {fetch(trickling.URL, func(l *Limits) { l.PageTime = 50 * time.Millisecond }), "not answered completely within 50ms, the limit for a page"},
		"whole time": {fetch(trickling.URL, func(l *Limits) { l.Time = 50 * time.Millisecond }), "not finished after 50ms; --timeout raises the limit"},
		"file": {func(l Limits) (Report, error) {
			l.Bytes = 1000
			return File(t.Context(), file, l)
		}, "more than 1000 bytes, the limit for all that is read; --max-size raises it"},
		"JSON": {func(l Limits) (Report, error) {
			l.Bytes = 10
			return Stream(t.Context(), strings.NewReader(`{"a": "bcdefghij"}`), l)
		}, "more than 10 bytes, the limit for all that is read; --max-size raises it"},
		"memory": {func(l Limits) (Report, error) {
			l.Memory = 1 << 20
			return Stream(t.Context(), comments{}, l)
		}, "more than 1 MiB of memory needed; --max-memory raises the limit"},
		"endless stream": {func(l Limits) (Report, error) {
			l.Time = 50 * time.Millisecond
			return Stream(t.Context(), comments{}, l)
		}, "not finished after 50ms; --timeout raises the limit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, err := test.check(DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			if report.NotChecked != test.want || report.Harvest != Unknown || report.Datasets != 0 {
				t.Errorf("%+v, want not checked: %s", report, test.want)
			}
		})
	}
}

// comments is an endless document.
type comments struct{}

// Read fills p with comments.
func (comments) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "#\n"[i%2]
	}
	return len(p), nil
}

// TestSizeOfFile: a file that a harvester would refuse is checked all the same.
func TestSizeOfFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "large.nt")
	if err := os.WriteFile(file, []byte(written(good(t))+strings.Repeat("#"+strings.Repeat(" ", 1022)+"\n", maxPage/1024)), 0o644); err != nil {
		t.Fatal(err)
	}
	report, err := File(t.Context(), file, DefaultLimits)
	if diff := cmp.Diff([]string{"violation size: " + tooLarge}, lines(report)); err != nil || diff != "" || report.Harvest != Stops || report.Datasets != 1 {
		t.Errorf("%v %+v\n%s", err, report, diff)
	}
}

// TestMeasure checks that the limit is the harvester's and that its finding comes first.
func TestMeasure(t *testing.T) {
	t.Parallel()
	r := Report{Harvest: Imports, Groups: []Group{{Severity: Warning, Rule: "reach", Count: 1, Examples: make([]Finding, 1)}}}
	r.Measure("turtle", maxPage-1)
	if len(r.Groups) != 1 {
		t.Errorf("below the limit: %v", r.Groups)
	}
	r.Measure("rdfxml", maxPage)
	if want := "violation size: rdfxml: 50 MiB or more: the harvester refuses it"; len(r.Groups) != 2 || r.Findings()[0].String() != want || r.Harvest != Stops {
		t.Errorf("at the limit: %+v, want %s first", r, want)
	}
}

// TestNeedAddress: no rule about triples needs an address.
func TestNeedAddress(t *testing.T) {
	t.Parallel()
	for _, r := range rules {
		if slices.Contains(NeedAddress, r.name) {
			t.Errorf("%s does not need one", r.name)
		}
	}
}

func TestSameHost(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"http://a.example/", "http://A.example:80/x", true},
		{"http://a.example/", "https://a.example/", true},
		{"http://a.example:8080/", "https://a.example:8080/", true},
		{"http://a.example/", "http://a.example:8080/", false},
		{"http://a.example/", "http://a.example:443/", false},
		{"http://a.example/", "http://b.example/", false},
		{"http://127.0.0.1:1/", "http://127.0.0.1:2/", false},
		{"http://[::1]/", "http://[::1]:80/", true},
	} {
		a, _ := url.Parse(test.a)
		b, _ := url.Parse(test.b)
		if got := sameHost(a, b); got != test.want {
			t.Errorf("%s and %s: %t", test.a, test.b, got)
		}
	}
}

// TestFetchAsksForNothingElse: a catalogue full of addresses, and a JSON-LD that
// names its context by one.
func TestFetchAsksForNothingElse(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"@context": "%s/context.jsonld", "@id": "x"}`,
		`{"@id": "%[1]s/1", "@type": "http://www.w3.org/ns/dcat#Dataset", "http://www.w3.org/ns/dcat#distribution": {"@id": "%[1]s/1.csv"}}`,
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, s *site) {
			write(w, "application/ld+json", fmt.Sprintf(body, s.URL))
		})
		if _, err := Fetch(t.Context(), s.URL+"/katalog", DefaultLimits); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"HEAD /katalog", "GET /katalog"}, s.asked); diff != "" {
			t.Errorf("requests (-want +got)\n%s", diff)
		}
	}
}

// TestFetchNothing: addresses at which there is nothing to check.
func TestFetchNothing(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(nil)
	closed.Close()
	away := serve(t, func(w http.ResponseWriter, r *http.Request, _ *site) {
		http.Redirect(w, r, "http://elsewhere.example/", http.StatusFound)
	})
	port := serve(t, func(w http.ResponseWriter, r *http.Request, _ *site) { http.Redirect(w, r, away.URL, http.StatusFound) })
	for address, want := range map[string]string{
		"ftp://daten.example/": `"ftp://daten.example/" is not an http or https address`,
		"http://":              "is not an http or https address",
		closed.URL:             "connection refused",
		away.URL:               "redirects to another host or port, elsewhere.example, which is not followed",
		port.URL:               "redirects to another host or port, 127.0.0.1:",
	} {
		if _, err := Fetch(t.Context(), address, DefaultLimits); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
}

// TestCancelled checks that a check that was cancelled is an error and not a finding.
func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	paged := serve(t, func(w http.ResponseWriter, r *http.Request, s *site) {
		if r.URL.Query().Has("page") {
			cancel()
			return
		}
		write(w, triples, pageOf(t, "1", 2, s.URL+"/?page=2"))
	})
	for _, where := range []string{"second", "first"} {
		if _, err := Fetch(ctx, paged.URL, DefaultLimits); !errors.Is(err, context.Canceled) {
			t.Errorf("at the %s page: %v", where, err)
		}
	}
	if _, err := Stream(ctx, strings.NewReader("# nothing"), DefaultLimits); !errors.Is(err, context.Canceled) {
		t.Errorf("while reading: %v", err)
	}
	if err := newFindings(ctx).limited(); !errors.Is(err, context.Canceled) {
		t.Errorf("during the rules: %v", err)
	}
}

var (
	zero      = rdf.Term{}
	isOpen    = rdf.IRI("http://govdata.de/mqa/#isOpenLicense")
	openValue = rdf.TypedLiteral("true", "xsd:boolean") // as the validator has it
)

// TestLists compares the lists with the validator's.
func TestLists(t *testing.T) {
	t.Parallel()
	folder := testenv.Shared(t, kit)
	for name, file := range map[string]string{
		"access-rights": "eu-access-right", "availabilities": "eu-planned-availability", "checksum-algorithms": "spdx-checksum-algorithms",
		"contributors": "dcatde-contributors", "dataset-types": "eu-dataset-type", "file-types": "eu-file-type",
		"frequencies": "eu-frequency", "languages": "eu-language", "levels": "dcatde-political-geocoding-level",
		"licences": "dcatde-licenses", "publisher-types": "adms-publishertype", "statuses": "eu-distribution-status", "themes": "eu-data-theme",
	} {
		content, err := os.ReadFile(filepath.Join(folder, "vocab", file+".ttl"))
		if err != nil {
			t.Fatal(err)
		}
		g := rdftest.Rapper(t, "turtle", content, base)
		terms := slices.Concat(g.Subjects(expand("skos:inScheme"), zero), g.Subjects(rdf.Type, expand("spdx:ChecksumAlgorithm")))
		var want, got []string
		for _, term := range terms {
			want = append(want, term.Text())
		}
		l := codeListOf(name)
		for code := range l.codes {
			got = append(got, l.base+code)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
			t.Errorf("%s (-validator +ours)\n%s", name, diff)
		}
		for _, term := range terms {
			open := len(g.Match(term, isOpen, openValue)) > 0
			if name == "licences" && open != l.marked(term, "open") {
				t.Errorf("%s: open %t for the validator", term, open)
			}
		}
	}
}
