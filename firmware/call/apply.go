package call

import (
	"slices"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// phoneParkedMS is how long an answered SIP phone hears why its call ended: two
// bursts of every country's busy tone.
const phoneParkedMS = 3000

// handsetParkedMS is how long a handset that was left off-hook hears the tone of
// its ended call; then its socket howls (see firmware/leg/analog).
const handsetParkedMS = 60_000

// Apply remembers.
func (b *Book) Apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.BoxStarted:
		b.forget()
	case *event.SettingsCommitted:
		b.commit(e)
	case *event.PhoneChanged, *event.TrunkChanged, *event.LineChanged:
		b.applyPort(e)
	case *event.LegOffered:
		b.offered(now, e)
	case *event.LegUpdated:
		b.updated(e)
	case *event.LegBegan:
		b.begun(now, e)
	case *event.LegRinging:
		b.move(e.Leg, Ringing)
	case *event.LegEarly:
		b.move(e.Leg, Early)
	case *event.LegAnswered:
		b.move(e.Leg, Answered)
	case *event.LegDropped:
		if l := b.legs[e.Leg]; l != nil {
			l.Dropped, l.Until = true, 0
		}
	case *event.LegEnded:
		b.legEnded(e)
	default:
		b.applyCall(now, e)
	}
}

func (b *Book) applyCall(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.CallBegan:
		b.open(now, e)
	case *event.CallRouted:
		if c := b.calls[e.Call]; c != nil {
			c.route(now, e)
		}
	case *event.CallConnected:
		if c := b.calls[e.Call]; c != nil {
			b.connected(now, c, e)
		}
	case *event.CallHeld, *event.CallResumed, *event.CallTransferred, *event.CallWaits, *event.ConferenceBegan, *event.ConferenceEnded:
		b.applyDesk(now, e)
	case *event.CallForwarded:
		if c := b.calls[e.Call]; c != nil {
			c.Forwards = append(c.Forwards, Forward{e.Station, e.When})
		}
	case *event.MenuAsked:
		if c := b.calls[e.Call]; c != nil && e.Lang != "" {
			c.Lang = e.Lang
		}
	case *event.RecordingBegan:
		if c := b.calls[e.Call]; c != nil {
			c.Recording = e.File
		}
	case *event.RecordingEnded:
		if c := b.calls[e.Call]; c != nil && c.Recording == e.File {
			c.Taped = true
		}
	case *event.CallEnded:
		b.close(now, e)
	}
}

// forget drops what a new run of the program cannot have: legs, and what phones
// and lines said of themselves; they say it again. Calls stay until React ends
// them with the power cut as their cause.
func (b *Book) forget() {
	clear(b.legs)
	clear(b.ports)
	clear(b.use)
	for _, c := range b.calls {
		c.Legs = nil
	}
}

func (b *Book) offered(now core.Time, e *event.LegOffered) {
	if b.legs[e.Leg] != nil {
		return
	}
	state := Offered
	if e.Port.Kind() == "fxs" {
		state = Answered // a lifted handset is there already
	}
	b.legs[e.Leg] = &Leg{ID: e.Leg, Port: e.Port, From: e.From, Name: e.Name, Absent: e.Absent, To: e.To, State: state, Since: now.At, Replaces: e.Replaces, Refused: e.Refused, Diverted: e.Diverted}
	b.use[e.Port]++
}

func (b *Book) updated(e *event.LegUpdated) {
	l := b.legs[e.Leg]
	if l == nil {
		return
	}
	l.From, l.Name, l.Absent = e.From, e.Name, e.Absent
	if c := b.calls[l.Call]; c != nil && c.Caller == e.Leg {
		c.From, c.Name, c.Absent = e.From, e.Name, e.Absent
	}
}

func (b *Book) begun(now core.Time, e *event.LegBegan) {
	c := b.calls[e.Call]
	if c == nil || b.legs[e.Leg] != nil {
		return
	}
	b.legs[e.Leg] = &Leg{ID: e.Leg, Call: e.Call, Port: e.Port, To: e.To, State: Dialled, Since: now.At, Until: e.Until}
	b.use[e.Port]++
	c.Waiting, c.Patience = 0, 0
	if !slices.Contains(c.Legs, e.Leg) {
		c.Legs = append(c.Legs, e.Leg)
	}
}

// move takes a leg forwards only: a late ringing after the answer changes nothing.
func (b *Book) move(l id.Leg, to State) {
	leg := b.legs[l]
	if leg == nil || leg.State >= to || leg.Dropped {
		return
	}
	leg.State = to
	if to == Answered {
		leg.Until = 0
	}
}

func (b *Book) legEnded(e *event.LegEnded) {
	l := e.Leg
	leg := b.legs[l]
	if leg == nil || leg.State == Ended {
		return
	}
	leg.Cause, leg.SIP, leg.Q850 = e.Cause, e.SIP, e.Q850
	if b.use[leg.Port]--; b.use[leg.Port] == 0 {
		delete(b.use, leg.Port)
	}
	if b.calls[leg.Call] == nil && len(b.PartyTo(l)) == 0 {
		delete(b.legs, l)
		return
	}
	leg.State, leg.Until = Ended, 0 // kept until its call ends, for whoever reacts to it
}

func (b *Book) open(now core.Time, e *event.CallBegan) {
	if b.calls[e.Call] != nil {
		return
	}
	b.calls[e.Call] = &Call{
		ID: e.Call, Direction: e.Direction, From: e.From, Name: e.Name, To: e.To, Port: e.Port,
		Caller: e.Leg, BeganAt: now.At, BeganWall: now.Wall, Since: now.At, Legs: []id.Leg{e.Leg},
		Clicked: b.legs[e.Leg] == nil, talk: talk{TalkAt: -1, HoldsAt: -1},
	}
	b.order = append(b.order, e.Call)
	if l := b.legs[e.Leg]; l != nil {
		l.Call = e.Call
		b.calls[e.Call].Absent = l.Absent
	}
}

func (c *Call) route(now core.Time, e *event.CallRouted) {
	c.Before, c.Where, c.Why, c.Since = c.Where, e.To, e.Why, now.At
	c.Hops++
	c.Waiting, c.Patience = 0, 0
	if e.To.Kind() == "recall" {
		c.Recall = ""
		c.Recalls++
	}
	if e.Dialled != "" {
		c.Dialled, c.To = e.Dialled, e.Dialled
	}
	c.Emergency = c.Emergency || e.Emergency
	c.Record = c.Record || e.Record
	if e.To.Kind() == "outside" && c.Direction == "inside" {
		c.Direction = "out"
	}
}

// close takes the call out of the book. Its live legs stay until they say that
// they ended; answered telephones inside are parked.
func (b *Book) close(now core.Time, e *event.CallEnded) {
	c := b.calls[e.Call]
	if c == nil {
		return
	}
	delete(b.calls, c.ID)
	b.order = slices.DeleteFunc(b.order, func(x id.Call) bool { return x == c.ID })
	if other := b.calls[c.Joined]; other != nil {
		other.Joined = 0
	}
	for _, id := range c.Legs {
		l := b.legs[id]
		switch {
		case l == nil || b.stays(l, c):
		case l.State == Ended:
			delete(b.legs, id)
		case l.State == Answered && l.Port.Kind() == "fxs":
			l.State, l.Until = Parked, now.At+handsetParkedMS
		case l.State == Answered && (l.Port.Kind() == "sip" || l.Port.Kind() == "web") && explains(e.Cause):
			l.State, l.Until = Parked, now.At+phoneParkedMS
		default:
			l.Until = 0
		}
	}
}
