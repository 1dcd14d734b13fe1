package acd

import (
	"slices"
	"strconv"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// byLeg finds the caller for whom an agent's leg rings.
func (f *Floor) byLeg(l id.Leg) *waiting {
	if i := slices.IndexFunc(f.waiting, func(w *waiting) bool { return w.leg == l && l != 0 }); i >= 0 {
		return f.waiting[i]
	}
	return nil
}

// answered connects when an agent lifts, and begins the welcome when a caller's
// line is there.
func (f *Floor) answered(now core.Time, l id.Leg, out *core.Out) {
	if w := f.byLeg(l); w != nil && f.book.Answered(l) {
		f.connect(now, w, out)
		return
	}
	c := f.book.Standing(l, "queue")
	if c == nil || c.With != 0 {
		return
	}
	w := f.waits(c.ID)
	if w == nil || w.play != 0 {
		return
	}
	if q, ok := f.queue(w.queue); ok {
		if play := f.welcome(out, c, q); play != 0 {
			out.Say(&event.PositionTold{Call: c.ID, Until: w.tell, Play: play})
		}
	}
}

func (f *Floor) connect(now core.Time, w *waiting, out *core.Out) {
	c, a := f.book.Call(w.call), f.agent(w.agent)
	if c == nil {
		return
	}
	q, _ := f.queue(w.queue)
	l := w.leg
	f.leave(now, w, "connected", out)
	f.book.Connect(now, out, c, l, a.id, q.Record.Always)
	out.Say(&event.AgentChanged{Agent: a.id, State: talking, Station: a.station, Call: c.ID, Queue: w.queue})
}

// legGone returns a caller whose agent did not take the call.
func (f *Floor) legGone(now core.Time, l id.Leg, why string, out *core.Out) {
	w := f.byLeg(l)
	if w == nil || f.book.Call(w.call) == nil {
		return
	}
	f.giveBack(now, w, why, out)
}

func (f *Floor) giveBack(now core.Time, w *waiting, why string, out *core.Out) {
	a, l := f.agent(w.agent), w.leg
	until := int64(0)
	if f.always(a.id) {
		until = now.At + missedMS
	}
	out.Say(&event.CallReturned{Call: w.call, Agent: a.id, Why: why})
	if !f.book.Reachable(a.station) {
		f.free(out, a)
	} else {
		f.become(out, a, missed, "", until)
	}
	f.book.Drop(out, l, leg.NoAnswer)
}

// ended takes a caller who hung up out of the queue, and lets the agent wrap up.
func (f *Floor) ended(now core.Time, e *event.CallEnded, out *core.Out) {
	if w := f.waits(e.Call); w != nil {
		why := "ended"
		if e.By != 0 {
			why = "abandoned"
		}
		f.leave(now, w, why, out)
	}
	for _, a := range f.sorted() {
		if a.call != e.Call || a.state == wrapUp {
			continue
		}
		f.wrap(now, a, out)
	}
}

// played follows a welcome or an announcement with music.
func (f *Floor) played(e *event.PlayEnded, out *core.Out) {
	c := f.book.Standing(e.Leg, "queue")
	if c == nil || c.With != 0 {
		return
	}
	w := f.waits(c.ID)
	if w == nil || w.play != e.Play || e.Play == 0 {
		return
	}
	if q, ok := f.queue(w.queue); ok {
		f.music(out, c, q)
	}
}

// woke looks at every due time.
func (f *Floor) woke(now core.Time, out *core.Out) {
	for _, a := range f.sorted() {
		if a.until == 0 || a.until > now.At {
			continue
		}
		w := f.waits(a.call)
		if a.state == presented && w != nil && w.agent == a.id {
			f.giveBack(now, w, "no-answer", out)
		} else {
			f.free(out, a)
		}
	}
	for _, w := range slices.Clone(f.waiting) {
		if at := f.overflowAt(w); at != 0 && at <= now.At && w.agent == "" {
			f.overflow(now, w, out)
		} else if w.tell != 0 && w.tell <= now.At {
			f.tell(now, w, out)
		}
	}
	f.present(now, out)
}

// tell says the place in the queue.
func (f *Floor) tell(now core.Time, w *waiting, out *core.Out) {
	q, _ := f.queue(w.queue)
	c := f.book.Call(w.call)
	if c == nil {
		return
	}
	place := f.position(w)
	told := &event.PositionTold{Call: w.call, Position: uint16(min(place, 65535)), Until: now.At + q.Announce.Every.Or(everyDefault).Milliseconds()}
	if !q.Announce.Position {
		told.Until = 0
	}
	if f.book.Answered(c.Caller) && q.Announce.Position {
		told.Play = f.book.Play(out, c, false, placeClips(place)...)
	}
	out.Say(told)
}

func placeClips(place int) []string {
	if place == 1 {
		return []string{"prompt/you-are-next"}
	}
	return []string{"prompt/callers-before-you", "number/" + strconv.Itoa(place-1)}
}

// position counts from 1, among the callers of the same queue.
func (f *Floor) position(w *waiting) int {
	n := 0
	for _, x := range f.waiting {
		if x.queue == w.queue {
			n++
		}
		if x == w {
			break
		}
	}
	return n
}
