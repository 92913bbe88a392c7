// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"strconv"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
)

// TestLimits compares the limits of a data package with docs/editors.md.
func TestLimits(t *testing.T) {
	t.Parallel()
	text := read(t, "docs/editors.md").text
	for _, tt := range []struct {
		sentence string
		limit    int
	}{
		{"consist of ASCII characters, and have at most N.", domain.MaxAddress},
		{"**Cells.** Cells have at most N characters,", ingest.MaxCell},
		{"identifiers and codes N, and numbers", ingest.MaxIdentifier},
		{"identifiers and codes 100, and numbers N.", ingest.MaxNumber},
		{"A CSV file has at most N bytes", ingest.MaxFile},
		{"and N rows", ingest.MaxRows},
		{"`datapackage.json` N bytes", ingest.MaxManifest},
		{"the whole package N bytes", ingest.MaxPackage},
		{"At most N nested levels", ingest.MaxDepth},
		{"N characters of `title`", ingest.MaxTitle},
		{"N of `notes` and of `description`", ingest.MaxNotes},
		{"and N of `name`", ingest.MaxIdentifier},
		{"An archive has at most N files.", ingest.MaxEntries},
		{"Unpacked, it has at most N bytes,", ingest.MaxUnpacked},
		{"a workbook N bytes,", ingest.MaxWorkbook},
		{"grows by more than a factor of N.", ingest.MaxRatio},
		{"A workbook can have N rows,", ingest.MaxSheetRows},
	} {
		if want := strings.Replace(tt.sentence, "N", grouped(tt.limit), 1); !strings.Contains(text, want) {
			t.Errorf("docs/editors.md does not say %q", want)
		}
	}
}

// grouped writes a number with commas between the thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
