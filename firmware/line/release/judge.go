package release

import (
	"math"
	"time"
)

// Certain is the score at which a line is released: one mistake in ten thousand.
const Certain = 4.0

// before is the logarithm of the odds that the far end hangs up within a window
// by itself: calls of three minutes.
const before = -1.26

// How witnesses grow, fade and are spoken against. Weights are decimal logarithms.
const (
	breakLeast  = 190 * time.Millisecond // a shorter opening of the loop is no disconnect pulse: exchanges may drop the battery for 200 ms
	breakGrows  = 5.0                    // a second of open loop beyond
	breakMost   = 5.0
	toneSure    = 2300 * time.Millisecond // a tone that lasts so long weighs what its record says: rooms have shorter ones
	cadenceGrow = 0.5                     // a second beyond
	steadyGrow  = 0.7                     // dial tone: no voice holds a note for long
	toneMost    = 4.0
	quietAfter  = 500 * time.Millisecond // silence after a sign speaks for it from here on
	quietGrows  = 0.35                   // a second
	quietMost   = 1.5

	vetoAfter = 600 * time.Millisecond // an ear for speech lingers: what is told sooner was said before the sign
	vetoLeast = 2.0                    // what the far end's first word takes away
	vetoGrows = 2.0                    // and each further second
	lie       = time.Second            // speech that proves a sign false

	answerGuard = 600 * time.Millisecond // exchanges reverse for a moment when a call is answered
	flicker     = 300 * time.Millisecond
	dropTo      = 0.6                    // of the current during talk
	look        = 100 * time.Millisecond // between two looks while a sign stands

	covered   = 2500 * time.Millisecond // longer than any burst of our ringback, which may have the tone's frequency
	nearEvery = time.Second             // how late Near is told
	beat      = 600 * time.Millisecond  // longest that two tones of one frequency, ours and the exchange's, were taken for speech
)

// half is how fast a sign that is over loses half its weight.
var half = [Witnesses]time.Duration{
	LoopBreak: 20 * time.Second, Polarity: 20 * time.Second, CurrentDrop: 20 * time.Second,
	Busy: 6 * time.Second, Congestion: 6 * time.Second, Dial: 4 * time.Second, SIT: 20 * time.Second, Silence: time.Second,
}

// Options bound a judge by what an office has set.
type Options struct {
	Silence time.Duration // neither side makes a sound for so long: release; 0 never
}

// mark is a witness that stands, or has stood.
type mark struct {
	told   bool // it was there in this call and has not been proved false
	on     bool // it is there now
	began  time.Duration
	ended  time.Duration
	gap    time.Duration // of it, while our own sound covered it
	said   time.Duration // speech of the far end since, that has ended
	dBm0   float32
	weight float64
}

// Judge follows one call. New makes it when the call is answered.
type Judge struct {
	habits *Habits
	opt    Options
	base   [Witnesses]float64 // weights of this line

	marks  [Witnesses]mark
	speaks bool
	spoke  time.Duration // since when, while speaks
	heard  time.Duration // last moment with a sound of the far end
	near   time.Duration // last moment with a sound of ours
	steady float32       // loop current during talk
	lies   []Sign
}

// liesMax bounds what a call of hours can gather.
const liesMax = 16

// New makes the judge of a call that has just been answered.
func New(h *Habits, p *Priors, o Options) *Judge {
	j := &Judge{habits: h, opt: o}
	for w := range j.base {
		j.base[w] = h.Weight(Witness(w), p)
	}
	return j
}

// Take takes a fact. Facts come in the order of their times.
func (j *Judge) Take(f Fact) {
	switch f.Kind {
	case Opened:
		j.begin(LoopBreak, f)
	case Closed:
		j.closed(f)
	case Reversed:
		j.reversed(f)
	case Current:
		j.current(f)
	case ToneBegan:
		j.heard = f.At
		j.begin(f.Witness, f)
	case ToneEnded:
		j.heard = f.At
		j.end(f.Witness, f.At)
	case Spoke:
		j.heard = f.At
		if !j.speaks {
			j.speaks, j.spoke = true, f.At-f.For
		}
	case Hushed:
		j.hushed(f.At - f.For)
	case Near:
		j.near = f.At
	}
}

