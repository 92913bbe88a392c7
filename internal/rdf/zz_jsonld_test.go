package rdf
import ("testing";"os";"encoding/json";"fmt";"strings")
func TestW3CJSON(t *testing.T) {
	root := "/tmp/rdfprobe/jsonld/tests/"
	data, _ := os.ReadFile(root+"toRdf-manifest.jsonld")
	var m struct{ BaseIri string; Sequence []struct{ ID string `json:"@id"`; Type []string `json:"@type"`; Name, Input, Expect string; ExpectErrorCode string; Option struct{ SpecVersion, Base, ExpandContext, RdfDirection, ProcessingMode string; ProduceGeneralizedRdf bool } } }
	if err := json.Unmarshal(data, &m); err != nil { t.Fatal(err) }
	n, ok, uns := 0,0,0
	for _, c := range m.Sequence {
		if c.Option.SpecVersion == "json-ld-1.0" || c.Option.ExpandContext != "" || c.Option.RdfDirection != "" || c.Option.ProduceGeneralizedRdf { continue }
		n++
		in, err := os.ReadFile(root+c.Input); if err != nil { fmt.Println(err); continue}
		base := m.BaseIri + c.Input
		if c.Option.Base != "" { base = c.Option.Base }
		g, err := readJSONLD(in, base)
		neg := strings.Contains(strings.Join(c.Type," "), "Negative")
		if neg {
			if err == nil { fmt.Println("ACCEPTED", c.ID, c.Name, c.ExpectErrorCode) } else {ok++}
			continue
		}
		if err != nil && (strings.Contains(err.Error(), "support") || strings.Contains(err.Error(), "remote")) { uns++; fmt.Println("   uns", c.ID, c.Name, err); continue }
		prob := ""
		if err != nil { prob = err.Error() }
		if c.Expect == "" { if err == nil {ok++} else {fmt.Println("REFUSED", c.ID, c.Name, err)}; continue }
		want, err := os.ReadFile(root+c.Expect); if err != nil { fmt.Println(err); continue}
		a, err1 := canon(t, ntOf(g)); b, err2 := canon(t, string(want))
		if err1 != nil || err2 != nil { fmt.Println("CANON", c.ID, err1, err2); continue }
		if a != b { fmt.Println("DIFF", c.ID, c.Name, "\n--got:", prob, "\n"+a, "\n--want\n"+b); continue }
		if prob != "" { fmt.Println("   same but", c.ID, c.Name, prob) }
		ok++
	}
	fmt.Println("====", ok, "ok", uns, "unsupported of", n)
}
