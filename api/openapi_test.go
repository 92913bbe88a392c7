// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/signing/signingtest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
	"github.com/zielstand/zielstand/openapi"
)

var update = flag.Bool("update", false, "record a new version of the OpenAPI description")

// undescribed are the routes under /v1 that are not in the description. Paths with the
// suffix of a format are not described either: they have the same parameters as those
// without, and the API Design Rules advise against dots in paths.
var undescribed = []string{"/v1/", "/v1/changes.atom", "/v1/changes.en.atom", "/v1/openapi.json", "/v1/openapi.yaml"}

// TestDescription compares the description with a server.
func TestDescription(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	server, doc, strict := start(t), describe(t), describe(t)
	allowNothingElse(strict)
	for _, item := range doc.Paths.Map() {
		for mediaType := range item.Get.Responses.Value("200").Value.Content {
			readAs(mediaType)
		}
	}
	t.Run("routes", func(t *testing.T) { checkRoutes(t, doc, server) })
	for path := range doc.Paths.Map() {
		if id, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); slices.Contains(withoutRows, id) {
			continue
		}
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			checkMediaTypes(t, strict, path, server)
			checkParameterNames(t, strict, path, server)
			checkExamples(t, doc, path, server)
			checkStatuses(t, doc, path, server)
		})
	}
	for _, tt := range specialRequests {
		t.Run(fmt.Sprint(tt.address, " ", tt.status), func(t *testing.T) {
			t.Parallel()
			request := get(tt.address)
			request.Header.Set("Accept", tt.accept)
			check(t, strict, tt.path, request, server, tt.status)
		})
	}
}

// withoutRows are the datasets that the embedded data package leaves empty: no row
// has the identifier of an example, and no area its key.
var withoutRows = []string{dataset.Services.ID, dataset.ServiceAvailability.ID, dataset.ServiceCounts.ID}

// specialRequests are requests that are not in the examples of the description.
var specialRequests = []struct {
	path, address, accept string
	status                int
}{
	{"/goals", "/goals?limit=2&sort=-due,id", "", http.StatusOK},
	{"/goals", "/goals?q=nothinglikethis", "", http.StatusOK},
	{"/goals", "/goals?groupBy=assessment,fieldOfAction&include=fieldOfAction&sort=-count", "", http.StatusOK},
	{"/observations", "/observations?indicator=e-file-users&groupBy=kind,goal&aggregate=count,min,max,latest&include=goal,latestSource", "", http.StatusOK},
	{"/observations", "/observations?indicator=e-file-users&format=jsonstat", "", http.StatusOK},
	{"/observations/{observationId}", "/observations/obs-0177?format=jsonstat", "", http.StatusOK},
	{"/indicators/{indicatorId}/observations", "/indicators/e-file-users/observations?groupBy=kind", "", http.StatusOK},
	{"/services", "/services?limit=2", "", http.StatusOK},
	{"/services/{serviceId}", "/services/99041006017000", "", http.StatusNotFound},
	{"/service-availability", "/service-availability?active=yes&addressStatus=ok", "", http.StatusOK},
	{"/service-counts", "/service-counts?area=05&asOfFrom=2026", "", http.StatusOK},
	{"/service-counts", "/service-counts?nosuch=1", "", http.StatusBadRequest},
	{"/goals", "/goals?statos=announced", "", http.StatusBadRequest},
	{"/goals", "/goals", "image/png", http.StatusNotAcceptable},
	{"/goals/{goalId}", "/goals/ds9-01", "", http.StatusNotFound},
	{"/goals/{goalId}", "/goals/ds2-47?q=x", "", http.StatusBadRequest},
	{"/indicators/{indicatorId}/observations", "/indicators/none/observations", "", http.StatusNotFound},
	{"/milestones/{milestoneId}", "/milestones/" + withdrawn, "", http.StatusGone},
	{"/releases", "/releases?limit=1", "", http.StatusBadRequest},
	{"/releases/{releaseId}", "/releases/1999.1.0", "", http.StatusNotFound},
	{"/releases/{releaseId}/diff", "/releases/" + first + "/diff", "", http.StatusBadRequest},
	{"/releases/{releaseId}/{file}", "/releases/latest/goals.json", "", http.StatusOK},
	{"/releases/{releaseId}/{file}", "/releases/latest/goals.pdf", "", http.StatusBadRequest},
	{"/releases/{releaseId}/{file}", "/releases/latest/datapackage.json", "", http.StatusOK},
	{"/releases/{releaseId}/{file}", "/releases/latest/goals.csv-metadata.json", "", http.StatusOK},
	{"/releases/{releaseId}/{file}", "/releases/latest/SHA256SUMS", "", http.StatusOK},
	{"/releases/{releaseId}/{file}", "/releases/latest/SHA256SUMS.sig", "", http.StatusNotFound},
}

