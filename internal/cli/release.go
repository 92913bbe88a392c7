// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
)

func (p *program) releaseCommand() *cobra.Command {
	c := group("release", "List, show, compare, verify, sign, choose and delete releases")
	var keep int
	prune := p.withStore(p.openExisting, "prune", "Delete old releases; the latest and the newest are always kept", 0, func(ctx context.Context, s *store.Store, _ []string) error {
		return p.pruneReleases(ctx, s, keep)
	})
	var all bool
	diff := p.withStore(p.openUnchanged, "diff FROM TO", "Show what changed between two releases", 2, func(ctx context.Context, s *store.Store, args []string) error {
		return p.diffReleases(ctx, s, args, all)
	})
	diff.Flags().BoolVar(&all, "all", false, allUsage)
	prune.Flags().IntVar(&keep, "keep", 10, "Number of releases to keep.")
	verify := p.withStore(p.openUnchanged, "verify [ID]", "Check that one or all releases are unchanged since they were published", 0, p.verifyReleases)
	verify.Args = cobra.MaximumNArgs(1)
	c.AddCommand(
		p.withStore(p.openUnchanged, "list", "List the releases, the newest first", 0, p.listReleases),
		p.withStore(p.openUnchanged, "show ID", "Show a release", 1, p.showRelease),
		diff,
		verify,
		p.signCommand(),
		p.withStore(p.openExisting, "use ID", "Make a release the one that is served by default", 1, p.useRelease),
		prune,
	)
	return c
}

func (p *program) exportCommand() *cobra.Command {
	var id string
	c := p.withStore(p.openUnchanged, "export DIR", "Write the data package of a release, byte for byte as it was imported", 1, func(ctx context.Context, s *store.Store, args []string) error {
		return p.export(ctx, s, id, args[0])
	})
	c.Long = c.Short + ". The folder DIR must be empty or not exist."
	c.Flags().StringVar(&id, "release", "latest", "Release to write.")
	return c
}

// opener opens the store for a command.
type opener func(context.Context) (*store.Store, error)

// withStore returns a command that works on the releases of the opened store.
func (p *program) withStore(open opener, use, short string, args int, run func(context.Context, *store.Store, []string) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(args),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			return run(cmd.Context(), s.Primary(), args)
		},
	}
}

// migrateCommand returns a command that migrates the database even if database.manage is
// false: it was asked to.
func (p *program) migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Migrate the database for this version of the program, as serve and import do", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := p.connect(true)
			if err != nil {
				return p.explainOpen(err)
			}
			defer s.Close()
			if err := s.Migrate(cmd.Context()); err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "%s is up to date\n", store.Name(p.config.Database.URL))
			return nil
		},
	}
}

// warnCreated warns that a database was created: its path may be wrong, and a running
// server that has a deleted file open does not read the new one.
func (p *program) warnCreated(s *store.Store) {
	if s != nil && s.Created() {
		fmt.Fprintf(p.stderr, "Created a new database file: %s did not exist\n", strings.TrimPrefix(p.config.Database.URL, "sqlite:"))
	}
}

func (p *program) listReleases(ctx context.Context, s *store.Store, _ []string) error {
	latest, err := p.latest(ctx, s)
	if err != nil {
		return err
	}
	releases, err := s.Releases(ctx)
	if err != nil {
		return err
	}
	for _, r := range releases {
		mark := " "
		if r.Seq == latest.Seq {
			mark = "*"
		}
		title := oneLine(r.Title)
		if !r.Withdrawn.IsZero() {
			title += " (withdrawn)"
		}
		fmt.Fprintf(p.stdout, "%s %-12s %s  %s\n", mark, r.ID, r.Published.Format(time.RFC3339), title)
	}
	return nil
}

// find returns the release with the id or, for "latest", the latest.
func (p *program) find(ctx context.Context, s *store.Store, id string) (*domain.Release, error) {
	if id == "latest" {
		return p.latest(ctx, s)
	}
	return byID(ctx, s, id)
}

// byID returns the release with the id. For a deleted one, the error is the server's.
func byID(ctx context.Context, s *store.Store, id string) (*domain.Release, error) {
	r, err := s.Release(ctx, id)
	if !errors.Is(err, domain.ErrNotFound) {
		return r, err
	}
	deleted, readErr := s.Deleted(ctx)
	if readErr != nil || !slices.Contains(deleted, id) {
		return nil, err
	}
	latest, readErr := s.Latest(ctx)
	if readErr != nil {
		return nil, err
	}
	return nil, release.Deleted(id, latest.ID)
}

