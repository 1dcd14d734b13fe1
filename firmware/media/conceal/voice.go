package conceal

import "math"

// The period of a voice is looked for between 5 and 15 ms (66 to 200 Hz; a higher
// voice is found by two of its periods), as in Appendix I, in the last 20 ms.
const (
	minLag = 40
	maxLag = 120
	match  = 160
)

// pastSamples are the last 20 ms and the longest period before them.
const pastSamples = match + maxLag

// order is that of the filter: two for each kHz, for the resonances of a voice in
// telephony.
const order = 10

// voice goes on from a sound: its filter and the excitation of its last period.
type voice struct {
	excitation [maxLag]float32 // the last lag of them count
	pos        int
	lag        int
	steady     float32        // correlation of the sound with itself a period before
	filter     [order]float32 // y = excitation - filter · the last outputs
	memory     [order]float32 // last outputs, newest first
}

// learn takes a voice from what was heard.
func (v *voice) learn(past *[pastSamples]int16) {
	var x [pastSamples]float32
	for i, s := range past {
		x[i] = float32(s)
	}
	v.lag, v.steady = period(&x)
	v.excite(x[:])
}

// learnBack takes a voice from Behind samples that follow, going backwards; its
// period is near that of the voice before the gap.
func (v *voice) learnBack(behind []int16, near int) {
	var x [Behind]float32
	for i, s := range behind {
		x[len(x)-1-i] = float32(s)
	}
	const n = 48 // what the longest period leaves, less some
	end := x[len(x)-n:]
	best := float32(-1)
	v.lag = min(near, Behind-order)
	for lag := max(minLag, near-10); lag <= min(near+10, Behind-n); lag += 2 {
		y := x[len(x)-n-lag:][:n]
		cross, power := product(end, y), product(y, y)
		if cross > 0 && cross*cross > best*(power+1) {
			best, v.lag = cross*cross/(power+1), lag
		}
	}
	v.excite(x[:])
}

// excite finds the filter and the excitation of the last period of x.
func (v *voice) excite(x []float32) {
	v.filter = predictor(x[len(x)-Behind:])
	n := len(x)
	for i := range v.lag {
		y := x[n-v.lag-order+i:][: order+1 : order+1]
		e := y[order]
		for k, a := range v.filter {
			e += a * y[order-1-k]
		}
		v.excitation[i] = e
	}
	for k := range v.memory {
		v.memory[k] = x[n-1-k]
	}
	v.pos = 0
}

// next is the next sample.
func (v *voice) next() float32 {
	s := v.excitation[v.pos]
	if v.pos++; v.pos >= v.lag {
		v.pos = 0
	}
	m, f := &v.memory, &v.filter
	s -= f[0]*m[0] + f[1]*m[1] + f[2]*m[2] + f[3]*m[3] + f[4]*m[4]
	s -= f[5]*m[5] + f[6]*m[6] + f[7]*m[7] + f[8]*m[8] + f[9]*m[9]
	m[9], m[8], m[7], m[6], m[5] = m[8], m[7], m[6], m[5], m[4]
	m[4], m[3], m[2], m[1], m[0] = m[3], m[2], m[1], m[0], s
	return s
}

// period finds the lag by which the last 20 ms resemble what was before them
// best, by every second sample and lag first, and the correlation.
func period(x *[pastSamples]float32) (lag int, steady float32) {
	var half [pastSamples / 2]float32
	for i := range half {
		half[i] = x[2*i]
	}
	const n, longest = match / 2, maxLag / 2
	end := half[longest:]
	power := product(half[:n], half[:n])
	best, lag := float32(math.Inf(-1)), maxLag
	for from := 0; from <= longest-minLag/2; from++ {
		if from > 0 {
			power += half[from+n-1]*half[from+n-1] - half[from-1]*half[from-1]
		}
		if s := score(product(end, half[from:from+n]), power); s >= best {
			best, lag = s, 2*(longest-from)
		}
	}
	whole := x[maxLag:]
	own := product(whole, whole)
	best = float32(math.Inf(-1))
	for l, last := max(minLag, lag-1), min(maxLag, lag+1); l <= last; l++ {
		y := x[maxLag-l:][:match]
		cross, power := product(whole, y), product(y, y)
		if s := score(cross, power); s > best {
			best, lag = s, l
			steady = cross / (root(power*own) + 1)
		}
	}
	return lag, steady
}

// score ranks lags by what a period of that length explains, with its sign; a
// part too quiet to be a voice does not win by being small.
func score(cross, power float32) float32 {
	power = max(power, 250)
	if cross < 0 {
		return -cross * cross / power
	}
	return cross * cross / power
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }
