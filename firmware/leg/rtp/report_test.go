package rtp

import (
	"encoding/binary"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// What we write is read alike by another's reader.
func TestReportsAreWhatOthersRead(t *testing.T) {
	block := reception{ssrc: 7, fraction: 64, lost: -3, highest: 1<<16 | 9, jitter: 80, last: 0xaabbccdd, delay: 65536}
	own := &sending{ntp: 0x1122334455667788, ts: 4711, packets: 50, octets: 8000}
	b := writeReport(nil, 0xdecade, own, []reception{block}, "abcdefghijklmnop", true)
	if len(b) > reportMax {
		t.Errorf("%d bytes, room for %d", len(b), reportMax)
	}
	got, err := rtcp.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	want := []rtcp.Packet{
		&rtcp.SenderReport{SSRC: 0xdecade, NTPTime: own.ntp, RTPTime: 4711, PacketCount: 50, OctetCount: 8000, Reports: []rtcp.ReceptionReport{{
			SSRC: 7, FractionLost: 64, TotalLost: 0xfffffd, LastSequenceNumber: 1<<16 | 9, Jitter: 80, LastSenderReport: 0xaabbccdd, Delay: 65536}}},
		&rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{Source: 0xdecade, Items: []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: "abcdefghijklmnop"}}}}},
		&rtcp.Goodbye{Sources: []uint32{0xdecade}},
	}
	got[0].(*rtcp.SenderReport).ProfileExtensions = nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read as %v", got)
	}
	r, ok := readReport(b, 7)
	if !ok || r != (report{sender: 0xdecade, packets: 1, sends: true, ntp: own.ntp, heard: true, block: block, left: true}) {
		t.Errorf("we read %+v, %v", r, ok)
	}
}

func TestReportsThatAreNone(t *testing.T) {
	whole := writeReport(nil, 1, &sending{}, []reception{{ssrc: 7}}, "name", true)
	for n := range len(whole) {
		if n == 52 || n == 68 { // ends between two packets
			continue
		}
		if _, ok := readReport(whole[:n], 7); ok {
			t.Errorf("cut to %d of %d bytes it is taken", n, len(whole))
		}
	}
	for name, b := range map[string][]byte{
		"sound":                        {0x80, 8, 0, 1, 0, 0, 0, 7},
		"another version":              {0x40, 201, 0, 1, 0, 0, 0, 7},
		"more blocks than bytes":       {0x9f, 201, 0, 1, 0, 0, 0, 7},
		"longer than it is":            {0x80, 201, 0xff, 0xff, 0, 0, 0, 7},
		"a goodbye of too many":        {0x9f, 203, 0, 1, 0, 0, 0, 7},
		"all padding":                  {0xa0, 201, 0, 1, 0, 0, 0, 8},
		"padding before the last":      {0xa0, 201, 0, 2, 0, 0, 0, 7, 0, 0, 0, 4, 0x80, 201, 0, 1, 0, 0, 0, 7},
		"padding that fills no word":   {0xa0, 201, 0, 2, 0, 0, 0, 7, 0, 0, 0, 3},
		"a sender report without time": {0x80, 200, 0, 1, 0, 0, 0, 7},
	} {
		if r, ok := readReport(b, 7); ok {
			t.Errorf("%s: taken as %+v", name, r)
		}
	}
}

// sentReport is the last that went out, parsed.
func sentReport(t *testing.T, q *quiet) (rtcp.Packet, []rtcp.Packet) {
	t.Helper()
	if len(q.sent) == 0 {
		t.Fatal("no report was sent")
	}
	ps, err := rtcp.Unmarshal(q.sent[len(q.sent)-1])
	if err != nil {
		t.Fatal(err)
	}
	return ps[0], ps
}

func hearSound(s *Session, ssrc uint32, n int) {
	var p rtp.Packet
	for i := range n {
		s.receive(&p, pack(uint16(i), uint32(160*i), ssrc, PCMA, make([]byte, 160)), far, time.Since(s.begun))
	}
}

