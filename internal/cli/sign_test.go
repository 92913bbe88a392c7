// SPDX-License-Identifier: EUPL-1.2

package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/signing/signingtest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestSign signs at import and later, on both databases, and expects that a signature
// that does not fit is found.
func TestSign(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		cache := filepath.Join(t.TempDir(), "cache")
		key, other := signingtest.New(t, 1), signingtest.New(t, 2)
		do := func(args ...string) (int, string, string) {
			return run(t, append(args, "--database-url", databaseURL, "--cache-path", cache)...)
		}
		signed := []string{"--signing-key-file", key.File, "--signing-signers-file", key.Signers}
		status, stdout, stderr := do(append([]string{"import", folder(t)}, signed...)...)
		if status != 0 || !strings.HasSuffix(stdout, "Published release 2024.01.0\nSigned release 2024.01.0\n") {
			t.Fatalf("import: status %d\n%s%s", status, stdout, stderr)
		}
		s := storetest.Open(t, databaseURL)
		signature := func() string {
			r, err := s.Release(context.Background(), "2024.01.0")
			if err != nil {
				t.Fatal(err)
			}
			return r.Signature
		}
		first := signature()
		if status, stdout, stderr := do(append([]string{"release", "sign"}, signed...)...); status != 0 || stdout != "Signed release 2024.01.0\n" || signature() != first || !strings.HasPrefix(first, "-----BEGIN SSH SIGNATURE-----\n") {
			t.Errorf("again: status %d\n%s%s%s%s", status, stdout, stderr, first, signature())
		}
		const whole = "Release 2024.01.0 is as it was published: 18 datasets, 161 rows\n"
		verify := func(want int, wantOut, wantErr string, args ...string) {
			t.Helper()
			if status, stdout, stderr := do(append([]string{"release", "verify"}, args...)...); status != want || stdout != wantOut || stderr != wantErr {
				t.Errorf("verify %v: status %d\n%s%s", args, status, stdout, stderr)
			}
		}
		const damaged = "\n1 of 1 releases are not as they were published\n"
		verify(0, whole, "", "--signing-signers-file", key.Signers)
		verify(0, whole, "release 2024.01.0: the signature is not verified, because signing.signers_file is not set\n")
		verify(1, "", "release 2024.01.0, column signature: is by the key SHA256:+7Mp32er4lydoNiApNjjbYQK0PA6q+yZEYhxADwBN3M, which is not among the signers"+damaged, "--signing-signers-file", other.Signers)
		verify(1, "", "release 2024.01.0, column signature: does not match the checksums of the files as this program writes them with these settings"+damaged,
			"--signing-signers-file", key.Signers, "--http-public-url", "https://zielstand.example")
		absent := filepath.Join(t.TempDir(), "absent")
		verify(1, "", "release 2024.01.0: cannot be verified: --signing-signers-file=\""+absent+"\": open "+absent+": no such file or directory\n1 of 1 releases could not be verified\n", "--signing-signers-file", absent)
		storetest.Execute(t, databaseURL, "UPDATE releases SET signature = signature || 'x'")
		verify(1, "", "release 2024.01.0, column signature: has been modified since it was stored"+damaged, "--signing-signers-file", key.Signers)

		elsewhere := filepath.Join(t.TempDir(), "SHA256SUMS.sig")
		if err := os.WriteFile(elsewhere, []byte(first), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			args []string
			want string
		}{
			{[]string{}, "zielstand: signing.key_file: must be set, or a signature given with --signature\n"},
			{[]string{"--signing-key-file", key.File}, "zielstand: signing.signers_file: must be set to sign\n"},
			{[]string{"--signing-key-file", key.File, "--signing-signers-file", other.Signers}, "zielstand: --signing-key-file=\"" + key.File + "\": is not the key of one of the signers in signing.signers_file\n"},
			{[]string{"--signing-key-file", absent, "--signing-signers-file", key.Signers}, "zielstand: --signing-key-file=\"" + absent + "\": open " + absent + ": no such file or directory\n"},
			{[]string{"--signing-key-file", string(key.Private), "--signing-signers-file", key.Signers}, "zielstand: --signing-key-file: "},
			{[]string{"--signing-signers-file", absent}, "zielstand: signing.key_file: must be set"},
			{[]string{"--signature", elsewhere}, "zielstand: --signature: requires the ID of the release it signs\n"},
			{[]string{"2024.01.0", "--signature", elsewhere}, "zielstand: signing.signers_file: must be set to sign\n"},
			{[]string{"2024.01.0", "--signature", key.Signers, "--signing-signers-file", key.Signers}, "zielstand: --signature: is not an SSH signature: invalid PEM block\n"},
			{[]string{"2024.01.0", "--signature", elsewhere, "--signing-signers-file", other.Signers}, "zielstand: release 2024.01.0 is not signed: the signature is by the key SHA256:"},
			{append([]string{"2024.02.0"}, signed...), "zielstand: release 2024.02.0: not found\n"},
		} {
			status, stdout, stderr := do(append([]string{"release", "sign"}, tt.args...)...)
			if status != 1 || stdout != "" || !strings.HasPrefix(stderr, tt.want) || strings.Contains(stderr, "PRIVATE") {
				t.Errorf("%v: status %d, %s%s, want %s", tt.args, status, stdout, stderr, tt.want)
			}
		}
		if status, stdout, stderr := do("release", "sign", "latest", "--signature", elsewhere, "--signing-signers-file", key.Signers); status != 0 || stdout != "Signed release 2024.01.0\n" || signature() != first {
			t.Errorf("made elsewhere: status %d\n%s%s", status, stdout, stderr)
		}
		storetest.Execute(t, databaseURL, "UPDATE releases SET title = title || ' (forged)'")
		const forged = "what is recorded about it (id, title, time, notes, previous release, checksums) is not what was published\n"
		for _, command := range []string{"release sign", "catalog"} {
			if status, stdout, stderr := do(append(strings.Fields(command), signed...)...); status != 1 || stdout != "" || !strings.HasSuffix(stderr, forged) {
				t.Errorf("%s of an altered release: status %d\n%s%s", command, status, stdout, stderr)
			}
		}
		storetest.Execute(t, databaseURL, "UPDATE releases SET title = REPLACE(title, ' (forged)', '')")
		// What is wrong with the key is found before anything is published.
		later := folder(t, "datapackage.json", `"version": "2024.01.0"`, `"version": "2024.02.0"`)
		if status, stdout, stderr := do("import", later, "--signing-key-file", absent); status != 1 || strings.Contains(stdout, "Published") || !strings.Contains(stderr, "signing.signers_file: must be set to sign") {
			t.Errorf("import: status %d\n%s%s", status, stdout, stderr)
		}
	})
}

// TestSignBeforeReplica signs a release that the replica does not have yet.
func TestSignBeforeReplica(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	databaseURL, replica := storetest.Postgres(t), storetest.Postgres(t)
	storetest.Open(t, replica)
	key := signingtest.New(t, 1)
	status, stdout, stderr := run(t, "import", folder(t), "--database-url", databaseURL, "--database-replica-url", replica,
		"--cache-path", filepath.Join(t.TempDir(), "cache"), "--signing-key-file", key.File, "--signing-signers-file", key.Signers)
	if status != 0 || !strings.HasSuffix(stdout, "Published release 2024.01.0\nSigned release 2024.01.0\n") {
		t.Errorf("status %d\n%s%s", status, stdout, stderr)
	}
}
