// SPDX-License-Identifier: EUPL-1.2

package dataset

// All lists the datasets in the order in which they are presented.
var All = []*Dataset{
	Goals, GoalStatus, Indicators, Observations, OZGServiceCounts, Milestones, GoalProgress,
	Services, ServiceAvailability, ServiceCounts,
	Contradictions, Strategies, FieldsOfAction, Areas, Sources, Codelists, Withdrawn, Changes,
}

// HomeArea is the key of the area whose goals these are.
const HomeArea = "05"

func id(example string) Column {
	return Column{
		Name: "id", Type: Identifier, Required: true, Example: example,
		Title:       Text{"Kennung", "Identifier"},
		Description: Text{"Dauerhafte Kennung der Zeile; sie wird nie neu vergeben.", "Permanent identifier of the row; it is never reused."},
	}
}

func title(of Text) Column {
	return Column{
		Name: "title", Type: String, Required: true,
		Title:       Text{"Titel", "Title (German)"},
		Description: of,
	}
}

func titleEN() Column {
	return Column{
		Name: "titleEn", Type: String, Required: true,
		Title:       Text{"Titel (englisch)", "Title (English)"},
		Description: Text{"Der Titel auf Englisch.", "The title in English."},
	}
}

func source() Column {
	return Column{
		Name: "source", Type: Reference, Of: "sources", Required: true, Example: "digitalstrategie-2-0",
		Title:       Text{"Quelle", "Source"},
		Description: Text{"Kennung des Dokuments, aus dem die Angabe stammt.", "Identifier of the document from which the statement is taken."},
	}
}

func locator() Column {
	return Column{
		Name: "locator", Type: String, Required: true, Locates: true, Example: "8.2 (1)",
		Title:       Text{"Fundstelle", "Locator"},
		Description: Text{"Stelle im Dokument: Abschnitt, Seite, Folie, Tagesordnungspunkt und Ähnliches (Codeliste locator-part), am Ende manchmal mit wörtlichem Zitat.", "Place in the document, such as section, page, slide or agenda item (codelist locator-part), optionally followed by a verbatim quotation."},
	}
}

func published() Column {
	return Column{
		Name: "published", Type: Period, Via: "source.published|retrieved", Example: "2021-11-26",
		Title:       Text{"Veröffentlicht", "Published"},
		Description: Text{"Seit wann die Angabe bekannt ist: Datum des Dokuments oder, wenn es keines trägt, der Tag, an dem es gelesen wurde. Ein Monat zählt ab seinem letzten Tag.", "Date from which the statement was known: that of the document or, if it is undated, the day on which it was retrieved. A month counts from its last day."},
	}
}

func note() Column {
	return Column{
		Name: "note", Type: String, Remark: true,
		Title:       Text{"Anmerkung", "Note"},
		Description: Text{"Was zum Verständnis der Angabe nötig ist, auf Deutsch.", "Whatever is needed to understand the statement, in German."},
	}
}

func noteEN() Column {
	return Column{
		Name: "noteEn", Type: String, Remark: true,
		Title:       Text{"Anmerkung (englisch)", "Note (English)"},
		Description: Text{"Die Anmerkung auf Englisch.", "The note in English."},
	}
}

func themes() Column {
	return Column{
		Name: "themes", Type: List, Of: "theme", Example: "e-file",
		Title:       Text{"Themen", "Themes"},
		Description: Text{"Themen der Codeliste theme; sie verbinden Ziele, Indikatoren, Meilensteine und abweichende Angaben aller Strategien.", "Themes from the codelist theme, which connect the goals, indicators, milestones and differing statements of all strategies."},
	}
}

func area() Column {
	return Column{
		Name: "area", Type: Reference, Of: "areas", Required: true, Example: "05",
		Title:       Text{"Gebiet", "Area"},
		Description: Text{"Amtlicher Schlüssel des Gebiets als Text: 00 Deutschland, 05 Nordrhein-Westfalen.", "Official key of the area as text: 00 Germany, 05 North Rhine-Westphalia."},
	}
}

func kind() Column {
	return Column{
		Name: "kind", Type: Code, Of: "kind", Required: true, Example: "actual",
		Title:       Text{"Art", "Kind"},
		Description: Text{"Ob der Wert berichtet (actual), versprochen (target) oder geplant (planned) ist oder bereitgestelltes Geld angibt (budget).", "Whether the value is reported (actual), promised (target), planned (planned) or money that was made available (budget)."},
	}
}

func value() Column {
	return Column{
		Name: "value", Type: Decimal, Required: true, Example: "75000",
		Title:       Text{"Wert", "Value"},
		Description: Text{"Die Zahl mit den Nachkommastellen des Dokuments, Geld in Euro.", "The number with the decimal places given in the document; money in euros."},
	}
}

func qualifier() Column {
	return Column{
		Name: "qualifier", Type: Code, Of: "qualifier", Required: true, Example: "at-least",
		Title:       Text{"Genauigkeit", "Qualifier"},
		Description: Text{"Wie genau der Wortlaut die Zahl nennt: exact, about, at-least, more-than …", "How precisely the source states the number: exact, about, at-least, more-than …"},
	}
}

func strategyOf() Column {
	return Column{
		Name: "strategy", Type: Reference, Of: "strategies", Required: true, Example: "digitalstrategie-2-0",
		Title:       Text{"Strategie", "Strategy"},
		Description: Text{"Kennung der Strategie.", "Identifier of the strategy."},
	}
}

func fieldOfAction(required bool) Column {
	return Column{
		Name: "fieldOfAction", Type: Reference, Of: "fields-of-action", Required: required, Example: "ds2-verwaltung",
		Title:       Text{"Handlungsfeld", "Field of action"},
		Description: Text{"Kennung des Handlungsfelds, zu dem die Zeile gehört.", "Identifier of the field of action to which the row belongs."},
	}
}

func goal(required bool, what Text) Column {
	return Column{
		Name: "goal", Type: Reference, Of: "goals", Required: required, Example: "ds2-47",
		Title: Text{"Ziel", "Goal"}, Description: what,
	}
}

func unit(c Column) Column {
	c.Name, c.Type, c.Of, c.Example = "unit", Code, "unit", "percent"
	c.Title = Text{"Einheit", "Unit"}
	c.Description = Text{"Einheit der Werte; Geld steht in Euro.", "Unit of the values; money is in euros."}
	return c
}
