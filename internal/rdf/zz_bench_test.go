package rdf
import ("testing";"fmt";"bytes")
func bigG() *Graph { g := &Graph{}; for i := range 20000 { s := IRI(fmt.Sprintf("%sdataset/%d", ex, i)); g.Add(s, Type, IRI("http://www.w3.org/ns/dcat#Dataset")); g.Add(s, IRI("http://purl.org/dc/terms/title"), LangLiteral(fmt.Sprintf("Datensatz Nummer %d über Größe", i), "de")); g.Add(s, IRI("http://purl.org/dc/terms/issued"), TypedLiteral("2021-01-01", XSD+"date")); g.Add(s, IRI("http://purl.org/dc/terms/publisher"), Blank(fmt.Sprintf("p%d", i%100))); g.Add(s, IRI("http://purl.org/dc/terms/n"), TypedLiteral(fmt.Sprint(i), XSD+"integer")) }; return g }
func BenchmarkAll(b *testing.B) {
	g := bigG()
	for _, f := range Formats() {
		b.Run("write/"+f.Name, func(b *testing.B){ for b.Loop() { var w bytes.Buffer; if err := f.Write(&w, g, testPrefixes); err != nil { b.Fatal(err) } } })
		data := write(b, f, g, testPrefixes)
		b.Run("read/"+f.Name, func(b *testing.B){ b.SetBytes(int64(len(data))); for b.Loop() { if _, err := f.Read(data, ""); err != nil { b.Fatal(err) } } })
	}
}
