package soak

import (
	"fmt"
	"slices"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/id"
)

// talk is a call that is made, stands, or was broken.
type talk struct {
	call
	box     *box
	speaks  bool // the caller at the handset has begun to
	stands  bool
	line    *town.Line // nil inside
	set     *town.Handset
	other   *town.Handset // the called one, inside
	pending []town.Pending
}

// Nine digits are a whole number in Spain; lines are told by their prefix.
const number9 = "612345678"

func (b *box) newTalk(c call) (*talk, error) {
	k := &talk{call: c, box: b}
	var err error
	if k.set, err = b.town.Handset(fmt.Sprintf("fxs%d", c.pair+1)); err != nil {
		return nil, err
	}
	if c.kind == inside {
		k.other, err = b.town.Handset(fmt.Sprintf("fxs%d", c.pair+2))
	} else {
		k.line, err = b.town.Line(fmt.Sprintf("fxo%d", c.pair+1))
	}
	return k, err
}

func (k *talk) wish(p town.Pending) { k.pending = append(k.pending, p) }

// granted reports a wish that the town refused; those not tried yet are kept.
func (k *talk) granted() error {
	kept := k.pending[:0]
	for _, p := range k.pending {
		select {
		case err := <-p:
			if err != nil {
				return fmt.Errorf("%s: %w", k.call, err)
			}
		default:
			kept = append(kept, p)
		}
	}
	k.pending = kept
	return nil
}

// start begins it.
func (k *talk) start() {
	n := k.pair + 1
	switch k.kind {
	case incoming:
		k.wish(k.set.Attend(town.Attend{Rings: 1}))
		k.wish(k.line.Call(town.Call{Number: "912345678", RingForS: 30, Party: town.Party{Voice: voiceOut}}))
		k.speaks = true
		return
	case outgoing, glare, beside:
		k.wish(k.set.Attend(town.Attend{}))
		k.wish(k.set.Lift())
		k.wish(k.set.Dial(town.Dial{Digits: fmt.Sprintf("0%d", n) + number9, WaitDialTone: true}))
	case inside:
		k.wish(k.set.Attend(town.Attend{}))
		k.wish(k.other.Attend(town.Attend{Rings: 1}))
		k.wish(k.set.Lift())
		k.wish(k.set.Dial(town.Dial{Digits: fmt.Sprintf("10%d", n+1), WaitDialTone: true}))
	}
}

// reached tells that the called end has answered.
func (k *talk) reached() bool {
	if k.kind == inside {
		return k.other.State().OffHook && k.set.State().OffHook
	}
	return k.line.State().State == "talking" && k.set.State().OffHook
}

// look moves it on and tells whether both hear each other.
func (k *talk) look() (bool, error) {
	if err := k.granted(); err != nil {
		return false, err
	}
	if !k.reached() {
		return false, nil
	}
	if !k.speaks {
		k.speaks = true
		k.wish(k.set.Speak(town.Speech{Voice: voiceIn, Loop: true}))
	}
	k.stands = k.heard() && !k.ringing()
	return k.stands, nil
}

// ringing tells that what is heard is a tone of the exchange or of the box.
func (k *talk) ringing() bool {
	switch k.set.State().Hears.Sound {
	case "ringback", "dial", "busy", "congestion":
		return true
	}
	return false
}

// hearer is the port at whose far end the other is heard. One speaks and one
// listens: two steady tones at once are the one thing that nobody can tell from an
// echo.
func (k *talk) hearer() string {
	if k.kind == incoming {
		return k.ports()[1]
	}
	if k.kind == inside {
		return k.ports()[1]
	}
	return k.ports()[0]
}

func (k *talk) heard() bool { return k.box.watch.hears(k.hearer()) }

func (k *talk) String() string {
	s := fmt.Sprintf("%s: telephone %s", k.call, describe(k.set))
	if k.line != nil {
		l := k.line.State()
		return s + fmt.Sprintf(", line %s for %d ms, %.0f V, %.0f mA, dialled %q, hears %s", l.State, l.SinceMS, l.Volts, l.MilliAmp, l.Dialled, l.Hears.Sound)
	}
	return s + ", other " + describe(k.other)
}

func describe(h *town.Handset) string {
	s := h.State()
	return fmt.Sprintf("off-hook %t, ringing %t, %.0f V, dialled %q, hears %s", s.OffHook, s.Ringing, s.Volts, s.Dialled, s.Hears.Sound)
}

// setupMost is how long a call may take to come about: the longest is an incoming
// one, with its caller ID, a ring and a hand.
const setupMost = 25 * time.Second

// connect makes all the calls stand.
func (b *box) connect(talks []*talk) error {
	// An exchange takes a short for a telephone, and a while to forget it.
	err := b.until("the lines to call on are free", clearMost, func() bool {
		return !slices.ContainsFunc(talks, func(k *talk) bool { return !k.stands && k.line != nil && k.line.State().State != "idle" })
	})
	if err != nil {
		return err
	}
	for _, k := range talks {
		if !k.stands {
			k.start()
		}
	}
	lacking := func() (missing *talk) {
		for _, k := range talks {
			if k.stands {
				continue
			}
			up, e := k.look()
			if e != nil {
				err = e
			}
			if !up {
				missing = k
			}
		}
		return missing
	}
	for range setupMost / (5 * simStep) {
		if lacking() == nil || err != nil {
			return err
		}
		b.sleep(5 * simStep)
	}
	return fmt.Errorf("a call does not come about: %s", lacking())
}

// clearMost is how long an end may take to be free after the last hand is gone: the
// exchange's loop break or the end of ringing.
const clearMost = 12 * time.Second

// disconnect hangs up at every far end of the calls and waits until all is free.
func (b *box) disconnect(talks []*talk) error {
	var lines, sets []string
	for _, k := range talks {
		for _, h := range []*town.Handset{k.set, k.other} {
			if h == nil {
				continue
			}
			_ = h.Attend(town.Attend{})
			_ = h.Hangup()
			sets = append(sets, h.State().Name)
		}
		if k.line != nil {
			_ = k.line.Hangup()
			lines = append(lines, k.line.State().Name)
		}
	}
	return b.until(fmt.Sprintf("after hanging up %v and %v all is free", sets, lines), clearMost, func() bool {
		for _, name := range append(lines, sets...) {
			if !b.bank.Idle(id.Port(name)) {
				return false
			}
		}
		for _, name := range lines {
			l, _ := b.town.Line(name)
			if l.State().State != "idle" || !b.watch.onHook(name) {
				return false
			}
		}
		return true
	})
}
