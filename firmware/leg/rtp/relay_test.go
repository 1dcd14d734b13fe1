package rtp

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/g711"

	"github.com/pion/rtp"
)

// couple is two sessions whose far ends talk; what each far end is sent is in its
// socket.
type couple struct {
	t      testing.TB
	a, b   *Session
	fa, fb *quiet
	tick   uint64
	seq    uint16
	ts     uint32
	at     time.Duration
	packet rtp.Packet
}

func newCouple(t testing.TB) *couple {
	c := &couple{t: t, seq: 65530, ts: 1<<32 - 700}
	c.a, c.fa, _ = open(t)
	c.b, c.fb, _ = open(t)
	c.a.Connect(agreed())
	c.b.Connect(agreed())
	return c
}

// voice is 20 ms in which every octet tells its place.
func voice(n int) []byte {
	b := make([]byte, 160)
	for i := range b {
		b[i] = byte(n*160+i) ^ byte((n*160+i)>>8)*31
	}
	return b
}

// say has the far end of a send a packet.
func (c *couple) say(payload []byte) {
	c.at += 20 * time.Millisecond
	c.a.receive(&c.packet, pack(c.seq, c.ts, 7, PCMA, payload), far, time.Since(c.a.begun))
	c.seq, c.ts = c.seq+1, c.ts+uint32(len(payload))
}

// mixed lets 10 ms pass in the engine.
func (c *couple) mixed() {
	c.tick++
	var x, y media.Frame
	x.Silence(media.Narrow)
	y.Silence(media.Narrow)
	if !c.a.Read(c.tick, &x) {
		x.Silence(media.Narrow)
	}
	if !c.b.Read(c.tick, &y) {
		y.Silence(media.Narrow)
	}
	c.a.Write(c.tick, &y)
	c.b.Write(c.tick, &x)
}

