package analog

import (
	"sync/atomic"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media"
	"centralita/firmware/media/dtmf"
	"centralita/hal"
)

// port is one socket: what the two kinds have in common.
type port struct {
	bank *Bank
	name id.Port
	slot int
	hand *handset // one of the two
	line *line

	leg   *end        // the call at this socket, nil none
	taken atomic.Bool // published for Make: a call, a lifted handset, a ringing line
	dueAt time.Time

	gains    [2]float64      // of the chip: play, capture, in dB
	tuned    int             // dB that a guided test adds to what comes in
	tried    atomic.Bool     // taken by a guided test, which yields to calls
	talking  atomic.Bool     // the running call was answered
	keys     string          // of the running call that wait to be said
	keying   *sending        // of those before them, nil none
	readings []event.Reading // of the running call, for the line's profile
	capture  float64         // dB that the chip gives to what it captures

	// The sound thread's, with what it shares.
	in, out *[hal.FrameSamples]int16
	played  *[hal.FrameSamples]int16 // whose echo is in in
	hybrid  hybrid
	meter   atomic.Pointer[meter] // of a guided test
	watch   atomic.Pointer[Watch] // somebody looks at the levels, nil nobody
	ground  ground
	memory  *memory // of a line
	say     atomic.Pointer[sending]
	ear     atomic.Pointer[hearing] // beside the call's own, nil none
	busyOut bool                    // something of our own goes out in this tick
	loud    atomic.Int64            // frames of ours with a sound in them
	toPair  atomic.Int32            // a media.Gain: see raise
	muted   atomic.Bool             // neither side hears the other
	ack     atomic.Pointer[ackEar]
	modem   atomic.Bool // a fax or modem was heard in this call
}

// Digits are dialled slower than the 40 ms that Q.24 makes receivers take: old
// exchanges want it.
const (
	digitOn    = 90 * time.Millisecond
	digitOff   = 90 * time.Millisecond
	digitComma = 2 * time.Second
)

// sending is sound of the socket's own: digits, caller ID, a tone for a handset
// that was left off-hook. It takes the place of what the leg is to hear.
type sending struct {
	src    interface{ Fill(pcm []int16) int }
	then   func() // in the bank's goroutine, when it has come to its end
	middle bool   // its level is that of the box's middle, as a tone's; else of the pair
}

// tick runs in the sound thread before the engine's tick.
func (p *port) tick() {
	if ear := p.ear.Load(); ear != nil {
		if do := ear.hear((*[media.Narrow]int16)(p.in)); do != nil {
			p.note(item{port: p, do: do})
		}
	}
	raw := *p.in
	p.modem.Store(p.hybrid.cancel(p.played, p.in))
	p.hearBeside(&raw)
	if w := p.watch.Load(); w != nil {
		w.hear(p.played, &raw)
	}
	if a := p.ack.Load(); a != nil && a.hear(p.in) {
		p.note(item{port: p, ack: true})
	}
	s := p.say.Load()
	p.busyOut = s != nil || p.muted.Load()
	if s == nil {
		return
	}
	n := s.src.Fill(p.out[:])
	if !s.middle {
		raise(p.out[:n], media.Gain(p.toPair.Load()))
	}
	if n < len(p.out) {
		clear(p.out[n:])
		p.say.CompareAndSwap(s, nil)
		p.note(item{port: p, sent: s})
	}
}

// note is for the sound thread, which never waits: what finds no room is lost
// and, for everything noted here, made up for by a due time.
func (p *port) note(it item) {
	select {
	case p.bank.inbox <- it:
	default:
	}
}

func (p *port) sent(s *sending) {
	if s.then != nil {
		s.then()
	}
}

