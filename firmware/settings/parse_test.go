package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"centralita/firmware/id"
)

func read1(t testing.TB, name string) []byte {
	t.Helper()
	doc, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

var offices = []string{"../../scripts/demo/office.yaml", "../../scripts/bench/office.yaml"}

// The two offices of the repository parse, are right, and survive YAML and JSON.
func TestOfficesAreRight(t *testing.T) {
	for _, name := range offices {
		tree, err := Parse(read1(t, name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if ps := tree.Validate(); len(ps) > 0 {
			t.Errorf("%s: %v", name, ps)
		}
		doc := tree.Marshal()
		again, err := Parse(doc)
		if err != nil || !reflect.DeepEqual(tree, again) {
			t.Errorf("%s: does not come back from its own YAML: %v", name, err)
		}
		if !bytes.Equal(doc, again.Marshal()) {
			t.Errorf("%s: two writings differ", name)
		}
		viaJSON(t, name, tree)
	}
}

// The page sends the tree back as JSON; passwords are not part of it.
func viaJSON(t *testing.T, name string, tree *Tree) {
	t.Helper()
	text, err := json.Marshal(tree.Clone())
	if err != nil || bytes.Contains(text, []byte("null,")) && !bytes.Contains(text, []byte(`"sip":null`)) {
		t.Fatalf("%s: %v %s", name, err, text)
	}
	back, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: JSON: %v", name, err)
	}
	want := tree.Clone()
	for i := range want.Stations {
		if want.Stations[i].SIP != nil {
			want.Stations[i].SIP.Password = ""
		}
	}
	if d := Compare(want, back); len(d) > 0 {
		t.Errorf("%s: JSON changed %v", name, d)
	}
}

func TestBenchOfficeHasItsStations(t *testing.T) {
	tree, err := Parse(read1(t, offices[1]))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(tree.ExpandStations()); n != 4+100+100+10+100+500 {
		t.Errorf("%d stations", n)
	}
	for _, ext := range []string{"1001", "1100", "2020", "4010", "104"} {
		s, ok := tree.StationByExt(id.Station(ext))
		if !ok || s.Extension != ext {
			t.Errorf("%s: %v %v", ext, s, ok)
		}
	}
	for _, ext := range []string{"1000", "1101", "01001", "", "x", "1001-1100"} {
		if s, ok := tree.StationByExt(id.Station(ext)); ok {
			t.Errorf("%q found: %v", ext, s)
		}
	}
	if s, _ := tree.StationByExt("2007"); s.SIP == nil || !s.SIP.MD5 || s.SIP.Password != "bench" {
		t.Errorf("2007: %+v", s)
	}
}

// What people write is read as they meant it.
func TestReadsWhatPeopleWrite(t *testing.T) {
	tree, err := Parse([]byte(`
office: {name: no, country: ES, time_zone: Europe/Madrid, languages: es}
stations: [{extension: 0101, handset: fxs1}]
menus: [{name: dia, say: welcome, keys: {1: station/0101, 0: station/0101}}]
dial_plan: {emergency: [112], outside: {prefix: 0, through: fxo1}}
queues: [{name: q, agents: , ring: 90s, record: {keep: 90d}}]
`))
	if err != nil {
		t.Fatal(err)
	}
	if tree.Office.Name != "no" || tree.Stations[0].Extension != "0101" || tree.DialPlan.Emergency[0] != "112" ||
		tree.DialPlan.Outside[0].Prefix != "0" || tree.Menus[0].Keys["0"] != "station/0101" ||
		tree.Menus[0].Say[0] != "welcome" || tree.Queues[0].Record.Keep.MS() != 90*24*3600*1000 {
		t.Errorf("%+v", tree)
	}
}

func TestRefusesWithAPath(t *testing.T) {
	deep := "office: " + strings.Repeat("[", 3000) + strings.Repeat("]", 3000)
	for _, c := range []struct{ doc, path, reason string }{
		{"queues: [{name: citas, colour: red}]", "queues[citas].colour", "unknown-field"},
		{"queues: [{name: citas, ring: soon}]", "queues[citas].ring", "duration"},
		{"queues: [{name: citas, ring: -5s}]", "queues[citas].ring", "duration"},
		{"queues: [{name: citas, target: {share: many}}]", "queues[citas].target.share", "want-number"},
		{"queues: [{name: citas, record: yes}]", "queues[citas].record", "want-group"},
		{"queues: [{name: citas, record: {always: perhaps}}]", "queues[citas].record.always", "want-truth"},
		{"office: {name: [a, b]}", "office.name", "want-text"},
		{"office: {name: a, name: b}", "office.name", "twice"},
		{"menus: [{name: m, keys: {1: a, \"1\": b}}]", "menus[m].keys[1]", "twice"},
		{"office: &a {name: x}\nbox: *a", "office", "anchor"},
		{"office: {<<: {name: x}}", "office.<<", "unknown-field"},
		{"office: {name: x}\n---\noffice: {}", "", "two-documents"},
		{"office: {name: x", "", "syntax"},
		{"[]", "", "want-group"},
		{deep, "", ""},
		{strings.Repeat("#", docMax+1), "", "too-large"},
		{"people: [{name: a, skills: {x: 9999999999999999999999}}]", "people[a].skills[x]", "want-number"},
		{"a: &a [x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\noffice: *c", "a", "unknown-field"},
	} {
		_, err := Parse([]byte(c.doc))
		var ps Problems
		if !errors.As(err, &ps) || len(ps) == 0 {
			t.Errorf("%.60q: %v", c.doc, err)
			continue
		}
		hasWords(t, ps)
		if c.reason != "" && (ps[0].Path != c.path || ps[0].Reason != "settings.problem."+c.reason) {
			t.Errorf("%.60q: %+v", c.doc, ps[0])
		}
	}
}

func TestDurations(t *testing.T) {
	for s, want := range map[string]time.Duration{"15s": 15 * time.Second, "10m": 10 * time.Minute, "2h": 2 * time.Hour,
		"90d": 90 * 24 * time.Hour, "90s": 90 * time.Second, "0s": 0, "1.5s": 1500 * time.Millisecond, "25h": 25 * time.Hour} {
		d, err := ParseDuration(s)
		if err != nil || time.Duration(d) != want {
			t.Errorf("%s: %v %v", s, d, err)
		}
		if back, err := ParseDuration(d.String()); err != nil || back != d {
			t.Errorf("%s reads back as %s: %v", s, d, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range offices {
		f.Add(read1(f, name))
	}
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("stations: [{extension: 1-99999999, sip: {}}]"))
	f.Add([]byte("hours: [{weekly: {mon-: [\"1-2\"]}}]\npeople: [null, 3]"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		tree, err := Parse(doc)
		if err != nil {
			return
		}
		tree.Validate()
		tree.ExpandStations()
		again, err := Parse(tree.Marshal())
		if err != nil {
			t.Fatalf("own writing refused: %v\n%s", err, tree.Marshal())
		}
		if d := Compare(tree, again); len(d) > 0 {
			t.Fatalf("own writing differs: %v", d)
		}
	})
}
