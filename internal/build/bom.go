// SPDX-License-Identifier: EUPL-1.2

package build

import (
	"encoding/base64"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// module is the path of our own module.
const module = "github.com/zielstand/zielstand"

// WriteBOM writes a bill of materials of this program in CycloneDX 1.6. It lists the
// modules that the linker recorded, so it describes the program itself and not a file
// beside it. The same build always writes the same bytes.
func WriteBOM(w io.Writer) error {
	licenses := Licenses()
	info := Read()
	own := component(module, info.Version, "EUPL-1.2")
	own.Type = cdx.ComponentTypeApplication
	own.Name = "zielstand"

	components := []cdx.Component{component("std", strings.TrimPrefix(info.Go, "go"), licenses["std"])}
	for _, m := range modules() {
		c := component(m.Path, m.Version, licenses[m.Path+" "+m.Version])
		if sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:")); err == nil && len(sum) == 32 {
			// Like cyclonedx-gomod: the hash in go.sum, which is not that of an archive.
			c.Hashes = &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: hex.EncodeToString(sum)}}
		}
		components = append(components, c)
	}
	components = append(components, swaggerUI(licenses))
	slices.SortFunc(components, func(a, b cdx.Component) int { return strings.Compare(a.BOMRef, b.BOMRef) })

	var refs []string
	for _, c := range components {
		refs = append(refs, c.BOMRef)
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Timestamp: info.Time, Component: &own}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: own.BOMRef, Dependencies: &refs}}
	encoder := cdx.NewBOMEncoder(w, cdx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false)
	return encoder.EncodeVersion(bom, cdx.SpecVersion1_6)
}

// swaggerUI is the only program in ours that is not a Go module: openapi/swagger-ui.
func swaggerUI(licenses map[string]string) cdx.Component {
	for name, license := range licenses {
		if version, ok := strings.CutPrefix(name, "swagger-ui-dist "); ok {
			c := component("swagger-ui-dist", version, license)
			c.PackageURL = "pkg:npm/swagger-ui-dist@" + version
			c.BOMRef = c.PackageURL
			return c
		}
	}
	panic("licenses.txt has no line for swagger-ui-dist")
}

func component(name, version, license string) cdx.Component {
	url := "pkg:golang/" + name
	if version != "" {
		url += "@" + version
	}
	c := cdx.Component{Type: cdx.ComponentTypeLibrary, Name: name, Version: version, BOMRef: url, PackageURL: url}
	switch {
	case license == "":
	case strings.Contains(license, " "):
		c.Licenses = &cdx.Licenses{{Expression: license}}
	default:
		c.Licenses = &cdx.Licenses{{License: &cdx.License{ID: license}}}
	}
	return c
}
