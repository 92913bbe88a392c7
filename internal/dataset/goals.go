// SPDX-License-Identifier: EUPL-1.2

package dataset

// Goals is the dataset of the goals of the strategies. Its status and assessment are
// those known on the day of the release, or on the day that asOf names.
var Goals = &Dataset{
	ID: "goals", Item: "goalId", Schema: "Goal",
	Title: Text{"Ziele der Digitalstrategie", "Goals of the digital strategy"},
	Description: Text{
		"Die Ziele der Digitalstrategie 2.0 und der E-Government-Strategie des Landes Nordrhein-Westfalen mit Handlungsfeld, Zusammenfassung, Frist und Fundstelle.",
		"The goals of North Rhine-Westphalia’s Digital Strategy 2.0 and E-Government Strategy with their field of action, summary, due date and place in the document.",
	},
	Keywords: []Text{{"Digitalstrategie", "digital strategy"}, {"Ziele", "goals"}, {"Digitalisierung", "digitisation"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		id("ds2-47"),
		strategyOf(),
		fieldOfAction(true),
		{
			Name: "section", Type: String, Required: true, Example: "8.2 (1)",
			Title:       Text{"Abschnitt", "Section"},
			Description: Text{"Abschnitt der Strategie, in dem das Ziel steht.", "Section of the strategy that contains the goal."},
		},
		title(Text{"Worum es geht, in unseren Worten.", "What it is about, in the editors’ words, in German."}),
		titleEN(),
		{
			Name: "summary", Type: String, Required: true,
			Title:       Text{"Zusammenfassung", "Summary"},
			Description: Text{"Das Versprechen in unseren Worten, ein oder zwei Sätze.", "The promise in the editors’ words, in one or two German sentences."},
		},
		{
			Name: "due", Type: Period, Example: "2024",
			Title:       Text{"Frist", "Due"},
			Description: Text{"Zeitraum, bis zu dessen Ende das Ziel erreicht sein soll; leer, wenn der Text keinen nennt. Ein Beginn steht in start.", "Period by the end of which the goal is to be achieved; empty if the text gives none. A start date is in start."},
		},
		{
			Name: "dueText", Type: String, Example: "Im Jahr 2024",
			Title:       Text{"Frist im Wortlaut", "Due as worded"},
			Description: Text{"Die Wendung, mit der der Text die Frist oder den Beginn nennt.", "The due date or start date as worded in the source, in German."},
		},
		{
			Name: "quantified", Type: Boolean, Required: true, Example: "true",
			Title:       Text{"Messbar", "Quantified"},
			Description: Text{"Ob sich das Ziel messen lässt: Es nennt eine Zahl, die erreicht werden soll, oder „alle“, „überall“, „an die Spitze“.", "Whether the goal can be measured: it names a figure to be reached, or “all”, “everywhere” or “top”."},
		},
		{
			Name: "status", Type: Code, Of: "status", Computed: true, Example: "announced",
			Title:       Text{"Stand", "Status"},
			Description: Text{"Der jüngste Stand, den eine Quelle nennt, aus goal-status; evidence ist dessen Zeile.", "The latest status given by a source, from the row of goal-status in evidence."},
		},
		source(), locator(), published(),
		{
			Name: "summaryEn", Type: String, Required: true,
			Title:       Text{"Zusammenfassung (englisch)", "Summary (English)"},
			Description: Text{"Die Zusammenfassung auf Englisch.", "The summary in English."},
		},
		{
			Name: "dueTextEn", Type: String, Example: "In 2024",
			Title:       Text{"Frist im Wortlaut (englisch)", "Due as worded (English)"},
			Description: Text{"Die Wendung des Textes auf Englisch.", "The wording of the source, in English."},
		},
		{
			Name: "start", Type: Period, Example: "2023",
			Title:       Text{"Beginn", "Start"},
			Description: Text{"Zeitraum, ab dem gelten soll, was das Ziel verspricht; leer, wenn der Text keinen nennt. Ein Beginn ist keine Frist.", "Period from which the promise applies; empty if the text gives none. A start date is not a due date."},
		},
		themes(),
		{
			Name: "relatedGoals", Type: List, Of: "goals", Example: "egov18-06",
			Title:       Text{"Verwandte Ziele", "Related goals"},
			Description: Text{"Ziele, die dasselbe wollen, auch anderer Strategien.", "Goals with the same aim, including those of other strategies."},
		},
		{
			Name: "evidence", Type: Reference, Of: "goal-status", Computed: true, Example: "gs-043",
			Title:       Text{"Beleg", "Evidence"},
			Description: Text{"Zeile von goal-status, aus der der Stand stammt.", "Row of goal-status from which the status is taken."},
		},
		{
			Name: "assessment", Type: Code, Of: "assessment", Computed: true, Example: "unknown-since",
			Title:       Text{"Einordnung", "Assessment"},
			Description: Text{"Was am Tag der Veröffentlichung über das Ziel bekannt ist, nach der Regel in docs/data.md. Nicht bekannt heißt nicht verfehlt.", "What was known about the goal on the day of the release, according to the rule in docs/data.md. Unknown does not mean missed."},
		},
		{
			Name: "knownUntil", Type: Period, Computed: true, Example: "2024-01-10",
			Title:       Text{"Bekannt bis", "Known until"},
			Description: Text{"Datum der jüngsten Quelle, die das Ziel erwähnt: mit einem Stand, einer Zahl oder einem Meilenstein. Ist sie undatiert, zählt der Zeitraum ihrer Aussage; ohne Zeitraum zählt sie nicht.", "Date of the most recent source that mentions the goal, with a status, a figure or a milestone. If the source is undated, it is the period of the statement; without a period it does not count."},
		},
	},
}

// GoalStatus is the dataset of what sources say about the status of the goals.
var GoalStatus = &Dataset{
	ID: "goal-status", Item: "statusId", Schema: "GoalStatus",
	Title: Text{"Stand der Ziele mit Belegen", "Status of the goals, with evidence"},
	Description: Text{
		"Was die Quellen über den Stand jedes Ziels sagen, mit Fundstelle: eine Zeile je Aussage, mehrere je Ziel im Lauf der Zeit. Was keine Quelle sagt, steht nicht da.",
		"What the sources say about the status of each goal, and where: one row per statement, so a goal can have several over time. Only what a source states is included.",
	},
	Keywords: []Text{{"Zielerreichung", "target achievement"}, {"Digitalstrategie", "digital strategy"}, {"Monitoring", "monitoring"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		id("gs-043"),
		goal(true, Text{"Kennung des Ziels.", "Identifier of the goal."}),
		{
			Name: "status", Type: Code, Of: "status", Required: true, Example: "in-progress",
			Title:       Text{"Stand", "Status"},
			Description: Text{"Stand, den die Quelle nennt, nach der Regel in docs/data.md.", "Status given by the source, according to the rule in docs/data.md."},
		},
		{
			Name: "period", Type: Period, Example: "2021-09",
			Title:       Text{"Zeitraum", "Period"},
			Description: Text{"Zeitraum oder Zeitpunkt, auf den sich die Aussage bezieht; leer, wenn die Quelle keinen nennt.", "Period or point in time to which the statement refers; empty if the source gives none."},
		},
		source(), locator(), published(), note(), noteEN(),
	},
}

// Milestones is the dataset of what sources report as reached or announce.
var Milestones = &Dataset{
	ID: "milestones", Item: "milestoneId", Schema: "Milestone",
	Title: Text{"Meilensteine", "Milestones"},
	Description: Text{
		"Was die Quellen als erreicht melden oder mit einem Termin ankündigen, nach Handlungsfeld.",
		"What the sources report as achieved, or announce with a date, by field of action.",
	},
	Keywords: []Text{{"E-Government", "e-government"}, {"Meilensteine", "milestones"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		id("egov18-m001"),
		goal(false, Text{"Kennung des Ziels, dem der Meilenstein dient, wo die Quelle das erkennen lässt.", "Identifier of the goal that this milestone contributes to, if the source makes that clear."}),
		fieldOfAction(true),
		title(Text{"Was erreicht oder angekündigt ist, in unseren Worten.", "What was achieved or announced, in the editors’ words, in German."}),
		titleEN(),
		{
			Name: "reached", Type: Period, Example: "2020-04",
			Title:       Text{"Erreicht", "Reached"},
			Description: Text{"Zeitraum, in dem der Meilenstein erreicht wurde; leer, wenn die Quelle keinen nennt.", "Period in which the milestone was reached; empty if the source gives none."},
		},
		source(), locator(), published(),
		{
			Name: "state", Type: Code, Of: "milestone-state", Required: true, Example: "reached",
			Title:       Text{"Stand", "State"},
			Description: Text{"Ob die Quelle den Meilenstein als erreicht meldet (reached) oder ankündigt (announced).", "Whether the source reports the milestone as reached or announces it."},
		},
		{
			Name: "due", Type: Period, Example: "2021",
			Title:       Text{"Frist", "Due"},
			Description: Text{"Zeitraum, bis zu dessen Ende der Meilenstein angekündigt ist; leer, wenn die Quelle keinen nennt.", "Period by the end of which the milestone is to be reached, as announced; empty if the source gives none."},
		},
		note(), noteEN(), themes(),
	},
}

// GoalProgress is the dataset of targets beside what is reported.
var GoalProgress = &Dataset{
	ID: "goal-progress", Item: "progressId", Schema: "GoalProgress", Computed: true,
	Title: Text{"Fortschritt der Ziele", "Progress of the goals"},
	Description: Text{
		"Für jedes Ziel der Zielwert und der berichtete Wert desselben Indikators: der letzte oder, wenn dieser für einen späteren Zeitraum gilt, der für den Zeitraum des Zielwerts. Alles ist berechnet, nichts geschätzt; Ziele ohne Zahlen sind als solche gekennzeichnet.",
		"For each goal, the target and the reported value of the same indicator: the latest or, if that is for a later period, the one for the target’s period. Everything is computed, nothing is estimated. Goals without figures are marked as such.",
	},
	Keywords: []Text{{"Zielerreichung", "target achievement"}, {"Digitalstrategie", "digital strategy"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		id("ds2-43.e-file-users"),
		goal(true, Text{"Kennung des Ziels.", "Identifier of the goal."}),
		{
			Name: "indicator", Type: Reference, Of: "indicators", Example: "e-file-users",
			Title:       Text{"Indikator", "Indicator"},
			Description: Text{"Kennung des Indikators; leer bei Zielen ohne Zahl.", "Identifier of the indicator; empty for goals without a figure."},
		},
		{
			Name: "state", Type: Code, Of: "progress-state", Required: true, Example: "comparable",
			Title:       Text{"Vergleichbarkeit", "Comparability"},
			Description: Text{"Ob Zahlen da sind und sich vergleichen lassen.", "Whether there are figures and whether they can be compared."},
		},
		progressPart("target", "Zielwert", "Target", Reference),
		progressPart("targetValue", "Zielwert: Zahl", "Target: value", Decimal),
		progressPart("targetQualifier", "Zielwert: Genauigkeit", "Target: qualifier", Code),
		progressPart("targetPeriod", "Zielwert: Zeitraum", "Target: period", Period),
		progressPart("targetSource", "Zielwert: Quelle", "Target: source", Reference),
		progressPart("actual", "Istwert", "Actual", Reference),
		progressPart("actualValue", "Istwert: Zahl", "Actual: value", Decimal),
		progressPart("actualQualifier", "Istwert: Genauigkeit", "Actual: qualifier", Code),
		progressPart("actualPeriod", "Istwert: Zeitraum", "Actual: period", Period),
		progressPart("actualSource", "Istwert: Quelle", "Actual: source", Reference),
		{
			Name: "share", Type: Decimal, Example: "10.8",
			Title:       Text{"Anteil am Zielwert in Prozent", "Share of the target in percent"},
			Description: Text{"Istwert geteilt durch den Zielwert in Prozent, nur wenn beide vergleichbar sind: mit einer Nachkommastelle, wenn beide genau sind, sonst ganz und mit shareQualifier.", "Actual divided by the target, in percent, only if the two are comparable: with one decimal place if both are exact, otherwise as a whole number with shareQualifier."},
		},
		unit(Column{Via: "indicator.unit"}),
		{
			Name: "note", Type: String, Remark: true,
			Title:       Text{"Anmerkung", "Note"},
			Description: Text{"Warum die Zahlen nicht oder nur bedingt vergleichbar sind, auf Deutsch.", "Why the figures cannot be compared, or only with care, in German."},
		},
		{
			Name: "shareQualifier", Type: Code, Of: "qualifier", Example: "at-most",
			Title:       Text{"Anteil: Genauigkeit", "Share: qualifier"},
			Description: Text{"Wie genau der Anteil ist; er folgt aus der Genauigkeit beider Werte.", "How precise the share is, as follows from the qualifiers of both values."},
		},
		{
			Name: "actualIndicator", Type: Reference, Of: "indicators", Example: "e-file-and-e-folder-users",
			Title:       Text{"Istwert: Indikator", "Actual: indicator"},
			Description: Text{"Indikator des Istwerts: derselbe oder einer, der ihn laut den Quellen einschließt (covers).", "Indicator of the actual: the same, or one that covers it according to the sources."},
		},
		{
			Name: "relatedIndicators", Type: List, Of: "indicators", Example: "business-parks-fibre-share",
			Title:       Text{"Verwandte Indikatoren", "Related indicators"},
			Description: Text{"Indikatoren mit Istwert, die verwandt, aber nicht vergleichbar sind; nur wenn kein vergleichbarer Istwert bekannt ist.", "Related indicators that have an actual but are not comparable; only if no comparable actual is known."},
		},
		{
			Name: "breakdown", Type: Code, Of: "breakdown", Example: "pilot",
			Title:       Text{"Gliederung", "Breakdown"},
			Description: Text{"Ausprägung der Dimension des Indikators, auf die sich beide Werte beziehen.", "Value in the dimension of the indicator to which both figures refer."},
		},
		noteEN(),
	},
}

// progressPart describes a column that repeats a part of an observation.
func progressPart(name, de, en string, t Type) Column {
	of := map[string]string{
		"target": "observations", "actual": "observations", "targetSource": "sources", "actualSource": "sources",
		"targetQualifier": "qualifier", "actualQualifier": "qualifier",
	}[name]
	return Column{
		Name: name, Type: t, Of: of, Title: Text{de, en},
		Description: Text{
			"Aus der Beobachtung übernommen, die den Zielwert oder den Istwert nennt; leer, wenn es keine gibt.",
			"Copied from the observation that has the target or the actual; empty if there is none.",
		},
	}
}
