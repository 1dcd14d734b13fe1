package concealtest

import "math"

// appendix is the concealment of G.711 Appendix I, written from its description,
// to compare with.
type appendix struct {
	history [390]float64
	pitch   [390]float64
	lastq   [30]float64
	lag     int // period found
	quarter int
	length  int // of the periods in use, up to three
	offset  int
	lost    int
}

// delay is by how much its sound comes late.
const delay = 30

func (a *appendix) good(pcm []int16) {
	s := make([]float64, 80)
	for i, v := range pcm {
		s[i] = float64(v)
	}
	if a.lost > 0 {
		n := min(80, a.quarter+(a.lost-1)*32)
		made := a.speech(n)
		gain := max(0, 1-float64(a.lost-1)*0.2)
		for i := range n {
			w := float64(i+1) / float64(n)
			s[i] = (1-w)*gain*made[i] + w*s[i]
		}
		a.lost = 0
	}
	a.save(s, pcm)
}

func (a *appendix) bad(pcm []int16) {
	var s []float64
	switch {
	case a.lost == 0:
		a.pitch = a.history
		a.lag = a.find()
		a.quarter = a.lag / 4
		copy(a.lastq[:], a.pitch[390-a.quarter:])
		a.offset, a.length = 0, a.lag
		a.join()
		copy(a.history[390-a.quarter:], a.pitch[390-a.quarter:])
		s = a.speech(80)
	case a.lost <= 2:
		at := a.offset
		tail := a.speech(a.quarter)
		for a.offset = at; a.offset > a.lag; a.offset -= a.lag {
		}
		a.length += a.lag
		a.join()
		s = a.speech(80)
		for i := range a.quarter {
			w := float64(i+1) / float64(a.quarter)
			s[i] = (1-w)*tail[i] + w*s[i]
		}
		a.scale(s)
	case a.lost > 5:
		s = make([]float64, 80)
	default:
		s = a.speech(80)
		a.scale(s)
	}
	a.lost++
	a.save(s, pcm)
}

// join fades the last quarter period into what stands before the periods in use.
func (a *appendix) join() {
	q := a.quarter
	for i := range q {
		w := float64(i+1) / float64(q)
		a.pitch[390-q+i] = (1-w)*a.lastq[i] + w*a.pitch[390-a.length-q+i]
	}
}

func (a *appendix) speech(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = a.pitch[390-a.length+a.offset]
		if a.offset++; a.offset == a.length {
			a.offset = 0
		}
	}
	return out
}

func (a *appendix) scale(s []float64) {
	g := 1 - float64(a.lost-1)*0.2
	for i := range s {
		s[i] *= g
		g -= 0.2 / 80
	}
}

func (a *appendix) save(s []float64, pcm []int16) {
	copy(a.history[:], a.history[80:])
	copy(a.history[310:], s)
	for i := range pcm {
		pcm[i] = int16(a.history[390-80-delay+i])
	}
}

// find is the period: the best match of the last 20 ms, first by every second
// sample.
func (a *appendix) find() int {
	x := a.pitch[390-160:]
	match := func(from, step int) float64 {
		var cross, power float64
		for i := 0; i < 160; i += step {
			v := a.pitch[390-280+from+i]
			cross += x[i] * v
			power += v * v
		}
		return cross / math.Sqrt(max(power, 250))
	}
	best, at := match(0, 2), 0
	for j := 2; j <= 80; j += 2 {
		if c := match(j, 2); c >= best {
			best, at = c, j
		}
	}
	from, to := max(0, at-1), min(80, at+1)
	best, at = match(from, 1), from
	for j := from + 1; j <= to; j++ {
		if c := match(j, 1); c > best {
			best, at = c, j
		}
	}
	return 120 - at
}

// AppendixI is a sound with its lost frames of 10 ms concealed by Appendix I,
// without its delay; the last 30 samples are missing.
func AppendixI(sound []int16, lost []bool) []int16 {
	out := make([]int16, len(lost)*frame)
	var a appendix
	for f := range lost {
		o := out[f*frame : (f+1)*frame]
		copy(o, sound[f*frame:])
		if lost[f] {
			a.bad(o)
		} else {
			a.good(o)
		}
	}
	return out[delay:]
}
