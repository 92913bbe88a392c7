// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// newRows are the kinds of rows that new proposes, and the files they belong to.
var newRows = map[string]string{"observation": "observations", "source": "sources", "goal": "goals"}

func (p *program) newCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "new observation|source|goal DIR [COLUMN=VALUE…]",
		Short: "Propose a row with the next identifier for a file of a data package",
		Long: "Propose a row for observations.csv, sources.csv or goals.csv of a data package, with the next identifier and the given values, and list the columns that must still be filled. Nothing is written.\n\n" +
			"Observations are numbered. Goals are numbered within their strategy, so strategy=ID is required. The identifier of a source is given: id=ID.",
		Example: "  zielstand new observation fixtures indicator=e-file-users area=05",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			kinds := slices.Sorted(maps.Keys(newRows))
			if !slices.Contains(kinds, args[0]) {
				return domain.NotOneOf("new", args[0], "is not a kind of row", kinds)
			}
			given := map[string]string{}
			for _, pair := range args[2:] {
				name, value, ok := strings.Cut(pair, "=")
				if !ok {
					return &domain.Invalid{Name: "new", Value: pair, Rule: "must be COLUMN=VALUE"}
				}
				if _, twice := given[name]; twice {
					return &domain.Invalid{Name: name, Value: value, Rule: "must be given only once"}
				}
				given[name] = value
			}
			return p.propose(args[0], filepath.Join(args[1], newRows[args[0]]+".csv"), given)
		},
	}
}

// propose writes header and row to standard output, as CSV, and what is missing to
// standard error.
func (p *program) propose(kind, file string, given map[string]string) error {
	header, rows, err := readRows(file)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(header, name) {
			return domain.NotOneOf("new", name, "is not a column of "+file, header)
		}
	}
	withdrawn, err := withdrawnIDs(filepath.Dir(file), newRows[kind])
	if err != nil {
		return err
	}
	if id := given["id"]; id == "" {
		if given["id"], err = nextID(kind, rows, withdrawn, given["strategy"]); err != nil {
			return err
		}
	} else if slices.Contains(withdrawn, id) || slices.ContainsFunc(rows, func(row map[string]string) bool { return row["id"] == id }) {
		return &domain.Invalid{Name: "id", Value: id, Rule: "is already used or withdrawn"}
	}
	row := make([]string, len(header))
	var missing []string
	d := dataset.ByID(newRows[kind])
	for i, name := range header {
		row[i] = given[name]
		if at := d.Column(name); at >= 0 && d.Columns[at].Required && row[i] == "" {
			missing = append(missing, name)
		}
	}
	w := csv.NewWriter(p.stdout)
	if err := w.WriteAll([][]string{header, row}); err != nil {
		return err
	}
	if missing != nil {
		fmt.Fprintf(p.stderr, "must be filled: %s\n", strings.Join(missing, ", "))
	}
	return nil
}

// readRows reads a CSV file whose first line has the names of the columns.
func readRows(file string) (header []string, rows []map[string]string, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
	if err == nil && (len(all) == 0 || !slices.Contains(all[0], "id")) {
		err = errors.New("the first line has no column id")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return all[0], rows, nil
}

// withdrawnIDs returns the identifiers of rows that were withdrawn: they are never
// reused.
func withdrawnIDs(folder, dataset string) ([]string, error) {
	_, rows, err := readRows(filepath.Join(folder, "withdrawn.csv"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []string
	for _, row := range rows {
		if row["dataset"] == dataset {
			out = append(out, row["id"])
		}
	}
	return out, nil
}

// numbered matches an identifier with a number: ds2-01.
var numbered = regexp.MustCompile(`^([a-z0-9-]+-)([0-9]{1,9})$`)

// nextID returns the identifier after the highest number in use.
func nextID(kind string, rows []map[string]string, withdrawn []string, strategy string) (string, error) {
	if kind == "source" {
		return "", &domain.Invalid{Name: "id", Rule: "must be given for a source, such as id=umsetzungsstand-2021-08"}
	}
	if kind == "goal" && strategy == "" {
		return "", &domain.Invalid{Name: "strategy", Rule: "must be given for a goal, because its identifier depends on it"}
	}
	var ids []string
	for _, row := range rows {
		if kind != "goal" || row["strategy"] == strategy {
			ids = append(ids, row["id"])
		}
	}
	// The goals of a strategy have a prefix of their own, and so do the withdrawn ones.
	prefix, width, highest := "", 0, 0
	for i, id := range append(ids, withdrawn...) {
		found := numbered.FindStringSubmatch(id)
		if found == nil || prefix != "" && found[1] != prefix || prefix == "" && i >= len(ids) {
			continue
		}
		prefix, width = found[1], max(width, len(found[2]))
		n, _ := strconv.Atoi(found[2]) // nine digits at most
		highest = max(highest, n)
	}
	if prefix == "" {
		return "", &domain.Invalid{Name: "id", Rule: "must be given, because no other row has an identifier with a number"}
	}
	return fmt.Sprintf("%s%0*d", prefix, width, highest+1), nil
}
