// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/openpvog"
)

func (p *program) convertCommand() *cobra.Command {
	c := group("convert", "Convert exports of other publishers into a data package")
	c.AddCommand(p.convertOpenPVOGCommand())
	return c
}

func (p *program) convertOpenPVOGCommand() *cobra.Command {
	var o openpvog.Options
	var base string
	c := &cobra.Command{
		Use:   "open-pvog DIR|FILE… OUT",
		Short: "Convert exports of Open-PVOG, the availability of online services",
		Long: "Convert exports of Open-PVOG, in which the federal Dashboard Digitale Verwaltung publishes where services are offered online.\n\n" +
			"Files are CSV or JSON pages of the API; in a folder, all .csv and .json files are read. The data package is written to the folder OUT, which must be empty or not exist. Rejected rows are reported and left out. See docs/operations.md.",
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			last := len(args) - 1
			o.Paths, o.Out, o.Base = args[:last], args[last], fs.FS(fixtures.FS)
			if base != "" {
				folder, err := ingest.Folder(base)
				if err != nil {
					return fmt.Errorf("--base %s: %w", base, err)
				}
				o.Base = folder
			}
			o.Report = func(r openpvog.Rejection) { fmt.Fprintln(p.stderr, r) }
			var summary *openpvog.Summary
			err := fillFolder(o.Out, func() (err error) {
				summary, err = openpvog.Convert(cmd.Context(), o)
				return err
			})
			if summary != nil {
				p.writeSummary(summary)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "Wrote release %s to %s; check and publish it with “zielstand import”\n", summary.Version, o.Out)
			return nil
		},
	}
	c.Flags().StringVar(&o.AsOf, "as-of", "", "Day that the exports describe (YYYY-MM-DD).")
	c.Flags().StringVar(&o.Retrieved, "retrieved", "", "Day on which the exports were fetched (YYYY-MM-DD).")
	c.Flags().StringVar(&base, "base", "", "Folder of the data package from which to take the other files (default: the embedded one).")
	for _, name := range []string{"as-of", "retrieved"} {
		if err := c.MarkFlagRequired(name); err != nil {
			panic(err) // cannot happen
		}
	}
	return c
}

// writeSummary prints what a conversion did.
func (p *program) writeSummary(s *openpvog.Summary) {
	fmt.Fprintf(p.stdout, "%8d  files\n%8d  rows\n%8d  accepted\n%8d  repeated\n%8d  rejected\n", s.Files, s.Rows, s.Accepted, s.Repeated, s.Rejected)
	if s.Version == "" {
		return // nothing was accepted
	}
	fmt.Fprintf(p.stdout, "%8d  areas with rows\n%8d  services, %d new, %d without a title\n", s.Areas, s.Services, s.NewServices, s.Untitled)
	fmt.Fprintf(p.stdout, "Status of the address: %s\n", counts(s.Statuses))
	fmt.Fprintf(p.stdout, "Active: %s\n", counts(s.Actives))
	fmt.Fprintf(p.stdout, "Coverage: %s\n", counts(s.Coverages))
	if s.Retitled > 0 {
		fmt.Fprintf(p.stdout, "%8d  rows whose title differs from that of an earlier row of the service; the first is used\n", s.Retitled)
	}
	if len(s.Dates) > 0 {
		fmt.Fprintf(p.stdout, "Rows whose date differs from --as-of (datenstand_pvog_import): %s\n", counts(s.Dates))
	}
	if len(s.Ignored) > 0 {
		fmt.Fprintf(p.stdout, "Columns that are not used: %s\n", strings.Join(s.Ignored, ", "))
	}
}

// counts lists numbers by name.
func counts(numbers map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		label := name
		if label == "" {
			label = "not given"
		}
		out = append(out, fmt.Sprintf("%d %s", numbers[name], label))
	}
	return strings.Join(out, ", ")
}
