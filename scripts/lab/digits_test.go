package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"centralita/firmware/media/dtmf"
)

// dialled is a row of digits as a line brings them: levels and twist (high over
// low) in dB, times in ms, frequencies off in %.
type dialled struct {
	name         string
	on, off      float64
	level, twist float64
	low, high    float64 // off by
	hole         float64 // ms without sound in the middle
	snr          float64 // 0 none
	coding       coding
	only         string // instead of all sixteen
	under        func(r *rand.Rand, x []float64)
	echoMs       float64
	echoDB       float64
}

func (d dialled) defaults() dialled {
	if d.on == 0 {
		d.on, d.off = 50, 50
	}
	if d.off == 0 {
		d.off = 50
	}
	if d.level == 0 {
		d.level = -10
	}
	return d
}

// key is one that was pressed: from and to in samples.
type key struct {
	digit    byte
	from, to int
}

const pad = "123A456B789C*0#D"

// sound makes 32 digits.
func (d dialled) sound(r *rand.Rand) ([]int16, []key) {
	d = d.defaults()
	x := make([]float64, 400+r.IntN(500))
	var keys []key
	for range 2 {
		order := d.only
		if order == "" {
			for _, i := range r.Perm(16) {
				order += string(pad[i])
			}
		}
		for i := range len(order) {
			keys = append(keys, key{order[i], len(x), len(x) + int(d.on*8)})
			x = append(x, d.press(r, order[i])...)
			x = append(x, make([]float64, int(d.off*8)+r.IntN(17))...)
		}
	}
	x = append(x, make([]float64, 800)...)
	if n := int(d.echoMs * 8); n > 0 {
		g := math.Pow(10, -d.echoDB/20)
		for i := len(x) - 1; i >= n; i-- {
			x[i] += g * x[i-n]
		}
	}
	if d.snr != 0 {
		white(x, r, d.level+3-d.snr)
	}
	if d.under != nil {
		d.under(r, x)
	}
	return brought(x, d.coding), keys
}

func (d dialled) press(r *rand.Rand, digit byte) []float64 {
	i := strings.IndexByte(pad, digit)
	rows, cols := [4]float64{697, 770, 852, 941}, [4]float64{1209, 1336, 1477, 1633}
	x := make([]float64, int(d.on*8))
	sine(x, rows[i/4]*(1+d.low/100), d.level-d.twist/2, 6*r.Float64())
	sine(x, cols[i%4]*(1+d.high/100), d.level+d.twist/2, 6*r.Float64())
	hole := int(d.hole * 8)
	for k := range x {
		x[k] *= min(1, float64(k+1)/4, float64(len(x)-k)/4)
		if m := k - len(x)/2; m >= 0 && m < hole {
			x[k] = 0
		}
	}
	return x
}

// inSpec are the conditions of ITU-T Q.24 and of receivers' data sheets in which
// every digit must be taken.
func inSpec(r *rand.Rand) []dialled {
	var all []dialled
	add := func(d dialled) { d.name = fmt.Sprintf("%d: %+v", len(all), d); all = append(all, d) }
	for _, l := range []float64{-3, -6, -20, -25, -30, -35} {
		add(dialled{level: l})
	}
	for _, tw := range []float64{2, 4, -4, -6, -8} {
		add(dialled{twist: tw, level: -14})
	}
	for _, f := range []float64{.5, 1, 1.5} {
		add(dialled{low: f, high: f})
		add(dialled{low: -f, high: -f})
		add(dialled{low: f, high: -f})
	}
	for _, on := range []float64{40, 45, 65, 100} {
		add(dialled{on: on, off: max(40, on/2)})
	}
	add(dialled{on: 50, off: 40})
	add(dialled{on: 50, off: 40, only: "5555555555555555"})
	add(dialled{on: 40, off: 40})
	for _, h := range []float64{3, 5, 8, 10} {
		add(dialled{on: 120, off: 60, hole: h})
	}
	for _, s := range []float64{25, 20, 18, 15} {
		add(dialled{snr: s, level: -20})
	}
	for _, hz := range [][2]float64{{350, 440}, {425, 0}} {
		add(dialled{under: func(r *rand.Rand, x []float64) {
			for _, f := range hz {
				if f > 0 {
					sine(x, f, -16, 6*r.Float64())
				}
			}
		}})
	}
	for _, hz := range []float64{50, 60} {
		add(dialled{level: -15, under: func(r *rand.Rand, x []float64) { sine(x, hz, -20, 0); sine(x, 3*hz, -30, 0) }})
	}
	add(dialled{level: -12, echoMs: 20, echoDB: 10})
	add(dialled{level: -12, echoMs: 8, echoDB: 10})
	add(dialled{level: -20, under: func(_ *rand.Rand, x []float64) {
		for i := range x {
			x[i] += 600
		}
	}})
	add(dialled{level: -25, coding: aLaw})
	add(dialled{level: -25, coding: uLaw})
	for range 20 {
		add(dialled{on: float64(40 + r.IntN(50)), off: float64(40 + r.IntN(50)), level: between(r, -30, -6), twist: between(r, -8, 4),
			low: between(r, -1.5, 1.5), high: between(r, -1.5, 1.5), snr: between(r, 18, 30), coding: coding(r.IntN(3))})
	}
	return all
}

