package analog

import (
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/media"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/dtmf"
)

// A call that waits at the exchange while the line talks (GR-30, EN 300 659-2):
// the exchange sends its alerting signal, the box answers by DTMF D and is told
// who calls. From the answer to the end of the message neither side hears the
// other, so that nobody hears the modem and nothing spoils it. What is told is
// shown with the line and traced; a recall (flash) takes the call.

const (
	lineAckFor = 60 * time.Millisecond
	// tellWithin is the exchange's patience and the longest message, 0.7 s, with
	// room: then people hear each other again, message or none.
	tellWithin = 1500 * time.Millisecond
)

// talkEar hears in a call what the exchange tells beside it.
type talkEar struct {
	line   *line
	alert  *callerid.Alert
	modems [2]*callerid.Receiver
	open   int // frames for which a message may come; the sound thread's
}

// hear implements hearer.
func (e *talkEar) hear(pcm *[media.Narrow]int16) func() {
	if e.alert.Hear(pcm) {
		e.open = int(tellWithin / (10 * time.Millisecond))
		for _, r := range e.modems {
			r.Reset()
		}
		return e.line.waitingAlert
	}
	if e.open == 0 {
		return nil
	}
	e.open--
	for _, r := range e.modems {
		if m := r.Hear(pcm); m != nil {
			e.open = 0
			l := e.line
			return func() { l.waitingTold(m) }
		}
	}
	return nil
}

// hearWaiting listens for it in the call that begins, where the line has the
// service.
func (l *line) hearWaiting() {
	if !l.set.CallWaiting {
		return
	}
	l.port.ear.Store(&hearing{newTalkEar(l)})
}

func newTalkEar(l *line) *talkEar {
	return &talkEar{
		line: l, alert: callerid.NewAlert(),
		modems: [2]*callerid.Receiver{callerid.NewReceiver(callerid.V23), callerid.NewReceiver(callerid.Bell202)},
	}
}

// waitingAlert answers the exchange.
func (l *line) waitingAlert() {
	if l.state != talking || l.port.muted.Load() {
		return
	}
	plan := l.port.bank.plan.Load()
	ack, err := dtmf.NewMaker("D", dtmf.Style{Low: plan.DTMFLow, High: plan.DTMFHigh, On: lineAckFor, Off: digitOff, Comma: digitComma})
	if err != nil {
		l.port.tell(l.port.leg, leg.Report{Kind: leg.Trouble, Text: err.Error()})
		return
	}
	l.port.muted.Store(true)
	l.port.say.Store(&sending{src: ack})
	l.tellLimit = time.Now().Add(tellWithin)
	l.port.wake(l.tellLimit)
}

// waitingTold takes the message.
func (l *line) waitingTold(m *callerid.Message) {
	if l.state != talking || l.tellLimit.IsZero() {
		return
	}
	l.listenOn()
	who := m.Number
	if who == "" {
		who = "?"
	}
	text := "another call waits: " + who
	if m.Name != "" {
		text += " " + m.Name
	}
	l.port.tell(l.port.leg, leg.Report{Kind: leg.Trouble, Text: text})
	l.waits = true
	l.port.health("ready", "⏳ "+who)
}

// listenOn lets both sides hear each other again.
func (l *line) listenOn() {
	l.tellLimit = time.Time{}
	l.port.muted.Store(false)
}

// waitingDue ends the silence when no message came.
func (l *line) waitingDue(now time.Time) {
	switch {
	case l.tellLimit.IsZero():
	case now.Before(l.tellLimit):
		l.port.wake(l.tellLimit)
	default:
		l.listenOn()
	}
}

// tookWaiting is a recall, by which the waiting call is taken.
func (l *line) tookWaiting() {
	if l.waits {
		l.waits = false
		l.port.health("ready", "")
	}
}

// endWaiting forgets it with the call.
func (l *line) endWaiting() {
	l.port.ear.Store(nil)
	l.listenOn()
	l.tookWaiting()
}
