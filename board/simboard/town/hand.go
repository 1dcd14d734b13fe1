package town

import "strings"

// digitPauseMS is what turning the dial takes between two digits.
const digitPauseMS = 700

// dialToneWait is how long a person waits for dial tone before dialling anyway.
const dialToneWait = 5 * framesPerSecond

// Dial is a number to dial.
type Dial struct {
	Digits       string `json:"digits"`         // 0-9 * # A-D, and a comma for a second of pause; at most 40
	Pulse        bool   `json:"pulse"`          // by loop breaks instead of tones; 0-9 only
	WaitDialTone bool   `json:"wait_dial_tone"` // listens for dial tone first, five seconds at most
}

// Speech is something to say into the handset.
type Speech struct {
	File  string `json:"file"`  // a WAV file of the town's folder, or
	Voice string `json:"voice"` // babble, babble:SEED, tone:HZ, silent (stop speaking)
	Loop  bool   `json:"loop"`  // over and over
}

// Lift takes the handset off.
func (h *Handset) Lift() Pending {
	return h.town.ask(func() error {
		if h.lifted {
			return wrong("off_hook", "handset %s is lifted already", h.name)
		}
		h.lift()
		return nil
	})
}

// Hangup puts the handset back.
func (h *Handset) Hangup() Pending {
	return h.whileLifted(func() error {
		h.hangUp()
		return nil
	})
}

// Dial presses keys, or turns the dial, with a person's timing.
func (h *Handset) Dial(d Dial) Pending {
	if err := checkDigits(d.Digits); err != nil {
		return refused(err)
	}
	if d.Digits == "" {
		return refused(wrong("no_digits", "handset %s: digits to dial are missing", h.name))
	}
	if d.Pulse && strings.Trim(d.Digits, "0123456789,") != "" {
		return refused(wrong("bad_digit", "handset %s: only 0-9 can be dialled by pulses", h.name))
	}
	return h.whileLifted(func() error {
		if h.busyHand() {
			return wrong("still_dialling", "handset %s: the last digits are still being dialled", h.name)
		}
		h.perform(h.dialling(d))
		h.note(d.Digits)
		return nil
	})
}

// dialling is what the hand does for a number.
func (h *Handset) dialling(d Dial) (g []gesture) {
	if d.WaitDialTone {
		g = append(g, gesture{frames: dialToneWait, await: true}, gesture{frames: 20 + h.r.IntN(40)})
	}
	if !d.Pulse {
		f := fingers{on: person.on + h.r.IntN(20), off: person.off + h.r.IntN(40), spread: person.spread}
		s := pressed(d.Digits, f, h.country.digits, h.r)
		return append(g, gesture{frames: framesOf(s), sound: s})
	}
	for _, c := range d.Digits {
		if c == ',' {
			g = append(g, gesture{frames: framesPerSecond})
			continue
		}
		for range (int(c-'0')+9)%10 + 1 {
			g = append(g, gesture{frames: frames(h.kind.BreakMS), open: true}, gesture{frames: frames(int(1000/h.kind.PulseHz) - h.kind.BreakMS)})
		}
		g = append(g, gesture{frames: frames(digitPauseMS)})
	}
	return g
}

func (h *Handset) perform(g []gesture) { h.gestures, h.gesture, h.left = g, 0, 0 }

// note remembers what was dialled since the handset was lifted.
func (h *Handset) note(digits string) {
	for _, d := range []byte(digits) {
		if d != ',' && h.dialledN < len(h.dialled) {
			h.dialled[h.dialledN] = d
			h.dialledN++
		}
	}
}

// Flash opens the loop for ms (40..1000), the country's custom with 0.
func (h *Handset) Flash(ms int) Pending {
	if ms == 0 {
		ms = h.country.flash
	}
	if ms < 40 || ms > 1000 {
		return refused(wrong("out_of_range", "handset %s: a flash lasts 40 to 1000 ms", h.name))
	}
	return h.whileLifted(func() error {
		if h.busyHand() {
			return wrong("still_dialling", "handset %s: the last digits are still being dialled", h.name)
		}
		h.perform([]gesture{{frames: frames(ms), open: true}})
		return nil
	})
}

// Speak says something into the handset, instead of what is being said.
func (h *Handset) Speak(s Speech) Pending {
	if (s.File == "") == (s.Voice == "") {
		return refused(wrong("bad_speech", "handset %s: either file or voice says what to speak", h.name))
	}
	if s.Voice == voiceEcho {
		return refused(wrong("bad_voice", "handset %s: only outside parties echo", h.name))
	}
	var samples []int16
	var err error
	if s.File != "" {
		samples, err = h.town.readFile(s.File)
	} else {
		samples, err = h.town.voice(s.Voice)
	}
	if err != nil {
		return refused(err)
	}
	return h.whileLifted(func() error {
		h.voice = tape{samples: samples, loop: s.Loop}
		return nil
	})
}

// Attend has the person answer by themselves from now on.
func (h *Handset) Attend(a Attend) Pending {
	if a.Rings < 0 || a.Rings > ringsMax {
		return refused(wrong("out_of_range", "handset %s: rings: 0 to %d", h.name, ringsMax))
	}
	if err := inRange("hangup_after_s", a.HangupAfterS); err != nil {
		return refused(err)
	}
	samples, err := h.town.voice(a.Voice)
	if err != nil {
		return refused(err)
	}
	return h.town.ask(func() error {
		h.person.rings, h.person.reach = a.Rings, 0
		h.person.voice = tape{samples: samples, loop: true}
		h.person.hangupAfter = secondFrames(a.HangupAfterS)
		return nil
	})
}

// whileLifted is a wish that needs the handset in the hand.
func (h *Handset) whileLifted(apply func() error) Pending {
	return h.town.ask(func() error {
		if !h.lifted {
			return wrong("on_hook", "handset %s is on-hook: lift it first", h.name)
		}
		return apply()
	})
}
