// SPDX-License-Identifier: EUPL-1.2

package mcp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// arguments are the arguments of a call by name, without those that are null: many models
// send null for what they leave out.
type arguments map[string]json.RawMessage

// parseArguments checks the names of the arguments.
func parseArguments(t tool, raw json.RawMessage) (arguments, error) {
	var args arguments
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &args); err != nil {
			return nil, &domain.Invalid{Name: "arguments", Value: string(raw), Rule: "must be a JSON object", Allowed: t.names()}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if !slices.Contains(t.names(), name) {
			return nil, domain.UnknownName(name, "is not an argument of "+t.name, t.names())
		}
		if string(args[name]) == "null" {
			delete(args, name)
		}
	}
	return args, nil
}

// text returns an argument as text, or "" without it.
func (a arguments) text(name string) (string, error) {
	raw, ok := a[name]
	if !ok {
		return "", nil
	}
	text, err := parseValue(name, raw)
	if err == nil && text == "" {
		err = &domain.Invalid{Name: name, Rule: "must not be empty; leave it out instead"}
	}
	return text, err
}

// required is text for an argument that must be present.
func (a arguments) required(name, rule string, allowed []string) (string, error) {
	if _, ok := a[name]; !ok {
		return "", &domain.Invalid{Name: name, Rule: "is required: " + rule, Allowed: allowed}
	}
	text, err := parseValue(name, a[name])
	if err == nil && text == "" {
		err = &domain.Invalid{Name: name, Rule: "must not be empty: " + rule, Allowed: allowed}
	}
	return text, err
}

// number returns a whole number from low to high, or otherwise if the argument is
// missing.
func (a arguments) number(name string, otherwise, low, high int) (int, error) {
	text, err := a.text(name)
	if err != nil || text == "" {
		return otherwise, err
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, &domain.Invalid{Name: name, Value: text, Rule: fmt.Sprintf("must be a whole number from %d to %d", low, high)}
	}
	return n, nil
}

// dataset returns the dataset that the argument names, or nil without it.
func (a arguments) dataset() (*dataset.Dataset, error) {
	id, err := a.text("dataset")
	if err != nil || id == "" {
		return nil, err
	}
	if d := dataset.ByID(id); d != nil {
		return d, nil
	}
	return nil, domain.NotOneOf("dataset", id, "is not a dataset", dataset.IDs())
}

// elsewhere are the parameters of a collection that a tool does not have: they choose
// forms of tables and files.
var elsewhere = []string{"dialect", "format", "labels", "layout"}

// parameterNames returns the parameters of a dataset that a tool has.
func parameterNames(d *dataset.Dataset) []string {
	return slices.DeleteFunc(d.ParameterNames(), func(name string) bool { return slices.Contains(elsewhere, name) })
}

// parameters returns the argument of that name as the parameters of a query of the API.
func (a arguments) parameters(d *dataset.Dataset) (url.Values, error) {
	given := map[string]json.RawMessage{}
	if raw, ok := a["parameters"]; ok {
		if err := json.Unmarshal(raw, &given); err != nil {
			return nil, &domain.Invalid{Name: "parameters", Value: string(raw), Rule: `must be a JSON object, for example {"limit": 10}`, Allowed: parameterNames(d)}
		}
	}
	values := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(parameterNames(d), name) {
			return nil, domain.UnknownName(name, "is not a parameter of "+d.ID, parameterNames(d))
		}
		if string(given[name]) == "null" {
			if err := notNull(d, name); err != nil {
				return nil, err
			}
			continue
		}
		text, err := parseValue(name, given[name])
		if err != nil {
			return nil, err
		}
		if text == "" && (name == "release" || name == "after") {
			return nil, &domain.Invalid{Name: name, Rule: "must not be empty; leave it out instead"}
		}
		values.Set(name, text)
	}
	return values, nil
}

// notNull rejects null as the value of a filter: it may stand for the empty cell, or for no
// filter.
func notNull(d *dataset.Dataset, name string) error {
	i, operator := d.FilterColumn(name)
	if i < 0 || operator != dataset.In && operator != dataset.Not {
		return nil
	}
	invalid := &domain.Invalid{Name: name, Value: "null", Rule: "must not be null; leave it out to get all rows"}
	if !d.Columns[i].Required {
		invalid.Nearest = dataset.None
	}
	return invalid
}

// parseValue returns a text, a number, a Boolean or a list of these as a parameter of
// the API has them.
func parseValue(name string, raw json.RawMessage) (string, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // 1.10 stays 1.10
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", err
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var parts []string
	separator := ","
	if name == "q" { // a row must have all words
		separator = " "
	}
	for _, v := range list {
		switch v := v.(type) {
		case string:
			parts = append(parts, v)
		case json.Number:
			text := v.String()
			if name == "limit" || name == "after" { // 10.0 is an integer, too (JSON Schema Validation, 6.1.1)
				text = strings.TrimSuffix(text, ".0")
			}
			parts = append(parts, text)
		case bool:
			parts = append(parts, strconv.FormatBool(v))
		default:
			return "", &domain.Invalid{Name: name, Value: string(raw), Rule: "must be a text, a number, true or false, or a list of these"}
		}
	}
	return strings.Join(parts, separator), nil
}
