// SPDX-License-Identifier: EUPL-1.2

package mcp

import (
	"context"
	"fmt"
	"maps"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/release"
)

// tool is a tool with its arguments.
type tool struct {
	name, title, description string
	arguments                []argument
	// bound is the argument that makes a result smaller.
	bound string
	run   func(s *service, ctx context.Context, snapshot *release.Snapshot, args arguments) (any, error)
}

// argument describes an argument to a model.
type argument struct {
	name, description string
	required          bool
	schema            map[string]any
}

// names returns the names of the arguments.
func (t tool) names() []string {
	var names []string
	for _, a := range t.arguments {
		names = append(names, a.name)
	}
	return names
}

// describe returns the tool as clients see it. The schema helps models to get arguments
// right; parseArguments and the queries themselves answer what they get wrong.
func (t tool) describe() *mcp.Tool {
	properties, required := map[string]any{}, []string{}
	for _, a := range t.arguments {
		property := map[string]any{"description": a.description}
		maps.Copy(property, a.schema)
		properties[a.name] = property
		if a.required {
			required = append(required, a.name)
		}
	}
	closed := false
	return &mcp.Tool{
		Name: t.name, Title: t.title, Description: t.description,
		InputSchema: map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false},
		Annotations: &mcp.ToolAnnotations{Title: t.title, ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: &closed, OpenWorldHint: &closed},
	}
}

var (
	textType    = map[string]any{"type": "string"}
	datasetType = map[string]any{"type": "string", "enum": dataset.IDs()}
)

func numberType(low, high int) map[string]any {
	return map[string]any{"type": "integer", "minimum": low, "maximum": high}
}

var releaseArgument = argument{name: "release", description: "Identifier of a release; without it, the latest one.", schema: textType}

// tools are the tools in the order in which a model should consider them.
var tools = []tool{
	{
		name: "search", title: "Search all datasets", bound: "limit",
		description: "Finds rows of all datasets that contain all of the words, in German or English, the best matches of each dataset first. Use query to filter, sort or group the rows of one dataset.",
		arguments: []argument{
			{"q", "Words; a word is found at the beginning of words and, with a leading asterisk (*schule), within them.", true, textType},
			{"dataset", "Search this dataset only.", false, datasetType},
			{"limit", fmt.Sprintf("Maximum number of rows of each dataset; %d without it.", searchRows), false, numberType(1, maxSearchRows)},
			releaseArgument,
		},
		run: (*service).search,
	},
	{
		name: "describe", title: "Describe datasets", bound: "dataset",
		description: "Without dataset, lists the datasets with their meaning and number of rows. With dataset, describes its columns, the codes that they contain, and the parameters of query.",
		arguments:   []argument{{"dataset", "Dataset to describe.", false, datasetType}, releaseArgument},
		run:         (*service).describe,
	},
	{
		name: "query", title: "Query a dataset", bound: "limit",
		description: fmt.Sprintf("Returns rows of a dataset, each with its sources, permanent link and contradictions. At most %d rows at a time, %d without limit; total is the number of rows that match, next the value of the parameter after for the next page.", maxRows, defaultRows),
		arguments: []argument{
			{"dataset", "Dataset to query.", true, datasetType},
			{
				"parameters", `Parameters of the API, for example {"status!": "achieved", "dueBefore": "2025", "sort": "-due", "limit": 20}. Each column is a filter: equal (several values in a list or separated by commas), not equal with "!" after its name, ranges of dates, periods and numbers with From and To, wholly before or after with Before and After; "none" (not null) stands for the empty cell. Further: q, asOf, latest, groupBy and aggregate (count, min, max, sum, latest), sort, fields, include, within, limit, after, release. Call describe to see all parameters of a dataset.`, false,
				map[string]any{"type": "object"},
			},
		},
		run: (*service).query,
	},
	{
		name: "explain", title: "Explain a value", bound: "column",
		description: "Explains a row or one of its values: what its columns and codes mean, the definition of what is measured, its source and the place in the source, and the statements that contradict it.",
		arguments: []argument{
			{"id", "Identifier of the row, as other tools return it, for example obs-0001.", true, textType},
			{"dataset", "Dataset of the row, needed only if several have the identifier.", false, datasetType},
			{"column", "Explain the value in this column only.", false, textType},
			releaseArgument,
		},
		run: (*service).explain,
	},
	{
		name: "compare_releases", title: "Compare two releases", bound: "limit",
		description: "Lists what changed between two releases: rows that were added or removed, and changed values with old and new value, each with links to both releases. Without arguments, it compares the latest release with the one before.",
		arguments: []argument{
			{"from", "Identifier of the older release; without it, the one that the other followed.", false, textType},
			{"to", "Identifier of the newer release; without it, the latest one.", false, textType},
			{"dataset", "Only changes of this dataset.", false, datasetType},
			{"limit", fmt.Sprintf("Maximum number of changes; %d without it.", defaultRows), false, numberType(1, maxRows)},
			{"after", "Number of changes to skip, as next returns it.", false, numberType(0, maxChanges)},
		},
		run: (*service).compare,
	},
	{
		name: "list_unknown", title: "List what is not known", bound: "limit",
		description: "Lists what sources leave open: goals whose outcome is not known although they were due, goals without a due date, targets without a reported value, goals without figures, announced milestones, and figures without a period.",
		arguments: []argument{
			{"kind", "Only this kind.", false, map[string]any{"type": "string", "enum": gapNames()}},
			{"limit", fmt.Sprintf("Maximum number of rows of each kind; %d without it.", gapRows), false, numberType(1, maxRows)},
			{"after", "Next page of the kind, as next returns it; requires kind.", false, textType},
			releaseArgument,
		},
		run: (*service).unknown,
	},
}

// names returns the names of the tools.
func names() []string {
	var out []string
	for _, t := range tools {
		out = append(out, t.name)
	}
	return out
}
