package fax

import "centralita/firmware/media"

// Presence tells whether a fax machine or modem talks in a call: from the first of
// its tones on, and for as long as anything like it goes on in either direction. A
// page or a connection has no tones of its own, but its sound lies high: fax and
// data carriers at 1100 to 2100 Hz, while voiced speech, dial and busy tones have
// nearly everything below 700.
type Presence struct {
	ear  *Listener
	on   bool
	high [2]int // frames in a row that sound like a modem
	left int    // frames until it is over
}

const (
	// lingers is how long a machine may be silent: T.30's T2, the longest wait for
	// a command, is 6 s and one more.
	lingers = 700
	// highRun is longer than what talk has of hissing; every signal of T.30 lasts longer.
	highRun = 40
	// highMost is the correlation of neighbouring samples below which a sound lies
	// high: of one tone, the cosine of 1015 Hz.
	highMost = 0.7
)

// NewPresence makes one for a call.
func NewPresence() *Presence { return &Presence{ear: NewListener()} }

// Reset begins a new call.
func (p *Presence) Reset() {
	p.on, p.high, p.left = false, [2]int{}, 0
	p.ear.Reset()
}

// On is what the last frame ended with.
func (p *Presence) On() bool { return p.on }

// Frame takes 10 ms of both directions, tones being listened for in the first. It
// returns the tone that became certain, None mostly.
func (p *Presence) Frame(heard, said *[media.Narrow]int16) Tone {
	t := p.ear.Frame(heard)
	if t != None {
		p.on, p.left = true, lingers
	}
	if !p.on {
		return t
	}
	for i, pcm := range [2]*[media.Narrow]int16{heard, said} {
		if !highUp(pcm) {
			p.high[i] = 0
		} else if p.high[i]++; p.high[i] >= highRun {
			p.left = lingers
		}
	}
	if p.left--; p.left <= 0 {
		p.on = false
	}
	return t
}

// highUp reports whether a frame is loud enough for a modem and lies high.
func highUp(pcm *[media.Narrow]int16) bool {
	var all, next float32
	for i := 1; i < len(pcm); i++ {
		x := float32(pcm[i])
		all += x * x
		next += x * float32(pcm[i-1])
	}
	return all >= minPower*float32(len(pcm)-1) && next < highMost*all
}
