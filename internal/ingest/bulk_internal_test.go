// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/store"
)

func TestDigests(t *testing.T) {
	t.Parallel()
	var d digests
	for i := range 10_000 {
		d.add(fmt.Sprint(i))
	}
	d.add("77")
	d.add("4711")
	d.add("77")
	want := map[uint64]bool{digest("77"): true, digest("4711"): true}
	if diff := cmp.Diff(want, d.repeated()); diff != "" {
		t.Errorf("repeated (-want +got)\n%s", diff)
	}
}

// TestScan recognises files that can be read as a stream, wherever the blocks that are
// read end.
func TestScan(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&rows, "%d,ä€😀\n", i)
	}
	long := rows.String()
	for name, tt := range map[string]struct {
		text  string
		plain bool
	}{
		"plain":            {"id,title\n1,ä\n", true},
		"long":             {"id,title\n" + long, true},
		"only the header":  {"id,title\n", true},
		"quoted":           {"\"id\",\"title\"\n\"1\",\"ä\"\n", true},
		"empty":            {"", false},
		"byte order mark":  {"\ufeffid,title\n1,ä\n", false},
		"Windows":          {"id,title\r\n1,ä\r\n", false},
		"Latin-1":          {"id,title\n1,\xe4\n", false},
		"Latin-1 at last":  {"id,title\n" + long + "\xe4", false},
		"cut off":          {"id,title\n1,ä", false},
		"other columns":    {"id,name\n1,ä\n", false},
		"other separators": {"id;title\n1;ä\n", false},
	} {
		f := bulkFile{folder: fstest.MapFS{"a.csv": &fstest.MapFile{Data: []byte(tt.text)}}, path: "a.csv"}
		if err := f.scan(10<<20, []string{"id", "title"}); err != nil || f.plain != tt.plain || f.size != int64(len(tt.text)) || f.sum != store.NewFile("", []byte(tt.text)).Sum {
			t.Errorf("%s: %+v, error %v", name, f, err)
		}
	}
	f := bulkFile{folder: fstest.MapFS{"a.csv": &fstest.MapFile{Data: []byte("id,title\n")}}, path: "a.csv"}
	if err := f.scan(8, nil); err != errTooLarge {
		t.Errorf("one byte beyond the limit: %v", err)
	}
}

// Same reports whether a bulk dataset of a package was taken from the base without being
// read.
func (p *Package) Same(d *dataset.Dataset) bool { return p.Tables[d.ID].same }
