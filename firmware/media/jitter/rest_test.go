package jitter

import (
	"testing"

	"centralita/firmware/media"
)

func TestRestIsWhatWasNotPlayed(t *testing.T) {
	b := New()
	var pcm [RestMax]int16
	if _, _, any := b.Rest(&pcm); any {
		t.Fatal("an empty buffer has a rest")
	}
	b = New()
	var f media.Frame
	played := 0
	value := func(ts int) int16 { return int16(1 + ts%1000) }
	for n := range 6 {
		var p [160]int16
		for i := range p {
			p[i] = value(n*160 + i)
		}
		b.Put(uint16(n), uint32(n*160), false, p[:])
		if n < 4 {
			for range 2 {
				b.Pull(0, &f)
				if b.played.Samples > 0 && b.played.Made == 0 {
					played = int(b.played.TS) + b.played.Samples
				}
			}
		}
	}
	n, next, any := b.Rest(&pcm)
	if !any || next != 6*160 || played+n != 6*160 {
		t.Fatalf("played up to %d, then %d to %d", played, n, next)
	}
	for i, v := range pcm[:n] {
		if v != value(played+i) {
			t.Fatalf("sample %d is %d, want %d", played+i, v, value(played+i))
		}
	}
}
