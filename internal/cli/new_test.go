// SPDX-License-Identifier: EUPL-1.2

package cli_test

import (
	"os"
	"path/filepath"
	"testing"
)

func TestNew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"observations.csv": "\ufeffid,indicator,area,period,kind,value,qualifier,source,locator\nobs-0009,a,05,2024,actual,1,exact,s,1\nobs-0011,a,05,2024,actual,1,exact,s,1\n",
		"goals.csv":        "id,strategy,title\nds2-01,digital,A\nds2-09,digital,B\negov18-03,egov,C\nother,free,D\n",
		"sources.csv":      "id,title,publisher\nreport,\"Report, first\",P\n",
		"withdrawn.csv":    "id,dataset\nobs-0012,observations\nds2-10,goals\nold,sources\nobs-0099,goals\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct {
		args           []string
		stdout, stderr string
		status         int
	}{
		{[]string{"observation", dir, "indicator=a", "area=05", "period=2025", "kind=actual", "value=1", "qualifier=exact", "source=s"}, "id,indicator,area,period,kind,value,qualifier,source,locator\nobs-0013,a,05,2025,actual,1,exact,s,\n", "must be filled: locator\n", 0},
		{[]string{"goal", dir, "strategy=digital", "title=A, B"}, "id,strategy,title\nds2-11,digital,\"A, B\"\n", "", 0},
		{[]string{"goal", dir, "strategy=egov", "title=D"}, "id,strategy,title\negov18-04,egov,D\n", "", 0},
		{[]string{"source", dir, "id=new", "title=T", "publisher=P"}, "id,title,publisher\nnew,T,P\n", "", 0},

		{[]string{"goal", dir}, "", "zielstand: strategy: must be given for a goal, because its identifier depends on it\n", 1},
		{[]string{"goal", dir, "strategy=free"}, "", "zielstand: id: must be given, because no other row has an identifier with a number\n", 1},
		{[]string{"source", dir, "title=T"}, "", "zielstand: id: must be given for a source, such as id=umsetzungsstand-2021-08\n", 1},
		{[]string{"source", dir, "id=old"}, "", "zielstand: id=\"old\": is already used or withdrawn\n", 1},
		{[]string{"source", dir, "id=report"}, "", "zielstand: id=\"report\": is already used or withdrawn\n", 1},
		{[]string{"source", dir, "id=x", "id=y"}, "", "zielstand: id=\"y\": must be given only once\n", 1},
		{[]string{"source", dir, "titel=x"}, "", "zielstand: new=\"titel\": is not a column of " + file("sources.csv") + "; did you mean \"title\"?; allowed: id, title, publisher\n", 1},
		{[]string{"source", dir, "title"}, "", "zielstand: new=\"title\": must be COLUMN=VALUE\n", 1},
		{[]string{"sources", dir}, "", "zielstand: new=\"sources\": is not a kind of row; did you mean \"source\"?; allowed: goal, observation, source\n", 1},
		{[]string{"source", file("none")}, "", "zielstand: open " + file("none/sources.csv") + ": no such file or directory\n", 1},
	} {
		if status, stdout, stderr := run(t, append([]string{"new"}, c.args...)...); status != c.status || stdout != c.stdout || stderr != c.stderr {
			t.Errorf("%v: status %d\n%s%s", c.args, status, stdout, stderr)
		}
	}
	if err := os.WriteFile(file("goals.csv"), []byte("name\na\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := run(t, "new", "goal", dir, "strategy=x"); status != 1 || stderr != "zielstand: "+file("goals.csv")+": the first line has no column id\n" {
		t.Errorf("status %d, %s", status, stderr)
	}
}
