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
	Page      string `yaml:"page,omitempty" json:"page"`           // and the number of a group speaks through all its telephones: *411

	// Each and a number forwards the calls of the telephone that dials it, as Forward
	// has it; its off takes that back.
	Forward            string `yaml:"forward,omitempty" json:"forward"`                             // all calls: *72102
	ForwardOff         string `yaml:"forward_off,omitempty" json:"forward_off"`                     // *73
	ForwardBusy        string `yaml:"forward_busy,omitempty" json:"forward_busy"`                   // that find it busy: *90102
	ForwardBusyOff     string `yaml:"forward_busy_off,omitempty" json:"forward_busy_off"`           // *91
	ForwardNoAnswer    string `yaml:"forward_no_answer,omitempty" json:"forward_no_answer"`         // that it leaves unanswered: *92102
	ForwardNoAnswerOff string `yaml:"forward_no_answer_off,omitempty" json:"forward_no_answer_off"` // *93
}

// Code is one that is in force.
type Code struct {
	Dial   string
	To     id.Destination
	Digit  bool // one more digit follows: a place from 1 to 9
	More   bool // an extension follows
	Page   bool // the number of a group of Tree.Pages follows
	Number bool // a number follows, as the telephone would dial it
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
		{c.Page, "*41", Code{To: "page/", Page: true}},
		{c.Forward, "*72", Code{To: "forward/always/", Number: true}}, {c.ForwardOff, "*73", Code{To: "forward/always/"}},
		{c.ForwardBusy, "*90", Code{To: "forward/busy/", Number: true}}, {c.ForwardBusyOff, "*91", Code{To: "forward/busy/"}},
		{c.ForwardNoAnswer, "*92", Code{To: "forward/no-answer/", Number: true}}, {c.ForwardNoAnswerOff, "*93", Code{To: "forward/no-answer/"}},
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
		{"page", c.Page}, {"forward", c.Forward}, {"forward_off", c.ForwardOff}, {"forward_busy", c.ForwardBusy}, {"forward_busy_off", c.ForwardBusyOff},
		{"forward_no_answer", c.ForwardNoAnswer}, {"forward_no_answer_off", c.ForwardNoAnswerOff},
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
