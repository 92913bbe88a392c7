package dataset

// Goals is the dataset of the goals of the strategies.
var Goals = &Dataset{
	ID: "goals", Item: "goalId", Schema: "Goal",
	Title: Text{"Ziele der Digitalstrategie", "Goals of the digital strategy"},
	Description: Text{
		"Die Ziele der Digitalstrategie 2.0 und der E-Government-Strategie des Landes Nordrhein-Westfalen mit Handlungsfeld, Zusammenfassung, Frist und Fundstelle.",
		"The goals of North Rhine-Westphalia's Digital Strategy 2.0 and E-Government Strategy with field of action, summary, due date and place in the document.",
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
		title(Text{"Worum es geht, in unseren Worten.", "What it is about, in our words, in German."}),
		titleEN(),
		{
			Name: "summary", Type: String, Required: true,
			Title:       Text{"Zusammenfassung", "Summary"},
			Description: Text{"Das Versprechen in unseren Worten, ein oder zwei Sätze.", "The promise in our words, one or two sentences in German."},
		},
		{
			Name: "due", Type: Period, Example: "2024",
			Title:       Text{"Frist", "Due"},
			Description: Text{"Zeitraum, bis zu dessen Ende das Ziel erreicht sein soll; leer, wenn der Text keinen nennt.", "Period by the end of which the goal should be reached; empty if the text gives none."},
		},
		{
			Name: "dueText", Type: String, Example: "Im Jahr 2024",
			Title:       Text{"Frist im Wortlaut", "Due as worded"},
			Description: Text{"Die Wendung, mit der der Text die Frist nennt.", "The due date in the words of the source."},
		},
		{
			Name: "quantified", Type: Boolean, Required: true, Example: "true",
			Title:       Text{"Beziffert", "Quantified"},
			Description: Text{"Ob das Ziel eine Zahl nennt, die erreicht werden soll.", "Whether the goal names a figure to be reached."},
		},
		{
			Name: "status", Type: Code, Of: "status", Required: true, Example: "announced",
			Title:       Text{"Stand", "Status"},
			Description: Text{"Stand, den eine Quelle nennt: angekündigt, in Umsetzung oder erreicht.", "Status that a source gives: announced, in progress or achieved."},
		},
		source(), locator(), published(),
	},
}

// Milestones is the dataset of what sources report as achieved.
var Milestones = &Dataset{
	ID: "milestones", Item: "milestoneId", Schema: "Milestone",
	Title: Text{"Erreichte Meilensteine", "Milestones reached"},
	Description: Text{
		"Meilensteine der E-Government-Strategie 2018, die der Bericht vom August 2021 als erreicht meldet, nach Handlungsfeld.",
		"Milestones of the E-Government Strategy of 2018 that were reached according to the report of August 2021, by field of action.",
	},
	Keywords: []Text{{"E-Government", "e-government"}, {"Meilensteine", "milestones"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		id("egov18-m001"),
		goal(false, Text{"Kennung des Ziels, das damit erreicht ist, wo die Quelle das erkennen lässt.", "Identifier of the goal that this milestone reaches, if the source makes it clear."}),
		fieldOfAction(true),
		title(Text{"Was erreicht wurde, in unseren Worten.", "What was reached, in our words, in German."}),
		titleEN(),
		{
			Name: "reached", Type: Period, Example: "2020-04",
			Title:       Text{"Erreicht", "Reached"},
			Description: Text{"Zeitraum, in dem der Meilenstein erreicht wurde; leer, wenn die Quelle keinen nennt.", "Period in which the milestone was reached; empty if the source gives none."},
		},
		source(), locator(), published(),
	},
}

// GoalProgress is the dataset of targets with their latest actuals.
var GoalProgress = &Dataset{
	ID: "goal-progress", Item: "progressId", Schema: "GoalProgress", Computed: true,
	Title: Text{"Fortschritt der Ziele", "Progress of the goals"},
	Description: Text{
		"Für jedes Ziel der letzte berichtete Wert neben dem Zielwert desselben Indikators, berechnet und nie geschätzt; Ziele ohne Zahlen sind als solche gekennzeichnet.",
		"For each goal, the latest reported value next to the target of the same indicator; computed, never estimated. Goals without figures are marked as such.",
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
		progressPart("actual", "Letzter Wert", "Latest actual", Reference),
		progressPart("actualValue", "Letzter Wert: Zahl", "Latest actual: value", Decimal),
		progressPart("actualQualifier", "Letzter Wert: Genauigkeit", "Latest actual: qualifier", Code),
		progressPart("actualPeriod", "Letzter Wert: Zeitraum", "Latest actual: period", Period),
		progressPart("actualSource", "Letzter Wert: Quelle", "Latest actual: source", Reference),
		{
			Name: "share", Type: Decimal, Example: "10.8",
			Title:       Text{"Erreicht in Prozent", "Share reached in percent"},
			Description: Text{"Letzter Wert geteilt durch den Zielwert in Prozent, auf eine Nachkommastelle gerundet; nur wenn beide vergleichbar sind.", "Latest actual divided by target in percent, rounded to one decimal place; only if the two are comparable."},
		},
		unit(Column{Via: "indicator.unit"}),
		{
			Name: "note", Type: String,
			Title:       Text{"Anmerkung", "Note"},
			Description: Text{"Warum die Zahlen nicht oder nur bedingt vergleichbar sind, auf Deutsch.", "Why the figures cannot be compared, or only with care, in German."},
		},
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
			"Aus der Beobachtung übernommen, die den Zielwert oder den letzten Wert nennt; leer, wenn es keine gibt.",
			"Copied from the observation with the target or the latest actual; empty if there is none.",
		},
	}
}
