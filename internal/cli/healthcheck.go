// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/internal/domain"
)

// healthcheckCommand is for container images without a shell or an HTTP client.
func (p *program) healthcheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "healthcheck",
		Short: "Check whether the server at http.address is ready",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			addresses, err := listeningOn(p.config.HTTP.Address)
			if err != nil {
				return err
			}
			// The request must not use a proxy, and the address need not be valid in a URL.
			client := http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{
				DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
					return dialFirst(ctx, network, addresses)
				},
			}}
			request, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, "http://localhost/readyz", nil)
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

// listeningOn returns the addresses where a server with this http.address can be reached
// on its machine: its host, or the loopback addresses if it listens on all interfaces.
// “::” includes IPv4, and an image may not resolve “localhost”.
func listeningOn(address string) ([]string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if port == "0" {
		return nil, &domain.Invalid{Name: "http.address", Value: address, Rule: "must have a fixed port, so that healthcheck can find the service"}
	}
	hosts := []string{host}
	switch ip := net.ParseIP(host); {
	case host == "":
		hosts = []string{"127.0.0.1", "::1"}
	case ip != nil && ip.IsUnspecified() && ip.To4() != nil:
		hosts = []string{"127.0.0.1"}
	case ip != nil && ip.IsUnspecified():
		hosts = []string{"::1", "127.0.0.1"}
	}
	addresses := make([]string, len(hosts))
	for i, h := range hosts {
		addresses[i] = net.JoinHostPort(h, port)
	}
	return addresses, nil
}

// dialFirst connects to the first address that accepts a connection.
func dialFirst(ctx context.Context, network string, addresses []string) (net.Conn, error) {
	var failed error
	for _, address := range addresses {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			return conn, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}