// readAs registers a decoder for a media type other than JSON.
func readAs(mediaType string) {
	switch {
	case strings.HasSuffix(mediaType, "+json"):
		openapi3filter.RegisterBodyDecoder(mediaType, openapi3filter.JSONBodyDecoder)
	case mediaType != "application/json":
		openapi3filter.RegisterBodyDecoder(mediaType, openapi3filter.PlainBodyDecoder)
	}
}

func checkRoutes(t *testing.T, doc *openapi3.T, server *api.Server) {
	t.Helper()
	var described, answered []string
	for path := range doc.Paths.Map() {
		described = append(described, strings.TrimSuffix("/v1"+path, "/"))
	}
	for _, route := range server.Routes() {
		under := route == "/v1" || strings.HasPrefix(route, "/v1/")
		if under && !strings.HasSuffix(route, ".{extension}") && !slices.Contains(undescribed, route) {
			answered = append(answered, route)
		}
	}
	slices.Sort(described)
	slices.Sort(answered)
	if diff := cmp.Diff(answered, described); diff != "" {
		t.Errorf("routes and description differ (-answered +described):\n%s"+
			"annotate the handler and run go generate ./openapi, or name the route in undescribed", diff)
	}
}

// checkStatuses sends requests that cannot be answered with 200, and validates the answers.
// A status that is described for some paths only must be described where it occurs, and
// nowhere else.
func checkStatuses(t *testing.T, doc *openapi3.T, path string, server http.Handler) {
	t.Helper()
	address := fill(doc, path)
	with := func(name, value string) *http.Request {
		request := get(address)
		request.Header.Set(name, value)
		return request
	}
	post := get(address)
	post.Method = http.MethodPost
	check(t, doc, path, post, server, http.StatusMethodNotAllowed)
	check(t, doc, path, with("If-None-Match", "*"), server, http.StatusNotModified)
	check(t, doc, path, with("If-Match", `"other"`), server, http.StatusPreconditionFailed)
	check(t, doc, path, get(address+"?nosuch=1"), server, http.StatusBadRequest)
	for _, tt := range []struct {
		accept string
		status int
	}{{"image/png", http.StatusNotAcceptable}, {"text/html", http.StatusSeeOther}} {
		recorder := httptest.NewRecorder()
		server.ServeHTTP(recorder, with("Accept", tt.accept))
		described := doc.Paths.Value(path).Get.Responses.Value(strconv.Itoa(tt.status)) != nil
		if got := recorder.Code == tt.status; got != described {
			t.Errorf("GET %s with Accept: %s: %d; %d is described: %t", address, tt.accept, recorder.Code, tt.status, described)
		}
		if described {
			check(t, doc, path, with("Accept", tt.accept), server, tt.status)
		}
	}
	if strings.Contains(path, "{") {
		parts := strings.Split(path, "/")
		for i, part := range parts {
			if strings.HasPrefix(part, "{") {
				parts[i] = "nosuch"
			}
		}
		check(t, doc, path, get(strings.Join(parts, "/")), server, http.StatusNotFound)
	}
}

// checkMediaTypes requests each media type of a path.
func checkMediaTypes(t *testing.T, doc *openapi3.T, path string, server http.Handler) {
	t.Helper()
	responses := doc.Paths.Value(path).Get.Responses
	for mediaType := range responses.Value("200").Value.Content {
		request := get(fill(doc, path))
		if responses.Value("406") != nil {
			request.Header.Set("Accept", mediaType)
		}
		check(t, doc, path, request, server, http.StatusOK)
	}
}

// givenByPath are filters that the path sets and that are therefore not parameters.
var givenByPath = map[string]string{
	"/goals/{goalId}/progress":               "goal",
	"/goals/{goalId}/status":                 "goal",
	"/indicators/{indicatorId}/observations": "indicator",
}

