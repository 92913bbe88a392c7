package check

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/rdf"
)

// site answers with the good catalogue, but for what a test changes.
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

const turtle = "text/turtle; charset=utf-8"

// pageOf is the good catalogue with another dataset and what follows.
func pageOf(text, number, more string) string {
	text = strings.ReplaceAll(text, "<1", "<"+number)
	text = strings.Replace(text, `"https://daten.example/1"`, `"`+number+`"`, 1)
	return strings.Replace(text, "hydra:totalItems 1", more, 1)
}

// TestFetch reads catalogues from the web: what is wrong with the answers.
func TestFetch(t *testing.T) {
	t.Parallel()
	text := good(t)
	elsewhere := serve(t, func(http.ResponseWriter, *http.Request, *site) { t.Error("another host was asked") })
	other := strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)
	tests := []struct {
		name   string
		answer func(w http.ResponseWriter, r *http.Request, s *site)
		want   []string
	}{
		{"good", func(w http.ResponseWriter, _ *http.Request, _ *site) { write(w, turtle, text) }, nil},
		{"HEAD not allowed", func(w http.ResponseWriter, r *http.Request, _ *site) {
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
				return
			}
			write(w, turtle, text)
		}, []string{"warning head </>: HEAD is answered with 405: the harvester goes on with GET, link checkers may not"}},
		{"HEAD fails", func(w http.ResponseWriter, r *http.Request, _ *site) {
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusNotImplemented)
				return
			}
			write(w, turtle, text)
		}, []string{"violation head </>: HEAD is answered with 501: the harvester gives up"}},
		{"HEAD differs", func(w http.ResponseWriter, r *http.Request, _ *site) {
			if r.Method == http.MethodHead {
				w.Header().Set("Content-Length", "3")
				w.Header().Set("Content-Type", "text/html")
				return
			}
			write(w, turtle, text)
		}, []string{
			`warning head </>: HEAD has the content type "text/html", GET "text/turtle; charset=utf-8"`,
			fmt.Sprintf("warning head </>: HEAD has the length 3, GET %d", len(text)),
		}},
		{"redirected", func(w http.ResponseWriter, r *http.Request, s *site) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, s.URL+"/there", http.StatusSeeOther)
				return
			}
			write(w, turtle, text)
		}, nil},
		{"type that rdflib does not read", func(w http.ResponseWriter, _ *http.Request, _ *site) { write(w, "text/plain", "") }, []string{
			`violation content-type </>: the harvester does not read "text/plain"`,
			"violation empty: no dcat:Dataset: a harvester deletes every dataset that it has of this source",
		}},
		{"not found, but a catalogue", func(w http.ResponseWriter, _ *http.Request, _ *site) {
			w.Header().Set("Content-Type", turtle)
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(text))
		}, []string{
			"violation empty: no dcat:Dataset: a harvester deletes every dataset that it has of this source",
			"violation head </>: HEAD is answered with 404: the harvester gives up",
			"violation status </>: GET is answered with 404; the harvester reads even that as the catalogue",
		}},
		{"not UTF-8", func(w http.ResponseWriter, _ *http.Request, _ *site) { write(w, turtle, "# \xe4\n"+text) }, []string{
			"violation empty: no dcat:Dataset: a harvester deletes every dataset that it has of this source",
			"violation encoding </>: not UTF-8",
		}},
		{"too large", func(w http.ResponseWriter, _ *http.Request, _ *site) {
			write(w, turtle, text+strings.Repeat("\n", maxBytes))
		}, []string{
			"violation empty: no dcat:Dataset: a harvester deletes every dataset that it has of this source",
			"violation size </>: 50 MiB or more: the harvester takes less",
		}},
		{"length that is too large", func(w http.ResponseWriter, r *http.Request, _ *site) {
			if r.Method == http.MethodHead {
				w.Header().Set("Content-Length", strconv.Itoa(maxBytes))
				w.Header().Set("Content-Type", turtle)
				return
			}
			write(w, turtle, text)
		}, []string{
			"violation size </>: HEAD has the length 52428800, 50 MiB or more: the harvester takes less",
			fmt.Sprintf("warning head </>: HEAD has the length 52428800, GET %d", len(text)),
		}},
		{"the first page again", func(w http.ResponseWriter, _ *http.Request, s *site) {
			write(w, turtle, pageOf(text, "1", "hydra:nextPage <"+s.URL+"/?page=2> ; hydra:totalItems 1"))
		}, []string{"violation paging </?page=2>: the first page again: the harvester stops here and deletes what would follow"}},
		{"dataset on two pages", func(w http.ResponseWriter, r *http.Request, s *site) {
			if r.URL.Query().Has("page") {
				write(w, turtle, text)
				return
			}
			write(w, turtle, pageOf(text, "1", "hydra:nextPage <"+s.URL+"/?page=2> ; hydra:totalItems 1"))
		}, []string{
			`violation once </1> dct:identifier: a dcat:Dataset has it at most once, here are 2`,
			"violation paging </?page=2>: the dataset </1> is on / already",
		}},
		{"back to the first page", func(w http.ResponseWriter, r *http.Request, s *site) {
			number, next := "1", "/?page=2"
			if r.URL.Query().Has("page") {
				number, next = "2", "/"
			}
			write(w, turtle, pageOf(text, number, "hydra:nextPage <"+s.URL+next+"> ; hydra:totalItems 2"))
		}, []string{"violation paging </?page=2>: hydra:next leads back to /: the harvest does not end"}},
		{"to another host", func(w http.ResponseWriter, _ *http.Request, _ *site) {
			write(w, turtle, pageOf(text, "1", "hydra:nextPage <"+other+"> ; hydra:totalItems 1"))
		}, []string{"warning paging </>: hydra:next leads to another host, localhost, which is not asked"}},
		{"second page of another type", func(w http.ResponseWriter, r *http.Request, s *site) {
			if r.URL.Query().Has("page") {
				write(w, "text/n3", pageOf(text, "2", "hydra:totalItems 2"))
				return
			}
			write(w, turtle, pageOf(text, "1", "hydra:nextPage <"+s.URL+"/?page=2> ; hydra:totalItems 2"))
		}, []string{`violation content-type </?page=2>: "text/n3", but the first page is "text/turtle", and the harvester keeps to that`}},
		{"second page not found", func(w http.ResponseWriter, r *http.Request, s *site) {
			if r.URL.Query().Has("page") {
				http.NotFound(w, r)
				return
			}
			write(w, turtle, pageOf(text, "1", "hydra:nextPage <"+s.URL+"/?page=2> ; hydra:totalItems 1"))
		}, []string{
			"violation head </?page=2>: HEAD is answered with 404: the harvester gives up",
			"violation status </?page=2>: GET is answered with 404; the harvester reads even that as the catalogue",
		}},
		{"agent on another page", func(w http.ResponseWriter, r *http.Request, s *site) {
			if r.URL.Query().Has("page") {
				second := pageOf(text, "2", "hydra:totalItems 2")
				write(w, turtle, second[:strings.Index(second, "<amt> a")]+second[strings.Index(second, "<kontakt> a"):])
				return
			}
			write(w, turtle, pageOf(text, "1", "hydra:nextPage <"+s.URL+"/?page=2> ; hydra:totalItems 2"))
		}, []string{"violation paging </2> dct:publisher: </amt> is described on another page, but each page is read by itself"}},
		{"relative, for one reader only", func(w http.ResponseWriter, r *http.Request, s *site) {
			if r.URL.Query().Has("page") {
				write(w, turtle, pageOf(text, "2", "hydra:totalItems 2"))
				return
			}
			write(w, turtle, pageOf(text, "1", `hydra:next "?page=2" ; hydra:totalItems 2`))
		}, []string{
			"warning paging </>: data.europa.eu wants hydra:nextPage on the hydra:PagedCollection",
			`warning paging </>: hydra:next "?page=2" is not absolute: GovData asks for it as it stands, and its harvest fails`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request, s *site) { test.answer(w, r, s) })
			report, err := Fetch(t.Context(), s.URL+"/")
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, f := range report.Findings {
				line := strings.ReplaceAll(strings.ReplaceAll(f.String(), s.URL, ""), "https://daten.example", "")
				lines = append(lines, line)
			}
			if diff := cmp.Diff(test.want, lines); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestMeasure: the limit is that of the harvester, and the finding is sorted in.
