package analog

import (
	"math"

	"centralita/firmware/leg"
	"centralita/firmware/line/trial"
	"centralita/hal"
)

// carry does what the trial decides.
func (g *guided) carry(acts []trial.Act) {
	for _, a := range acts {
		g.do(a)
	}
}

func (g *guided) do(a trial.Act) {
	s := &g.sides[a.Side]
	p := s.port
	switch a.Do {
	case trial.Dial:
		e := &end{port: p, out: true}
		g.plug(s, e)
		p.take(e)
		p.line.seize(leg.Caller{To: s.dials})
	case trial.Answer:
		p.line.answer()
	case trial.Hangup:
		if s.end != nil && p.leg == s.end {
			p.hangup(leg.Normal)
		}
	case trial.Call:
		p.say.Store(&sending{src: newHiss()})
	case trial.Hush:
		p.say.Store(nil)
	case trial.Tone:
		p.say.Store(&sending{src: &sine{step: 2 * math.Pi * a.Hz / 8000}})
		g.measure(g.sides[1-a.Side].port, &meter{skip: toneSkip, left: toneFrames, coef: 2 * math.Cos(2*math.Pi*a.Hz/8000)}, func(m *meter) float64 {
			p.say.Store(nil)
			return levelOf(m.tone()) - testDBm0
		})
	case trial.Match:
		s.way = a.N
		p.line.match(s.ways[a.N])
		p.say.Store(&sending{src: newHiss()})
		g.measure(p, &meter{skip: matchSkip, left: matchFrames}, func(m *meter) float64 {
			p.say.Store(nil)
			return dB(m.back/max(m.sent, 1)) - p.gains[0]
		})
	case trial.Settle:
		s.way = a.N
		p.line.match(s.ways[a.N])
	}
}

// measure has the sound thread meter a line, and tells the trial what came of it.
func (g *guided) measure(at *port, m *meter, db func(*meter) float64) {
	side := trial.Side(g.side(at))
	m.done = func() {
		g.take(trial.Fact{Kind: trial.Heard, Side: side, DB: db(m) - at.gains[1]})
	}
	at.meter.Store(m)
}

// match has the chip match the line; a failure is told as the port's health.
func (l *line) match(b hal.Balance) {
	l.matched = b
	if err := l.fxo.SetBalance(b); err != nil {
		l.port.health("fault", err.Error())
	}
}

// Frames of a measurement: what passes before the sound has gone round, and what is
// looked at. A chip takes a new balance within 100 ms.
const (
	toneSkip, toneFrames   = 12, 28
	matchSkip, matchFrames = 14, 10
)

// testDBm0 is the level of what a test sends, at the pair.
const testDBm0 = -10

// meter measures what a line says beside what is sent into it, in the sound thread.
type meter struct {
	skip, left int
	coef       float64 // of one tone to look for; 0 looks at everything
	s1, s2     float64
	n          int
	sent, back float64
	done       func() // in the bank's goroutine
}

// hear takes one frame and reports when it was the last.
func (m *meter) hear(played, raw *[hal.FrameSamples]int16) bool {
	if m.skip > 0 {
		m.skip--
		return false
	}
	for i, x := range raw {
		m.sent += float64(played[i]) * float64(played[i])
		m.back += float64(x) * float64(x)
		m.s1, m.s2 = float64(x)+m.coef*m.s1-m.s2, m.s1
	}
	m.n += len(raw)
	m.left--
	return m.left <= 0
}

// tone is the mean square of the tone (Goertzel).
func (m *meter) tone() float64 {
	n := float64(m.n)
	return (m.s1*m.s1 + m.s2*m.s2 - m.coef*m.s1*m.s2) * 2 / (n * n)
}

// sine is a tone without an end.
type sine struct{ phase, step float64 }

var testPeak = 16141 * math.Sqrt2 * math.Pow(10, testDBm0/20.0)

// Fill implements the source of a sending.
func (s *sine) Fill(pcm []int16) int {
	for i := range pcm {
		pcm[i] = int16(testPeak * math.Sin(s.phase))
		s.phase = math.Mod(s.phase+s.step, 2*math.Pi)
	}
	return len(pcm)
}

// hiss is noise without an end: flat over the telephone band, so that what comes
// back of it weighs all of speech.
type hiss struct {
	state uint32
	low   [2]float64
}

func newHiss() *hiss { return &hiss{state: 0x2545F491} }

// Fill implements the source of a sending.
func (h *hiss) Fill(pcm []int16) int {
	for i := range pcm {
		h.state ^= h.state << 13
		h.state ^= h.state >> 17
		h.state ^= h.state << 5
		x := float64(int32(h.state)) / (1 << 31)
		h.low[0] += 0.2 * (x - h.low[0]) // below 250 Hz is taken away
		h.low[1] += 0.2 * (h.low[0] - h.low[1])
		pcm[i] = int16(0.5 * testPeak * (x - h.low[1]))
	}
	return len(pcm)
}
