package jitter

import (
	"testing"

	"centralita/firmware/media"
)

// pulled is what a buffer gives in some ticks, from a tick on.
func pulled(b *Buffer, from, ticks int) (out []int16) {
	var f media.Frame
	for t := range ticks {
		if b.Pull(uint64(from+t), &f) {
			out = append(out, f.PCM()...)
		} else {
			out = append(out, make([]int16, frame)...)
		}
	}
	return out
}

// A packet that came in good time before its tick is played in that tick, one that
// came close to it a tick later.
func TestBeginsWithoutWaiting(t *testing.T) {
	pcm := voice(320)
	for before, silent := range map[uint32]int{40: 0, 4: frame} {
		b := New()
		b.PutAt(5*uint32(frame)-before, 1, 1000, true, pcm[:160])
		out := pulled(b, 5, 2)
		for i, v := range out[:silent] {
			if v != 0 {
				t.Fatalf("%d samples before: sample %d is %d, want silence", before, i, v)
			}
		}
		if !equal(out[silent:], pcm[:len(out)-silent]) {
			t.Errorf("%d samples before: other sound than came", before)
		}
	}
}

// Of packets that waited for the first tick the newest is played, so that the call
// does not bear their delay; the parts of one packet belong together.
func TestBeginsWithTheNewest(t *testing.T) {
	pcm := voice(960)
	b := New()
	for n := range 3 {
		b.PutAt(20, uint16(n), uint32(160*n), n == 0, pcm[160*n:160*n+160])
	}
	if out := pulled(b, 1, 2); !equal(out, pcm[320:480]) {
		t.Error("three packets: the newest is not what is played")
	}
	b = New()
	b.PutAt(20, 7, 0, true, pcm[:320])
	b.PutAt(20, 7, 320, false, pcm[320:480])
	if out := pulled(b, 1, 6); !equal(out, pcm[:480]) {
		t.Error("a packet of 60 ms in two parts is not played from its beginning")
	}
}
