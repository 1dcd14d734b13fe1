package conceal

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// talk is something like speech: syllables of a voice whose pitch and resonances
// glide, with hisses and pauses between them.
func talk(seed uint64, seconds int) []int16 {
	r := rand.New(rand.NewPCG(seed, 7))
	pcm := make([]int16, seconds*8000)
	base := 95 + 110*r.Float64()
	var phase, hiss float64
	for at := 0; at < len(pcm); {
		n := 800 + r.IntN(1600)
		kind := r.IntN(8)
		f0, f1 := base*(0.85+0.3*r.Float64()), base*(0.85+0.3*r.Float64())
		a0, a1 := 300+500*r.Float64(), 300+500*r.Float64()
		b0, b1 := 1000+1200*r.Float64(), 1000+1200*r.Float64()
		loud := 2000 + 4000*r.Float64()
		for i := 0; i < n && at < len(pcm); i, at = i+1, at+1 {
			x := float64(i) / float64(n)
			edge := min(1, float64(i)/160, float64(n-i)/240)
			var v float64
			noise := r.NormFloat64()
			switch {
			case kind < 6:
				f := f0 + (f1-f0)*x
				phase += f / 8000
				for h := 1.0; h*f < 3500; h++ {
					v += voiced(h*f, a0+(a1-a0)*x, b0+(b1-b0)*x) * math.Sin(2*math.Pi*phase*h+h*h*0.7)
				}
				v = loud * (v + 0.02*noise)
			case kind == 6:
				v = 0.25 * loud * (noise - hiss)
				hiss = noise
			}
			pcm[at] = int16(max(-32000, min(32000, edge*v+4*noise)))
		}
	}
	return pcm
}

func voiced(f, a, b float64) float64 {
	return math.Exp(-math.Pow((f-a)/180, 2)) + 0.5*math.Exp(-math.Pow((f-b)/250, 2)) + 0.015
}

// losses are packets of 20 ms by Gilbert and Elliott: a part of them, in bursts.
func losses(seed uint64, frames int, part, burst float64) []bool {
	r := rand.New(rand.NewPCG(seed, 11))
	lost := make([]bool, frames)
	end := 1 / burst
	begin := part * end / (1 - part)
	bad := false
	for f := 0; f+1 < frames; f += 2 {
		if bad {
			bad = r.Float64() >= end
		} else {
			bad = r.Float64() < begin
		}
		lost[f], lost[f+1] = bad, bad
	}
	return lost
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

// theirs is Appendix I, without its delay.
func theirs(ref []int16, lost []bool) []int16 {
	out := make([]int16, len(ref)+80)
	var a appendix
	for f := range lost {
		o := out[f*80 : f*80+80]
		copy(o, ref[f*80:])
		if lost[f] {
			a.bad(o)
		} else {
			a.good(o)
		}
	}
	return out[appendixDelay:]
}

// The bar: on every pattern of loss at least as good as Appendix I, sample by
// sample and by spectrum; much better when one more packet is there.
func TestBetterThanAppendixI(t *testing.T) {
	const seconds = 6
	for _, seed := range []uint64{1, 2} {
		var refs [3][]int16
		for voice := range refs {
			refs[voice] = talk(seed*100+uint64(voice), seconds)
		}
		for _, part := range []float64{0.02, 0.05, 0.10, 0.20} {
			for _, burst := range []float64{1.05, 1.5, 3} {
				var s, d [3]float64
				for voice, ref := range refs {
					lost := losses(seed*1000+uint64(voice), seconds*100, part, burst)
					for i, out := range [][]int16{theirs(ref, lost), ours(ref, lost, 0), ours(ref, lost, 1)} {
						s[i] += segmental(ref, out, lost) / 3
						d[i] += spectral(ref, out, lost) / 3
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

// The measure of all this must itself be right: on the vectors of the standard it
// gives what the standard's program gives. LAB names the folder that has them.
func TestAppendixIsTheStandards(t *testing.T) {
	dir := filepath.Join(os.Getenv("LAB"), "vectors")
	in, want := samples(filepath.Join(dir, "g711app1_f2.le")), samples(filepath.Join(dir, "g711app1_f2_10.raw"))
	if os.Getenv("LAB") == "" || in == nil || want == nil {
		t.Skip("the vectors of the standard are not here; LAB=DIR says where they are")
	}
	for _, name := range []string{"10", "10_2"} {
		want := samples(filepath.Join(dir, "g711app1_f2_"+name+".raw"))
		pattern := samples(filepath.Join(dir, "g711app1_fe"+name+".g192"))
		lost := make([]bool, len(in)/80)
		for f := range lost {
			lost[f] = pattern[f%len(pattern)] == 0x6b20
		}
		off := 0
		for i, v := range theirs(in, lost)[:len(lost)*80-appendixDelay] {
			if d := int(v) - int(want[i]); d > 2 || d < -2 {
				off++
			}
		}
		if part := float64(off) / float64(len(want)); part > 0.005 {
			t.Errorf("pattern %s: %.2f %% of samples differ from the standard's", name, 100*part)
		}
	}
}

// samples reads a raw file, nil when it is not there.
func samples(name string) []int16 {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	pcm := make([]int16, len(b)/2)
	for i := range pcm {
		pcm[i] = int16(uint16(b[2*i]) | uint16(b[2*i+1])<<8)
	}
	return pcm
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
