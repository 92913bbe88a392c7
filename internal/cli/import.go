package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
)

func (p *program) importCommand() *cobra.Command {
	var dryRun, all bool
	var allow []string
	c := &cobra.Command{
		Use:   "import DIR",
		Short: "Check a data package, show what it changes, and publish it as a release",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			pkg, err := readPackage(args[0])
			if err != nil {
				return p.report(args[0], nothingPublished, err)
			}
			s, err := p.open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			p.warnCreated(s)
			plan, err := p.prepare(cmd, s, args[0], pkg, allow)
			if err != nil || plan == nil {
				return err
			}
			p.writeChanges(comparison{plan.Previous, &plan.Content.Release, plan.Changes}, all)
			p.warn(pkg)
			if dryRun {
				fmt.Fprintf(p.stdout, "Dry run: release %s is not published\n", plan.Content.Release.ID)
				return nil
			}
			release, err := s.Publish(cmd.Context(), plan.Content)
			if errors.Is(err, store.ErrPublished) { // by another import meanwhile
				p.nothingToDo(plan.Content.Release.ID)
				return nil
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "Published release %s\n", release.ID)
			return nil
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "Show the changes and publish nothing.")
	c.Flags().BoolVar(&all, "all", false, allUsage)
	c.Flags().StringSliceVar(&allow, "allow", nil, "Make an exception that an error message named; it is recorded in the release's notes.")
	return c
}

// prepare compares a package with the latest release. It returns nil if the package is
// already published.
func (p *program) prepare(cmd *cobra.Command, s *store.Store, folder string, pkg *ingest.Package, allow []string) (*ingest.Plan, error) {
	plan, err := ingest.Prepare(cmd.Context(), s, pkg, allow)
	var objections ingest.Objections
	switch {
	case errors.Is(err, store.ErrPublished):
		p.nothingToDo(pkg.Manifest.Version)
		return nil, nil
	case errors.As(err, &objections):
		fmt.Fprintln(p.stderr, objections)
		fmt.Fprintf(p.stderr, "%s: %s%s\n", folder, count(len(objections), "objection"), nothingPublished)
		return nil, errReported
	}
	return plan, err
}

func (p *program) nothingToDo(release string) {
	fmt.Fprintf(p.stdout, "Release %s is published with the same content; nothing to do\n", release)
}

// nothingPublished is the end of the report of a command that would have published.
const nothingPublished = "; nothing is published"

// report prints the findings of a data package.
func (p *program) report(folder, consequence string, err error) error {
	var findings ingest.Findings
	if !errors.As(err, &findings) {
		return fmt.Errorf("%s: %w", folder, err)
	}
	fmt.Fprintln(p.stderr, findings)
	fmt.Fprintf(p.stderr, "%s: %s%s\n", folder, count(len(findings), "error"), consequence)
	return errReported
}

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
	p.warn(pkg)
	fmt.Fprintf(p.stdout, "%s: release %s is in order\n", folder, pkg.Manifest.Version)
	return nil
}

// warn prints what in a data package should be double-checked.
func (p *program) warn(pkg *ingest.Package) {
	for _, warning := range pkg.Warnings(time.Now()) {
		fmt.Fprintln(p.stderr, "warning:", warning)
	}
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
