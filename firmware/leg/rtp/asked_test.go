package rtp

import (
	"testing"
	"time"

	"github.com/pion/rtp"
)

// A far end that answered our types with others of its own is heard by either.
func TestTypesOfOurOfferAreHeard(t *testing.T) {
	for _, asked := range []uint8{0, 101} {
		s, _, _ := open(t)
		r := agreed()
		r.Event, r.EventAsked = 96, asked
		r.Payload, r.Opus, r.OpusAsked = 98, true, asked
		if asked != 0 {
			r.OpusAsked = 111
		}
		s.Connect(r)
		var p rtp.Packet
		for i, kind := range []uint8{96, 101, 97} {
			s.receive(&p, pack(uint16(10+i), uint32(5000+i*800), 1, kind, []byte{byte(1 + i), 10, 0, 80}), far, time.Duration(i)*100*time.Millisecond)
		}
		told := ""
		for len(s.Events()) > 0 {
			e := <-s.Events()
			told += string(e.Digit)
		}
		if want := map[uint8]string{0: "1", 101: "12"}[asked]; told != want {
			t.Errorf("our offer had %d: heard %q, wanted %q", asked, told, want)
		}
		c, sound := s.remote.Load().heard(111)
		if sound != (asked != 0) || sound && c != Opus {
			t.Errorf("our offer had %d: sound of 111 is %v %v", asked, c, sound)
		}
	}
}
