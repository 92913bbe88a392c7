package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/internal/catalog/check"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/strategy"
	"github.com/zielstand/zielstand/internal/suggest"
)

func (p *program) catalogCommand() *cobra.Command {
	var format, output, release string
	c := p.withStore("catalog", "Write the DCAT-AP.de catalogue, byte for byte as it is served", 0, func(ctx context.Context, s *store.Store, _ []string) error {
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
	c.Flags().StringVar(&format, "format", "turtle", "Format: turtle, rdfxml, jsonld or ntriples.")
	c.Flags().StringVar(&output, "output", "", "File to write to instead of standard output.")
	c.Flags().StringVar(&release, "release", "latest", "Release to describe.")
	c.AddCommand(p.catalogCheckCommand())
	return c
}

func (p *program) catalogCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check [URL|FILE]",
		Short: "Say what a harvester would object to: in a catalogue on the web, in a file or, without either, in our own",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, err := p.checkCatalog(cmd.Context(), args)
			if err != nil {
				return err
			}
			return p.reportCatalog(report, len(args) > 0 && isAddress(args[0]))
		},
	}
}

// checkCatalog looks at what the argument names, else at our own catalogue.
func (p *program) checkCatalog(ctx context.Context, args []string) (check.Report, error) {
	switch {
	case len(args) == 0:
		return p.checkOwnCatalog(ctx)
	case isAddress(args[0]):
		return check.Fetch(ctx, args[0])
	default:
		return check.File(args[0])
	}
}

func isAddress(arg string) bool {
	return strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://")
}

// checkOwnCatalog applies the rules to our triples, and measures all formats.
func (p *program) checkOwnCatalog(ctx context.Context) (check.Report, error) {
	s, err := p.open(ctx)
	if err != nil {
		return check.Report{}, err
	}
	defer s.Close()
	var report check.Report
	for i, f := range rdf.Formats() {
		body, err := p.catalog(ctx, s.Primary(), "latest", f)
		if err != nil {
			return check.Report{}, err
		}
		if i == 0 {
			report = check.Document(body, f.Name, "")
		} else {
			report.Measure(f.Name, body)
		}
	}
	return report, nil
}

// catalog returns the bytes that the service answers with.
func (p *program) catalog(ctx context.Context, s *store.Store, id string, f rdf.Format) ([]byte, error) {
	r, err := find(ctx, s, id)
	if err != nil {
		return nil, err
	}
	limits := p.config.Limits()
	limits.Log = p.logger()
	service, err := representation.NewService(release.New(s, p.config.Memory.Bytes), p.config.CatalogSettings(), limits)
	if err != nil {
		return nil, err
	}
	rep, err := service.Catalog(ctx, r, f, representation.Identity)
	if err != nil {
		return nil, err
	}
	return rep.Body, nil
}

func graphFormat(name string) (rdf.Format, error) {
	var names []string
	for _, f := range rdf.Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return rdf.Format{}, &strategy.Invalid{
		Name: "--format", Value: name, Rule: "is no format of the catalogue", Allowed: names, Nearest: suggest.Nearest(name, names),
	}
}

// reportCatalog writes the findings, and what was not looked at where there is no
// address; violations make the command fail.
func (p *program) reportCatalog(r check.Report, fetched bool) error {
	for _, f := range r.Findings {
		fmt.Fprintln(p.stdout, f)
	}
	if !fetched {
		fmt.Fprintf(p.stdout, "not checked without the address of a service: %s\n", strings.Join(check.NeedAddress, ", "))
	}
	fmt.Fprintf(p.stdout, "%d datasets, %d triples, pages: %d; %d violations, %d warnings\n",
		r.Datasets, r.Triples, r.Pages, r.Count(check.Violation), r.Count(check.Warning))
	if r.Count(check.Violation) > 0 {
		return errReported
	}
	return nil
}