// latest returns the latest release. If there is none, the error names the database, which
// may be another one than was meant.
func (p *program) latest(ctx context.Context, s *store.Store) (*domain.Release, error) {
	r, err := s.Latest(ctx)
	if errors.Is(err, domain.ErrNotFound) {
		err = fmt.Errorf("%s has no release yet; publish one with “zielstand import”, or set database.url to another database", store.Name(p.config.Database.URL))
	}
	return r, err
}

func (p *program) showRelease(ctx context.Context, s *store.Store, args []string) error {
	r, err := p.find(ctx, s, args[0])
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Release     %s\nTitle       %s\nPublished   %s\nSHA-256     %s\n", r.ID, oneLine(r.Title), r.Published.Format(time.RFC3339), r.ContentHash)
	if r.Notes != "" {
		fmt.Fprintf(p.stdout, "Notes       %s\n", indented(r.Notes, "            "))
	}
	for _, d := range r.Datasets {
		fmt.Fprintf(p.stdout, "%8d  %-20s changed %s\n", d.Rows, d.ID, d.Modified.Format(time.RFC3339))
	}
	return nil
}

func (p *program) diffReleases(ctx context.Context, s *store.Store, args []string, all bool) error {
	from, err := p.find(ctx, s, args[0])
	if err != nil {
		return err
	}
	to, err := p.find(ctx, s, args[1])
	if err != nil {
		return err
	}
	changes, unlisted, err := release.Diff(ctx, s, from, to)
	if err != nil {
		return err
	}
	p.writeChanges(comparison{from, to, changes, unlisted}, all)
	return nil
}

// verifyReleases prints the faults of a release, or of all if none is named.
func (p *program) verifyReleases(ctx context.Context, s *store.Store, args []string) error {
	releases, err := p.named(ctx, s, args)
	if err != nil {
		return err
	}
	damaged, unverified := 0, 0
	for _, r := range releases {
		faults, err := p.verifyRelease(ctx, s, r)
		if err != nil {
			fmt.Fprintf(p.stderr, "release %s: cannot be verified: %v\n", r.ID, err)
			unverified++
		}
		for _, f := range faults {
			fmt.Fprintln(p.stderr, f)
		}
		if len(faults) > 0 {
			damaged++
		}
		if err != nil || len(faults) > 0 {
			continue
		}
		rows := int64(0)
		for _, d := range r.Datasets {
			rows += d.Rows
		}
		fmt.Fprintf(p.stdout, "Release %s is as it was published: %d datasets, %d rows\n", r.ID, len(r.Datasets), rows)
	}
	if damaged > 0 {
		fmt.Fprintf(p.stderr, "%d of %d releases are not as they were published\n", damaged, len(releases))
	}
	if unverified > 0 {
		fmt.Fprintf(p.stderr, "%d of %d releases could not be verified\n", unverified, len(releases))
	}
	if damaged > 0 || unverified > 0 {
		return errReported
	}
	if len(releases) == 0 {
		fmt.Fprintln(p.stdout, "No release is published yet")
	}
	return nil
}

func (p *program) useRelease(ctx context.Context, s *store.Store, args []string) error {
	r, err := byID(ctx, s, args[0])
	if err != nil {
		return err
	}
	faults, err := ingest.Verify(ctx, s, r)
	if err != nil {
		return fmt.Errorf("release %s cannot be verified: %w", r.ID, err)
	}
	if len(faults) > 0 {
		return p.damaged(faults, "nothing is changed")
	}
	if err := s.Use(ctx, r.ID); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Release %s is now served by default\n", r.ID)
	return nil
}

// damaged prints the faults of a release, and what did not happen because of them.
func (p *program) damaged(faults []store.Fault, consequence string) error {
	for _, f := range faults {
		fmt.Fprintln(p.stderr, f)
	}
	fmt.Fprintf(p.stderr, "release %s is not as it was published; %s. Restore a backup, or name another release\n", faults[0].Release, consequence)
	return errReported
}

func (p *program) pruneReleases(ctx context.Context, s *store.Store, keep int) error {
	if keep < 1 {
		return &domain.Invalid{Name: "--keep", Value: strconv.Itoa(keep), Rule: "must be a whole number of at least 1"}
	}
	ids, err := s.Prune(ctx, keep)
	for _, id := range ids {
		fmt.Fprintf(p.stdout, "Deleted release %s\n", id)
	}
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		fmt.Fprintln(p.stdout, "Nothing to delete")
	}
	return nil
}

