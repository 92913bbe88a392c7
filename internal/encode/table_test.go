// SPDX-License-Identifier: EUPL-1.2

package encode_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// TestLabels writes titles instead of names. The titles of the columns of a dataset are
// all different.
func TestLabels(t *testing.T) {
	t.Parallel()
	d := encode.Document{Columns: dataset.FieldsOfAction.Columns}
	row := [][]string{{"ds2-netze", "ds2", "8", "Netze", "Networks"}}
	for _, tt := range []struct{ labels, dialect, want string }{
		{"", "", "id,strategy,number,title,titleEn\r\n"},
		{"de", "", "Kennung,Strategie,Nummer,Titel,Titel (englisch)\r\n"},
		{"en", "", "Identifier,Strategy,Number,Title (German),Title (English)\r\n"},
		{"de", "excel-de", "\ufeffKennung;Strategie;Nummer;Titel;Titel (englisch)\r\n"},
	} {
		d.Labels = tt.labels
		got := string(write(t, format(t, "csv", tt.dialect), d, row))
		if !strings.HasPrefix(got, tt.want) {
			t.Errorf("labels=%s dialect=%s: %q, want the header %q", tt.labels, tt.dialect, got, tt.want)
		}
	}
	for _, d := range dataset.All {
		for _, language := range []string{"de", "en"} {
			seen := map[string]bool{}
			for _, c := range d.Columns {
				if label := c.Title.In(language); label == "" || seen[label] {
					t.Errorf("%s: the title %q (%s) is empty or there twice", d.ID, label, language)
				} else {
					seen[label] = true
				}
			}
		}
	}
}

// observed are observations: of one series and period two values, one of them
// repeated with other words, and one that is not exact; one without period, periods of all kinds.
var observed = [][]string{
	{"obs-1", "users", "ds2-47", "05", "2021-11-12", "actual", "1.10", "about", "a", "1", "2022", "note", "percent", "", "", "", ""},
	{"obs-2", "users", "ds2-47", "05", "2021", "actual", "75000", "exact", "a", "2", "2022", "", "percent", "", "", "", ""},
	{"obs-3", "users", "ds2-47", "05", "2021-06", "target", "3", "exact", "a", "3", "2022", "", "percent", "", "", "", ""},
	{"obs-4", "users", "ds2-47", "05", "2021", "actual", "75000.5", "exact", "a", "4", "2022", "", "percent", "", "", "", ""},
	{"obs-8", "users", "ds2-47", "05", "2021", "actual", "75000", "exact", "a", "9", "2022", "", "percent", "", "all", "75 Tausend", "note"},
	{"obs-9", "users", "ds2-47", "05", "2021", "actual", "75000", "at-least", "a", "9", "2022", "", "percent", "pilot", "", "", ""},
	{"obs-10", "users", "", "00", "2018", "actual", "6", "exact", "b", "8", "2022", "", "percent", "", "", "", ""},
	{"obs-5", "users", "", "00", "", "actual", "-2", "exact", "b", "5", "2022", "", "percent", "", "", "", ""},
	{"obs-6", "users", "", "00", "2018/2021", "actual", "7", "exact", "b", "6", "2022", "", "percent", "", "", "", ""},
	{"obs-7", "users", "", "00", "2018", "actual", "6", "exact", "b", "7", "2022", "", "percent", "", "", "", ""},
}

// excelRows joins rows of two parts each: cells that are all protected, and the
// rest as it is.
func excelRows(parts ...string) string {
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		for cell := range strings.SplitSeq(parts[i], ";") {
			if cell != "" {
				cell = `"=""` + cell + `"""`
			}
			b.WriteString(cell + ";")
		}
		b.WriteString(parts[i+1] + "\r\n")
	}
	return b.String()
}

