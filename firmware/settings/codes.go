package settings

import (
	"slices"
	"strings"

	"centralita/firmware/id"
)

// Codes are what is dialled for services of the box; "" is the usual one, "off" none.
type Codes struct {
	Pickup    string `yaml:"pickup,omitempty" json:"pickup"`       // the call that rings in the own group: *8
	PickupOf  string `yaml:"pickup_of,omitempty" json:"pickup_of"` // and an extension behind it: **101
	Park      string `yaml:"park,omitempty" json:"park"`           // the held call: *50
	Parked    string `yaml:"parked,omitempty" json:"parked"`       // and the place behind it fetches it: *51
	Undisturb string `yaml:"undisturb,omitempty" json:"undisturb"` // do not disturb: *78
	Disturb   string `yaml:"disturb,omitempty" json:"disturb"`     // and again: *79
	Intercom  string `yaml:"intercom,omitempty" json:"intercom"`   // and an extension behind it answers by itself: *40101
}

// Code is one that is in force.
type Code struct {
	Dial  string
	To    id.Destination
	Digit bool // one more digit follows: a place from 1 to 9
	More  bool // an extension follows
}

// InForce lists the codes, the usual ones where none are set.
func (c Codes) InForce() []Code {
	var list []Code
	for _, x := range []struct {
		set, usual string
		code       Code
	}{
		{c.Pickup, "*8", Code{To: "pickup/"}}, {c.PickupOf, "**", Code{To: "pickup/", More: true}},
		{c.Park, "*50", Code{To: "park/"}}, {c.Parked, "*5", Code{To: "parked/", Digit: true}},
		{c.Undisturb, "*78", Code{To: "service/undisturb"}}, {c.Disturb, "*79", Code{To: "service/disturb"}},
		{c.Intercom, "*40", Code{To: "intercom/", More: true}},
	} {
		x.code.Dial = x.set
		if x.set == "" {
			x.code.Dial = x.usual
		}
		if x.code.Dial != "off" {
			list = append(list, x.code)
		}
	}
	return list
}

func (v *validator) codes() {
	var taken []string
	c := v.t.DialPlan.Codes
	for _, f := range []struct{ name, code string }{
		{"pickup", c.Pickup}, {"pickup_of", c.PickupOf}, {"park", c.Park}, {"parked", c.Parked}, {"undisturb", c.Undisturb}, {"disturb", c.Disturb}, {"intercom", c.Intercom},
	} {
		at := "dial_plan.codes." + f.name
		switch {
		case f.code == "" || f.code == "off":
			continue
		case len(f.code) > 6 || !strings.HasPrefix(f.code, "*") || strings.Trim(f.code, "*0123456789") != "":
			v.add(at, f.code, "code")
		case slices.Contains(taken, f.code):
			v.add(at, f.code, "twice", f.code)
		}
		taken = append(taken, f.code)
	}
}
