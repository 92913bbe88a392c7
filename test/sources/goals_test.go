// SPDX-License-Identifier: EUPL-1.2

package sources

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTargets makes sure that a goal that is marked as quantified has a target (other
// places may set targets for a goal that names none), and that the targets in the document that sets the goal are where the goal is.
func TestTargets(t *testing.T) {
	t.Parallel()
	targets := map[string]int{}
	goals := map[string]row{}
	for _, g := range rows(t, "goals") {
		goals[g["id"]] = g
	}
	own := map[string]string{}
	for _, i := range rows(t, "indicators") {
		own[i["id"]] = i["goal"]
	}
	for _, o := range rows(t, "observations") {
		goal := o["goal"]
		if goal == "" {
			continue
		}
		g := goals[goal]
		if of := own[o["indicator"]]; of != "" && of != goal && !slices.Contains(strings.Fields(g["relatedGoals"]), of) {
			t.Errorf("%s: is a figure of goal %s, but its indicator %s belongs to %s, which is not related", o["id"], goal, o["indicator"], of)
		}
		if o["kind"] != "target" {
			continue
		}
		targets[goal]++
		if o["source"] == g["source"] && !strings.HasPrefix(place(o["locator"]), place(g["locator"])) {
			t.Errorf("%s: is in %s, its goal %s in %s", o["id"], o["locator"], goal, g["locator"])
		}
	}
	for _, g := range rows(t, "goals") {
		if g["quantified"] == "true" && targets[g["id"]] == 0 {
			t.Errorf("%s: is quantified, but there is no target", g["id"])
		}
		for _, id := range strings.Fields(g["relatedGoals"]) {
			if !slices.Contains(strings.Fields(goals[id]["relatedGoals"]), g["id"]) {
				t.Errorf("%s: is related to %s, but not the other way round", g["id"], id)
			}
		}
	}
}

// precise is a place that is small enough to find a statement without a quotation.
var precise = regexp.MustCompile(`\([0-9]+\) [a-z]$|(?:Folie|Tabelle|Abbildung|Fußnote|Seite) [0-9]+$`)

// TestStatuses makes sure that every goal is announced by the document that sets it, and
// that every other status can be found.
func TestStatuses(t *testing.T) {
	t.Parallel()
	announced := map[string]row{}
	for _, s := range rows(t, "goal-status") {
		if s["status"] == "announced" && announced[s["goal"]] == nil {
			announced[s["goal"]] = s
		}
		if quotation(s["locator"]) == "" && !precise.MatchString(s["locator"]) {
			t.Errorf("%s: the locator %s needs a quotation", s["id"], s["locator"])
		}
	}
	for _, g := range rows(t, "goals") {
		if s := announced[g["id"]]; s == nil || s["source"] != g["source"] || s["locator"] != g["locator"] {
			t.Errorf("%s: its first status is not that %s announces it in %s", g["id"], g["source"], g["locator"])
		}
	}
}

// TestMeasures finds a milestone for each of the lettered measures that the strategy
// counts as done (3.1 to 11.1), and no milestone for a letter that it does not have.
func TestMeasures(t *testing.T) {
	t.Parallel()
	strategy := documents(t)["digitalstrategie-2-0"]
	milestones := map[string]int{}
	for _, m := range rows(t, "milestones") {
		if m["source"] == "digitalstrategie-2-0" && quotation(m["locator"]) == "" {
			milestones[m["locator"]]++
		}
	}
	measures := 0
	for chapter := 3; chapter <= 11; chapter++ {
		for theme := 1; ; theme++ {
			section := fmt.Sprintf("%d.1 (%d)", chapter, theme)
			if _, err := strategyPart(strategy, section); err != nil {
				break
			}
			for letter := 'a'; letter <= 'z'; letter++ {
				locator := fmt.Sprintf("%s %c", section, letter)
				if _, err := strategyPart(strategy, locator); err != nil {
					break
				}
				if measures++; milestones[locator] != 1 {
					t.Errorf("%s: has %d milestones, want one", locator, milestones[locator])
				}
				delete(milestones, locator)
			}
		}
	}
	for locator, n := range milestones {
		t.Errorf("%s: has %d milestones, but is not a measure", locator, n)
	}
	if measures < 190 {
		t.Errorf("the strategy has only %d measures", measures)
	}
	t.Logf("%d measures", measures)
}
