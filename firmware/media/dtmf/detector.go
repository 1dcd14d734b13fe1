package dtmf

import (
	"math"

	"centralita/firmware/media"
)

// Profile is how strict a Detector is. Line and Call are the two in use.
type Profile struct {
	Hits        int     // windows 4 ms apart that must agree, one miss allowed
	Purity      float32 // least part of the power that is in the two tones
	Forward     float32 // most the low tone may be above the high one, power ratio
	Reverse     float32 // most the high tone may be above the low one, power ratio
	Off         float32 // most a frequency may be off, 1 = 100 %
	Wander      float32 // most a frequency may vary over four windows
	Steady      float32 // most a tone's power may vary over four windows, ratio
	Underground float32 // most power below 645 Hz against the tones', unless it was there before
}

// Line is for dialling: it takes every digit that ITU-T Q.24 asks for, down to
// 40 ms, and in seven hours of loud speech a few that were none.
func Line() Profile {
	return Profile{Hits: 5, Purity: 0.92, Forward: dB(9.6), Reverse: dB(5.6), Off: 0.0203,
		Wander: 0.0135, Steady: 1.42, Underground: 0.25}
}

// Call is for menus, where people speak: it misses a few of the hardest digits in
// a thousand and hears none in speech.
func Call() Profile {
	return Profile{Hits: 6, Purity: 0.94, Forward: dB(9.6), Reverse: dB(5.6), Off: 0.0205,
		Wander: 0.012, Steady: 1.45, Underground: 0.12}
}

func dB(x float64) float32 { return float32(math.Pow(10, x/10)) }

// A window is 16 ms with a Hann shape; a new one begins every 4 ms.
const (
	window = 128
	hop    = 32
)

// Times in windows: a tone is over when it is missing in endHops (12 ms, so
// breaks of 10 ms do not split a digit and gaps of 20 ms do); low frequencies
// are compared with those of lookBack windows (48 ms) before.
const (
	endHops  = 3
	lookBack = 12
	steadyOf = 4
)

// minPower is -43 dBm0 for each tone; gone is the part of its greatest power
// that a tone falls below when it ends.
const (
	minPower = 16141 * 16141 * 5.0119e-5
	gone     = 0.06
)

// Detector recognises digits. It is a media.Ear that tells DigitBegan and
// DigitEnded, about 31 ms after a digit began and 12 to 16 ms after it ended.
type Detector struct {
	profile Profile
	filter  highPass
	raw     [window]float32 // the last window as it came
	cut     [window]float32 // and without what lies below the digits
	fill    int             // samples of the newest hop present
	last    [8]complex64    // each tone's phase one window ago
	hops    uint32
	past    [16]seen    // by hops
	under   [16]float32 // power below the digits, by hops
	on      int         // index into Digits of the digit that sounds, -1 none
	peak    float32     // its greatest power
	silent  int         // windows without it
	suspect int         // index of the digit that may begin, -1 none
	hits    int
	misses  int
	events  [8]Change // of the frame under way
	nevents int
}

// seen is what one window showed of its strongest row and column.
type seen struct {
	row, col       float32 // power
	rowOff, colOff float32 // frequency error, 1 = 100 %
}

// Change is the beginning or the end of a digit.
type Change struct {
	Digit byte
	Began bool
}

// NewDetector makes a detector.
func NewDetector(p Profile) *Detector { return &Detector{profile: p, on: -1, suspect: -1} }

// Hear implements media.Ear.
func (d *Detector) Hear(pcm *[media.Narrow]int16, m media.Mouth) {
	for _, c := range d.Process(pcm[:]) {
		kind := media.DigitEnded
		if c.Began {
			kind = media.DigitBegan
		}
		m.Tell(kind, int32(c.Digit))
	}
}

// Process takes samples at 8 kHz, at most 128 at a time, and returns what
// changed; the slice is valid until the next call.
func (d *Detector) Process(pcm []int16) []Change {
	d.nevents = 0
	for len(pcm) > 0 {
		n := min(hop-d.fill, len(pcm))
		at := window - hop + d.fill
		raw, cut := d.raw[at:at+n], d.cut[at:at+n]
		for i, s := range pcm[:n] {
			x := float32(s)
			raw[i] = x
			cut[i] = d.filter.pass(x)
		}
		d.fill += n
		pcm = pcm[n:]
		if d.fill == hop {
			d.look()
			copy(d.raw[:], d.raw[hop:])
			copy(d.cut[:], d.cut[hop:])
			d.fill = 0
		}
	}
	return d.events[:d.nevents]
}

