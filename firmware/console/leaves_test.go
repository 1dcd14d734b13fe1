package console

import (
	"io"
	"reflect"
	"strings"
	"testing"

	"centralita/firmware/access"
	"centralita/firmware/access/gate"
	"centralita/firmware/settings"
)

// wholeOffice has an item in every list, so that every leaf has a place.
const wholeOffice = `
office: {name: Sol, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: queue/citas}, {name: fxo3, rings: queue/citas}]
trunks: [{name: prov, server: sip.example.test, user: u, secret: trunk-prov, transport: tls}]
stations:
  - {extension: "101", handset: fxs1}
  - {extension: "201", sip: {secret: phone-201}}
  - {extension: "202", sip: {secret: phone-202}}
devices: [{name: mesa, vendor: yealink, mac: 00155d010203, extension: "201"}]
people: [{name: ana, role: agent, station: "101"}, {name: luis, role: agent}]
hours: [{name: consulta, weekly: {mon-fri: ["09:00-14:00"]}}]
menus: [{name: dia, say: [welcome], keys: {"1": queue/citas}}]
queues: [{name: citas, agents: [ana]}, {name: ventas, agents: [ana], max_wait: {after: 1m, then: queue/citas}}]
pages: [{name: nave, number: "650", stations: ["201"]}]
dial_plan:
  inside: [{dial: "600", to: service/echo}]
  outside: [{prefix: "0", through: [fxo1]}]
guard: {prices: [{prefix: "+34", minute: "0.02"}]}
`

// valid are values of free places, by the end of their path.
var valid = map[string][]string{
	"time_zone": {"Europe/Rome"}, "host_name": {"box-2"}, "address": {"192.0.2.10/24"}, "gateway": {"192.0.2.1"}, "dns": {"192.0.2.53"}, "time_servers": {"ntp.example"}, "sip_tls": {"0.0.0.0:5061"}, "never_ban": {"192.0.2.0/24"}, "test": {"daily 05:00"}, "directory": {"https://ca.example/dir"}, "names": {"pbx.example.org"}, "mail": {"a@example.org"},
	"number": {"954 123 001", "12"}, "numbers": {"954 000 000"}, "test_number": {"954000111"}, "second_dial_tone": {"0"}, "money_day": {"5.00"}, "money_month": {"50.00"},
	"server": {"sip2.example.test"}, "servers": {"a.example.test"}, "outbound_proxy": {"p.example.test:5061"}, "domain": {"example.test"}, "peers": {"192.0.2.7"}, "user": {"user2"}, "auth_user": {"auth"}, "contact_user": {"me"},
	"secret": {"word-2"}, "password": {"geheim-2"}, "strip_out": {"00"}, "add_out": {"+"}, "strip_in": {"34"}, "add_in": {"0"}, "handset": {"fxs2"}, "always": {"202"}, "busy": {"202"}, "no_answer": {"202"}, "mac": {"00155d010204"},
	"name": {"fxo2"}, "page": {"*95"}, "forward": {"*95"}, "forward_off": {"*95"}, "forward_busy": {"*95"}, "forward_busy_off": {"*95"}, "forward_no_answer": {"*95"}, "forward_no_answer_off": {"*95"}, "stations": {"202"},
	"also": {"2026-12-24"}, "say": {"closed"}, "music": {"default"}, "welcome": {"welcome"}, "to": {"queue/citas"}, "through": {"trunk/prov"}, "emergency": {"112"}, "minute": {"0.05"}, "setup": {"0.10"}, "currency": {"EUR"},
	"pickup": {"*81"}, "pickup_of": {"**"}, "park": {"*52"}, "parked": {"*6"}, "undisturb": {"*88"}, "disturb": {"*89"}, "intercom": {"*44"}, "extension": {"203", "202"}, "dial": {"601"}, "prefix": {"9", "+39"}, "open": {"consulta"},
}

// at opens a session without a terminal's patience for passwords.
func (o *office) at(t testing.TB, out io.Writer) *session {
	s := newSession(t.Context(), o.Console, struct {
		io.Reader
		io.Writer
	}{strings.NewReader(""), out}, Local)
	t.Cleanup(s.close)
	s.who, s.lang = gate.Session{Person: "boss", Role: access.Installer}, "en"
	s.verbs = s.grammar()
	s.configuring = true
	s.resize(500, 0)
	return s
}

