package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
			pkg, s, err := p.readPackage(cmd.Context(), args[0], p.open)
			if err != nil {
				return p.report(args[0], nothingPublished, err)
			}
			if s == nil {
				if s, err = p.open(cmd.Context()); err != nil {
					return err
				}
			}
			defer s.Close()
			p.warnCreated(s)
			plan, err := p.prepare(cmd, s, args[0], pkg, allow)
			if err != nil || plan == nil {
				return err
			}
			p.writeBase(pkg)
			p.writeChanges(comparison{plan.Previous, &plan.Content.Release, plan.Changes, plan.Unlisted}, all)
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
	c.Flags().StringSliceVar(&allow, "allow", nil, "Allow an exception named in an error message; it is recorded in the notes of the release.")
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
		RunE: func(cmd *cobra.Command, args []string) error {
			if describe {
				if err := describePackage(args[0]); err != nil {
					return err
				}
			}
			return p.check(cmd.Context(), args[0])
		},
	}
	c.Flags().BoolVar(&describe, "describe", false, "First update the descriptions of the CSV files in datapackage.json.")
	return c
}

func (p *program) check(ctx context.Context, folder string) error {
	pkg, s, err := p.readPackage(ctx, folder, p.openExisting)
	if s != nil {
		defer s.Close()
	}
	if err != nil {
		return p.report(folder, "", err)
	}
	for _, d := range dataset.All {
		if t := pkg.Tables[d.ID]; t != nil && pkg.Holds(d) {
			fmt.Fprintf(p.stdout, "%6d  %s\n", t.Len(), d.ID)
		}
	}
	p.writeBase(pkg)
	p.warn(pkg)
	fmt.Fprintf(p.stdout, "%s: release %s is in order\n", folder, pkg.Manifest.Version)
	return nil
}

// openExisting opens the database without changing it. It returns nil if there is none.
func (p *program) openExisting(context.Context) (*store.Store, error) {
	d := p.config.Database
	s, err := store.Open(store.Options{URL: d.URL, Connections: d.Connections, Existing: true})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return s, err
}

// writeBase prints which datasets were taken from the release before.
func (p *program) writeBase(pkg *ingest.Package) {
	if pkg.Base == nil {
		return
	}
	var carried []string
	for _, d := range dataset.All {
		if !d.Computed && !pkg.Holds(d) {
			carried = append(carried, d.ID)
		}
	}
	fmt.Fprintf(p.stdout, "Taken from release %s: %s\n", pkg.Base.ID, strings.Join(carried, ", "))
}

// warn prints what in a data package should be double-checked.
func (p *program) warn(pkg *ingest.Package) {
	for _, warning := range pkg.Warnings(time.Now()) {
		fmt.Fprintln(p.stderr, "warning:", warning)
	}
}

// readPackage reads and checks the data package in the folder. If it holds only some of
// the datasets, the store is opened to complete it, and returned open.
func (p *program) readPackage(ctx context.Context, folder string, open func(context.Context) (*store.Store, error)) (pkg *ingest.Package, s *store.Store, err error) {
	files, err := ingest.Folder(folder)
	if err != nil {
		return nil, nil, err
	}
	if !ingest.Partial(files) {
		pkg, err = ingest.Read(files)
		return pkg, nil, err
	}
	var base *ingest.Base
	if s, err = open(ctx); err == nil && s != nil {
		base, err = ingest.FindBase(ctx, s, files)
	}
	if err != nil {
		err = fmt.Errorf("the package has only some of the datasets, and the others cannot be read from the database: %w", err)
	} else {
		pkg, err = ingest.ReadOver(files, base)
	}
	if err != nil && s != nil {
		_ = s.Close()
		s = nil
	}
	return pkg, s, err
}

// describePackage describes the CSV files of a folder in its datapackage.json, and keeps
// the rest.
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
	ingest.Describe(&m, func(id string) bool {
		_, err := os.Lstat(filepath.Join(folder, id+".csv"))
		return err == nil
	})
	out, err := ingest.MarshalManifest(&m)
	if err != nil {
		return err
	}
	return os.WriteFile(path, out, 0o644)
}
