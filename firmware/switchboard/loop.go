package switchboard

import (
	"context"
	"log/slog"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media"
	"centralita/firmware/order"
)

// inboxMax bounds what waits for the loop: a few reports for each of 128 legs and
// the commands of all doors. When it is full the tellers wait; nothing is lost.
const inboxMax = 4096

// Journal is where facts are written down, as firmware/journal does. Append may
// wait while the disk is slow; Last is the newest number given.
type Journal interface {
	Append(at, wall int64, events ...event.Event) (first uint64)
	Last() uint64
}

// Options are what a Switchboard is made of.
type Options struct {
	Core     *core.Core
	Journal  Journal
	Engine   *media.Engine
	Makers   map[string]leg.Maker // by id.Port.Kind
	Sounds   *Sounds
	Recorder Recorder
	Start    int64 // of the loop's clock, core.Time.At; not before the last record's
	Log      *slog.Logger
}

// Switchboard joins the core, the legs and the sound.
type Switchboard struct {
	opt   Options
	inbox chan item
	began time.Time
	late  []event.Event // facts found while orders were carried out, for the next step

	legs    map[id.Leg]*end
	byLeg   map[leg.Leg]*end
	byPort  map[media.Handle]*end // of legs and their players
	tapes   map[id.Call]*tape
	writing int                // recordings begun whose end was not told
	moved   map[*end]struct{}  // whose wires changed in this step
	saying  map[*end]struct{}  // to whose far ends digits of ours go
	turned  map[*tape]struct{} // recordings whose legs changed in this step
	alarms  *alarms
}

// item is one thing for the loop.
type item struct {
	leg    leg.Leg
	report leg.Report
	event  event.Event
	do     func(now core.Time)
	moved  *end // whose relay ended by itself
}

// New makes a switchboard; nothing runs before Serve.
func New(o Options) *Switchboard {
	return &Switchboard{
		opt: o, inbox: make(chan item, inboxMax),
		legs: map[id.Leg]*end{}, byLeg: map[leg.Leg]*end{}, byPort: map[media.Handle]*end{},
		moved: map[*end]struct{}{}, saying: map[*end]struct{}{}, turned: map[*tape]struct{}{},
		tapes: map[id.Call]*tape{}, alarms: newAlarms(), began: time.Now(),
	}
}

// Told is for the makers of legs: it takes a report into the inbox.
func (s *Switchboard) Told(l leg.Leg, r leg.Report) { s.inbox <- item{leg: l, report: r} }

// Tell takes a fact of a shell into the inbox: a phone registered, a line lost
// its battery, settings were committed.
func (s *Switchboard) Tell(e event.Event) { s.inbox <- item{event: e} }

// Serve steps the core until ctx ends, then says that the box stopped and hangs
// everything up.
func (s *Switchboard) Serve(ctx context.Context) error {
	look := time.NewTicker(sampleEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			s.stop()
			return ctx.Err()
		case it := <-s.inbox:
			s.take(it)
		case <-s.opt.Engine.Wake():
		case <-s.alarms.timer.C:
			s.alarms.woke(s.Now())
			s.step(&event.Woke{})
		case <-look.C:
			s.sample()
		}
		s.hear()
	}
}

func (s *Switchboard) String() string { return "switchboard" }

// Now reads the loop's clock; any goroutine.
func (s *Switchboard) Now() core.Time {
	return core.Time{
		At:   s.opt.Start + time.Since(s.began).Milliseconds(),
		Wall: time.Now().UnixMilli(),
	}
}

func (s *Switchboard) take(it item) {
	switch {
	case it.do != nil:
		it.do(s.Now())
	case it.event != nil:
		if _, ok := it.event.(*event.RecordingEnded); ok {
			s.writing--
		}
		s.step(it.event)
	case it.moved != nil:
		if s.legs[it.moved.id] == it.moved {
			s.moved[it.moved] = struct{}{}
			s.settle()
		}
	case it.leg != nil:
		s.report(it.leg, it.report)
	}
}

// step feeds one fact and what follows from carrying out its orders.
func (s *Switchboard) step(e event.Event) {
	s.late = append(s.late, e)
	s.settle()
}

// settle steps what was found while orders were carried out.
func (s *Switchboard) settle() {
	for len(s.late) > 0 {
		e := s.late[0]
		s.late = s.late[1:]
		now := s.Now()
		orders, said := s.opt.Core.Step(now, e)
		s.carry(now, orders, said)
	}
	s.late = nil
	s.aim()
}

// carry writes down what was said, then does what was ordered.
func (s *Switchboard) carry(now core.Time, orders []order.Order, said []event.Event) {
	if len(said) > 0 {
		s.opt.Journal.Append(now.At, now.Wall, said...)
	}
	for _, o := range orders {
		s.do(now, o)
	}
}

// stop ends every leg and says so.
func (s *Switchboard) stop() {
	s.step(&event.BoxStopped{Why: "ended in order"})
	for _, e := range s.legs {
		e.leg.Hangup(leg.BoxStopped)
	}
	// The last words of wires and recorders still come; two seconds are more than
	// any of them needs.
	limit := time.NewTimer(2 * time.Second)
	defer limit.Stop()
	for len(s.legs) > 0 || s.writing > 0 {
		select {
		case it := <-s.inbox:
			s.take(it)
		case <-limit.C:
			return
		}
	}
}
