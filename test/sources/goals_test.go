package sources

import (
	"strings"
	"testing"
)

// TestTargets makes sure that a goal is called quantified if and only if there
// is a target of it, and that its own document's targets stand where it stands.
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
		if o["kind"] == "target" {
			targets[goal]++
		}
		if of := own[o["indicator"]]; of != "" && of != goal {
			t.Errorf("%s: is a figure of goal %s, but its indicator %s belongs to %s", o["id"], goal, o["indicator"], of)
		}
		g := goals[goal]
		if o["source"] == g["source"] && !strings.HasPrefix(o["locator"], g["locator"]) {
			t.Errorf("%s: stands in %s, its goal %s in %s", o["id"], o["locator"], goal, g["locator"])
		}
	}
	for _, g := range rows(t, "goals") {
		if (g["quantified"] == "true") != (targets[g["id"]] > 0) {
			t.Errorf("%s: quantified is %s, but there are %d targets", g["id"], g["quantified"], targets[g["id"]])
		}
	}
}
