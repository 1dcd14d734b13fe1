package quality

import (
	"math"
	"testing"
)

// Loss, order and doubles are counted as RFC 3550 defines, across the wrap.
func TestCounts(t *testing.T) {
	var r Receiver
	feed := func(seqs ...uint16) {
		for _, s := range seqs {
			r.Seen(s)
		}
	}
	feed(65530, 65531, 65533, 65532, 65533) // disorder and a double
	if r.Expected() != 4 || r.Lost() != -1 || r.Totals() != (Totals{Expected: 4, Received: 4, Twice: 1, Gaps: 1, Missed: 1}) {
		t.Fatalf("expected %d lost %d, %+v", r.Expected(), r.Lost(), r.Totals())
	}
	feed(65535, 0, 1, 5) // 65534, 2, 3, 4 lost
	if r.Expected() != 12 || r.Lost() != 3 || r.Totals().Lost() != 4 || r.Highest() != 1<<16|5 {
		t.Fatalf("expected %d lost %d highest %#x", r.Expected(), r.Lost(), r.Highest())
	}
	if f := r.Fraction(); f != 3*256/12 {
		t.Fatalf("fraction %d/256", f)
	}
	feed(6, 7, 8)
	if f := r.Fraction(); f != 0 {
		t.Fatalf("fraction %d/256 of a clean interval", f)
	}
	if b := r.Totals().Burst(); math.Abs(b-5.0/3) > 1e-9 { // 65532 late, 65534, and 2 to 4
		t.Fatalf("mean gap of %.2f packets", b)
	}
}

// A lone packet from nowhere is not counted; two in a row are a new stream, and
// what was counted before stays in the totals.
func TestNewStream(t *testing.T) {
	var r Receiver
	for s := range uint16(10) {
		r.Seen(s)
	}
	if v := r.Seen(40000); v != Strange || r.Expected() != 10 {
		t.Fatalf("a stray packet was %v", v)
	}
	r.Seen(10)
	r.Seen(20000)
	if v := r.Seen(20001); v != Anew || r.Expected() != 1 {
		t.Fatalf("%v, expected %d after the new stream began", v, r.Expected())
	}
	r.Seen(20003)
	if got, want := r.Totals(), (Totals{Expected: 14, Received: 13, Gaps: 1, Missed: 1}); got != want {
		t.Fatalf("totals %+v, want %+v", got, want)
	}
	r.Begin(7)
	if r.Lost() != 0 || r.Totals().Lost() != 1 {
		t.Fatalf("lost %d of the new stream, %d in all", r.Lost(), r.Totals().Lost())
	}
}

// The jitter of packets alternating by 16 samples must settle at 16, and a clock
// set anew is none.
func TestJitter(t *testing.T) {
	var r Receiver
	shift := uint32(0)
	for i := range uint32(500) {
		if i == 250 {
			shift = 800000
		}
		r.Seen(uint16(i))
		r.Timed(i*160, shift+i*160+16*(i&1), 8000)
	}
	if j := r.Jitter(); j < 15.9 || j > 16 {
		t.Fatalf("jitter %.2f", j)
	}
	if mean, most := r.Jitters(); mean < 15 || mean > 16 || most > 16 {
		t.Fatalf("jitter of %.2f in the mean, %.2f at most", mean, most)
	}
}
