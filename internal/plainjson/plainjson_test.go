// SPDX-License-Identifier: EUPL-1.2

package plainjson_test

import (
	"testing"

	"github.com/zielstand/zielstand/internal/plainjson"
)

func TestMarshal(t *testing.T) {
	t.Parallel()
	v := map[string]string{"a": "<R&D>"}
	if got, err := plainjson.Marshal(v); err != nil || string(got) != `{"a":"<R&D>"}` {
		t.Errorf("%s, error %v", got, err)
	}
	if got, err := plainjson.MarshalIndent(v); err != nil || string(got) != "{\n  \"a\": \"<R&D>\"\n}\n" {
		t.Errorf("%s, error %v", got, err)
	}
	if got, err := plainjson.Marshal(func() {}); err == nil || len(got) > 0 {
		t.Errorf("%s, error %v", got, err)
	}
}
