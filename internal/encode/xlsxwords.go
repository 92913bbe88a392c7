// SPDX-License-Identifier: EUPL-1.2

package encode

import "github.com/zielstand/zielstand/internal/dataset"

// words are the texts of a workbook in one language.
type words struct {
	data, metadata                                                         string
	title, description, release, published, rows, total                    string
	license, attribution, address, cite, citation, notes                   string
	column, name, meaning, kind                                            string
	source, publisher, reference                                           string
	unit, unitIn, unitOut, code, list                                      string
	empty, numbers, days, wide, sheets, cutMark, cutNote, cutMore, undated string
	// day is the layout of a date.
	day   string
	types map[dataset.Type]string
	// lists are the types of lists by the type of their entries.
	lists map[dataset.Type]string
}

func wordsIn(language string) *words {
	if language == "en" {
		return &english
	}
	return &german
}

var german = words{
	data: "Daten", metadata: "Metadaten",
	title: "Titel", description: "Beschreibung", release: "Veröffentlichung", published: "Veröffentlicht", rows: "Zeilen", total: "Gefunden",
	license: "Lizenz", attribution: "Namensnennung", address: "Adresse", cite: "Zitieren als", notes: "Hinweise",
	citation: "%s: „%s“, Veröffentlichung %s vom %s. %s. Lizenz: %s",
	column:   "Spalte", name: "Titel", meaning: "Bedeutung", kind: "Typ",
	source: "Quelle", publisher: "Herausgeber", reference: "Aktenzeichen",
	unit: "Einheit", unitIn: "siehe Spalte %s", unitOut: "je nach Indikator (Spalte unit, hier weggelassen)",
	code: "Code", list: "Codeliste", day: "2.1.2006",
	empty:   "Eine leere Zelle heißt: nicht berichtet. Sie heißt nie null und nie nein.",
	numbers: "Zahlen haben die Nachkommastellen der Quelle. Zahlen mit mehr als 15 Ziffern oder mehr als 6 Nachkommastellen stehen als Text, damit keine Ziffer verloren geht.",
	days:    "Ein Zeitraum, der ein Tag ist, steht als Datum; alle anderen (2021, 2021-06) stehen als Text.",
	wide:    "Jede Spalte eines Zeitraums enthält den Wert dieses Zeitraums; wie genau die Werte einer Zeile sind, sagt die Spalte %s. Gleiche Werte stehen einmal; verschiedene Werte einer Zelle sind durch „ / “ getrennt, die Zelle ist dann Text. Kennung, Fundstelle, Herleitung, Wortlaut und Anmerkung der Werte stehen nur in der langen Form (ohne layout=wide).",
	sheets:  "Ein Blatt hat höchstens %d Zeilen; die übrigen stehen auf den folgenden Blättern.",
	cutMark: " … [gekürzt: %d Zeichen, siehe Blatt Metadaten]",
	cutNote: "Diese Texte passen nicht in eine Zelle (höchstens 32.767 Zeichen) und sind gekürzt: %s. Vollständig stehen sie in CSV und JSON.",
	cutMore: " und %d weitere", undated: "ohne Zeitraum",
	types: map[dataset.Type]string{
		dataset.Identifier: "Kennung", dataset.Reference: "Kennung aus %s", dataset.Code: "Code der Liste %s", dataset.String: "Text",
		dataset.Date: "Datum", dataset.Period: "Zeitraum (ISO 8601)", dataset.Decimal: "Dezimalzahl", dataset.Integer: "ganze Zahl",
		dataset.Boolean: "Wahrheitswert", dataset.List: "Kennungen, durch Leerzeichen getrennt",
	},
	lists: map[dataset.Type]string{
		dataset.Reference: "Kennungen aus %s, durch Leerzeichen getrennt", dataset.Code: "Codes der Liste %s, durch Leerzeichen getrennt",
	},
}

var english = words{
	data: "Data", metadata: "Metadata",
	title: "Title", description: "Description", release: "Release", published: "Published", rows: "Rows", total: "Found",
	license: "Licence", attribution: "Attribution", address: "Address", cite: "Cite as", notes: "Notes",
	citation: "%s: “%s”, release %s of %s. %s. Licence: %s",
	column:   "Column", name: "Title", meaning: "Meaning", kind: "Type",
	source: "Source", publisher: "Publisher", reference: "Reference",
	unit: "Unit", unitIn: "see column %s", unitOut: "depends on the indicator (column unit, not selected here)",
	code: "Code", list: "Code list", day: "2 January 2006",
	empty:   "An empty cell means that nothing was reported. It never means zero or no.",
	numbers: "Numbers have the decimal places of the source. Numbers with more than 15 digits or more than 6 decimal places are stored as text, so that no digit is lost.",
	days:    "A period of a single day is a date; all others (2021, 2021-06) are text.",
	wide:    "Each period has a column with its value; the column %s shows how exact the values of a row are. Equal values appear once; different values in a cell are separated by “ / ”, and the cell is text. The identifier, locator, derivation, wording and note of a value are only available without layout=wide.",
	sheets:  "A sheet has at most %d rows; the rest are on the following sheets.",
	cutMark: " … [truncated: %d characters, see sheet Metadata]",
	cutNote: "These texts exceed the maximum of a cell (32,767 characters) and are truncated: %s. CSV and JSON have them in full.",
	cutMore: " and %d more", undated: "without period",
	types: map[dataset.Type]string{
		dataset.Identifier: "identifier", dataset.Reference: "identifier from %s", dataset.Code: "code from the list %s", dataset.String: "text",
		dataset.Date: "date", dataset.Period: "period (ISO 8601)", dataset.Decimal: "decimal number", dataset.Integer: "integer",
		dataset.Boolean: "boolean", dataset.List: "identifiers separated by spaces",
	},
	lists: map[dataset.Type]string{
		dataset.Reference: "identifiers from %s, separated by spaces", dataset.Code: "codes from the list %s, separated by spaces",
	},
}
