// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"net"
	"strings"
)

// notify reports a state to systemd (sd_notify(3)) if it started the program and waits
// for reports. A report that is lost is not worth an error: the service works.
func (p *program) notify(state ...string) {
	path := ""
	for _, variable := range p.environ {
		if value, ok := strings.CutPrefix(variable, "NOTIFY_SOCKET="); ok {
			path = value
		}
	}
	if path == "" {
		return
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = conn.Write([]byte(strings.Join(state, "\n")))
}
