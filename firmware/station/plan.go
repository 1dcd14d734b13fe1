package station

import (
	"strings"

	"centralita/firmware/call"
	"centralita/firmware/id"
	"centralita/firmware/number"
	"centralita/firmware/settings"
)

// route is what dialled digits mean.
type route struct {
	to        id.Destination
	through   []id.Port
	emergency bool
	record    bool
}

// plan is the dial plan in force.
type plan struct {
	country   string
	emergency []string
	stations  []settings.Station
	inside    []settings.InsideRule
	outside   []settings.Outside
	codes     []settings.Code
	pages     []settings.Page
}

func planOf(b *call.Book) plan {
	t := b.Office()
	return plan{t.CountryCode(), t.Emergency(), b.Stations(), t.DialPlan.Inside, t.DialPlan.Outside, t.DialPlan.Codes.InForce(), t.Pages}
}

// look reads digits: ok when they are a whole number, more when further digits
// could make them another one. The order is emergency, stations, inside, codes,
// outside.
func (p plan) look(digits string) (r route, ok, more bool) {
	if digits == "" {
		return route{}, false, true
	}
	take := func(found route, is, longer bool) {
		if is && !ok {
			r, ok = found, true
		}
		more = more || longer
	}
	e, is, longer, certain := p.lookEmergency(digits)
	if certain {
		return e, true, false
	}
	take(e, is, longer)
	take(p.lookStation(digits))
	take(p.lookInside(digits))
	take(p.lookCodes(digits))
	take(p.lookOutside(digits))
	return r, ok, more
}

// lookEmergency knows the numbers as they are and, since people dial it so, with
// the outside prefix before them. They go at once, certain, except where digits
// may be meant otherwise: Spain's 091 with 0 as the outside prefix begins every
// number of Madrid, and 0 before 091 is the way abroad. There the pause decides.
func (p plan) lookEmergency(digits string) (r route, is, longer, certain bool) {
	r = route{emergency: true}
	check := func(prefix, e string, doubt bool) {
		switch whole := prefix + e; {
		case whole == digits:
			r.to, is, certain = id.To("outside", e), true, certain || !doubt
		case strings.HasPrefix(whole, digits):
			longer = true
		}
	}
	for _, e := range p.emergency {
		doubt := false
		for _, o := range p.outside {
			if o.Prefix != "" {
				check(o.Prefix, e, strings.HasPrefix(e, "0"))
				doubt = doubt || strings.HasPrefix(e, o.Prefix)
			}
		}
		check("", e, doubt)
	}
	for _, o := range p.outside {
		for _, port := range o.Through {
			if !contains(r.through, port) {
				r.through = append(r.through, port)
			}
		}
	}
	return r, is, longer, certain
}

func (p plan) lookStation(digits string) (r route, is, longer bool) {
	for i := range p.stations {
		ext := p.stations[i].Extension
		if !strings.HasPrefix(ext, digits) {
			continue
		}
		if len(ext) == len(digits) {
			r, is = route{to: id.To("station", ext)}, true
		} else {
			longer = true
		}
	}
	return r, is, longer
}

func (p plan) lookInside(digits string) (r route, is, longer bool) {
	for _, rule := range p.inside {
		wild, ok := matches(rule.Dial, digits)
		switch {
		case !ok:
		case len(rule.Dial) > len(digits):
			longer = true
		case !is:
			r, is = route{to: fill(rule.To, wild), record: rule.Record}, true
		}
	}
	return r, is, longer
}

// matches compares as far as digits go, and gives what stands for each X.
func matches(pattern, digits string) (wild string, ok bool) {
	if len(digits) > len(pattern) {
		return "", false
	}
	for i := range len(digits) {
		switch p, d := pattern[i], digits[i]; {
		case p == 'X' && '0' <= d && d <= '9':
			wild += digits[i : i+1]
		case p != d:
			return "", false
		}
	}
	return wild, true
}

// fill puts the matched digits in the place of each X of a destination's name.
func fill(to id.Destination, wild string) id.Destination {
	name := []byte(to.Name())
	for i, b := range name {
		if b == 'X' && wild != "" {
			name[i], wild = wild[0], wild[1:]
		}
	}
	return id.To(to.Kind(), string(name))
}

// plain is the plan without the box's services: what may follow a code.
func (p plan) plain() plan {
	p.codes = nil
	return p
}

// lookCodes knows the services of the box.
func (p plan) lookCodes(digits string) (r route, is, longer bool) {
	for _, c := range p.codes {
		rest, whole := strings.CutPrefix(digits, c.Dial)
		switch {
		case !whole:
			longer = longer || strings.HasPrefix(c.Dial, digits)
			continue
		case c.More:
			found, ok, more := p.lookStation(rest)
			longer = longer || more
			if ok && !is {
				r, is = route{to: id.To(c.To.Kind(), found.to.Name())}, true
			}
		case c.Page:
			for _, g := range p.pages {
				longer = longer || g.Number != rest && strings.HasPrefix(g.Number, rest)
				if g.Number == rest && !is {
					r, is = route{to: id.To("page", g.Name)}, true
				}
			}
		case c.Number:
			found, ok, more := p.plain().look(rest)
			longer = longer || more
			if ok && !is && !found.emergency { // emergency services are called by people
				r, is = route{to: c.To + id.Destination(rest), through: found.through}, true
			}
		case c.Digit:
			longer = longer || rest == ""
			if !is && len(rest) == 1 && rest[0] >= '1' && rest[0] <= '9' {
				r, is = route{to: id.To(c.To.Kind(), rest)}, true
			}
		case rest == "" && !is:
			r, is = route{to: c.To}, true
		}
	}
	return r, is, longer
}

// lookOutside takes the longest prefix that fits.
func (p plan) lookOutside(digits string) (r route, is, longer bool) {
	best := -1
	for i, o := range p.outside {
		if strings.HasPrefix(o.Prefix, digits) {
			longer = true // the prefix alone, or a part of it
		} else if strings.HasPrefix(digits, o.Prefix) && (best < 0 || len(o.Prefix) > len(p.outside[best].Prefix)) {
			best = i
		}
	}
	if best < 0 {
		return route{}, false, longer
	}
	o := p.outside[best]
	rest := digits[len(o.Prefix):]
	return route{to: id.To("outside", rest), through: o.Through}, true, longer || !number.Complete(p.country, rest)
}

func contains(list []id.Port, p id.Port) bool {
	for _, x := range list {
		if x == p {
			return true
		}
	}
	return false
}
