package town

import (
	"math"

	"centralita/hal/sim/wire"
)

// Bounds of the tone recogniser.
const (
	toneFloor   = -26.0 // dBm0; what an exchange sends comes back as echo below it
	speechFloor = -45.0 // dBm0
	tonePurity  = 0.8   // share of the sound that must be in the tone
	bankMax     = 12    // frequencies of a country's tones
	bankFrames  = 4     // 40 ms heard at a time: 25 Hz apart
	spansMax    = 12    // stretches remembered; the longest cadence has six
	offFrames   = 3     // quiet frames that end a stretch of tone
	pauseMS     = 800   // shorter silence is a pause of speech
	forgetMS    = 5000  // silence longer than any cadence's pause
)

// Identities of a stretch that is no tone of the country.
const (
	idSilence = 0
	idOther   = -1 // speech, music, noise
	idUnsure  = -2 // begun, not yet known
)

// toneSet is a distinct set of frequencies among a country's tones.
type toneSet struct {
	hz    [2]float64
	banks [2]int // index into the bank, -1 is none
}

// recogniser names call progress tones: a bank of filters tells which
// frequencies sound, and the lengths of the last stretches are laid beside the
// cadences of the country.
type recogniser struct {
	country *country
	signals []signal
	sets    []toneSet
	hz      []float64
	cosine  [bankMax][wire.FrameSamples]float64
	sine    [bankMax][wire.FrameSamples]float64
	turn    [bankMax]complex128 // of one frame
	angle   [bankMax]complex128

	parts  [bankMax][bankFrames]complex128
	power  [bankFrames]float64
	at     int
	steady int // frames the sound has been on
	hushed int // frames it has been off within a stretch

	other, others int // another identity and for how many frames it lasts
	talked        bool

	spans [spansMax]span // completed, oldest first
	n     int
	now   span
	name  string
}

// span is a stretch of one kind of sound.
type span struct {
	id int
	ms int
}

func (r *recogniser) learn(c *country) {
	*r = recogniser{country: c, signals: c.signals()}
	for _, s := range r.signals {
		for _, b := range s.beats {
			r.learnBeat(b)
		}
	}
	for k, hz := range r.hz {
		for i := range wire.FrameSamples {
			a := 2 * math.Pi * hz * float64(i) / rate
			r.cosine[k][i], r.sine[k][i] = math.Cos(a), math.Sin(a)
		}
		a := 2 * math.Pi * hz * wire.FrameSamples / rate
		r.turn[k], r.angle[k] = complex(math.Cos(a), math.Sin(a)), 1
	}
}

// learnBeat adds a beat's frequencies to the sets; their identity counts from 1.
func (r *recogniser) learnBeat(b beat) {
	if r.idOf(b) == idOther {
		r.sets = append(r.sets, toneSet{hz: b.hz, banks: [2]int{r.bankOf(b.hz[0]), r.bankOf(b.hz[1])}})
	}
}

// idOf is the identity of a beat's frequencies.
func (r *recogniser) idOf(b beat) int {
	if b.hz[0] == 0 {
		return idSilence
	}
	for i := range r.sets {
		if r.sets[i].hz == b.hz {
			return i + 1
		}
	}
	return idOther
}

func (r *recogniser) bankOf(hz float64) int {
	if hz == 0 {
		return -1
	}
	for k, have := range r.hz {
		if have == hz {
			return k
		}
	}
	r.hz = append(r.hz, hz)
	return len(r.hz) - 1
}

// hear takes 10 ms whose mean square is known and keeps the name up to date.
func (r *recogniser) hear(s *wire.Sound, power float64) {
	r.measure(s, power)
	mean := (r.power[r.at] + r.power[(r.at+bankFrames-1)%bankFrames]) / 2
	r.at = (r.at + 1) % bankFrames
	if levelOf(mean) < speechFloor {
		r.quietFrame()
	} else {
		r.loudFrame()
	}
	r.name = r.match()
}

func (r *recogniser) measure(s *wire.Sound, power float64) {
	r.power[r.at] = power
	if levelOf(power) < speechFloor {
		for k := range r.hz {
			r.parts[k][r.at] = 0
		}
		return
	}
	for k := range r.hz {
		var re, im float64
		for i, x := range s {
			re += float64(x) * r.cosine[k][i]
			im += float64(x) * r.sine[k][i]
		}
		r.parts[k][r.at] = complex(re, -im) / r.angle[k]
		r.angle[k] *= r.turn[k]
		r.angle[k] /= complex(math.Hypot(real(r.angle[k]), imag(r.angle[k])), 0)
	}
}

func (r *recogniser) quietFrame() {
	r.steady = 0
	if r.now.id == idSilence {
		if r.now.ms += 10; r.now.ms > forgetMS {
			r.n = 0
		}
		return
	}
	r.hushed++
	r.now.ms += 10
	if r.hushed >= offFrames {
		r.now.ms -= r.hushed * 10
		r.turnTo(span{idSilence, r.hushed * 10})
	}
}

func (r *recogniser) loudFrame() {
	r.hushed = 0
	r.steady++
	if r.now.id == idSilence {
		r.turnTo(span{idUnsure, 10})
		return
	}
	r.now.ms += 10
	if r.steady <= bankFrames {
		return
	}
	id := r.identify()
	if r.now.id == idUnsure {
		r.now.id = id
	}
	if id == r.now.id {
		r.others = 0
		return
	}
	if id != r.other {
		r.other, r.others = id, 0
	}
	// While one tone follows another the window holds both: wait until it is full.
	if r.others++; r.others > bankFrames {
		r.now.ms -= r.others * 10
		r.turnTo(span{id, r.others * 10})
	}
}

// identify says which set of frequencies fills the last 40 ms.
func (r *recogniser) identify() int {
	var total float64
	for _, p := range r.power {
		total += p / bankFrames
	}
	if levelOf(total) < toneFloor {
		return idOther
	}
	best, explained := idOther, tonePurity*total
	for i := range r.sets {
		if p := r.share(&r.sets[i]); p > explained {
			best, explained = i+1, p
		}
	}
	return best
}

// share is the mean square explained by a set of which every tone is present.
func (r *recogniser) share(s *toneSet) float64 {
	var sum, least, most float64
	for i, k := range s.banks {
		if k < 0 {
			continue
		}
		var x complex128
		for _, p := range r.parts[k] {
			x += p
		}
		const n = bankFrames * wire.FrameSamples
		p := 2 * (real(x)*real(x) + imag(x)*imag(x)) / (n * n)
		sum += p
		if i == 0 || p < least {
			least = p
		}
		most = max(most, p)
	}
	if least*10 < most {
		return 0
	}
	return sum
}

// turnTo closes the running stretch and begins another.
func (r *recogniser) turnTo(next span) {
	if r.now.id == idOther || r.now.id == idUnsure || r.now.ms < 40 && r.now.id > 0 {
		r.n = 0 // nothing that belongs to a cadence
	} else {
		if r.n == spansMax {
			copy(r.spans[:], r.spans[1:])
			r.n--
		}
		r.spans[r.n] = r.now
		r.n++
	}
	r.talked = r.now.id == idOther || r.talked && r.now.id == idUnsure
	r.now, r.others = next, 0
}
