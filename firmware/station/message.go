package station

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// messageMax bounds a written message in bytes: one datagram with its headers, as RFC
// 3428 section 8 asks.
const messageMax = 1000

// Message writes to the telephone of a station, from the page.
type Message struct {
	Station id.Station `json:"station"`
	Text    string     `json:"text"`
}

func (s *Stations) message(who id.Person, m *Message, out *core.Out) error {
	st, known := s.book.Station(m.Station)
	text := strings.TrimSpace(m.Text)
	switch {
	case !known:
		return core.Refuse("unknown-station", string(m.Station))
	case text == "" || len(text) > messageMax || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return core.Refuse("message-text")
	case st.SIP == nil:
		return core.Refuse("message-phone", string(m.Station))
	case !s.book.Reachable(m.Station):
		return core.Refuse("station-unreachable", string(m.Station))
	}
	from := s.book.Office().Office.Name
	if p, ok := s.book.Office().PersonByName(who); ok && p.Label != "" {
		from = p.Label
	}
	out.Do(order.Message{Port: call.PortOf(st), Name: from, Who: string(who), Text: text})
	return nil
}
