// SPDX-License-Identifier: EUPL-1.2

package signing_test

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"

	"github.com/zielstand/zielstand/internal/signing"
	"github.com/zielstand/zielstand/internal/signing/signingtest"
)

// line is a public key without the line end.
func line(k signingtest.Key) string { return strings.TrimSpace(string(k.Public)) }

func write(t testing.TB, content []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSign signs, and alters text and signature: every bit of the latter counts.
func TestSign(t *testing.T) {
	t.Parallel()
	pair := signingtest.New(t, 1)
	private, public, other := pair.Private, line(pair), line(signingtest.New(t, 2))
	key, err := signing.ReadKey(pair.File)
	if err != nil {
		t.Fatal(err)
	}
	signers, err := signing.ParseSigners([]byte("# comment\r\n\r\nother@zielstand.example " + other + "\r\ndata@zielstand.example namespaces=\"git,zielstand-data\" " + public + " a comment\r\n"))
	if err != nil || !signers.Include(key) {
		t.Fatalf("%+v, error %v", signers, err)
	}
	text := []byte("sums\n")
	signature, err := key.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := signers.Verify(text, signature); err != nil {
		t.Error(err)
	}
	for i := range signature {
		altered := []byte(signature)
		altered[i] ^= 1
		if signers.Verify(text, string(altered)) == nil {
			t.Errorf("the signature with another byte %d is valid", i)
		}
	}
	stored, err := signing.ReadSignature(write(t, []byte("\n"+strings.ReplaceAll(signature, "\n", "\r\n"))))
	if err != nil || stored != signature {
		t.Errorf("read %q, error %v", stored, err)
	}
	without, err := signing.ParseSigners([]byte("other@zielstand.example " + other))
	if err != nil || without.Include(key) {
		t.Fatalf("%+v, error %v", without, err)
	}
	elsewhere := func() string {
		signer, _ := ssh.ParsePrivateKey(private)
		s, err := sshsig.Sign(strings.NewReader("sums\n"), signer, sshsig.HashSHA512, "git")
		if err != nil {
			t.Fatal(err)
		}
		return string(sshsig.Armor(s))
	}()
	for _, tt := range []struct {
		name, text, signature string
		signers               *signing.Signers
		want                  string
	}{
		{"another text", "sums", signature, signers, "does not match the checksums of the files as this program writes them with these settings"},
		{"another key", "sums\n", signature, without, "is by the key SHA256:"},
		{"another namespace", "sums\n", elsewhere, signers, `is for the namespace "git"; it must be zielstand-data (ssh-keygen -n)`},
		{"no signature", "sums\n", "", signers, "is not an SSH signature: "},
		{"not as stored", "sums\n", signature + "\n", signers, "has been modified since it was stored"},
	} {
		if err := tt.signers.Verify([]byte(tt.text), tt.signature); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

// TestFiles expects what is wrong with a file, and nothing of a private key in it.
func TestFiles(t *testing.T) {
	t.Parallel()
	pair := signingtest.New(t, 1)
	private, public := pair.Private, line(pair)
	block, err := ssh.MarshalPrivateKeyWithPassphrase(signingtest.Seed(1), "", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	protected := pem.EncodeToMemory(block)
	readKey := func(path string) error { _, err := signing.ReadKey(path); return err }
	readSigners := func(path string) error { _, err := signing.ReadSigners(path); return err }
	readSignature := func(path string) error { _, err := signing.ReadSignature(path); return err }
	for _, tt := range []struct {
		name    string
		read    func(string) error
		content string
		want    string
	}{
		{"a passphrase", readKey, string(protected), "is protected by a passphrase; sign with ssh-keygen, and give its signature to release sign --signature"},
		{"a public key", readKey, public, "must be a private key in OpenSSH format, as created by ssh-keygen -t ed25519"},
		{"a damaged key", readKey, string(private[:len(private)/2]), "must be a private key in OpenSSH format, as created by ssh-keygen -t ed25519"},
		{"a large file", readKey, strings.Repeat("x", 70000), "must not have more than 65536 bytes"},
		{"no signers", readSigners, "# none\n", "has no key"},
		{"no principal", readSigners, "\n" + public, "line 2: must be a principal and a public key, such as data@example.org ssh-ed25519 AAAA…"},
		{"no key", readSigners, "data@zielstand.example ssh-ed25519 AAAA", "line 1: must be a principal and a public key, such as data@example.org ssh-ed25519 AAAA…"},
		{"a private key", readSigners, string(private), "line 1: is a private key; only public keys belong here, because the file is published"},
		{"quotation marks", readSigners, `"data" ` + public, "line 1: the principal must not be in quotation marks"},
		{"an option", readSigners, `data valid-before="20270101" ` + public, `line 1: the option valid-before is not supported; allowed is namespaces="zielstand-data"`},
		{"another namespace", readSigners, `data namespaces="git" ` + public, "line 1: namespaces must contain zielstand-data"},
		{"no signature", readSignature, "x", "is not an SSH signature: invalid PEM block"},
	} {
		if err := tt.read(write(t, []byte(tt.content))); err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
		if err := tt.read(filepath.Join(t.TempDir(), "absent")); err == nil || !strings.Contains(err.Error(), "no such file") {
			t.Errorf("an absent file: %v", err)
		}
	}
}

// FuzzSigners parses lists of signers and signatures of anybody.
func FuzzSigners(f *testing.F) {
	pair := signingtest.New(f, 1)
	public := line(pair)
	key, err := signing.ReadKey(pair.File)
	if err != nil {
		f.Fatal(err)
	}
	signature, err := key.Sign([]byte("sums\n"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("data@zielstand.example "+public, signature)
	f.Add(`data namespaces="git,zielstand-data" `+public+" comment\n#\n", signature[:100])
	f.Add(`a,b cert-authority,valid-after="20260101" ssh-rsa AAAA`, "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n")
	f.Fuzz(func(t *testing.T, list, signature string) {
		signers, err := signing.ParseSigners([]byte(list))
		if err != nil {
			return
		}
		if signers.Verify([]byte("other\n"), signature) == nil {
			t.Errorf("%q is a signature of another text", signature)
		}
		if signers.Verify([]byte("sums\n"), signature) == nil && !signers.Include(key) {
			t.Errorf("%q is valid, and its key not among the signers", signature)
		}
	})
}
