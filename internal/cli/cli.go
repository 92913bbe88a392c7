// Package cli contains the commands. Run is the program without its process, so that
// tests can call it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"
	"github.com/zielstand/zielstand/internal/build"
	"github.com/zielstand/zielstand/internal/config"
	"github.com/zielstand/zielstand/internal/store"
)

// Run runs the program and returns its exit status: 0, or 1 after it has written an
// error to stderr.
func Run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	out, errs := &printable{to: stdout}, &printable{to: stderr}
	defer out.Flush()
	defer errs.Flush()
	p := &program{environ: environ, raw: stdout, stdout: out, stderr: errs}
	root := p.root()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	if err := root.ExecuteContext(ctx); err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintln(errs, "zielstand:", p.hide(err.Error(), args))
		}
		return 1
	}
	return 0
}

// hide removes passwords from a message, because errors of the command line repeat
// arguments.
func (p *program) hide(message string, args []string) string {
	if p.config != nil {
		args = append([]string{p.config.Database.URL, p.config.Database.ReplicaURL}, args...)
	}
	return store.Hide(message, args...)
}

// errReported ends a command that has written its errors.
var errReported = errors.New("reported")

// program is the state that commands share.
type program struct {
	environ []string
	// stdout and stderr are for people; raw is standard output for data.
	stdout, stderr, raw io.Writer
	config              *config.Config
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "zielstand",
		Short: "Publish the goals of North Rhine-Westphalia's digital strategy as open data",
		Long: "Publish the goals of North Rhine-Westphalia's digital strategy as open data.\n\n" +
			"Without a command, zielstand starts the server. Every setting is a flag, an environment variable and a key of a YAML file; see docs/configuration.md.",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		Version:       build.Version(),
		RunE:          p.serve,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Annotations[noSettings] != "" {
				return nil
			}
			var err error
			p.config, err = LoadSettings(p.environ, setFlags(cmd))
			return err
		},
	}
	root.SetVersionTemplate(versionLine())
	root.PersistentFlags().String("config", "", "Path of a YAML file with settings.")
	for _, k := range config.Keys {
		root.PersistentFlags().String(k.Flag(), k.Default, k.Usage)
	}
	root.AddCommand(
		&cobra.Command{Use: "serve", Short: "Serve the API and the pages (the default)", Args: cobra.NoArgs, RunE: p.serve},
		p.checkCommand(),
		p.importCommand(),
		p.releaseCommand(),
		p.exportCommand(),
		p.convertCommand(),
		p.areasCommand(),
		p.catalogCommand(),
		p.healthcheckCommand(),
		p.versionCommand(),
		p.licensesCommand(),
		p.sbomCommand(),
	)
	return root
}

// noSettings marks commands that use no setting. They work with a configuration that
// does not.
const noSettings = "no settings"

// setFlags returns the flags that were set, by key.
func setFlags(cmd *cobra.Command) map[string]string {
	set := map[string]string{}
	add := func(key, flag string) {
		if f := cmd.Flags().Lookup(flag); f != nil && f.Changed {
			set[key] = f.Value.String()
		}
	}
	add("config", "config")
	for _, k := range config.Keys {
		add(k.Name, k.Flag())
	}
	return set
}

func (p *program) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(p.config.Log.Level)) // checked by config
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if err, ok := a.Value.Any().(error); ok {
			return slog.String(a.Key, p.hide(err.Error(), nil))
		}
		return a
	}}
	if p.config.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(p.stderr, options))
	}
	return slog.New(slog.NewTextHandler(p.stderr, options))
}

// open opens the store and migrates it if database.manage is true.
func (p *program) open(ctx context.Context) (*store.Store, error) {
	d := p.config.Database
	s, err := store.Open(store.Options{
		URL: d.URL, ReplicaURL: d.ReplicaURL, Connections: d.Connections, Existing: !d.Manage,
	})
	if err != nil || !d.Manage {
		return s, err
	}
	if err := s.Migrate(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}
