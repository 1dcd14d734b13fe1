package release

import (
	"math"
	"time"
)

// Habits are what a line has shown in its calls. The zero Habits know nothing:
// New weighs with what lines of the country usually do.
type Habits struct {
	TalkS float64           `json:"talk_s"` // talk that was listened to
	Signs [Witnesses]Record `json:"signs"`
}

// Record is what a line has shown of one witness.
type Record struct {
	Seen   float64 `json:"seen"`          // at true releases
	Missed float64 `json:"missed"`        // true releases that should have shown it
	False  float64 `json:"false"`         // while the far end talked on
	Lasted Mean    `json:"ms,omitzero"`   // a loop break, in ms; of others how long after the first sign
	Level  Mean    `json:"dbm0,omitzero"` // of a tone
}

// Mean gathers a value with its least and most.
type Mean struct {
	N    float64 `json:"n"`
	Mean float64 `json:"mean"`
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
}

// forget bounds how many values a mean remembers, so that a changed exchange is
// learnt within so many releases.
const forget = 50

// Add takes one value.
func (m *Mean) Add(x float64) {
	if m.N == 0 {
		*m = Mean{1, x, x, x}
		return
	}
	m.N = min(m.N+1, forget)
	m.Mean += (x - m.Mean) / m.N
	m.Min, m.Max = min(m.Min, x), max(m.Max, x)
}

// Prior is what is believed of a witness before a line has shown anything.
type Prior struct {
	Shown float64 // part of true releases that show it
	False float64 // times an hour of talk that it appears without
}

// Priors are those of a country's lines.
type Priors [Witnesses]Prior

// How many releases, and how many hours of talk, the prior counts for.
const (
	priorReleases = 4
	priorHours    = 50
)

// window is the time in which a witness of a hang-up may also have come by chance.
const window = 10 * time.Second

// Weight is the decimal logarithm of how much likelier a witness is in a window
// after a hang-up than in one of talk.
func (h *Habits) Weight(w Witness, p *Priors) float64 {
	r := &h.Signs[w]
	shown := (r.Seen + p[w].Shown*priorReleases) / (r.Seen + r.Missed + priorReleases)
	hourly := (r.False + p[w].False*priorHours) / (h.TalkS/3600 + priorHours)
	chance := hourly * window.Hours()
	if chance <= 0 || shown <= 0 {
		return 0
	}
	return math.Log10(shown / min(chance, 1))
}

// Usual is what telephone lines do where no country is known, and the ground that
// For lays a country's customs on. Loop breaks of 200 ms and more hardly ever lie;
// tones of one frequency are whistled, sung and played in rooms.
var Usual = Priors{
	LoopBreak:   {Shown: .30, False: 1. / 5000},
	Polarity:    {Shown: .15, False: 1. / 400},
	CurrentDrop: {Shown: .05, False: 1. / 20},
	Busy:        {Shown: .60, False: 1. / 20},
	Congestion:  {Shown: .30, False: 1. / 20},
	Dial:        {Shown: .30, False: 1. / 5},
	SIT:         {Shown: .02, False: 1. / 1000},
	Silence:     {Shown: .90, False: 1. / 50000},
}

// Line is what is known of a line before its first call.
type Line struct {
	Country  string // ISO 3166, UK for GB
	Reverses bool   // the exchange is said to reverse on answer and release
}

// For are the priors of a line. Sources: what national interfaces usually offer as
// release: a loop break in the United Kingdom and North America, tones elsewhere.
func For(l Line) *Priors {
	p := Usual
	switch l.Country {
	case "UK", "GB", "US", "CA":
		p[LoopBreak].Shown = .8
	case "MX":
		p[LoopBreak].Shown = .5
	}
	if l.Reverses {
		p[Polarity] = Prior{Shown: .95, False: 1. / 5000}
	}
	return &p
}
