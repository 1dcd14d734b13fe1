package tone

// Learned is what a line's tone was measured to be.
type Learned struct {
	Signal Signal
	Hz     [2]float32 // the second is 0 for a single tone
	OnMS   uint16     // 0 keeps the plan's
	OffMS  uint16
}

// How far a measured tone may be from the plan's and still be taken for it. What is
// further is another tone, and would make the listener deaf for the right one.
const (
	learnHz   = 60
	learnPart = 0.5
)

// With is the plan with tones as a line was measured to send them. Only simple
// tones are replaced: a cadence of one burst and one pause, or one without end.
func (c *Country) With(tones []Learned) *Country {
	if len(tones) == 0 {
		return c
	}
	own := *c
	for _, t := range tones {
		if t.Signal < signals {
			own.Signals[t.Signal] = own.Signals[t.Signal].learn(t)
		}
	}
	return &own
}

// Like reports whether what was measured is a simple tone of the plan, only worn:
// near it in frequency, in burst and in pause.
func (c *Country) Like(s Signal, m Measured) bool {
	if s >= signals || len(c.Signals[s].Steps) != 2 || m.On == 0 || m.Off == 0 {
		return false
	}
	steps := c.Signals[s].Steps
	learnt := Learned{Signal: s, Hz: [2]float32{float32(m.Hz[0]), float32(m.Hz[1])}, OnMS: uint16(m.On.Milliseconds()), OffMS: uint16(m.Off.Milliseconds())}
	return c.Signals[s].learn(learnt).Steps[0].Hz == [4]float32{learnt.Hz[0], learnt.Hz[1]} &&
		alike(steps[0].Ms, learnt.OnMS) && alike(steps[1].Ms, learnt.OffMS)
}

func (c Cadence) learn(t Learned) Cadence {
	n := len(c.Steps)
	if n == 0 || n > 2 || n == 2 && (c.Steps[1].Hz[0] != 0 || c.Loop != 0) {
		return c
	}
	steps := append([]Step(nil), c.Steps...)
	for i, hz := range t.Hz {
		if was := steps[0].Hz[i]; (was == 0) != (hz == 0) || was-hz > learnHz || hz-was > learnHz {
			return c
		}
	}
	copy(steps[0].Hz[:], t.Hz[:])
	if n == 2 && alike(steps[0].Ms, t.OnMS) && alike(steps[1].Ms, t.OffMS) {
		steps[0].Ms, steps[1].Ms = t.OnMS, t.OffMS
	}
	return Cadence{Steps: steps, Loop: c.Loop}
}

func alike(was, is uint16) bool {
	return float64(is) >= learnPart*float64(was) && float64(is) <= float64(was)/learnPart
}
