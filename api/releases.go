// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/signing"
)

// Release is the API representation of a release.
type Release struct {
	// ID is the version of the data package.
	ID string `json:"id" example:"2026.11.0"`
	// Title is the title of the data package.
	Title string `json:"title"`
	// Published is when the data package was created.
	Published time.Time `json:"published" example:"2026-11-21T12:00:00Z"`
	// Latest reports whether it is served by default.
	Latest bool `json:"latest"`
	// ContentHash is the SHA-256 of the package's files.
	ContentHash string `json:"contentHash"`
	// Notes has information for readers of the release.
	Notes string `json:"notes,omitempty"`
	// Datasets lists the datasets of the release.
	Datasets []ReleaseDataset `json:"datasets"`
	// Self is the address of the release.
	Self string `json:"self"`
	// Previous is the id of the release that it followed, which may have been
	// deleted since. It is "unknown" if that was long ago, and absent for the first
	// release.
	Previous string `json:"previous,omitempty" example:"2026.10.0"`
	// Withdrawn is when an older release replaced it; absent otherwise.
	Withdrawn *time.Time `json:"withdrawn,omitempty" example:"2026-11-28T12:00:00Z"`
	// Files are the addresses of the files with all datasets: a data package and a
	// SQLite database.
	Files []string `json:"files"`
	// Checksums is the address of the SHA-256 checksums of all files of the release, for
	// sha256sum.
	Checksums string `json:"checksums"`
	// Signature is the address of the signature over the checksums, for ssh-keygen. It is
	// absent if the release is not signed.
	Signature string `json:"signature,omitempty"`
}

// ReleaseDataset is one dataset of a release.
type ReleaseDataset struct {
	// ID is the id of the dataset.
	ID string `json:"id" example:"goals"`
	// Rows is the number of rows.
	Rows int64 `json:"rows" example:"78"`
	// Modified is the date of the release that last changed the rows or the description
	// of the dataset.
	Modified time.Time `json:"modified" example:"2026-11-21T12:00:00Z"`
	// ContentHash is the SHA-256 of the rows.
	ContentHash string `json:"contentHash"`
	// Files are the addresses of the whole dataset in each format.
	Files []string `json:"files"`
}

// ReleasesDocument is the response of /v1/releases.
type ReleasesDocument struct {
	// Data lists the releases, newest first.
	Data []Release `json:"data"`
}

// ReleaseDocument is the response of /v1/releases/{releaseId}.
type ReleaseDocument struct {
	Data Release `json:"data"`
}

// listReleases returns all releases.
//
//	@ID				listReleases
//	@Summary		List the releases
//	@Description	All releases, newest first. A release never changes.
//	@Tags			releases
//	@Produce		application/json
//	@Success		200	{object}	ReleasesDocument
//	@Failure		406	{object}	Problem
//	@Router			/releases [get]
func (s *Server) listReleases(c echo.Context, snapshot *release.Snapshot) error {
	document := ReleasesDocument{Data: []Release{}}
	for _, r := range snapshot.Releases {
		document.Data = append(document.Data, s.describe(snapshot, r))
	}
	return s.writeJSON(c, snapshot, "releases", document)
}

// showRelease returns one release.
//
//	@ID				showRelease
//	@Summary		Show a release
//	@Description	The datasets of a release with their number of rows, checksums and files. The id latest stands for the release that is served by default.
//	@Tags			releases
//	@Produce		application/json
//	@Param			releaseId	path		string	true	"Identifier of the release, or latest"	example(latest)
//	@Success		200			{object}	ReleaseDocument
//	@Failure		406			{object}	Problem
//	@Failure		410			{object}	Problem
//	@Router			/releases/{releaseId} [get]
func (s *Server) showRelease(c echo.Context, snapshot *release.Snapshot) error {
	release, err := pathRelease(c, snapshot)
	if err != nil {
		return err
	}
	return s.writeJSON(c, snapshot, "release "+release.ID, ReleaseDocument{Data: s.describe(snapshot, release)})
}

