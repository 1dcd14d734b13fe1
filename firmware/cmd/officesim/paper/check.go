package paper

import (
	"fmt"

	"centralita/firmware/call"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// Checker holds what a box says against the invariants, from the facts alone and
// not from the box's own book, so that a wrong book is found too.
type Checker struct {
	legs    map[id.Leg]*legSeen
	calls   map[id.Call]*callSeen
	order   map[id.Queue][]id.Call // waiting, by entry
	agents  map[id.Agent]*event.AgentChanged
	highest uint64
	running map[id.Call]bool // recordings
	ears    ears

	Began, Ended, Connected, Offered, Answered, Abandoned, Emergencies, Seized, Recorded int
}

type legSeen struct {
	call id.Call
	port id.Port
	hung bool
}

type callSeen struct {
	began     *event.CallBegan
	where     id.Destination
	connected bool
	talked    bool // was connected at some time
	joined    id.Call
	queue     id.Queue
	presented id.Agent
	recording string
	emergency bool
	dials     int // legs that the box made for it
}

// Check takes one step.
func (k *Checker) Check(b *Box, said []event.Event, orders []order.Order) error {
	if k.legs == nil {
		k.legs, k.calls = map[id.Leg]*legSeen{}, map[id.Call]*callSeen{}
		k.order, k.agents = map[id.Queue][]id.Call{}, map[id.Agent]*event.AgentChanged{}
		k.ears = ears{map[[2]id.Leg]bool{}, map[id.Leg]string{}, map[id.Leg]bool{}}
	}
	for _, e := range said {
		if err := k.fact(b, e); err != nil {
			return fmt.Errorf("%s: %w", Sentence(e), err)
		}
	}
	if err := k.tapes(orders); err != nil {
		return err
	}
	for _, o := range orders {
		if h, ok := o.(order.Hangup); ok {
			if !leg.Cause(h.Cause).Known() {
				return fmt.Errorf("%s: not a known cause", Sentence(o))
			}
			if l := k.legs[h.Leg]; l != nil {
				l.hung = true
			}
		}
	}
	k.hear(orders)
	return k.state(b)
}

// tapes: I7, a recording is begun by order and stopped with its call.
func (k *Checker) tapes(orders []order.Order) error {
	for _, o := range orders {
		switch o := o.(type) {
		case order.Record:
			if k.running == nil {
				k.running = map[id.Call]bool{}
			}
			k.running[o.Call] = true
		case order.StopRecord:
			delete(k.running, o.Call)
		}
	}
	for c := range k.running {
		if k.calls[c] == nil {
			return fmt.Errorf("I7: call %d has ended, its recording goes on", c)
		}
	}
	return nil
}

func (k *Checker) fact(b *Box, e event.Event) error {
	switch e := e.(type) {
	case *event.BoxStarted:
		clear(k.legs)
		k.ears = ears{map[[2]id.Leg]bool{}, map[id.Leg]string{}, map[id.Leg]bool{}}
	case *event.LegOffered:
		if k.legs[e.Leg] != nil {
			return nil // a doubled report; the box ignores it
		}
		k.legs[e.Leg] = &legSeen{port: e.Port}
		return k.number(uint64(e.Leg))
	case *event.LegBegan:
		k.legs[e.Leg] = &legSeen{call: e.Call, port: e.Port}
		if c := k.calls[e.Call]; c == nil {
			return fmt.Errorf("for a call that is not open")
		} else if c.began.Leg == e.Leg {
			return nil
		} else {
			c.dials++
		}
		return k.number(uint64(e.Leg))
	case *event.LegEnded:
		delete(k.legs, e.Leg)
		k.deaf(e.Leg)
	default:
		return k.callFact(b, e)
	}
	return nil
}

// number: what is new has a number never used before.
func (k *Checker) number(n uint64) error {
	if n <= k.highest {
		return fmt.Errorf("number %d was used before", n)
	}
	k.highest = n
	return nil
}

func (k *Checker) callFact(b *Box, e event.Event) error {
	switch e := e.(type) {
	case *event.CallBegan:
		k.Began++
		if k.calls[e.Call] != nil {
			return fmt.Errorf("began twice")
		}
		k.calls[e.Call] = &callSeen{began: e}
		if l := k.legs[e.Leg]; l != nil {
			l.call = e.Call
		}
		return k.number(max(uint64(e.Call), k.highest+1))
	case *event.CallRouted:
		c := k.calls[e.Call]
		if c == nil {
			return fmt.Errorf("a call that is not open")
		}
		if c.where, c.emergency = e.To, c.emergency || e.Emergency; e.Emergency {
			k.Emergencies++
		}
	case *event.CallConnected:
		return k.connected(e)
	case *event.LineSeized:
		k.Seized++
		if v := k.calls[e.From]; v == nil || v.emergency {
			return fmt.Errorf("the port is not a lesser call's")
		}
	case *event.RecordingBegan:
		if c := k.calls[e.Call]; c == nil || !c.connected || c.recording != "" {
			return fmt.Errorf("no talk to record, or recorded already")
		}
		k.calls[e.Call].recording = e.File
		k.Recorded++
	case *event.CallEnded:
		return k.ended(e)
	case *event.AgentChanged:
		k.agents[e.Agent] = e
	case *event.CallHeld, *event.CallResumed, *event.ConferenceBegan, *event.ConferenceEnded, *event.KeyAwaited, *event.CallTransferred:
		return k.deskFact(e)
	default:
		return k.queueFact(b, e)
	}
	return nil
}

func (k *Checker) connected(e *event.CallConnected) error {
	c := k.calls[e.Call]
	if c == nil || c.connected {
		return fmt.Errorf("not open, or connected already")
	}
	if c.queue != "" {
		return fmt.Errorf("still waits in %s", c.queue)
	}
	if k.legs[e.Leg] == nil {
		return fmt.Errorf("its leg is gone")
	}
	c.connected, c.talked = true, true
	k.legs[e.Leg].call = e.Call
	delete(k.ears.asked, e.Leg)
	k.Connected++
	return nil
}

// ended: I4, a call ends once, with its durations.
func (k *Checker) ended(e *event.CallEnded) error {
	c := k.calls[e.Call]
	switch {
	case c == nil:
		return fmt.Errorf("ended twice, or never began")
	case !leg.Cause(e.Cause).Known():
		return fmt.Errorf("not a known cause")
	case e.TalkMS < 0 || e.WaitMS < 0 || !c.talked && e.TalkMS != 0:
		return fmt.Errorf("impossible durations")
	case c.emergency && e.Cause == string(leg.NoLine) && c.dials == 0 && k.lesser():
		return fmt.Errorf("I6: an emergency call found no line, and a lesser call keeps one")
	}
	k.Ended++
	k.parted(e.Call)
	if c.queue == "" {
		delete(k.calls, e.Call)
		return nil
	}
	c.began = nil // ended; CallLeft must follow in this step
	return nil
}

// lesser reports whether a call that is no emergency has a leg to the outside.
func (k *Checker) lesser() bool {
	for _, l := range k.legs {
		if c := k.calls[l.call]; l.port.Outside() && (c == nil || !c.emergency) {
			return true
		}
	}
	return false
}

// state holds between steps.
func (k *Checker) state(b *Box) error {
	open := b.Book.Calls()
	if len(open) != len(k.calls) {
		return fmt.Errorf("the book has %d calls, the facts %d", len(open), len(k.calls))
	}
	for _, c := range open {
		seen := k.calls[c.ID]
		if seen == nil || seen.where != c.Where {
			return fmt.Errorf("I2: call %d stands at %q in the book only", c.ID, c.Where)
		}
		if c.Where == "" {
			return fmt.Errorf("I2: call %d stands nowhere", c.ID)
		}
		if (c.Where.Kind() == "queue" && c.With == 0) != (seen.queue != "") {
			return fmt.Errorf("I2: call %d at %s, but waits in %q", c.ID, c.Where, seen.queue)
		}
	}
	if err := k.legsHeld(b); err != nil {
		return err
	}
	if err := k.soundHeld(b); err != nil {
		return err
	}
	return k.agentsHeld()
}

// legsHeld: I3, a leg has an open call, or was hung up; only telephones inside
// the office stay after their call. I6, an emergency call is on its way.
func (k *Checker) legsHeld(b *Box) error {
	for n, l := range k.legs {
		known := b.Book.Leg(n)
		if known == nil {
			return fmt.Errorf("I3: leg %d on %s is forgotten", n, l.port)
		}
		if k.calls[l.call] == nil && !l.hung && (known.State != call.Parked || l.port.Outside()) {
			return fmt.Errorf("I3: leg %d on %s has no call", n, l.port)
		}
	}
	for n, c := range k.calls {
		if c.emergency && !c.connected && !k.goesOut(b, n) {
			return fmt.Errorf("I6: emergency call %d is not on its way", n)
		}
	}
	return nil
}

// goesOut: dialled on a port, or waiting for one that is being freed.
func (k *Checker) goesOut(b *Box, c id.Call) bool {
	for _, l := range k.legs {
		if l.port.Outside() && (l.call == c || l.hung) {
			return true
		}
	}
	return false
}
