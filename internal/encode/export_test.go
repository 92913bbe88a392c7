// SPDX-License-Identifier: EUPL-1.2

package encode

import "io"

// NewWorkbook begins a workbook whose sheets have few rows.
func NewWorkbook(w io.Writer, d Document, maxRows int) Encoder { return newWorkbook(w, d, maxRows) }

var (
	DecimalPlaces = decimalPlaces
	SerialDay     = serialDay
	SheetName     = sheetName
)

// MaxCellText is the longest text of a cell.
const MaxCellText = maxCellText

// Envelope returns a JSON object with the members meta and links.
func Envelope(m Meta, l Links) []byte { return append(appendEnvelope(nil, m, l), '}') }
