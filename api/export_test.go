package api

import (
	"context"
	"net/http"
)

// OverConnection is the request as it comes over a connection of Connect, which
// sends nothing.
func OverConnection(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), connectionKey{}, &connection{}))
}
