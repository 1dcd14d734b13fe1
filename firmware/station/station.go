package station

import (
	"slices"

	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// ringMS is how long a phone rings before its call counts as not answered.
const ringMS = 30_000

// Feature is the plug.
var Feature = feature.Feature{
	Name: "station",
	New:  func(b *call.Book) core.Reactor { return New(b) },
	Commands: []feature.Command{
		{Name: "dial", New: func() core.Command { return new(Dial) }, Role: access.Agent, Help: "help.station.dial"},
		{Name: "messages", New: func() core.Command { return new(Messages) }, Role: access.Agent, Help: "help.station.messages"},
		{Name: "disturb", New: func() core.Command { return new(Disturb) }, Role: access.Agent, Help: "help.station.disturb"},
		{Name: "forward", New: func() core.Command { return new(Forward) }, Role: access.Agent, Help: "help.station.forward"},
		{Name: "message", New: func() core.Command { return new(Message) }, Role: access.Agent, Help: "help.station.message"},
	},
	Destinations: []string{"dial", "station", "service", "intercom", "forward"},
	Views: []feature.View{{
		Name: "stations", Role: access.Agent, Help: "help.station.stations",
		Kinds: []string{"PhoneChanged", "SettingsCommitted", "LegOffered", "LegBegan", "LegRinging", "LegAnswered", "LegEnded", "CallBegan", "CallRouted", "CallConnected", "CallEnded", "MessagesWaiting", "DisturbChanged", "ForwardSet"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Stations).look() },
	}},
}

// Stations decides for the telephones of the office.
type Stations struct {
	book  *call.Book
	dials map[id.Call]dialling
	tries map[id.Call]id.Port // the way out that a click is to try

	waiting  map[id.Station]int    // messages
	quiet    map[id.Station]bool   // wants not to be disturbed
	forwards map[forwarding]string // set at run time; "" is off
}

// dialling is what a handset has dialled so far, and until when the box waits.
type dialling struct {
	digits string
	until  int64
}

// New makes it.
func New(b *call.Book) *Stations {
	b.Holds("dial", "station", "service", "intercom", "forward")
	return &Stations{book: b, dials: map[id.Call]dialling{}, tries: map[id.Call]id.Port{}, waiting: map[id.Station]int{}, quiet: map[id.Station]bool{}, forwards: map[forwarding]string{}}
}

// Due is when waiting for some digit ends.
func (s *Stations) Due() int64 {
	due := int64(0)
	for _, d := range s.dials {
		due = core.Sooner(due, d.until)
	}
	return due
}

// Apply remembers digits.
func (s *Stations) Apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.DialWaited:
		s.dials[e.Call] = dialling{e.Digits, e.Until}
	case *event.MessagesWaiting:
		s.applyMessages(e)
	case *event.DisturbChanged:
		s.applyQuiet(e)
	case *event.ForwardSet:
		s.forwards[forwarding{e.Station, e.When}] = e.To
	case *event.CallRouted:
		delete(s.dials, e.Call)
		delete(s.tries, e.Call)
		if e.Why == clicked && len(e.Through) == 1 {
			s.tries[e.Call] = e.Through[0]
		}
	case *event.CallEnded:
		delete(s.dials, e.Call)
		delete(s.tries, e.Call)
	}
}

// React decides.
func (s *Stations) React(now core.Time, e event.Event, out *core.Out) {
	s.showChanges(e, out)
	switch e := e.(type) {
	case *event.CallBegan:
		s.began(now, e, out)
	case *event.CallRouted:
		s.routed(now, e, out)
	case *event.DigitPressed:
		if c := s.book.Standing(e.Leg, "dial"); c != nil {
			s.digit(now, c, e.Digit, out)
		}
	case *event.LegRinging:
		if c := s.ringing(e.Leg); c != nil {
			s.book.Ringback(out, c)
		}
	case *event.LegAnswered:
		s.answered(now, e, out)
	case *event.LegEnded:
		s.freed(now, e.Leg, out)
		if c := s.ringing(e.Leg); c != nil && !s.book.Leg(e.Leg).Dropped {
			s.missed(now, c, leg.Cause(e.Cause), e.To, out)
		}
	case *event.LegDropped:
		if c := s.ringing(e.Leg); c != nil {
			s.missed(now, c, leg.Cause(e.Cause), "", out)
		}
	case *event.PlayEnded:
		s.confirmed(now, e.Leg, out)
	case *event.Woke:
		s.woke(now, out)
	case *event.MessagesWaiting:
		s.mind(e.Station, out)
	case *event.BoxStarted, *event.SettingsCommitted:
		s.mindAll(out)
	}
}

// ringing finds the call that rings a station by this leg and is not connected.
func (s *Stations) ringing(l id.Leg) *call.Call {
	c := s.book.CallOfLeg(l)
	if c == nil || c.Caller == l || c.With != 0 || c.Where.Kind() != "station" && c.Where.Kind() != "intercom" || c.Latest() != l {
		return nil
	}
	return c
}

func (s *Stations) answered(now core.Time, e *event.LegAnswered, out *core.Out) {
	if c := s.ringing(e.Leg); c != nil && s.book.Answered(e.Leg) {
		s.book.Connect(now, out, c, e.Leg, "", false)
		return
	}
	if c := s.code(e.Leg); c != nil {
		s.confirm(c, out)
	} else if c := s.book.Standing(e.Leg, "service"); c != nil && c.With == 0 {
		s.serve(now, c, out)
	}
	if c := s.book.Standing(e.Leg, "dial"); c != nil && c.Clicked {
		if p := s.tries[c.ID]; p != "" && !slices.Contains(s.book.Office().Emergency(), c.To) {
			out.Say(&event.CallRouted{Call: c.ID, To: id.To("outside", c.To), Why: "dialled", Dialled: c.To, Through: []id.Port{p}})
			return
		}
		s.dial(now, c, c.To, out)
	}
}
