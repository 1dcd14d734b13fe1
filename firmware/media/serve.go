package media

import (
	"context"
	"time"
)

// Period is the time of one frame.
const Period = 10 * time.Millisecond

// missingBound is how many frames may fail to come before the engine goes on by
// the time of day; catchUpBound how many late frames are made up for.
const (
	missingBound = 3
	catchUpBound = 5
)

// Clock blocks until the next frame is due, at most a few periods; an error says
// that the frame did not come. The highway's exchange is one, Engine.Pace another.
type Clock func() error

// Counters count from the start of the program.
type Counters struct {
	Ticks     uint64        // frames moved
	Delayed   uint64        // ticks that began more than 5 ms late, counted from the one before
	Late      uint64        // frames made up for after a delay
	Skipped   uint64        // frames given up after a longer delay
	Missing   uint64        // periods in which the clock did not come
	HeardLost uint64        // facts dropped: the loop was too slow
	TapLost   uint64        // recorded frames dropped: a recorder was too slow
	Refused   uint64        // orders that could not be carried out
	Longest   time.Duration // longest tick
}

// Counters is a snapshot; any goroutine.
func (e *Engine) Counters() Counters {
	c := &e.count
	return Counters{
		Ticks: c.ticks.Load(), Delayed: c.delayed.Load(), Late: c.late.Load(), Skipped: c.skipped.Load(),
		Missing: c.missing.Load(), HeardLost: c.heardLost.Load(),
		TapLost: c.tapLost.Load(), Refused: c.refused.Load(),
		Longest: time.Duration(c.longest.Load()),
	}
}

// Urgency is the priority of the thread on which Serve should run (sched(7)): a
// frame that comes late is lost, and a tick is short.
const Urgency = 20

// Serve ticks at every frame of the clock until ctx ends. When three frames in a
// row fail to come it goes on by the time of day and says so through lost (true,
// and false when the clock is back); lost may be nil and must not block. A nil
// clock is Pace.
func (e *Engine) Serve(ctx context.Context, clock Clock, lost func(bool)) error {
	defer runFast()()
	if clock == nil {
		clock = e.Pace()
	}
	if lost == nil {
		lost = func(bool) {}
	}
	missed := 0
	var own pacer
	for ctx.Err() == nil {
		asked := time.Now()
		err := clock()
		if err == nil {
			if missed >= missingBound {
				lost(false)
			}
			missed = 0
			e.timed()
			continue
		}
		e.count.missing.Add(1)
		if missed++; missed < missingBound {
			rest(ctx, Period-time.Since(asked))
			continue
		}
		if missed == missingBound {
			lost(true)
			own = pacer{e: e, due: time.Now()}
		}
		for ok := true; ok && ctx.Err() == nil; ok = own.behind() {
			own.wait()
			e.timed()
		}
	}
	return ctx.Err()
}

// timed ticks, measures and wakes the loop when there are facts.
func (e *Engine) timed() {
	t := time.Now()
	if !e.began.IsZero() && t.Sub(e.began) > Period+Period/2 {
		e.count.delayed.Add(1)
	}
	e.began = t
	e.beat.ticked(e.tick, t)
	e.Tick()
	if d := int64(time.Since(t)); d > e.count.longest.Load() {
		e.count.longest.Store(d)
	}
	if e.heard.Len() > 0 {
		select {
		case e.wake <- struct{}{}:
		default: // already woken
		}
	}
}

// Pace is a clock by the time of day. A delay of up to five frames is made up
// for at once, a longer one is skipped; both are counted.
func (e *Engine) Pace() Clock {
	p := &pacer{e: e, due: time.Now()}
	return func() error {
		p.wait()
		return nil
	}
}

// pacer knows when the next frame is due by the time of day.
type pacer struct {
	e   *Engine
	due time.Time
}

// behind reports whether another frame was due already.
func (p *pacer) behind() bool { return time.Since(p.due) >= Period }

func (p *pacer) wait() {
	p.due = p.due.Add(Period)
	wait := time.Until(p.due)
	switch {
	case wait > 0:
		time.Sleep(wait)
	case -wait > catchUpBound*Period:
		n := -wait / Period
		p.e.count.skipped.Add(uint64(n))
		p.due = p.due.Add(n * Period)
	case -wait > Period/2:
		p.e.count.late.Add(1)
	}
}

func rest(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
