// SPDX-License-Identifier: EUPL-1.2

package dataset

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/plainjson"
)

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
	// Others are the members that the program does not use, such as homepage and keywords.
	Others []Member `json:"-"`
}

// Member is a member of an object that the program does not use.
type Member struct {
	Name  string
	Value json.RawMessage
	// After is the name of the last member before it that the program uses, or empty.
	After string
}

// manifestMembers are the names of the members that the program uses, in order.
var manifestMembers = func() (names []string) {
	for f := range reflect.TypeFor[Manifest]().Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" {
			names = append(names, name)
		}
	}
	return names
}()

// UnmarshalJSON reads datapackage.json.
func (m *Manifest) UnmarshalJSON(text []byte) error {
	type plain Manifest
	if err := json.Unmarshal(text, (*plain)(m)); err != nil {
		return err
	}
	m.Others = nil
	after := ""
	return eachMember(text, func(name string, value json.RawMessage) {
		i := slices.IndexFunc(manifestMembers, func(known string) bool { return strings.EqualFold(known, name) })
		if i >= 0 {
			after = manifestMembers[i]
		} else {
			m.Others = append(m.Others, Member{name, value, after})
		}
	})
}

// MarshalJSON writes datapackage.json: the members that the program uses in its order, and
// each other one after the member that it followed.
func (m Manifest) MarshalJSON() ([]byte, error) {
	type plain Manifest
	text, err := plainjson.Marshal(plain(m))
	if err != nil || len(m.Others) == 0 {
		return text, err
	}
	used := map[string]json.RawMessage{}
	if err := eachMember(text, func(name string, value json.RawMessage) { used[name] = value }); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	separator := "{"
	write := func(name string, value json.RawMessage) error {
		quoted, err := plainjson.Marshal(name)
		b.WriteString(separator)
		b.Write(quoted)
		b.WriteByte(':')
		b.Write(value)
		separator = ","
		return err
	}
	for _, name := range slices.Concat([]string{""}, manifestMembers) {
		if value := used[name]; value != nil {
			if err := write(name, value); err != nil {
				return nil, err
			}
		}
		for _, o := range m.Others {
			if o.After != name {
				continue
			}
			if err := write(o.Name, o.Value); err != nil {
				return nil, err
			}
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// eachMember yields the members of an object in order.
func eachMember(text []byte, yield func(name string, value json.RawMessage)) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return err // null
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		yield(name.(string), value)
	}
	return nil
}

// PackageLicense is a licence of the data.
type PackageLicense struct {
	Name  string `json:"name"`
	Path  string `json:"path,omitempty"`
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
	// Dialect is only set in other publishers' files.
	Dialect json.RawMessage `json:"dialect,omitempty"`
	Schema  Schema          `json:"schema"`
}

// Structure returns what a program must know to read the file: the resource without the
// titles and descriptions, which are for people.
func (r Resource) Structure() Resource {
	r.Title, r.Schema.Fields = "", slices.Clone(r.Schema.Fields)
	for i := range r.Schema.Fields {
		r.Schema.Fields[i].Title, r.Schema.Fields[i].Description = "", ""
	}
	return r
}

// Schema is a Table Schema (Frictionless Table Schema 1.0).
type Schema struct {
	Fields      []Field      `json:"fields"`
	PrimaryKey  string       `json:"primaryKey"`
	ForeignKeys []ForeignKey `json:"foreignKeys,omitempty"`
	// MissingValues is only set in other publishers' files.
	MissingValues []string `json:"missingValues,omitempty"`
}

// Field describes a column.
type Field struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	// Format is only set in other publishers' files.
	Format      string      `json:"format,omitempty"`
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
