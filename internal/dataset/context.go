// SPDX-License-Identifier: EUPL-1.2

package dataset

// Strategies is the dataset of the strategies that the goals belong to.
var Strategies = &Dataset{
	ID: "strategies", Item: "strategyId", Schema: "Strategy", Secondary: true,
	Title: Text{"Strategien", "Strategies"},
	Description: Text{
		"Die Strategien des Landes Nordrhein-Westfalen, zu denen Ziele oder Summen bekannt sind.",
		"The strategies of North Rhine-Westphalia whose goals or totals are known.",
	},
	Columns: []Column{
		id("digitalstrategie-2-0"),
		title(Text{"Name der Strategie.", "Name of the strategy, in German."}),
		titleEN(),
		{
			Name: "adopted", Type: Period, Example: "2021-11-16",
			Title:       Text{"Beschlossen", "Adopted"},
			Description: Text{"Wann die Strategie beschlossen oder dem Landtag vorgestellt wurde.", "When the strategy was adopted or presented to the state parliament."},
		},
		publisher(),
		{
			Name: "goalCount", Type: Integer, Example: "78",
			Title:       Text{"Zahl der Ziele", "Number of goals"},
			Description: Text{"Zahl der Ziele, wie eine Quelle sie nennt; leer, wenn keine es tut.", "Number of goals as stated by a source; empty if no source states it."},
		},
		source(), published(),
	},
}

// FieldsOfAction is the dataset of the subjects of the strategies.
var FieldsOfAction = &Dataset{
	ID: "fields-of-action", Item: "fieldOfActionId", Schema: "FieldOfAction", Secondary: true,
	Title: Text{"Handlungsfelder", "Fields of action"},
	Description: Text{
		"Die Handlungsfelder der Strategien; einige haben keine Ziele, auch das ist eine Angabe.",
		"The fields of action of the strategies, including those without goals.",
	},
	Columns: []Column{
		id("ds2-verwaltung"),
		strategyOf(),
		{
			Name: "number", Type: Integer, Required: true, Example: "8",
			Title:       Text{"Nummer", "Number"},
			Description: Text{"Nummer des Kapitels oder Blocks im Dokument.", "Number of the chapter or section in the document."},
		},
		title(Text{"Name des Handlungsfelds.", "Name of the field of action, in German."}),
		titleEN(),
	},
}

