package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestMemoOfAnOldRelease publishes between the reading of a request and its
// answer: the answer must not be remembered for the new release.
func TestMemoOfAnOldRelease(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.Publish(t, s)
	releases := representation.NewReleases(s)
	if err := releases.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	m, err := newMemo(releases)
	if err != nil {
		t.Fatal(err)
	}
	server := &Server{memo: m}
	ask := func() echo.Context {
		c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/v1/goals", nil), httptest.NewRecorder())
		m.begin(c)
		return c
	}
	answer := representation.New(representation.Head{}, []byte("old"))
	server.keep(ask(), remembered{answer: answer})
	if got := m.find(ask().Request(), time.Now()).answer; got != answer {
		t.Fatalf("the answer was not remembered: %v", got)
	}
	tomorrow := time.Now().Add(time.Hour)
	server.keep(ask(), remembered{answer: answer, until: tomorrow})
	if m.find(ask().Request(), time.Now()).answer != answer || m.find(ask().Request(), tomorrow).answer != nil {
		t.Errorf("the answer of a day is not remembered for that day alone")
	}
	server.keep(ask(), remembered{answer: answer})
	late := ask()
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "2024.02.0"`)
	storetest.PublishPackage(t, s, pkg)
	if err := releases.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	server.keep(late, remembered{answer: answer})
	if got := m.find(ask().Request(), time.Now()).answer; got != nil {
		t.Errorf("the answer of the old release is remembered for the new one")
	}
}

// TestAppendField: a value cannot begin another field.
func TestAppendField(t *testing.T) {
	t.Parallel()
	got := string(appendField(nil, "Link", []string{"a", "b\r\nSet-Cookie: c"}))
	if want := "Link: a\r\nLink: b  Set-Cookie: c\r\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
