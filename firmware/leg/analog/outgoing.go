package analog

import (
	"math"
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/leg/analog/witness"
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// Times of an outgoing call. A line without a dial tone is dialled all the same:
// many private exchanges give none.
const (
	dialToneWait  = 3 * time.Second
	answerAssumed = 45 * time.Second       // no ringback, no voice, no busy: somebody listens in silence
	voiceAfter    = 400 * time.Millisecond // after ringback stopped: whoever took the call speaks, or the box takes it as answered
)

// seize takes the line to call c.To, after the pause of the call before.
func (l *line) seize(c leg.Caller) {
	l.later = c
	switch {
	case l.state == clearing:
		return
	case l.used:
		l.stand()
		return
	case l.announced(time.Now()):
		l.enter(seizing)
		l.glared()
		return
	}
	l.dial, l.called, l.isRinging, l.ringbackGone, l.second = l.set.dialled(c.To), c.To, false, time.Time{}, false
	l.voiceAt = time.Time{}
	l.resting = math.Abs(l.fxo.Status().Volts)
	if err := l.fxo.Seize(); err != nil {
		l.enter(seizing)
		l.hangupBecause(leg.OutOfOrder, err.Error())
		return
	}
	l.enter(seizing)
	l.wait(settleLimit)
}

func (l *line) answered(by leg.By, sure uint8) {
	l.enter(talking)
	l.watchOut()
	l.port.tell(l.port.leg, leg.Report{Kind: leg.Answered, By: by, Sure: sure})
}

// Ears implements leg.Listener: a line is listened to for the exchange's tones
// and for people.
func (e *end) Ears() []media.Ear {
	if e.port.line == nil {
		return nil
	}
	return witness.Ears(e.port.line.plan())
}

// Heard implements leg.Listener.
func (e *end) Heard(h media.Heard) {
	if e.port.line == nil {
		return // a telephone gives no signs
	}
	e.ask(func() {
		l := e.port.line
		l.noteTone(h)
		if h.Kind == media.ToneBegan && l.recalls(time.Now()) {
			return
		}
		l.heardSign(h)
		switch h.Kind {
		case media.ToneBegan:
			l.tone(tone.Signal(h.Value))
		case media.ToneEnded:
			if l.state == proceeding && tone.Signal(h.Value) == tone.Ringback {
				l.ringbackGone = time.Now()
				l.wait(voiceAfter)
			}
		case media.VoiceStarted:
			l.voiced()
		}
	})
}

// tone is a call-progress tone that is certain.
func (l *line) tone(s tone.Signal) {
	switch l.state {
	case waiting:
		l.dialToneHeard(s)
	case caught:
		if s.Hangup() {
			l.port.end(leg.Cancelled, s.String()+" tone")
		}
	case proceeding:
		switch s {
		case tone.Ringback:
			l.ringbackGone, l.voiceAt = time.Time{}, time.Time{}
			if !l.isRinging {
				l.isRinging = true
				l.port.tell(l.port.leg, leg.Report{Kind: leg.Ringing})
			}
		case tone.Busy:
			l.hangupBecause(leg.Busy, "busy tone")
		case tone.Congestion:
			l.hangupBecause(leg.Congestion, "congestion tone")
		case tone.SIT:
			l.hangupBecause(leg.UnknownNumber, "special information tone")
		}
	}
}
