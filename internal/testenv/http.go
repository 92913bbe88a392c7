// SPDX-License-Identifier: EUPL-1.2

package testenv

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"testing"
)

// Get requests an address and reads the whole body.
func Get(t testing.TB, address string) (*http.Response, []byte) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, body
}

// Records returns the rows of a CSV file, each with its cells by the name of the column.
func Records(t testing.TB, file []byte) []map[string]string {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) == 0 {
		t.Fatal("the file has no header")
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := make(map[string]string, len(line))
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}
