package town

import (
	"math/rand/v2"

	"centralita/hal/sim/wire"
)

// Handset is a telephone with a display and a person, on one FXS port.
type Handset struct {
	town    *Town
	name    string
	pair    *wire.Pair
	kind    Telephone
	country *country
	r       *rand.Rand

	lifted   bool
	gestures []gesture // what the hand does
	gesture  int
	left     int
	breaking bool // the hand opens the loop in this step
	hand     tape
	voice    tape
	person   attendant
	dialled  [dialMax]byte
	dialledN int

	bell        bell
	fsk         fskEar
	keypad      digitEar
	keypadQuiet int // frames without sound
	code        code
	shown       Shown
	shownAge    int  // frames since it came
	lamp        bool // messages wait, as last told
	waiting     callWaiting

	ear     ear
	plug    plug
	meter   meter
	in, out wire.Sound
}

// gesture is a stretch of what the hand does while lifted: the loop open for a
// pulse or a recall, or a key's sound.
type gesture struct {
	frames int
	open   bool
	await  bool // ends early when dial tone is heard
	sound  []int16
}

func newHandset(t *Town, name string, p *wire.Pair, c *country, r *rand.Rand) *Handset {
	h := &Handset{town: t, name: name, pair: p, kind: ordinary, country: c, r: r}
	h.ear.learn(c)
	h.ear.fresh()
	h.fsk.reset()
	h.keypad.reset()
	h.load()
	return h
}

// step lives for 10 ms.
func (h *Handset) step() {
	h.pair.AtSet(&h.in)
	h.out = wire.Sound{}
	began := !h.lifted && h.bell.watch(h.pair.Feed.RingVrms)
	h.breaking = false
	if h.lifted {
		h.ear.hear(&h.in)
		if h.kind.NoDisplay || !h.waiting.step(h, &h.in, &h.out) {
			h.live()
		}
	} else {
		h.display(began)
		h.ear.hear(&h.out)
	}
	h.attend(began)
	h.plug.exchange(h.lifted && h.left == 0, &h.in, &h.out)
	h.load()
	h.ear.speak(&h.out)
	h.pair.SetSays(&h.out)
	h.meter.read(h.pair)
}

// live moves the hand and the voice of somebody who holds the handset. The voice
// waits while a key is pressed: sets mute their microphone then.
func (h *Handset) live() {
	if h.left == 0 && h.gesture < len(h.gestures) {
		g := &h.gestures[h.gesture]
		h.gesture++
		h.left, h.hand = g.frames, tape{samples: g.sound}
	}
	if h.left == 0 {
		if h.voice.playing() {
			h.voice.next(&h.out)
		}
		return
	}
	g := &h.gestures[h.gesture-1]
	h.left--
	h.breaking = g.open
	h.hand.next(&h.out)
	if g.await && h.ear.tones.name == "dial" {
		h.left = 0
	}
}

// busyHand tells whether the hand is still at something.
func (h *Handset) busyHand() bool { return h.left > 0 || h.gesture < len(h.gestures) }

func (h *Handset) load() {
	h.pair.Load = wire.Load{OffHook: h.lifted && !h.breaking, Ohms: h.kind.Ohms, REN: h.kind.REN}
}

// lift and hang up are what a hand does with the handset at once.
func (h *Handset) lift() {
	h.lifted = true
	h.bell = bell{}
	h.dialledN = 0
	h.waiting = callWaiting{}
	h.ear.fresh()
	h.rest()
}

func (h *Handset) hangUp() {
	h.lifted = false
	h.person.ends()
	h.rest()
}

// rest drops what hand and voice were at.
func (h *Handset) rest() {
	h.gestures, h.gesture, h.left = nil, 0, 0
	h.hand, h.voice = tape{}, tape{}
}
