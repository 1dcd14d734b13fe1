package jitter

import (
	"math"
	"testing"

	"centralita/firmware/media"
)

// A far end speaks, asks for noise at -50 dBov and is silent for two seconds, then
// speaks again: the pause is noise of that level, nothing of it is lost, and what it
// says is heard whole.
func TestPauseIsComfortNoise(t *testing.T) {
	for _, level := range []uint8{40, 50, 70} {
		b, f := New(), new(media.Frame)
		var pcm [160]int16
		for i := range pcm {
			pcm[i] = 1000
		}
		const spoken, pause = 50, 100 // packets of 20 ms
		var noise []int16
		said, wrong := 0, 0
		for n := range spoken + pause + spoken {
			seq, ts := uint16(n), uint32(n*160)
			switch {
			case n == spoken || n == spoken+40: // and once more on the way
				b.Comfort(seq, ts, level)
			case n < spoken || n >= spoken+pause:
				b.Put(seq, ts, n == spoken+pause, pcm[:])
			}
			for h := range 2 {
				if !b.Pull(uint64(2*n+h), f) {
					continue
				}
				for _, v := range f.PCM() {
					switch {
					case v == 1000:
						said++
					case n > spoken+5 && n < spoken+pause-5:
						noise = append(noise, v)
					case n < spoken-1 || n > spoken+pause+5:
						wrong++
					}
				}
			}
		}
		c := b.Counters()
		if c.Concealed > 0 || wrong > 0 {
			t.Errorf("-%d: %d frames made up, %d samples wrong", level, c.Concealed, wrong)
		}
		if least := 2*spoken*160 - 800; said < least {
			t.Errorf("-%d: %d samples of speech, want %d", level, said, least)
		}
		var sum float64
		for _, v := range noise {
			sum += float64(v) * float64(v)
		}
		got := 20 * math.Log10(math.Sqrt(sum/float64(max(1, len(noise))))/32768)
		if math.Abs(got+float64(level)) > 1.5 {
			t.Errorf("noise of %.1f dBov, want -%d", got, level)
		}
	}
}

// After the pause a packet that does not come is lost as ever, and noise that belongs
// to nothing does nothing.
func TestComfortNoiseEnds(t *testing.T) {
	b, f := New(), new(media.Frame)
	b.Comfort(1, 12345, 0)
	if b.Pull(0, f) {
		t.Error("noise before anything was said")
	}
	var pcm [160]int16
	for i := range pcm {
		pcm[i] = int16(3000 * math.Sin(float64(i)*math.Pi/8))
	}
	for n := range 200 {
		switch {
		case n == 50:
			b.Comfort(uint16(n), uint32(n*160), 60)
		case n > 50 && n < 60, n == 150:
		case n == 160:
			b.Comfort(uint16(n), 1<<31, 0) // of nowhere
		default:
			b.Put(uint16(n), uint32(n*160), false, pcm[:])
		}
		b.Pull(uint64(2*n+1), f)
		b.Pull(uint64(2*n+2), f)
	}
	if c := b.Counters(); c.Concealed == 0 || c.Concealed > 6 {
		t.Errorf("%d frames made up; two packets did not come", c.Concealed)
	}
}
