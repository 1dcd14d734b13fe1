package main

import (
	"math"
	"math/rand/v2"
	"testing"

	"centralita/firmware/media/g711"
	"centralita/firmware/media/soundtest"
)

// seeds are those of the short form's corpora.
var seeds = []uint64{101, 202}

func dice(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// between is a number from a to b.
func between(r *rand.Rand, a, b float64) float64 { return a + (b-a)*r.Float64() }

// white is noise of a level, as long as x, added to it.
func white(x []float64, r *rand.Rand, dBm0 float64) {
	for i := range x {
		x[i] += r.NormFloat64() * soundtest.RMS(dBm0)
	}
}

// sine is added to x.
func sine(x []float64, hz, dBm0, phase float64) {
	a := soundtest.RMS(dBm0) * math.Sqrt2
	for i := range x {
		x[i] += a * math.Sin(2*math.Pi*hz/8000*float64(i)+phase)
	}
}

// coding is how a line brings a sound.
type coding int

const (
	linear coding = iota
	aLaw
	uLaw
)

// brought is a sound as it comes from a line, in whole frames.
func brought(x []float64, c coding) []int16 {
	pcm := make([]int16, (len(x)+79)/80*80)
	for i, v := range x {
		pcm[i] = int16(math.Round(min(max(v, -32768), 32767)))
	}
	if c == linear {
		return pcm
	}
	law := g711.ALaw
	if c == uLaw {
		law = g711.MuLaw
	}
	octets := make([]byte, len(pcm))
	law.Encode(octets, pcm)
	law.Decode(pcm, octets)
	return pcm
}

// babble is people talking one after the other, loud, for a talk-off.
func babble(seed uint64, people int, seconds float64) [][]int16 {
	all := make([][]int16, people)
	for i := range all {
		all[i] = soundtest.Line(soundtest.NewVoice(seed*1000+uint64(i)).Talk(seconds, -12, 0.1, 0.4))
	}
	return all
}

// The table's helpers find figures and complain where there are none.
func TestFigures(t *testing.T) {
	v, err := figures("x\nMEAN late/drop 0.64%  mean delay 49.3 ms", `MEAN late/drop ([\d.]+)%  mean delay ([\d.]+)`)
	if err != nil || v[0] != 0.64 || v[1] != 49.3 {
		t.Errorf("%v, %v", v, err)
	}
	if _, err := figures("nothing", `x (\d)`); err == nil {
		t.Error("a figure of nothing")
	}
	if n := count("# a\nT 10 busy\nT 20 -\nD 1\n", "T"); n != 1 {
		t.Errorf("%d lines", n)
	}
	if _, err := prepare("", "x", 1); err == nil {
		t.Error("measured without the makers")
	}
}
