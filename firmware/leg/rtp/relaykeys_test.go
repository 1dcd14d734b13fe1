package rtp

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// A relay between an end with keys and one without encrypts and decrypts on the way.
func TestRelayBetweenSecureAndPlain(t *testing.T) {
	for suite := range profiles {
		c := newCouple(t)
		near, away := agreedKeys(suite)
		c.b.Connect(near)
		them, _, _ := open(t)
		them.Connect(away)
		c.relay(Relayed{})
		for n := range 10 {
			c.say(voice(n))
		}
		var p rtp.Packet
		for n, b := range c.fb.sent {
			if bytes.Contains(b, voice(n)[:40]) {
				t.Fatalf("%s: sound can be read on the wire", suite)
			}
			them.receive(&p, bytes.Clone(b), far, time.Duration(n)*20*time.Millisecond)
		}
		if got := them.Counts(); got.Received != 10 || got.Unauthentic != 0 {
			t.Errorf("%s: %d packets heard, %d not believed", suite, got.Received, got.Unauthentic)
		}
		back := them.remote.Load().secure
		for n := range 10 {
			c.b.receive(&p, bytes.Clone(back.protect(pack(uint16(n), uint32(160*n), 9, PCMA, voice(n)))), far, time.Duration(n)*20*time.Millisecond)
		}
		if len(c.fa.sent) != 10 {
			t.Fatalf("%s: %d packets to the plain end", suite, len(c.fa.sent))
		}
		for n, b := range c.fa.sent {
			if !bytes.Equal(b[headerSize:], voice(n)) {
				t.Fatalf("%s: packet %d is not what was said", suite, n)
			}
		}
	}
}