func (j *Judge) begin(w Witness, f Fact) {
	if w >= Witnesses {
		return
	}
	m := &j.marks[w]
	began := max(0, f.At-f.For)
	if m.told && !m.on && m.ended > 0 && w.tone() {
		gap, coveredByUs := began-m.ended, j.near >= m.ended-nearEvery
		if gap < covered && coveredByUs && m.said <= beat {
			m.said = 0 // our ringback beating with the tone, taken for a word: the tone went on
		}
		switch {
		case gap < time.Second:
			m.on = true // the same tone, which a click had interrupted
			return
		case gap < covered && coveredByUs:
			m.on, m.gap = true, m.gap+gap // the same, heard again in a pause of our ringback
			return
		}
	}
	*m = mark{told: true, on: true, began: began, dBm0: f.DBm0}
}

func (j *Judge) end(w Witness, at time.Duration) {
	if w < Witnesses && j.marks[w].on {
		j.marks[w].on, j.marks[w].ended = false, at
	}
}

// closed ends an opening of the loop; one that was too short was none.
func (j *Judge) closed(f Fact) {
	m := &j.marks[LoopBreak]
	if !m.on {
		return
	}
	if f.For > 0 {
		m.began = f.At - f.For
	}
	j.end(LoopBreak, f.At)
	if m.ended-m.began < breakLeast {
		*m = mark{}
	}
}

// reversed takes a change of polarity; one that is taken back was a flicker, unless
// it has lasted as long as a loop break would.
func (j *Judge) reversed(f Fact) {
	m := &j.marks[Polarity]
	switch {
	case f.At <= answerGuard:
	case !m.on:
		j.begin(Polarity, f)
	case f.At-m.began < flicker:
		*m = mark{}
	default:
		j.end(Polarity, f.At)
	}
}

func (j *Judge) current(f Fact) {
	m := &j.marks[CurrentDrop]
	switch {
	case f.MilliAmp <= 0: // an open loop has its own fact
	case j.steady == 0:
		j.steady = f.MilliAmp
	case f.MilliAmp < dropTo*j.steady:
		if !m.on {
			j.begin(CurrentDrop, f)
		}
	default:
		j.end(CurrentDrop, f.At)
		j.steady += (f.MilliAmp - j.steady) / 16
	}
}

func (j *Judge) hushed(at time.Duration) {
	if !j.speaks {
		return
	}
	for w := range j.marks {
		if m := &j.marks[w]; m.told {
			m.said = j.against(m, at)
		}
	}
	j.speaks, j.heard = false, at
}

// against is how long the far end has spoken since a sign began.
func (j *Judge) against(m *mark, at time.Duration) time.Duration {
	if !j.speaks {
		return m.said
	}
	return m.said + max(0, at-max(j.spoke, m.began+vetoAfter))
}

// first is when the oldest sign began that nothing speaks against; false when there
// is none.
func (j *Judge) first(at time.Duration) (began time.Duration, ok bool) {
	for w := range j.marks {
		if m := &j.marks[w]; m.told && j.against(m, at) == 0 && (!ok || m.began < began) {
			began, ok = m.began, true
		}
	}
	return began, ok
}

func (j *Judge) any() bool {
	for w := range j.marks {
		if j.marks[w].told {
			return true
		}
	}
	return false
}

// Look judges at a time. Before it, signs that speech has proved false, and those
// that have faded, are put aside.
func (j *Judge) Look(at time.Duration) (Verdict, bool) {
	j.fade(at)
	if j.silent(at) {
		j.begin(Silence, Fact{At: at, For: at - max(j.heard, j.near)})
	}
	if !j.any() {
		return Verdict{}, false
	}
	score := before + j.quiet(at)
	for w := range j.marks {
		j.marks[w].weight = j.contribution(Witness(w), at)
		score += j.marks[w].weight
	}
	if score < Certain {
		return Verdict{}, false
	}
	return j.verdict(at, score), true
}

