package analog

import (
	"time"

	"centralita/hal"
)

// Line is what is set for one outside line. The zero value is an ordinary one.
type Line struct {
	Polarity bool          // the exchange reverses polarity on answer
	Silence  time.Duration // neither side makes a sound for so long: released; 0 never

	Pulse      bool          // dial by opening the loop
	NoDialTone Blind         // what to do where no dial tone comes
	ToneWait   time.Duration // how long to wait for one; 0 is dialToneWait
	SecondTone string        // digits in front of every number, after which another dial tone comes
	Flash      time.Duration // of a recall; 0 is the country's

	WaitFree    time.Duration // a call out waits so long for another telephone to be put back; 0 does not wait
	CallWaiting bool          // the exchange tells in a call who else calls
}

// Blind is whether a number is dialled into a line without a dial tone.
type Blind uint8

// As a line was so far: where a dial tone has ever come, its absence is a fault.
const (
	AsKnown Blind = iota
	Always
	Never
)

// pulsesOf is how a country dials by pulses: 10 a second, 60 % or more of each
// open. Sources: national interface notes; the pause is longer than the 600 ms
// that exchanges want.
func pulsesOf(country string) hal.Pulses {
	p := hal.Pulses{Break: 60 * time.Millisecond, Make: 40 * time.Millisecond, Between: 800 * time.Millisecond}
	switch country {
	case "US", "CA":
		p.Break, p.Make = 61*time.Millisecond, 39*time.Millisecond
	case "UK", "FR", "BR", "AR", "MX":
		p.Break, p.Make = 67*time.Millisecond, 33*time.Millisecond
	}
	return p
}

// flashOf is how long a recall of a public exchange lasts where it is not what
// the country's telephones are made for: German networks want 170..310 ms while
// private exchanges there take 100.
func flashOf(country string, nominal time.Duration) time.Duration {
	if country == "DE" {
		return 240 * time.Millisecond
	}
	return nominal
}

// wetting is the pulse of current that the exchanges of a country want after
// their alert (BT SIN 227: 20 ms after its end, for 15 ms); false where none do.
func wetting(country string) bool { return country == "UK" }
