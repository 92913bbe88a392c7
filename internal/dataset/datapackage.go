// SPDX-License-Identifier: EUPL-1.2

package dataset

// ManifestName is the file that describes a data package (Frictionless Data
// Package 1.0).
const ManifestName = "datapackage.json"

// Manifest is the content of datapackage.json.
type Manifest struct {
	Name        string           `json:"name"`
	Title       string           `json:"title"`
	Description string           `json:"description,omitempty"`
	Version     string           `json:"version"`
	Created     string           `json:"created"`
	Notes       string           `json:"notes,omitempty"`
	Synthetic   bool             `json:"synthetic,omitempty"`
	Profile     string           `json:"profile"`
	Licenses    []PackageLicense `json:"licenses,omitempty"`
	Resources   []Resource       `json:"resources"`
}

// PackageLicense is a licence of the data.
type PackageLicense struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Title string `json:"title,omitempty"`
}

// Resource is a CSV file of the package.
type Resource struct {
	Name      string `json:"name"`
	Path      string `json:"path"`
	Profile   string `json:"profile"`
	Title     string `json:"title,omitempty"`
	MediaType string `json:"mediatype"`
	Encoding  string `json:"encoding"`
	Schema    Schema `json:"schema"`
}

// Schema is a Table Schema (Frictionless Table Schema 1.0).
type Schema struct {
	Fields      []Field      `json:"fields"`
	PrimaryKey  string       `json:"primaryKey"`
	ForeignKeys []ForeignKey `json:"foreignKeys,omitempty"`
}

// Field describes a column.
type Field struct {
	Name        string      `json:"name"`
	Type        string      `json:"type"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	Constraints *Constraint `json:"constraints,omitempty"`
}

// Constraint restricts a column.
type Constraint struct {
	Required bool `json:"required,omitempty"`
	Unique   bool `json:"unique,omitempty"`
}

// ForeignKey declares that a column refers to the id of another resource.
type ForeignKey struct {
	Fields    string           `json:"fields"`
	Reference ForeignKeyTarget `json:"reference"`
}

// ForeignKeyTarget is the resource and column that a foreign key refers to.
type ForeignKeyTarget struct {
	Resource string `json:"resource"`
	Fields   string `json:"fields"`
}

// Describe returns the description of a dataset in datapackage.json.
func Describe(d *Dataset) Resource {
	return Resource{
		Name: d.ID, Path: d.ID + ".csv", Profile: "tabular-data-resource", Title: d.Title.DE,
		MediaType: "text/csv", Encoding: "utf-8", Schema: d.TableSchema(d.Edited()),
	}
}

// DescribePublished returns the description of a dataset with all of its columns, as it is
// published.
func DescribePublished(d *Dataset) Resource {
	r := Describe(d)
	r.Schema = d.TableSchema(d.Columns)
	return r
}

// TableSchema returns the Table Schema of columns of the dataset. A list has no foreign
// key, which would have to match the whole cell. The resource of a reference to the same
// dataset is empty.
func (d *Dataset) TableSchema(columns []Column) Schema {
	s := Schema{PrimaryKey: "id"}
	for _, c := range columns {
		f := Field{Name: c.Name, Type: fieldType(c.Type), Title: c.Title.DE, Description: c.Description.DE}
		if c.Required || c.Name == "id" {
			f.Constraints = &Constraint{Required: c.Required, Unique: c.Name == "id"}
		}
		s.Fields = append(s.Fields, f)
		if c.Type == Reference {
			target := ForeignKeyTarget{c.Of, "id"}
			if c.Of == d.ID {
				target.Resource = ""
			}
			s.ForeignKeys = append(s.ForeignKeys, ForeignKey{c.Name, target})
		}
	}
	return s
}

func fieldType(t Type) string {
	switch t {
	case Decimal:
		return "number"
	case Integer:
		return "integer"
	case Boolean:
		return "boolean"
	case Date:
		return "date"
	default:
		return "string"
	}
}