func (p *program) export(ctx context.Context, s *store.Store, id, folder string) error {
	r, err := p.find(ctx, s, id)
	if err != nil {
		return err
	}
	files, faults, err := ingest.Files(ctx, s, r)
	switch {
	case err != nil:
		return err
	case len(faults) > 0:
		return p.damaged(faults, "nothing is written")
	case len(files) == 0:
		return fmt.Errorf("release %s was generated and has no data package", r.ID)
	}
	err = fillFolder(folder, func() error {
		for _, f := range files {
			if err := writeFile(filepath.Join(folder, filepath.Base(f.Path)), f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Wrote %d files of release %s to %s\n", len(files), r.ID, folder)
	return nil
}

func writeFile(path string, f store.File) error {
	content, err := f.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := io.Copy(out, content); err != nil {
		return err
	}
	return out.Close()
}

// Without --all, at most changesShown changes are shown for each dataset, and at most
// valueShown characters of each value.
const (
	changesShown = 20
	valueShown   = 80
	allUsage     = "Show all changes, with their values in full."
)

// comparison is the difference between two releases. The first release has no previous
// one.
type comparison struct {
	from, to *domain.Release
	changes  []release.Change
	unlisted map[*dataset.Dataset]release.Unlisted
}

// writeChanges prints a comparison by dataset.
func (p *program) writeChanges(c comparison, all bool) {
	if c.from == nil {
		fmt.Fprintf(p.stdout, "First release %s\n", c.to.ID)
		return
	}
	fmt.Fprintf(p.stdout, "From release %s to %s:\n", c.from.ID, c.to.ID)
	left := 0
	for _, d := range dataset.All {
		left += p.writeDatasetChanges(d, c.changes, all)
		p.writeUnlisted(c.unlisted[d])
	}
	if len(c.changes) == 0 {
		fmt.Fprintln(p.stdout, "  no row changes")
	}
	if left > 0 {
		fmt.Fprintf(p.stdout, "%s not shown; --all shows everything\n", count(left, "change"))
	}
}

// writeDatasetChanges prints the changes of a dataset and returns how many it omitted.
func (p *program) writeDatasetChanges(d *dataset.Dataset, changes []release.Change, all bool) int {
	kinds := map[string]int{}
	var own []release.Change
	for _, c := range changes {
		if c.Dataset == d {
			own = append(own, c)
			kinds[c.Kind]++
		}
	}
	if len(own) == 0 {
		return 0
	}
	var counts []string
	for _, kind := range []string{release.Added, release.Changed, release.Removed} {
		if kinds[kind] > 0 {
			what := "row"
			if kind == release.Changed {
				what = "cell"
			}
			counts = append(counts, count(kinds[kind], what)+" "+kind)
		}
	}
	computed := ""
	if d.Computed {
		computed = " (computed)"
	}
	fmt.Fprintf(p.stdout, "  %s%s: %s\n", d.ID, computed, strings.Join(counts, ", "))
	shown := own
	if !all && len(own) > changesShown {
		shown = own[:changesShown]
	}
	for _, c := range shown {
		fmt.Fprintf(p.stdout, "    %s\n", changeLine(c, all))
	}
	if left := len(own) - len(shown); left > 0 {
		fmt.Fprintf(p.stdout, "    … and %d more\n", left)
		return left
	}
	return 0
}

// writeUnlisted prints how many rows of a snapshot differ besides those listed.
func (p *program) writeUnlisted(u release.Unlisted) {
	var counts []string
	for _, kind := range []struct {
		rows int
		name string
	}{{u.Added, release.Added}, {u.Changed, release.Changed}, {u.Removed, release.Removed}} {
		if kind.rows > 0 {
			counts = append(counts, count(kind.rows, "row")+" "+kind.name)
		}
	}
	if len(counts) > 0 {
		fmt.Fprintf(p.stdout, "    … and, besides these rows, %s; an export changes too many rows to list them all\n", strings.Join(counts, ", "))
	}
}

// changeLine returns a change on one line: a row with its values, or a cell with the old
// and the new value.
func changeLine(c release.Change, all bool) string {
	show := func(value string) string {
		if !all && utf8.RuneCountInString(value) > valueShown {
			value = string([]rune(value)[:valueShown]) + "…"
		}
		return strconv.Quote(value)
	}
	mark := map[string]string{release.Added: "+", release.Removed: "-"}[c.Kind]
	if mark == "" {
		return fmt.Sprintf("~ %s %s: %s → %s", c.Row, c.Column, show(c.Old), show(c.New))
	}
	line := mark + " " + c.Row
	for i, column := range c.Dataset.Columns {
		if i > 0 && c.Values[i] != "" {
			line += " " + column.Name + "=" + show(c.Values[i])
		}
	}
	return line
}