// outOfSpec are those in which none may be.
func outOfSpec() []dialled {
	return []dialled{
		{name: "-50 dBm0", level: -50}, {name: "-55 dBm0", level: -55},
		{name: "3.5 % sharp", low: 3.5, high: 3.5}, {name: "3.5 % flat", low: -3.5, high: -3.5},
		{name: "5 % sharp", low: 5, high: 5}, {name: "5 % flat", low: -5, high: -5},
		{name: "10 ms", on: 10, off: 80}, {name: "15 ms", on: 15, off: 80}, {name: "20 ms", on: 20, off: 80}, {name: "23 ms", on: 23, off: 80},
	}
}

// tally counts digits by the scorer's rule: a report within the digit and 60 ms
// after it is a hit, any other false.
type tally struct {
	keys, hits, wrong int
	late              float64 // ms, sum
}

func (t *tally) hear(p dtmf.Profile, pcm []int16, keys []key) {
	d := dtmf.NewDetector(p)
	t.keys += len(keys)
	hit := make([]bool, len(keys))
	for at := 0; at+32 <= len(pcm); at += 32 {
		for _, c := range d.Process(pcm[at : at+32]) {
			if !c.Began {
				continue
			}
			ok := false
			for i, k := range keys {
				if !hit[i] && k.digit == c.Digit && at+32 >= k.from && at+32 <= k.to+480 {
					hit[i], ok = true, true
					t.hits++
					t.late += float64(at+32-k.from) / 8
					break
				}
			}
			if !ok {
				t.wrong++
			}
		}
	}
}

// The line profile takes what it must and nothing else, in time; the call profile
// hears nothing in speech.
func TestDigits(t *testing.T) {
	for _, seed := range seeds {
		for name, bar := range map[string]struct {
			profile dtmf.Profile
			accept  float64
			late    float64
			hits    int
		}{"line": {dtmf.Line(), 99.9, 33, 1}, "call": {dtmf.Call(), 99.5, 40, 0}} {
			var in, out tally
			r := dice(seed, 1)
			for _, d := range inSpec(r) {
				before := in
				pcm, keys := d.sound(r)
				in.hear(bar.profile, pcm, keys)
				if missed := in.keys - before.keys - in.hits + before.hits; name == "line" && missed+in.wrong-before.wrong > 0 {
					t.Logf("seed %d: %d missed, %d false: %s", seed, missed, in.wrong-before.wrong, d.name)
				}
			}
			for _, d := range outOfSpec() {
				before := out
				pcm, _ := d.sound(r)
				out.hear(bar.profile, pcm, nil)
				if out.wrong > before.wrong {
					t.Errorf("%s, seed %d: %d reported of %s", name, seed, out.wrong-before.wrong, d.name)
				}
			}
			accept := 100 * float64(in.hits) / float64(in.keys)
			late := in.late / float64(in.hits)
			t.Logf("%s, seed %d: %.2f %% of %d digits, %d false, %.1f ms", name, seed, accept, in.keys, in.wrong, late)
			if accept < bar.accept || in.wrong > 0 || late > bar.late {
				t.Errorf("%s, seed %d: %.2f %% of %d digits, %d false, %.1f ms", name, seed, accept, in.keys, in.wrong, late)
			}
			var talk tally
			for _, pcm := range babble(seed, 6, 60) {
				talk.hear(bar.profile, pcm, nil)
			}
			if talk.wrong > bar.hits {
				t.Errorf("%s, seed %d: %d digits in six minutes of babble", name, seed, talk.wrong)
			}
		}
	}
}
