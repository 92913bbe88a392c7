// SPDX-License-Identifier: EUPL-1.2

package encode

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// The styles of cells, by their index in cellXfs.
const (
	styleGeneral  = 0
	styleHeader   = 1
	styleText     = 2
	styleWrapped  = 3
	styleDate     = 4
	styleDecimals = 5 // and one more for each decimal place
)

const (
	xmlHeader    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relSpace     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageSpace = "http://schemas.openxmlformats.org/package/2006/"
	documentType = "application/vnd.openxmlformats-officedocument.spreadsheetml."

	// sheetBegin takes the range of the cells, the attribute of the selected sheet, the
	// content of its view, and its columns.
	sheetBegin = xmlHeader + `<worksheet xmlns="` + mainSpace + `"><dimension ref="%s"/><sheetViews><sheetView%s workbookViewId="0">%s</sheetView></sheetViews>` +
		`<sheetFormatPr defaultRowHeight="15"/>%s<sheetData>`
	// frozenHeader freezes the first row.
	frozenHeader = `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/>`
	// rowsEnd takes the range of header and rows. Identifiers are text on purpose, so
	// warnings about numbers stored as text are off.
	rowsEnd = `</sheetData><autoFilter ref="%[1]s"/><pageSetup paperSize="9" orientation="landscape"/>` +
		`<ignoredErrors><ignoredError sqref="%[1]s" numberStoredAsText="1"/></ignoredErrors></worksheet>`
)

// styles has the styles of cells: a format for each number of decimal places, for days
// and for text (@), which stays text when it is edited.
var styles = func() string {
	var formats, cells strings.Builder
	fmt.Fprintf(&formats, `<numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/>`)
	for places := range maxPlaces + 1 {
		id := 165 + places
		code := "0"
		if places > 0 {
			code += "." + strings.Repeat("0", places)
		}
		fmt.Fprintf(&formats, `<numFmt numFmtId="%d" formatCode="%s"/>`, id, code)
		fmt.Fprintf(&cells, `<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`, id)
	}
	return xmlHeader + `<styleSheet xmlns="` + mainSpace + `">` +
		fmt.Sprintf(`<numFmts count="%d">%s</numFmts>`, maxPlaces+2, formats.String()) +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		fmt.Sprintf(`<cellXfs count="%d">`, styleDecimals+maxPlaces+1) +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="left"/></xf>` +
		cells.String() + `</cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
}()

const relationships = xmlHeader + `<Relationships xmlns="` + packageSpace + `relationships">%s</Relationships>`

const relationship = `<Relationship Id="rId%d" Type="%s" Target="%s"/>`

// writeFixed writes the parts that do not depend on the rows. The first entry of the
// archive identifies its type.
func (e *xlsxEncoder) writeFixed() error {
	links := fmt.Sprintf(relationship, 1, relSpace+"/officeDocument", "xl/workbook.xml") +
		fmt.Sprintf(relationship, 2, packageSpace+"relationships/metadata/core-properties", "docProps/core.xml")
	if err := e.part("_rels/.rels", fmt.Sprintf(relationships, links)); err != nil {
		return err
	}
	if err := e.part("docProps/core.xml", e.properties()); err != nil {
		return err
	}
	return e.part("xl/styles.xml", styles)
}

// properties returns the properties that file managers show.
func (e *xlsxEncoder) properties() string {
	description := ""
	if e.d.Dataset != nil {
		description = e.d.Dataset.Description.In(e.d.Labels)
	}
	published := ""
	if !e.d.Meta.Modified.IsZero() {
		day := e.d.Meta.Modified.UTC().Format(time.RFC3339)
		for _, name := range []string{"created", "modified"} {
			published += fmt.Sprintf(`<dcterms:%s xsi:type="dcterms:W3CDTF">%s</dcterms:%[1]s>`, name, day)
		}
	}
	return xmlHeader + `<cp:coreProperties xmlns:cp="` + packageSpace + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
		` xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		property("dc:title", e.title()) + property("dc:description", description) + property("dc:identifier", e.d.Address) +
		property("cp:version", e.d.Meta.Release) + published + `</cp:coreProperties>`
}

func property(name, value string) string {
	if value == "" {
		return ""
	}
	return "<" + name + ">" + escapeXML(value) + "</" + name + ">"
}

func escapeXML(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer never fails
	return b.String()
}

// writeIndex writes the parts that list all sheets.
func (e *xlsxEncoder) writeIndex() error {
	var sheets, names, links, types strings.Builder
	for i, s := range e.sheets {
		id := i + 1
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escapeXML(s.name), id, id)
		fmt.Fprintf(&links, relationship, id, relSpace+"/worksheet", fmt.Sprintf("worksheets/sheet%d.xml", id))
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, id, documentType)
		if s.filter != "" {
			quoted := escapeXML("'" + s.name + "'!")
			fmt.Fprintf(&names, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">%s%s</definedName>`, i, quoted, s.filter)
			fmt.Fprintf(&names, `<definedName name="_xlnm.Print_Titles" localSheetId="%d">%s$1:$1</definedName>`, i, quoted)
		}
	}
	defined := ""
	if names.Len() > 0 {
		defined = "<definedNames>" + names.String() + "</definedNames>"
	}
	fmt.Fprintf(&links, relationship, len(e.sheets)+1, relSpace+"/styles", "styles.xml")
	for _, p := range []struct{ name, content string }{
		{"xl/workbook.xml", xmlHeader + `<workbook xmlns="` + mainSpace + `" xmlns:r="` + relSpace + `"><workbookPr/><bookViews><workbookView activeTab="0"/></bookViews><sheets>` +
			sheets.String() + "</sheets>" + defined + "</workbook>"},
		{"xl/_rels/workbook.xml.rels", fmt.Sprintf(relationships, links.String())},
		{"[Content_Types].xml", fmt.Sprintf(contentTypes, types.String())},
	} {
		if err := e.part(p.name, p.content); err != nil {
			return err
		}
	}
	return nil
}

const contentTypes = xmlHeader + `<Types xmlns="` + packageSpace + `content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
	`<Override PartName="/xl/workbook.xml" ContentType="` + documentType + `sheet.main+xml"/>` +
	`<Override PartName="/xl/styles.xml" ContentType="` + documentType + `styles+xml"/>%s</Types>`

// part writes a complete part.
func (e *xlsxEncoder) part(name, content string) error {
	w, err := e.create(name)
	if err != nil {
		return err
	}
	_, err = w.Write([]byte(content))
	return err
}
