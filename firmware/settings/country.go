package settings

import "slices"

// countries the box has tones, ringing and emergency numbers for.
//
// Emergency: 112 in the EU (Directive (EU) 2018/1972, article 109; Italy's and
// Spain's older numbers end there too and are dialled as they are), 999 and 112
// in the United Kingdom (Ofcom, General Condition A3), 911 in the United States
// (47 U.S.C. 251(e)(3)) and in Mexico and Argentina, where the older numbers of fire,
// police and ambulance go on; 110 for the police in Germany (TKG section 164); 190,
// 192 and 193 for police, ambulance and fire in Brazil (Anatel).
var countries = map[string]struct {
	emergency []string // required in an explicit list
	also      []string // taken as emergency when no list is given
}{
	"ES": {[]string{"112"}, []string{"091", "062", "061", "080", "085"}},
	"IT": {[]string{"112"}, []string{"113", "115", "118"}},
	"GB": {[]string{"112", "999"}, nil},
	"US": {[]string{"911"}, []string{"112"}},
	"FR": {[]string{"112"}, []string{"15", "17", "18", "114"}},
	"DE": {[]string{"110", "112"}, nil},
	"MX": {[]string{"911"}, nil},
	"AR": {[]string{"911"}, nil}, // 100, 101 and 107 are customary extensions of offices too
	"BR": {[]string{"190", "192", "193"}, nil},
}

// CountryCode is the ISO code of the office; "UK" is taken as GB.
func (t *Tree) CountryCode() string {
	if t.Office.Country == "UK" {
		return "GB"
	}
	return t.Office.Country
}

// Emergency lists the numbers that always go out: those of the dial plan, or of
// the country when the plan names none.
func (t *Tree) Emergency() []string {
	if len(t.DialPlan.Emergency) > 0 {
		return t.DialPlan.Emergency
	}
	c := countries[t.CountryCode()]
	if len(c.emergency) == 0 {
		return []string{"112"} // the number every GSM phone knows (3GPP TS 22.101)
	}
	return slices.Concat(c.emergency, c.also)
}
