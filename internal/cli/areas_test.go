// SPDX-License-Identifier: EUPL-1.2

package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// gv100ad is a small register; the names of the municipalities are invented.
var gv100ad = strings.Join([]string{
	fmt.Sprintf("%-22s%-50s", "102026123105", "Nordrhein-Westfalen"),
	fmt.Sprintf("%-22s%-50s", "2020261231051", "Reg.-Bez. Düsseldorf"),
	fmt.Sprintf("%-22s%-50s%-50s43", "402026123105158", "Mettmann", "Mettmann"),
	fmt.Sprintf("%-22s%-50s%-50s50", "502026123105158   0026", "Synthetisch, Stadt", "Synthetisch"),
	fmt.Sprintf("%-22s%-50s%-50s63", "6020261231051580260026", "Synthetisch, Stadt", ""),
	fmt.Sprintf("%-22s%-50s", "102026123106", "Hessen"),
	fmt.Sprintf("%-22s%-50s%-50s44", "402026123106431", "Synthetisch", ""),
	"",
}, "\r\n")

func TestAreasConvert(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, out := filepath.Join(dir, "gv.txt"), filepath.Join(dir, "areas.csv")
	if err := os.WriteFile(file, []byte(gv100ad), 0o644); err != nil {
		t.Fatal(err)
	}
	want := `id,title,titleEn,level,parent,ars,type,validFrom,validTo,successor,uri,source
WORLD,Welt,World,world,,,,,,,,
EU,Europäische Union,European Union,union,WORLD,,,,,,,
00,Deutschland,Germany,country,EU,,,,,,,
05,Nordrhein-Westfalen,North Rhine-Westphalia,state,00,050000000000,state,,,,http://dcat-ap.de/def/politicalGeocoding/stateKey/05,gv-isys-2026-12-31
06,Hessen,Hesse,state,00,060000000000,state,,,,http://dcat-ap.de/def/politicalGeocoding/stateKey/06,gv-isys-2026-12-31
051,Regierungsbezirk Düsseldorf,Düsseldorf government district,government-district,05,051000000000,government-district,,,,http://dcat-ap.de/def/politicalGeocoding/governmentDistrictKey/051,gv-isys-2026-12-31
05158,Kreis Mettmann,Mettmann district,district,051,051580000000,district,,,,http://dcat-ap.de/def/politicalGeocoding/districtKey/05158,gv-isys-2026-12-31
05158026,"Synthetisch, Stadt","Synthetisch, Stadt",municipality,05158,051580026026,town,,,,http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05158026,gv-isys-2026-12-31
`
	status, stdout, stderr := run(t, "areas", "convert", "--state", "05", file)
	if diff := cmp.Diff(want, stdout); diff != "" || status != 0 {
		t.Errorf("status %d, errors %s (-want +got)\n%s", status, stderr, diff)
	}
	report := file + `, as of 2026-12-31: district 1, government-district 1, municipality 1, state 2
Left out: association of municipalities 1
The areas name the source gv-isys-2026-12-31, which must be in sources.csv
`
	if diff := cmp.Diff(report, stderr); diff != "" {
		t.Errorf("report (-want +got)\n%s", diff)
	}
	status, stdout, stderr = run(t, "areas", "convert", "--source", "gv", file, out)
	written, err := os.ReadFile(out)
	if status != 0 || stdout != "" || err != nil || !strings.Contains(string(written), "\n06431,Landkreis Synthetisch,Synthetisch district,district,06,") {
		t.Errorf("status %d, %s%s, error %v:\n%s", status, stdout, stderr, err, written)
	}
}

// TestAreasConvertErrors reports every line and writes nothing.
func TestAreasConvertErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, out := filepath.Join(dir, "gv.txt"), filepath.Join(dir, "areas.csv")
	wrong := strings.NewReplacer("051580260026", "0515802 0026", "402026123106", "452026123106").Replace(gv100ad)
	if err := os.WriteFile(file, []byte(wrong), 0o644); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := run(t, "areas", "convert", file, out)
	for _, want := range []string{
		`gv.txt, line 5, municipality (characters 16 to 18): "02" must have 3 digits`,
		`gv.txt, line 7: "452026123106431`, `does not start with the kind of a record (10, 20, 30, 40, 50, 60)`,
		file + ": 2 errors; nothing is written\n",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("errors %s, want %s", stderr, want)
		}
	}
	if _, err := os.Stat(out); status != 1 || stdout != "" || !os.IsNotExist(err) {
		t.Errorf("status %d, output %s, file: %v", status, stdout, err)
	}
	if status, _, stderr := run(t, "areas", "convert", filepath.Join(dir, "absent.txt")); status != 1 || !strings.Contains(stderr, "absent.txt") {
		t.Errorf("absent file: status %d, %s", status, stderr)
	}
}
