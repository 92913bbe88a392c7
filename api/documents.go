package api

import "github.com/zielstand/zielstand/internal/encode"

// CollectionDocument is the form of every collection; the rows have the schema
// of the dataset.
type CollectionDocument struct {
	Meta  encode.Meta  `json:"meta"`
	Links encode.Links `json:"links"`
	// Data lists the rows.
	Data []map[string]string `json:"data"`
}

// ItemDocument is the form of every single row.
type ItemDocument struct {
	Meta  encode.Meta  `json:"meta"`
	Links encode.Links `json:"links"`
	// Data is the row.
	Data map[string]string `json:"data"`
}
