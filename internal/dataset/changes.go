package dataset

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
			Description: Text{"Ob die Zeile hinzukam (added), entfiel (removed) oder eine Zelle sich änderte (changed).", "Whether the row was added, removed, or a cell changed."},
		},
		{
			Name: "column", Type: Identifier, Example: "value",
			Title:       Text{"Spalte", "Column"},
			Description: Text{"Spalte der geänderten Zelle; leer bei ganzen Zeilen.", "Column of the changed cell; empty for whole rows."},
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
