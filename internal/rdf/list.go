package rdf

var (
	first = IRI(RDF + "first")
	rest  = IRI(RDF + "rest")
	nilID = IRI(RDF + "nil")
)

// list adds an RDF collection and returns its head, rdf:nil if it is empty
// (RDF Schema, 5.2).
func (d *document) list(offset int, items []Term) (Term, error) {
	head := nilID
	for i := len(items) - 1; i >= 0; i-- {
		cell := d.newBlank()
		if err := d.add(offset, cell, first, items[i]); err != nil {
			return Term{}, err
		}
		if err := d.add(offset, cell, rest, head); err != nil {
			return Term{}, err
		}
		head = cell
	}
	return head, nil
}
