package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
)

// IndexDocument is the answer of /v1.
type IndexDocument struct {
	// Title names the service.
	Title string `json:"title" example:"Zielstand"`
	// Release is the id of the latest release.
	Release string `json:"release" example:"2026.11.0"`
	// License is the IRI of the licence of the data.
	License string `json:"license"`
	// Attribution is the text to be given by those who use the data.
	Attribution string `json:"attribution"`
	// Datasets lists the collections.
	Datasets []IndexEntry `json:"datasets"`
	// Links are further addresses by name.
	Links IndexLinks `json:"links"`
}

// IndexEntry is one collection.
type IndexEntry struct {
	// ID is the id of the dataset.
	ID string `json:"id" example:"goals"`
	// Title is the German title.
	Title string `json:"title"`
	// TitleEN is the English title.
	TitleEN string `json:"titleEn"`
	// Rows is the number of rows in the latest release.
	Rows int64 `json:"rows" example:"78"`
	// Self is the address of the collection.
	Self string `json:"self"`
	// CSV is the address of the collection as CSV.
	CSV string `json:"csv"`
}

// IndexLinks are the addresses beside the collections.
type IndexLinks struct {
	Releases      string `json:"releases"`
	OpenAPI       string `json:"openapi"`
	Documentation string `json:"documentation"`
}

// index answers with what there is.
//
//	@ID				showIndex
//	@Summary		Show what there is
//	@Description	The datasets with their addresses, and where to read on.
//	@Tags			index
//	@Produce		application/json
//	@Success		200	{object}	IndexDocument
//	@Failure		400	{object}	Problem
//	@Failure		406	{object}	Problem
//	@Failure		503	{object}	Problem
//	@Router			/ [get]
func (s *Server) index(c echo.Context) error {
	snapshot, err := s.releases.Current()
	if err != nil {
		return err
	}
	if err := onlyParameters(c, nil, nil); err != nil {
		return err
	}
	base := s.options.PublicURL + "/v1/"
	meta := s.representations.Meta(snapshot.Latest, "")
	document := IndexDocument{
		Title: "Zielstand", Release: snapshot.Latest.ID, License: meta.License, Attribution: meta.Attribution,
		Links: IndexLinks{Releases: base + "releases", OpenAPI: base + "openapi.json", Documentation: s.options.PublicURL + "/docs"},
	}
	for _, d := range dataset.All {
		if part, ok := snapshot.Latest.Dataset(d.ID); ok {
			document.Datasets = append(document.Datasets, IndexEntry{
				ID: d.ID, Title: d.Title.DE, TitleEN: d.Title.EN, Rows: part.Rows,
				Self: base + d.ID, CSV: base + d.ID + ".csv",
			})
		}
	}
	return s.writeJSON(c, snapshot, "index "+snapshot.Latest.ID, document)
}

// Health is the answer of /healthz and /readyz.
type Health struct {
	// Status is ok, or ok and which release was not taken over.
	Status string `json:"status" example:"ok"`
}

// healthy answers as long as the process does.
func (s *Server) healthy(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, Health{Status: "ok"})
}

// readyTimeout bounds the question to the database.
const readyTimeout = 2 * time.Second

// ready answers 200 if a release is loaded and the database answers.
func (s *Server) ready(c echo.Context) error {
	if _, err := s.releases.Current(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	if err := s.store.Ping(ctx); err != nil {
		return err
	}
	if refused := s.releases.Refused(); refused != nil {
		c.Response().Header().Set("Cache-Control", "no-store")
		return c.JSON(http.StatusOK, Health{Status: "ok; release " + refused.ID + " is damaged and was not taken over: see the log"})
	}
	return s.healthy(c)
}
