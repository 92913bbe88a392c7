// SPDX-License-Identifier: EUPL-1.2

package representation

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"
)

// BenchmarkCompress compresses a page of 30 KB.
func BenchmarkCompress(b *testing.B) {
	var page bytes.Buffer
	for i := range 100 {
		fmt.Fprintf(&page, `{"id":"syn-%07d","indicator":"syn-leistung-001","area":"05101001","period":"2021-%02d","kind":"actual","value":%d.5,"unit":"percent"},`+"\n", i, 1+i%12, i*7%100)
	}
	for _, c := range []Coding{Gzip, Brotli, Zstd} {
		for name, e := range map[string]effort{"fast": fast, "thorough": thorough} {
			b.Run(string(c)+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(page.Len()))
				for b.Loop() {
					if err := compress(c, e, io.Discard, func(w io.Writer) error { _, err := w.Write(page.Bytes()); return err }); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// TestCompressorsAreUsedAgain gets the same bytes from a compressor that was
// used before, also after a failure.
func TestCompressorsAreUsedAgain(t *testing.T) {
	t.Parallel()
	content := bytes.Repeat([]byte("Zielstand "), 1000)
	for _, c := range []Coding{Gzip, Brotli, Zstd} {
		for _, e := range []effort{fast, thorough} {
			var all [][]byte
			for range 3 {
				var b bytes.Buffer
				_ = compress(c, e, io.Discard, func(w io.Writer) error { _, _ = w.Write(content[:500]); return context.Canceled })
				if err := compress(c, e, &b, func(w io.Writer) error { _, err := w.Write(content); return err }); err != nil {
					t.Fatal(err)
				}
				all = append(all, b.Bytes())
			}
			if !bytes.Equal(all[0], all[1]) || !bytes.Equal(all[0], all[2]) {
				t.Errorf("%s, %d: other bytes the second time", c, e)
			}
		}
	}
}

// TestBodyWithoutSlack expects that a representation takes no more memory than it counts.
func TestBodyWithoutSlack(t *testing.T) {
	t.Parallel()
	body := append(make([]byte, 0, 100_000), "Zielstand"...)
	if got := New(Head{}, body); string(got.Body) != "Zielstand" || cap(got.Body) > 64 {
		t.Errorf("%q takes %d bytes", got.Body, cap(got.Body))
	}
}
