package quality

import (
	"math"
	"testing"
)

// Loss, order and doubles are counted as RFC 3550 defines, across the wrap.
func TestCounts(t *testing.T) {
	var r Receiver
	at := uint32(0)
	feed := func(seqs ...uint16) {
		for _, s := range seqs {
			r.Seen(s, at, at+500)
			at += 160
		}
	}
	feed(65530, 65531, 65533, 65532, 65533) // disorder and a double
	if r.Expected() != 4 || r.Lost() != 0 || r.Twice() != 1 {
		t.Fatalf("expected %d lost %d twice %d", r.Expected(), r.Lost(), r.Twice())
	}
	feed(65535, 0, 1, 5) // 65534, 2, 3, 4 lost
	if r.Expected() != 12 || r.Lost() != 4 || r.Highest() != 1<<16|5 {
		t.Fatalf("expected %d lost %d highest %#x", r.Expected(), r.Lost(), r.Highest())
	}
	if f := r.Fraction(); f != 4*256/12 {
		t.Fatalf("fraction %d/256", f)
	}
	feed(6, 7, 8)
	if f := r.Fraction(); f != 0 {
		t.Fatalf("fraction %d/256 of a clean interval", f)
	}
}

// A lone packet from nowhere is not counted; two in a row are a new stream.
func TestNewStream(t *testing.T) {
	var r Receiver
	for s := range uint16(10) {
		r.Seen(s, 0, 0)
	}
	if r.Seen(40000, 0, 0) || r.Expected() != 10 {
		t.Fatal("a stray packet was taken")
	}
	r.Seen(10, 0, 0)
	r.Seen(20000, 0, 0)
	if !r.Seen(20001, 0, 0) || r.Expected() != 1 {
		t.Fatalf("expected %d after the new stream began", r.Expected())
	}
}

// The jitter of packets alternating by 16 samples must settle at 16.
func TestJitter(t *testing.T) {
	var r Receiver
	for i := range uint32(500) {
		r.Seen(uint16(i), i*160, i*160+16*(i&1))
	}
	if j := r.Jitter(); j < 15 || j > 16 {
		t.Fatalf("jitter %d", j)
	}
}

// The scores that G.107's curves show, and the right order everywhere.
func TestScore(t *testing.T) {
	for _, tc := range []struct {
		l    Line
		want float64
	}{
		{Line{}, 4.41}, {Line{Delay: 150}, 4.33}, {Line{Delay: 400}, 3.0},
		{Line{Loss: .01}, 4.33}, {Line{Loss: .05}, 3.96}, {Line{Loss: .2}, 2.6}, {Line{Loss: 1}, 1},
	} {
		if got := Score(tc.l); math.Abs(got-tc.want) > 0.2 {
			t.Errorf("%+v: %.2f, want %.2f", tc.l, got, tc.want)
		}
	}
	last := 5.0
	for loss := 0.0; loss <= 1; loss += 0.01 {
		s := Score(Line{Loss: loss, Delay: 50})
		if s > last || s < 1 {
			t.Fatalf("score %.2f at %.0f %% loss", s, 100*loss)
		}
		last = s
	}
	if s := Score(Line{Loss: math.NaN(), Delay: math.Inf(1)}); s != 1 {
		t.Errorf("nonsense scores %g", s)
	}
}
