package settings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"centralita/firmware/id"
)

// Names are also file names, path elements and console words.
var nameForm = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,39}$`)

// Bounds of lists; each is several times the largest office the box serves.
const (
	listMax  = 200
	queueMax = 50
)

// validator collects problems and knows what the tree has.
type validator struct {
	t        *Tree
	found    Problems
	stations map[string]string // extension → path of the entry
	ports    map[id.Port]bool  // outside ports by name: fxo1, trunk/proveedor
}

// Validate checks the meaning of a tree: everything a name points at exists,
// numbers are within bounds and nothing is claimed twice. Problems come in the
// order of the document.
func (t *Tree) Validate() Problems {
	v := &validator{t: t, stations: map[string]string{}, ports: map[id.Port]bool{}}
	v.collect()
	v.office()
	v.ringing()
	v.lines()
	v.trunks()
	v.stationList()
	v.devices()
	v.people()
	v.hours()
	v.menus()
	v.queues()
	v.pages()
	v.dialPlan()
	v.guard()
	return v.found
}

func (v *validator) add(path, value, code string, args ...string) {
	if len(v.found) < problemsMax {
		v.found = append(v.found, problem(path, clip(value), code, args...))
	}
}

func (v *validator) warn(path, value, code string, args ...string) {
	if len(v.found) < problemsMax {
		p := problem(path, clip(value), code, args...)
		p.Warning = true
		v.found = append(v.found, p)
	}
}

// collect makes the indexes that later checks ask.
func (v *validator) collect() {
	for _, l := range v.t.Lines {
		v.ports[l.Name] = true
	}
	for _, k := range v.t.Trunks {
		v.ports[id.Port("trunk/"+k.Name)] = true
	}
	for _, s := range v.t.ExpandStations() {
		v.stations[s.Extension] = ""
	}
}

func (v *validator) office() {
	o := v.t.Office
	v.text("office.name", o.Name, 1, 80)
	v.text("office.place", o.Place, 0, 80)
	if _, ok := countries[v.t.CountryCode()]; !ok {
		v.add("office.country", o.Country, "country", "ES, IT, GB, US, FR, DE, MX, AR, BR")
	}
	if _, err := time.LoadLocation(o.TimeZone); err != nil || o.TimeZone == "" || o.TimeZone == "Local" {
		v.add("office.time_zone", o.TimeZone, "time-zone")
	}
	if len(o.Languages) == 0 {
		v.add("office.languages", "", "missing")
	}
	v.languages("office.languages", o.Languages)
	v.span("box.recordings_keep", v.t.Box.RecordingsKeep, 0, 3660*24*time.Hour)
	if n := v.t.Box.PerSourceLimit; n != nil {
		v.number("box.per_source_limit", *n, 0, 100_000)
	}
	v.doors()
	v.lifeline()
	v.web()
	v.network()
}

func (v *validator) languages(path string, list []string) {
	for i, l := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		v.oneOf(at, l, "es", "it", "en")
		if slices.Contains(list[:i], l) {
			v.add(at, l, "twice", l)
		}
	}
}

// name checks a name and that it stands once in its list.
func (v *validator) name(path, name string, before []string) {
	switch {
	case name == "":
		v.add(path, name, "missing")
	case !nameForm.MatchString(name):
		v.add(path, name, "name")
	case slices.Contains(before, name):
		v.add(path, name, "twice", name)
	}
}

func (v *validator) text(path, s string, least, most int) {
	switch n := utf8.RuneCountInString(s); {
	case n < least:
		v.add(path, s, "missing")
	case n > most:
		v.add(path, s, "too-long", fmt.Sprint(most))
	case strings.ContainsFunc(s, unicode.IsControl):
		v.add(path, strings.ToValidUTF8(s, "?"), "control")
	}
}

func (v *validator) number(path string, n, least, most int) {
	if n < least || n > most {
		v.add(path, fmt.Sprint(n), "range", fmt.Sprint(least), fmt.Sprint(most))
	}
}

func (v *validator) span(path string, d Duration, least, most time.Duration) {
	if t := time.Duration(d); t < least || t > most {
		v.add(path, d.String(), "range", Duration(least).String(), Duration(most).String())
	}
}

// spanOr0 is span for a duration whose zero means the default.
func (v *validator) spanOr0(path string, d Duration, least, most time.Duration) {
	if d != 0 {
		v.span(path, d, least, most)
	}
}

func (v *validator) oneOf(path, s string, allowed ...string) {
	if !slices.Contains(allowed, s) {
		names := slices.DeleteFunc(slices.Clone(allowed), func(a string) bool { return a == "" })
		v.add(path, s, "choice", strings.Join(names, ", "))
	}
}

func (v *validator) length(path string, n, most int) {
	if n > most {
		v.add(path, fmt.Sprint(n), "too-many", fmt.Sprint(most))
	}
}

// destination checks that a call can go there; "" hangs up where that is meant.
func (v *validator) destination(path string, d id.Destination, required bool) {
	if d == "" {
		if required {
			v.add(path, "", "missing")
		}
		return
	}
	name, ok := d.Name(), false
	switch d.Kind() {
	case "station":
		_, ok = v.stations[name]
	case "queue":
		_, ok = v.t.QueueByName(id.Queue(name))
	case "menu":
		_, ok = v.t.MenuByName(name)
	case "service":
		ok = name == "echo"
	default:
		v.add(path, string(d), "destination")
		return
	}
	if !ok {
		v.add(path, string(d), "unknown-"+d.Kind(), clip(name), v.known(d.Kind()))
	}
}

// known lists what there is of a kind, for the remedy.
func (v *validator) known(kind string) string {
	var names []string
	switch kind {
	case "station":
		for _, s := range v.t.Stations {
			names = append(names, s.Extension)
		}
	case "queue":
		for _, q := range v.t.Queues {
			names = append(names, q.Name)
		}
	case "menu":
		for _, m := range v.t.Menus {
			names = append(names, m.Name)
		}
	case "person":
		for _, p := range v.t.People {
			names = append(names, p.Name)
		}
	case "page":
		for _, p := range v.t.Pages {
			names = append(names, p.Name)
		}
	case "hours":
		for _, h := range v.t.Hours {
			names = append(names, h.Name)
		}
	case "port":
		for _, l := range v.t.Lines {
			names = append(names, string(l.Name))
		}
		for _, k := range v.t.Trunks {
			names = append(names, "trunk/"+k.Name)
		}
	case "service":
		names = []string{"echo"}
	}
	if len(names) == 0 {
		return "-"
	}
	if len(names) > 12 {
		names = append(names[:12:12], "...")
	}
	return clip(strings.Join(names, ", "))
}

// socket reads "fxo3" as 3; 0 is no socket of the kind.
func socket(p id.Port, kind string) int {
	for n := 1; n <= 15; n++ { // chains of the driver end at 15 chips
		if string(p) == fmt.Sprint(kind, n) {
			return n
		}
	}
	return 0
}
