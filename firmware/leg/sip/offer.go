package sip

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"centralita/firmware/leg/rtp"
)

// eventPayload is the payload type of telephone-event in our offers: what every
// phone uses, though any of 96 to 127 would do.
const (
	eventPayload = 101
	eventOther   = 102 // where 101 is taken
)

// ourSide is our half of the sound as a description tells it.
type ourSide struct {
	addr    netip.Addr
	port    int
	formats []format // of our offers, best first
	comfort bool     // and comfort noise
	id      uint64
	version uint64
	sdes    sdes
	asked   asked
}

// asked are the payload types of our last offer that an answer may give other numbers;
// 0 is none.
type asked struct{ event, opus uint8 }

// offer is our whole description: our codecs, events, both directions.
func (o *ourSide) offer() []byte {
	var b strings.Builder
	o.head(&b)
	fmt.Fprintf(&b, "m=audio %d %s", o.port, o.sdes.profile())
	event := uint8(eventPayload)
	o.asked = asked{}
	for _, f := range o.formats {
		fmt.Fprintf(&b, " %d", f.pt)
		if f.codec == rtp.Opus {
			o.asked.opus = f.pt
		}
		if f.pt == eventPayload { // Opus has the caller's number
			event = eventOther
		}
	}
	if o.comfort {
		fmt.Fprintf(&b, " %d", rtp.CN)
	}
	o.asked.event = event
	fmt.Fprintf(&b, " %d\r\n", event)
	for _, f := range o.formats {
		b.WriteString(f.lines())
	}
	if o.comfort {
		b.WriteString(comfortLine)
	}
	fmt.Fprintf(&b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-16\r\n", event, event)
	fmt.Fprintf(&b, "%sa=ptime:%d\r\na=maxptime:%d\r\na=sendrecv\r\n", o.sdes.lines(), rtp.PtimeDefault, rtp.PtimeMax)
	return []byte(b.String())
}

func (o *ourSide) head(b *strings.Builder) {
	family := "IP4"
	if o.addr.Is6() {
		family = "IP6"
	}
	o.version++
	fmt.Fprintf(b, "v=0\r\no=- %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n", o.id, o.version, family, o.addr, family, o.addr)
}

// comfortLine names comfort noise, which the box hears and never sends: its own sound
// never stops.
const comfortLine = "a=rtpmap:13 CN/8000\r\n"

// agreement is what two descriptions come to.
type agreement struct {
	index  int // of the m= line in use
	tag    int // of its a=crypto, where remote has keys
	remote rtp.Remote
	format format // of the codec
}

// agree finds the sound that the far end described and we can do: the first
// audio line with an address, a codec to our taste and cryptography that can be. It is
// used for an offer to us and for an answer alike.
func agree(d *description, s *sdes, t taste) (agreement, bool) {
	for i := range d.media {
		m := &d.media[i]
		if m.kind != "audio" || m.port == 0 || !m.conn.IsValid() {
			continue
		}
		p, ok := s.judge(m)
		if !ok {
			continue
		}
		var r rtp.Remote
		f, ok := m.codec(&r, t)
		if !ok {
			continue
		}
		r.Ptime = m.packetTime()
		r.Addr = netip.AddrPortFrom(m.conn, uint16(m.port))
		r.Control, r.Mux = m.control(), m.rtcpMux
		r.Send, r.Receive = m.dir.recv, m.dir.send
		if m.conn.IsUnspecified() || m.conn.IsMulticast() {
			r.Send = false // 0.0.0.0 is hold as RFC 2543 wrote it
		}
		r.Keys = p.keys
		return agreement{index: i, remote: r, tag: p.tag, format: f}, true
	}
	return agreement{}, false
}

// control is where the far end wants reports, the zero value where it says nothing of
// it.
func (m *line) control() netip.AddrPort {
	switch {
	case m.rtcpPort == 0:
		return netip.AddrPort{}
	case m.rtcpAddr.IsValid() && !m.rtcpAddr.IsMulticast() && !m.rtcpAddr.IsUnspecified():
		return netip.AddrPortFrom(m.rtcpAddr, uint16(m.rtcpPort))
	}
	return netip.AddrPortFrom(m.conn, uint16(m.rtcpPort))
}

// answer writes our description to an offer: one line for each of the offer's,
// in its order, port 0 for those not taken (RFC 3264 section 6).
func (o *ourSide) answer(d *description, a agreement) []byte {
	var b strings.Builder
	o.head(&b)
	for i := range d.media {
		m := &d.media[i]
		if i != a.index {
			formats := m.formats
			if len(formats) == 0 {
				formats = []string{"0"}
			}
			fmt.Fprintf(&b, "m=%s 0 %s %s\r\n", m.kind, m.proto, strings.Join(formats[:1], " "))
			continue
		}
		r := a.remote
		formats := []string{strconv.Itoa(int(r.Payload))}
		if r.Comfort {
			formats = append(formats, strconv.Itoa(int(rtp.CN)))
		}
		if r.Event != 0 {
			formats = append(formats, strconv.Itoa(int(r.Event)))
		}
		fmt.Fprintf(&b, "m=audio %d %s %s\r\n", o.port, m.proto, strings.Join(formats, " "))
		b.WriteString(a.format.lines())
		if r.Comfort {
			b.WriteString(comfortLine)
		}
		if r.Event != 0 {
			fmt.Fprintf(&b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-16\r\n", r.Event, r.Event)
		}
		if r.Keys != nil {
			b.WriteString(crypto{a.tag, r.Keys.Suite, r.Keys.Ours}.String())
		}
		if r.Mux {
			b.WriteString("a=rtcp-mux\r\n")
		}
		fmt.Fprintf(&b, "a=ptime:%d\r\na=%s\r\n", r.Ptime, m.dir.turned())
	}
	return []byte(b.String())
}

// packetTime is how much sound a packet to the far end has: what it likes, and never
// more than it can take (RFC 8866 section 6.4).
func (m *line) packetTime() int {
	t := rtp.PtimeDefault
	if m.ptime > 0 {
		t = m.ptime
	}
	if m.ptimeMax > 0 {
		t = min(t, m.ptimeMax)
	}
	return min(max(t, rtp.PtimeMin), rtp.PtimeMax) / 10 * 10
}
