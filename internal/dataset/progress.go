package dataset

// incomparableUnits are units whose values have no meaningful ratio.
var incomparableUnits = map[string]Text{
	"factor":        {"Der Zielwert ist das Vielfache einer Ausgangszahl, die nicht genannt ist.", "The target is a multiple of a number that is not named."},
	"rank":          {"Rangplätze lassen sich nicht ins Verhältnis setzen.", "Ranks cannot be put in proportion."},
	"calendar-year": {"Jahreszahlen lassen sich nicht ins Verhältnis setzen.", "Years cannot be put in proportion."},
}

// Reservations returns why the figures in a row of goal-progress cannot be compared
// or only with care, and whether a share may be computed at all. cell returns the
// row's cells by column; direction is the direction of its indicator.
func Reservations(cell func(column string) string, direction string) (reasons []Text, comparable bool) {
	if cell("actual") == "" {
		return []Text{{"Keine der Quellen nennt einen erreichten Wert.", "None of the sources names a value reached."}}, false
	}
	if reason, ok := incomparableUnits[cell("unit")]; ok {
		return []Text{reason}, false
	}
	if direction != "more-is-better" {
		return []Text{{"Ein Anteil lässt sich nur angeben, wo mehr besser ist.", "A share can be given only where more is better."}}, false
	}
	if cell("actualPeriod") == "" {
		reasons = append(reasons, Text{
			"Die Quelle datiert den letzten Wert nicht; bekannt ist er seit ihrem Erscheinen.",
			"The source gives no date for the latest value; it has been known since the source was published.",
		})
	}
	if cell("targetQualifier") != "exact" || cell("actualQualifier") != "exact" {
		reasons = append(reasons, Text{"Mindestens eine der Zahlen ist nicht genau angegeben.", "At least one of the figures is not given exactly."})
	}
	return reasons, true
}
