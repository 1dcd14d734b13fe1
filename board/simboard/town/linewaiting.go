package town

// A second call for a line that talks (GR-30, EN 300 659-2): a burst of the
// country's tone, the alerting signal with the far end muted, and where the
// terminal answers by DTMF D or A, who calls, without channel seizure.
const (
	sasMS       = 300
	sasHz       = 440
	casMS       = 80
	ackWithin   = 25 // frames after the alert's end; standards say 160 ms
	waitingMark = 80 // bits
	afterAck    = 10 // frames
	waitingMost = 30 * framesPerSecond
)

// waiting is a call that waits.
type waiting struct {
	role  *role
	who   caller
	tape  tape
	since int
	alert int  // frame at which the alert ends
	ack   bool // the terminal answered it
	sent  bool
}

func (w *waiting) here() bool { return w.role != nil }

// Wait lets another party call the line in its talk.
func (l *Line) Wait(c Call) Pending {
	cc := l.town.lineCountry(l)
	if _, err := c.check(cc); err != nil {
		return refused(err)
	}
	r, err := l.town.studio(cc).prepare(c.Party)
	if err != nil {
		return refused(err)
	}
	w := waiting{role: r, who: caller{number: c.Number, name: c.Name, withheld: c.Withheld, at: l.town.cfg.Now(), spoilt: c.BadChecksum}}
	sound := append(render(sasMS, [2]float64{sasHz, alertLevel}), make([]int16, 50*samplesPerMS)...)
	sound = append(sound, alerting(casMS).sound...)
	w.tape, w.alert = tape{samples: sound}, framesOf(sound)
	return l.town.ask(func() error {
		if l.phase != phaseTalking || l.waiting.here() || l.recall.active {
			return wrong("no_call", "line %s does not talk with one party: it is %s", l.name, l.phase)
		}
		l.waiting = w
		return nil
	})
}

// alertWaiting is its step; it tells whether the far end is muted meanwhile.
func (l *Line) alertWaiting(digit byte) (muted bool) {
	w := &l.waiting
	if !w.here() {
		return false
	}
	w.since++
	if w.since > waitingMost {
		*w = waiting{}
		return false
	}
	if !w.ack && (digit == 'D' || digit == 'A') && w.since > w.alert && w.since <= w.alert+ackWithin {
		w.ack = true
		w.tape = tape{samples: append(make([]int16, afterAck*rate/framesPerSecond), modulate(w.who.message(), l.country.fsk, 0, waitingMark)...)}
	}
	if !w.tape.playing() {
		w.sent = w.ack
		return !w.ack && w.since <= w.alert+ackWithin
	}
	w.tape.next(&l.out)
	return true
}
