package town

import "time"

// Style is how an exchange tells who calls.
type Style string

// The styles, by what alerts the telephone and when the message comes.
const (
	NoCallerID   Style = "none"
	FSKAfterRing Style = "fsk-after-ring" // 600 ms after the first ring (ETSI EN 300 659-1 during ringing; Bellcore)
	FSKAlert     Style = "fsk-alert"      // before ringing, after a dual tone alerting signal (ETSI DT-AS)
	FSKShortRing Style = "fsk-short-ring" // before ringing, after a short ring (ETSI RP-AS)
	FSKReversal  Style = "fsk-reversal"   // line reversal, alert, message, ringing (BT SIN 227)
	DTMFReversal Style = "dtmf-reversal"  // line reversal, digits, ringing
	DTMFRing     Style = "dtmf-ring"      // digits after the first ring
	DTMFPlain    Style = "dtmf"           // digits without any alert, then ringing
)

// Styles lists every style a call may ask for.
var Styles = []Style{NoCallerID, FSKAfterRing, FSKAlert, FSKShortRing, FSKReversal, DTMFReversal, DTMFRing, DTMFPlain}

// Channel seizure and mark before a message, in bits. BT SIN 227 is the shorter.
const (
	seizureETSI, markETSI = 300, 180
	seizureBT, markBT     = 120, 80
)

// alertLevel is each tone's level of a dual tone alerting signal, dBm0.
const alertLevel = -16

// act is a stretch of what an exchange does on a line before its ringing settles.
type act struct {
	frames   int
	ring     bool
	reversed bool
	alert    bool // a wetting pulse is wanted in the pause behind it
	message  bool
	sound    []int16
}

func still(ms int) act       { return act{frames: frames(ms)} }
func sounding(s []int16) act { return act{frames: framesOf(s), sound: s} }
func ringFor(ms int) act     { return act{frames: frames(ms), ring: true} }

func alerting(ms int) act {
	a := sounding(render(ms, [2]float64{2130, alertLevel}, [2]float64{2750, alertLevel}))
	a.alert = true
	return a
}

// caller is who calls, as the exchange knows it.
type caller struct {
	number, name string
	withheld     string // reason instead of a number, "P" or "O"
	at           time.Time
	spoilt       bool // send a wrong checksum
}

// message is the caller's MDMF message.
func (c caller) message() []byte {
	m := []byte{typeMDMF, 0}
	field := func(param byte, value string) {
		m = append(append(m, param, byte(len(value))), value...)
	}
	field(paramDate, c.at.Format("01021504"))
	if c.withheld == "" {
		field(paramNumber, c.number)
	} else {
		field(paramNoNumber, c.withheld)
		field(paramNoName, c.withheld)
	}
	if c.name != "" && c.withheld == "" {
		field(paramName, c.name)
	}
	m[1] = byte(len(m) - 2)
	var sum byte
	for _, b := range m {
		sum += b
	}
	sum = -sum
	if c.spoilt {
		sum ^= 0x5a
	}
	return append(m, sum)
}

// code is the caller as DTMF digits, started by A (D with a reason) and ended by C.
func (c caller) code() string {
	switch {
	case c.spoilt: // there is no checksum: the end is lost
		return "A" + c.number
	case c.withheld == "":
		return "A" + c.number + "C"
	case c.withheld == reasonPrivate:
		return "D10C"
	default:
		return "D00C"
	}
}

// announce is everything a line does from the begin of a call until its regular
// ringing, in the order of the given style.
func (c *country) announce(style Style, who caller) []act {
	short := func() act {
		a := sounding(modulate(who.message(), c.fsk, seizureBT, markBT))
		a.message = true
		return a
	}
	long := func() act { return sounding(modulate(who.message(), c.fsk, seizureETSI, markETSI)) }
	digits := func() act { return sounding(pressed(who.code(), sender, c.digits, nil)) }
	switch style {
	case FSKAfterRing:
		return c.withinRinging(long())
	case FSKAlert:
		return []act{still(200), alerting(100), still(100), long(), still(300)}
	case FSKShortRing:
		return []act{ringFor(250), still(650), long(), still(300)}
	case FSKReversal:
		return reversed(still(150), alerting(100), still(100), short(), still(300))
	case DTMFReversal:
		return append(reversed(still(300), digits(), still(100)), still(200))
	case DTMFRing:
		return c.withinRinging(digits())
	case DTMFPlain:
		return []act{still(100), digits(), still(300)}
	default:
		return nil
	}
}

// withinRinging is the first ring of the country's cadence with a message in the
// pause that follows; the pause grows where the message needs it, so that at
// least 500 ms of quiet follow.
func (c *country) withinRinging(message act) []act {
	const before, after = 600, 500
	var acts []act
	last := len(c.ring.cadence) - 1
	for i, ms := range c.ring.cadence[:last] {
		if i%2 == 0 {
			acts = append(acts, ringFor(ms))
		} else {
			acts = append(acts, still(ms))
		}
	}
	rest := frames(c.ring.cadence[last]) - frames(before) - message.frames
	return append(acts, still(before), message, act{frames: max(rest, frames(after))})
}

func reversed(acts ...act) []act {
	for i := range acts {
		acts[i].reversed = true
	}
	return acts
}
