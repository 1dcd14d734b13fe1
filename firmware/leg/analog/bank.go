package analog

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/line/levels"
	"centralita/firmware/media"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/tone"
	"centralita/hal"
)

// inboxMax bounds what waits for the bank: 15 sockets, each with a burst of hook
// events, a handful of orders and facts. A full inbox makes drivers wait and
// drops facts of the sound thread (they come again).
const inboxMax = 1024

// Options are what a Bank is made of.
type Options struct {
	Highway hal.Highway
	FXS     []hal.FXS
	FXO     []hal.FXO
	Told    leg.Told          // reports of every leg; the first of an offered leg is its Offered
	Health  Health            // state of sockets
	Fact    func(event.Event) // what guided tests find; nil for nobody
}

// Health tells that a socket changed its state of health, with a text for the
// technician: "ready", "fault" or the word of a hal.Reason; of a line also
// "no-battery" and "busy-elsewhere"; of a handset "off-hook" (left so) and
// "overload" (more bells than it can ring, the text is how many).
type Health func(port id.Port, state, text string)

// Settings are what an office sets for analog sockets; they can change at any
// time and take effect with the next call.
type Settings struct {
	Country string // ISO 3166
	Lines   map[id.Port]Line
	Gains   map[id.Port]Gain
	Echo    map[id.Port]Echo // of lines and handsets; suppressed where nothing is set

	Handsets map[id.Port]Handset
	Ringing  map[leg.Pattern]string // a name of Cadences; what is missing rings by custom
	Zone     *time.Location         // of the time that telephones show; nil is UTC
}

// Bank is all analog sockets of the box.
type Bank struct {
	opt   Options
	ports map[id.Port]*port
	order []*port // by slot, for the tick
	inbox chan item
	plan  atomic.Pointer[tone.Country] // read by the switchboard too, when it asks for ears
	fsk   callerid.Modem

	guided atomic.Pointer[guided]       // the guided test that runs, nil none
	lab    atomic.Pointer[media.Engine] // its sound
	level  levels.Plan
	gains  map[id.Port]Gain

	// frames of sound since the start: a clock that stands still with the wires of a
	// simulated board on a busy machine, and never drifts from those of a real one.
	frames atomic.Uint64

	// Of the handsets, the bank's goroutine's.
	hands   map[id.Port]Handset
	ringing map[leg.Pattern]string
	zone    *time.Location

	// The sound thread's: what was captured, what goes out next, what went out of which
	// no echo was captured yet, and what went out whose echo is in in.
	in, out   hal.Frame
	gone      [hal.AheadMax]hal.Frame
	played    hal.Frame
	realigned uint64 // starts of the highway's streams that are known
}

// item is one thing for the bank to look at.
type item struct {
	port  *port
	event hal.Event     // Kind != 0: of the driver
	at    time.Duration // of event, by the sound clock
	do    func()        // a wish of the switchboard
	sent  *sending      // has come to its end
	ack   bool          // a telephone answered the alert
	tone  *excerpt      // of the sound thread, to be measured
	set   *Settings
}

// New makes a bank of the sockets given; two sockets of one name or slot are a
// mistake of the board and panic.
func New(o Options) *Bank {
	b := &Bank{opt: o, ports: map[id.Port]*port{}, inbox: make(chan item, inboxMax)}
	for _, f := range o.FXS {
		p := b.add(f.Name(), f.Slot())
		p.hand = &handset{port: p, fxs: f}
	}
	for _, f := range o.FXO {
		p := b.add(f.Name(), f.Slot())
		p.line = &line{port: p, fxo: f}
		p.memory = &memory{}
		p.line.matched = f.Balances()[0]
	}
	b.apply(&Settings{Country: "ES"})
	return b
}

func (b *Bank) add(name string, slot int) *port {
	p := &port{bank: b, name: id.Port(name), slot: slot, in: &b.in[slot], out: &b.out[slot], played: &b.played[slot]}
	p.hybrid.make()
	if b.ports[p.name] != nil {
		panic("analog: two sockets named " + name)
	}
	b.ports[p.name] = p
	b.order = append(b.order, p)
	return p
}

// Event takes what a driver tells; it waits while the inbox is full, since a
// lost hook event would be a lost call.
func (b *Bank) Event(e hal.Event) {
	if p := b.ports[id.Port(e.Port)]; p != nil {
		b.inbox <- item{port: p, event: e, at: time.Duration(b.frames.Load())*media.Period - time.Since(e.At)}
	}
}

// Configure takes new settings.
func (b *Bank) Configure(s Settings) { b.inbox <- item{set: &s} }

func (b *Bank) apply(s *Settings) {
	plan, _ := tone.Plan(s.Country)
	b.plan.Store(plan)
	b.fsk = callerid.V23
	if c := plan.Code; c == "US" || c == "CA" || c == "MX" || c == "CO" {
		b.fsk = callerid.Bell202
	}
	b.level, b.gains = levels.Of(plan.Code), s.Gains
	b.hands, b.ringing, b.zone = s.Handsets, s.Ringing, s.Zone
	for _, p := range b.order {
		p.level()
		p.hybrid.wanted.Store(uint32(s.Echo[p.name]))
		if p.hand != nil {
			p.hand.configure()
			p.hand.mindAnew()
			p.hand.rewake()
		}
		if p.line != nil {
			p.line.set = s.Lines[p.name]
			p.line.replan()
			p.line.reverses.Store(p.line.set.Polarity)
			p.line.silence.Store(int64(p.line.set.Silence))
			if p.line.state == idle {
				p.line.listen()
			}
		}
	}
}

