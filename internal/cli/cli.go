// SPDX-License-Identifier: EUPL-1.2

// Package cli contains the commands. Run is the program without its process, so that
// tests can call it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/zielstand/zielstand/internal/build"
	"github.com/zielstand/zielstand/internal/config"
	"github.com/zielstand/zielstand/internal/domain"
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
	root.SetArgs(append([]string{}, args...)) // cobra takes nil for os.Args
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
			if usesNone(cmd) {
				if set := slices.Sorted(maps.Keys(setFlags(cmd))); len(set) > 0 {
					return fmt.Errorf("--%s: is not used by %s", config.Key{Name: set[0]}.Flag(), cmd.CommandPath())
				}
				return nil
			}
			var err error
			p.config, err = LoadSettings(p.environ, setFlags(cmd))
			if errors.Is(err, domain.ErrInvalid) {
				fmt.Fprintln(p.stderr, "zielstand:", err) // as it is: it repeats no password
				return errReported
			}
			return err
		},
	}
	root.SetVersionTemplate(versionLine())
	root.PersistentFlags().String("config", "", "Path of a YAML file with settings.")
	for _, k := range config.Keys {
		root.PersistentFlags().Var(&setting{value: k.Default, kind: k.Type}, k.Flag(), k.Usage)
	}
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		for _, k := range config.Keys {
			root.PersistentFlags().Lookup(k.Flag()).Hidden = !uses(cmd, k.Name)
		}
		root.PersistentFlags().Lookup("config").Hidden = usesNone(cmd)
		help(cmd, args)
	})
	root.AddCommand(
		&cobra.Command{Use: "serve", Short: "Serve the API and the pages (the default)", Args: cobra.NoArgs, RunE: p.serve},
		p.checkCommand(),
		p.importCommand(),
		p.releaseCommand(),
		p.exportCommand(),
		p.migrateCommand(),
		p.convertCommand(),
		p.newCommand(),
		p.areasCommand(),
		p.catalogCommand(),
		p.healthcheckCommand(),
		p.versionCommand(),
		p.licensesCommand(),
		p.sbomCommand(),
	)
	root.SetFlagErrorFunc(explainFlag)
	explainArguments(root)
	return root
}

// allowedValues are the rules for the values of flags that are not settings, by type.
var allowedValues = map[string]string{
	"int": "must be a whole number", "int64": "must be a whole number",
	"bool": "must be true or false", "duration": "must be a duration, such as 10s or 5m",
}

// explainFlag adds the nearest flag to the error about an unknown one, and what is
// allowed to the error about a value.
func explainFlag(cmd *cobra.Command, err error) error {
	var value *pflag.InvalidValueError
	if errors.As(err, &value) && allowedValues[value.GetFlag().Value.Type()] != "" {
		return &domain.Invalid{Name: "--" + value.GetFlag().Name, Value: value.GetValue(), Rule: allowedValues[value.GetFlag().Value.Type()]}
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if nearest := domain.Nearest(unknown.GetSpecifiedName(), names); nearest != "" {
		return fmt.Errorf("%w; did you mean %q?", err, "--"+nearest)
	}
	return err
}

// explainArguments adds what was meant or is missing to errors about the arguments of a
// command and its subcommands.
func explainArguments(cmd *cobra.Command) {
	check := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		switch wanted := strings.Fields(cmd.Use)[1:]; {
		case err == nil:
			return nil
		case cmd.HasSubCommands() && len(args) > 0:
			return unknownCommand(cmd, args[0])
		case len(args) < len(wanted):
			return fmt.Errorf("%s is missing; usage: %s", wanted[len(args)], cmd.UseLine())
		}
		return fmt.Errorf("%w; usage: %s", err, cmd.UseLine())
	}
	for _, below := range cmd.Commands() {
		explainArguments(below)
	}
}

func unknownCommand(cmd *cobra.Command, name string) error {
	var names []string
	for _, below := range cmd.Commands() {
		names = append(names, below.Name())
	}
	if nearest := domain.Nearest(name, names); nearest != "" {
		return fmt.Errorf("unknown command %q for %q; did you mean %q?", name, cmd.CommandPath(), nearest)
	}
	return fmt.Errorf("unknown command %q for %q", name, cmd.CommandPath())
}

// group returns a command that only has subcommands. Unlike cobra, it refuses unknown ones.
func group(use, short string) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
}

// setting is the value of a flag, with its type in the help. Values are checked by the
// configuration, which also gets them from files and environment variables.
type setting struct{ value, kind string }

func (s *setting) String() string { return s.value }

// Type implements pflag.Value. For a flag of type bool, the help would show no value.
func (s *setting) Type() string { return strings.Replace(s.kind, "bool", "true|false", 1) }

// Set implements pflag.Value.
func (s *setting) Set(v string) error {
	s.value = v
	return nil
}

