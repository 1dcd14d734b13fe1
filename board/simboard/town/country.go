package town

import (
	"slices"
	"strings"
)

// beat is one step of a tone's cadence: up to two frequencies for a time.
type beat struct {
	hz [2]float64 // 0 is none; both 0 is silence
	ms int        // 0 lasts for ever
}

// signal is a call progress tone: its beats repeat for ever.
type signal struct {
	name  string
	beats []beat
}

// ringing is a cadence of ringing voltage: on, off, on, off ... in ms.
type ringing struct {
	hz, vrms float64
	cadence  []int
}

// country is how the telephone network of a country behaves at the subscriber's
// end. Tones and cadences: ITU-T E.180 supplement 2; ringing, battery and
// supervision: customary values of national interface notes.
type country struct {
	code string

	volts  float64 // open-circuit battery
	ohms   float64 // feeding bridge plus a customary loop
	ring   ringing
	clear  int // ms of open loop after which the exchange clears the call
	flash  int // ms of a customary recall (timed break)
	digits levels

	dial, ringback, busy, congestion, unknown signal

	circuit     circuit
	fsk         fskStandard
	callerID    Style
	supervision Supervision
	plan        []string // numbers whose length the exchange knows
}

// levels are those of a telephone's two DTMF groups, in dBm0.
type levels struct{ low, high float64 }

// circuit is how an exchange's line circuit passes sound between the pair and the
// digital network, in dB: what it takes away from the subscriber and from the
// network (ITU-T Q.552: Li 0..2, -Lo 5..8 dBr). The zero value is the customary
// one. Caller ID and its alerts are made on the pair's side and pass untouched;
// what a line hears is told as it is on the pair.
type circuit struct{ in, out float64 }

// customary is what most countries have.
var customary = circuit{0, 7}

// toPair is the factor of what goes from the network to the subscriber.
func (c *country) toPair() float64 {
	if c.circuit == (circuit{}) {
		return peakOf(-customary.out) / peakOf(0)
	}
	return peakOf(-c.circuit.out) / peakOf(0)
}

// sit is the special information tone (ITU-T E.180, 950/1400/1800 Hz, 330 ms
// each, one second of pause), the same in every country here.
var sit = signal{"special-information", []beat{one(950, 330), one(1400, 330), one(1800, 330), quiet(1000)}}

func one(hz float64, ms int) beat   { return beat{[2]float64{hz}, ms} }
func two(a, b float64, ms int) beat { return beat{[2]float64{a, b}, ms} }
func quiet(ms int) beat             { return beat{ms: ms} }
func (c *country) signals() []signal {
	return []signal{c.dial, c.ringback, c.busy, c.congestion, c.unknown}
}

// countryOf finds a country by its code; GB is UK by its ISO name.
func countryOf(code string) (*country, error) {
	if strings.EqualFold(code, "GB") {
		code = "UK"
	}
	i := slices.IndexFunc(countries, func(c *country) bool { return strings.EqualFold(c.code, code) })
	if i < 0 {
		codes := make([]string, len(countries))
		for i, c := range countries {
			codes[i] = c.code
		}
		return nil, wrong("unknown_country", "country %q is not known; choose one of %s", code, strings.Join(codes, ", "))
	}
	return countries[i], nil
}
