// SPDX-License-Identifier: EUPL-1.2

package publish

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
)

// readParts reads every part of a workbook as XML, more strictly than the library
// does.
func readParts(body []byte) error {
	r, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return err
	}
	for _, f := range r.File {
		part, err := f.Open()
		if err != nil {
			return err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if err := readXML(content); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

// restore undoes the protection of a cell of the dialect excel-de by the rule in
// docs/spreadsheets.md.
func restore(cell string, numeric bool) string {
	if numeric {
		return strings.ReplaceAll(cell, ",", ".")
	}
	text, formula := strings.CutPrefix(cell, `="`)
	if !formula {
		return strings.TrimPrefix(cell, "'")
	}
	var b strings.Builder
	for rest := strings.TrimSuffix(text, `"`); rest != ""; {
		switch {
		case strings.HasPrefix(rest, `"&"`):
			rest = rest[3:]
		case strings.HasPrefix(rest, `""`):
			b.WriteByte('"')
			rest = rest[2:]
		default:
			b.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return b.String()
}
