package sourcetest

import (
	"testing"
)

func TestFigures(t *testing.T) {
	texts := documents(t)
	units := map[string]string{}
	for _, r := range rows(t, "indicators") {
		units[r["id"]] = r["unit"]
	}
	for _, dataset := range []string{"observations", "ozg-service-counts"} {
		for _, r := range rows(t, dataset) {
			unit := "count"
			if dataset == "observations" {
				unit = units[r["indicator"]]
			}
			text := texts[r["source"]]
			spans, err := passages(r["source"], text, r["locator"])
			if err != nil {
				t.Errorf("%s: %v", r["id"], err)
				continue
			}
			found := false
			for _, s := range spans {
				if len(figures(text, s, r["value"], unit)) > 0 {
					found = true
				}
			}
			if !found {
				t.Errorf("%s: %s %s is not in %s, %s", r["id"], r["value"], unit, r["source"], r["locator"])
			}
		}
	}
}
