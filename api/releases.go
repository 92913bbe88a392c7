package api

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
)

// Release is a release as the API tells of it.
type Release struct {
	// ID is the version of the data package.
	ID string `json:"id" example:"2026.11.0"`
	// Title is the title of the data package.
	Title string `json:"title"`
	// Published is when the data package was made.
	Published time.Time `json:"published" example:"2026-11-21T12:00:00Z"`
	// Latest says whether it is served where no release is named.
	Latest bool `json:"latest"`
	// ContentHash is the SHA-256 of the package's files.
	ContentHash string `json:"contentHash"`
	// Notes say what readers of the release should know.
	Notes string `json:"notes,omitempty"`
	// Datasets are the parts of the release.
	Datasets []ReleaseDataset `json:"datasets"`
	// Self is the address of the release.
	Self string `json:"self"`
	// Previous is the id of the release that it followed, which may no longer be
	// kept; it is "unknown" if it was deleted long ago and absent for the first
	// release.
	Previous string `json:"previous,omitempty" example:"2026.10.0"`
	// Withdrawn is when an older release took its place; absent if none has.
	Withdrawn *time.Time `json:"withdrawn,omitempty" example:"2026-11-28T12:00:00Z"`
}

// ReleaseDataset is one dataset of a release.
type ReleaseDataset struct {
	// ID is the id of the dataset.
	ID string `json:"id" example:"goals"`
	// Rows is the number of rows.
	Rows int64 `json:"rows" example:"78"`
	// Modified is when a release last changed the rows.
	Modified time.Time `json:"modified" example:"2026-11-21T12:00:00Z"`
	// ContentHash is the SHA-256 of the rows.
	ContentHash string `json:"contentHash"`
	// Files are the addresses of the whole dataset in each format.
	Files []string `json:"files"`
}

// ReleasesDocument is the answer of /v1/releases.
type ReleasesDocument struct {
	// Data lists the releases, the newest first.
	Data []Release `json:"data"`
}

// ReleaseDocument is the answer of /v1/releases/{releaseId}.
type ReleaseDocument struct {
	Data Release `json:"data"`
}

// listReleases answers with all releases.
//
//	@ID				listReleases
//	@Summary		List the releases
//	@Description	Releases never change; the newest stands first.
//	@Tags			releases
//	@Produce		application/json
//	@Success		200	{object}	ReleasesDocument
//	@Failure		400	{object}	Problem
//	@Failure		406	{object}	Problem
//	@Failure		503	{object}	Problem
//	@Router			/releases [get]
func (s *Server) listReleases(c echo.Context) error {
	snapshot, err := s.releases.Current()
	if err != nil {
		return err
	}
	if err := onlyParameters(c, nil, nil); err != nil {
		return err
	}
	document := ReleasesDocument{Data: []Release{}}
	for _, r := range snapshot.Releases {
		document.Data = append(document.Data, s.describe(snapshot, r))
	}
	return s.writeJSON(c, snapshot, "releases", document)
}

// showRelease answers with one release.
//
//	@ID				showRelease
//	@Summary		Show a release
//	@Description	Its datasets with rows, checksums and files. The id latest names the release that is served by default.
//	@Tags			releases
//	@Produce		application/json
//	@Param			releaseId	path		string	true	"Identifier of the release, or latest"	example(2026.11.0)
//	@Success		200			{object}	ReleaseDocument
//	@Failure		400			{object}	Problem
//	@Failure		404			{object}	Problem
//	@Failure		406			{object}	Problem
//	@Failure		503			{object}	Problem
//	@Router			/releases/{releaseId} [get]
func (s *Server) showRelease(c echo.Context) error {
	snapshot, release, err := s.pathRelease(c)
	if err != nil {
		return err
	}
	if err := onlyParameters(c, nil, nil); err != nil {
		return err
	}
	return s.writeJSON(c, snapshot, "release "+release.ID, ReleaseDocument{Data: s.describe(snapshot, release)})
}

