package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
)

// diffReleases answers with what changed between two releases.
//
//	@ID				compareReleases
//	@Summary		Compare two releases
//	@Description	Rows added, changed and removed from the release in the parameter from to the one in the path, with the columns of the dataset changes. Without from it is the release before.
//	@Tags			releases
//	@Produce		application/json,text/csv
//	@Param			releaseId	path		string	true	"Identifier of the release, or latest"	example(2026.12.0)
//	@Param			from		query		string	false	"Identifier of the release to compare with"	example(2026.11.0)
//	@Param			format		query		string	false	"Format of the answer"	Enums(json,csv)	example(csv)
//	@Param			dialect		query		string	false	"Dialect of CSV"	Enums(excel-de)	example(excel-de)
//	@Success		200			{object}	CollectionDocument
//	@Failure		400			{object}	Problem
//	@Failure		404			{object}	Problem
//	@Failure		406			{object}	Problem
//	@Failure		503			{object}	Problem
//	@Router			/releases/{releaseId}/diff [get]
func (s *Server) diffReleases(c echo.Context) error {
	snapshot, to, err := s.pathRelease(c)
	if err != nil {
		return err
	}
	if err := onlyParameters(c, nil, []string{"from", "format", "dialect"}); err != nil {
		return err
	}
	from, err := diffFrom(c, snapshot, to)
	if err != nil {
		return err
	}
	format, err := parseFormat(c, c.QueryParams(), c.Param("extension"))
	if err != nil {
		return err
	}
	key := strings.Join([]string{"diff", release.Key(from), release.Key(to), format.Name, format.Dialect}, " ")
	rep, err := s.representations.CachedForOne(c.Request().Context(), key, coding(c), func(ctx context.Context) (*representation.Representation, error) {
		return s.makeDiff(ctx, from, to, format)
	})
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

// diffFrom is the release named by from, else the one published before.
func diffFrom(c echo.Context, snapshot *release.Snapshot, to *domain.Release) (*domain.Release, error) {
	if id := c.QueryParam("from"); id != "" {
		from, err := snapshot.Release(id)
		if invalid, ok := err.(*domain.Invalid); ok {
			invalid.Name = "from"
		}
		return from, err
	}
	if from := to.Predecessor(snapshot.Releases); from != nil {
		return from, nil
	}
	if to.Previous == "" {
		return nil, &domain.Invalid{Name: "from", Rule: "is needed: no release comes before " + to.ID}
	}
	var kept []string
	for _, r := range snapshot.Releases {
		if r != to {
			kept = append(kept, r.ID)
		}
	}
	return nil, &domain.Invalid{Name: "from", Rule: "is needed: the release before " + to.ID + " is no longer kept", Allowed: kept}
}

// maxChanges is how many changes an answer lists.
const maxChanges = 100_000

// compare lists the changes of the edited datasets. Those with the same content
// are not read.
func (s *Server) compare(ctx context.Context, from, to *domain.Release) ([]release.Change, error) {
	var changes []release.Change
	for _, d := range dataset.All {
		old, _ := from.Dataset(d.ID)
		next, _ := to.Dataset(d.ID)
		if d.Computed || old.ContentHash == next.ContentHash && old.ContentHash != "" {
			continue
		}
		more, err := release.CompareRows(d, s.rows(ctx, from, d), s.rows(ctx, to, d), maxChanges-len(changes))
		if errors.Is(err, release.ErrTooMany) {
			return nil, &domain.Invalid{
				Name: "from", Value: from.ID, Rule: fmt.Sprintf("differs from %s in more than %d places; compare their whole files", to.ID, maxChanges),
			}
		}
		if err != nil {
			return nil, err
		}
		changes = append(changes, more...)
	}
	return changes, nil
}

func (s *Server) rows(ctx context.Context, r *domain.Release, d *dataset.Dataset) release.Reader {
	return func(yield func([][]byte) error) error {
		return s.releases.Rows(ctx, r, dataset.Query{Dataset: d}, yield)
	}
}

func (s *Server) makeDiff(ctx context.Context, from, to *domain.Release, format encode.Format) (*representation.Representation, error) {
	changes, err := s.compare(ctx, from, to)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	e := format.New(&body, s.representations.DiffDocument(from, to, len(changes)))
	for _, change := range changes {
		cells := change.Cells(to.ID, to.Published.Format(time.DateOnly))
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
	return representation.New(representation.Head{
		ContentType: format.ContentType, Total: int64(len(changes)),
	}, body.Bytes()), nil
}
