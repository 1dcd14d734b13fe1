// Package levels is the box's level plan: the relative level of every port by
// country, and so the loss of every way through the box.
//
// The reference point (0 dBr) is the digital middle: the slots of the highway, the
// frames of the media engine, what SIP carries. There 0 dBm0 is an RMS of 16141 and
// full scale +3.14 dBm0 (ITU-T G.711). A port's input relative level Li is the level
// in dBm at its pair that gives 0 dBm0 in the middle, its output relative level Lo
// what 0 dBm0 in the middle gives at the pair (ITU-T G.101, ES 202 020).
//
// Towards handsets the box is the national exchange: Li and Lo are the exchange's.
// Towards an outside line it is the telephone: its Li is the exchange's Lo and its
// Lo the exchange's Li, so that a handset on the box is as loud as one plugged into
// the line itself, a talker is as loud on SIP as a digital network would have him,
// and no loop through the box has gain.
//
// firmware/leg/analog sets its chips by it and adds what an office set for one line
// or handset; README.md is the plan for people. It knows no chip.
package levels

// Relative is the relative levels of a port in dBr.
type Relative struct{ Li, Lo float64 }

// Gains are what its chip adds to sound, in dB: play towards the pair, capture
// from it.
func (r Relative) Gains() (play, capture float64) { return r.Lo, -r.Li }

// Adjusted is the port with what an office set for it: input dB louder from the
// pair, output dB louder towards it.
func (r Relative) Adjusted(input, output int) Relative {
	return Relative{r.Li - float64(input), r.Lo + float64(output)}
}

// AdjustMax bounds what an office may set for one port, in dB either way: a far
// line or a weak set needs no more, and the chips can do the sum.
const AdjustMax = 5

// Digital is a port of the middle itself: SIP, prompts, recordings, tones.
var Digital = Relative{}

// Plan is the plan of a country.
type Plan struct {
	Country string // ISO 3166
	Handset Relative
	Line    Relative
	// National tells that the values are a national plan's as its operators publish
	// it; else they are our judgement, made of the range of Q.552.
	National bool
}

// Loss of the way from one port to another in dB; a gain is negative.
func Loss(from, to Relative) float64 { return from.Li - to.Lo }

// Of is the plan of a country; the common European one for unknown codes.
func Of(country string) Plan {
	for _, p := range plans {
		if p.Country == country || p.Country == "GB" && country == "UK" {
			return p
		}
	}
	return plan(country, Relative{0, -7}, false)
}

// plan turns an exchange's subscriber interface into the box's two kinds of ports.
func plan(country string, exchange Relative, national bool) Plan {
	return Plan{country, exchange, Relative{exchange.Lo, exchange.Li}, national}
}