// releaseFile returns a whole dataset of a release, or its datapackage.json.
//
//	@ID				getReleaseFile
//	@Summary		Get a whole file of a release
//	@Description	The file is a dataset with the suffix of a format (goals.csv), its CSVW description (goals.csv-metadata.json), datapackage.json, all datasets in one file (zielstand.zip, a data package with CSV files, or zielstand.sqlite, a SQLite database), SHA256SUMS with the checksums of all of these, or SHA256SUMS.sig, the SSH signature over it. With the id of a release it never changes; with latest it follows the releases.
//	@Tags			releases
//	@Produce		application/json,text/csv,application/csvm+json,application/zip,application/vnd.sqlite3,text/plain
//	@Param			releaseId	path		string	true	"Identifier of the release, or latest"			example(latest)
//	@Param			file		path		string	true	"Name of the file: dataset, dot, format"	example(goals.csv)
//	@Param			Range		header		string	false	"Bytes to return (RFC 9110, 14.2), of the file of a release that is named by its id"	example(bytes=0-1023)
//	@Success		200			{object}	CollectionDocument
//	@Success		206
//	@Failure		410			{object}	Problem
//	@Failure		416			{object}	Problem
//	@Router			/releases/{releaseId}/{file} [get]
func (s *Server) releaseFile(c echo.Context, snapshot *release.Snapshot) error {
	release, err := pathRelease(c, snapshot)
	if err != nil {
		return err
	}
	rep, err := s.fileOf(c, release, c.Param("file"))
	if err != nil {
		return err
	}
	if c.Param("releaseId") == "latest" {
		changing := *rep
		changing.Immutable = false
		rep = &changing
	}
	return s.write(c, rep)
}

// signature returns the signature over the checksums of a release. A signature that does
// not match them is not served: it would look like an attack, although a new version of
// the program may merely encode the same rows differently.
func (s *Server) signature(ctx context.Context, r *domain.Release) (*representation.Representation, error) {
	if r.Signature == "" || s.options.Signers == nil {
		return nil, &refused{http.StatusNotFound, "release " + r.ID + " is not signed"}
	}
	sums, err := s.documents.Checksums(ctx, r, representation.Identity)
	if err != nil {
		return nil, err
	}
	if err := s.options.Signers.Verify(sums.Body, r.Signature); err != nil {
		remedy := "sign again with zielstand release sign"
		if errors.Is(err, signing.ErrNotSigner) {
			remedy = "restart the server if the key was added to signing.signers_file after the start, otherwise " + remedy
		}
		s.options.Logger.WarnContext(ctx, "signature not served", slog.String("release", r.ID), slog.Any("error", fmt.Errorf("the signature %w; %s", err, remedy)))
		return nil, &refused{http.StatusNotFound, "release " + r.ID + " has a signature, but it does not match the files that are served now; the operator has to sign the release again"}
	}
	return representation.New(representation.Head{ContentType: "text/plain; charset=utf-8"}, []byte(r.Signature)), nil
}

// signers returns the public keys.
//
//	@ID				getSigners
//	@Summary		Get the public keys
//	@Description	The SSH keys whose signatures of releases are valid, in the form of ssh-keygen's allowed signers. 404 if this service does not sign.
//	@Tags			releases
//	@Produce		text/plain
//	@Success		200	{string}	string
//	@Failure		404	{object}	Problem
//	@Router			/signers [get]
func (s *Server) signers(c echo.Context, _ *release.Snapshot) error {
	if s.options.Signers == nil {
		return &refused{http.StatusNotFound, "this service does not sign releases"}
	}
	return s.writePlain(c, "", "text/plain; charset=utf-8", func() ([]byte, error) { return s.options.Signers.Text, nil })
}

func (s *Server) fileOf(c echo.Context, release *domain.Release, name string) (*representation.Representation, error) {
	ctx := c.Request().Context()
	switch name {
	case dataset.ManifestName:
		return s.documents.DataPackage(ctx, release, coding(c))
	case catalog.ChecksumsName:
		return s.documents.Checksums(ctx, release, coding(c))
	case catalog.SignatureName:
		return s.signature(ctx, release)
	}
	if rep, err := s.documents.Whole(ctx, release, name); !errors.Is(err, domain.ErrNotFound) {
		return rep, err
	}
	id, extension, _ := strings.Cut(name, ".")
	d := dataset.ByID(id)
	if _, exists := release.Dataset(id); d == nil || !exists || extension == "" {
		return nil, &unknownItem{dataset: "the files of release " + release.ID, id: name, nearest: domain.Nearest(name, fileNames())}
	}
	if extension == "csv-metadata.json" {
		format, err := parseFormat(c, c.QueryParams(), "csv", nil)
		if err != nil {
			return nil, err
		}
		return s.documents.TableMetadata(ctx, release, d, format, coding(c))
	}
	format, err := parseFormat(c, c.QueryParams(), extension, nil)
	if err != nil {
		return nil, err
	}
	request := representation.Request{Release: release, Query: dataset.Query{Dataset: d}, Format: format, File: true}
	return s.representations.Rows(ctx, request, coding(c))
}

// singleNames returns the names of the files that a release has only one of.
func singleNames() []string {
	names := []string{dataset.ManifestName, catalog.ChecksumsName, catalog.SignatureName}
	for _, f := range catalog.WholeFormats {
		names = append(names, catalog.WholeName(f))
	}
	return names
}

func fileNames() []string {
	names := singleNames()
	for _, d := range dataset.All {
		for _, f := range encode.Names() {
			names = append(names, d.ID+"."+f)
		}
	}
	return names
}