// Areas is the dataset of the areas that statements refer to.
var Areas = &Dataset{
	ID: "areas", Item: "areaId", Schema: "Area", Secondary: true,
	Title: Text{"Gebiete", "Areas"},
	Description: Text{
		"Gebiete mit amtlichem Schlüssel als Text, jedes mit dem Gebiet, in dem es liegt.",
		"Areas with their official key (as text) and the area that contains them.",
	},
	Columns: []Column{
		id("05"),
		title(Text{"Name des Gebiets, bei Gemeinden wie im Verzeichnis.", "Name of the area in German; municipalities have the name in the register."}),
		titleEN(),
		{
			Name: "level", Type: Code, Of: "area-level", Required: true, Example: "state",
			Title:       Text{"Ebene", "Level"},
			Description: Text{"Ebene des Gebiets: Welt, Union, Staat, Land, Regierungsbezirk, Kreis oder Gemeinde. Kreisfreie Städte sind Gemeinden.", "Level of the area: world, union, country, state, government district, district or municipality. Independent cities are municipalities."},
		},
		{
			Name: "parent", Type: Reference, Of: "areas", Example: "00",
			Title:       Text{"Liegt in", "Parent"},
			Description: Text{"Schlüssel des Gebiets, in dem das Gebiet unmittelbar liegt: bei Gemeinden der Kreis, bei kreisfreien Städten der Regierungsbezirk, wo es einen gibt.", "Key of the area that directly contains this one: the district of a municipality, the government district (where there is one) of an independent city."},
		},
		{
			Name: "ars", Type: Identifier, Example: "050000000000",
			Title:       Text{"Regionalschlüssel", "Regional key (ARS)"},
			Description: Text{"Amtlicher Regionalschlüssel mit 12 Ziffern als Text, zum Stand der Quelle.", "Official 12-digit regional key (Amtlicher Regionalschlüssel) as text, as of the date of the source."},
		},
		{
			Name: "type", Type: Code, Of: "area-type", Example: "state",
			Title:       Text{"Gebietsart", "Type"},
			Description: Text{"Wie das Verzeichnis das Gebiet bezeichnet: Land, Regierungsbezirk, Kreis, Städteregion, kreisfreie Stadt, Stadt, Gemeinde …", "Classification of the area in the register: state, government district, district, city region, independent city, town, municipality …"},
		},
		{
			Name: "validFrom", Type: Date, Example: "2009-10-21",
			Title:       Text{"Gültig ab", "Valid from"},
			Description: Text{"Tag, seit dem es das Gebiet mit diesem Schlüssel gibt; leer, wenn keine Quelle ihn nennt.", "First day on which the area existed under this key; empty if no source gives it."},
		},
		{
			Name: "validTo", Type: Date, Example: "2009-10-20",
			Title:       Text{"Gültig bis", "Valid to"},
			Description: Text{"Letzter Tag, an dem es das Gebiet mit diesem Schlüssel gab; leer, wenn keine Quelle ihn nennt; das heißt nicht, dass es das Gebiet noch gibt.", "Last day on which the area existed under this key; empty if no source gives it, which does not mean that the area still exists."},
		},
		{
			Name: "successor", Type: Reference, Of: "areas", Example: "05334002",
			Title:       Text{"Nachfolger", "Successor"},
			Description: Text{"Schlüssel des Gebiets, das an die Stelle dieses Gebiets trat, wenn es aufgelöst wurde oder einen anderen Schlüssel bekam.", "Key of the area that replaced this one, if it was dissolved or given another key."},
		},
		{
			Name: "uri", Type: String, Address: true, Example: "http://dcat-ap.de/def/politicalGeocoding/stateKey/05",
			Title:       Text{"Adresse des Schlüssels", "Address of the key"},
			Description: Text{"Adresse des Schlüssels in den Vokabularen von DCAT-AP.de, wie Datenkataloge sie nennen.", "IRI of the area in the vocabularies of DCAT-AP.de, as used in data catalogues."},
		},
		{
			Name: "source", Type: Reference, Of: "sources", Example: "gv-isys-2017-03-31",
			Title:       Text{"Quelle", "Source"},
			Description: Text{"Kennung des Verzeichnisses, aus dem Name und Schlüssel stammen; leer bei Gebieten, die in keinem stehen.", "Identifier of the register from which name and keys are taken; empty for areas that are not in a register."},
		},
	},
}