// releaseFile answers with a whole dataset of a release, or its datapackage.json.
//
//	@ID				getReleaseFile
//	@Summary		Get a whole file of a release
//	@Description	The file is a dataset with the suffix of a format, goals.csv, its CSVW description, goals.csv-metadata.json, or datapackage.json. Under the id of a release it never changes; under latest it does.
//	@Tags			releases
//	@Produce		application/json,text/csv,application/csvm+json
//	@Param			releaseId	path		string	true	"Identifier of the release, or latest"			example(2026.11.0)
//	@Param			file		path		string	true	"Name of the file: dataset, point, format"	example(goals.csv)
//	@Param			dialect		query		string	false	"Dialect of CSV: excel-de opens in a German Excel by double click"	example(excel-de)	Enums(excel-de)
//	@Success		200			{object}	CollectionDocument
//	@Failure		400			{object}	Problem
//	@Failure		404			{object}	Problem
//	@Failure		503			{object}	Problem
//	@Router			/releases/{releaseId}/{file} [get]
func (s *Server) releaseFile(c echo.Context) error {
	_, release, err := s.pathRelease(c)
	if err != nil {
		return err
	}
	if err := onlyParameters(c, nil, []string{"dialect"}); err != nil {
		return err
	}
	name := c.Param("file")
	if name == "datapackage.json" {
		rep, err := s.representations.DataPackage(c.Request().Context(), release, coding(c))
		if err != nil {
			return err
		}
		return s.writeOfRelease(c, rep)
	}
	id, extension, _ := strings.Cut(name, ".")
	d := dataset.ByID(id)
	if _, held := release.Dataset(id); d == nil || !held || extension == "" {
		return &unknownItem{dataset: "the files of release " + release.ID, id: name, nearest: domain.Nearest(name, fileNames())}
	}
	if extension == "csv-metadata.json" {
		format, err := parseFormat(c, c.QueryParams(), "csv")
		if err != nil {
			return err
		}
		rep, err := s.representations.TableMetadata(c.Request().Context(), release, d, format, coding(c))
		if err != nil {
			return err
		}
		return s.writeOfRelease(c, rep)
	}
	format, err := parseFormat(c, c.QueryParams(), extension)
	if err != nil {
		return err
	}
	request := representation.Request{Release: release, Query: dataset.Query{Dataset: d}, Format: format, File: true}
	rep, err := s.representations.Rows(c.Request().Context(), request, coding(c))
	if err != nil {
		return err
	}
	return s.writeOfRelease(c, rep)
}

// writeOfRelease sends a file of the release; under latest it is not immutable.
func (s *Server) writeOfRelease(c echo.Context, rep *representation.Representation) error {
	if c.Param("releaseId") == "latest" {
		passing := *rep
		passing.Immutable = false
		rep = &passing
	}
	return s.write(c, rep)
}

func fileNames() []string {
	names := []string{"datapackage.json"}
	for _, d := range dataset.All {
		for _, f := range encode.Names() {
			names = append(names, d.ID+"."+f)
		}
	}
	return names
}

// pathRelease returns the release that the path names; an unknown one is not
// found.
func (s *Server) pathRelease(c echo.Context) (*release.Snapshot, *domain.Release, error) {
	snapshot, err := s.releases.Current()
	if err != nil {
		return nil, nil, err
	}
	release, err := snapshot.Release(c.Param("releaseId"))
	var invalid *domain.Invalid
	if errors.As(err, &invalid) {
		return nil, nil, &unknownItem{dataset: "releases", id: invalid.Value, nearest: invalid.Nearest}
	}
	return snapshot, release, err
}

func (s *Server) describe(snapshot *release.Snapshot, r *domain.Release) Release {
	self := s.options.PublicURL + "/v1/releases/" + r.ID
	out := Release{
		ID: r.ID, Title: r.Title, Published: r.Published, Latest: r == snapshot.Latest,
		ContentHash: r.ContentHash, Notes: r.Notes, Self: self, Previous: r.Previous,
	}
	if !r.Withdrawn.IsZero() {
		out.Withdrawn = &r.Withdrawn
	}
	for _, d := range dataset.All {
		part, ok := r.Dataset(d.ID)
		if !ok {
			continue
		}
		held := ReleaseDataset{ID: part.ID, Rows: part.Rows, Modified: part.Modified, ContentHash: part.ContentHash}
		held.Files = s.fileAddresses(r, d)
		out.Datasets = append(out.Datasets, held)
	}
	return out
}

// fileAddresses are the addresses of a whole dataset in each format.
func (s *Server) fileAddresses(r *domain.Release, d *dataset.Dataset) []string {
	var addresses []string
	for _, f := range encode.Formats {
		addresses = append(addresses, s.representations.Settings().FileAddress(r, d, f))
	}
	return addresses
}

// writeJSON sends a document that follows from the snapshot, made once for each
// snapshot and key.
func (s *Server) writeJSON(c echo.Context, snapshot *release.Snapshot, key string, document any) error {
	if _, err := negotiateMediaType(c.Request().Header.Get("Accept"), []string{"application/json"}); err != nil {
		return err
	}
	return s.writeJSONAny(c, snapshot, key, document)
}

// writeJSONAny is writeJSON where the format is chosen already.
func (s *Server) writeJSONAny(c echo.Context, snapshot *release.Snapshot, key string, document any) error {
	rep, err := s.representations.Cached(c.Request().Context(), key+" "+snapshot.Key(), coding(c), func(context.Context) (*representation.Representation, error) {
		body, err := json.Marshal(document)
		if err != nil {
			return nil, err
		}
		head := representation.Head{ContentType: "application/json", Total: -1}
		return representation.New(head, append(body, '\n')), nil
	})
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

// errorsIsNotFound reports whether nothing bears the identifier.
func errorsIsNotFound(err error) bool { return errors.Is(err, domain.ErrNotFound) }
