// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/plainjson"
	"github.com/zielstand/zielstand/internal/store"
)

func (p *program) importCommand() *cobra.Command {
	var dryRun, all bool
	var allow []string
	var edition ingest.Edition
	c := &cobra.Command{
		Use:   "import DIR|ZIP|XLSX…",
		Short: "Check a data package or edited workbooks, show what changes, and publish it as a release",
		Long: "Check a data package, show what it changes, and publish it as a release. The package is a folder, a ZIP archive of one, or the ZIP file of all datasets that the server offers.\n\n" +
			"Workbooks (XLSX) are those of the server, one for each dataset, edited and saved as XLSX. What was not edited stays as it was published, and everything else is taken from the latest release.",
		Example: "  zielstand import --dry-run fixtures\n  zielstand import --notes \"Zahlen für 2026 ergänzt.\" observations.xlsx sources.xlsx",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name, open := strings.Join(args, " "), p.open
			if dryRun {
				open = p.openIfExists
			}
			pkg, s, err := p.readPackage(cmd.Context(), args, edition, open)
			if s != nil {
				defer s.Close()
			}
			if errors.Is(err, ingest.ErrUnchanged) {
				p.unchanged(err)
				return nil
			}
			if err != nil {
				return p.report(name, nothingPublished, err)
			}
			defer pkg.Close()
			if s == nil {
				if s, err = open(cmd.Context()); err != nil {
					return err
				}
				if s != nil {
					defer s.Close()
				}
			}
			p.warnCreated(s)
			var sign *signer
			if p.config.Signing.KeyFile != "" && s != nil {
				if sign, err = p.signer(s.Primary()); err != nil {
					return err
				}
			}
			plan, err := p.prepare(cmd.Context(), s, name, pkg.Package, allow)
			if err != nil || plan == nil {
				return err
			}
			p.writeBase(pkg.Package)
			p.writeChanges(comparison{plan.Previous, &plan.Content.Release, plan.Changes, plan.Unlisted}, all)
			p.warn(pkg.Package)
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
			if sign == nil {
				return nil
			}
			return sign.release(cmd.Context(), release)
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "Show the changes and publish nothing.")
	c.Flags().BoolVar(&all, "all", false, allUsage)
	c.Flags().StringSliceVar(&allow, "allow", nil, "Allow an exception named in an error message; it is recorded in the notes of the release.")
	c.Flags().StringVar(&edition.Version, "release", "", "Version of the release, for workbooks only (default: the next one).")
	c.Flags().StringVar(&edition.Notes, "notes", "", "Notes on what is new in the release, for workbooks only.")
	return c
}

// unchanged reports that workbooks have no edits.
func (p *program) unchanged(err error) { fmt.Fprintf(p.stdout, "%v; nothing to do\n", err) }

// prepare compares a package with the latest release. It returns nil if the package is
// already published.
func (p *program) prepare(ctx context.Context, s *store.Store, folder string, pkg *ingest.Package, allow []string) (*ingest.Plan, error) {
	plan, err := ingest.Prepare(ctx, s, pkg, allow)
	var objections ingest.Objections
	switch {
	case errors.Is(err, store.ErrPublished):
		return nil, p.alreadyPublished(ctx, s.Primary(), pkg.Manifest.Version)
	case errors.As(err, &objections):
		fmt.Fprintln(p.stderr, objections)
		fmt.Fprintf(p.stderr, "%s: %s%s\n", folder, count(len(objections), "objection"), nothingPublished)
		return nil, errReported
	}
	return plan, err
}

// alreadyPublished reports that there is nothing to publish. It is an error if the
// release was withdrawn: whoever imports it expects it to be served.
func (p *program) alreadyPublished(ctx context.Context, s *store.Store, id string) error {
	r, err := s.Release(ctx, id)
	if err != nil {
		return err
	}
	if r.Withdrawn.IsZero() {
		p.nothingToDo(id)
		return nil
	}
	latest, err := s.Latest(ctx)
	if err != nil {
		return err
	}
	return fmt.Errorf("release %s is published with the same content, but was withdrawn on %s; release %s is served. To serve it again, run “zielstand release use %[1]s”",
		id, r.Withdrawn.Format(time.DateOnly), latest.ID)
}

func (p *program) nothingToDo(release string) {
	fmt.Fprintf(p.stdout, "Release %s is published with the same content; nothing to do\n", release)
}

// nothingPublished is the end of the report of a command that would have published.
const nothingPublished = "; nothing is published"

// report prints the findings of a data package.
func (p *program) report(folder, consequence string, err error) error {
	var findings ingest.Findings
	if path, ok := err.(*fs.PathError); ok { // one of several
		return fmt.Errorf("%s: %w", path.Path, path.Err)
	}
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
		Use:   "check DIR|ZIP|XLSX…",
		Short: "Check a data package or edited workbooks, and report all errors and where they are",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if describe {
				if info, err := os.Stat(args[0]); len(args) > 1 || err == nil && !info.IsDir() {
					return &domain.Invalid{Name: "--describe", Rule: "takes exactly one folder, whose datapackage.json it updates"}
				}
				if err := describePackage(args[0]); err != nil {
					return err
				}
			}
			return p.check(cmd.Context(), args)
		},
	}
	c.Flags().BoolVar(&describe, "describe", false, "First update the descriptions of the CSV files in datapackage.json.")
	return c
}

