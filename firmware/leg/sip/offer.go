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
const eventPayload = 101

// ourSide is our half of the sound as a description tells it.
type ourSide struct {
	addr    netip.Addr
	port    int
	laws    []uint8 // rtp.PCMA, rtp.PCMU as offered
	id      uint64
	version uint64
	sdes    sdes
}

// offer is our whole description: our laws, events, both directions.
func (o *ourSide) offer() []byte {
	var b strings.Builder
	o.head(&b)
	fmt.Fprintf(&b, "m=audio %d %s", o.port, o.sdes.profile())
	for _, l := range o.laws {
		fmt.Fprintf(&b, " %d", l)
	}
	fmt.Fprintf(&b, " %d\r\n", eventPayload)
	for _, l := range o.laws {
		b.WriteString(codecLine(l))
	}
	fmt.Fprintf(&b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-16\r\n", eventPayload, eventPayload)
	fmt.Fprintf(&b, "%sa=ptime:%d\r\na=sendrecv\r\n", o.sdes.lines(), rtp.PtimeDefault)
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

func codecLine(pt uint8) string {
	name := "PCMU"
	if pt == rtp.PCMA {
		name = "PCMA"
	}
	return fmt.Sprintf("a=rtpmap:%d %s/8000\r\n", pt, name)
}

// agreement is what two descriptions come to.
type agreement struct {
	index  int // of the m= line in use
	tag    int // of its a=crypto, where remote has keys
	remote rtp.Remote
}

// agree finds the sound that the far end described and we can do: the first
// audio line with an address, one of our laws and cryptography that can be. The far
// end's order of codecs is kept (RFC 3264 section 6.1). It is used for an offer to us
// and for an answer alike.
func agree(d *description, s *sdes) (agreement, bool) {
	for i := range d.media {
		m := &d.media[i]
		if m.kind != "audio" || m.port == 0 || !m.conn.IsValid() {
			continue
		}
		p, ok := s.judge(m)
		if !ok {
			continue
		}
		r := rtp.Remote{Ptime: rtp.PtimeDefault}
		if !m.codec(&r) {
			continue
		}
		if m.ptime > 0 {
			r.Ptime = min(max(m.ptime, rtp.PtimeMin), rtp.PtimeMax)
		}
		r.Addr = netip.AddrPortFrom(m.conn, uint16(m.port))
		if m.rtcpPort > 0 {
			r.Control = netip.AddrPortFrom(m.conn, uint16(m.rtcpPort))
		}
		r.Send, r.Receive = m.dir.recv, m.dir.send
		if m.conn.IsUnspecified() || m.conn.IsMulticast() {
			r.Send = false // 0.0.0.0 is hold as RFC 2543 wrote it
		}
		r.Keys = p.keys
		return agreement{index: i, remote: r, tag: p.tag}, true
	}
	return agreement{}, false
}

// codec picks the first law of the line and its event type.
func (m *line) codec(r *rtp.Remote) bool {
	found := false
	for _, f := range m.formats {
		n, err := strconv.ParseUint(f, 10, 7)
		if err != nil {
			continue
		}
		pt := uint8(n)
		name, mapped := m.codecs[pt]
		switch {
		case name == "TELEPHONE-EVENT/8000" && pt >= 96:
			if r.Event == 0 {
				r.Event = pt
			}
		case found || pt != rtp.PCMA && pt != rtp.PCMU:
		case !mapped || strings.HasPrefix(name, "PCMA/8000") && pt == rtp.PCMA || strings.HasPrefix(name, "PCMU/8000") && pt == rtp.PCMU:
			r.Payload, found = pt, true
		}
	}
	return found
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
		if r.Event != 0 {
			formats = append(formats, strconv.Itoa(int(r.Event)))
		}
		fmt.Fprintf(&b, "m=audio %d %s %s\r\n", o.port, m.proto, strings.Join(formats, " "))
		b.WriteString(codecLine(r.Payload))
		if r.Event != 0 {
			fmt.Fprintf(&b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-16\r\n", r.Event, r.Event)
		}
		if r.Keys != nil {
			b.WriteString(crypto{a.tag, r.Keys.Suite, r.Keys.Ours}.String())
		}
		fmt.Fprintf(&b, "a=ptime:%d\r\na=%s\r\n", r.Ptime, m.dir.turned())
	}
	return []byte(b.String())
}

// isSDP reports whether a Content-Type names a session description.
func isSDP(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/sdp")
}
