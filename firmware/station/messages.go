package station

import (
	"slices"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// messagesMax bounds the count that a telephone is told; what is waiting matters
// more than how much.
const messagesMax = 99

// Messages says how many messages wait for a station, as the reception of a hotel
// does for a room; 0 puts the sign out.
type Messages struct {
	Station id.Station `json:"station"`
	Count   int        `json:"count"`
}

func (s *Stations) messages(who id.Person, m *Messages, out *core.Out) error {
	if _, known := s.book.Station(m.Station); !known {
		return core.Refuse("unknown-station", string(m.Station))
	}
	if m.Count < 0 || m.Count > messagesMax {
		return core.Refuse("message-count")
	}
	out.Say(&event.MessagesWaiting{Station: m.Station, Count: int64(m.Count), Who: who})
	return nil
}

// applyMessages remembers who has messages.
func (s *Stations) applyMessages(e *event.MessagesWaiting) {
	if e.Count == 0 {
		delete(s.waiting, e.Station)
	} else {
		s.waiting[e.Station] = int(e.Count)
	}
}

// mind has the telephone of a station show its messages.
func (s *Stations) mind(ext id.Station, out *core.Out) {
	if st, ok := s.book.Station(ext); ok {
		out.Do(order.MessageWaiting{Port: call.PortOf(st), Count: s.waiting[ext]})
	}
}

// mindAll tells every telephone again: after a start, and when settings may have
// given a socket to somebody else.
func (s *Stations) mindAll(out *core.Out) {
	for _, st := range s.book.Stations() {
		if ext := id.Station(st.Extension); st.Handset != "" || s.waiting[ext] > 0 {
			s.mind(ext, out)
		}
	}
}

// dialTone is what a lifted handset hears: stuttering while messages wait, or one
// that keeps a call on hold (recall dial tone).
func (s *Stations) dialTone(c *call.Call) string {
	ext := s.book.StationAt(c.Port)
	st, _ := s.book.Station(ext)
	if s.waiting[ext] > 0 && slices.Contains(st.Signs(), "tone") || s.book.HeldCall(c.Caller) != nil {
		return "tone/stutter"
	}
	return "tone/dial"
}
