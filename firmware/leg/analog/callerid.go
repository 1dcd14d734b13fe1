package analog

import (
	"math"
	"time"

	"centralita/firmware/leg"
	items "centralita/firmware/line"
	"centralita/firmware/media"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/dtmf"
)

// hearer listens in the sound thread to a line outside of calls, or beside them.
// What it returns is done by the bank; nil is nothing. It allocates only then.
type hearer interface {
	hear(pcm *[media.Narrow]int16) func()
}

// hearing is a hearer in its place.
type hearing struct{ hearer }

// idleEar hears who calls on a line at rest, in whatever way its exchange tells:
// by either modem, after an alert or none, or by digits.
type idleEar struct {
	line   *line
	alert  *callerid.Alert
	modems [2]*callerid.Receiver
	marks  [2]float32 // how pure the purest 10 ms of each modem's mark were, lately
	digits *dtmf.Detector

	awake int // frames for which the line is still listened to closely
	wets  bool
	code  [callerid.MaxDigits]byte
	coded int
	torn  bool // the digits may have begun before they were heard
	quiet int  // frames since the last digit
}

// The ear sleeps on a quiet line: a frame below -52 dBm0 with nothing louder in the
// last second is passed over. Digits a second apart are not of one number.
const (
	awakeFor  = 100
	awakeMS   = 16141 * 16141 * 6.3e-6
	digitRest = 100
	digitLead = 30 // frames without a digit before a number, to have heard its begin
	// wetFrames of an alert are heard when the wetting pulse is ordered: 60 to 70 of
	// its 100 ms, so that it comes 15 to 25 ms after the alert's end.
	wetFrames = 6
	wetAfter  = 50 * time.Millisecond
	wetFor    = 20 * time.Millisecond
)

func newIdleEar(l *line, wets bool) *idleEar {
	e := &idleEar{line: l, alert: callerid.NewAlert(), digits: dtmf.NewDetector(dtmf.Line()), wets: wets}
	e.modems = [2]*callerid.Receiver{callerid.NewReceiver(callerid.V23), callerid.NewReceiver(callerid.Bell202)}
	return e
}

// hear implements hearer.
func (e *idleEar) hear(pcm *[media.Narrow]int16) func() {
	if stirs(pcm) {
		e.awake = awakeFor
	}
	if e.awake == 0 {
		e.quiet, e.marks = digitRest, [2]float32{}
		return nil
	}
	e.awake--
	l := e.line
	if e.alert.Hear(pcm) {
		return l.alerted
	}
	if e.wets && e.alert.Frames() == wetFrames {
		return l.wet
	}
	if m, name, level := e.message(pcm); m != nil {
		return func() { l.heardCaller(m, name, level) }
	}
	if got, ok := e.number(pcm); ok {
		m := got // only what was heard is allocated
		return func() { l.heardCaller(&m, "dtmf", noLevel) }
	}
	return nil
}

// message asks both modems: either understands most of what the other sends, so
// the first that does is believed, and the marks before the message give the name.
func (e *idleEar) message(pcm *[media.Narrow]int16) (m *callerid.Message, name string, level float32) {
	for i, r := range e.modems {
		e.marks[i] = max(e.marks[i], toneShare(pcm, markHz[i]))
		if got := r.Hear(pcm); got != nil && m == nil {
			m, level = got, r.Level()
		}
	}
	if m == nil {
		return nil, "", 0
	}
	name = modemNames[0]
	if e.marks[1] > e.marks[0] {
		name = modemNames[1]
	}
	for _, r := range e.modems {
		r.Reset()
	}
	e.marks = [2]float32{}
	return m, name, level
}

// The two modems: their marks are exact tenths of the 8 kHz, so that 10 ms of one
// have nothing of the other.
var (
	modemNames = [2]string{"v23", "bell202"}
	markHz     = [2]float64{1300, 1200}
)

