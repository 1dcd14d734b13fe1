package tone

import (
	"math"
	"time"
)

// Measured is what a tone turned out to be, as far as a stretch of sound shows it.
type Measured struct {
	Hz    [2]float64    // the stronger first; the second is 0 for a single tone
	DBm0  float64       // while it sounds
	On    time.Duration // 0 where the stretch holds no whole burst
	Off   time.Duration // 0 where it holds no whole pause
	Whole bool          // it sounds without a pause
}

// Bounds of measuring. Tones of all countries lie within 300..1000 Hz (E.180); a
// burst shorter than 60 ms is a click.
const (
	measureLow   = 300.0
	measureHigh  = 1000.0
	measureStep  = 4.0
	measureMost  = 3200 // samples of a burst that are looked at: 400 ms tell 2 Hz
	burstLeast   = 6    // frames
	measureFloor = -48  // dBm0
	pureShare    = 0.6  // of a burst's power that one or two tones explain
)

// zeroRMS is the RMS of 0 dBm0 (G.711: full scale is +3.14 dBm0).
const zeroRMS = 16141.0

// Measure finds frequencies, level and cadence of the tone at the end of a stretch
// of sound; false when no tone is there. It is not for the media tick: a stretch
// of 8 s takes some milliseconds.
func Measure(pcm []int16) (Measured, bool) {
	power := make([]float64, len(pcm)/80)
	loudest := 0.0
	for i := range power {
		for _, x := range pcm[80*i : 80*i+80] {
			power[i] += float64(x) * float64(x) / 80
		}
		loudest = max(loudest, power[i])
	}
	if 10*math.Log10(loudest/(zeroRMS*zeroRMS)+1e-12) < measureFloor {
		return Measured{}, false
	}
	runs := runsOf(power, loudest/16) // 12 dB down is a pause
	var m Measured
	best := run{}
	for i := len(runs) - 1; i >= 0; i-- {
		r := runs[i]
		if !r.on || r.n < burstLeast {
			continue
		}
		found, ok := spectrum(pcm[80*r.at : 80*(r.at+r.n)])
		if best.n == 0 && (!ok || i < len(runs)-1 && r.n < 2*burstLeast) {
			continue // somebody who answered the tone
		}
		if !ok || best.n > 0 && math.Abs(found.Hz[0]-m.Hz[0]) > 3*measureStep {
			break // what came before is not the tone
		}
		if r.n > best.n {
			best, m.Hz, m.DBm0 = r, found.Hz, found.DBm0
		}
		if i > 0 && i < len(runs)-1 { // whole bursts only
			m.On = time.Duration(r.n) * 10 * time.Millisecond
			m.Off = max(m.Off, pause(runs, i))
		}
	}
	m.Whole = best.n > 0 && best.n*10 >= len(power)*9
	return m, best.n > 0
}

// run is a stretch of frames that sound, or do not.
type run struct {
	on    bool
	at, n int
}

func runsOf(power []float64, threshold float64) (runs []run) {
	for i, p := range power {
		on := p > threshold
		if len(runs) == 0 || runs[len(runs)-1].on != on {
			runs = append(runs, run{on: on, at: i})
		}
		runs[len(runs)-1].n++
	}
	return runs
}

// pause is the whole pause beside a burst, 0 for none.
func pause(runs []run, i int) time.Duration {
	for _, k := range [2]int{i + 1, i - 1} {
		if k > 0 && k < len(runs)-1 {
			return time.Duration(runs[k].n) * 10 * time.Millisecond
		}
	}
	return 0
}

// spectrum finds one or two tones in a burst.
func spectrum(pcm []int16) (Measured, bool) {
	if n := len(pcm) - 2*80; n > 4*80 { // without its edges
		pcm = pcm[80 : 80+n]
	}
	if len(pcm) > measureMost {
		pcm = pcm[len(pcm)-measureMost:]
	}
	total, window := 0.0, make([]float64, len(pcm))
	for i, x := range pcm {
		total += float64(x) * float64(x)
		window[i] = float64(x) * (0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(len(pcm))))
	}
	total /= float64(len(pcm))
	var bins []float64
	for hz := measureLow; hz <= measureHigh; hz += measureStep {
		bins = append(bins, powerAt(window, hz))
	}
	// A Hann window's main lobe is four bins of the burst's length wide.
	lobe := int(math.Ceil(2 * 8000 / float64(len(pcm)) / measureStep))
	first := peak(bins, -1, 0)
	second := peak(bins, first, lobe+1)
	one, a := settle(window, measureLow+float64(first)*measureStep)
	m := Measured{Hz: [2]float64{one}, DBm0: 10 * math.Log10(max(total, 1)/(zeroRMS*zeroRMS))}
	explained := a
	if second >= 0 {
		two, b := settle(window, measureLow+float64(second)*measureStep)
		if b > a/8 {
			m.Hz[1] = two
			explained += b
		}
	}
	return m, explained > pureShare*total
}

// powerAt is the power of a tone of that frequency in what a Hann window was laid on.
func powerAt(window []float64, hz float64) float64 {
	c := 2 * math.Cos(2*math.Pi*hz/8000)
	var s1, s2 float64
	for _, x := range window {
		s1, s2 = x+c*s1-s2, s1
	}
	n := float64(len(window))
	return (s1*s1 + s2*s2 - c*s1*s2) * 8 / (n * n)
}

// peak is the highest bin that is a local maximum and not within away of another.
func peak(bins []float64, other, away int) int {
	best := -1
	for i := 1; i < len(bins)-1; i++ {
		if other >= 0 && i > other-away && i < other+away || bins[i] < bins[i-1] || bins[i] < bins[i+1] {
			continue
		}
		if best < 0 || bins[i] > bins[best] {
			best = i
		}
	}
	if best < 0 && other < 0 {
		best = 0
	}
	return best
}

// settle narrows a frequency down.
func settle(window []float64, hz float64) (at, power float64) {
	at, power = hz, powerAt(window, hz)
	for step := measureStep / 2; step > 0.2; step /= 2 {
		for _, try := range [2]float64{at - step, at + step} {
			if p := powerAt(window, try); p > power {
				at, power = try, p
			}
		}
	}
	return at, power
}
