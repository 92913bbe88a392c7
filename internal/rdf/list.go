package rdf

var (
	listFirst = IRI(RDF + "first")
	listRest  = IRI(RDF + "rest")
	listNil   = IRI(RDF + "nil")
)

// list adds an RDF collection and returns its head, rdf:nil if it is empty
// (RDF Schema, 5.2).
func (d *document) list(offset int, items []Term) (Term, error) {
	head := listNil
	for i := len(items) - 1; i >= 0; i-- {
		cell := d.newBlank()
		if err := d.add(offset, cell, listFirst, items[i]); err != nil {
			return Term{}, err
		}
		if err := d.add(offset, cell, listRest, head); err != nil {
			return Term{}, err
		}
		head = cell
	}
	return head, nil
}
