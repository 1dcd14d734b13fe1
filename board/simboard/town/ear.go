package town

import "centralita/hal/sim/wire"

// Sizes of an ear.
const (
	echoSeconds = 10                            // sound kept for people who listen
	ringFrames  = echoSeconds * framesPerSecond // 160 kB an ear
	heardMax    = 64                            // digits remembered, the oldest are forgotten
)

// Level meters: how much of the mean a new frame is. 200 ms for the needle, 2 s
// of active speech for the plan's level.
const (
	needleShare  = 0.05
	activeShare  = 0.005
	activeFloor  = -40.0 // dBm0
	fullScale    = 32767
	gateDBm0     = -50.0 // below it nobody looks for digits
	digitsLinger = 5     // frames below the gate in which a digit may still end
	echoShare    = 0.063 // -12 dB: what is so far below one's own voice is its echo
	echoFade     = 0.8   // of one's own voice in 10 ms; echo comes late
)

// ear is what one end hears: levels, tone names, digits, the last seconds of
// sound, and a recording while one is asked for.
type ear struct {
	tones  recogniser
	digits digitEar

	ring  [ringFrames]wire.Sound
	count uint64 // frames heard since the town began

	needle, active float64 // mean squares
	clipped        int
	below          int     // frames below the gate
	said           float64 // mean square of what the end itself said, fading

	heard  [heardMax]byte
	heardN int

	recording *recording
}

// Hears is what an end hears, for pages and tests.
type Hears struct {
	Sound   string  `json:"sound"`        // silence, speech, tone, dial, ringback, busy, congestion, special-information
	Level   float64 `json:"level_dbm0"`   // over the last 200 ms; -90 is silence
	Speech  float64 `json:"speech_dbm0"`  // of the active parts of the last seconds; -90 is none
	Clipped int     `json:"clipped"`      // samples at full scale since the call began
	Digits  string  `json:"digits"`       // DTMF heard since the call began, at most 64
	Frames  uint64  `json:"frames_heard"` // 10 ms each, since the town began
}

func (e *ear) learn(c *country) {
	if e.tones.country != c {
		e.tones.learn(c)
	}
}

// fresh forgets what was counted in the last call.
func (e *ear) fresh() {
	e.needle, e.active, e.clipped, e.heardN = 0, 0, 0, 0
	e.digits.reset()
}

// hear takes 10 ms and returns the digit that began in it, or 0.
func (e *ear) hear(s *wire.Sound) byte {
	e.ring[e.count%ringFrames] = *s
	e.count++
	if e.recording != nil {
		e.recording.frames <- *s
	}
	p := energy(s)
	e.needle += needleShare * (p - e.needle)
	level := levelOf(p)
	if p < echoShare*e.said {
		e.tones.hear(&quietSound, 0)
	} else {
		if level > activeFloor {
			e.meter(s, p)
		}
		e.tones.hear(s, p)
	}
	if level < gateDBm0 {
		e.below++
	} else {
		e.below = 0
	}
	if e.below > digitsLinger {
		return 0
	}
	d := e.digits.hear(s)
	if d != 0 {
		e.remember(d)
	}
	return d
}

// quietSound is what an ear hears of an echo.
var quietSound wire.Sound

// speak tells the ear what its own end says, so that the hybrid's echo of it is
// not taken for somebody else's speech.
func (e *ear) speak(s *wire.Sound) { e.said = max(energy(s), e.said*echoFade) }

// meter takes a frame of active sound.
func (e *ear) meter(s *wire.Sound, p float64) {
	if e.active == 0 {
		e.active = p
	}
	e.active += activeShare * (p - e.active)
	for _, x := range s {
		if x >= fullScale || x <= -fullScale {
			e.clipped++
		}
	}
}

func (e *ear) remember(d byte) {
	if e.heardN == heardMax {
		copy(e.heard[:], e.heard[1:])
		e.heardN--
	}
	e.heard[e.heardN] = d
	e.heardN++
}

func (e *ear) hears() Hears {
	sound := e.tones.name
	if sound == "" {
		sound = "silence"
	}
	return Hears{
		Sound: sound, Level: tenth(levelOf(e.needle)), Speech: tenth(levelOf(e.active)),
		Clipped: e.clipped, Digits: string(e.heard[:e.heardN]), Frames: e.count,
	}
}

// tenth rounds to what anybody can read.
func tenth(x float64) float64 { return float64(int(x*10+copysign(0.5, x))) / 10 }

func copysign(x, sign float64) float64 {
	if sign < 0 {
		return -x
	}
	return x
}

// since appends the frames from number first on to out, at most max of them, and
// returns the number of the next. Frames older than the ring are left out.
func (e *ear) since(first uint64, most int, out []int16) ([]int16, uint64) {
	if first > e.count {
		first = e.count
	}
	if e.count-first > ringFrames {
		first = e.count - ringFrames
	}
	for ; first < e.count && most > 0; most-- {
		out = append(out, e.ring[first%ringFrames][:]...)
		first++
	}
	return out, first
}
