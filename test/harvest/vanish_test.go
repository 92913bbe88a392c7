// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/storetest"
)

// earlier makes the first release one from before there were milestones, as an
// earlier version of the program published it. No other way leads to a release
// without a dataset: TestDatasetCannotVanish. The later release has the rows.
var earlier = []string{
	"DELETE FROM release_datasets WHERE dataset = 'milestones' AND release_seq = (SELECT seq FROM releases WHERE id = '" + storetest.Release + "')",
	"UPDATE releases SET datasets = datasets - 1, record = '' WHERE id = '" + storetest.Release + "'",
}

// TestWithdrawnDatasetIsDeleted goes back to a release that lacks one of the
// datasets: the catalogue does not list it, and portals delete it.
func TestWithdrawnDatasetIsDeleted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		importPackage(t, databaseURL, storetest.Package(t))
		importPackage(t, databaseURL, edition(t, "2024.02.0", "2024-02-28T12:00:00Z"))
		storetest.Execute(t, databaseURL, earlier...)
		p := start(t, databaseURL)
		h := newHarvester(p.client, harvested)
		if diff := cmp.Diff(catalogued(), h.harvest(t).added); diff != "" {
			t.Errorf("added (-want +got)\n%s", diff)
		}
		if out, status := p.run(t, "release", "use", storetest.Release); status != 0 {
			t.Fatalf("status %d\n%s", status, out)
		}
		p.serves(t, storetest.Release)
		if diff := cmp.Diff([]string{iri("milestones")}, h.harvest(t).deleted); diff != "" {
			t.Errorf("deleted (-want +got)\n%s", diff)
		}
	})
}

// TestDatasetCannotVanish tries to lose a dataset: a package without it is
// refused, one that withdraws all of its rows keeps it, and a store that has lost
// it gives no catalogue.
func TestDatasetCannotVanish(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		p := serving(t, databaseURL)
		h := newHarvester(p.client, harvested)
		h.harvest(t)
		missing := edition(t, "2024.02.0", "2024-02-28T12:00:00Z")
		delete(missing, "milestones.csv")
		folder := t.TempDir()
		if err := os.CopyFS(folder, missing); err != nil {
			t.Fatal(err)
		}
		if out, status := p.run(t, "import", folder); status == 0 {
			t.Errorf("a package without milestones is taken\n%s", out)
		}
		emptied := edition(t, "2024.02.0", "2024-02-28T12:00:00Z")
		header, rows, _ := strings.Cut(string(emptied["milestones.csv"].Data), "\n")
		emptied["milestones.csv"].Data = []byte(header + "\n")
		for row := range strings.Lines(rows) {
			id, _, _ := strings.Cut(row, ",")
			withdraw(t, emptied, id, "milestones")
		}
		p.publish(t, emptied, "2024.02.0")
		if diff := cmp.Diff(outcome{changed: catalogued()}, h.harvest(t), equalOutcomes); diff != "" {
			t.Errorf("without milestones (-want +got)\n%s", diff)
		}
		storetest.Execute(t, databaseURL, "DELETE FROM release_datasets WHERE dataset = 'milestones'")
		h.client = start(t, databaseURL).client
		fails(t, h)
	})
}

// TestDatabaseGoesAway harvests a program whose database goes away while it
// runs: what it has made stays, what it has not is refused, and nothing is
// deleted either way.
func TestDatabaseGoesAway(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		importPackage(t, databaseURL, storetest.Package(t))
		importPackage(t, databaseURL, edition(t, "2024.02.0", "2024-02-28T12:00:00Z"))
		through, cut := severable(t, databaseURL)
		p := start(t, through)
		warm := newHarvester(p.client, harvested)
		warm.harvest(t)
		// The program builds the catalogue of the latest release in advance, and that of
		// an earlier one on request: a different release is requested first.
		cold := newHarvester(start(t, databaseURL).client, harvested+"?release="+storetest.Release)
		cold.harvest(t)
		cold.client = p.client
		cut()
		if diff := cmp.Diff(outcome{same: catalogued()}, warm.harvest(t), equalOutcomes); diff != "" {
			t.Errorf("warm (-want +got)\n%s", diff)
		}
		fails(t, cold)
	})
}

// fails runs the harvester, which must end with an error and keep all datasets, because
// the catalogue is unavailable.
func fails(t testing.TB, h *harvester) {
	t.Helper()
	response, err := h.ask(http.MethodGet, h.source, false)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("%s: %s, Retry-After %q", h.source, response.Status, response.Header.Get("Retry-After"))
	}
	if done, err := h.run(); err == nil {
		t.Errorf("%+v, want an error that ends the harvest", done)
	}
	if len(h.datasets) != len(catalogued()) {
		t.Errorf("%d datasets are left of %d", len(h.datasets), len(catalogued()))
	}
}

// severable returns an address of the database and what takes it away: the line
// to PostgreSQL is cut, a file of SQLite, which stays with who has it open, is
// emptied.
func severable(t testing.TB, databaseURL string) (address string, cut func()) {
	t.Helper()
	if strings.HasPrefix(databaseURL, "sqlite:") {
		return databaseURL, func() { storetest.Execute(t, databaseURL, "DELETE FROM latest", "DELETE FROM releases") }
	}
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go relay(ctx, listener, u.Host)
	cut = func() {
		cancel()
		_ = listener.Close()
	}
	t.Cleanup(cut)
	u.Host = listener.Addr().String()
	return u.String(), cut
}

// relay passes connections on until the context ends.
func relay(ctx context.Context, listener net.Listener, target string) {
	for {
		near, err := listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", target)
		if err != nil {
			_ = near.Close()
			continue
		}
		end := func() { _, _ = near.Close(), far.Close() }
		context.AfterFunc(ctx, end)
		go func() { defer end(); _, _ = io.Copy(near, far) }()
		go func() { defer end(); _, _ = io.Copy(far, near) }()
	}
}
