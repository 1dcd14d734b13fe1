package conceal

import (
	"math"
	"testing"

	"centralita/firmware/media/conceal/concealtest"
	"centralita/firmware/media/soundtest"
)

// talk is somebody talking at -20 dBm0.
func talk(seed uint64, seconds float64) []int16 {
	return soundtest.Line(soundtest.NewVoice(seed).Talk(seconds, -20, 0.1, 0.3))
}

// ours conceals with as many packets known behind the one that is played.
func ours(ref []int16, lost []bool, ahead int) []int16 {
	out := make([]int16, len(ref))
	var c Concealer
	for f := range lost {
		o := out[f*80 : f*80+80]
		if !lost[f] {
			copy(o, ref[f*80:])
			c.Good(o)
			continue
		}
		n := f + 1
		for n < len(lost) && lost[n] {
			n++
		}
		var behind []int16
		if n+1 < len(lost) && n/2 <= f/2+ahead {
			behind = ref[n*80 : n*80+160]
		}
		c.Lost(o, behind, (n-f)*80)
	}
	return out
}

// The bar: on every pattern of loss at least as good as Appendix I, sample by
// sample and by spectrum; much better when one more packet is there.
func TestBetterThanAppendixI(t *testing.T) {
	const seconds = 6
	seeds := []uint64{1, 2}
	if testing.Short() {
		seeds = seeds[:1]
	}
	for _, seed := range seeds {
		var refs [3][]int16
		for voice := range refs {
			refs[voice] = talk(seed*100+uint64(voice), seconds)
		}
		for _, part := range []float64{0.02, 0.05, 0.10, 0.20} {
			for _, burst := range []float64{1.05, 1.5, 3} {
				var s, d [3]float64
				for voice, ref := range refs {
					lost := concealtest.Losses(seed*1000+uint64(voice), seconds*100, part, burst)
					for i, out := range [][]int16{concealtest.AppendixI(ref, lost), ours(ref, lost, 0), ours(ref, lost, 1)} {
						s[i] += concealtest.Segmental(ref, out, lost) / 3
						d[i] += concealtest.Spectral(ref, out, lost) / 3
					}
				}
				t.Logf("seed %d, %2.0f %% in bursts of %.2f: SNR %.1f %.1f %.1f dB, spectra %.2f %.2f %.2f dB", seed, 100*part, burst, s[0], s[1], s[2], d[0], d[1], d[2])
				if s[1] < s[0] || d[1] > d[0] {
					t.Errorf("seed %d, %.0f %% in bursts of %.2f: Appendix I %.2f dB, %.2f; one-sided %.2f, %.2f", seed, 100*part, burst, s[0], d[0], s[1], d[1])
				}
				if s[2] < s[0]+1 || d[2] > d[0] {
					t.Errorf("seed %d, %.0f %% in bursts of %.2f: Appendix I %.2f dB, %.2f; two-sided %.2f, %.2f", seed, 100*part, burst, s[0], d[0], s[2], d[2])
				}
			}
		}
	}
}

// What came is not touched, but for the first milliseconds after a loss that
// could not see its end.
func TestGoodSoundStays(t *testing.T) {
	ref := talk(3, 4)
	lost := make([]bool, 400)
	for f := 40; f < 400; f += 50 {
		lost[f], lost[f+1] = true, true
	}
	for ahead, most := range []int{joinMost, 0} {
		out := ours(ref, lost, ahead)
		for f := range lost {
			if lost[f] {
				continue
			}
			for i := f * 80; i < f*80+80; i++ {
				join := f > 0 && lost[f-1] && i < f*80+most
				if out[i] != ref[i] && !join {
					t.Fatalf("%d packets ahead: sample %d of frame %d changed", ahead, i-f*80, f)
				}
			}
		}
	}
}

// A long loss fades to silence, and silence stays silence.
func TestFades(t *testing.T) {
	ref := talk(4, 1)
	var c Concealer
	var out [80]int16
	if c.Lost(out[:], nil, 80) {
		t.Error("something was made of nothing")
	}
	for f := range 50 {
		c.Good(ref[f*80 : f*80+80])
	}
	before := math.Inf(1)
	for f := range 60 {
		heard := c.Lost(out[:], nil, 80)
		var p float64
		for _, v := range out {
			p += float64(v) * float64(v)
		}
		if heard != (f <= hush/80) {
			t.Fatalf("frame %d: heard %v", f, heard)
		}
		if f%4 == 3 && heard {
			if p > before*1.2 {
				t.Errorf("frame %d is louder than the one before", f)
			}
			before = p
		}
		if f == hush/80 && p > 80*200 {
			t.Errorf("power %.0f where it goes silent", p/80)
		}
	}
}

// Whatever comes, no sample runs away: loud, full-scale and odd sounds, gaps of
// any length and pieces behind them that do not fit.
func FuzzConcealer(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 200, 255, 7, 7, 7, 7, 1, 1, 0, 0, 9})
	f.Add([]byte("\xff\x00\xff\x00\xff\x01\x01\x01\x01\x01\x01\x01"))
	f.Fuzz(func(t *testing.T, script []byte) {
		var c Concealer
		var pcm [80]int16
		for n, b := range script[:min(len(script), 400)] {
			for i := range pcm {
				pcm[i] = int16(int8(script[(n+i*int(b))%len(script)])) * int16(b)
			}
			if b%3 != 0 {
				c.Good(pcm[:1+int(b)%80])
				continue
			}
			behind := make([]int16, int(b)*2)
			for i := range behind {
				behind[i] = int16(int8(script[(i*3+n)%len(script)])) << 8
			}
			c.Lost(pcm[:1+int(b)%80], behind, int(script[(n+1)%len(script)])*4)
			for _, e := range c.ahead.memory {
				if e != e || e > 1e7 || e < -1e7 {
					t.Fatalf("ran away: %g", e)
				}
			}
		}
	})
}

func TestAllocatesNothing(t *testing.T) {
	ref := talk(5, 1)
	var c Concealer
	f := make([]int16, 80)
	if n := testing.AllocsPerRun(100, func() {
		copy(f, ref)
		c.Good(f)
		c.Lost(f, ref[400:560], 160)
		c.Lost(f, ref[400:560], 80)
		c.Good(f)
		c.Lost(f, nil, 80)
	}); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

func BenchmarkGood(b *testing.B) {
	var c Concealer
	f := talk(6, 1)[:80]
	b.ReportAllocs()
	for b.Loop() {
		c.Good(f)
	}
}

// The first frame of a loss costs most.
func BenchmarkLost(b *testing.B) {
	ref := talk(7, 1)
	var c Concealer
	var out [80]int16
	for f := range 20 {
		c.Good(ref[f*80 : f*80+80])
	}
	b.ReportAllocs()
	for b.Loop() {
		c.lost, c.left = 0, 0
		c.Lost(out[:], nil, 80)
	}
}

// A packet of 20 ms between others, an operation being 10 ms of it.
func BenchmarkLostBetween(b *testing.B) {
	ref := talk(8, 1)
	var c Concealer
	var out [80]int16
	for f := range 20 {
		c.Good(ref[f*80 : f*80+80])
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%2 == 0 {
			c.lost, c.left = 0, 0
		}
		c.Lost(out[:], ref[1760:1920], 160-i%2*80)
	}
}
