// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dcatcheck"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
)

func (p *program) catalogCommand() *cobra.Command {
	var format, output, release string
	c := p.withStore(p.openUnchanged, "catalog", "Write the DCAT-AP.de catalogue, byte for byte as the server sends it", 0, func(ctx context.Context, s *store.Store, _ []string) error {
		f, err := graphFormat(format)
		if err != nil {
			return err
		}
		body, err := p.catalog(ctx, s, release, f)
		if err != nil {
			return err
		}
		if output == "" {
			_, err = p.raw.Write(body)
			return err
		}
		return os.WriteFile(output, body, 0o644)
	})
	c.Flags().StringVar(&format, "format", "turtle", "Format of the catalogue: turtle, rdfxml, jsonld or ntriples.")
	c.Flags().StringVar(&output, "output", "", "File to write to instead of standard output.")
	c.Flags().StringVar(&release, "release", "latest", "Release to describe.")
	c.AddCommand(p.catalogCheckCommand())
	return c
}

func (p *program) catalogCheckCommand() *cobra.Command {
	limits := dcatcheck.DefaultLimits
	maxSize, maxMemory := limits.Bytes>>20, limits.Memory>>20
	c := &cobra.Command{
		Use:   "check [URL|FILE|-]",
		Short: "Report problems that a harvester would have with a catalogue",
		Long: "Report problems that a harvester would have with the catalogue at a URL, in a file (.jsonld, .json or .nt), on standard input (-) or, without an argument, in that of this service.\n\n" +
			"Convert Turtle and RDF/XML first: rapper -i turtle -o ntriples FILE | zielstand catalog check -",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			limits.Bytes, limits.Memory = maxSize<<20, maxMemory<<20
			if err := checkLimits(limits); err != nil {
				return err
			}
			report, err := p.checkCatalog(cmd.Context(), args, limits)
			if err != nil {
				return err
			}
			return p.reportCatalog(report, len(args) > 0 && isAddress(args[0]))
		},
	}
	c.Flags().Int64Var(&maxSize, "max-size", maxSize, "Maximum size of a file, or of all pages together, in MiB.")
	c.Flags().IntVar(&limits.Pages, "max-pages", limits.Pages, "Maximum number of pages to follow.")
	c.Flags().Int64Var(&maxMemory, "max-memory", maxMemory, "Maximum memory to use, in MiB.")
	c.Flags().DurationVar(&limits.Time, "timeout", limits.Time, "Maximum time for the check.")
	return c
}

// checkLimits requires positive limits.
func checkLimits(l dcatcheck.Limits) error {
	for _, limit := range []struct {
		name  string
		value int64
	}{
		{"--max-size", l.Bytes}, {"--max-pages", int64(l.Pages)}, {"--max-memory", l.Memory}, {"--timeout", int64(l.Time)},
	} {
		if limit.value <= 0 {
			return fmt.Errorf("%s must be more than 0", limit.name)
		}
	}
	return nil
}

// checkCatalog checks the catalogue in the argument, or our own.
func (p *program) checkCatalog(ctx context.Context, args []string, l dcatcheck.Limits) (dcatcheck.Report, error) {
	switch {
	case len(args) == 0:
		return p.checkOwnCatalog(ctx)
	case isAddress(args[0]):
		return dcatcheck.Fetch(ctx, args[0], l)
	case args[0] == "-":
		return dcatcheck.Stream(ctx, os.Stdin, l)
	default:
		return dcatcheck.File(ctx, args[0], l)
	}
}

func isAddress(arg string) bool {
	return strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://")
}

