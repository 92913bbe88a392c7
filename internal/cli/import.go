package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/fixture"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/revision"
	"github.com/zielstand/zielstand/internal/store"
)

func (p *program) importCommand() *cobra.Command {
	var dryRun bool
	var allow []string
	c := &cobra.Command{
		Use:   "import DIR",
		Short: "Check a data package, show what it changes, and publish it as a release",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := p.open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			p.warnCreated(s)
			plan, err := p.prepare(cmd, s, args[0], allow)
			if err != nil || plan == nil {
				return err
			}
			writeChanges(p.stdout, plan)
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
	c.Flags().StringSliceVar(&allow, "allow", nil, "Make an exception that an error message named; the release's notes keep it.")
	return c
}

// prepare checks and compares. It returns nil if the package is published
// already.
func (p *program) prepare(cmd *cobra.Command, s *store.Store, folder string, allow []string) (*ingest.Plan, error) {
	pkg, err := fixture.Read(os.DirFS(folder))
	if err != nil {
		return nil, p.report(folder, err)
	}
	plan, err := ingest.Prepare(cmd.Context(), s, pkg, allow)
	var objections revision.Objections
	switch {
	case errors.Is(err, store.ErrPublished):
		p.nothingToDo(pkg.Manifest.Version)
		return nil, nil
	case errors.As(err, &objections):
		fmt.Fprintln(p.stderr, objections)
		fmt.Fprintf(p.stderr, "%s: %d objections; nothing is published\n", folder, len(objections))
		return nil, errReported
	}
	return plan, err
}

func (p *program) nothingToDo(release string) {
	fmt.Fprintf(p.stdout, "Release %s is published with the same content; nothing to do\n", release)
}

// report writes the findings of a data package.
func (p *program) report(folder string, err error) error {
	var findings fixture.Findings
	if !errors.As(err, &findings) {
		return err
	}
	fmt.Fprintln(p.stderr, findings)
	fmt.Fprintf(p.stderr, "%s: %d errors; nothing is published\n", folder, len(findings))
	return errReported
}

// writeChanges shows what a plan changes, by dataset.
func writeChanges(w io.Writer, plan *ingest.Plan) {
	if plan.Previous == nil {
		fmt.Fprintf(w, "First release %s\n", plan.Content.Release.ID)
		return
	}
	fmt.Fprintf(w, "From release %s to %s:\n", plan.Previous.ID, plan.Content.Release.ID)
	for _, d := range dataset.All {
		writeDatasetChanges(w, d, plan.Changes)
	}
	if len(plan.Changes) == 0 {
		fmt.Fprintln(w, "  no row changes")
	}
}

func writeDatasetChanges(w io.Writer, d *dataset.Dataset, changes []revision.Change) {
	named := false
	for _, c := range changes {
		if c.Dataset != d {
			continue
		}
		if !named {
			fmt.Fprintln(w, " ", d.ID)
			named = true
		}
		switch c.Kind {
		case revision.Added:
			fmt.Fprintf(w, "    + %s\n", c.Row)
		case revision.Removed:
			fmt.Fprintf(w, "    - %s\n", c.Row)
		default:
			fmt.Fprintf(w, "    ~ %s %s: %q → %q\n", c.Row, c.Column, c.Old, c.New)
		}
	}
}