// settingsOf lists the settings of commands: sections, and keys with a dot. A subcommand
// that is missing here uses the settings of its parent; a command that is missing uses
// all.
var settingsOf = map[string][]string{
	"check": {"database"}, "import": filesOf, "release": {"database"}, "release sign": filesOf, "release verify": filesOf, "export": {"database"}, "migrate": {"database"},
	"catalog":     {"database", "memory", "cache", "data", "catalog", "http.public_url", "http.address"},
	"healthcheck": {"http.address"},
	"convert":     {}, "areas": {}, "new": {}, "version": {}, "licenses": {}, "sbom": {},
}

// filesOf are the settings of commands that sign the files of a release, which depend on
// all of them.
var filesOf = []string{"database", "memory", "cache", "data", "catalog", "signing", "http.public_url", "http.address"}

// settingsUsed returns the entry of a command in settingsOf. It reports false if the
// command uses all settings.
func settingsUsed(cmd *cobra.Command) ([]string, bool) {
	used, ok := settingsOf[strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")]
	for !ok && cmd.HasParent() && cmd.Parent().HasParent() {
		cmd = cmd.Parent()
		used, ok = settingsOf[cmd.Name()]
	}
	return used, ok
}

// uses reports whether a command uses a setting. Its help has only those; others are
// accepted, because a configuration is shared by all commands.
func uses(cmd *cobra.Command, key string) bool {
	used, ok := settingsUsed(cmd)
	section, _, _ := strings.Cut(key, ".")
	return !ok || slices.Contains(used, section) || slices.Contains(used, key)
}

// usesNone reports whether a command uses no setting. It then works with any
// configuration, and does not accept flags for settings.
func usesNone(cmd *cobra.Command) bool {
	used, ok := settingsUsed(cmd)
	return ok && len(used) == 0
}

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

// open opens the store and migrates it if database.manage is true, which also creates a
// missing file of SQLite.
func (p *program) open(ctx context.Context) (*store.Store, error) {
	return p.openStore(ctx, !p.config.Database.Manage)
}

// openExisting is like open, but does not create a file. The error is store.ErrNoFile if
// there is none.
func (p *program) openExisting(ctx context.Context) (*store.Store, error) {
	s, err := p.openStore(ctx, true)
	return s, p.explainOpen(err)
}

// openUnchanged is like openExisting, but does not migrate the database: servers of an older
// version may use it. The error is store.ErrEmpty if there is nothing to read.
func (p *program) openUnchanged(ctx context.Context) (*store.Store, error) {
	s, err := p.connect(true)
	if err != nil {
		return nil, p.explainOpen(err)
	}
	if err := s.Primary().CheckMigrated(ctx); err != nil {
		_ = s.Close()
		return nil, p.explainOpen(err)
	}
	return s, nil
}

// openIfExists is openUnchanged, but returns nil if there is no file or nothing in it.
func (p *program) openIfExists(ctx context.Context) (*store.Store, error) {
	s, err := p.openUnchanged(ctx)
	if errors.Is(err, store.ErrNoFile) || errors.Is(err, store.ErrEmpty) {
		return nil, nil
	}
	return s, err
}

// explainOpen adds a remedy to an error about opening the database.
func (p *program) explainOpen(err error) error {
	switch {
	case errors.Is(err, store.ErrNoFile):
		return fmt.Errorf("%w; publish a release with “zielstand import”, or set database.url to another database", err)
	case errors.Is(err, store.ErrEmpty):
		return fmt.Errorf("%s: %w; publish a release with “zielstand import”, or set database.url to another database", store.Name(p.config.Database.URL), err)
	case errors.As(err, new(store.Older)):
		return fmt.Errorf("%s: %w: use the older version of the program, or make a backup and run “zielstand migrate”", store.Name(p.config.Database.URL), err)
	}
	return err
}

func (p *program) openStore(ctx context.Context, existing bool) (*store.Store, error) {
	s, err := p.connect(existing)
	if err != nil {
		return nil, err
	}
	if p.config.Database.Manage {
		err = s.Migrate(ctx)
	} else {
		err = p.checkVersion(ctx, s)
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// checkVersion refuses a database of a later version. It waits for the database no longer
// than a request does.
func (p *program) checkVersion(ctx context.Context, s *store.Store) error {
	ctx, cancel := context.WithTimeout(ctx, p.config.Database.Timeout)
	defer cancel()
	return s.CheckVersion(ctx)
}

// connect opens the store of database.url. Errors about an address name it as it was set.
func (p *program) connect(existing bool) (*store.Store, error) {
	d := p.config.Database
	s, err := store.Open(store.Options{URL: d.URL, ReplicaURL: d.ReplicaURL, Connections: d.Connections, Existing: existing})
	var invalid *domain.Invalid
	if errors.As(err, &invalid) {
		return nil, p.config.Invalid(invalid.Name, invalid)
	}
	return s, err
}
