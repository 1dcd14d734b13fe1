package fax

import "centralita/firmware/media"

// Aside is how far an echo canceller steps aside.
type Aside uint8

// The degrees.
const (
	Whole  Aside = iota // it works as a whole
	Linear              // no suppression and no comfort noise: a fax machine talks
	Off                 // nothing: a modem has echo cancellers of its own
)

// Bypass decides how far the canceller of a line steps aside, by what is heard in
// both directions (ITU-T G.168, section 7): CNG, CED and T.30 messages suspend
// the suppression only, phase reversals the whole; both come back when both
// directions have been quiet for 250 ms.
type Bypass struct {
	ends  [2]*Presence // who listens to what is said at the line, and to what is played
	aside Aside
	quiet int // frames
}

const (
	// quietPower is -36 dBm0.
	quietPower = 16141 * 16141 * 2.5e-4
	// quietRun is 250 ms; G.168 allows 150 more or less.
	quietRun = 25
)

// NewBypass makes one for a line.
func NewBypass() *Bypass { return &Bypass{ends: [2]*Presence{NewPresence(), NewPresence()}} }

// Reset begins a new call.
func (b *Bypass) Reset() {
	b.aside, b.quiet = Whole, 0
	b.ends[0].Reset()
	b.ends[1].Reset()
}

// Talking reports whether a fax machine or modem talks in the call at all, also in
// pauses in which the canceller works as a whole (see Presence).
func (b *Bypass) Talking() bool { return b.ends[0].On() || b.ends[1].On() }

// Frame takes 10 ms of both directions, before the canceller, and returns how far
// it steps aside.
func (b *Bypass) Frame(near, far *[media.Narrow]int16) Aside {
	for _, tone := range [2]Tone{b.ends[0].Frame(near, far), b.ends[1].Frame(far, near)} {
		switch tone {
		case CNG, CED, Preamble:
			b.aside = max(b.aside, Linear)
		case Reversals:
			b.aside = Off
		}
	}
	if power(near) >= quietPower || power(far) >= quietPower {
		b.quiet = 0
	} else if b.quiet++; b.quiet == quietRun {
		b.aside = Whole
	}
	return b.aside
}

// power is a mean square.
func power(pcm *[media.Narrow]int16) float32 {
	var sum float32
	for _, s := range pcm {
		sum += float32(s) * float32(s)
	}
	return sum / float32(media.Narrow)
}
