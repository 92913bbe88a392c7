// The program reads docker-compose.yml as Docker Compose does, which checks it by the
// schema of the Compose Specification, and prints the result as JSON.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	options, err := cli.NewProjectOptions(os.Args[1:], cli.WithOsEnv, cli.WithName("zielstand"))
	if err == nil {
		var out []byte
		project, failed := options.LoadProject(context.Background())
		if err = failed; err == nil {
			out, err = project.MarshalJSON()
		}
		_, _ = os.Stdout.Write(out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
