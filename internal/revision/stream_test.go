package revision_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/revision"
)

func reader(rows [][]string) revision.Reader {
	return func(yield func([][]byte) error) error {
		var memory [][]byte // overwritten, as a store does
		for _, row := range rows {
			memory = memory[:0]
			for _, cell := range row {
				memory = append(memory, []byte(cell))
			}
			if err := yield(memory); err != nil {
				return err
			}
		}
		return nil
	}
}

// TestCompareRows finds the changes that Compare finds.
func TestCompareRows(t *testing.T) {
	t.Parallel()
	d := dataset.Strategies
	state := rapid.Custom(func(t *rapid.T) [][]string {
		ids := rapid.SliceOfNDistinct(rapid.IntRange(0, 9), 0, 8, rapid.ID).Draw(t, "ids")
		var rows [][]string
		for _, id := range ids {
			row := make([]string, len(d.Columns))
			row[0] = fmt.Sprint("id-", id)
			row[1] = rapid.StringMatching(`[ab]?`).Draw(t, "cell")
			row[len(row)-1] = rapid.StringMatching(`[ab]?`).Draw(t, "last cell")
			rows = append(rows, row)
		}
		return rows
	})
	same := cmp.Comparer(func(a, b *dataset.Dataset) bool { return a == b })
	rapid.Check(t, func(t *rapid.T) {
		old, next := state.Draw(t, "old"), state.Draw(t, "next")
		want := revision.Compare(revision.Rows{d.ID: old}, revision.Rows{d.ID: next})
		got, err := revision.CompareRows(d, reader(old), reader(next), len(want))
		if diff := cmp.Diff(want, got, same); diff != "" || err != nil {
			t.Fatalf("error %v (-want +got)\n%s", err, diff)
		}
		if len(want) == 0 {
			return
		}
		if _, err := revision.CompareRows(d, reader(old), reader(next), len(want)-1); !errors.Is(err, revision.ErrTooMany) {
			t.Fatalf("%d changes of at most %d gave the error %v", len(want), len(want)-1, err)
		}
	})
}

// TestCompareRowsEnds stops reading at an error.
func TestCompareRowsEnds(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	fails := func(func([][]byte) error) error { return broken }
	for _, readers := range [][2]revision.Reader{{fails, reader(nil)}, {reader(nil), fails}} {
		if _, err := revision.CompareRows(dataset.Strategies, readers[0], readers[1], 1); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
}
