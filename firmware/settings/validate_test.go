package settings

import (
	"slices"
	"strings"
	"testing"

	"centralita/firmware/words"
)

// office is right; every case below spoils one thing of it.
const office = `
office: {name: Sol, country: ES, time_zone: Europe/Madrid, languages: [es, en]}
lines:
  - {name: fxo1, number: "954 123 001", rings: menu/dia}
trunks:
  - {name: proveedor, server: "sip.example.test:5060", user: "34954000000", secret: trunk-proveedor, register: true, rings: queue/citas}
stations:
  - {extension: "101", handset: fxs1}
  - {extension: "2001-2003", sip: {secret: phones}}
people:
  - {name: ana, role: agent, station: "101", ready: always}
hours:
  - {name: consulta, weekly: {mon-fri: ["09:00-14:00", "16:00-24:00"]}, holidays: {also: ["2026-12-24"]}}
menus:
  - {name: dia, open: consulta, closed: station/101, say: [welcome], keys: {"1": queue/citas}}
queues:
  - {name: citas, agents: [ana], strategy: longest-idle}
dial_plan:
  emergency: ["112"]
  inside: [{dial: "3XXX", to: station/2XXX}, {dial: "600", to: service/echo}]
  outside: [{prefix: "0", through: [fxo1, trunk/proveedor]}]
`

func TestValidateFindsWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ old, new, path, reason string }{
		{"", "", "", ""},
		{"country: ES", "country: SE", "office.country", "country"},
		{"Europe/Madrid", "Europe/Sevilla", "office.time_zone", "time-zone"},
		{"Europe/Madrid", "../etc/passwd", "office.time_zone", "time-zone"},
		{"[es, en]", "[es, fr]", "office.languages[1]", "choice"},
		{"[es, en]", "[es, es]", "office.languages[1]", "twice"},
		{"name: Sol", "name: \"\"", "office.name", "missing"},
		{"{name: fxo1", "{name: fxo16", "lines[fxo16].name", "port"},
		{"rings: menu/dia", "rings: menu/noche", "lines[fxo1].rings", "unknown-menu"},
		{"rings: menu/dia", "rings: dia", "lines[fxo1].rings", "destination"},
		{"954 123 001", "call me", "lines[fxo1].number", "phone-number"},
		{"sip.example.test:5060", "sip example", "trunks[proveedor].server", "server"},
		{"register: true", "register: true, preset: carrier", "trunks[proveedor].preset", "choice"},
		{"register: true", "register: true, servers: [\"b.example\", \"no server\"]", "trunks[proveedor].servers[1]", "server"},
		{"register: true", "register: true, peers: [192.0.2.0/24, 0.0.0.0/0]", "trunks[proveedor].peers[1]", "network"},
		{"register: true", "register: true, peers: [somewhere]", "trunks[proveedor].peers[0]", "network"},
		{"register: true", "register: true, health_every: 10ms", "trunks[proveedor].health_every", "range"},
		{"register: true", "register: true, codecs: [pcma, mp3]", "trunks[proveedor].codecs[1]", "choice"},
		{"register: true", "register: true, codecs: [g722, g722]", "trunks[proveedor].codecs[1]", "twice"},
		{"register: true", "register: true, codecs: [opus]", "trunks[proveedor].codecs", "opus-alone"},
		{"register: true", "register: true, format_out: roman", "trunks[proveedor].format_out", "choice"},
		{"register: true", "register: true, strip_in: abc", "trunks[proveedor].strip_in", "prefix"},
		{"secret: trunk-proveedor, ", "", "trunks[proveedor].secret", "secret-missing"},
		{"secret: trunk-proveedor", "secret: ../../key", "trunks[proveedor].secret", "secret-name"},
		{"rings: queue/citas", "rings: queue/ventas", "trunks[proveedor].rings", "unknown-queue"},
		{"2001-2003", "2003-2001", "stations[2003-2001].extension", "extension"},
		{"2001-2003", "2001-9999", "stations[2001-9999].extension", "extension"},
		{`"2001-2003"`, `"101"`, "stations[101].extension", "twice"},
		{`"2001-2003"`, `"112"`, "stations[112].extension", "extension-emergency"},
		{"handset: fxs1", "handset: fxs1, caller_id: morse", "stations[101].caller_id", "choice"},
		{"handset: fxs1", "handset: fxs1, message_waiting: [fsk, lamp]", "stations[101].message_waiting[1]", "choice"},
		{"handset: fxs1", "handset: fxs1, pulse: perhaps", "stations[101].pulse", "choice"},
		{"sip: {secret: phones}", "caller_id: v23-alert, sip: {secret: phones}", "stations[2001-2003].caller_id", "handset-only"},
		{"sip: {secret: phones}", "message_waiting: [tone], sip: {secret: phones}", "stations[2001-2003].message_waiting", "handset-only"},
		{"languages: [es, en]}", "languages: [es, en], ringing: {internal: jingle}}", "office.ringing.internal", "choice"},
		{"languages: [es, en]}", "languages: [es, en], ringing: {friends: double}}", "office.ringing.friends", "choice"},
		{"rings: menu/dia", "rings: menu/dia, input_gain: 6", "lines[fxo1].input_gain", "range"},
		{"rings: menu/dia", "rings: menu/dia, output_gain: -6", "lines[fxo1].output_gain", "range"},
		{"handset: fxs1", "handset: fxs1, output_gain: 9", "stations[101].output_gain", "range"},
		{"sip: {secret: phones}", "input_gain: 1, sip: {secret: phones}", "stations[2001-2003].input_gain", "range"},
		{"sip: {secret: phones}", "handset: fxs2", "stations[2001-2003].handset", "range-handset"},
		{"sip: {secret: phones}", "name: nada", "stations[2001-2003]", "station-nothing"},
		{`"2001-2003", sip: {secret: phones}`, `"102", handset: fxs1`, "stations[102].handset", "handset-taken"},
		{`"2001-2003", sip: {secret: phones}`, `"2001-2003", echo: cancel, sip: {secret: phones}`, "stations[2001-2003].echo", "echo-sip"},
		{"sip: {secret: phones}", "sip: {}", "stations[2001-2003].sip.secret", "secret-missing"},
		{`station: "101"`, `station: "109"`, "people[ana].station", "unknown-station"},
		{`station: "101", `, "", "people[ana].station", "always-station"},
		{"role: agent", "role: boss", "people[ana].role", "choice"},
		{"mon-fri", "lun-vie", "hours[consulta].weekly[lun-vie]", "weekday"},
		{"09:00-14:00", "14:00-09:00", "hours[consulta].weekly[mon-fri][0]", "opening"},
		{"2026-12-24", "24/12/2026", "hours[consulta].holidays.also[0]", "date"},
		{"open: consulta", "open: siempre", "menus[dia].open", "unknown-hours"},
		{`"1": queue/citas`, `"11": queue/citas`, "menus[dia].keys[11]", "key"},
		{"say: [welcome]", "say: [../x]", "menus[dia].say[0]", "prompt"},
		{"agents: [ana]", "agents: [ana, eva]", "queues[citas].agents[1]", "unknown-person"},
		{"agents: [ana]", "agents: [ana, ana]", "queues[citas].agents[1]", "twice"},
		{"agents: [ana]", "agents: []", "queues[citas].agents", "queue-empty"},
		{"longest-idle", "loudest", "queues[citas].strategy", "choice"},
		{"longest-idle", "longest-idle, ring: 1s", "queues[citas].ring", "range"},
		{"longest-idle", "longest-idle, max_wait: {after: 4m}", "queues[citas].max_wait.then", "missing"},
		{"longest-idle", "longest-idle, max_wait: {after: 4m, then: queue/citas}", "queues[citas].max_wait.then", "itself"},
		{`["112"]`, `["091"]`, "dial_plan.emergency", "emergency-missing"},
		{`"3XXX"`, `"3XX"`, "dial_plan.inside[3XX].to", "pattern-digits"},
		{`station/2XXX`, `station/9XXX`, "dial_plan.inside[3XXX].to", "unknown-station"},
		{`"600"`, `"2001"`, "dial_plan.inside[2001].dial", "rule-hidden"},
		{"trunk/proveedor]", "fxo2]", "dial_plan.outside[0].through[1]", "unknown-port"},
	} {
		if !strings.Contains(office, c.old) {
			t.Fatalf("no %q in the office", c.old)
		}
		tree, err := Parse([]byte(strings.Replace(office, c.old, c.new, 1)))
		if err != nil {
			t.Errorf("%s: %v", c.new, err)
			continue
		}
		ps := tree.Validate()
		if c.reason == "" {
			if len(ps) > 0 {
				t.Errorf("the right office: %v", ps)
			}
			continue
		}
		if !slices.ContainsFunc(ps, func(p Problem) bool { return p.Path == c.path && p.Reason == "settings.problem."+c.reason }) {
			t.Errorf("%s: want %s %s, have %v", c.new, c.path, c.reason, ps)
		}
		hasWords(t, ps)
	}
}

