package settings

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func sun(t *testing.T) *Tree {
	t.Helper()
	tree, err := Parse([]byte(office))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestSetAndDelete(t *testing.T) {
	for _, c := range []struct{ do, path, old, new string }{
		{"set office name Luna", "office.name", "Sol", "Luna"},
		{"set queues citas ring 20s", "queues[citas].ring", "", "20s"},
		{"set queues citas record always yes", "queues[citas].record.always", "", "yes"},
		{"set queues citas target share 90", "queues[citas].target.share", "", "90"},
		{"set queues citas agents ana luis", "queues[citas].agents", "ana", "ana, luis"},
		{"set queues pagos", "queues[pagos]", "", "yes"},
		{"set stations 205 sip password x", "stations[205].sip.password", "", "********"},
		{"set stations 205 sip", "stations[205].extension", "", "205"},
		{"set stations 205 sip", "stations[205].sip", "", "yes"},
		{"set menus dia keys 2 station/101", "menus[dia].keys[2]", "", "station/101"},
		{"set hours consulta weekly sat 09:00-13:00", "hours[consulta].weekly[sat]", "", "09:00-13:00"},
		{"set dial_plan inside 601 to menu/dia", "dial_plan.inside[601].to", "", "menu/dia"},
		{"set box per_source_limit 0", "box.per_source_limit", "", "0"},
		{"delete queues citas", "queues[citas]", "yes", ""},
		{"delete queues citas agents ana", "queues[citas].agents", "ana", ""},
		{"delete menus dia keys 1", "menus[dia].keys[1]", "queue/citas", ""},
		{"delete hours consulta weekly mon-fri 16:00-24:00", "hours[consulta].weekly[mon-fri]", "09:00-14:00, 16:00-24:00", "09:00-14:00"},
		{"delete office place", "", "", ""},
	} {
		from, to := sun(t), sun(t)
		words := strings.Fields(c.do)
		edit := Set
		if words[0] == "delete" {
			edit = Delete
		}
		if err := edit(to, words[1:]...); err != nil {
			t.Errorf("%s: %v", c.do, err)
			continue
		}
		changes := Compare(from, to)
		if c.path != "" && !slices.Contains(changes, Change{c.path, c.old, c.new}) {
			t.Errorf("%s: %v", c.do, changes)
		}
	}
}

func TestWrongWordsChangeNothing(t *testing.T) {
	for do, reason := range map[string]string{
		"set":                                    "want-value",
		"set colour red":                         "unknown-field",
		"set queues pagos colour red":            "unknown-field",
		"set queues pagos ring soon":             "duration",
		"set queues pagos ring":                  "want-value",
		"set office name a b":                    "one-value",
		"set queues citas target share many":     "want-number",
		"set queues citas record always perhaps": "want-truth",
		"delete":                                 "want-value",
		"delete queues ventas":                   "no-path",
		"delete stations 101 sip md5":            "no-path",
		"delete menus dia keys 9":                "no-path",
		"delete office name Sol":                 "no-path",
	} {
		from, to := sun(t), sun(t)
		words := strings.Fields(do)
		edit := Set
		if words[0] == "delete" {
			edit = Delete
		}
		var ps Problems
		if err := edit(to, words[1:]...); !errors.As(err, &ps) || ps[0].Reason != "settings.problem."+reason {
			t.Errorf("%s: %v", do, err)
		}
		hasWords(t, ps)
		if d := Compare(from, to); len(d) > 0 {
			t.Errorf("%s changed %v", do, d)
		}
	}
}

func TestNextWords(t *testing.T) {
	tree := sun(t)
	for words, want := range map[string]string{
		"":                            "office box lines trunks stations devices people hours menus queues pages dial_plan guard |",
		"queues":                      "citas |name",
		"queues nueva":                "name agents strategy ring wrap_up max_wait target announce music record welcome |",
		"queues citas agents":         "ana |",
		"queues citas agents ana":     "ana |",
		"queues citas ring":           "|5s..2m",
		"queues citas record":         "always keep |",
		"queues citas record always":  "true false |",
		"lines fxo1 rings":            "queue/citas menu/dia station/101 station/2001 station/2002 station/2003 service/echo |",
		"stations 205 sip":            "secret password srtp calls codecs md5 |",
		"people ana station":          "101 2001 2002 2003 |",
		"menus dia keys":              "1 |name",
		"menus dia keys 4":            "queue/citas menu/dia station/101 station/2001 station/2002 station/2003 service/echo |",
		"dial_plan outside 0 through": "fxo1 trunk/proveedor |",
		"colour":                      "|",
		"office name x y z":           "|",
	} {
		next, wants := Next(tree, strings.Fields(words)...)
		if got := strings.TrimSpace(strings.Join(append(slices.Clone(next), "|"+wants), " ")); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

func TestShow(t *testing.T) {
	tree := sun(t)
	tree.Trunks[0].Password = "sesame"
	for words, part := range map[string]string{
		"":                              "name: Sol",
		"queues citas":                  "strategy: longest-idle",
		"office name":                   "Sol",
		"trunks":                        "'********'",
		"hours consulta weekly mon-fri": "- 09:00-14:00",
	} {
		text, err := Show(tree, strings.Fields(words)...)
		if err != nil || !strings.Contains(text, part) || strings.Contains(text, "sesame") {
			t.Errorf("%q: %v\n%s", words, err, text)
		}
	}
	if _, err := Show(tree, "queues", "ventas"); err == nil {
		t.Error("shown what is not there")
	}
}
