package representation

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime/debug"
	"sync"
)

// program identifies this build: another one may give other bytes for the same
// release and the same settings. Instances of one build have the same.
var program = sync.OnceValue(func() string {
	if sum, err := executableSum(); err == nil {
		return sum
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.String()
	}
	return ""
})

func executableSum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