func TestMeasure(t *testing.T) {
	t.Parallel()
	r := Report{Findings: []Finding{{Severity: Warning, Rule: "reach"}}}
	r.Measure("turtle", make([]byte, maxBytes-1))
	if len(r.Findings) != 1 {
		t.Errorf("below the limit: %v", r.Findings)
	}
	r.Measure("rdfxml", make([]byte, maxBytes))
	if want := "violation size: rdfxml: 50 MiB or more: the harvester takes less"; len(r.Findings) != 2 || r.Findings[0].String() != want {
		t.Errorf("at the limit: %v, want %s first", r.Findings, want)
	}
}

// TestNeedAddress: no rule about triples needs an address.
func TestNeedAddress(t *testing.T) {
	t.Parallel()
	for _, r := range rules {
		if slices.Contains(NeedAddress, r.name) {
			t.Errorf("%s needs none", r.name)
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
		if _, err := Fetch(t.Context(), s.URL+"/katalog"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"HEAD /katalog", "GET /katalog"}, s.asked); diff != "" {
			t.Errorf("requests (-want +got)\n%s", diff)
		}
	}
}

// TestFetchNothing: addresses at which nothing can be judged.
func TestFetchNothing(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(nil)
	closed.Close()
	away := serve(t, func(w http.ResponseWriter, r *http.Request, _ *site) {
		http.Redirect(w, r, "http://elsewhere.example/", http.StatusFound)
	})
	for address, want := range map[string]string{
		"ftp://daten.example/": "is no http or https address",
		"http://":              "is no http or https address",
		closed.URL:             "connection refused",
		away.URL:               "redirects to another host, elsewhere.example, which is not asked",
	} {
		if _, err := Fetch(t.Context(), address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Fetch(ctx, away.URL); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestFileErrors(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"katalog.pdf":          "the suffix names no format of RDF; known are .json .jsonld .n3 .nt .owl .rdf .ttl .xml",
		"testdata/missing.ttl": "no such file",
	} {
		if _, err := File(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

var (
	zero      = rdf.Term{}
	isOpen    = rdf.IRI("http://govdata.de/mqa/#isOpenLicense")
	openValue = rdf.TypedLiteral("true", "xsd:boolean") // as the validator has it
)

// TestLists holds the lists against those of the validator.
func TestLists(t *testing.T) {
	t.Parallel()
	testdata(t)
	for name, file := range map[string]string{
		"access-rights": "eu-access-right", "availabilities": "eu-planned-availability", "checksum-algorithms": "spdx-checksum-algorithms",
		"contributors": "dcatde-contributors", "dataset-types": "eu-dataset-type", "file-types": "eu-file-type",
		"frequencies": "eu-frequency", "languages": "eu-language", "levels": "dcatde-political-geocoding-level",
		"licences": "dcatde-licenses", "publisher-types": "adms-publishertype", "statuses": "eu-distribution-status", "themes": "eu-data-theme",
	} {
		content, err := os.ReadFile(filepath.Join(kit, "vocab", file+".ttl"))
		if err != nil {
			t.Fatal(err)
		}
		g, err := read("turtle", content, "")
		if err != nil {
			t.Fatal(err)
		}
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
