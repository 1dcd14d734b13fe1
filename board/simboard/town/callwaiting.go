package town

import (
	"math"

	"centralita/hal/sim/wire"
)

// A telephone with a display for waiting calls (EN 300 659-2, GR-30): when the
// alerting signal of 75 to 110 ms has ended it mutes its microphone, answers by
// DTMF D within 100 ms, for 60 ms, and takes the message that comes.
const (
	casLow, casHigh = 2130.0, 2750.0
	casFloor        = -32.0 // dBm0 of each tone
	casPurity       = 0.75  // share of the sound that must be in the two
	casLeast        = 6     // whole frames
	casMost         = 12
	ackAfterMS      = 40
	ackMS           = 60
	messageFrames   = 150 // patience with the message
)

var casCoeffs = [2]float64{2 * math.Cos(2*math.Pi*casLow/rate), 2 * math.Cos(2*math.Pi*casHigh/rate)}

// callWaiting is the part of a telephone that takes the number of a waiting call.
type callWaiting struct {
	heard  int // frames of the alerting signal
	ack    tape
	listen int // frames left for the message
	alerts int // signals answered since the handset was lifted
}

// step hears 10 ms of a talk; it tells whether the microphone is muted, and puts
// the answer into out.
func (w *callWaiting) step(h *Handset, in, out *wire.Sound) (muted bool) {
	if casIn(in) {
		w.heard++
	} else {
		if w.heard >= casLeast && w.heard <= casMost && w.listen == 0 {
			w.answer(h)
		}
		w.heard = 0
	}
	if w.listen == 0 {
		return false
	}
	w.listen--
	w.ack.next(out)
	if m := h.fsk.hear(in); m != nil {
		h.take(m, true)
		w.listen = 0
	}
	return true
}

func (w *callWaiting) answer(h *Handset) {
	w.alerts++
	w.listen = messageFrames
	sound := make([]int16, ackAfterMS*rate/1000)
	w.ack = tape{samples: append(sound, pressed("D", fingers{on: ackMS}, h.country.digits, nil)...)}
	h.fsk.reset()
}

// casIn tells whether 10 ms are nothing but the two tones.
func casIn(s *wire.Sound) bool {
	total := energy(s)
	var sum float64
	for _, c := range casCoeffs {
		var s1, s2 float64
		for _, x := range s {
			s1, s2 = float64(x)+c*s1-s2, s1
		}
		n := float64(len(s))
		p := 2 * (s1*s1 + s2*s2 - c*s1*s2) / (n * n)
		if levelOf(p) < casFloor {
			return false
		}
		sum += p
	}
	return sum >= casPurity*total
}
