package sip

import (
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/leg/legtest"
)

// station is a registered phone as a line of the conformance suite.
type station struct {
	b     *bench
	p     *phone
	c     *call
	up    bool
	rung  bool
	sound *speaker
}

func TestStationConforms(t *testing.T) {
	legtest.Conformance(t, legtest.Rig{
		Open: func(t *testing.T, told leg.Told) legtest.Line {
			b := newBench(t, func(c *Config) { c.Told = told })
			p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
			p.register(600)
			return &station{b: b, p: p, sound: newSpeaker(t, b.n, "10.0.0.5:40000")}
		},
		Run: synctest.Test,
	})
}

func (s *station) Able() legtest.Able {
	return legtest.Able{Calls: true, IsCalled: true, Rings: true, Refuses: true, Presses: true, HangsUp: true, GivesUp: true}
}

func (s *station) Make(t *testing.T) leg.Leg {
	l, refused := s.b.e.Make("sip/201")
	if refused != nil {
		t.Fatal(refused.Why)
	}
	return l
}

func (s *station) Call(*testing.T) { s.c = s.p.dial("600", s.p.sdp) }

func (s *station) ring() {
	if !s.rung {
		s.c, s.rung = s.p.rung(), true
		s.sound.to = soundOf(s.p.t, s.c.invite.body)
	}
}

func (s *station) Rings(*testing.T) {
	s.ring()
	s.p.respond(s.c.invite, 180, "Ringing", "")
}

func (s *station) Answers(*testing.T) {
	s.ring()
	s.p.respond(s.c.invite, 200, "OK", s.p.sdp)
	s.p.expect("ACK")
	s.up = true
}

func (s *station) Refuses(*testing.T) {
	s.ring()
	s.p.respond(s.c.invite, 486, "Busy Here", "")
}

func (s *station) HangsUp(*testing.T) {
	if s.up {
		s.c.in("BYE", "")
		return
	}
	s.p.send(s.p.raw("CANCEL", s.c.uri, s.c.id, s.c.to, s.c.seq, s.c.branch, ""))
}

func (s *station) Presses(_ *testing.T, digit byte) { s.sound.press(digit) }

func (s *station) Close() {
	s.b.stop()
	_ = s.sound.s.Close()
	time.Sleep(time.Minute) // the library's transactions run out
}

// speaker sends RTP from a far end, written by hand from RFC 3550 and RFC 4733.
type speaker struct {
	t   testing.TB
	s   *sock
	to  netip.AddrPort
	seq uint16
	ts  uint32
}

func newSpeaker(t testing.TB, n *network, addr string) *speaker {
	return &speaker{t: t, s: n.listen(t, addr), seq: 100, ts: 1000}
}

// soundOf is where a description wants sound.
func soundOf(t testing.TB, body string) netip.AddrPort {
	t.Helper()
	var host, port string
	for l := range strings.SplitSeq(body, "\r\n") {
		if v, ok := strings.CutPrefix(l, "c=IN IP4 "); ok {
			host = v
		}
		if v, ok := strings.CutPrefix(l, "m=audio "); ok {
			port, _, _ = strings.Cut(v, " ")
		}
	}
	n, err := strconv.Atoi(port)
	a, err2 := netip.ParseAddr(host)
	if err != nil || err2 != nil {
		t.Fatalf("no sound in:\n%s", body)
	}
	return netip.AddrPortFrom(a, uint16(n))
}

func (s *speaker) send(payloadType byte, ts uint32, payload []byte) {
	b := make([]byte, 12, 12+len(payload))
	b[0], b[1] = 0x80, payloadType
	binary.BigEndian.PutUint16(b[2:], s.seq)
	binary.BigEndian.PutUint32(b[4:], ts)
	binary.BigEndian.PutUint32(b[8:], 0xfeed)
	s.seq++
	s.s.send(append(b, payload...), s.to)
}

// press sends one digit: three updates, and its end three times.
func (s *speaker) press(digit byte) {
	event := byte(strings.IndexByte("0123456789*#ABCD", digit))
	for i := 1; i <= 6; i++ {
		var p [4]byte
		p[0], p[1] = event, 10
		if i > 3 {
			p[1] |= 0x80
		}
		binary.BigEndian.PutUint16(p[2:], uint16(min(i, 4)*160))
		s.send(101, s.ts, p[:])
	}
	s.ts += 1600
}
