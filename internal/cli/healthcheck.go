package cli

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// healthcheckCommand asks the running service whether it is ready; an image
// without a shell has nothing else to ask with.
func (p *program) healthcheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the service at http.address whether it is ready",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, port, err := net.SplitHostPort(p.config.HTTP.Address)
			if err != nil {
				return err
			}
			client := http.Client{Timeout: 3 * time.Second}
			request, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, "http://127.0.0.1:"+port+"/readyz", nil)
			if err != nil {
				return err
			}
			response, err := client.Do(request)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			if response.StatusCode != http.StatusOK {
				return fmt.Errorf("the service answers %s", response.Status)
			}
			return nil
		},
	}
}
