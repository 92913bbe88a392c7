// SPDX-License-Identifier: EUPL-1.2

package mcp

import (
	"context"
	"encoding/json"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/zielstand/zielstand/internal/release"
)

// Call answers a call like a client sees it: the JSON of the result, and whether it is an
// error.
func Call(releases *release.Releases, o Options, name string, raw json.RawMessage) (string, bool) {
	return CallWithin(context.Background(), releases, o, maxResult, name, raw)
}

// CallWithin is Call with a context and a maximum size of the result.
func CallWithin(ctx context.Context, releases *release.Releases, o Options, size int, name string, raw json.RawMessage) (string, bool) {
	for _, t := range tools {
		if t.name == name {
			s := newService(releases, o)
			s.maxResult = size
			return answered(s.call(ctx, t, raw))
		}
	}
	panic("there is no tool " + name)
}

// Problem returns what a client sees of an error.
func Problem(releases *release.Releases, o Options, err error) string {
	text, _ := answered(newService(releases, o).call(context.Background(), tool{name: "test", run: func(*service, context.Context, *release.Snapshot, arguments) (any, error) {
		return nil, err
	}}, nil))
	return text
}

func answered(result *mcp.CallToolResult, err error) (string, bool) {
	if err != nil {
		panic(err) // every error is a result
	}
	return string(result.StructuredContent.(json.RawMessage)), result.IsError
}

// Names are the names of the tools.
var Names = names
