// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"strings"

	"github.com/zielstand/zielstand/internal/plot"
)

// Asset is a file that pages load. Its address has a hash of its content, so that it
// never changes.
type Asset struct {
	// Path is its address, Name its address without hash.
	Path, Name  string
	ContentType string
	Body        []byte
}

//go:embed site.css
var stylesheet string

//go:embed icon.svg
var icon []byte

// Assets are the files that pages load.
var Assets = []Asset{
	newAsset("site.css", "text/css; charset=utf-8", []byte(stylesheet+plot.CSS)),
	newAsset("icon.svg", "image/svg+xml", icon),
}

func newAsset(name, contentType string, body []byte) Asset {
	sum := sha256.Sum256(body)
	stem, suffix, _ := strings.Cut(name, ".")
	return Asset{"/assets/" + stem + "." + hex.EncodeToString(sum[:6]) + "." + suffix, "/assets/" + name, contentType, body}
}

// asset returns the address of an asset, empty if there is none of that name.
func asset(name string) string {
	for _, a := range Assets {
		if a.Name == "/assets/"+name {
			return a.Path
		}
	}
	return ""
}
