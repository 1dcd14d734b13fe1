package tone

import (
	"math"

	"centralita/firmware/media"
)

// minLevel of a tone is -43 dBm0.
const minLevel = 16141 * 16141 * 5.0e-5

// Units of time are sixteenths of a frame (0.625 ms), so that edges inside a
// frame count by their part.
const unit = 16

// millis is a time in ms as units.
func millis(ms int) int32 { return int32(ms) * unit / 10 }

// Listener recognises the call-progress tones of one country by frequency, level
// and cadence. It is a media.Ear that tells ToneBegan and ToneEnded with a
// Signal: Dial when a steady tone has lasted longer than any burst of the plan,
// Ringback after the first burst, Busy and Congestion after two to three whole
// cycles that are equal in time and level, SIT after its third tone. Bursts must
// be pure and even and the pauses quiet, which speech and music are not.
type Listener struct {
	fits      []*fit
	templates []template
	steady    []int32 // by class: how long a tone lasts to be Dial; 0 is never

	window  [fitWindow]float32
	energy  [4]float32 // mean square of the last frames, newest last
	now     int32      // end of the newest frame, in units
	burst   burst      // under way or last
	in      bool       // a burst is under way
	odd     int        // frames in a row that fit neither burst nor pause
	bursts  [history]burst
	n       int // bursts known, at most history
	sit     int // tones of SIT heard
	current Signal
}

// history is how many bursts are compared: a cycle of three and two more.
const history = 6

// burst is one stretch of one tone.
type burst struct {
	class  int
	start  int32
	on     int32
	power  float32 // mean square of its steady part
	frames int     // steady frames
}

// NewListener makes the listener for a country's plan.
func NewListener(c *Country) *Listener {
	l := &Listener{}
	l.learn(c)
	return l
}

// Hear implements media.Ear.
func (l *Listener) Hear(pcm *[media.Narrow]int16, m media.Mouth) {
	before := l.current
	l.frame(pcm)
	if l.current == before {
		return
	}
	if before != None {
		m.Tell(media.ToneEnded, int32(before))
	}
	if l.current != None {
		m.Tell(media.ToneLevel, int32(10*l.level()))
		m.Tell(media.ToneBegan, int32(l.current))
	}
}

// level is that of the newest burst in dBm0.
func (l *Listener) level() float64 {
	p := l.burst.power
	if !l.in && l.n > 0 {
		p = l.bursts[history-1].power
	}
	return 10*math.Log10(float64(p)+1e-3) - 84.158
}

// Current is the signal that is certain now.
func (l *Listener) Current() Signal { return l.current }

// frame takes 10 ms.
func (l *Listener) frame(pcm *[media.Narrow]int16) {
	const n = int(media.Narrow)
	copy(l.window[:], l.window[n:])
	var ms float32
	for i, s := range pcm {
		x := float32(s)
		l.window[fitWindow-n+i] = x
		ms += x * x
	}
	copy(l.energy[:], l.energy[1:])
	l.energy[3] = ms / float32(n)
	l.now += unit
	class, level := l.classify()
	if l.in {
		l.sounding(class, level)
	} else {
		l.pausing(class, level)
	}
}

// classify names the tone that fills the window, -1 for none, and its level.
func (l *Listener) classify() (class int, level float32) {
	mean := (l.energy[2] + l.energy[3]) / 2
	if mean < minLevel {
		return -1, 0
	}
	class = -1
	var best float32
	for _, f := range l.fits {
		e, p := f.explained(&l.window)
		if e > f.pure*mean*fitWindow && e*f.weight > best {
			class, best, level = f.class, e*f.weight, p
		}
	}
	return class, level
}

// sounding follows a burst: to its end, to another tone, or until it is none.
func (l *Listener) sounding(class int, level float32) {
	b, e := &l.burst, l.energy[3]
	switch {
	case class >= 0 && b.frames < 3: // only now is the window full
		b.class = class
		b.frames++
		b.power = max(b.power, level)
		return
	case class == b.class && level > b.power/2 && level < b.power*2:
		l.odd = 0
		b.frames++
		b.power += (level - b.power) / float32(min(b.frames, 16))
		l.lasting()
		return
	case e < b.power/2: // over within this frame or the one before
		l.finish(part(l.energy[2], b.power) + part(e, b.power) - 2*unit)
		return
	case class >= 0 && class != b.class && l.odd > 0: // another tone, two frames long
		l.finish(-unit)
		l.start(class, level)
		return
	}
	if l.odd++; l.odd > 2 {
		l.forget()
	}
}

// part is how much of a frame of the given energy a tone fills.
func part(e, power float32) int32 {
	switch {
	case e > power:
		return unit
	case e < power/12:
		return 0
	}
	return int32(unit * e / power)
}

// start begins a burst that fills the window: the last two frames and a part of
// the one before.
func (l *Listener) start(class int, level float32) {
	l.burst = burst{class: class, power: level, frames: 1}
	l.burst.start = l.now - unit - part(l.energy[2], level) - part(l.energy[1], level)
	l.in, l.odd = true, 0
	l.closed()
}

// finish ends the burst at now plus late.
func (l *Listener) finish(late int32) {
	l.in, l.odd = false, 0
	b := &l.burst
	b.on = l.now + late - b.start
	copy(l.bursts[:], l.bursts[1:])
	l.bursts[history-1] = *b
	l.n = min(l.n+1, history)
	l.ended()
}

// pausing follows a pause: to the next burst, or until it is no pause.
func (l *Listener) pausing(class int, level float32) {
	if class >= 0 {
		l.start(class, level)
		return
	}
	if l.n > 0 && l.energy[3] > l.bursts[history-1].power/5 {
		if l.odd++; l.odd > 3 {
			l.forget()
			return
		}
	} else {
		l.odd = 0
	}
	l.quiet(l.now - l.bursts[history-1].start - l.bursts[history-1].on)
}

// forget drops what was heard: it was no cadence, or it is over.
func (l *Listener) forget() {
	l.in, l.odd, l.n, l.sit = false, 0, 0, 0
	l.current = None
}
