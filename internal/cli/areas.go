// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/zielstand/zielstand/internal/gv100ad"
)

func (p *program) areasCommand() *cobra.Command {
	c := group("areas", "Work with the areas of a data package")
	var o gv100ad.Options
	convert := &cobra.Command{
		Use:   "convert FILE [OUT]",
		Short: "Convert a register of municipalities (GV100AD) into areas.csv",
		Long: "Convert a register of municipalities of the Federal Statistical Office (GV100AD, UTF-8 or Latin-1) into areas.csv.\n\n" +
			"The result is written to OUT or, without it, to standard output. Nothing is written if a line cannot be read.",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error { return p.convertAreas(args, o) },
	}
	convert.Flags().StringVar(&o.State, "state", "", "Key of the state to convert, such as 05. The default is all of Germany.")
	convert.Flags().StringVar(&o.Source, "source", "", "Identifier of the register in sources.csv. The default is gv-isys- and the date of the register.")
	c.AddCommand(convert)
	return c
}

func (p *program) convertAreas(args []string, o gv100ad.Options) error {
	content, err := readLimited(args[0], gv100ad.MaxBytes)
	if err != nil {
		return err
	}
	register, err := gv100ad.Convert(filepath.Base(args[0]), content, o)
	var problems gv100ad.Problems
	if errors.As(err, &problems) {
		fmt.Fprintln(p.stderr, problems)
		fmt.Fprintf(p.stderr, "%s: %s; nothing is written\n", args[0], count(len(problems), "error"))
		return errReported
	}
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := register.WriteCSV(&out); err != nil {
		return err
	}
	if len(args) == 2 {
		err = os.WriteFile(args[1], out.Bytes(), 0o644)
	} else {
		_, err = p.raw.Write(out.Bytes())
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "%s, as of %s: %s\n", args[0], register.Date, numbers(register.Levels))
	if len(register.LeftOut) > 0 {
		fmt.Fprintf(p.stderr, "Left out: %s\n", numbers(register.LeftOut))
	}
	fmt.Fprintf(p.stderr, "The areas name the source %s, which must be in sources.csv\n", register.Source)
	return nil
}

// numbers lists numbers with their names.
func numbers(of map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, of[name]))
	}
	return strings.Join(parts, ", ")
}

// readLimited reads a file that must not be larger than the limit; one byte more is read
// so that the reader notices.
func readLimited(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit+1))
}
