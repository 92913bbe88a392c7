// SPDX-License-Identifier: EUPL-1.2

package dataset

// Indicators is the dataset of what is measured.
var Indicators = &Dataset{
	ID: "indicators", Item: "indicatorId", Schema: "Indicator",
	Title: Text{"Indikatoren der Digitalisierung", "Digitisation indicators"},
	Description: Text{
		"Was gezählt oder gemessen wird: jeder Indikator mit Definition, Einheit und Richtung, passend zu den Beobachtungen.",
		"The indicators of the observations: what is counted or measured, with definition, unit and direction.",
	},
	Keywords: []Text{{"Indikatoren", "indicators"}, {"Digitalisierung", "digitisation"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		id("e-file-users"),
		title(Text{"Was gemessen wird.", "What is measured, in German."}),
		titleEN(),
		{
			Name: "definition", Type: String, Required: true,
			Title:       Text{"Definition", "Definition"},
			Description: Text{"Was genau gezählt wird, in einem Satz.", "What exactly is counted, in one German sentence."},
		},
		unit(Column{Required: true}),
		fieldOfAction(true),
		goal(false, Text{"Kennung des Ziels, wenn der Indikator nur zu diesem gehört.", "Identifier of the goal, if the indicator belongs to only one."}),
		{
			Name: "direction", Type: Code, Of: "direction", Required: true, Example: "more-is-better",
			Title:       Text{"Richtung", "Direction"},
			Description: Text{"Ob mehr oder weniger besser ist.", "Whether higher or lower values are better."},
		},
		{
			Name: "definitionEn", Type: String, Required: true,
			Title:       Text{"Definition (englisch)", "Definition (English)"},
			Description: Text{"Die Definition auf Englisch.", "The definition in English."},
		},
		{
			Name: "dimension", Type: Code, Of: "dimension", Example: "stage",
			Title:       Text{"Dimension", "Dimension"},
			Description: Text{"Wonach sich die Beobachtungen des Indikators gliedern (breakdown); leer, wenn sie nicht gegliedert sind.", "How the observations of the indicator are broken down; empty if they are not."},
		},
		{
			Name: "covers", Type: List, Of: "indicators", Example: "e-file-users",
			Title:       Text{"Gilt auch für", "Also applies to"},
			Description: Text{"Indikatoren, für die ein Wert dieses Indikators laut den Quellen ebenfalls gilt, als Untergrenze: Was hier zählt, zählt auch dort.", "Indicators to which a value of this one also applies, as a lower bound: according to the sources, whatever counts here counts there, too."},
		},
		{
			Name: "related", Type: List, Of: "indicators", Example: "business-parks-fibre-share",
			Title:       Text{"Verwandt", "Related"},
			Description: Text{"Indikatoren, die Ähnliches messen, aber nicht vergleichbar sind.", "Indicators that measure something similar but cannot be compared."},
		},
		themes(),
	},
}

// Observations is the dataset of the figures, one row for each statement.
var Observations = &Dataset{
	ID: "observations", Item: "observationId", Schema: "Observation", Bulk: true,
	Title: Text{"Beobachtungen zu den Indikatoren", "Observations of the indicators"},
	Description: Text{
		"Jede Zahl mit Zeitraum, Art, Genauigkeit, Quelle und Fundstelle; wiederholte und abweichende Angaben haben eigene Zeilen.",
		"Every figure with its period, kind, qualifier, source and place; repeated and differing figures have rows of their own.",
	},
	Keywords: []Text{{"Digitalisierung", "digitisation"}, {"Kennzahlen", "key figures"}, {"Zeitreihen", "time series"}},
	Themes:   []string{"GOVE", "TECH"},
	Figures: &Figures{
		Value: "value", Period: "period",
		Series: []string{"indicator", "area", "kind", "breakdown"},
	},
	Columns: []Column{
		id("obs-0001"),
		{
			Name: "indicator", Type: Reference, Of: "indicators", Required: true, Example: "e-file-users",
			Title:       Text{"Indikator", "Indicator"},
			Description: Text{"Kennung des Indikators.", "Identifier of the indicator."},
		},
		goal(false, Text{"Kennung des Ziels, zu dem die Zahl gehört, als Zielwert oder als Istwert.", "Identifier of the goal to which the figure belongs, as its target or as an actual value."}),
		area(),
		{
			Name: "period", Type: Period, Example: "2021",
			Title:       Text{"Zeitraum", "Period"},
			Description: Text{"Zeitraum oder Zeitpunkt der Zahl, bei Zielen die Frist, in der berichteten Genauigkeit; leer, wenn die Quelle keinen nennt.", "Period or point in time of the figure (for targets, the due date), as precisely as reported; empty if the source gives none."},
		},
		kind(), value(), qualifier(), source(), locator(), published(), note(),
		unit(Column{Via: "indicator.unit"}),
		{
			Name: "breakdown", Type: Code, Of: "breakdown", Example: "pilot",
			Title:       Text{"Gliederung", "Breakdown"},
			Description: Text{"Ausprägung der Dimension des Indikators; leer, wenn er keine hat oder die Zahl alles umfasst.", "Value in the dimension of the indicator; empty if the indicator has no dimension or the figure is a total."},
		},
		{
			Name: "derivation", Type: Code, Of: "derivation", Example: "all",
			Title:       Text{"Herleitung", "Derivation"},
			Description: Text{"Wie die Zahl aus dem Wortlaut folgt, wenn die Quelle sie nicht als Zahl nennt.", "How the figure was derived from the wording, if the source does not give it as a number."},
		},
		{
			Name: "reported", Type: String, Example: "1,6 Milliarden Euro",
			Title:       Text{"Wie berichtet", "As reported"},
			Description: Text{"Betrag im Wortlaut der Quelle, wenn sie ihn in anderer Größenordnung nennt.", "Amount as worded in the source, if it uses another scale (such as millions), in German."},
		},
		noteEN(),
	},
}

// OZGServiceCounts is the dataset of counts of online public services.
var OZGServiceCounts = &Dataset{
	ID: "ozg-service-counts", Item: "countId", Schema: "OZGServiceCount",
	Title: Text{"Zahl der Onlinedienste nach dem Onlinezugangsgesetz", "Counts of online public services (OZG)"},
	Description: Text{
		"Wie viele Leistungen nach dem Onlinezugangsgesetz (OZG) erfasst, online, in Umsetzung oder nachgenutzt sind, nach Land, Abdeckung, Priorität und zuständiger Ebene. Jede Zahl nennt ihre Zählweise; Zahlen verschiedener Zählweisen sind nicht vergleichbar.",
		"How many services under the Online Access Act (OZG) are catalogued, online, being implemented or reused, by state, coverage, priority and level responsible. Each count names its measure; counts of different measures cannot be compared.",
	},
	Keywords: []Text{{"Onlinezugangsgesetz", "Online Access Act"}, {"OZG", "OZG"}, {"Verwaltungsleistungen", "public services"}},
	Themes:   []string{"GOVE", "TECH"},
	Figures: &Figures{
		Value: "value", Period: "asOf",
		Series: []string{"measure", "area", "coverage", "priority", "execution", "portal", "kind"},
		Shared: true,
	},
	Columns: []Column{
		id("ozg-001"),
		{
			Name: "measure", Type: Code, Of: "measure", Required: true, Example: "available-online",
			Title:       Text{"Zählweise", "Measure"},
			Description: Text{"Was gezählt wird; die Codeliste definiert jede Zählweise.", "What is counted, as defined in the codelist."},
		},
		area(),
		{
			Name: "asOf", Type: Period, Example: "2021-11-12",
			Title:       Text{"Stand", "As of"},
			Description: Text{"Zeitraum, auf den sich die Zählung bezieht. Ein Filter auf diese Spalte heißt asOfFrom und asOfTo, denn asOf fragt danach, was an einem Tag bekannt war.", "Period to which the count refers. Filter it with asOfFrom and asOfTo, because asOf selects what was known on a given day."},
		},
		{
			Name: "coverage", Type: Code, Of: "coverage", Required: true, Example: "nationwide",
			Title:       Text{"Abdeckung", "Coverage"},
			Description: Text{"Wo die gezählten Leistungen verfügbar sind.", "Where the counted services are available."},
		},
		{
			Name: "priority", Type: Code, Of: "priority", Required: true, Example: "1-2",
			Title:       Text{"Priorität", "Priority"},
			Description: Text{"Priorität der gezählten Leistungen im OZG-Umsetzungskatalog.", "Priority in the OZG catalogue of the counted services."},
		},
		{
			Name: "execution", Type: Code, Of: "execution", Required: true, Example: "state",
			Title:       Text{"Zuständige Ebene", "Level responsible"},
			Description: Text{"Ebene der Verwaltung, die für die gezählten Leistungen zuständig ist.", "Level of administration that is responsible for the counted services."},
		},
		{
			Name: "portal", Type: Code, Of: "portal", Required: true, Example: "wsp-nrw",
			Title:       Text{"Portal", "Portal"},
			Description: Text{"Portal, dessen Leistungen gezählt werden.", "Portal whose services are counted."},
		},
		kind(), value(), qualifier(), source(), locator(), published(), note(), noteEN(),
	},
}

// Contradictions is the dataset of statements that contradict each other.
var Contradictions = &Dataset{
	ID: "contradictions", Item: "contradictionId", Schema: "Contradiction",
	Title: Text{"Abweichende Angaben", "Differing statements"},
	Description: Text{
		"Angaben, die einander widersprechen, nur gerundet abweichen, Verschiedenes messen oder leicht zu verwechseln sind: welche Zeilen betroffen sind, worin sie sich unterscheiden und was man beim Lesen wissen sollte.",
		"Statements that contradict each other, differ by rounding, measure different things or are easily confused: the rows involved, how they differ and what readers should know.",
	},
	Keywords: []Text{{"Datenqualität", "data quality"}, {"Widersprüche", "contradictions"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		id("contradiction-01"),
		title(Text{"Worum es geht.", "What it is about, in German."}),
		titleEN(),
		{
			Name: "rows", Type: List, Required: true, Example: "ozg-001 ozg-002",
			Title:       Text{"Zeilen", "Rows"},
			Description: Text{"Kennungen aller betroffenen Zeilen, gleich welchen Datensatzes.", "Identifiers of all rows involved, from any dataset."},
		},
		{
			Name: "difference", Type: String, Required: true,
			Title:       Text{"Abweichung", "Difference"},
			Description: Text{"Worin sich die Angaben unterscheiden, auf Deutsch.", "How the statements differ, in German."},
		},
		{
			Name: "advice", Type: String, Required: true,
			Title:       Text{"Hinweis", "Advice"},
			Description: Text{"Was man beim Lesen wissen sollte, auf Deutsch.", "What readers should know, in German."},
		},
		{
			Name: "type", Type: Code, Of: "contradiction-type", Required: true, Example: "contradiction",
			Title:       Text{"Art", "Type"},
			Description: Text{"Ob die Angaben einander widersprechen, nur gerundet abweichen, Verschiedenes messen oder nur leicht zu verwechseln sind.", "Whether the statements contradict each other, differ by rounding, measure different things or are merely easily confused."},
		},
		{
			Name: "differenceEn", Type: String, Required: true,
			Title:       Text{"Abweichung (englisch)", "Difference (English)"},
			Description: Text{"Die Abweichung auf Englisch.", "The difference in English."},
		},
		{
			Name: "adviceEn", Type: String, Required: true,
			Title:       Text{"Hinweis (englisch)", "Advice (English)"},
			Description: Text{"Der Hinweis auf Englisch.", "The advice in English."},
		},
		themes(),
	},
}