// checkParameterNames compares the parameters with those in the server's error for an
// unknown one.
func checkParameterNames(t *testing.T, doc *openapi3.T, path string, server http.Handler) {
	t.Helper()
	body := check(t, doc, path, get(fill(doc, path)+"?noSuchParameter=1"), server, http.StatusBadRequest)
	var problem api.Problem
	if err := json.Unmarshal(body, &problem); err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(problem.Allowed, func(name string) bool { return name == givenByPath[path] })
	want = slices.Compact(slices.Sorted(slices.Values(want)))
	var got []string
	for _, p := range doc.Paths.Value(path).Get.Parameters {
		if p.Value.In == openapi3.ParameterInQuery {
			got = append(got, p.Value.Name)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parameters (-server +description):\n%s", diff)
	}
}

// checkExamples sends the example of each parameter, except the cursor, which is valid
// for one query only.
func checkExamples(t *testing.T, doc *openapi3.T, path string, server http.Handler) {
	t.Helper()
	for _, ref := range doc.Paths.Value(path).Get.Parameters {
		p := ref.Value
		if p.Description == "" || p.Example == nil {
			t.Errorf("the parameter %s needs a description and an example", p.Name)
		}
		if p.In == openapi3.ParameterInQuery && p.Name != "after" {
			values := url.Values{p.Name: {text(p.Example)}}
			switch p.Name {
			case "labels", "layout":
				values.Set("format", "csv")
			case "aggregate":
				values.Set("groupBy", text(doc.Paths.Value(path).Get.Parameters.GetByInAndName("query", "groupBy").Example))
			}
			check(t, doc, path, get(fill(doc, path)+"?"+values.Encode()), server, http.StatusOK)
		}
	}
}

const versionsFile = "../openapi/versions.txt"

// unreleased is the version whose description may still change; empty after its release.
const unreleased = "1.2.0"

func TestDescriptionChangesWithItsVersion(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(versionsFile)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(openapi.JSON)
	got, err := record(string(content), openapi.Version, hex.EncodeToString(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	if got == string(content) {
		return
	}
	if *update {
		if err := os.WriteFile(versionsFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("openapi.json has changed and openapi/versions.txt does not know it as version %s (the line of %s, which is unreleased, may still change): go test ./api -run %s -update",
		openapi.Version, unreleased, t.Name())
}

func TestRecordKeepsReleasedVersions(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, content, version, hash, want string }{
		{"known", "2.0.0 aa\n", "2.0.0", "aa", "2.0.0 aa\n"},
		{"new", "2.0.0 aa\n", "2.1.0", "bb", "2.0.0 aa\n2.1.0 bb\n"},
		{"changed", "2.0.0 aa\n", "2.0.0", "bb", ""},
		{"changed before its release", unreleased + " aa\n", unreleased, "bb", unreleased + " bb\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := record(test.content, test.version, test.hash)
			if got != test.want || (err == nil) != (test.want != "") {
				t.Errorf("record() = %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

// record adds a version to the list. The hash of a listed version must not change.
func record(content, version, hash string) (string, error) {
	line := version + " " + hash + "\n"
	for old := range strings.Lines(content) {
		switch name, _, _ := strings.Cut(old, " "); {
		case old == line:
			return content, nil
		case name == version && version == unreleased:
			return strings.Replace(content, old, line, 1), nil
		case name == version:
			return "", fmt.Errorf("openapi.json has changed but openapi.Version is %s as before: raise it in openapi/embed.go (SemVer), run go generate ./openapi, then this test with -update", version)
		}
	}
	return content + line, nil
}

// The releases that the server of these tests has: the fixtures, and the same
// with one value changed and one row withdrawn. The examples of the description
// name them.
const (
	first, second = "2026.11.0", "2026.12.0"
	withdrawn     = "egov18-m002"
)

// start returns a server with two releases, independent of the version of the fixtures.
func start(t *testing.T) *api.Server {
	t.Helper()
	s := storetest.Open(t, storetest.Any(t))
	pkg := copyFixtures(t)
	setVersion(t, pkg, first)
	storetest.PublishPackage(t, s, pkg)
	setVersion(t, pkg, second)
	editTable(t, pkg, "observations.csv", func(rows [][]string) [][]string {
		rows[1][slices.Index(rows[0], "value")] += "5"
		return rows
	})
	editTable(t, pkg, "milestones.csv", func(rows [][]string) [][]string {
		return slices.DeleteFunc(rows, func(row []string) bool { return row[0] == withdrawn })
	})
	editTable(t, pkg, "withdrawn.csv", func(rows [][]string) [][]string {
		return append(rows, []string{withdrawn, "milestones", "2026-12-01", "Zum Versuch.", "For a trial."})
	})
	storetest.PublishPackage(t, s, pkg)

	server, _ := apitest.New(t, s, apitest.Options{Settings: map[string]string{
		"http.public_url": strings.TrimSuffix(openapi.ServerURL, "/v1"), "signing.signers_file": signingtest.New(t, 1).Signers,
	}})
	return server
}

func copyFixtures(t *testing.T) fstest.MapFS {
	t.Helper()
	names, err := fs.Glob(fixtures.FS, "*")
	if err != nil {
		t.Fatal(err)
	}
	pkg := fstest.MapFS{}
	for _, name := range names {
		content, err := fs.ReadFile(fixtures.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		pkg[name] = &fstest.MapFile{Data: content}
	}
	return pkg
}

func setVersion(t *testing.T, pkg fstest.MapFS, version string) {
	t.Helper()
	var manifest map[string]any
	if err := json.Unmarshal(pkg["datapackage.json"].Data, &manifest); err != nil {
		t.Fatal(err)
	}
	manifest["version"] = version
	manifest["created"] = strings.ReplaceAll(strings.TrimSuffix(version, ".0"), ".", "-") + "-21T12:00:00Z"
	content, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	pkg["datapackage.json"] = &fstest.MapFile{Data: content}
}

// editTable changes the rows of a file; the first is the header.
func editTable(t *testing.T, pkg fstest.MapFS, name string, edit func([][]string) [][]string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(pkg[name].Data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(edit(rows)); err != nil {
		t.Fatal(err)
	}
	pkg[name] = &fstest.MapFile{Data: b.Bytes()}
}

// describe reads the description and checks it.
func describe(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(openapi.JSON)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return doc
}

// allowNothingElse makes schemas strict: they have no other properties.
func allowNothingElse(doc *openapi3.T) {
	no := false
	for name, schema := range doc.Components.Schemas {
		if len(schema.Value.Properties) > 0 && name != "DataPackage" {
			schema.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: &no}
		}
	}
}

// fill puts the examples of the parameters into the path.
func fill(doc *openapi3.T, path string) string {
	for _, p := range doc.Paths.Value(path).Get.Parameters {
		if p.Value.In == openapi3.ParameterInPath {
			path = strings.ReplaceAll(path, "{"+p.Value.Name+"}", text(p.Value.Example))
		}
	}
	return strings.TrimSuffix(path, "/")
}

// text writes an example as a parameter has it: lists with commas.
func text(example any) string {
	list, ok := example.([]any)
	if !ok {
		return fmt.Sprint(example)
	}
	parts := make([]string, len(list))
	for i, value := range list {
		parts[i] = fmt.Sprint(value)
	}
	return strings.Join(parts, ",")
}

func get(path string) *http.Request {
	return httptest.NewRequest(http.MethodGet, openapi.ServerURL+path, nil)
}

// check sends the request, validates the answer with the description of the path, and
// returns its body.
func check(t *testing.T, doc *openapi3.T, path string, request *http.Request, server http.Handler, status int) []byte {
	t.Helper()
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	if recorder.Code != status {
		t.Errorf("GET %s: %d, want %d\n%s", request.URL, recorder.Code, status, recorder.Body)
		return nil
	}
	item := doc.Paths.Value(path)
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: request,
			Route:   &routers.Route{Spec: doc, Server: doc.Servers[0], Path: path, PathItem: item, Method: http.MethodGet, Operation: item.Get},
		},
		Status: status, Header: recorder.Header(),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	input.SetBodyBytes(recorder.Body.Bytes())
	if err := openapi3filter.ValidateResponse(context.Background(), input); err != nil {
		t.Errorf("GET %s does not fit its description: %.3000s", request.URL, err.Error())
	}
	return recorder.Body.Bytes()
}

// TestDescriptionContact asks for the description of services with and without a mailbox.
func TestDescriptionContact(t *testing.T) {
	t.Parallel()
	st := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, st)
	for want, settings := range map[string]map[string]string{
		"amt@stadt.example": {"catalog.contact_email": "amt@stadt.example"},
		"":                  {"catalog.contact_email": "", "catalog.contact_url": "https://stadt.example/kontakt"},
	} {
		handler, _ := apitest.New(t, st, apitest.Options{Settings: settings})
		for _, path := range []string{"/openapi.json", "/openapi.yaml"} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			doc, err := openapi3.NewLoader().LoadFromData(w.Body.Bytes())
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if got := doc.Info.Contact; got.Email != want || got.Name != "Zielstand" {
				t.Errorf("%s has the contact %+v, want the address %q", path, got, want)
			}
		}
	}
}