// look examines one window.
func (d *Detector) look() {
	s := measure(&d.raw, &d.cut)
	row, col := strongest(s.power[:4]), 4+strongest(s.power[4:])
	e := s.power[row] + s.power[col]
	now := seen{row: s.power[row], col: s.power[col], rowOff: 9, colOff: 9}
	if now.row > minPower && now.col > minPower {
		// A tone beside its nominal frequency is found too weak, and would count
		// as impure: by the frequency found, its power is made good.
		now.rowOff = offBy(row, d.last[row], s.phase[row])
		now.colOff = offBy(col, d.last[col], s.phase[col])
		now.row *= beside(now.rowOff * freq(row))
		now.col *= beside(now.colOff * freq(col))
		e = now.row + now.col
	}
	d.last = s.phase
	under := max(0, s.raw-s.cut)
	before := d.under[(d.hops-lookBack)&15]
	d.under[d.hops&15] = under
	d.past[d.hops&15] = now
	found := -1
	if d.plausible(&now, e, s.cut, under, before) {
		found = row*4 + col - 4
	}
	d.end(found, e, s.power[:])
	d.begin(found, e)
	d.hops++
}

// plausible judges one window alone.
func (d *Detector) plausible(s *seen, e, total, under, before float32) bool {
	p := &d.profile
	return s.row > minPower && s.col > minPower &&
		s.col < s.row*p.Reverse && s.row < s.col*p.Forward &&
		e > p.Purity*total &&
		abs(s.rowOff) < 2*p.Off && abs(s.colOff) < 2*p.Off &&
		(under < p.Underground*e || under < 2.5*before)
}

// end looks whether the digit that sounds still does.
func (d *Detector) end(found int, e float32, power []float32) {
	if d.on < 0 {
		return
	}
	here := power[d.on/4]+power[4+d.on%4] > gone*d.peak
	if here && (found < 0 || found == d.on) {
		d.silent = 0
		d.peak = max(d.peak, e)
		return
	}
	if d.silent++; d.silent >= endHops {
		d.tell(d.on, false)
		d.on = -1
	}
}

// begin counts agreeing windows and says that a digit has begun when there are
// enough and the last four were steady.
func (d *Detector) begin(found int, e float32) {
	if found < 0 {
		if d.suspect >= 0 {
			if d.misses++; d.misses > 1 {
				d.suspect, d.hits = -1, 0
			}
		}
		return
	}
	if found == d.suspect {
		d.hits++
	} else {
		d.suspect, d.hits = found, 1
	}
	d.misses = 0
	if d.hits < d.profile.Hits || found == d.on || !d.steady() {
		return
	}
	if d.on >= 0 {
		d.tell(d.on, false)
	}
	d.on, d.peak, d.silent = found, e, 0
	d.tell(found, true)
}

// steady judges the last four windows: a keypad holds level and frequency, a
// voice does not.
func (d *Detector) steady() bool {
	first := d.past[d.hops&15]
	lo, hi, sum := first, first, first
	for i := uint32(1); i < steadyOf; i++ {
		s := &d.past[(d.hops-i)&15]
		lo = seen{min(lo.row, s.row), min(lo.col, s.col), min(lo.rowOff, s.rowOff), min(lo.colOff, s.colOff)}
		hi = seen{max(hi.row, s.row), max(hi.col, s.col), max(hi.rowOff, s.rowOff), max(hi.colOff, s.colOff)}
		sum.rowOff += s.rowOff
		sum.colOff += s.colOff
	}
	p := &d.profile
	return hi.row < p.Steady*lo.row && hi.col < p.Steady*lo.col &&
		hi.rowOff-lo.rowOff < p.Wander && hi.colOff-lo.colOff < 0.8*p.Wander &&
		abs(sum.rowOff) < steadyOf*p.Off && abs(sum.colOff) < steadyOf*p.Off
}

func (d *Detector) tell(i int, began bool) {
	if d.nevents < len(d.events) {
		d.events[d.nevents] = Change{Digits[i], began}
		d.nevents++
	}
}

func strongest(p []float32) int {
	best := 0
	for i := 1; i < len(p); i++ {
		if p[i] > p[best] {
			best = i
		}
	}
	return best
}

func abs(x float32) float32 {
	if x < 0 {
		return -x
	}
	return x
}
