// Package fax hears fax machines and modems on a line: the calling tone CNG, the
// answering tone CED with and without phase reversals, and the flags with which
// every V.21 message begins (ITU-T T.30, V.25, V.8, V.21).
//
// Listener is a media.Ear, attached by whoever must let a fax through or send it
// elsewhere. Bypass tells an echo canceller when to step aside (G.168). Neither
// demodulates a message, and neither answers.
package fax

import "centralita/firmware/media"

// Tone is a sound of fax machines and modems. It is the Value of media.FaxTone.
type Tone uint8

// The tones.
const (
	None      Tone = iota
	CNG            // 1100 Hz for 0.5 s every 3.5 s: a fax machine calls
	CED            // 2100 Hz for 2.6 to 4 s: a fax machine or modem answers
	Reversals      // CED whose phase turns every 450 ms (ANS/PR, ANSam): echo cancellers off
	Preamble       // flags at 300 bit/s in V.21 channel 2: a T.30 message follows
)

// String names the tone as logs and the lab do.
func (t Tone) String() string {
	switch t {
	case CNG:
		return "CNG"
	case CED:
		return "CED"
	case Reversals:
		return "ANS/PR"
	case Preamble:
		return "V21"
	}
	return "none"
}

const (
	// minPower is -43 dBm0 as a mean square, below what any machine sends.
	minPower = 16141 * 16141 * 5.0e-5
	// cngRun and cedRun are frames of tone that make sure: a CNG lasts 425 ms at
	// least, words and digits seldom hold one pure tone for half as long.
	cngRun = 37
	cedRun = 47
	// cngOff and cedOff are how far from their frequency the tones may lie: T.30
	// allows 38 and 15 Hz.
	cngOff = 44
	cedOff = 24
)

// Listener hears the tones. It tells media.FaxTone with a Tone when one is
// certain: CNG within 0.4 s of its beginning, CED within 0.5, Reversals at the
// second, 0.9 s after the beginning, Preamble within 0.25. Each is told once for
// every time that it sounds.
type Listener struct {
	clean highPass
	cng   steady
	ced   steady
	turns reversals
	v21   flags
}

// NewListener makes the ear.
func NewListener() *Listener {
	return &Listener{cng: newSteady(1100, cngOff), ced: newSteady(2100, cedOff)}
}

// Reset begins with silence.
func (l *Listener) Reset() {
	*l = Listener{cng: steady{shift: l.cng.shift, off: l.cng.off}, ced: steady{shift: l.ced.shift, off: l.ced.off}}
}

// Hear implements media.Ear.
func (l *Listener) Hear(pcm *[media.Narrow]int16, m media.Mouth) {
	if t := l.Frame(pcm); t != None {
		m.Tell(media.FaxTone, int32(t))
	}
}

// Frame takes 10 ms and returns the tone that became certain in them, None mostly.
func (l *Listener) Frame(pcm *[media.Narrow]int16) Tone {
	var x [media.Narrow]float32
	power := l.clean.pass(&x, pcm)
	told := None
	if l.v21.frame(&x, power) {
		told = Preamble
	}
	if l.cng.frame(&x, power) && l.cng.run == cngRun {
		told = CNG
	}
	if l.ced.frame(&x, power) && l.ced.run == cedRun {
		told = CED
	}
	switch {
	case l.ced.run == 0:
		l.turns = reversals{}
	case l.turns.frame(&l.ced):
		told = Reversals
	}
	return told
}

// highPass takes hum, ringing's rest and DC away: Butterworth, 2nd order, 300 Hz;
// 50 Hz fall by 31 dB.
type highPass struct{ x1, x2, y1, y2 float32 }

// pass fills out and returns its mean square.
func (h *highPass) pass(out *[media.Narrow]float32, in *[media.Narrow]int16) float32 {
	var sum float32
	for i, s := range in {
		x := float32(s)
		y := 0.84645925*(x-2*h.x1+h.x2) + 1.66920314*h.y1 - 0.71663387*h.y2
		h.x2, h.x1, h.y2, h.y1 = h.x1, x, h.y1, y
		out[i] = y
		sum += y * y
	}
	return sum / float32(media.Narrow)
}
