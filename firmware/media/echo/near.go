package echo

// nearTone notices that the near end says a steady tone: busy tone, a fax, a digit.
// It is neither the background, which is as steady, nor an echo, unless what is played
// is a tone too. A tone stays noticed for as long as what the filters leave is not
// much quieter, so that a voice that is played over it does not hide it.
type nearTone struct {
	here      bool
	left, far fit     // of late: of what the filters left, of what was played
	steady    int     // frames in a row in which left is tones
	level     float32 // energy of the tones when they were last heard alone
	unlike    int     // frames since what was played was anything like tones
}

const (
	nearShare = 0.7  // in a frame: 30 ms
	nearLeft  = 0.02 // of the energy, what two tones cannot explain: a voice's echo lies over them
	nearSure  = 6    // frames
	nearEvery = 2    // samples
	nearEven  = 1.25 // most change of energy in a frame
	nearStays = 0.5  // of the energy
	// A hum is quieter, and a busy tone at the end of a long line louder.
	nearLeast = 1e-4 * dBm0 * FrameSamples / nearEvery / (1 - nearShare) // -40 dBm0
	farAway   = 8                                                        // frames: the filters and what fades here
)

// hear takes a frame of what the filters left; played is of what was played, and pure
// whether that is tones and nothing else.
func (t *nearTone) hear(x *[FrameSamples]float32, played *fit, pure bool) {
	now := fitTo(x, nearEvery)
	before := t.left.energy
	t.left.fade(nearShare, &now)
	t.far.fade(nearShare, played)
	t.unlike = min(t.unlike+1, farAway)
	if t.like(pure) {
		t.unlike = 0
	}
	level := t.left.energy
	count(&t.steady, level > nearLeast && level < before*nearEven && before < level*nearEven && t.left.within(nearLeft))
	switch {
	case t.steady >= nearSure && t.unlike >= farAway:
		t.here, t.level = true, t.left.energy
	case t.left.energy < nearStays*t.level:
		t.here = false
	}
}

// like tells whether what is left may be an echo of tones. What a voice's echo is like
// is not known: a hybrid may take all but two of its harmonics.
func (t *nearTone) like(pure bool) bool {
	if t.far.energy < silence*FrameSamples || !t.far.within(nearLeft) {
		return false
	}
	return !pure || t.left.unexplained(t.far.solve()) < nearLeft*t.left.energy
}