// clock is the wall clock as telephones show it.
func (b *Bank) clock() time.Time {
	if b.zone == nil {
		return time.Now().UTC()
	}
	return time.Now().In(b.zone)
}

// Status is a snapshot of one socket's chip.
func (b *Bank) Status(name id.Port) (hal.Status, bool) {
	p := b.ports[name]
	switch {
	case p == nil:
		return hal.Status{}, false
	case p.hand != nil:
		return p.hand.fxs.Status(), true
	}
	return p.line.fxo.Status(), true
}

// Serve decides until ctx ends; then every leg is hung up.
func (b *Bank) Serve(ctx context.Context) error {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		next := b.nextDue()
		if next.IsZero() {
			timer.Reset(time.Hour)
		} else {
			timer.Reset(time.Until(next))
		}
		select {
		case <-ctx.Done():
			b.hangupAll()
			return ctx.Err()
		case it := <-b.inbox:
			b.take(it)
		case <-timer.C:
			b.due(time.Now())
		}
	}
}

func (b *Bank) String() string { return "analog bank" }

func (b *Bank) take(it item) {
	switch {
	case it.set != nil:
		b.apply(it.set)
	case it.do != nil:
		it.do()
	case it.event.Kind != 0:
		it.port.event(it.event, it.at)
	case it.tone != nil:
		it.port.line.measured(it.tone)
	case it.sent != nil:
		it.port.sent(it.sent)
	case it.ack:
		it.port.hand.acked()
	}
	if it.port != nil && it.port.hand != nil {
		it.port.hand.rewake()
	}
}

// nextDue is the earliest due time of any socket, zero for none.
func (b *Bank) nextDue() (next time.Time) {
	for _, p := range b.order {
		if !p.dueAt.IsZero() && (next.IsZero() || p.dueAt.Before(next)) {
			next = p.dueAt
		}
	}
	if g := b.guided.Load(); g != nil && (next.IsZero() || g.next.Before(next)) {
		next = g.next
	}
	return next
}

func (b *Bank) due(now time.Time) {
	if g := b.guided.Load(); g != nil && !now.Before(g.next) {
		g.look(now)
	}
	for _, p := range b.order {
		if p.dueAt.IsZero() || p.dueAt.After(now) {
			continue
		}
		p.dueAt = time.Time{}
		if p.line != nil {
			p.line.due(now)
		} else {
			p.hand.due(now)
		}
	}
}

// HangUpAll ends every call at the sockets, soon: their power is going.
func (b *Bank) HangUpAll() {
	select {
	case b.inbox <- item{do: b.hangupAll}:
	default: // it does not get to anything any more
	}
}

func (b *Bank) hangupAll() {
	for _, p := range b.order {
		if p.leg == nil {
			continue
		}
		p.hangup(leg.BoxStopped)
	}
}

// Make implements leg.Maker for sockets: "fxs1", "fxo3". It is asked by the
// switchboard's goroutine and answers from what the bank published last, so a
// socket that is taken in the same moment ends its leg as busy instead.
func (b *Bank) Make(name id.Port) (leg.Leg, *leg.Refused) {
	p := b.ports[name]
	if p == nil {
		return nil, &leg.Refused{Cause: leg.OutOfOrder, Why: fmt.Sprintf("analog: no socket %q", name)}
	}
	if st, _ := b.Status(name); !st.Ready {
		return nil, &leg.Refused{Cause: leg.OutOfOrder, Why: fmt.Sprintf("analog: %s: %s", name, st.Fault)}
	}
	if p.taken.Load() && !p.tried.Load() {
		return nil, &leg.Refused{Cause: leg.Busy, Why: fmt.Sprintf("analog: %s is taken", name)}
	}
	return &end{port: p, out: true}, nil
}

// Clock waits for the next frame of the highway: the media engine's clock. After
// it every socket's sound is at hand for the tick.
func (b *Bank) Clock() error {
	err := b.opt.Highway.Exchange(&b.in, &b.out)
	if err != nil {
		b.in = hal.Frame{}
		err = fmt.Errorf("analog: highway: %w", err)
	}
	b.realign()
	// The highway keeps frames ahead: what goes out now is on the wires, and its echo
	// captured, so many exchanges later.
	at := b.frames.Load() % uint64(b.opt.Highway.Ahead())
	b.played, b.gone[at], b.out = b.gone[at], b.out, hal.Frame{}
	b.frames.Add(1)
	for _, p := range b.order {
		p.tick()
	}
	if lab := b.lab.Load(); lab != nil {
		lab.Tick()
	}
	return err
}

// realign forgets what was on its way and what every canceller has learnt when the
// highway had to begin anew: the echo comes sooner or later than before.
func (b *Bank) realign() {
	now := b.opt.Highway.Counters().Realigned
	if now == b.realigned {
		return
	}
	b.realigned, b.gone = now, [hal.AheadMax]hal.Frame{}
	for _, p := range b.order {
		p.hybrid.known = nil
	}
}

// ErrInbox is why a wish of the switchboard was not taken: the bank is stuck.
var ErrInbox = errors.New("analog: inbox full")
