package site

import "github.com/zielstand/zielstand/internal/dataset"

func (v *view) contradictions() (content, error) {
	rows, err := v.all(dataset.Contradictions)
	if err != nil {
		return content{}, err
	}
	shown, err := v.withStatements(rows)
	return content{
		template: "contradictions", title: dataset.Contradictions.Title.In(v.Language), description: dataset.Contradictions.Description.In(v.Language),
		data: map[string]any{"Rows": shown}, downloads: []download{v.wholeOf(dataset.Contradictions)},
	}, err
}
