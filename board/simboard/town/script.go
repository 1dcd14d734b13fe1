package town

import (
	"slices"

	"centralita/hal/sim/wire"
)

// Bounds of scripts.
const (
	scriptMax  = 32   // acts
	secondsMax = 3600 // any duration a wish may name
)

// Act is one thing an outside party does once the line is through. Exactly one
// of the fields is set, apart from ForS, which bounds Speak and Until.
type Act struct {
	WaitS  float64 `json:"wait_s,omitempty"`
	Speak  string  `json:"speak,omitempty"`  // a voice; once, or for ForS seconds over and over
	Digits string  `json:"digits,omitempty"` // DTMF
	Until  string  `json:"until,omitempty"`  // wait for a sound by name ("speech", "silence", "busy" ...), at most ForS seconds (30 without)
	Hangup bool    `json:"hangup,omitempty"`
	ForS   float64 `json:"for_s,omitempty"`
}

// Party is what the outside person does. The plain fields are a short script:
// wait DigitsAfterS, send Digits, then speak Voice until HangupAfterS.
type Party struct {
	Voice        string  `json:"voice,omitempty"` // babble, babble:SEED, tone:HZ, echo, silent, FILE.wav
	Digits       string  `json:"digits,omitempty"`
	DigitsAfterS float64 `json:"digits_after_s,omitempty"`
	HangupAfterS float64 `json:"hangup_after_s,omitempty"` // counted from the answer; 0 never
	Script       []Act   `json:"script,omitempty"`         // instead of Voice and Digits
}

// deed is an act ready to be done in a step.
type deed struct {
	samples []int16
	loop    bool
	echo    bool
	hangup  bool
	until   string
	frames  int // 0 is until the tape ends
}

// role is a Party made ready: immutable, shared by the calls that play it.
type role struct {
	deeds       []deed
	hangupAfter int // frames; 0 never
}

// soundMax bounds the sound that one wish may have made ready: 40 minutes, 38 MB.
const soundMax = 40 * 60 * rate

// studio makes the sounds of one wish, each voice once.
type studio struct {
	town    *Town
	country *country
	made    int // samples
	voices  map[string][]int16
}

func (t *Town) studio(c *country) *studio {
	return &studio{town: t, country: c, voices: map[string][]int16{}}
}

func (s *studio) voice(name string) ([]int16, error) {
	if v, ok := s.voices[name]; ok {
		return v, nil
	}
	v, err := s.town.mixed(name, s.country)
	if err != nil {
		return nil, err
	}
	s.voices[name] = v
	return v, s.count(v)
}

func (s *studio) digits(digits string) ([]int16, error) {
	if err := checkDigits(digits); err != nil {
		return nil, err
	}
	v := pressed(digits, fingers{on: 100, off: 100}, s.country.digits, nil)
	return v, s.count(v)
}

func (s *studio) count(v []int16) error {
	if s.made += len(v); s.made > soundMax {
		return wrong("too_much_sound", "script: more than 40 minutes of sound in one wish")
	}
	return nil
}

// prepare checks a party and makes its sounds.
func (s *studio) prepare(p Party) (*role, error) {
	if err := inRange("hangup_after_s", p.HangupAfterS); err != nil {
		return nil, err
	}
	acts := p.Script
	if len(acts) > scriptMax {
		return nil, wrong("script_too_long", "script: at most %d acts", scriptMax)
	}
	if len(acts) == 0 {
		acts = p.plain()
	}
	r := &role{hangupAfter: secondFrames(p.HangupAfterS)}
	for _, a := range acts {
		d, err := s.deed(a)
		if err != nil {
			return nil, err
		}
		r.deeds = append(r.deeds, d)
	}
	return r, nil
}

// plain is the script behind the plain fields.
func (p Party) plain() (acts []Act) {
	if p.DigitsAfterS != 0 {
		acts = append(acts, Act{WaitS: p.DigitsAfterS})
	}
	if p.Digits != "" {
		acts = append(acts, Act{Digits: p.Digits})
	}
	if p.Voice != "" && p.Voice != voiceSilent {
		acts = append(acts, Act{Speak: p.Voice, ForS: secondsMax})
	}
	return acts
}

func (s *studio) deed(a Act) (deed, error) {
	if err := inRange("wait_s", a.WaitS); err != nil {
		return deed{}, err
	}
	if err := inRange("for_s", a.ForS); err != nil {
		return deed{}, err
	}
	set := 0
	for _, is := range []bool{a.WaitS != 0, a.Speak != "", a.Digits != "", a.Until != "", a.Hangup} {
		if is {
			set++
		}
	}
	if set != 1 {
		return deed{}, wrong("bad_act", "script: an act has exactly one of wait_s, speak, digits, until, hangup")
	}
	switch {
	case a.Hangup:
		return deed{hangup: true}, nil
	case a.Until != "":
		if !slices.Contains(soundNames, a.Until) {
			return deed{}, wrong("bad_act", "script: until %q is no sound the town knows; use one of %v", a.Until, soundNames)
		}
		if a.ForS == 0 {
			a.ForS = 30
		}
		return deed{until: a.Until, frames: secondFrames(a.ForS)}, nil
	case a.Digits != "":
		v, err := s.digits(a.Digits)
		return deed{samples: v, frames: framesOf(v)}, err
	case a.Speak != "":
		return s.speech(a)
	}
	return deed{frames: secondFrames(a.WaitS)}, nil
}

func (s *studio) speech(a Act) (deed, error) {
	v, err := s.voice(a.Speak)
	if err != nil {
		return deed{}, err
	}
	d := deed{samples: v, loop: a.ForS > 0, echo: a.Speak == voiceEcho, frames: secondFrames(a.ForS)}
	if d.frames == 0 {
		d.frames = framesOf(v)
	}
	if d.echo && a.ForS == 0 {
		d.frames = secondFrames(secondsMax)
	}
	return d, nil
}

// soundNames are what an ear may report.
var soundNames = []string{"silence", "speech", "tone", "dial", "ringback", "busy", "congestion", "special-information"}

func inRange(name string, seconds float64) error {
	if !(seconds >= 0 && seconds <= secondsMax) {
		return wrong("out_of_range", "%s: from 0 to %d seconds", name, secondsMax)
	}
	return nil
}

// actor plays a role in one call.
type actor struct {
	role   *role
	at     int
	left   int
	tape   tape
	talked int // frames since the answer
	gone   bool
}

func (a *actor) begin(r *role) {
	*a = actor{role: r}
	a.enter()
}

// enter makes the deed at hand ready.
func (a *actor) enter() {
	if a.at >= len(a.role.deeds) {
		return
	}
	d := &a.role.deeds[a.at]
	a.left = d.frames
	a.tape = tape{samples: d.samples, loop: d.loop}
	a.gone = a.gone || d.hangup
}

// step speaks 10 ms into out, given what is heard; it reports when the party has
// hung up.
func (a *actor) step(hears string, in, out *wire.Sound) (gone bool) {
	a.talked++
	if a.role.hangupAfter > 0 && a.talked >= a.role.hangupAfter {
		a.gone = true
	}
	if a.gone || a.at >= len(a.role.deeds) {
		return a.gone
	}
	d := &a.role.deeds[a.at]
	switch {
	case d.echo:
		*out = *in
	case d.samples != nil:
		a.tape.next(out)
	}
	a.left--
	if a.left <= 0 || d.until != "" && d.until == hears {
		a.at++
		a.enter()
	}
	return a.gone
}