// toneShare is which part of the power of 10 ms is of one frequency (Goertzel).
func toneShare(pcm *[media.Narrow]int16, hz float64) float32 {
	c := float32(2 * math.Cos(2*math.Pi*hz/8000))
	var s1, s2, all float32
	for _, x := range pcm {
		s1, s2 = float32(x)+c*s1-s2, s1
		all += float32(x) * float32(x)
	}
	return (s1*s1 + s2*s2 - c*s1*s2) * 2 / float32(len(pcm)) / (all + 1)
}

// stirs tells that there is a sound; it measures without the dc offset that the converter has on-hook.
func stirs(pcm *[media.Narrow]int16) bool {
	var sum, squares float32
	for _, x := range pcm {
		sum += float32(x)
		squares += float32(x) * float32(x)
	}
	mean := sum / float32(len(pcm))
	return squares/float32(len(pcm))-mean*mean > awakeMS
}

// number gathers digits until one of them ends a number. A number of which only
// the end was heard would be a wrong one.
func (e *idleEar) number(pcm *[media.Narrow]int16) (callerid.Message, bool) {
	if e.quiet++; e.quiet > digitRest {
		e.coded = 0
	}
	for _, c := range e.digits.Process(pcm[:]) {
		if c.Began && e.coded == 0 {
			e.torn = e.quiet < digitLead
		}
		e.quiet = 0
		if !c.Began {
			continue
		}
		if e.coded == len(e.code) {
			e.coded, e.torn = 0, true
		}
		e.code[e.coded] = c.Digit
		e.coded++
		if c.Digit == 'C' || c.Digit == '#' {
			m, ok := callerid.ParseDigits(string(e.code[:e.coded]))
			e.coded = 0
			return m, ok && !e.torn
		}
	}
	return callerid.Message{}, false
}

// noLevel is the level of what has none.
const noLevel = -100

// listen begins to hear who calls.
func (l *line) listen() {
	b := l.port.bank
	l.port.ear.Store(&hearing{newIdleEar(l, wetting(b.plan.Load().Code))})
}

// alerted is the end of an alerting signal on the line at rest.
func (l *line) alerted() {
	if l.state == idle || l.state == ringing {
		l.alertedAt = time.Now()
	}
}

// wet shows the exchange that somebody listens.
func (l *line) wet() {
	if l.state != idle || l.used {
		return
	}
	if err := l.fxo.Wet(wetAfter, wetFor); err != nil {
		l.port.health("fault", err.Error())
	}
}

// heardCaller takes a verified message; one that somebody else on the line may
// have been shown, or dialled, is none of ours.
func (l *line) heardCaller(m *callerid.Message, modem string, level float32) {
	if l.used || l.state != idle && l.state != ringing || m.Kind != callerid.Call && m.Kind != callerid.Single {
		return
	}
	l.port.read(items.CallerIDStyle, 0, modem+" "+l.moment())
	l.port.read(items.CallerIDLevel, float64(level)-l.port.capture, "")
	if l.state == ringing && l.rings == 1 {
		l.port.read(items.CallerIDDelay, float64(time.Since(l.lastRing).Milliseconds()), "")
	}
	l.callerID(m)
}

// moment is when in the call's announcement a message came.
func (l *line) moment() string {
	now := time.Now()
	switch {
	case l.state == ringing:
		return "after-ring"
	case now.Sub(l.reversedAt) < announcedFor && now.Sub(l.alertedAt) < announcedFor:
		return "reversal-alert"
	case now.Sub(l.alertedAt) < announcedFor:
		return "alert"
	case now.Sub(l.reversedAt) < announcedFor:
		return "reversal"
	}
	return "before-ring"
}

// absence is why a message has no number.
func absence(m *callerid.Message) leg.Absent {
	switch {
	case m.Number != "":
		return ""
	case m.NoNumber == callerid.Private:
		return leg.Private
	case m.NoNumber == callerid.Unavailable:
		return leg.Unavailable
	}
	return ""
}
