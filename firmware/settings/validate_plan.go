package settings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"centralita/firmware/id"
)

var (
	patternForm = regexp.MustCompile(`^[0-9X*#]{1,15}$`)
	prefixForm  = regexp.MustCompile(`^[0-9*#]{0,6}$`)
)

func (v *validator) dialPlan() {
	p := v.t.DialPlan
	v.emergency(p.Emergency)
	v.codes()
	v.length("dial_plan.inside", len(p.Inside), listMax)
	var before []string
	for _, r := range p.Inside {
		at := "dial_plan.inside[" + clip(r.Dial) + "]"
		switch {
		case r.Dial == "":
			v.add(at+".dial", "", "missing")
		case !patternForm.MatchString(r.Dial):
			v.add(at+".dial", r.Dial, "pattern")
		case slices.Contains(before, r.Dial):
			v.add(at+".dial", r.Dial, "twice", r.Dial)
		case slices.Contains(v.t.Emergency(), r.Dial):
			v.add(at+".dial", r.Dial, "extension-emergency", r.Dial)
		}
		if _, taken := v.stations[r.Dial]; taken {
			v.warn(at+".dial", r.Dial, "rule-hidden", r.Dial)
		}
		before = append(before, r.Dial)
		v.insideTo(at+".to", r)
	}
	v.outside(p.Outside)
}

func (v *validator) emergency(list []string) {
	for i, n := range list {
		if !digits(n, 2, 6) {
			v.add(fmt.Sprintf("dial_plan.emergency[%d]", i), n, "emergency-number")
		}
	}
	v.length("dial_plan.emergency", len(list), 20)
	for _, must := range countries[v.t.CountryCode()].emergency {
		if len(list) > 0 && !slices.Contains(list, must) {
			v.add("dial_plan.emergency", strings.Join(list, ", "), "emergency-missing", must, v.t.Office.Country)
		}
	}
}

// insideTo checks "station/2XXX": at least one station fits, and there are not
// more X to fill than digits matched.
func (v *validator) insideTo(path string, r InsideRule) {
	name := r.To.Name()
	if r.To.Kind() == "page" {
		if _, ok := v.t.PageByName(name); !ok {
			v.add(path, string(r.To), "unknown-page", clip(name), v.known("page"))
		}
		return
	}
	if r.To.Kind() != "station" || !strings.Contains(name, "X") {
		v.destination(path, r.To, true)
		return
	}
	if strings.Count(name, "X") > strings.Count(r.Dial, "X") {
		v.add(path, string(r.To), "pattern-digits", r.Dial)
		return
	}
	for ext := range v.stations {
		if fits(name, ext) {
			return
		}
	}
	v.add(path, string(r.To), "unknown-station", clip(name), v.known("station"))
}

func fits(pattern, number string) bool {
	if len(pattern) != len(number) {
		return false
	}
	for i := range pattern {
		if pattern[i] != number[i] && (pattern[i] != 'X' || number[i] < '0' || number[i] > '9') {
			return false
		}
	}
	return true
}

func (v *validator) outside(rules []Outside) {
	v.length("dial_plan.outside", len(rules), 50)
	var before []string
	for _, o := range rules {
		at := "dial_plan.outside[" + clip(o.Prefix) + "]"
		if !prefixForm.MatchString(o.Prefix) {
			v.add(at+".prefix", o.Prefix, "prefix")
		}
		if slices.Contains(before, o.Prefix) {
			v.add(at+".prefix", o.Prefix, "twice", o.Prefix)
		}
		before = append(before, o.Prefix)
		if len(o.Through) == 0 {
			v.add(at+".through", "", "missing")
		}
		for i, p := range o.Through {
			path := fmt.Sprintf("%s.through[%d]", at, i)
			if !v.ports[p] {
				v.add(path, string(p), "unknown-port", clip(string(p)), v.known("port"))
			} else if slices.Contains(o.Through[:i], p) {
				v.add(path, string(p), "twice", string(p))
			}
		}
		v.length(at+".through", len(o.Through), 40)
	}
}

// Ports lists the outside ports of the tree in its order.
func (t *Tree) Ports() []id.Port {
	var ports []id.Port
	for _, l := range t.Lines {
		ports = append(ports, l.Name)
	}
	for _, k := range t.Trunks {
		ports = append(ports, id.Port("trunk/"+k.Name))
	}
	return ports
}
