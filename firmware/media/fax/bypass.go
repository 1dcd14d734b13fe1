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
	ears  [2]*Listener
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
func NewBypass() *Bypass { return &Bypass{ears: [2]*Listener{NewListener(), NewListener()}} }

// Reset begins a new call.
func (b *Bypass) Reset() { b.aside, b.quiet = Whole, 0 }

// Frame takes 10 ms of both directions, before the canceller, and returns how far
// it steps aside.
func (b *Bypass) Frame(near, far *[media.Narrow]int16) Aside {
	for i, pcm := range [2]*[media.Narrow]int16{near, far} {
		switch b.ears[i].Frame(pcm) {
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
