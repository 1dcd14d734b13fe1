package rtp

import (
	"bytes"
	"testing"
	"time"

	"centralita/firmware/media"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// agreedKeys are the agreements of two ends that share keys.
func agreedKeys(suite Suite) (near, away Remote) {
	a, b := suite.NewKey(), suite.NewKey()
	near, away = agreed(), agreed()
	near.Keys, away.Keys = &Keys{suite, a, b}, &Keys{suite, b, a}
	return near, away
}

// said are the packets of ten ticks of tone.
func said(s *Session, q *quiet, from uint64) [][]byte {
	var f media.Frame
	for n := range 10 {
		tone(&f, n)
		s.Write(from+uint64(n), &f)
	}
	out := q.sent
	q.sent = nil
	return out
}

func TestSecureSoundIsHeardByWhoHasTheKeysOnly(t *testing.T) {
	for suite := range profiles {
		t.Run(string(suite), func(t *testing.T) {
			near, away := agreedKeys(suite)
			us, sound, _ := open(t)
			them, _, _ := open(t)
			stranger, _, _ := open(t)
			us.Connect(near)
			them.Connect(away)
			_, other := agreedKeys(suite)
			stranger.Connect(other)
			plain, plainSound, _ := open(t)
			plain.Connect(agreed())
			clear := said(plain, plainSound, 1)
			var p rtp.Packet
			for i, b := range said(us, sound, 1) {
				if bytes.Contains(b, clear[i][headerSize:headerSize+40]) {
					t.Fatal("sound can be read on the wire")
				}
				stranger.receive(&p, bytes.Clone(b), far, time.Second)
				them.receive(&p, bytes.Clone(b), far, time.Second)
				them.receive(&p, bytes.Clone(b), far, time.Second) // again
				b[len(b)-30] ^= 1
				them.receive(&p, b, far, time.Second) // forged
			}
			if c := them.Counts(); c.Received != 5 || c.Unauthentic != 10 {
				t.Errorf("%d heard, %d not believed; want 5 and 10", c.Received, c.Unauthentic)
			}
			if c := stranger.Counts(); c.Received != 0 || c.Unauthentic != 5 {
				t.Errorf("a stranger hears %d packets", c.Received)
			}
		})
	}
}

func TestPlainSoundIsNotBelievedWhereKeysWereAgreed(t *testing.T) {
	s, _, _ := open(t)
	near, _ := agreedKeys(AES80)
	s.Connect(near)
	var p rtp.Packet
	for n := range uint16(10) {
		s.receive(&p, pack(n, uint32(n)*160, 7, PCMA, make([]byte, 160)), far, time.Second)
	}
	if c := s.Counts(); c.Received != 0 {
		t.Errorf("%d plain packets heard", c.Received)
	}
}

// TestHoldKeepsTheCount: a later offer with the same keys goes on with their count
// of packets; with new ones it begins anew.
func TestHoldKeepsTheCount(t *testing.T) {
	near, away := agreedKeys(AES80)
	us, sound, _ := open(t)
	them, _, _ := open(t)
	us.Connect(near)
	them.Connect(away)
	var p rtp.Packet
	first := said(us, sound, 1)
	for _, b := range first {
		them.receive(&p, bytes.Clone(b), far, time.Second)
	}
	again := *away.Keys
	away.Keys = &again
	them.Connect(away)
	them.receive(&p, bytes.Clone(first[0]), far, time.Second)
	if c := them.Counts(); c.Unauthentic != 1 {
		t.Error("a packet from before the offer is heard twice")
	}
	near, away = agreedKeys(AES80)
	us.Connect(near)
	them.Connect(away)
	for _, b := range said(us, sound, 11) {
		them.receive(&p, b, far, time.Second)
	}
	if c := them.Counts(); c.Received != 10 {
		t.Errorf("%d packets heard, want 10", c.Received)
	}
}

func TestKeysThatAreNoneSilence(t *testing.T) {
	s, sound, control := open(t)
	r := agreed()
	r.Keys = &Keys{Suite: AES80, Ours: []byte("short"), Theirs: []byte("short")}
	s.Connect(r)
	if sent := said(s, sound, 1); len(sent) != 0 {
		t.Errorf("%d packets went out in the clear", len(sent))
	}
	s.sendReport(time.Now(), false)
	if len(control.sent) != 0 {
		t.Error("a report went out in the clear")
	}
}

func TestSecureReports(t *testing.T) {
	near, away := agreedKeys(AES32)
	us, _, control := open(t)
	them, _, _ := open(t)
	us.Connect(near)
	them.Connect(away)
	us.sendReport(time.Now(), false)
	if len(control.sent) != 1 {
		t.Fatal("no report")
	}
	b := control.sent[0]
	if ps, err := rtcp.Unmarshal(b); err == nil && len(ps) > 1 {
		t.Error("a stranger reads the report")
	}
	them.receiveReport(bytes.Clone(b), farControl, time.Now())
	them.receiveReport(bytes.Clone(b), farControl, time.Now())
	if c := them.Counts(); c.Reports != 1 || c.Unauthentic != 1 {
		t.Errorf("%d reports read, %d refused; want 1 and 1", c.Reports, c.Unauthentic)
	}
}

func TestSecureSoundMakesNoGarbage(t *testing.T) {
	near, away := agreedKeys(AES80)
	us, sound, _ := open(t)
	them, _, _ := open(t)
	us.Connect(near)
	them.Connect(away)
	var f media.Frame
	tone(&f, 0)
	n := uint64(0)
	sound.mute = true
	if got := testing.AllocsPerRun(200, func() { n++; us.Write(n, &f) }); got != 0 {
		t.Errorf("%v allocations a tick", got)
	}
	sound.mute = false
	var packets [][]byte
	for range 100 {
		n++
		us.Write(n, &f)
	}
	packets = sound.sent
	var p rtp.Packet
	i := 0
	if got := testing.AllocsPerRun(len(packets)-2, func() { them.receive(&p, packets[i], far, time.Second); i++ }); got != 0 {
		t.Errorf("%v allocations a packet heard", got)
	}
}
