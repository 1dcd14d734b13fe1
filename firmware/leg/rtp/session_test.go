package rtp

import (
	"encoding/binary"
	"math"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"centralita/firmware/media"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

var far, farControl = netip.MustParseAddrPort("192.0.2.7:4000"), netip.MustParseAddrPort("192.0.2.7:4001")

// quiet is a socket that hears nothing and keeps what it is given.
type quiet struct {
	done chan struct{}
	sent [][]byte
	to   []netip.AddrPort
	mute bool // keep nothing, for counting allocations
}

func newQuiet() *quiet { return &quiet{done: make(chan struct{})} }

func (q *quiet) ReadFrom([]byte) (int, netip.AddrPort, error) {
	<-q.done
	return 0, netip.AddrPort{}, net.ErrClosed
}
func (q *quiet) WriteTo(b []byte, to netip.AddrPort) error {
	if !q.mute {
		q.sent, q.to = append(q.sent, append([]byte(nil), b...)), append(q.to, to)
	}
	return nil
}
func (q *quiet) SetReadDeadline(time.Time) error { return nil }
func (q *quiet) Close() error                    { close(q.done); return nil }

// open is a session on quiet sockets, not started.
func open(t testing.TB) (*Session, *quiet, *quiet) {
	t.Helper()
	var q []*quiet
	s, err := New(&Ports{Min: 4000, Max: 4001, Open: func(netip.Addr, int) (Conn, error) {
		q = append(q, newQuiet())
		return q[len(q)-1], nil
	}}, Options{Silence: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return s, q[0], q[1]
}

func agreed() Remote {
	return Remote{Addr: far, Payload: PCMA, Event: 101, Ptime: 20, Send: true, Receive: true}
}

func pack(seq uint16, ts, ssrc uint32, pt byte, payload []byte) []byte {
	b := make([]byte, 12, 12+len(payload))
	b[0], b[1] = 0x80, pt
	binary.BigEndian.PutUint16(b[2:], seq)
	binary.BigEndian.PutUint32(b[4:], ts)
	binary.BigEndian.PutUint32(b[8:], ssrc)
	return append(b, payload...)
}

func tone(f *media.Frame, n int) {
	f.Silence(media.Narrow)
	for i := range f.PCM() {
		f.PCM()[i] = int16(8000 * math.Sin(2*math.Pi*1000*float64(n*80+i)/8000))
	}
}

func TestPacketsOfTwentyMilliseconds(t *testing.T) {
	s, sound, _ := open(t)
	s.Connect(agreed())
	var f media.Frame
	for n := range 10 {
		tone(&f, n)
		s.Write(uint64(n+1), &f)
	}
	if len(sound.sent) != 5 {
		t.Fatalf("%d packets for 100 ms, want 5", len(sound.sent))
	}
	var first, p rtp.Packet
	for i, b := range sound.sent {
		if err := p.Unmarshal(b); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = p
		}
		if len(p.Payload) != 160 || p.PayloadType != PCMA || p.SSRC != first.SSRC || p.Marker != (i == 0) ||
			p.SequenceNumber != first.SequenceNumber+uint16(i) || p.Timestamp != first.Timestamp+uint32(160*i) {
			t.Fatalf("packet %d: %+v", i, p.Header)
		}
		if sound.to[i] != far {
			t.Fatalf("sent to %v", sound.to[i])
		}
	}
}

func TestSkippedTicksKeepTheTime(t *testing.T) {
	s, sound, _ := open(t)
	s.Connect(agreed())
	var f media.Frame
	f.Silence(media.Narrow)
	for _, n := range []uint64{1, 2, 52, 53} {
		s.Write(n, &f)
	}
	var a, b rtp.Packet
	if len(sound.sent) != 2 || a.Unmarshal(sound.sent[0]) != nil || b.Unmarshal(sound.sent[1]) != nil {
		t.Fatalf("%d packets", len(sound.sent))
	}
	if b.Timestamp-a.Timestamp != 51*80 || !b.Marker || b.SequenceNumber != a.SequenceNumber+1 {
		t.Fatalf("%+v then %+v", a.Header, b.Header)
	}
}

func TestHoldSendsNothing(t *testing.T) {
	s, sound, _ := open(t)
	r := agreed()
	r.Send = false
	s.Connect(r)
	var f media.Frame
	f.Silence(media.Narrow)
	for n := range uint64(20) {
		s.Write(n+1, &f)
	}
	if len(sound.sent) != 0 {
		t.Fatalf("%d packets on hold", len(sound.sent))
	}
}

func TestSoundComesThrough(t *testing.T) {
	s, sound, _ := open(t)
	s.Connect(agreed())
	var f, g media.Frame
	var p rtp.Packet
	var power float64
	for n := range uint64(100) {
		tone(&f, int(n))
		s.Write(n+1, &f)
		for _, b := range sound.sent {
			s.receive(&p, b, far, time.Duration(n)*10*time.Millisecond)
		}
		sound.sent = nil
		g.Silence(media.Narrow)
		if s.Read(n+1, &g) && n >= 50 {
			for _, v := range g.PCM() {
				power += float64(v) * float64(v)
			}
		}
	}
	rms := math.Sqrt(power / (50 * 80))
	if want := 8000 / math.Sqrt2; math.Abs(20*math.Log10(rms/want)) > 0.5 {
		t.Fatalf("level %.0f, want %.0f", rms, want)
	}
	s.Close()
	if c := s.Counts(); c.Lost != 0 || c.Received != 50 || c.Played.Packets != 50 || c.Played.Concealed != 0 {
		t.Fatalf("%+v", c)
	}
}

func TestDigitsAreToldOnceAndMuteTheSound(t *testing.T) {
	s, _, _ := open(t)
	s.Connect(agreed())
	var p rtp.Packet
	var f media.Frame
	voice := make([]byte, 160)
	for i := range voice {
		voice[i] = byte(0x80 + i)
	}
	seq, ts := uint16(10), uint32(5000)
	tick := uint64(0)
	pull := func() bool {
		tick++
		f.Silence(media.Narrow)
		return s.Read(tick, &f)
	}
	for range 25 {
		s.receive(&p, pack(seq, ts, 1, PCMA, voice), far, time.Duration(seq)*20*time.Millisecond)
		seq, ts = seq+1, ts+160
		pull()
		pull()
	}
	if !pull() {
		t.Fatal("no sound before the digit")
	}
	for i := range 8 {
		end := byte(0)
		if i >= 5 {
			end = 0x80
		}
		s.receive(&p, pack(seq, ts, 1, 101, []byte{5, end | 10, 0, byte(i * 20)}), far, time.Duration(seq)*20*time.Millisecond)
		seq++
		if pull() {
			t.Fatal("sound while a digit is under way")
		}
	}
	s.receive(&p, pack(seq, ts+2000, 1, 101, []byte{11, 10, 0, 160}), far, time.Second)
	close(s.events)
	var got string
	for e := range s.events {
		got += string(e.Digit)
	}
	if got != "5#" {
		t.Fatalf("digits %q, want 5#", got)
	}
}

func TestDigitsGoOutAsEvents(t *testing.T) {
	s, sound, _ := open(t)
	s.Connect(agreed())
	if n := s.Send("1x#"); n != 3 {
		t.Fatalf("%d taken", n)
	}
	var f media.Frame
	f.Silence(media.Narrow)
	for n := range uint64(60) {
		s.Write(n+1, &f)
	}
	type event struct{ digit, ends, marks int }
	var got []event
	var last uint32
	var p rtp.Packet
	for _, b := range sound.sent {
		if err := p.Unmarshal(b); err != nil || p.PayloadType != 101 {
			continue
		}
		if len(got) == 0 || p.Timestamp != last {
			got = append(got, event{digit: int(p.Payload[0])})
			last = p.Timestamp
		}
		g := &got[len(got)-1]
		if p.Marker {
			g.marks++
		}
		if p.Payload[1]&0x80 != 0 {
			g.ends++
			if d := binary.BigEndian.Uint16(p.Payload[2:]); d != 800 {
				t.Fatalf("duration %d, want 800", d)
			}
		}
	}
	if len(got) != 2 || got[0] != (event{1, 3, 1}) || got[1] != (event{11, 3, 1}) {
		t.Fatalf("events %+v", got)
	}
}

func TestDigitsGoOutAsTonesWhereEventsAreUnknown(t *testing.T) {
	s, sound, _ := open(t)
	r := agreed()
	r.Event = 0
	s.Connect(r)
	s.Send("5")
	var f media.Frame
	f.Silence(media.Narrow)
	for n := range uint64(10) {
		s.Write(n+1, &f)
	}
	loud := 0
	for _, b := range sound.sent {
		for _, c := range b[12:] {
			if c != 0xd5 && c != 0x55 {
				loud++
			}
		}
	}
	if loud < 700 {
		t.Fatalf("%d of 800 samples carry a tone", loud)
	}
}

func TestOnlyTheAgreedOrLearnedSourceIsHeard(t *testing.T) {
	voice := make([]byte, 160)
	send := func(s *Session, from string, n int, ssrc uint32, at time.Duration) {
		var p rtp.Packet
		for i := range n {
			s.receive(&p, pack(uint16(100+i), uint32(160*i), ssrc, PCMA, voice), netip.MustParseAddrPort(from), at)
		}
	}
	t.Run("a stranger is not", func(t *testing.T) {
		s, _, _ := open(t)
		s.Connect(agreed())
		send(s, "203.0.113.9:4000", 50, 9, 0)
		if c := s.Counts(); c.Received != 0 || c.Foreign != 50 || *s.target.Load() != far {
			t.Fatalf("%+v, sending to %v", c, s.target.Load())
		}
	})
	t.Run("another port of the same phone is learned", func(t *testing.T) {
		s, _, _ := open(t)
		s.Connect(agreed())
		send(s, "192.0.2.7:61000", 10, 9, 0)
		if c := s.Counts(); c.Received != 6 || s.target.Load().Port() != 61000 {
			t.Fatalf("%+v, sending to %v", c, s.target.Load())
		}
	})
	t.Run("behind NAT the signalling address is believed", func(t *testing.T) {
		s, _, _ := open(t)
		r := agreed()
		r.Addr, r.Signal = netip.MustParseAddrPort("10.1.1.1:4000"), netip.MustParseAddr("198.51.100.1")
		s.Connect(r)
		send(s, "198.51.100.1:30000", 10, 9, 0)
		if s.target.Load().String() != "198.51.100.1:30000" {
			t.Fatalf("sending to %v", s.target.Load())
		}
	})
	t.Run("once locked nobody else is", func(t *testing.T) {
		s, _, _ := open(t)
		s.Connect(agreed())
		send(s, far.String(), 5, 9, 0)
		send(s, "192.0.2.7:61000", 20, 8, time.Second)
		if c := s.Counts(); c.Received != 5 || c.Foreign != 20 {
			t.Fatalf("%+v", c)
		}
		send(s, "192.0.2.7:61000", 20, 8, 4*time.Second) // the old place fell silent
		if s.target.Load().Port() != 61000 {
			t.Fatalf("sending to %v", s.target.Load())
		}
	})
}

func TestReportsTellLossAndJitter(t *testing.T) {
	s, _, control := open(t)
	s.Connect(agreed())
	var p rtp.Packet
	for i := range 100 {
		if i%4 == 3 {
			continue // every fourth is lost
		}
		s.receive(&p, pack(uint16(i), uint32(160*i), 7, PCMA, make([]byte, 160)), far, time.Duration(i)*20*time.Millisecond)
	}
	s.receive(&p, pack(100, 160*100, 7, PCMA, make([]byte, 160)), far, 2*time.Second)
	s.sendReport(time.Now(), false)
	if len(control.sent) != 1 || control.to[0].Port() != far.Port()+1 {
		t.Fatalf("%d reports to %v", len(control.sent), control.to)
	}
	packets, err := rtcp.Unmarshal(control.sent[0])
	if err != nil {
		t.Fatal(err)
	}
	rr, ok := packets[0].(*rtcp.ReceiverReport)
	if !ok || len(rr.Reports) != 1 {
		t.Fatalf("%v", packets)
	}
	r := rr.Reports[0]
	if r.SSRC != 7 || r.TotalLost != 25 || r.FractionLost < 60 || r.FractionLost > 65 || r.LastSequenceNumber != 100 {
		t.Fatalf("%+v", r)
	}
}

func TestFarReportsAreKept(t *testing.T) {
	s, _, _ := open(t)
	s.Connect(agreed())
	now := time.Now()
	b, err := rtcp.Marshal([]rtcp.Packet{&rtcp.SenderReport{SSRC: 7, NTPTime: ntp(now), Reports: []rtcp.ReceptionReport{{
		SSRC: s.talker.ssrc, FractionLost: 64, Jitter: 80,
		LastSenderReport: uint32(ntp(now.Add(-150*time.Millisecond)) >> 16), Delay: 1 << 16 / 10,
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	s.receiveReport(b, netip.MustParseAddrPort("203.0.113.9:4001"), now)
	if c := s.Counts(); c.Reports != 0 {
		t.Fatalf("a stranger's report counts: %+v", c)
	}
	s.receiveReport(b, farControl, now)
	c := s.Counts()
	if c.Reports != 1 || c.FarLost != 0.25 || c.FarJitterMS != 10 || math.Abs(c.RoundTripMS-50) > 1 {
		t.Fatalf("%+v", c)
	}
}

func TestSilenceIsToldOnce(t *testing.T) {
	s, _, _ := open(t)
	s.Connect(agreed())
	s.watchSilence(time.Hour) // nothing was ever heard: a far end that never speaks is not cut
	var p rtp.Packet
	s.receive(&p, pack(1, 1, 7, PCMA, make([]byte, 160)), far, time.Second)
	s.watchSilence(30 * time.Second)
	s.watchSilence(62 * time.Second)
	s.watchSilence(70 * time.Second)
	if n := len(s.events); n != 1 {
		t.Fatalf("told %d times", n)
	}
}

func TestPortsRunOut(t *testing.T) {
	p := &Ports{Min: 5001, Max: 5006, Open: func(netip.Addr, int) (Conn, error) { return newQuiet(), nil }}
	var seen []int
	for range 2 {
		s, err := New(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, s.Port())
	}
	if seen[0] != 5002 || seen[1] != 5004 {
		t.Fatalf("ports %v", seen)
	}
	p.Open = func(netip.Addr, int) (Conn, error) { return nil, net.ErrClosed }
	if _, err := New(p, Options{}); err == nil || !strings.Contains(err.Error(), "5001") && !strings.Contains(err.Error(), "widen the range") {
		t.Fatalf("error %v", err)
	}
}

func TestTickDoesNotAllocate(t *testing.T) {
	s, sound, _ := open(t)
	s.Connect(agreed())
	sound.mute = true
	var f, g media.Frame
	var p rtp.Packet
	tone(&f, 1)
	b := pack(1, 0, 7, PCMA, make([]byte, 160))
	n, at := uint64(0), time.Duration(0)
	for i := range uint16(10) { // past the lock, which allocates once
		binary.BigEndian.PutUint16(b[2:], i)
		s.receive(&p, b, far, 0)
	}
	if a := testing.AllocsPerRun(1000, func() {
		n++
		at += 20 * time.Millisecond
		binary.BigEndian.PutUint16(b[2:], uint16(n)+10)
		binary.BigEndian.PutUint32(b[4:], uint32(n)*160)
		s.receive(&p, b, far, at)
		for range 2 {
			f.Rate, g.Rate = media.Narrow, media.Narrow
			s.Read(n, &g)
			s.Write(n, &f)
		}
	}); a != 0 {
		t.Fatalf("%v allocations in 20 ms", a)
	}
}

func TestKernelSocketNeitherWaitsNorAllocates(t *testing.T) {
	c, err := openUDP(netip.MustParseAddr("127.0.0.1"), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	to, ok := netip.AddrFromSlice(net.IPv4(127, 0, 0, 1).To4())
	if !ok {
		t.Fatal("no loopback")
	}
	b := make([]byte, 172)
	dst := netip.AddrPortFrom(to, 9)
	if a := testing.AllocsPerRun(200, func() { _ = c.WriteTo(b, dst) }); a != 0 {
		t.Fatalf("%v allocations for a packet sent", a)
	}
}

func BenchmarkTwentyMilliseconds(b *testing.B) {
	s, sound, _ := open(b)
	s.Connect(agreed())
	sound.mute = true
	var f, g media.Frame
	var p rtp.Packet
	tone(&f, 1)
	pk := pack(1, 0, 7, PCMA, make([]byte, 160))
	b.ReportAllocs()
	for n := uint64(0); b.Loop(); n++ {
		binary.BigEndian.PutUint16(pk[2:], uint16(n))
		binary.BigEndian.PutUint32(pk[4:], uint32(n)*160)
		s.receive(&p, pk, far, time.Duration(n)*20*time.Millisecond)
		for range 2 {
			f.Rate, g.Rate = media.Narrow, media.Narrow
			s.Read(n, &g)
			s.Write(n, &f)
		}
	}
}
