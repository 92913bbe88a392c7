// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"compress/gzip"
	"context"
	"flag"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
	"github.com/libtnb/sqlite"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// observation and goal are rows for gorm and encoding/json.
type observation struct {
	ID         string `json:"id"`
	Indicator  string `json:"indicator"`
	Goal       string `json:"goal"`
	Area       string `json:"area"`
	Period     string `json:"period"`
	Kind       string `json:"kind"`
	Value      string `json:"value"`
	Qualifier  string `json:"qualifier"`
	Source     string `json:"source"`
	Locator    string `json:"locator"`
	Published  string `json:"published"`
	Note       string `json:"note"`
	Unit       string `json:"unit"`
	Breakdown  string `json:"breakdown"`
	Derivation string `json:"derivation"`
	Reported   string `json:"reported"`
	NoteEn     string `json:"noteEn"`
}

type goal struct {
	ID            string `json:"id"`
	Strategy      string `json:"strategy"`
	FieldOfAction string `json:"fieldOfAction"`
	Section       string `json:"section"`
	Title         string `json:"title"`
	TitleEn       string `json:"titleEn"`
	Summary       string `json:"summary"`
	Due           string `json:"due"`
	DueText       string `json:"dueText"`
	Quantified    string `json:"quantified"`
	Status        string `json:"status"`
	Source        string `json:"source"`
	Locator       string `json:"locator"`
	Published     string `json:"published"`
	SummaryEn     string `json:"summaryEn"`
	DueTextEn     string `json:"dueTextEn"`
	Start         string `json:"start"`
	Themes        string `json:"themes"`
	RelatedGoals  string `json:"relatedGoals"`
	Evidence      string `json:"evidence"`
	Assessment    string `json:"assessment"`
	KnownUntil    string `json:"knownUntil"`
}

// serveNaive queries Zielstand's database and encodes structs for every request. It has
// an index on area and indicator (see database.index) and a limited connection pool;
// gorm's default pool is slower.
func serveNaive(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("naive", flag.ExitOnError)
	address := flags.String("address", "", "address to listen on")
	database := flags.String("database", "", "address of the database")
	total := flags.Bool("total", false, "count the rows that match, for meta.total")
	_ = flags.Parse(args)
	db, release, err := openNaive(*database)
	if err != nil {
		return err
	}
	e := echo.New()
	e.Use(compress)
	e.GET("/v1/goals", func(c echo.Context) error {
		var rows []goal
		if err := db.WithContext(c.Request().Context()).Where(versionOf("goals"), release).Order("ordinal").Find(&rows).Error; err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]any{"data": rows})
	})
	e.GET("/v1/observations", func(c echo.Context) error {
		query := db.WithContext(c.Request().Context()).Model(&observation{}).Where(versionOf("observations"), release)
		for _, name := range []string{"area", "indicator"} {
			if v := c.QueryParam(name); v != "" {
				query = query.Where(name+" = ?", v)
			}
		}
		answer := map[string]any{}
		if *total {
			var n int64
			query = query.Session(&gorm.Session{}) // for two statements
			if err := query.Count(&n).Error; err != nil {
				return err
			}
			answer["meta"] = map[string]any{"total": n}
		}
		switch c.QueryParam("sort") {
		case "period":
			query = query.Order("period, ordinal")
		case "-period":
			query = query.Order("period DESC, ordinal DESC")
		default:
			query = query.Order("ordinal")
		}
		var rows []observation
		if err := query.Limit(100).Find(&rows).Error; err != nil {
			return err
		}
		answer["data"] = rows
		return c.JSON(http.StatusOK, answer)
	})
	return listen(ctx, *address, e)
}

// openNaive opens the database and returns the number of the latest release.
func openNaive(url string) (*gorm.DB, int64, error) {
	dialector, connections := postgres.Open(url), 16
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		dialector, connections = sqlite.Open("file:"+path+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)"), 2
	}
	db, err := gorm.Open(dialector, &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return nil, 0, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, 0, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	var release int64
	return db, release, db.Raw("SELECT release_seq FROM latest").Scan(&release).Error
}

// versionOf returns the condition for the rows of a dataset in a release.
func versionOf(dataset string) string {
	return "version = (SELECT version FROM release_datasets WHERE release_seq = ? AND dataset = '" + dataset + "')"
}

var compressors = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// compress does the same as echo's Gzip middleware.
func compress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
			return next(c)
		}
		w := compressors.Get().(*gzip.Writer)
		defer compressors.Put(w)
		w.Reset(c.Response().Writer)
		c.Response().Header().Set("Content-Encoding", "gzip")
		c.Response().Writer = compressed{c.Response().Writer, w}
		if err := next(c); err != nil {
			return err
		}
		return w.Close()
	}
}

type compressed struct {
	http.ResponseWriter
	body io.Writer
}

// Write compresses a part of the body.
func (c compressed) Write(b []byte) (int, error) { return c.body.Write(b) }