// The far end finds its round trip by when we had its report and when we answered.
func TestReportsAnswerThoseOfTheFarEnd(t *testing.T) {
	s, _, control := open(t)
	s.Connect(agreed())
	hearSound(s, 7, 5)
	had := time.Now()
	s.receiveReport(writeReport(nil, 7, &sending{ntp: 0x1111222233334444}, nil, "far", false), farControl, had)
	s.sendReport(had.Add(1500*time.Millisecond), false)
	p, _ := sentReport(t, control)
	r := p.(*rtcp.ReceiverReport).Reports[0]
	if r.LastSenderReport != 0x22223333 || r.Delay < 98304-64 || r.Delay > 98304+64 {
		t.Errorf("last report %#x, %d/65536 s ago; want 0x22223333 and 98304", r.LastSenderReport, r.Delay)
	}
	hearSound(s, 8, 5) // another stream, which has not reported yet
	s.sendReport(had.Add(2*time.Second), false)
	p, _ = sentReport(t, control)
	if r := p.(*rtcp.ReceiverReport).Reports[0]; r.SSRC != 8 || r.LastSenderReport != 0 || r.Delay != 0 {
		t.Errorf("of the new stream: %+v", r)
	}
	s.receiveReport(writeReport(nil, 8, nil, nil, "far", true), farControl, had)
	s.sendReport(had.Add(3*time.Second), false)
	if p, _ = sentReport(t, control); len(p.(*rtcp.ReceiverReport).Reports) != 0 {
		t.Errorf("a stream that said goodbye is still reported: %v", p)
	}
}

// Who sends makes sender reports, and receiver reports again two intervals after
// (RFC 3550 section 6.4); at the end it says goodbye.
func TestWhoSendsReportsSo(t *testing.T) {
	s, sound, control := open(t)
	s.Connect(agreed())
	s.sendReport(time.Now(), false)
	if p, _ := sentReport(t, control); reflect.TypeOf(p) != reflect.TypeFor[*rtcp.ReceiverReport]() {
		t.Errorf("nothing was sent, and reported as %T", p)
	}
	said(s, sound, 1)
	now := time.Now()
	var kinds []bool
	for n := range 4 {
		s.sendReport(now.Add(time.Duration(n)*5*time.Second), false)
		p, _ := sentReport(t, control)
		sr, sends := p.(*rtcp.SenderReport)
		if kinds = append(kinds, sends); sends && n == 0 {
			if sr.PacketCount != 5 || sr.OctetCount != 800 {
				t.Errorf("%+v", sr)
			}
			if ahead := int32(sr.RTPTime - s.talker.ts); ahead < -80 || ahead > 800 {
				t.Errorf("its time stamp is %d from where sound is", ahead)
			}
		}
	}
	if !reflect.DeepEqual(kinds, []bool{true, true, false, false}) {
		t.Errorf("sender reports after the sound ended: %v", kinds)
	}
	n := len(control.sent)
	s.Close()
	if len(control.sent) != n+1 {
		t.Fatal("no goodbye")
	}
	_, all := sentReport(t, control)
	if g, ok := all[len(all)-1].(*rtcp.Goodbye); !ok || g.Sources[0] != s.talker.ssrc {
		t.Errorf("the last word is %v", all)
	}
}

// A session that carries no sound yet is looked at often, so that its first report
// comes with the sound; the next takes its time (RFC 3550 section 6.2).
func TestTheFirstReportComesWithTheSound(t *testing.T) {
	s, sound, control := open(t)
	s.Connect(agreed())
	if in := s.reportDue(time.Now()); in != firstReport || len(control.sent) != 0 {
		t.Errorf("without sound %d reports, and the next in %v", len(control.sent), in)
	}
	said(s, sound, 1)
	if in := s.reportDue(time.Now()); in != reportEvery || len(control.sent) != 1 {
		t.Errorf("with sound %d reports, and the next in %v", len(control.sent), in)
	}
	if p, _ := sentReport(t, control); reflect.TypeOf(p) != reflect.TypeFor[*rtcp.SenderReport]() {
		t.Errorf("the first is %T", p)
	}
}

func TestNobodySaysGoodbyeWhoSaidNothing(t *testing.T) {
	s, sound, control := open(t)
	s.Connect(agreed())
	s.Close()
	if len(control.sent)+len(sound.sent) != 0 {
		t.Errorf("%d packets", len(control.sent))
	}
}

