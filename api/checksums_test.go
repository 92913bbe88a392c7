// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/internal/signing"
	"github.com/zielstand/zielstand/internal/signing/signingtest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestChecksums requests every file of SHA256SUMS, and expects all files that a release
// links to in it.
func TestChecksums(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		const folder = "/v1/releases/2024.01.0/"
		sums := s.get(t, folder+"SHA256SUMS")
		if sums.StatusCode != http.StatusOK || sums.Header.Get("Content-Type") != "text/plain; charset=utf-8" || strings.Contains(sums.Header.Get("Cache-Control"), "immutable") {
			t.Fatalf("%s", sums)
		}
		var names []string
		for line := range strings.Lines(string(sums.body)) {
			sum, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
			names = append(names, name)
			file := s.get(t, folder+name)
			own := sha256.Sum256(file.body)
			if file.StatusCode != http.StatusOK || hex.EncodeToString(own[:]) != sum {
				t.Errorf("%s: %d, %d bytes with another checksum than %s", name, file.StatusCode, len(file.body), sum)
			}
		}
		if !slices.IsSorted(names) || len(names) != len(slices.Compact(slices.Clone(names))) {
			t.Errorf("not in order, or more than once: %q", names)
		}
		var release api.ReleaseDocument
		if err := json.Unmarshal(s.get(t, "/v1/releases/2024.01.0").body, &release); err != nil {
			t.Fatal(err)
		}
		linked := release.Data.Files
		for _, d := range release.Data.Datasets {
			linked = append(linked, d.Files...)
		}
		for _, address := range linked {
			if name := strings.TrimPrefix(address, publicURL+folder); !slices.Contains(names, name) {
				t.Errorf("SHA256SUMS lacks %s", address)
			}
		}
		if len(names) < len(linked)+18 || release.Data.Checksums != publicURL+folder+"SHA256SUMS" || release.Data.Signature != "" {
			t.Errorf("%d names, %d links, checksums %q, signature %q", len(names), len(linked), release.Data.Checksums, release.Data.Signature)
		}
		for address, want := range map[string]string{
			folder + "SHA256SUMS?dialect=excel-de":       "400 dialect: is not a parameter of /v1/releases/{releaseId}/SHA256SUMS",
			folder + "SHA256SUMS?gclid=2":                "400 gclid: is not a parameter of /v1/releases/{releaseId}/SHA256SUMS",
			folder + "goals.csv?gclid=2":                 "400 gclid: is not a parameter of /v1/releases/{releaseId}/{file}; allowed: dialect",
			folder + "datapackage.json?dialect=excel-de": "400 dialect: is not a parameter of /v1/releases/{releaseId}/datapackage.json",
			folder + "SHA256SUM":                         "404 SHA256SUM was not found in the files of release 2024.01.0; did you mean SHA256SUMS?",
			folder + "SHA256SUMS.sig":                    "404 release 2024.01.0 is not signed",
			"/v1/signers":                                "404 this service does not sign releases",
		} {
			if got := problemOf(t, s.get(t, address)); got != want {
				t.Errorf("%s: %s, want %s", address, got, want)
			}
		}
	})
}

// TestSignature signs a release of a running server: it serves the signature if it is one
// of its signers over what it serves, and nothing else.
func TestSignature(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		key, other := signingtest.New(t, 1), signingtest.New(t, 2)
		opened := storetest.Open(t, databaseURL)
		storetest.Publish(t, opened)
		s := serveWith(t, opened, since, map[string]string{"http.public_url": publicURL, "signing.signers_file": key.Signers})
		const address = "/v1/releases/latest/SHA256SUMS"
		sums := s.get(t, address)
		store := func(by signingtest.Key, text []byte) {
			t.Helper()
			private, err := signing.ReadKey(by.File)
			if err != nil {
				t.Fatal(err)
			}
			signature, err := private.Sign(text)
			if err != nil {
				t.Fatal(err)
			}
			if err := opened.Sign(t.Context(), "2024.01.0", signature); err != nil {
				t.Fatal(err)
			}
			if err := s.releases.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := problemOf(t, s.get(t, address+".sig")); got != "404 release 2024.01.0 is not signed" {
			t.Errorf("unsigned: %s", got)
		}
		const page, link = "/releases/2024.01.0", `href="/v1/releases/2024.01.0/SHA256SUMS.sig"`
		if a := s.get(t, page); strings.Contains(string(a.body), link) {
			t.Errorf("the page links to a signature that does not exist:\n%s", a)
		}
		before := s.get(t, "/v1/releases/latest")
		store(key, sums.body)
		signers, err := signing.ParseSigners(s.get(t, "/v1/signers").body)
		if err != nil {
			t.Fatal(err)
		}
		signature := s.get(t, address+".sig")
		if err := signers.Verify(sums.body, string(signature.body)); signature.StatusCode != http.StatusOK || err != nil {
			t.Errorf("%s: %v", signature, err)
		}
		after := s.get(t, "/v1/releases/latest")
		if link := `"signature":"` + publicURL + `/v1/releases/2024.01.0/SHA256SUMS.sig"`; strings.Contains(string(before.body), `"signature"`) || !strings.Contains(string(after.body), link) {
			t.Errorf("the release is described by\n%s\nand signed by\n%s", before.body, after.body)
		}
		if a := s.get(t, page); !strings.Contains(string(a.body), link) {
			t.Errorf("the page does not link to the signature:\n%s", a)
		}
		if a := serve(t, opened).get(t, page); strings.Contains(string(a.body), link) {
			t.Errorf("without signers, the page links to the signature:\n%s", a)
		}
		for name, wrong := range map[string]struct {
			by   signingtest.Key
			text []byte
			log  string
		}{
			"by another key":     {other, sums.body, "which is not among the signers; restart the server if the key was added to signing.signers_file after the start, otherwise sign again with zielstand release sign"},
			"of other checksums": {key, append(slices.Clone(sums.body), '\n'), "does not match the checksums of the files as this program writes them with these settings; sign again with zielstand release sign"},
		} {
			store(wrong.by, wrong.text)
			const want = "404 release 2024.01.0 has a signature, but it does not match the files that are served now; the operator has to sign the release again"
			if got := problemOf(t, s.get(t, address+".sig")); got != want || !strings.Contains(s.log.String(), wrong.log) {
				t.Errorf("%s: %s\n%s", name, got, s.log)
			}
		}
	})
}

// problemOf returns the status and the detail of an error.
func problemOf(t *testing.T, a answer) string {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Errorf("%s: %v", a, err)
	}
	return fmt.Sprint(a.StatusCode, " ", p.Detail)
}
