package mcp

import (
	"context"
	"encoding/json"

	"github.com/zielstand/zielstand/internal/release"
)

// Call answers a call like a client sees it: the JSON of the result, and whether it is an
// error.
func Call(releases *release.Releases, o Options, name string, raw json.RawMessage) (string, bool) {
	for _, t := range tools {
		if t.name == name {
			result, err := newService(releases, o).call(context.Background(), t, raw)
			if err != nil {
				panic(err) // every error is a result
			}
			return string(result.StructuredContent.(json.RawMessage)), result.IsError
		}
	}
	panic("there is no tool " + name)
}

// Names are the names of the tools.
func Names() []string {
	var names []string
	for _, t := range tools {
		names = append(names, t.name)
	}
	return names
}