// sayDigits dials in the line; then runs when the last tone is over. Characters
// that no telephone has are refused with a remark and then runs at once.
func (p *port) sayDigits(digits string, then func()) {
	plan := p.bank.plan.Load()
	maker, err := dtmf.NewMaker(digits, dtmf.Style{
		Low: plan.DTMFLow, High: plan.DTMFHigh, On: digitOn, Off: digitOff, Comma: digitComma,
	})
	if err != nil {
		p.tell(p.leg, leg.Report{Kind: leg.Trouble, Text: err.Error()})
		if then != nil {
			then()
		}
		return
	}
	p.say.Store(&sending{src: maker, then: then})
}

// sayNext says digits in a call, behind those that are still being said: a person who
// presses keys is quicker than a line is told of them. What is too much is left out.
func (p *port) sayNext(digits string) {
	if p.keys += digits; len(p.keys) > dtmf.MaxDigits {
		p.keys = p.keys[:dtmf.MaxDigits]
	}
	if p.keying != nil && p.say.Load() == p.keying {
		return
	}
	next := p.keys
	p.keys = ""
	p.sayDigits(next, func() {
		if p.keying = nil; p.keys != "" && p.leg != nil {
			p.sayNext("")
		}
	})
	p.keying = p.say.Load()
}

func (p *port) event(e hal.Event, at time.Duration) {
	switch e.Kind {
	case hal.Fault:
		p.health(faultState(e.Err), e.Err.Error())
		if p.leg != nil {
			p.end(leg.OutOfOrder, e.Err.Error())
		}
		return
	case hal.Recovered, hal.BatteryBack:
		p.health("ready", "")
		if p.hand != nil {
			p.hand.recovered()
		}
		return
	case hal.BatteryLost:
		p.health("no-battery", "no voltage from the exchange")
		if p.line != nil {
			p.line.lineCut()
		}
		return
	}
	if p.line != nil {
		p.line.event(e, at)
	} else {
		p.hand.event(e)
	}
}

// faultState is the reason of a fault where people can be told it in a word.
func faultState(err error) string {
	if r := hal.ReasonOf(err); r != "" {
		return string(r)
	}
	return "fault"
}

func (p *port) health(state, text string) {
	if p.bank.opt.Health != nil {
		p.bank.opt.Health(p.name, state, text)
	}
}

func (p *port) hangup(c leg.Cause) {
	if p.line != nil {
		p.line.hangup(c)
	} else {
		p.hand.hangup(c)
	}
}

// begin makes the leg of a call that came to the socket by itself.
func (p *port) begin() *end {
	return p.take(&end{port: p})
}

// take gives the socket to a call.
func (p *port) take(e *end) *end {
	p.leg = e
	e.live.Store(true)
	p.taken.Store(true)
	p.hybrid.call.Store(e)
	return e
}

// end reports Ended once, forgets the leg and puts the socket to rest.
func (p *port) end(c leg.Cause, text string) {
	if p.leg == nil {
		return
	}
	if p.line != nil {
		p.taken.Store(false) // before the word of it: who waits for the line takes it at once
	}
	p.close(c, text)
	if p.line != nil {
		p.line.ended()
	} else {
		p.hand.ended()
	}
}

// close reports Ended once and forgets the leg; the state of the socket is the
// caller's business.
func (p *port) close(c leg.Cause, text string) {
	l := p.leg
	if p.line != nil {
		p.line.conclude(c)
	}
	p.readGround()
	p.tellReadings()
	p.leg, p.keys = nil, ""
	l.done = true
	l.live.Store(false)
	p.talking.Store(false)
	p.hybrid.call.Store(nil)
	p.say.Store(nil)
	p.tell(l, leg.Report{Kind: leg.Ended, Cause: c, Text: text})
}

func (p *port) tell(l *end, r leg.Report) {
	r.Port = p.name
	p.readReport(l, r)
	if g := p.bank.guided.Load(); g != nil && g.takes(p, l, r) {
		return
	}
	p.bank.opt.Told(l, r)
}

// wake asks for a look at the socket's due time; the earlier one wins.
func (p *port) wake(at time.Time) {
	if p.dueAt.IsZero() || at.Before(p.dueAt) {
		p.dueAt = at
	}
}