// A person reads every problem and its remedy in the own tongue.
func hasWords(t *testing.T, ps Problems) {
	t.Helper()
	for _, p := range ps {
		if !words.Has(p.Reason) || !words.Has(p.Remedy) {
			t.Errorf("no words for %s, %s", p.Reason, p.Remedy)
		}
	}
}

func TestWarningsDoNotStop(t *testing.T) {
	tree, err := Parse([]byte(strings.Replace(office, "agents: [ana]", "agents: []", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if ps := tree.Validate(); len(ps) != 1 || len(ps.Faults()) != 0 {
		t.Errorf("%v", ps)
	}
}

func TestDefaultsAreRight(t *testing.T) {
	for _, c := range []string{"ES", "IT", "GB", "UK", "US", "FR", "DE", "MX", "AR", "BR", "XX"} {
		if ps := Default(c).Validate(); len(ps) > 0 {
			t.Errorf("%s: %v", c, ps)
		}
	}
}

func TestEmergencyOfTheCountry(t *testing.T) {
	for c, n := range map[string]string{"ES": "112", "IT": "112", "UK": "999", "GB": "112", "US": "911", "": "112"} {
		if tree := (&Tree{Office: Office{Country: c}}); !slices.Contains(tree.Emergency(), n) {
			t.Errorf("%s: %v", c, tree.Emergency())
		}
	}
}