// checkOwnCatalog checks the graph of our catalogue and its size in all formats.
func (p *program) checkOwnCatalog(ctx context.Context) (dcatcheck.Report, error) {
	s, err := p.openUnchanged(ctx)
	if err != nil {
		return dcatcheck.Report{}, err
	}
	defer s.Close()
	primary := s.Primary()
	r, err := p.dated(ctx, primary, "latest")
	if err != nil {
		return dcatcheck.Report{}, err
	}
	service, err := p.documents(primary)
	if err != nil {
		return dcatcheck.Report{}, err
	}
	graph, err := service.CatalogGraph(ctx, r)
	if err != nil {
		return dcatcheck.Report{}, err
	}
	report := dcatcheck.Graph(graph)
	for _, f := range rdf.Formats() {
		var body bytes.Buffer
		if err := f.Write(&body, graph, catalog.Prefixes); err != nil {
			return dcatcheck.Report{}, err
		}
		report.Measure(f.Name, body.Len())
	}
	return report, nil
}

// catalog returns the catalogue as the server sends it.
func (p *program) catalog(ctx context.Context, s *store.Store, id string, f rdf.Format) ([]byte, error) {
	r, err := p.dated(ctx, s, id)
	if err != nil {
		return nil, err
	}
	service, err := p.documents(s)
	if err != nil {
		return nil, err
	}
	rep, err := service.Catalog(ctx, r, f, representation.Identity)
	if err != nil {
		return nil, err
	}
	return rep.Body, nil
}

// dated returns the release with the dates that the server gives it.
func (p *program) dated(ctx context.Context, s *store.Store, id string) (*domain.Release, error) {
	r, err := p.find(ctx, s, id)
	if err != nil {
		return nil, err
	}
	releases, err := s.Releases(ctx)
	if err != nil {
		return nil, err
	}
	release.SetDates(releases)
	for _, other := range releases {
		if release.Key(other) == release.Key(r) {
			return other, nil
		}
	}
	return r, nil // deleted meanwhile, so the rows are missing, too
}

func (p *program) documents(s *store.Store) (*catalog.Service, error) {
	limits := Limits(p.config)
	limits.Log = p.logger()
	releases, settings := release.New(s, p.config.Memory.Bytes), CatalogSettings(p.config)
	representations, err := representation.NewService(releases, settings.Settings, limits)
	if err != nil {
		return nil, err
	}
	return catalog.NewService(releases, representations, settings), nil
}

func graphFormat(name string) (rdf.Format, error) {
	var names []string
	for _, f := range rdf.Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return rdf.Format{}, domain.NotOneOf("--format", name, "is not a format of the catalogue", names)
}

// reportCatalog writes the findings, what was not checked, and what a harvester would
// do. It returns an error if there are violations or the datasets were not checked.
func (p *program) reportCatalog(r dcatcheck.Report, fetched bool) error {
	for _, g := range r.Groups {
		for _, f := range g.Examples {
			fmt.Fprintln(p.stdout, shortened(f.String()))
		}
		if more := g.Count - len(g.Examples); more > 0 {
			fmt.Fprintf(p.stdout, "%s: %d more\n", strings.Join(strings.Fields(fmt.Sprint(g.Severity, " ", g.Rule, " ", shortened(g.Property))), " "), more)
		}
	}
	if !fetched {
		fmt.Fprintf(p.stdout, "not checked without the address of a service: %s\n", strings.Join(dcatcheck.NeedAddress, ", "))
	}
	if r.NotChecked != "" {
		fmt.Fprintf(p.stdout, "datasets not checked: %s\n", shortened(r.NotChecked))
	}
	fmt.Fprintln(p.stdout, r.Harvest)
	if r.NotChecked == "" {
		fmt.Fprintf(p.stdout, "%s, %s, ", count(r.Datasets, "dataset"), count(r.Triples, "triple"))
	}
	fmt.Fprintf(p.stdout, "%s; %s, %s\n", count(r.Pages, "page"), count(r.Count(dcatcheck.Violation), "violation"), count(r.Count(dcatcheck.Warning), "warning"))
	if r.Count(dcatcheck.Violation) > 0 || r.NotChecked != "" {
		return errReported
	}
	return nil
}

// maxPrinted limits the length of a finding: a title can have any length.
const maxPrinted = 500

// shortened returns text from a foreign catalogue on one line.
func shortened(s string) string {
	if runes := []rune(s); len(runes) > maxPrinted {
		s = string(runes[:maxPrinted]) + "…"
	}
	return oneLine(s)
}