func (p *program) check(ctx context.Context, paths []string) error {
	name := strings.Join(paths, " ")
	pkg, s, err := p.readPackage(ctx, paths, ingest.Edition{}, p.openIfExists)
	if s != nil {
		defer s.Close()
	}
	if errors.Is(err, ingest.ErrUnchanged) {
		p.unchanged(err)
		return nil
	}
	if err != nil {
		return p.report(name, "", err)
	}
	defer pkg.Close()
	for _, d := range dataset.All {
		if t := pkg.Tables[d.ID]; t != nil && pkg.Holds(d) {
			fmt.Fprintf(p.stdout, "%6d  %s\n", t.Len(), d.ID)
		}
	}
	p.writeBase(pkg.Package)
	p.warn(pkg.Package)
	fmt.Fprintf(p.stdout, "%s: release %s is in order\n", name, pkg.Manifest.Version)
	return nil
}

// writeBase prints which datasets were taken from the previous release.
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
	fmt.Fprintf(p.stdout, "Taken from release %s: %s\n", pkg.Base.Release.ID, strings.Join(carried, ", "))
}

// warn prints what in a data package should be double-checked.
func (p *program) warn(pkg *ingest.Package) {
	for _, warning := range pkg.Warnings(time.Now()) {
		fmt.Fprintln(p.stderr, "warning:", warning)
	}
}

// openPackage is a package with the files that it is read from.
type openPackage struct {
	*ingest.Package
	sources []*ingest.Source
}

func (o *openPackage) Close() {
	for _, source := range o.sources {
		_ = source.Close()
	}
}

// readPackage reads and checks a data package in a folder or an archive, or workbooks. If
// it holds only some of the datasets, the store is opened to complete it, and returned
// open.
func (p *program) readPackage(ctx context.Context, paths []string, edition ingest.Edition, open opener) (*openPackage, *store.Store, error) {
	o := &openPackage{}
	for _, path := range paths {
		source, err := ingest.Open(path)
		if err != nil {
			o.Close()
			if !errors.As(err, new(ingest.Findings)) {
				err = &fs.PathError{Path: path, Err: err}
			}
			return nil, nil, err
		}
		o.sources = append(o.sources, source)
	}
	books := slices.ContainsFunc(o.sources, (*ingest.Source).Workbook)
	var s *store.Store
	var err error
	switch {
	case len(paths) > 1 && slices.ContainsFunc(o.sources, func(s *ingest.Source) bool { return !s.Workbook() }):
		err = errors.New("only workbooks can be imported together; a data package is one folder or one ZIP archive")
	case !books && (edition.Version != "" || edition.Notes != ""):
		err = errors.New("--release and --notes are for workbooks; a data package has them in datapackage.json")
	case books:
		o.Package, s, err = p.readWorkbooks(ctx, o.sources, edition, open)
	default:
		o.Package, s, err = p.readFiles(ctx, o.sources[0].Folder, open)
	}
	if err != nil {
		o.Close()
		if s != nil {
			_ = s.Close()
		}
		return nil, nil, err
	}
	return o, s, nil
}

func (p *program) readWorkbooks(ctx context.Context, sources []*ingest.Source, edition ingest.Edition, open opener) (*ingest.Package, *store.Store, error) {
	s, err := open(ctx)
	if err == nil && s == nil {
		err = errors.New("there is no database")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("the release that the workbook is from cannot be read from the database: %w", err)
	}
	edition.Created = time.Now()
	pkg, err := ingest.ReadWorkbooks(ctx, s, sources, edition)
	return pkg, s, err
}

func (p *program) readFiles(ctx context.Context, files fs.FS, open opener) (pkg *ingest.Package, s *store.Store, err error) {
	partial := ingest.Partial(files)
	if !partial && !ingest.AsPublished(files) {
		pkg, err = ingest.Read(files)
		return pkg, nil, err
	}
	var base *ingest.Base
	if s, err = open(ctx); err == nil && s != nil {
		base, err = ingest.FindBase(ctx, s, files)
	}
	if err != nil && !partial {
		return nil, s, fmt.Errorf("the package has computed columns, and the release that they are compared with cannot be read from the database: %w", err)
	}
	if err != nil {
		return nil, s, fmt.Errorf("the package has only some of the datasets, and the others cannot be read from the database: %w", err)
	}
	pkg, err = ingest.ReadOver(files, base)
	return pkg, s, err
}

// describePackage describes the CSV files of a folder in its datapackage.json, and leaves
// the rest of that file unchanged. It does nothing if the file cannot be read as JSON.
func describePackage(folder string) error {
	path := filepath.Join(folder, dataset.ManifestName)
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: must be a regular file to be written", path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var m dataset.Manifest
	// A decoder would replace what is not UTF-8, and the text would be lost.
	if !utf8.Valid(content) || json.Unmarshal(content, &m) != nil {
		return nil // the check reports what is wrong, and where
	}
	ingest.DescribeAgain(&m, func(id string) bool {
		_, err := os.Lstat(filepath.Join(folder, id+".csv"))
		return err == nil
	})
	out, err := plainjson.MarshalIndent(&m)
	if err != nil {
		return err
	}
	return replaceFile(path, out, info.Mode())
}

// replaceFile replaces a file with one that it writes beside it first, so that the file
// has the old content or the new one at any time.
func replaceFile(path string, content []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // if it is still there
	_, err = f.Write(content)
	if err := errors.Join(err, f.Chmod(mode.Perm()), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
