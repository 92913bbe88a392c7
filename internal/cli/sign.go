// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/signing"
	"github.com/zielstand/zielstand/internal/store"
)

func (p *program) signCommand() *cobra.Command {
	var file string
	c := p.withStore(p.openExisting, "sign [ID]", "Sign the checksums of one or all releases", 0, func(ctx context.Context, s *store.Store, args []string) error {
		if file != "" && len(args) == 0 {
			return errors.New("--signature: requires the ID of the release it signs")
		}
		releases, err := p.named(ctx, s, args)
		if err != nil {
			return err
		}
		if file != "" {
			return p.storeSignature(ctx, s, releases[0], file)
		}
		sign, err := p.signer(s)
		if err != nil {
			return err
		}
		for _, r := range releases {
			if err := sign.release(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	c.Args = cobra.MaximumNArgs(1)
	c.Flags().StringVar(&file, "signature", "", "File with a signature made by ssh-keygen; if empty, signing.key_file is used to sign.")
	return c
}

// named returns the release in the arguments, or all.
func (p *program) named(ctx context.Context, s *store.Store, args []string) ([]*domain.Release, error) {
	if len(args) == 0 {
		return s.Releases(ctx)
	}
	r, err := p.find(ctx, s, args[0])
	return []*domain.Release{r}, err
}

// signer signs releases. Only the machine where releases are published has the private
// key; servers have only the public keys.
type signer struct {
	program   *program
	to        *store.Store
	documents *catalog.Service
	signers   *signing.Signers
	key       *signing.Key
}

// signer returns a signer with the private key.
func (p *program) signer(s *store.Store) (*signer, error) {
	const name = "signing.key_file"
	if p.config.Signing.KeyFile == "" {
		return nil, p.config.Invalid(name, errors.New("must be set, or a signature given with --signature"))
	}
	out, err := p.verifier(s)
	if err != nil {
		return nil, err
	}
	if out.key, err = signing.ReadKey(p.config.Signing.KeyFile); err != nil {
		return nil, p.config.Invalid(name, err)
	}
	if !out.signers.Include(out.key) {
		return nil, p.config.Invalid(name, errors.New("is not the key of one of the signers in signing.signers_file"))
	}
	return out, nil
}

// verifier returns a signer without the private key.
func (p *program) verifier(s *store.Store) (*signer, error) {
	out := &signer{program: p, to: s}
	var err error
	if out.signers, err = p.signers(); err != nil {
		return nil, err
	}
	if out.signers == nil {
		return nil, p.config.Invalid("signing.signers_file", errors.New("must be set to sign"))
	}
	out.documents, err = p.documents(s)
	return out, err
}

// storeSignature stores a signature that was made elsewhere.
func (p *program) storeSignature(ctx context.Context, s *store.Store, r *domain.Release, file string) error {
	signature, err := signing.ReadSignature(file)
	if err != nil {
		return fmt.Errorf("--signature: %w", err)
	}
	sign, err := p.verifier(s)
	if err != nil {
		return err
	}
	return sign.store(ctx, r, signature)
}

// signers reads the public keys, or returns nil if there are none.
func (p *program) signers() (*signing.Signers, error) {
	if p.config.Signing.SignersFile == "" {
		return nil, nil
	}
	signers, err := signing.ReadSigners(p.config.Signing.SignersFile)
	if err != nil {
		return nil, p.config.Invalid("signing.signers_file", err)
	}
	return signers, nil
}

func (s *signer) sums(ctx context.Context, r *domain.Release) ([]byte, error) {
	rep, err := s.documents.Checksums(ctx, r, representation.Identity)
	if err != nil {
		return nil, fmt.Errorf("checksums of release %s: %w", r.ID, err)
	}
	return rep.Body, nil
}

// release signs a release with the private key.
func (s *signer) release(ctx context.Context, r *domain.Release) error {
	sums, err := s.sums(ctx, r)
	if err != nil {
		return fmt.Errorf("not signed: %w", err)
	}
	signature, err := s.key.Sign(sums)
	if err != nil {
		return fmt.Errorf("release %s is not signed: %w", r.ID, err)
	}
	return s.store(ctx, r, signature)
}

// store stores a signature that matches the checksums.
func (s *signer) store(ctx context.Context, r *domain.Release, signature string) error {
	sums, err := s.sums(ctx, r)
	if err != nil {
		return err
	}
	if err := s.signers.Verify(sums, signature); err != nil {
		return fmt.Errorf("release %s is not signed: the signature %w", r.ID, err)
	}
	if err := s.to.Sign(ctx, r.ID, signature); err != nil {
		return err
	}
	fmt.Fprintf(s.program.stdout, "Signed release %s\n", r.ID)
	return nil
}

// verifyRelease runs ingest.Verify, and compares the signature with the files.
func (p *program) verifyRelease(ctx context.Context, s *store.Store, r *domain.Release) ([]store.Fault, error) {
	faults, err := ingest.Verify(ctx, s, r)
	if err != nil || len(faults) > 0 || r.Signature == "" {
		return faults, err
	}
	if p.config.Signing.SignersFile == "" {
		fmt.Fprintf(p.stderr, "release %s: the signature is not verified, because signing.signers_file is not set\n", r.ID)
		return nil, nil
	}
	sign, err := p.verifier(s)
	if err != nil {
		return nil, err
	}
	sums, err := sign.sums(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := sign.signers.Verify(sums, r.Signature); err != nil {
		return []store.Fault{{Release: r.ID, Column: "signature", Text: err.Error()}}, nil
	}
	return nil, nil
}
