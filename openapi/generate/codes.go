// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/csv"
	"slices"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
)

// codes are the codes of each codelist in the data that the program contains.
var codes = readCodes()

func readCodes() map[string][]string {
	content, err := fixtures.FS.ReadFile(dataset.Codelists.ID + ".csv")
	if err != nil {
		panic(err) // it is embedded
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		panic(err) // a test checks the fixtures
	}
	list, code := slices.Index(rows[0], "codelist"), slices.Index(rows[0], "code")
	out := map[string][]string{}
	for _, row := range rows[1:] {
		if len(out[row[list]]) == 0 {
			out["codelist"] = append(out["codelist"], row[list])
		}
		out[row[list]] = append(out[row[list]], row[code])
	}
	return out
}
