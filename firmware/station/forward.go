package station

import (
	"strings"
	"time"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/number"
	"centralita/firmware/settings"
)

const (
	// forwardsMax bounds how often one call is forwarded; a chain of more is a ring, or
	// nobody's wish.
	forwardsMax = 5
	// forwardAfterMS is how long a telephone rings before its calls go elsewhere.
	forwardAfterMS = 20_000
)

// When a station's calls are forwarded; a telephone that refuses a call with another
// address deflects it.
const (
	always    = "always"
	busy      = "busy"
	noAnswer  = "no-answer"
	deflected = "deflected"
)

// Forward sends the calls of a station elsewhere from now on, in place of what the
// settings say; to nowhere ends it.
type Forward struct {
	Station id.Station `json:"station"`
	When    string     `json:"when"` // always, busy or no-answer
	To      string     `json:"to"`   // as the station would dial it, "" nowhere
}

// forwarding names what a person has set at run time.
type forwarding struct {
	station id.Station
	when    string
}

func (s *Stations) forward(who id.Person, f *Forward, out *core.Out) error {
	if _, known := s.book.Station(f.Station); !known {
		return core.Refuse("unknown-station", string(f.Station))
	}
	if f.When != always && f.When != busy && f.When != noAnswer {
		return core.Refuse("forward-when", f.When)
	}
	to := number.Clean(f.To)
	if to != strings.TrimSpace(f.To) || to == string(f.Station) {
		return core.Refuse("no-number", f.To)
	}
	if to != "" {
		if _, ok := s.target(to); !ok {
			return core.Refuse("no-number", f.To)
		}
	}
	out.Say(&event.ForwardSet{Station: f.Station, When: f.When, To: to, Who: who})
	return nil
}

// target reads where a number leads that calls are forwarded to. Emergency services
// are called by people.
func (s *Stations) target(to string) (route, bool) {
	p := planOf(s.book)
	if strings.HasPrefix(to, "+") && len(p.outside) > 0 {
		to = p.outside[0].Prefix + number.Dialled(p.country, to)
	}
	r, ok, _ := p.look(to)
	return r, ok && !r.emergency
}

// forwardOf is where a station's calls go, "" nowhere.
func (s *Stations) forwardOf(st settings.Station, when string) string {
	if to, set := s.forwards[forwarding{id.Station(st.Extension), when}]; set {
		return to
	}
	switch when {
	case always:
		return st.Forward.Always
	case busy:
		return st.Forward.Busy
	case noAnswer:
		return st.Forward.NoAnswer
	}
	return ""
}

// rings is how long the station's telephone rings for a call.
func (s *Stations) rings(st settings.Station) int64 {
	switch after := time.Duration(st.Forward.After).Milliseconds(); {
	case s.forwardOf(st, noAnswer) == "":
		return ringMS
	case after > 0:
		return after
	}
	return forwardAfterMS
}

// send forwards a call that a station does not take; false where it may not be, or
// nothing is set.
func (s *Stations) send(c *call.Call, ext id.Station, when, to string, out *core.Out) bool {
	st, known := s.book.Station(ext)
	if to == "" || !known || len(c.Forwards) >= forwardsMax || c.Emergency {
		return false
	}
	for _, f := range c.Forwards {
		if f.Station == ext {
			return false // it has been here
		}
	}
	r, ok := s.target(to)
	if !ok || r.to.Kind() == "outside" && !s.mayLeave(c, st, r) {
		return false
	}
	out.Say(&event.CallForwarded{Call: c.ID, Station: ext, When: when, To: to})
	out.Say(&event.CallRouted{Call: c.ID, To: r.to, Why: "forwarded", Dialled: to, Through: r.through, Record: r.record})
	return true
}

// mayLeave: two parties outside are left connected only as by a transfer.
func (s *Stations) mayLeave(c *call.Call, st settings.Station, r route) bool {
	if !c.Port.Outside() {
		return true
	}
	tells := s.book.TellsHangup(c.Port)
	for _, p := range r.through {
		tells = tells || s.book.TellsHangup(p)
	}
	return st.TransferOutside && tells
}

// missed takes a call that rang a station for nothing: to where its telephone says, to
// where it is forwarded, or back.
func (s *Stations) missed(now core.Time, c *call.Call, why leg.Cause, elsewhere string, out *core.Out) {
	if c.Where.Kind() == "intercom" {
		s.book.Fail(now, out, c, why)
		return
	}
	ext := id.Station(c.Where.Name())
	st, _ := s.book.Station(ext)
	switch why {
	case leg.Redirected:
		if s.send(c, ext, deflected, number.Clean(elsewhere), out) {
			return
		}
		why = leg.Rejected
	case leg.Busy, leg.Rejected:
		if s.send(c, ext, busy, s.forwardOf(st, busy), out) {
			return
		}
	default:
		if s.send(c, ext, noAnswer, s.forwardOf(st, noAnswer), out) {
			return
		}
	}
	s.book.Fail(now, out, c, why)
}