// Next is how long after a look the next one is due, 0 when only a fact can change
// anything.
func (j *Judge) Next(at time.Duration) time.Duration {
	if j.any() {
		return look
	}
	if j.opt.Silence > 0 {
		return max(look, max(j.heard, j.near)+j.opt.Silence-at)
	}
	return 0
}

func (j *Judge) silent(at time.Duration) bool {
	return j.opt.Silence > 0 && !j.speaks && at-max(j.heard, j.near) >= j.opt.Silence
}

// contribution is what one witness weighs now.
func (j *Judge) contribution(w Witness, at time.Duration) float64 {
	m := &j.marks[w]
	if !m.told {
		return 0
	}
	lasted := m.lasted(at)
	x := j.base[w]
	switch {
	case w == LoopBreak:
		if lasted < breakLeast {
			return 0
		}
		x += min(breakMost, breakGrows*(lasted-breakLeast).Seconds()) + j.customary(lasted, m.on)
	case w == Polarity && lasted < flicker:
		return 0
	case w == Dial:
		x += j.toneWeight(w, steadyGrow, lasted)
	case w.tone():
		x += j.toneWeight(w, cadenceGrow, lasted)
	}
	x -= j.veto(m, at)
	if !m.on {
		x *= math.Exp2(-(at - m.ended).Seconds() / half[w].Seconds())
	}
	return max(0, x)
}

func (m *mark) lasted(at time.Duration) time.Duration {
	if m.on {
		return at - m.began - m.gap
	}
	return m.ended - m.began - m.gap
}

// customary compares a loop break with those that the line has shown.
func (j *Judge) customary(lasted time.Duration, open bool) float64 {
	ms := &j.habits.Signs[LoopBreak].Lasted
	if ms.N < 3 {
		return 0
	}
	x := float64(lasted.Milliseconds())
	switch {
	case x > .75*ms.Min && x < 1.25*ms.Max+50:
		return 1
	case !open && x < .5*ms.Min:
		return -1
	}
	return 0
}

// toneWeight is what a tone gains by lasting, and by being the one that the line
// gives.
func (j *Judge) toneWeight(w Witness, grows float64, lasted time.Duration) float64 {
	x := min(toneMost, grows*(lasted-toneSure).Seconds())
	m, r := &j.marks[w], &j.habits.Signs[w]
	if m.dBm0 == 0 || r.Level.N < 3 {
		return x
	}
	switch off := math.Abs(float64(m.dBm0) - r.Level.Mean); {
	case off < 2.5:
		x += .3
	case off > 8:
		x--
	}
	return x
}

// quiet is what silence of the far end says since a sign has come.
func (j *Judge) quiet(at time.Duration) float64 {
	first, ok := j.first(at)
	if !ok || j.speaks {
		return 0
	}
	return min(quietMost, max(0, quietGrows*(at-first-quietAfter).Seconds()))
}

// veto is what the far end's voice takes away from a sign. Nobody speaks through an
// open loop.
func (j *Judge) veto(m *mark, at time.Duration) float64 {
	s := j.against(m, at)
	if s <= 0 || j.marks[LoopBreak].on {
		return 0
	}
	return vetoLeast + vetoGrows*s.Seconds()
}

// fade puts aside the signs that were false, and those that have become too faint
// to matter.
func (j *Judge) fade(at time.Duration) {
	for w := range j.marks {
		m := &j.marks[w]
		switch {
		case !m.told:
		case j.against(m, at) >= lie && !j.marks[LoopBreak].on:
			if len(j.lies) < liesMax {
				j.lies = append(j.lies, m.sign(Witness(w), at))
			}
			*m = mark{}
		case !m.on && at-m.ended > 4*half[w]:
			*m = mark{}
		}
	}
}