// TestEveryLeaf walks the description of the tree: each leaf is set by a console
// line, shown, exported, and read by a box that knows nothing yet.
func TestEveryLeaf(t *testing.T) {
	o, empty := build(t), build(t)
	out := &counter{}
	s := o.at(t, out)
	base, err := settings.Parse([]byte(wholeOffice))
	if err != nil {
		t.Fatal(err)
	}
	if ps := base.Validate().Faults(); len(ps) > 0 {
		t.Fatal(ps)
	}
	n := 0
	var walk func(typ reflect.Type, paths [][]string)
	walk = func(typ reflect.Type, paths [][]string) {
		switch {
		case typ.Kind() == reflect.Pointer:
			walk(typ.Elem(), paths)
		case typ.Kind() == reflect.Struct:
			for _, name := range settings.FieldNames(typ) {
				f := fieldNamed(typ, name)
				var next [][]string
				for _, p := range paths {
					next = append(next, append(p[:len(p):len(p)], name))
				}
				walk(f.Type, next)
			}
		case typ.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.Struct:
			var items [][]string
			for _, p := range paths {
				names, _ := settings.Next(base, p...)
				for _, item := range append(names, "new1", "205", "602") {
					items = append(items, append(p[:len(p):len(p)], item))
				}
			}
			walk(typ.Elem(), items)
		case typ.Kind() == reflect.Map:
			var items [][]string
			for _, p := range paths {
				names, _ := settings.Next(base, p...)
				for _, key := range append(names, "2", "citas", "sat") {
					items = append(items, append(p[:len(p):len(p)], key))
				}
			}
			walk(typ.Elem(), items)
		default:
			n++
			if !o.leaf(t, empty, s, out, base, paths) {
				t.Errorf("no value was found for %v", paths[0])
			}
		}
	}
	walk(reflect.TypeFor[settings.Tree](), [][]string{nil})
	if n < 190 {
		t.Errorf("only %d leaves", n)
	}
	t.Logf("%d leaves", n)
}

func fieldNamed(t reflect.Type, name string) reflect.StructField {
	for i := range t.NumField() {
		if yaml, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); yaml == name {
			return t.Field(i)
		}
	}
	panic(name)
}

// leaf tries the places a leaf has with the values it may take, and follows the
// first that fits.
func (o *office) leaf(t *testing.T, empty *office, s *session, out *counter, base *settings.Tree, paths [][]string) bool {
	for _, path := range paths {
		for _, value := range valuesOf(base, path) {
			o.repo.Discard()
			o.repo.SetCandidate(base)
			line := "set " + strings.Join(path, " ") + " " + quote(value)
			words, err := split(line)
			if err != nil || s.do(words) != nil {
				continue
			}
			now, _ := o.repo.Candidate()
			changes := settings.Compare(base, now)
			if len(now.Validate().Faults()) > 0 || len(changes) == 0 {
				continue
			}
			from := out.n()
			shows := path
			if renamed(base, path) {
				shows = append(append([]string{}, path[:len(path)-2]...), value, path[len(path)-1])
			}
			if err := s.do(append([]string{"show"}, shows...)); err != nil {
				t.Errorf("%s: cannot be shown: %v", line, err)
			}
			secret := path[len(path)-1] == "password"
			if shown := out.since(from); !secret && !strings.Contains(strings.ReplaceAll(shown, `"`, ""), value) && value != "yes" {
				t.Errorf("%s: shows %q", line, shown)
			} else if secret && strings.Contains(shown, value) {
				t.Errorf("%s: the password is shown", line)
			}
			doc := s.text(secret)
			other, err := settings.Parse([]byte(doc))
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			empty.repo.Discard()
			empty.repo.SetCandidate(other)
			got, _ := empty.repo.Candidate()
			if secret {
				if !strings.Contains(doc, value) || strings.Contains(s.text(false), value) {
					t.Errorf("%s: with the passwords %v, without them %v", line, strings.Contains(doc, value), strings.Contains(s.text(false), value))
				}
				return true
			}
			if diff := settings.Compare(now, got); len(diff) > 0 {
				t.Errorf("%s: another box reads %v", line, diff)
			}
			return true
		}
	}
	return false
}

// renamed reports whether a leaf is the name of its item.
func renamed(base *settings.Tree, path []string) bool {
	if len(path) < 3 {
		return false
	}
	last := path[len(path)-1]
	text, err := settings.Show(base, path...)
	return err == nil && strings.Contains("extension name dial prefix", last) && strings.Trim(strings.TrimSpace(text), `"`) == path[len(path)-2]
}

func valuesOf(base *settings.Tree, path []string) []string {
	last := path[len(path)-1]
	next, wants := settings.Next(base, path...)
	least, most, ranged := strings.Cut(wants, "..")
	var list []string
	if ranged {
		list = append(list, most, least)
	}
	list = append(list, next...)
	list = append(list, valid[last]...)
	return append(list, "abc", "20s", "7", "true", "queue/ventas", "09:00-13:00", "5.00", "101", "ana")
}
