package rtp

import (
	"testing"
	"time"

	"centralita/firmware/media"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// FuzzRTP feeds datagrams cut out of the input to a session as its far end would.
func FuzzRTP(f *testing.F) {
	f.Add(pack(1, 160, 7, PCMA, make([]byte, 160)))
	f.Add(pack(65535, 1<<31, 7, PCMU, nil))
	f.Add(pack(2, 320, 7, 101, []byte{5, 0x8a, 3, 0x20}))
	f.Add(pack(2, 320, 7, 101, []byte{200, 0}))
	f.Add([]byte{0xbf, 0x80, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xbe, 0xde, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, sound, _ := open(t)
		sound.mute = true
		s.Connect(agreed())
		var p rtp.Packet
		var frame media.Frame
		for n := uint64(1); n <= 8; n++ {
			s.receive(&p, b, far, time.Duration(n)*20*time.Millisecond)
			if len(b) > 2 {
				b[len(b)/2]++ // the next one differs a little
			}
			frame.Silence(media.Narrow)
			s.Read(n, &frame)
			s.Write(n, &frame)
		}
		if c := s.Counts(); c.Received > 8 {
			t.Fatalf("%d packets of 8", c.Received)
		}
	})
}

// FuzzRTCP feeds one datagram to the reporter.
func FuzzRTCP(f *testing.F) {
	for _, p := range []rtcp.Packet{
		&rtcp.SenderReport{SSRC: 1, Reports: []rtcp.ReceptionReport{{SSRC: 2, TotalLost: 3}}},
		&rtcp.ReceiverReport{SSRC: 1}, &rtcp.Goodbye{Sources: []uint32{1}},
	} {
		if b, err := rtcp.Marshal([]rtcp.Packet{p}); err == nil {
			f.Add(b)
		}
	}
	f.Add([]byte{0x81, 200, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, _, _ := open(t)
		s.Connect(agreed())
		s.receiveReport(b, farControl, time.Now())
		s.sendReport(time.Now(), false)
		if c := s.Counts(); c.FarLost < 0 || c.FarLost > 1 || c.RoundTripMS < 0 {
			t.Fatalf("%+v", c)
		}
	})
}
