package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/ingest"
)

func (p *program) checkCommand() *cobra.Command {
	var describe bool
	c := &cobra.Command{
		Use:   "check DIR",
		Short: "Check a data package and report all errors with file, row and column",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if describe {
				if err := describePackage(args[0]); err != nil {
					return err
				}
			}
			return p.check(args[0])
		},
	}
	c.Flags().BoolVar(&describe, "describe", false, "Regenerate the resources in datapackage.json first.")
	return c
}

func (p *program) check(folder string) error {
	pkg, err := readPackage(folder)
	if err != nil {
		return p.report(folder, "", err)
	}
	for _, d := range dataset.All {
		if t := pkg.Tables[d.ID]; t != nil {
			fmt.Fprintf(p.stdout, "%6d  %s\n", len(t.Rows), d.ID)
		}
	}
	fmt.Fprintf(p.stdout, "%s: release %s is in order\n", folder, pkg.Manifest.Version)
	return nil
}

// readPackage reads and checks the data package in the folder.
func readPackage(folder string) (*ingest.Package, error) {
	files, err := ingest.Folder(folder)
	if err != nil {
		return nil, err
	}
	return ingest.Read(files)
}

// describePackage regenerates the resources in datapackage.json and keeps the rest.
func describePackage(folder string) error {
	path := filepath.Join(folder, dataset.ManifestName)
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: must be a regular file to be written", path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var m dataset.Manifest
	if err := json.Unmarshal(content, &m); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	m.Profile, m.Resources = "tabular-data-package", nil
	for _, d := range dataset.All {
		if !d.Computed {
			m.Resources = append(m.Resources, dataset.Describe(d))
		}
	}
	out, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(out, '\n'), 0o644)
}
