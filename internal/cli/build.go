// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"bufio"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/internal/build"
	"github.com/zielstand/zielstand/openapi"
)

// The commands in this file describe the program itself.

// versionLine is what version and --version print.
func versionLine() string {
	return fmt.Sprintf("zielstand %s, interface %s\n", build.Version(), openapi.Version)
}

func (p *program) versionCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of the program and its API",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprint(p.stdout, versionLine())
			if all {
				info := build.Read()
				fmt.Fprintf(p.stdout, "commit:   %s\ntime:     %s\nmodified: %t\ngo:       %s\nplatform: %s\n",
					orUnknown(info.Revision), orUnknown(info.Time), info.Modified, info.Go, info.Platform)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "Also print commit, time, Go version and platform of the build.")
	return cmd
}

func orUnknown(v string) string {
	if v == "" {
		return "unknown"
	}
	return v
}

func (p *program) licensesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "licenses",
		Short: "Print the licences of the software in this program",
		Long:  "Print the licences of the software in this program: a list of the modules, and the texts. Zielstand itself is licensed under the EUPL-1.2.",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(p.stdout, "github.com/zielstand/zielstand\t", build.Version(), "\tEUPL-1.2\n", build.Notices())
			return err
		},
	}
}

func (p *program) sbomCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "sbom",
		Short: "Print a bill of materials of this program (CycloneDX)",
		Long:  "Print a bill of materials of this program in CycloneDX 1.6 (JSON): the modules that the linker recorded in it, with versions, hashes and licences.",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			w := bufio.NewWriter(p.raw)
			if err := build.WriteBOM(w); err != nil {
				return err
			}
			return w.Flush()
		},
	}
}
