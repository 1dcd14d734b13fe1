// Package tone is the call-progress tones of countries: as data, made
// (Generator) and recognised by their cadence (Listener).
//
// The analog leg plays and recognises them, the switchboard plays them to
// callers. It never decides what a tone means for a call. Generating and
// recognising run in the sound thread and allocate nothing.
package tone

import "time"

// Signal is a call-progress tone by its meaning.
type Signal uint8

// The signals. Congestion is also called reorder; Stutter is the dial tone that
// announces messages; SIT are the three rising tones before an announcement;
// Howler tells a handset that was left off-hook.
const (
	None Signal = iota
	Dial
	Ringback
	Busy
	Congestion
	CallWaiting
	Stutter
	SIT
	Howler
	signals
)

// String is the name on pages and in traces.
func (s Signal) String() string {
	if s >= signals {
		return "none"
	}
	return [signals]string{
		"none", "dial", "ringback", "busy", "congestion", "call-waiting", "stutter", "sit", "howler",
	}[s]
}

// Hangup reports whether the tone on an answered outside line says that the far
// end has gone.
func (s Signal) Hangup() bool { return s == Busy || s == Congestion || s == Dial }

// Step is a part of a cadence: up to four frequencies at once for a time. No
// frequency is silence; no time is for ever.
type Step struct {
	Hz [4]float32
	Ms uint16
}

// Cadence is a sequence of steps that goes on again at Loop when it came to its
// end; with Loop at or beyond its length it ends.
type Cadence struct {
	Steps []Step
	Loop  int
}

// Once is a Loop that never comes: the cadence is played once.
const Once = 1 << 15

// Country is the plan of one country.
type Country struct {
	Code     string // ISO 3166, with UK for GB as the trade says
	Signals  [signals]Cadence
	Ring     []time.Duration // ringing of a telephone: on, off, ...
	RingHz   float32         // ringing current
	DTMFLow  float32         // level of the low tones of sent digits, dBm0
	DTMFHigh float32         // of the high tones
	FlashMs  uint16          // nominal hook flash
}

// Level of the plan's tones in dBm0, the sum of their frequencies.
const Level = -13

// Plan is the plan of a country by its code ("ES", "uk", "GB"); false when there
// is none and ES is returned.
func Plan(code string) (*Country, bool) {
	b := []byte(code)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	name := string(b)
	if name == "GB" {
		name = "UK"
	}
	for i := range countries {
		if countries[i].Code == name {
			return &countries[i], true
		}
	}
	return &countries[0], false
}

// Countries are the codes that have a plan.
func Countries() []string {
	codes := make([]string, len(countries))
	for i := range countries {
		codes[i] = countries[i].Code
	}
	return codes
}