// On one port for both (RFC 5761) reports are told from sound by their type, and
// ours go out there.
func TestReportsOnThePortOfSound(t *testing.T) {
	s, sound, control := open(t)
	r := agreed()
	r.Mux = true
	s.Connect(r)
	hearSound(s, 7, 6)
	var p rtp.Packet
	s.receive(&p, writeReport(nil, 7, &sending{ntp: 1 << 40}, nil, "far", false), far, time.Second)
	if c := s.Counts(); c.Reports != 1 || c.Received != 6 || c.UnknownPayload != 0 {
		t.Errorf("%+v", c)
	}
	s.sendReport(time.Now(), false)
	if len(control.sent) != 0 || len(sound.sent) != 1 || sound.to[0] != far {
		t.Errorf("%d on the port of its own, %d on that of sound to %v", len(control.sent), len(sound.sent), sound.to)
	}
}

// A NAT box, which gives the far end's sound another port than it told, may give its
// reports any. Of an end that is where it said, they go where it said: other reports
// of that address are another's.
func TestReportsGoWhereTheyComeFrom(t *testing.T) {
	for sound, want := range map[uint16]uint16{61000: 61234, far.Port(): far.Port() + 1} {
		s, _, control := open(t)
		s.Connect(agreed())
		var p rtp.Packet
		for i := range 8 {
			s.receive(&p, pack(uint16(i), uint32(160*i), 7, PCMA, make([]byte, 160)), netip.AddrPortFrom(far.Addr(), sound), time.Second)
		}
		s.receiveReport(writeReport(nil, 7, nil, nil, "far", false), netip.AddrPortFrom(far.Addr(), 61234), time.Now())
		s.sendReport(time.Now(), false)
		if control.to[0].Port() != want {
			t.Errorf("sound from port %d: sent to %v", sound, control.to[0])
		}
	}
}

// A round trip that cannot be is none: of a report that we never sent, of clocks
// that run apart.
func TestRoundTripsThatCannotBe(t *testing.T) {
	for name, b := range map[string]reception{
		"no report yet":        {delay: 5},
		"before the session":   {last: 1},
		"answered before sent": {last: 1000 << 16, delay: 30 << 16},
		"longer than believed": {last: 985 << 16},
	} {
		var f farSide
		f.report(b, 1000<<16, time.Minute)
		if f.trips != 0 || !f.known {
			t.Errorf("%s: %+v", name, f)
		}
	}
	var f farSide
	f.report(reception{last: 998 << 16, delay: 1<<16 + 1<<15}, 1000<<16, time.Minute)
	f.report(reception{last: 998 << 16, delay: 1<<16 + 1<<14}, 1000<<16, time.Minute)
	if f.mean() != 625*time.Millisecond || f.most != 750*time.Millisecond {
		t.Errorf("mean %v, most %v", f.mean(), f.most)
	}
}

// FuzzReport reads what anybody sends: no byte beyond the end, and of another's
// writer the same that its own reader has.
func FuzzReport(f *testing.F) {
	f.Add(writeReport(nil, 1, &sending{}, []reception{{ssrc: 7}}, "name", true))
	f.Add([]byte{0x81, 200, 0, 6})
	f.Add([]byte{0xa0, 201, 0, 2, 0, 0, 0, 7, 0, 0, 0, 4})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, ok := readReport(b[:len(b):len(b)], 7)
		if !ok {
			return
		}
		if r.heard && (r.packets == 0 || r.block.ssrc != 7 || r.block.lost > lostMax || r.block.lost < -lostMax-1) {
			t.Fatalf("%+v", r)
		}
		ps, err := rtcp.Unmarshal(b)
		if err != nil {
			return
		}
		for _, p := range ps {
			if sr, is := p.(*rtcp.SenderReport); is && !r.sends {
				t.Fatalf("%v was not seen", sr)
			}
		}
	})
}

func TestReadingReportsMakesNoGarbage(t *testing.T) {
	b := writeReport(nil, 1, &sending{}, []reception{{ssrc: 7}}, "name", true)
	if a := testing.AllocsPerRun(100, func() {
		if _, ok := readReport(b, 7); !ok || binary.BigEndian.Uint16(b) == 0 {
			t.Fatal("not read")
		}
	}); a != 0 {
		t.Errorf("%v allocations", a)
	}
}
