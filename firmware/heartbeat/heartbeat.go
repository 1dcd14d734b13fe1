// Package heartbeat proves again and again that the whole box works, and feeds the
// watchdog by that proof alone: what hangs anywhere between a telephone's request and
// its record on the disk lets the hardware start the box anew.
//
// firmware/app gives it the probes and serves it; the page of health shows what it
// found. A probe that is answered with a refusal everybody is told of (a full disk)
// counts as alive: a new start would not mend it. The package knows no part of the box
// by name and raises no alarm itself; it tells.
package heartbeat

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// every is the time from beat to beat where no watchdog asks for less.
	every = 5 * time.Second
	// share of a watchdog's time-out: five beats may fail before it bites.
	share = 6
	// patience of one probe.
	patience = 3 * time.Second
)

// Probe asks one part of the box for a sign of life. Ask returns when ctx ends.
type Probe struct {
	Name string // "sip", "sound"
	Ask  func(ctx context.Context) error
}

// Watchdog is what is fed; hal.Watchdog is one.
type Watchdog interface {
	Feed() error
	Timeout() time.Duration
}

// Options are what the heart is made of.
type Options struct {
	Probes   []Probe
	Watchdog Watchdog    // nil where there is none: the proof is told all the same
	Told     func(State) // hears of each change between good and bad; must not wait
}

// State is what the last beats found.
type State struct {
	Good    bool
	Failing string        // name of the first probe that failed, "watchdog" for the feeding
	Why     string        // its error
	Since   time.Time     // of this state
	Last    time.Time     // when all was well last, zero never
	Beats   uint64        // that were good
	Missed  uint64        // that were not
	Longest time.Duration // the longest good beat took
}

// Heart is the worker.
type Heart struct {
	opt Options

	mu    sync.Mutex
	state State
}

// New makes a heart; nothing is asked before Serve.
func New(o Options) *Heart {
	if o.Told == nil {
		o.Told = func(State) {}
	}
	return &Heart{opt: o}
}

func (h *Heart) String() string { return "heartbeat" }

// State is a snapshot.
func (h *Heart) State() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

// Serve beats until ctx ends.
func (h *Heart) Serve(ctx context.Context) error {
	for {
		h.beat(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rest := time.NewTimer(h.pause())
		select {
		case <-ctx.Done():
			rest.Stop()
			return ctx.Err()
		case <-rest.C:
		}
	}
}

// pause is asked anew each time: what a watchdog takes is known once it was fed.
func (h *Heart) pause() time.Duration {
	if h.opt.Watchdog == nil {
		return every
	}
	return min(every, h.opt.Watchdog.Timeout()/share)
}

// beat asks every part and feeds when all have answered.
func (h *Heart) beat(ctx context.Context) {
	begun := time.Now()
	failing, err := h.ask(ctx)
	if ctx.Err() != nil {
		return // the box is ending
	}
	if err == nil && h.opt.Watchdog != nil {
		if err = h.opt.Watchdog.Feed(); err != nil {
			failing = "watchdog"
		}
	}
	h.note(begun, failing, err)
}

func (h *Heart) ask(ctx context.Context) (failing string, err error) {
	for _, p := range h.opt.Probes {
		limited, cancel := context.WithTimeout(ctx, patience)
		err := p.Ask(limited)
		cancel()
		if err != nil {
			return p.Name, fmt.Errorf("heartbeat: %s: %w", p.Name, err)
		}
	}
	return "", nil
}

func (h *Heart) note(begun time.Time, failing string, err error) {
	now := time.Now()
	h.mu.Lock()
	s := &h.state
	changed := s.Since.IsZero() || s.Good != (err == nil) || s.Failing != failing
	if changed {
		s.Since = now
	}
	s.Good, s.Failing, s.Why = err == nil, failing, ""
	if err != nil {
		s.Why = err.Error()
		s.Missed++
	} else {
		s.Last = now
		s.Beats++
		s.Longest = max(s.Longest, now.Sub(begun))
	}
	told := *s
	h.mu.Unlock()
	if changed {
		h.opt.Told(told)
	}
}