// Sources is the dataset of the documents that the statements come from.
var Sources = &Dataset{
	ID: "sources", Item: "sourceId", Schema: "Source", Secondary: true,
	Title: Text{"Quellen", "Sources"},
	Description: Text{
		"Die Dokumente, aus denen die Angaben stammen.",
		"The documents from which the statements are taken.",
	},
	Columns: []Column{
		id("digitalstrategie-2-0"),
		title(Text{"Titel des Dokuments.", "Title of the document, in German."}),
		titleEN(),
		publisher(),
		{
			Name: "kind", Type: Code, Of: "source-kind", Required: true, Example: "strategy",
			Title:       Text{"Art", "Kind"},
			Description: Text{"Art des Dokuments.", "Kind of document."},
		},
		{
			Name: "published", Type: Period, Example: "2022-01",
			Title:       Text{"Veröffentlicht", "Published"},
			Description: Text{"Datum des Dokuments in der bekannten Genauigkeit; leer, wenn es keines trägt.", "Date of the document, as precisely as known; empty if the document is undated."},
		},
		{
			Name: "reference", Type: String, Example: "Vorlage 17/6059",
			Title:       Text{"Aktenzeichen", "Reference"},
			Description: Text{"Bezeichnung, unter der das Dokument geführt wird.", "Reference number of the document."},
		},
		{
			Name: "url", Type: String, Address: true, Example: "https://www.digitalstrategie.nrw",
			Title:       Text{"Adresse", "Address"},
			Description: Text{"Adresse im Web, wenn bekannt.", "Web address, if known."},
		},
		{
			Name: "retrieved", Type: Date, Example: "2026-11-28",
			Title:       Text{"Gelesen", "Retrieved"},
			Description: Text{"Tag, an dem das Dokument an der Adresse gelesen wurde.", "Day on which the document was retrieved from the address."},
		},
		{
			Name: "access", Type: String,
			Title:       Text{"Zugang", "Access"},
			Description: Text{"Wie man das Dokument findet, wenn keine Adresse bekannt ist, auf Deutsch.", "How to find the document if no address is known, in German."},
		},
		{
			Name: "accessEn", Type: String,
			Title:       Text{"Zugang (englisch)", "Access (English)"},
			Description: Text{"Wie man das Dokument findet, auf Englisch.", "How to find the document, in English."},
		},
	},
}

