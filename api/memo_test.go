// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestMemoOfAnOldRelease publishes a release during a request. The answer must not be
// cached for the new release.
func TestMemoOfAnOldRelease(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	releases := release.New(s, 64<<20)
	refresh := func() {
		if err := releases.Refresh(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	refresh()
	m, err := newMemo()
	if err != nil {
		t.Fatal(err)
	}
	server := &Server{memo: m, releases: releases}
	answer := representation.New(representation.Head{}, []byte("old"))
	made := 0
	ask := func(until time.Time, meanwhile func()) {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, "/v1/goals", nil)
		c := echo.New().NewContext(r, newResponseWriter(httptest.NewRecorder(), r, time.Second))
		handler := func(c echo.Context) error {
			made++
			meanwhile()
			return server.writeUntil(c, answer, until)
		}
		if err := server.remember(handler)(c); err != nil {
			t.Fatal(err)
		}
	}
	nothing := func() {}
	ask(time.Time{}, nothing)
	ask(time.Time{}, nothing)
	if made != 1 {
		t.Fatalf("the answer was made %d times", made)
	}
	snapshot, _ := releases.Current()
	key := requestKey(httptest.NewRequest(http.MethodGet, "/v1/goals", nil))
	for until, want := range map[time.Time]*representation.Representation{time.Now().Add(time.Hour): answer, time.Now(): nil} {
		m.answers.Put(key, remembered{answer: answer, snapshot: snapshot, until: until})
		if m.find(key, snapshot).answer != want {
			t.Errorf("the answer of a day is not remembered for that day alone")
		}
	}
	m.answers.Drop(key)
	made = 0
	ask(time.Time{}, func() {
		pkg := storetest.Next(t, storetest.Package(t))
		storetest.PublishPackage(t, s, pkg)
		refresh()
	})
	ask(time.Time{}, nothing)
	if made != 2 {
		t.Errorf("the answer of the old release is remembered for the new one")
	}
}
