// SPDX-License-Identifier: EUPL-1.2

package dataset

// Services is the dataset of the public services whose availability is reported.
var Services = &Dataset{
	ID: "services", Item: "serviceId", Schema: "PublicService", Optional: true,
	Title: Text{"Verwaltungsleistungen", "Public services"},
	Description: Text{
		"Leistungen der Verwaltung mit Schlüssel im Leistungskatalog (LeiKa) und der Leistung des Onlinezugangsgesetzes (OZG), zu der sie gehören.",
		"Public services with their key in the catalogue of services (LeiKa) and the service under the Online Access Act (OZG) to which they belong.",
	},
	Keywords: []Text{{"Verwaltungsleistungen", "public services"}, {"LeiKa", "LeiKa"}, {"OZG", "OZG"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		{
			Name: "id", Type: Identifier, Required: true, Example: "99041006017000",
			Title:       Text{"LeiKa-Schlüssel", "LeiKa key"},
			Description: Text{"Schlüssel der Leistung im Leistungskatalog der öffentlichen Verwaltung (LeiKa), 14 Ziffern als Text.", "14-digit key of the service in the German catalogue of public services (LeiKa), as text."},
		},
		title(Text{"Bezeichnung der Leistung, wie die Quelle sie nennt.", "Name of the service as the source gives it, in German."}),
		optional(titleEN()),
		{
			Name: "ozgId", Type: Identifier, Example: "10123",
			Title:       Text{"OZG-Leistung", "OZG service"},
			Description: Text{"Nummer der OZG-Leistung, zu der die Leistung gehört; leer, wenn die Quelle keine nennt.", "Number of the OZG service to which the service belongs; empty if the source gives none."},
		},
		optional(topic()),
		{
			Name: "priority", Type: Code, Of: "priority", Example: "3",
			Title:       Text{"Priorität", "Priority"},
			Description: Text{"Priorität im OZG-Umsetzungskatalog; leer, wenn keine Quelle sie nennt.", "Priority in the OZG catalogue; empty if no source gives it."},
		},
		source(), published(),
	},
}

// ServiceAvailability is the dataset of the addresses at which services are offered.
var ServiceAvailability = &Dataset{
	ID: "service-availability", Item: "availabilityId", Schema: "ServiceAvailability", Optional: true, Snapshot: true, Bulk: true,
	Title: Text{"Verfügbarkeit von Onlinediensten", "Availability of online services"},
	Description: Text{
		"Unter welcher Adresse welches Gebiet eine Leistung online anbietet und ob die Adresse zuletzt erreichbar war, wie das Dashboard Digitale Verwaltung es veröffentlicht. Ein Reifegrad folgt daraus nicht.",
		"The address at which each area offers a service online, and whether it could be reached, as published by the federal Dashboard Digitale Verwaltung. It says nothing about the maturity of a service.",
	},
	Keywords: []Text{{"Onlinedienste", "online services"}, {"Verfügbarkeit", "availability"}, {"Open-PVOG", "Open PVOG"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		{
			Name: "id", Type: Identifier, Required: true, Example: "99041006017000-05117000-5f2b8c9d01",
			Title:       Text{"Kennung", "Identifier"},
			Description: Text{"Leistung, Gebiet und die ersten Stellen der Prüfsumme (SHA-256) der Adresse; dieselbe Zeile hat in jeder Veröffentlichung dieselbe Kennung.", "Service, area and the first digits of the checksum (SHA-256) of the address; the same row has the same identifier in every release."},
		},
		{
			Name: "service", Type: Reference, Of: "services", Required: true, Example: "99041006017000",
			Title:       Text{"Leistung", "Service"},
			Description: Text{"LeiKa-Schlüssel der Leistung.", "LeiKa key of the service."},
		},
		{
			Name: "area", Type: Reference, Of: "areas", Required: true, Example: "05117000",
			Title:       Text{"Gebiet", "Area"},
			Description: Text{"Gebiet, das die Leistung anbietet. Was Bund oder Land für alle anbieten, steht nur bei deren Gebiet.", "Area that offers the service. A service that the federation or a state offers to everyone appears with that area only."},
		},
		countedAsOf(Text{"Tag, den die Quelle beschreibt. Ein Filter auf diese Spalte heißt asOfFrom und asOfTo, denn asOf fragt danach, was an einem Tag bekannt war.", "Day that the source describes. Filter it with asOfFrom and asOfTo, because asOf selects what was known on a given day."}),
		{
			Name: "address", Type: String, Address: true, Example: "https://service.example/antrag",
			Title:       Text{"Adresse", "Address"},
			Description: Text{"Adresse des Onlinedienstes, wie die Behörde sie meldet; leer, wenn sie keine meldet.", "Web address of the online service as reported by the authority; empty if it reports none."},
		},
		{
			Name: "addressStatus", Type: Code, Of: "address-status", Required: true, Example: "ok",
			Title:       Text{"Status der Adresse", "Status of the address"},
			Description: Text{"Ob die Adresse laut Quelle funktioniert.", "Whether the address works, as reported by the source."},
		},
		{
			Name: "active", Type: Code, Of: "active", Required: true, Example: "yes",
			Title:       Text{"Aktiv", "Active"},
			Description: Text{"Ob der Onlinedienst laut Quelle aktiv ist.", "Whether the online service is active, as reported by the source."},
		},
		{
			Name: "coverage", Type: Code, Of: "coverage", Example: "statewide",
			Title:       Text{"Abdeckung", "Coverage"},
			Description: Text{"Wo die Leistung laut Quelle verfügbar ist; leer, wenn sie dazu nichts sagt.", "Where the service is available, as reported by the source; empty if it does not say."},
		},
		{
			Name: "exclusionReason", Type: String,
			Title:       Text{"Grund des Ausschlusses", "Reason for exclusion"},
			Description: Text{"Warum die Quelle die Zeile in ihren Auswertungen nicht berücksichtigt, in ihren Worten.", "Why the source excludes the row from its evaluations, in its own words, in German."},
		},
		source(), locator(), published(),
	},
}

// ServiceCounts is the dataset of what is counted in ServiceAvailability.
var ServiceCounts = &Dataset{
	ID: "service-counts", Item: "serviceCountId", Schema: "ServiceCount", Computed: true, Optional: true, Snapshot: true,
	Title: Text{"Zahl der verfügbaren Onlinedienste, berechnet", "Counts of available online services, computed"},
	Description: Text{
		"Wie viele Leistungen ein Gebiet online anbietet, nach Abdeckung und nach Themenfeld, berechnet aus der Verfügbarkeit nach der Regel, die jede Zeile nennt. Was Dokumente berichten, steht in ozg-service-counts.",
		"How many services an area offers online, by coverage and by topic, computed from their availability by the rule named in each row. Counts reported in documents are in ozg-service-counts.",
	},
	Keywords: []Text{{"Onlinedienste", "online services"}, {"Verwaltungsleistungen", "public services"}, {"OZG", "OZG"}},
	Themes:   []string{"GOVE", "TECH"},
	Columns: []Column{
		id("05117000.2026-11-28.open-pvog-2026-11-28.all.all"),
		area(),
		countedAsOf(Text{"Tag, auf den sich die Zählung bezieht. Ein Filter auf diese Spalte heißt asOfFrom und asOfTo, denn asOf fragt danach, was an einem Tag bekannt war.", "Day to which the count refers. Filter it with asOfFrom and asOfTo, because asOf selects what was known on a given day."}),
		{
			Name: "coverage", Type: Code, Of: "coverage", Required: true, Example: "all",
			Title:       Text{"Abdeckung", "Coverage"},
			Description: Text{"Abdeckung der gezählten Leistungen; all zählt jede.", "Coverage of the counted services; all includes every service."},
		},
		topic(),
		{
			Name: "value", Type: Integer, Required: true, Example: "128",
			Title:       Text{"Wert", "Value"},
			Description: Text{"Zahl der Leistungen.", "Number of services."},
		},
		{
			Name: "rule", Type: Code, Of: "count-rule", Required: true, Example: "active-and-reachable",
			Title:       Text{"Regel", "Rule"},
			Description: Text{"Regel, nach der gezählt wurde; die Codeliste definiert sie.", "Rule by which the services were counted, as defined in the codelist."},
		},
		source(), published(),
	},
}

func topic() Column {
	return Column{
		Name: "topic", Type: Code, Of: "topic", Required: true, Example: "mobility-travel",
		Title:       Text{"Themenfeld", "Topic"},
		Description: Text{"Themenfeld des Onlinezugangsgesetzes.", "Topic under the Online Access Act."},
	}
}

func countedAsOf(description Text) Column {
	return Column{
		Name: "asOf", Type: Period, Required: true, Example: "2026-11-28",
		Title: Text{"Stand", "As of"}, Description: description,
	}
}

func optional(c Column) Column {
	c.Required = false
	return c
}