// heard gives the packets sent to the far end of b, parsed.
func (c *couple) heard() []rtp.Packet {
	c.t.Helper()
	var list []rtp.Packet
	for _, b := range c.fb.sent {
		var p rtp.Packet
		if err := p.Unmarshal(b); err != nil {
			c.t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

func (c *couple) relay(o Relayed) {
	c.t.Helper()
	if !c.a.Relay(c.b, o) {
		c.t.Fatal("no relay")
	}
}

func TestRelayPassesSoundOctetByOctet(t *testing.T) {
	c := newCouple(t)
	c.relay(Relayed{})
	for n := range 20 {
		c.say(voice(n))
		c.mixed() // ticks that still come change nothing
	}
	got := c.heard()
	if len(got) != 20 || len(c.fa.sent) != 0 {
		t.Fatalf("%d packets to b, %d to a", len(got), len(c.fa.sent))
	}
	for n, p := range got {
		if !bytes.Equal(p.Payload, voice(n)) || p.SSRC != c.b.talker.ssrc || p.PayloadType != PCMA ||
			p.SequenceNumber != got[0].SequenceNumber+uint16(n) || p.Timestamp != got[0].Timestamp+uint32(160*n) {
			t.Fatalf("packet %d: %+v", n, p.Header)
		}
	}
	if n := c.a.Counts().Received; n != 20 {
		t.Fatalf("%d packets counted", n)
	}
	if c.a.hearing.buffer.Load() != nil {
		t.Fatal("a relay keeps a play-out buffer")
	}
}

// From mixing to relay and back the far end hears one stream, in which no sample of
// the other one is lost, and none comes twice.
func TestNothingIsLostBetweenMixingAndRelay(t *testing.T) {
	c := newCouple(t)
	n := 0
	talk := func(packets int) {
		for range packets {
			c.say(voice(n))
			n++
			c.mixed()
			c.mixed()
		}
	}
	talk(30)
	c.relay(Relayed{Joined: true})
	talk(30)
	c.a.Mix()
	talk(30)
	c.relay(Relayed{Joined: true})
	talk(30)

	got := c.heard()
	var sound []byte
	next := got[0].Timestamp
	for i, p := range got {
		if p.SequenceNumber != got[0].SequenceNumber+uint16(i) || p.SSRC != got[0].SSRC {
			t.Fatalf("packet %d breaks the numbers: %+v", i, p.Header)
		}
		if p.Timestamp != next {
			t.Fatalf("packet %d: time stamp jumps by %d samples", i, int32(p.Timestamp-next))
		}
		if p.Marker && i > 0 {
			t.Fatalf("packet %d begins a talk spurt in the middle of one", i)
		}
		next = p.Timestamp + uint32(len(p.Payload))
		sound = append(sound, p.Payload...)
	}
	var said []byte
	for i := range n {
		said = append(said, voice(i)...)
	}
	begin := bytes.Index(sound, said[:160])
	if begin < 0 {
		t.Fatal("the first packet was not heard")
	}
	// The play-out buffer may stretch or squeeze while it mixes; what the last relay
	// passed, with the rest of the buffer before it, is exact.
	tail := said[len(said)-32*160:]
	if !bytes.HasSuffix(sound, tail) {
		t.Fatal("the end of what was said is not the end of what was heard")
	}
	if more := len(sound) - begin - len(said); more < -80 || more > 480 {
		t.Fatalf("heard %d samples more than were said", more)
	}
}

func TestRelayKeepsLossAndOrderAsTheyAre(t *testing.T) {
	c := newCouple(t)
	c.relay(Relayed{})
	for n := range 4 {
		c.say(voice(n))
	}
	c.seq, c.ts = c.seq+1, c.ts+160 // one is lost
	c.say(voice(5))
	c.seq, c.ts = c.seq-2, c.ts-320 // and comes late
	c.say(voice(4))
	c.seq, c.ts = c.seq+1, c.ts+160
	c.say(voice(6))
	got := c.heard()
	var order []uint16
	for _, p := range got {
		n := p.SequenceNumber - got[0].SequenceNumber
		if !bytes.Equal(p.Payload, voice(int(n))) || p.Timestamp-got[0].Timestamp != uint32(n)*160 {
			t.Fatalf("%+v does not carry packet %d", p.Header, n)
		}
		order = append(order, n)
	}
	if len(order) != 7 || order[4] != 5 || order[5] != 4 || order[6] != 6 {
		t.Fatalf("order %v", order)
	}
}

func TestAnotherStreamGoesOnInOurs(t *testing.T) {
	c := newCouple(t)
	c.relay(Relayed{})
	c.say(voice(0))
	c.say(voice(1))
	c.a.receive(&c.packet, pack(9000, 5, 8, PCMA, voice(2)), far, time.Since(c.a.begun)) // its SSRC, numbers and clock are others
	got := c.heard()
	if p := got[2]; p.SSRC != got[0].SSRC || p.SequenceNumber != got[1].SequenceNumber+1 || p.Timestamp != got[1].Timestamp+160 {
		t.Fatalf("%+v after %+v", p.Header, got[1].Header)
	}
}

func TestRelayTranslatesLawsAndEvents(t *testing.T) {
	c := newCouple(t)
	r := agreed()
	r.Payload, r.Event = PCMU, 96
	c.b.Connect(r)
	c.relay(Relayed{})
	want := voice(0)
	c.say(voice(0))
	g711.Translate(g711.ALaw, g711.MuLaw, want)
	c.a.receive(&c.packet, pack(c.seq, c.ts, 7, 0x80|101, []byte{5, 10, 0, 160}), far, time.Since(c.a.begun))
	got := c.heard()
	if len(got) != 2 || got[0].PayloadType != PCMU || !bytes.Equal(got[0].Payload, want) {
		t.Fatalf("%d packets, %+v", len(got), got[0].Header)
	}
	if p := got[1]; p.PayloadType != 96 || !p.Marker || !bytes.Equal(p.Payload, []byte{5, 10, 0, 160}) || p.SequenceNumber != got[0].SequenceNumber+1 {
		t.Fatalf("event %+v", p.Header)
	}
	if e := <-c.a.Events(); e.Digit != '5' {
		t.Fatalf("told %+v", e)
	}
}

func TestHeadersOfTheFarEndStayThere(t *testing.T) {
	c := newCouple(t)
	c.relay(Relayed{})
	p := rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: PCMA, SequenceNumber: 5, Timestamp: 9, SSRC: 7, CSRC: []uint32{1, 2}}, Payload: voice(3)}
	if err := p.SetExtension(1, []byte{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	b, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	c.a.receive(&c.packet, b, far, 0)
	if got := c.heard(); len(got) != 1 || len(c.fb.sent[0]) != 172 || !bytes.Equal(got[0].Payload, voice(3)) {
		t.Fatalf("%d packets: % x", len(got), c.fb.sent)
	}
}

func TestHeldFarEndIsSentNothingAndThenTheRestInTime(t *testing.T) {
	c := newCouple(t)
	c.relay(Relayed{})
	c.say(voice(0))
	r := agreed()
	r.Send = false
	c.b.Connect(r)
	c.say(voice(1))
	if n := len(c.fb.sent); n != 1 {
		t.Fatalf("%d packets to a far end on hold", n-1)
	}
	c.b.Connect(agreed())
	c.say(voice(2))
	got := c.heard()
	if len(got) != 2 || got[1].SequenceNumber != got[0].SequenceNumber+1 {
		t.Fatalf("%d packets", len(got))
	}
}

func TestStrangersAreNotRelayed(t *testing.T) {
	c := newCouple(t)
	c.relay(Relayed{})
	for n := range 6 {
		c.say(voice(n))
	}
	before := len(c.fb.sent)
	for n := range 50 {
		c.a.receive(&c.packet, pack(c.seq+uint16(n), c.ts, 7, PCMA, voice(n)), netip.MustParseAddrPort("203.0.113.9:4000"), time.Since(c.a.begun))
		c.a.receive(&c.packet, pack(c.seq+uint16(n), c.ts, 7, PCMA, voice(n)), netip.AddrPortFrom(far.Addr(), 5), time.Since(c.a.begun))
	}
	if n := len(c.fb.sent) - before; n != 0 {
		t.Fatalf("%d packets of strangers were passed", n)
	}
}

func TestRelayNeedsWhatItCannotDo(t *testing.T) {
	refused := func(what string, change func(*Remote)) {
		c := newCouple(t)
		r := agreed()
		change(&r)
		c.b.Connect(r)
		if c.a.Relay(c.b, Relayed{}) {
			t.Errorf("%s: relayed", what)
		}
		c = newCouple(t)
		ended := 0
		c.relay(Relayed{Ended: func() { ended++ }})
		c.b.Connect(r)
		if ended != 1 || c.a.relayed || c.b.relayed {
			t.Errorf("%s: told %d times, relayed %v %v", what, ended, c.a.relayed, c.b.relayed)
		}
	}
	refused("no events", func(r *Remote) { r.Event = 0 })
	refused("other packet times", func(r *Remote) { r.Ptime = 30 })
	c := newCouple(t)
	c.b.Send("1")
	if c.a.Relay(c.b, Relayed{}) {
		t.Error("relayed over a digit of ours")
	}
	c.b.Close()
	if c.a.Relay(c.b, Relayed{}) {
		t.Error("relayed with a closed one")
	}
}

func TestClosingOneMixesTheOther(t *testing.T) {
	c := newCouple(t)
	c.relay(Relayed{})
	c.b.Close()
	if c.a.relayed || c.a.with != nil {
		t.Fatal("the other one is still in the relay")
	}
	c.say(voice(0))
}

func TestTapGetsEveryPacketOnce(t *testing.T) {
	c := newCouple(t)
	tap, spool := media.NewTap(8), media.NewSpool()
	tap.Spool(spool, 42)
	c.relay(Relayed{Tap: tap, Side: media.Right})
	for n := range 10 {
		c.say(voice(n))
	}
	c.b.receive(&c.packet, pack(1, 2, 3, PCMU, voice(99)), far, time.Since(c.b.begun))
	c.relay(Relayed{})
	c.say(voice(11)) // no more
	n := 0
	spool.Take(func(p media.Packet) {
		switch {
		case p.Tape != 42 || p.At < 0:
			t.Fatalf("%+v", p)
		case n < 10 && (p.Side != media.Right || p.Law != g711.ALaw || !bytes.Equal(p.Sound, voice(n))):
			t.Fatalf("packet %d: %+v", n, p)
		case n == 10 && (p.Side != media.Left || p.Law != g711.MuLaw || !bytes.Equal(p.Sound, voice(99))):
			t.Fatalf("packet of the other side: %+v", p)
		}
		n++
	})
	if n != 11 || tap.Lost() != 0 {
		t.Fatalf("%d packets, %d lost", n, tap.Lost())
	}
}

func TestRelayAllocatesNothing(t *testing.T) {
	c := newCouple(t)
	c.fb.mute = true
	tap, spool := media.NewTap(8), media.NewSpool()
	tap.Spool(spool, 1)
	c.relay(Relayed{Tap: tap})
	b := pack(0, 0, 7, PCMA, voice(1))
	n := uint16(0)
	next := func() {
		n++
		binary.BigEndian.PutUint16(b[2:], n)
		binary.BigEndian.PutUint32(b[4:], uint32(n)*160)
		binary.BigEndian.PutUint32(b[8:], 7)
		b[0], b[1] = 0x80, PCMA
		c.a.receive(&c.packet, b, far, time.Duration(n)*20*time.Millisecond)
	}
	for range 10 {
		next()
	}
	if a := testing.AllocsPerRun(1000, next); a != 0 {
		t.Fatalf("%v allocations for a packet", a)
	}
}

func BenchmarkRelayedPacket(b *testing.B) {
	c := newCouple(b)
	c.fb.mute = true
	c.relay(Relayed{})
	p := pack(0, 0, 7, PCMA, voice(1))
	b.ReportAllocs()
	for n := uint16(0); b.Loop(); n++ {
		binary.BigEndian.PutUint16(p[2:], n)
		binary.BigEndian.PutUint32(p[4:], uint32(n)*160)
		binary.BigEndian.PutUint32(p[8:], 7)
		p[0], p[1] = 0x80, PCMA
		c.a.receive(&c.packet, p, far, time.Duration(n)*20*time.Millisecond)
	}
}
