// SPDX-License-Identifier: EUPL-1.2

// Package signing signs the checksums of a release with an SSH key and verifies such
// signatures, in the format of ssh-keygen -Y (OpenSSH, PROTOCOL.sshsig).
package signing

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"

	"github.com/zielstand/zielstand/internal/domain"
)

// namespace is the namespace of the signatures, the -n of ssh-keygen. A signature that
// the same key made for another purpose does not verify in it.
const namespace = "zielstand-data"

// maxFile is the maximum size of a file of keys or of a signature.
const maxFile = 64 << 10

// ErrNotSigner reports that a signature is by a key that is not one of the signers.
var ErrNotSigner = errors.New("not among the signers")

// Key is a private key.
type Key struct{ signer ssh.Signer }

// ReadKey reads a private key from a file in the format of OpenSSH. No error contains any
// part of the key.
func ReadKey(path string) (*Key, error) {
	text, err := domain.ReadFile(path, maxFile)
	if err != nil {
		return nil, err
	}
	signer, err := ssh.ParsePrivateKey(text)
	if errors.As(err, new(*ssh.PassphraseMissingError)) {
		return nil, errors.New("is protected by a passphrase; sign with ssh-keygen, and give its signature to release sign --signature")
	}
	if err != nil {
		return nil, errors.New("must be a private key in OpenSSH format, as created by ssh-keygen -t ed25519")
	}
	return &Key{signer}, nil
}

// Sign returns the signature of a text.
func (k *Key) Sign(text []byte) (string, error) {
	signature, err := sshsig.Sign(bytes.NewReader(text), k.signer, sshsig.HashSHA512, namespace)
	if err != nil {
		return "", err
	}
	return string(sshsig.Armor(signature)), nil
}

// Signers are the public keys whose signatures are valid.
type Signers struct {
	// Text is the file that they were read from.
	Text []byte
	keys []ssh.PublicKey
}

// ReadSigners reads a file of public keys; see ParseSigners.
func ReadSigners(path string) (*Signers, error) {
	text, err := domain.ReadFile(path, maxFile)
	if err != nil {
		return nil, err
	}
	return ParseSigners(text)
}

// ParseSigners parses public keys in the form of ssh-keygen's allowed signers: a
// principal, options and a key in each line. The only option allowed is namespaces:
// readers verify old signatures, too, which ssh-keygen would reject after valid-before.
func ParseSigners(text []byte) (*Signers, error) {
	s := &Signers{Text: text}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, err := parseSigner(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		s.keys = append(s.keys, key)
	}
	if len(s.keys) == 0 {
		return nil, errors.New("has no key")
	}
	return s, nil
}

func parseSigner(line string) (ssh.PublicKey, error) {
	principal, rest, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
	if strings.Contains(line, "PRIVATE KEY") {
		return nil, errors.New("is a private key; only public keys belong here, because the file is published")
	}
	if strings.Contains(principal, `"`) {
		return nil, errors.New("the principal must not be in quotation marks")
	}
	key, _, options, _, err := ssh.ParseAuthorizedKey([]byte(rest))
	if err != nil {
		return nil, errors.New("must be a principal and a public key, such as data@example.org ssh-ed25519 AAAA…")
	}
	if _, ok := key.(*ssh.Certificate); ok {
		return nil, errors.New("certificates are not supported")
	}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		if !strings.EqualFold(name, "namespaces") {
			return nil, fmt.Errorf("the option %s is not supported; allowed is namespaces=%q", name, namespace)
		}
		if !slices.Contains(strings.Split(strings.Trim(value, `"`), ","), namespace) {
			return nil, fmt.Errorf("namespaces must contain %s", namespace)
		}
	}
	return key, nil
}

// Include reports whether a key is among the signers.
func (s *Signers) Include(k *Key) bool { return s.find(k.signer.PublicKey()) != nil }

func (s *Signers) find(key ssh.PublicKey) ssh.PublicKey {
	i := slices.IndexFunc(s.keys, func(k ssh.PublicKey) bool { return bytes.Equal(k.Marshal(), key.Marshal()) })
	if i < 0 {
		return nil
	}
	return s.keys[i]
}

// Verify returns an error unless the signature is by one of the signers over the text.
// The signature must be as Sign or ReadSignature returned it, byte for byte.
func (s *Signers) Verify(text []byte, signature string) error {
	parsed, err := sshsig.Unarmor([]byte(signature))
	if err != nil {
		return fmt.Errorf("is not an SSH signature: %w", err)
	}
	if string(sshsig.Armor(parsed)) != signature {
		return errors.New("has been modified since it was stored")
	}
	if parsed.Namespace != namespace {
		return fmt.Errorf("is for the namespace %q; it must be %s (ssh-keygen -n)", parsed.Namespace, namespace)
	}
	key := s.find(parsed.PublicKey)
	if key == nil {
		return fmt.Errorf("is by the key %s, which is %w", ssh.FingerprintSHA256(parsed.PublicKey), ErrNotSigner)
	}
	if err := sshsig.Verify(bytes.NewReader(text), parsed, key, parsed.HashAlgorithm, namespace); err != nil {
		return errors.New("does not match the checksums of the files as this program writes them with these settings")
	}
	return nil
}

// ReadSignature reads a signature that ssh-keygen wrote.
func ReadSignature(path string) (string, error) {
	text, err := domain.ReadFile(path, maxFile)
	if err != nil {
		return "", err
	}
	parsed, err := sshsig.Unarmor(text)
	if err != nil {
		return "", fmt.Errorf("is not an SSH signature: %w", err)
	}
	return string(sshsig.Armor(parsed)), nil
}
