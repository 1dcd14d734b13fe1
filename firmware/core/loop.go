package core

import (
	"fmt"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// echoMax bounds what one input may make the reactors say. A power cut with
// every leg of the box in use says about 500 facts; a thousand is an endless
// echo between two reactors, which is our mistake and not the world's.
const echoMax = 1000

// Timed is a reactor with due times in its state. Due is the earliest, 0 none.
// The core asks for the wakes: no reactor can forget to, and one that was lost is
// asked for again with the next event.
type Timed interface{ Due() int64 }

// Part is a reactor under the name of its feature; commands reach it by that.
type Part struct {
	Name    string
	Reactor Reactor
}

// Core steps its parts. It is not safe for concurrent use: one loop owns it.
type Core struct {
	parts  []Part
	number uint64 // highest used for a call, a leg or a play
	asked  int64  // the wake that is on its way, 0 none

	now    Time
	said   []event.Event // of this step, input first
	next   int           // of said: the first not yet reacted to
	orders []order.Order
}

// New makes a core of parts in their fixed order: the book of calls first, since
// the others read it.
func New(parts ...Part) *Core { return &Core{parts: parts} }

// Number gives a number for something new, never given before. The shell takes
// one for a leg just before it steps its LegOffered; reactors use Out.Number.
//
// The counter is not kept apart: it is the highest number that any fact brought
// into being, so the journal alone restores it. A number that reached no fact (a
// tone that was played) may come again after a restart, when nothing knows it.
func (c *Core) Number() uint64 { c.number++; return c.number }

// Part finds a reactor by the name of its feature, nil if there is none.
func (c *Core) Part(name string) Reactor {
	for _, p := range c.parts {
		if p.Name == name {
			return p.Reactor
		}
	}
	return nil
}

// Step takes one fact and returns what is to be done and what is to be written
// down, in order: the fact itself unless it is passing (event.Passing), then what
// the reactors said. Both are the caller's.
func (c *Core) Step(now Time, e event.Event) ([]order.Order, []event.Event) {
	c.begin(now)
	out := &Out{c}
	if c.asked != 0 && c.asked <= now.At {
		c.asked = 0
	}
	if event.Passing(e) {
		c.react(e, out)
	} else {
		out.Say(e)
	}
	c.settle(out)
	return c.end()
}

// Command gives a person's wish to the feature that takes it. A refusal changes
// nothing and leaves nothing to write down.
func (c *Core) Command(now Time, who id.Person, feature string, cmd Command) ([]order.Order, []event.Event, error) {
	d, ok := c.Part(feature).(Decider)
	if !ok {
		return nil, nil, Refuse("unknown-command", feature)
	}
	c.begin(now)
	out := &Out{c}
	if err := d.Decide(now, who, cmd, out); err != nil {
		if len(c.said) > 0 || len(c.orders) > 0 {
			panic(fmt.Sprintf("core: %s refused %T after it had spoken", feature, cmd))
		}
		return nil, nil, err
	}
	c.settle(out)
	orders, said := c.end()
	return orders, said, nil
}

// Replay remembers one fact of the journal and decides nothing. Follow the last
// one with a Step of event.BoxStarted.
func (c *Core) Replay(now Time, e event.Event) { c.apply(now, e) }

func (c *Core) begin(now Time) {
	if now.At < c.now.At {
		now.At = c.now.At // the loop's clock never goes back
	}
	c.now, c.said, c.next, c.orders = now, nil, 0, nil
}

func (c *Core) apply(now Time, e event.Event) {
	c.number = max(c.number, event.Highest(e))
	if now.At > c.now.At {
		c.now.At = now.At
	}
	for _, p := range c.parts {
		p.Reactor.Apply(now, e)
	}
}

func (c *Core) react(e event.Event, out *Out) {
	for _, p := range c.parts {
		p.Reactor.React(c.now, e, out)
	}
}

// settle lets everybody react to everything said, until nobody has more to say.
func (c *Core) settle(out *Out) {
	for ; c.next < len(c.said); c.next++ {
		if c.next > echoMax {
			panic(fmt.Sprintf("core: endless echo: %s after %s", c.said[c.next].Kind(), c.said[c.next-1].Kind()))
		}
		c.react(c.said[c.next], out)
	}
}

// end asks for a wake at the earliest due time, if none comes before it.
func (c *Core) end() ([]order.Order, []event.Event) {
	due := c.Due()
	if at := max(due, c.now.At+1); due != 0 && (c.asked == 0 || at < c.asked) {
		c.asked = at
		c.orders = append(c.orders, order.Wake{At: c.asked})
	}
	orders, said := c.orders, c.said
	c.said, c.orders = nil, nil
	return orders, said
}

// Due is the earliest due time of all parts, 0 none.
func (c *Core) Due() int64 {
	first := int64(0)
	for _, p := range c.parts {
		if t, ok := p.Reactor.(Timed); ok {
			first = Sooner(first, t.Due())
		}
	}
	return first
}

// Sooner is the earlier of two due times, where 0 is none.
func Sooner(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