// Codelists is the dataset of all codes with their meaning.
var Codelists = &Dataset{
	ID: "codelists", Item: "codeId", Schema: "CodelistEntry",
	Title: Text{"Codelisten", "Codelists"},
	Description: Text{
		"Alle Codes der Datensätze (Einheiten, Arten, Genauigkeit, Zählweisen, Abdeckung, Ebenen, Portale) mit deutscher und englischer Bezeichnung und Definition.",
		"All codes used in the datasets (units, kinds, qualifiers, measures, coverage, levels, portals) with labels and definitions in German and English.",
	},
	Keywords: []Text{{"Codelisten", "codelists"}, {"Metadaten", "metadata"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		id("unit.percent"),
		{
			Name: "codelist", Type: Code, Of: "codelist", Required: true, Example: "unit",
			Title:       Text{"Codeliste", "Codelist"},
			Description: Text{"Name der Codeliste.", "Name of the codelist."},
		},
		{
			Name: "code", Type: Identifier, Required: true, Example: "percent",
			Title:       Text{"Code", "Code"},
			Description: Text{"Der Code, wie er in den Spalten steht.", "The code as used in the columns."},
		},
		title(Text{"Bezeichnung.", "Label in German."}),
		titleEN(),
		{
			Name: "definition", Type: String, Required: true,
			Title:       Text{"Definition", "Definition"},
			Description: Text{"Was der Code bedeutet, in einem Satz.", "What the code means, in one German sentence."},
		},
		{
			Name: "definitionEn", Type: String, Required: true,
			Title:       Text{"Definition (englisch)", "Definition (English)"},
			Description: Text{"Die Definition auf Englisch.", "The definition in English."},
		},
	},
}

// Withdrawn is the dataset of identifiers that are no longer published.
var Withdrawn = &Dataset{
	ID: "withdrawn", Item: "withdrawnId", Schema: "Withdrawal", Secondary: true,
	Title: Text{"Zurückgezogene Kennungen", "Withdrawn identifiers"},
	Description: Text{
		"Zurückgezogene Kennungen früherer Veröffentlichungen, mit Grund.",
		"Withdrawn identifiers of earlier releases, with the reason.",
	},
	Columns: []Column{
		id("obs-0008"),
		{
			Name: "dataset", Type: String, Required: true, Example: "observations",
			Title:       Text{"Datensatz", "Dataset"},
			Description: Text{"Datensatz, zu dem die Kennung gehörte.", "Dataset that the identifier belonged to."},
		},
		{
			Name: "withdrawn", Type: Date, Required: true, Example: "2026-12-01",
			Title:       Text{"Zurückgezogen", "Withdrawn"},
			Description: Text{"Tag, seit dem die Kennung zurückgezogen ist.", "Day on which the identifier was withdrawn."},
		},
		{
			Name: "reason", Type: String, Required: true,
			Title:       Text{"Grund", "Reason"},
			Description: Text{"Warum die Zeile zurückgezogen wurde, auf Deutsch.", "Why the row was withdrawn, in German."},
		},
		{
			Name: "reasonEn", Type: String, Required: true,
			Title:       Text{"Grund (englisch)", "Reason (English)"},
			Description: Text{"Warum die Zeile zurückgezogen wurde, auf Englisch.", "Why the row was withdrawn, in English."},
		},
	},
}

func publisher() Column {
	return Column{
		Name: "publisher", Type: String, Required: true,
		Title:       Text{"Herausgeber", "Publisher"},
		Description: Text{"Die herausgebende Stelle.", "The publishing body."},
	}
}

// Changes is the dataset of what each release changed compared with the previous one.
var Changes = &Dataset{
	ID: "changes", Item: "changeId", Schema: "Change", Computed: true, Secondary: true,
	Title: Text{"Änderungen zwischen Veröffentlichungen", "Changes between releases"},
	Description: Text{
		"Was sich mit jeder Veröffentlichung gegenüber der vorigen geändert hat: hinzugekommene, geänderte und entfallene Zeilen mit altem und neuem Wert.",
		"What each release changed compared with the previous one: rows added, changed and removed, with old and new values.",
	},
	Columns: []Column{
		{
			Name: "id", Type: Identifier, Required: true, Example: "2026.12.0.observations.obs-0001.value",
			Title:       Text{"Kennung", "Identifier"},
			Description: Text{"Veröffentlichung, Datensatz, Zeile und Spalte, durch Punkte getrennt.", "Release, dataset, row and column, separated by dots."},
		},
		{
			Name: "inRelease", Type: Identifier, Required: true, Example: "2026.12.0",
			Title:       Text{"Veröffentlichung", "Release"},
			Description: Text{"Veröffentlichung, mit der die Änderung kam.", "Release that made the change."},
		},
		{
			Name: "published", Type: Period, Required: true, Example: "2026-12-01",
			Title:       Text{"Veröffentlicht", "Published"},
			Description: Text{"Tag der Veröffentlichung.", "Date of the release."},
		},
		{
			Name: "dataset", Type: Identifier, Required: true, Example: "observations",
			Title:       Text{"Datensatz", "Dataset"},
			Description: Text{"Datensatz, in dem sich etwas geändert hat.", "Dataset in which something changed."},
		},
		{
			Name: "row", Type: Identifier, Required: true, Example: "obs-0001",
			Title:       Text{"Zeile", "Row"},
			Description: Text{"Kennung der Zeile.", "Identifier of the row."},
		},
		{
			Name: "change", Type: Code, Of: "change", Required: true, Example: "changed",
			Title:       Text{"Änderung", "Change"},
			Description: Text{"Ob die Zeile hinzukam (added), entfiel (removed) oder eine Zelle sich änderte (changed).", "Whether the row was added or removed, or a cell changed."},
		},
		{
			Name: "column", Type: Identifier, Example: "value",
			Title:       Text{"Spalte", "Column"},
			Description: Text{"Spalte der geänderten Zelle; leer bei ganzen Zeilen.", "Column of the changed cell; empty if the whole row was added or removed."},
		},
		{
			Name: "old", Type: String,
			Title:       Text{"Alter Wert", "Old value"},
			Description: Text{"Inhalt der Zelle in der vorigen Veröffentlichung.", "Content of the cell in the previous release."},
		},
		{
			Name: "new", Type: String,
			Title:       Text{"Neuer Wert", "New value"},
			Description: Text{"Inhalt der Zelle in dieser Veröffentlichung.", "Content of the cell in this release."},
		},
	},
}
