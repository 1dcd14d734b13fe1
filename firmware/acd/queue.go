package acd

import (
	"slices"
	"time"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/settings"
)

// Defaults of the settings.
const (
	ringDefault  = 15 * time.Second
	everyDefault = 45 * time.Second
)

// waiting is one caller in a queue.
type waiting struct {
	call  id.Call
	queue id.Queue
	since int64
	agent id.Agent // who is presented the call, "" nobody
	leg   id.Leg   // and by which leg
	play  id.Play  // welcome or position that plays; music follows
	tell  int64    // when the place is told next, 0 never
}

func (f *Floor) waits(c id.Call) *waiting {
	if i := slices.IndexFunc(f.waiting, func(w *waiting) bool { return w.call == c }); i >= 0 {
		return f.waiting[i]
	}
	return nil
}

// enter keeps the order of entry over all queues: nobody overtakes.
func (f *Floor) enter(now core.Time, e *event.CallQueued) {
	f.waiting = append(f.waiting, &waiting{call: e.Call, queue: e.Queue, since: now.At, play: e.Play, tell: e.Until})
	f.countOf(now, e.Queue).offered++
}

func (f *Floor) queue(n id.Queue) (settings.Queue, bool) { return f.book.Office().QueueByName(n) }

// routed takes a call that comes to a queue, and forgets one that goes elsewhere.
func (f *Floor) routed(now core.Time, e *event.CallRouted, out *core.Out) {
	if w := f.waits(e.Call); w != nil {
		f.leave(now, w, "moved", out)
	}
	if e.To.Kind() != "recall" {
		f.moved(now, e.Call, out)
	}
	c := f.book.Call(e.Call)
	if c == nil || c.Where != e.To || e.To.Kind() != "queue" {
		return
	}
	q, ok := f.queue(id.Queue(e.To.Name()))
	if !ok {
		f.book.End(now, out, c.ID, leg.UnknownNumber, 0)
		return
	}
	queued := &event.CallQueued{Call: c.ID, Queue: id.Queue(q.Name)}
	if q.Announce.Position {
		queued.Until = now.At + q.Announce.Every.Or(everyDefault).Milliseconds()
	}
	if f.book.Accept(out, c) {
		queued.Play = f.welcome(out, c, q)
	}
	out.Say(queued)
}

// welcome plays the prompts of the queue and else music at once.
func (f *Floor) welcome(out *core.Out, c *call.Call, q settings.Queue) id.Play {
	if len(q.Welcome) == 0 {
		f.music(out, c, q)
		return 0
	}
	clips := make([]string, len(q.Welcome))
	for i, w := range q.Welcome {
		clips[i] = "prompt/" + w
	}
	return f.book.Play(out, c, false, clips...)
}

func (f *Floor) music(out *core.Out, c *call.Call, q settings.Queue) {
	name := q.Music
	if name == "" {
		name = "default"
	}
	f.book.Play(out, c, true, "music/"+name)
}

// present rings agents for callers, in the order of waiting, as long as there is
// an agent for one.
func (f *Floor) present(now core.Time, out *core.Out) {
	if !f.anybodyReady() {
		return
	}
	for _, w := range slices.Clone(f.waiting) {
		c := f.book.Call(w.call)
		if w.agent != "" || c == nil || f.waits(w.call) != w {
			continue
		}
		q, ok := f.queue(w.queue)
		if !ok {
			continue
		}
		if a := f.longestIdle(q); a != nil {
			f.ring(now, c, q, a, out)
		}
	}
}

func (f *Floor) anybodyReady() bool {
	for _, a := range f.agents {
		if a.state == ready {
			return true
		}
	}
	return false
}

// closeGone ends the calls of queues that the settings no longer know.
func (f *Floor) closeGone(now core.Time, out *core.Out) {
	for _, w := range slices.Clone(f.waiting) {
		if _, ok := f.queue(w.queue); !ok {
			f.book.End(now, out, w.call, leg.OutOfOrder, 0)
		}
	}
}

func (f *Floor) ring(now core.Time, c *call.Call, q settings.Queue, a *agent, out *core.Out) {
	st, _ := f.book.Station(a.station)
	until := now.At + q.Ring.Or(ringDefault).Milliseconds()
	out.Say(&event.AgentChanged{Agent: a.id, State: presented, Station: a.station, Call: c.ID, Queue: id.Queue(q.Name), Until: until})
	l := f.book.Ring(out, c, call.PortOf(st), "", 0)
	out.Say(&event.CallPresented{Call: c.ID, Queue: id.Queue(q.Name), Agent: a.id, Station: a.station, Leg: l, Until: until})
}

// overflowAt is when a caller has waited too long, 0 never.
func (f *Floor) overflowAt(w *waiting) int64 {
	q, ok := f.queue(w.queue)
	if !ok || q.MaxWait.After == 0 {
		return 0
	}
	return w.since + q.MaxWait.After.MS()
}

// overflow sends on a caller who has waited too long. While an agent's phone
// rings for the caller, that is waited for.
func (f *Floor) overflow(now core.Time, w *waiting, out *core.Out) {
	q, _ := f.queue(w.queue)
	f.leave(now, w, "overflow", out)
	if q.MaxWait.Then == "" {
		f.book.End(now, out, w.call, leg.NoAnswer, 0)
		return
	}
	f.book.Route(out, w.call, q.MaxWait.Then, "overflow")
}

func (f *Floor) leave(now core.Time, w *waiting, why string, out *core.Out) {
	out.Say(&event.CallLeft{Call: w.call, Queue: w.queue, Why: why, WaitMS: now.At - w.since})
}