func TestWide(t *testing.T) {
	t.Parallel()
	all := dataset.Observations.Columns
	pilot := slices.Clone(observed[1])
	pilot[dataset.Observations.Column("value")], pilot[dataset.Observations.Column("breakdown")] = "75", "pilot"
	few := []dataset.Column{all[dataset.Observations.Column("period")], all[dataset.Observations.Column("value")]}
	for _, tt := range []struct {
		name, dialect, labels string
		columns               []dataset.Column
		rows                  [][]string
		want                  string
	}{
		{
			"plain", "", "", all, observed,
			"indicator,goal,area,kind,qualifier,source,unit,breakdown,2018,2018/2021,2021,2021-06,2021-11-12,undated\r\n" +
				"users,ds2-47,05,actual,about,a,percent,,,,,,1.10,\r\n" +
				"users,ds2-47,05,actual,exact,a,percent,,,,75000 / 75000.5,,,\r\n" +
				"users,ds2-47,05,target,exact,a,percent,,,,,3,,\r\n" +
				"users,ds2-47,05,actual,at-least,a,percent,pilot,,,75000,,,\r\n" +
				"users,,00,actual,exact,b,percent,,6,7,,,,-2\r\n",
		},
		{
			"for German Excel", "excel-de", "de", all, observed,
			"\ufeffIndikator;Ziel;Gebiet;Art;Genauigkeit;Quelle;Einheit;Gliederung;\"=\"\"2018\"\"\";\"=\"\"2018/2021\"\"\";\"=\"\"2021\"\"\";\"=\"\"2021-06\"\"\";\"=\"\"2021-11-12\"\"\";ohne Zeitraum\r\n" +
				excelRows(
					`users;ds2-47;05;actual;about;a;percent;`, `;;;;1,10;`,
					`users;ds2-47;05;actual;exact;a;percent;`, `;;"=""75000 / 75000,5""";;;`,
					`users;ds2-47;05;target;exact;a;percent;`, `;;;3;;`,
					`users;ds2-47;05;actual;at-least;a;percent;pilot`, `;;75000;;;`,
					`users;;00;actual;exact;b;percent;`, `6;7;;;;-2`,
				),
		},
		{"English", "", "en", all, observed[7:8], "Indicator,Goal,Area,Kind,Qualifier,Source,Unit,Breakdown,without period\r\nusers,,00,actual,exact,b,percent,,-2\r\n"},
		{
			"figures of pilots are not mixed with others", "", "", all,
			[][]string{observed[1], pilot},
			"indicator,goal,area,kind,qualifier,source,unit,breakdown,2021\r\nusers,ds2-47,05,actual,exact,a,percent,,75000\r\nusers,ds2-47,05,actual,exact,a,percent,pilot,75\r\n",
		},
		{"no rows", "", "", all, nil, "indicator,goal,area,kind,qualifier,source,unit,breakdown\r\n"},
		{"without a series", "", "", few, [][]string{{"2021", "1"}, {"2020", "2"}, {"2021", "3"}}, "2020,2021\r\n2,1 / 3\r\n"},
		{"nothing at all", "", "", few, nil, "\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := encode.Document{Columns: tt.columns, Labels: tt.labels, Wide: true}
			got := string(write(t, format(t, "csv", tt.dialect), d, tt.rows))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("bytes (-want +got)\n%s", diff)
			}
		})
	}
}

func TestWideWorkbook(t *testing.T) {
	t.Parallel()
	d := encode.Document{Columns: dataset.Observations.Columns, Dataset: dataset.Observations, Labels: "de", Wide: true, Total: int64(len(observed))}
	f := open(t, write(t, format(t, "xlsx", ""), d, observed))
	rows, err := f.GetRows("Beobachtungen zu den…")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Indikator", "Ziel", "Gebiet", "Art", "Genauigkeit", "Quelle", "Einheit", "Gliederung", "2018", "2018/2021", "2021", "2021-06", "2021-11-12", "ohne Zeitraum"},
		{"users", "ds2-47", "05", "actual", "about", "a", "percent", "", "", "", "", "", "1.10"},
		{"users", "ds2-47", "05", "actual", "exact", "a", "percent", "", "", "", "75000 / 75000.5"},
		{"users", "ds2-47", "05", "target", "exact", "a", "percent", "", "", "", "", "3"},
		{"users", "ds2-47", "05", "actual", "at-least", "a", "percent", "pilot", "", "", "75000"},
		{"users", "", "00", "actual", "exact", "b", "percent", "", "6", "7", "", "", "", "-2"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	for cell, want := range map[string]excelize.CellType{"I6": excelize.CellTypeUnset, "K3": excelize.CellTypeInlineString, "K5": excelize.CellTypeUnset} {
		if kind, err := f.GetCellType("Beobachtungen zu den…", cell); err != nil || kind != want {
			t.Errorf("%s has the type %d, %v, want %d", cell, kind, err, want)
		}
	}
	about, err := f.GetRows("Metadaten")
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, row := range about {
		text += strings.Join(row, "|") + "\n"
	}
	for _, part := range []string{"Zeilen|5\n", "Gefunden|10\n", "ohne layout=wide", "sagt die Spalte Genauigkeit.", "Dezimalzahl|siehe Spalte Einheit\n", "\nundated|ohne Zeitraum|without period|", "2021-06|2021-06|2021-06|Wert im Zeitraum 2021-06.|"} {
		if !strings.Contains(text, part) {
			t.Errorf("the sheet about the data lacks %q:\n%s", part, text)
		}
	}
}

// TestWideNeedsColumns asks for the impossible.
func TestWideNeedsColumns(t *testing.T) {
	t.Parallel()
	e := format(t, "csv", "").New(&counter{}, encode.Document{Columns: dataset.Areas.Columns, Wide: true})
	if err := e.Row(make([][]byte, len(dataset.Areas.Columns))); err == nil {
		t.Error("a table without periods was laid out by them")
	}
}
