// SPDX-License-Identifier: EUPL-1.2

// Package signingtest makes keys for tests.
package signingtest

import (
	"crypto/ed25519"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh"
)

// Key is a pair of keys in files.
type Key struct {
	// Private and Public are the keys in the formats of OpenSSH, Public with its line end.
	Private, Public []byte
	// File is the file of the private key, Signers that of the public one.
	File, Signers string
}

// New returns a key; the same number gives the same key. The files are removed after the
// test.
func New(t testing.TB, number byte) Key {
	t.Helper()
	private := Seed(number)
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	k := Key{
		Private: pem.EncodeToMemory(block), Public: ssh.MarshalAuthorizedKey(public),
		File: filepath.Join(folder, "key"), Signers: filepath.Join(folder, "signers"),
	}
	for path, content := range map[string][]byte{k.File: k.Private, k.Signers: append([]byte("data@zielstand.example "), k.Public...)} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// Seed returns the private key with a number.
func Seed(number byte) ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	seed[0] = number
	return ed25519.NewKeyFromSeed(seed)
}
