package echo

// suppressor, where it is on, takes away what the filters leave of the echo, and puts comfort noise
// in its place: the nonlinear processor of ITU-T G.168. It works on the whole band
// and is either shut or open: open while nothing was played, and from the block
// in which the near end is louder than what can be left of the echo.
type suppressor struct {
	on    bool
	gain  float32 // of the line's sound, 0..1
	hold  int     // blocks in which it stays open
	left  float32 // mean square of what is left, over 5 ms
	echo  float32 // mean square of the echo that was taken away, fading
	doubt float32 // mean square of the echo that the filter is uncertain of, fading
	leak  float32 // how much of the echo is left at most, mostly
	// Means of a second, by which the echo of what was played is known before it has
	// all come back.
	echoes, played float32
	noise          comfort
}

const (
	leakStart  = 0.01
	leakLeast  = 1.6e-3 // quantisation by G.711 alone leaves a sixth of it
	leakMost   = 0.02   // a near end that talks on and on would drive it up and be muted by it
	leakUp     = 1.02   // in a block: the leak lies over nine of ten blocks
	leakDown   = 0.9978 // 1/leakUp^(1/9)
	leakSlow   = 1.0003 // 1 dB in a second of talk over echo: a worse line is noticed
	nearOver   = 4      // the near end is louder than what can be left by this
	noiseOver  = 8      // and than the background by this
	nearHold   = 40     // 100 ms: what is quiet in a word stays
	echoFade   = 0.8    // in a block: 11 ms for 20 dB
	leftSmooth = 0.5
	clipLeak   = 0.02 // of a clipped echo
	shutBy     = 0.6  // in a block
	meanSlow   = 0.0025
)

func (s *suppressor) reset() {
	on := s.on
	*s = suppressor{on: on, gain: 1, leak: leakStart}
	s.noise.reset()
}

// state is what the suppressor is told of a block.
type state struct {
	active  bool // there is something in the filters
	clipped bool // the line was overloaded
	tone    bool // the near end says a tone, which is no background
	passes  bool // whatever is left is heard
}

// process works in left. echo, doubt and played are mean squares of the block and
// of the loudest in the filters.
func (s *suppressor) process(left *[blockSamples]float32, echo, doubt, played float32, is state) {
	if !s.on {
		s.gain = 1
		return
	}
	now := meanSquare(left)
	s.left += leftSmooth * (now - s.left)
	s.echoes += meanSlow * (echo - s.echoes)
	s.played += meanSlow * (played - s.played)
	s.echo = max(echo, s.echo*echoFade, played*s.echoes/(s.played+silence))
	s.doubt = max(doubt, s.doubt*echoFade)
	if is.clipped {
		s.doubt = max(s.doubt, clipLeak*s.echo)
	}
	if !is.tone {
		s.noise.learn(left, now, s.least(is.active))
	}
	switch {
	case is.tone:
		s.hold = nearHold
	case !is.passes:
		s.follow(is.active)
	}
	s.apply(left, !is.active || is.passes || s.hold > 0)
}

// most is what can be left of the echo.
func (s *suppressor) most(active bool) float32 {
	if !active {
		return 0
	}
	return s.leak*s.echo + s.doubt
}

// least is what a good filter leaves of the echo.
func (s *suppressor) least(active bool) float32 {
	if !active {
		return 0
	}
	return leakLeast*s.echo + s.doubt
}

// follow decides whether the near end speaks.
func (s *suppressor) follow(active bool) {
	if s.hold > 0 {
		s.hold--
	}
	if !active {
		return
	}
	most := s.most(active)
	over := max(s.left-s.noise.level, 0)
	switch {
	case s.left > nearOver*most+noiseOver*s.noise.level:
		s.hold = nearHold
		s.leak *= leakSlow
	case over > s.leak*s.echo:
		s.leak *= leakUp
	default:
		s.leak *= leakDown
	}
	s.leak = min(max(s.leak, leakLeast), leakMost)
}

// apply opens within a block and shuts in a few.
func (s *suppressor) apply(left *[blockSamples]float32, open bool) {
	gain := s.gain
	if s.gain *= shutBy; open {
		s.gain = 1
	}
	if gain == 1 && open {
		return
	}
	var noise [blockSamples]float32
	s.noise.make(&noise)
	step := (s.gain - gain) / blockSamples
	for i, v := range left {
		gain += step
		left[i] = gain*v + (1-gain*gain)*noise[i]
	}
}
