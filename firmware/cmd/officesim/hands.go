package main

import (
	"strings"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// do answers an order with what the world would do, later.
func (t *town) do(o order.Order) {
	switch o := o.(type) {
	case order.Wake:
		t.wake(o.At)
	case order.Dial:
		t.dial(o)
	case order.Record:
		t.legs[o.Left].tape(o.Call)
	case order.StopRecord:
		t.later(t.between(1, 500), func() { t.tell(&event.RecordingEnded{Call: o.Call, File: "x.wav", MS: 1000}) })
	case order.Connect:
		t.connect(o)
	case order.Disconnect:
		t.with(o.A, t.alone)
		t.with(o.B, t.alone)
	case order.Answer:
		t.with(o.Leg, t.answer)
	case order.Hangup:
		t.with(o.Leg, func(e *end) { t.endLater(e, t.between(5, 500), o.Cause) })
	case order.Play:
		t.with(o.Leg, func(e *end) { t.play(e, o) })
	case order.Stop:
		t.with(o.Leg, func(e *end) { e.play = 0 })
	}
}

func (t *town) with(l id.Leg, do func(*end)) {
	if e := t.legs[l]; e != nil && !e.gone {
		do(e)
	}
}

func (e *end) tape(c id.Call) {
	if e != nil {
		e.recorded = c
	}
}

// wake comes in time, late, twice or not at all.
func (t *town) wake(at int64) {
	delay := max(at-t.at, 1)
	switch {
	case t.chance(100):
		return // lost; the core asks again with the next fact
	case t.chance(10):
		delay += t.between(1, 2000)
	case t.chance(20):
		t.later(delay+t.between(0, 50), func() { t.tell(&event.Woke{}) })
	}
	t.later(delay, func() { t.tell(&event.Woke{}) })
}

// ended tells the end of a leg, once for the world and now and then twice for the
// box, as a confused shell might.
func (t *town) ended(e *end, cause string) {
	if t.legs[e.id] != e {
		return
	}
	delete(t.legs, e.id)
	e.gone = true
	t.tell(&event.LegEnded{Leg: e.id, Cause: cause})
	if t.chance(50) {
		t.tell(&event.LegEnded{Leg: e.id, Cause: cause})
	}
	if t.chance(50) {
		t.tell(&event.LegAnswered{Leg: e.id, By: string(leg.ByHook)}) // late word of a leg already gone
	}
}

func (t *town) endLater(e *end, afterMS int64, cause string) {
	t.later(afterMS, func() { t.ended(e, cause) })
}

// answer: the box takes a call that came in.
func (t *town) answer(e *end) {
	if e.answered {
		return
	}
	t.later(t.between(1, 650), func() {
		if !e.gone && !e.answered {
			e.answered = true
			t.tell(&event.LegAnswered{Leg: e.id, By: string(leg.ByHook), Sure: 100})
		}
	})
}

// play: prompts end, tones that say "it is over" make people hang up, questions
// make them press keys.
func (t *town) play(e *end, o order.Play) {
	e.play = o.Play
	if o.Loop {
		if o.Clips[0] == "tone/busy" || o.Clips[0] == "tone/congestion" || o.Clips[0] == "tone/sit" {
			t.endLater(e, t.between(300, 20_000), string(leg.Normal))
		}
		return
	}
	t.later(t.between(500, 9_000), func() {
		if !e.gone && e.play == o.Play {
			e.play = 0
			t.tell(&event.PlayEnded{Leg: e.id, Play: o.Play})
		}
	})
	for _, c := range o.Clips {
		if strings.HasPrefix(c, "prompt/press") && !t.chance(5) {
			t.later(t.between(800, 12_000), func() { t.press(e, []string{"0", "1", "2", "5", "6", "7", "8", "9", "3", "#"}[t.rnd.IntN(10)]) })
		}
	}
}

func (t *town) press(e *end, digit string) {
	if !e.gone {
		t.tell(&event.DigitPressed{Leg: e.id, Digit: digit})
	}
}

// connect: people talk, use the flash key now and then, and one of them hangs up.
func (t *town) connect(o order.Connect) {
	a, b := t.legs[o.A], t.legs[o.B]
	if a == nil || b == nil || a.with == b.id {
		return
	}
	a.with, b.with = b.id, a.id
	if t.chance(8) {
		t.deskWork([]*end{a, b}[t.rnd.IntN(2)])
	}
	who := a
	if t.chance(2) {
		who = b
	}
	talk := int64(t.rnd.ExpFloat64() * 90_000)
	signs := []leg.Cause{leg.LoopBreak, leg.BusyTone, leg.PolarityBack, leg.Normal}
	cause := leg.Normal
	if who.port.Kind() == "fxo" {
		cause = signs[t.rnd.IntN(len(signs))]
	}
	t.endLater(who, min(talk, 20*60_000)+500, string(cause))
}