// pathRelease returns the release in the path, or a not found error.
func pathRelease(c echo.Context, snapshot *release.Snapshot) (*domain.Release, error) {
	found, err := snapshot.Release(c.Param("releaseId"))
	var invalid *domain.Invalid
	if errors.As(err, &invalid) {
		return nil, &unknownItem{dataset: "releases", id: invalid.Value, nearest: invalid.Nearest}
	}
	return found, err
}

func (s *Server) describe(snapshot *release.Snapshot, r *domain.Release) Release {
	self := s.publicURL + "/v1/releases/" + r.ID
	out := Release{
		ID: r.ID, Title: r.Title, Published: r.Published, Latest: r == snapshot.Latest,
		ContentHash: r.ContentHash, Notes: r.Notes, Self: self, Previous: r.Previous,
		Checksums: self + "/" + catalog.ChecksumsName,
	}
	if r.Signature != "" && s.options.Signers != nil {
		out.Signature = self + "/" + catalog.SignatureName
	}
	if !r.Withdrawn.IsZero() {
		out.Withdrawn = &r.Withdrawn
	}
	for _, f := range catalog.WholeFormats {
		out.Files = append(out.Files, self+"/"+catalog.WholeName(f))
	}
	for _, d := range dataset.All {
		part, ok := r.Dataset(d.ID)
		if !ok {
			continue
		}
		out.Datasets = append(out.Datasets, ReleaseDataset{
			ID: part.ID, Rows: part.Rows, Modified: part.Modified, ContentHash: part.ContentHash, Files: s.fileAddresses(r, d),
		})
	}
	return out
}

// fileAddresses returns the addresses of a whole dataset in each format.
func (s *Server) fileAddresses(r *domain.Release, d *dataset.Dataset) []string {
	var addresses []string
	for _, f := range encode.Formats {
		addresses = append(addresses, s.documents.Settings().FileAddress(r, d, f))
	}
	return addresses
}

// diffReleases returns what changed between two releases.
//
//	@ID				compareReleases
//	@Summary		Compare two releases
//	@Description	The rows added, changed and removed between the release in the parameter from and the one in the path, with the columns of the dataset changes. Without from, it is compared with the release that it followed.
//	@Tags			releases
//	@Produce		application/json,text/csv
//	@Param			releaseId	path		string	true	"Identifier of the release, or latest"	example(latest)
//	@Success		200			{object}	CollectionDocument
//	@Failure		406			{object}	Problem
//	@Failure		410			{object}	Problem
//	@Router			/releases/{releaseId}/diff [get]
func (s *Server) diffReleases(c echo.Context, snapshot *release.Snapshot) error {
	p, err := parseDiff(c, snapshot)
	if err != nil {
		return err
	}
	key := strings.Join([]string{"diff", release.Key(p.from), release.Key(p.to), p.format.Name, p.format.Dialect}, " ")
	rep, err := s.representations.CachedForOne(c.Request().Context(), key, coding(c), func(ctx context.Context) (*representation.Representation, error) {
		return s.buildDiff(ctx, p)
	})
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

// diffParams are the parameters of diffReleases.
type diffParams struct {
	from, to *domain.Release
	format   encode.Format
}

func parseDiff(c echo.Context, snapshot *release.Snapshot) (p diffParams, err error) {
	if p.to, err = pathRelease(c, snapshot); err != nil {
		return p, err
	}
	if p.from, err = snapshot.From(c.QueryParam("from"), p.to); err != nil {
		return p, err
	}
	p.format, err = parseFormat(c, c.QueryParams(), c.Param("extension"), nil)
	return p, err
}

// maxChanges is the maximum number of changes in a response.
const maxChanges = 100_000

func (s *Server) buildDiff(ctx context.Context, p diffParams) (*representation.Representation, error) {
	changes, err := s.releases.Compare(ctx, p.from, p.to, nil, maxChanges)
	if errors.Is(err, release.ErrTooMany) {
		return nil, &domain.Invalid{
			Name: "from", Value: p.from.ID, Rule: fmt.Sprintf("differs from %s in more than %d values; compare their whole files instead", p.to.ID, maxChanges),
		}
	}
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	document := s.representations.DiffDocument(p.from, p.to, len(changes))
	e := p.format.New(&body, document)
	for _, change := range changes {
		cells := change.Cells(p.to.ID, p.to.Published.Format(time.DateOnly))
		row := make([][]byte, len(cells))
		for i, cell := range cells {
			row[i] = []byte(cell)
		}
		if err := e.Row(row); err != nil {
			return nil, err
		}
	}
	if err := e.Close(); err != nil {
		return nil, err
	}
	return representation.New(representation.Head{ContentType: p.format.ContentType, Total: document.Meta.Total}, body.Bytes()), nil
}
