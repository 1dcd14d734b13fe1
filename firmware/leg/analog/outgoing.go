package analog

import (
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
	if l.state == clearing {
		l.later = c
		return
	}
	l.dial, l.isRinging, l.ringbackGone = c.To, false, time.Time{}
	l.port.listening.Store(false)
	if err := l.fxo.OffHook(); err != nil {
		l.enter(seizing)
		l.hangupBecause(leg.OutOfOrder, err.Error())
		return
	}
	l.enter(seizing)
	l.wait(settleLimit)
}

func (l *line) dialNow() {
	l.enter(dialling)
	l.port.sayDigits(l.dial, func() {
		if l.state != dialling {
			return
		}
		l.enter(proceeding)
		l.wait(answerAssumed)
		l.port.tell(l.port.leg, leg.Report{Kind: leg.EarlySound})
	})
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
	return witness.Ears(e.port.bank.plan.Load())
}

// Heard implements leg.Listener.
func (e *end) Heard(h media.Heard) {
	e.ask(func() {
		l := e.port.line
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
			if l.state == proceeding {
				l.answered(leg.ByVoice, 85)
			}
		}
	})
}

// tone is a call-progress tone that is certain.
func (l *line) tone(s tone.Signal) {
	switch l.state {
	case waiting:
		if s == tone.Dial || s == tone.Stutter {
			l.dialNow()
		}
	case proceeding:
		switch s {
		case tone.Ringback:
			l.ringbackGone = time.Time{}
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
