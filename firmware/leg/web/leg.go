package web

import (
	"fmt"
	"sync/atomic"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
	"centralita/firmware/media"
)

// Leg is one call of a browser. Its methods leave word for its worker, one
// goroutine, and return.
type Leg struct {
	e      *Endpoint
	p      *phone
	number uint64 // by which its page names it
	port   id.Port
	sound  *rtp.Session
	wire   *wire

	orders chan func()    // ordersMax
	hangup chan leg.Cause // one: the first hangup counts
	gone   chan struct{}  // closed when the worker has ended
	speech atomic.Pointer[rtp.Speech]
	mate   atomic.Pointer[rtp.Speech] // of the end that is to be connected with it

	// the worker's own
	state     state
	call      Call
	peer      *peer
	answering bool        // the page took the call and its connection is on its way
	rung      bool        // Ringing was told
	join      *time.Timer // the connection must be up by then
	lost      *time.Timer // the browser must be back by then
	caller    leg.Caller  // of a leg that rings
	link      link        // agreed with the browser last
	opus      bool        // is spoken: only another far end hears it
	settled   bool        // what is spoken is no more the far end's choice
	turning   *time.Timer // the browser must speak as it was asked by then
}

// ordersMax: what the loop may ask before the worker looks, and the states of a
// connection or two.
const ordersMax = 32

// state is where a leg's life is; see doc.go.
type state uint8

const (
	idle state = iota
	ringing
	offered
	up
	ended
)

var (
	_ leg.Relayer = (*Leg)(nil)
	_ rtp.Mate    = (*Leg)(nil)
)

// newLeg starts a leg of a phone, under the phone's mutex.
func (e *Endpoint) newLeg(p *phone, s state) (*Leg, error) {
	l := &Leg{
		e: e, p: p, port: p.user.Port, state: s, wire: newWire(e.pump.nudge),
		orders: make(chan func(), ordersMax), hangup: make(chan leg.Cause, 1), gone: make(chan struct{}),
	}
	var err error
	if l.sound, err = rtp.New(l.wire.ports(e.cfg.Beat), rtp.Options{}); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over {
		l.sound.Close()
		return nil, ErrStation
	}
	e.number++
	l.number = e.number
	l.call = Call{Leg: l.number, Media: "none"}
	l.join, l.lost, l.turning = stopped(), stopped(), stopped()
	e.work.Add(1)
	go l.work()
	return l, nil
}

func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// Can is the same for every browser.
func (l *Leg) Can() leg.Can {
	return leg.Can{Name: true, Supervision: true, EarlySound: true, DTMFOutBand: true}
}

// Rate is that of G.711.
func (l *Leg) Rate() media.Rate { return l.sound.Rate() }

// Read is what the person says.
func (l *Leg) Read(tick uint64, f *media.Frame) bool { return l.sound.Read(tick, f) }

// Write is what the person hears.
func (l *Leg) Write(tick uint64, f *media.Frame) { l.sound.Write(tick, f) }

// Modem implements leg.Modem.
func (l *Leg) Modem() bool { return l.sound.Modem() }

// Quality implements leg.Measurer.
func (l *Leg) Quality() (event.Quality, bool) { return l.sound.Quality() }

// Counts is how its sound went, during the call and after it.
func (l *Leg) Counts() rtp.Counts { return l.sound.Counts() }

// Ring has the page ring.
func (l *Leg) Ring(c leg.Caller) {
	l.do(func() {
		if l.state != idle {
			return
		}
		l.state, l.caller, l.call.State, l.call.Caller = ringing, c, "ringing", shown(c)
		l.show()
		l.seen()
	})
}

// Progress tells the page that it rings at the far end, or that it is heard there.
func (l *Leg) Progress(sound bool) {
	l.do(func() {
		if l.state == offered {
			l.call.Rings, l.call.Early = true, l.call.Early || sound
			if sound {
				l.suit()
			}
			l.show()
		}
	})
}

// Answer tells the page that its call is taken.
func (l *Leg) Answer() {
	l.do(func() {
		if l.state == offered {
			l.suit()
			l.answered()
		}
	})
}

// Send says digits to the browser, which makes tones of them.
func (l *Leg) Send(digits string) {
	l.do(func() {
		if l.state == up {
			l.sound.Send(digits)
		}
	})
}

// Flash does nothing: Can says so.
func (l *Leg) Flash() {}

// Hangup ends the leg.
func (l *Leg) Hangup(c leg.Cause) {
	select {
	case l.hangup <- c:
	default: // asked before
	}
}

// Waiting implements leg.Waiter: the page shows who else calls.
func (l *Leg) Waiting(c leg.Caller) {
	l.do(func() {
		who := shown(c)
		l.p.change(func(n *News) { n.Waiting = &who })
	})
}

// WaitingOver implements leg.Waiter.
func (l *Leg) WaitingOver() {
	l.do(func() { l.p.change(func(n *News) { n.Waiting = nil }) })
}

func shown(c leg.Caller) Caller {
	return Caller{From: c.Number, Name: c.Name, Pattern: string(c.Pattern), Absent: string(c.Absent), Auto: c.Auto}
}

// do leaves an order; it never waits.
func (l *Leg) do(f func()) {
	select {
	case l.orders <- f:
	default:
		l.e.log.Warn("web: leg does not follow its orders", "port", l.port)
	}
}

// ask has the worker do something and waits for it.
func (l *Leg) ask(f func() error) error {
	done := make(chan error, 1)
	select {
	case l.orders <- func() { done <- f() }:
	case <-l.gone:
		return ErrNoCall
	}
	select {
	case err := <-done:
		return err
	case <-l.gone:
	}
	select {
	case err := <-done: // it was done, and the leg ended right behind it
		return err
	default:
		return ErrNoCall
	}
}
