package legtest

import (
	"sync"
	"sync/atomic"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media"
)

type state uint8

const (
	made    state = iota // not rung
	ringing              // rung, not answered
	offered              // came in, not answered
	up
	over
)

// heardMax bounds what a leg remembers to have heard: ten seconds.
const heardMax = 80000

// Leg is a leg of memory. The methods that begin with Far are the far end's.
type Leg struct {
	told   leg.Told
	port   id.Port
	script Script

	mu      sync.Mutex
	state   state
	rang    bool
	caller  leg.Caller
	sent    string
	flashes int
	queue   []leg.Report
	telling bool
	timers  []*time.Timer

	modem atomic.Bool
	went  atomic.Pointer[event.Quality]

	sound sync.Mutex // of the two below, for the tick
	says  []int16
	heard []int16
}

var _ leg.Leg = (*Leg)(nil)

// act changes the leg under its mutex and then tells what there is to tell, in
// order and without the mutex, so that Told may call the leg.
func (l *Leg) act(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	if l.telling {
		return
	}
	l.telling = true
	for len(l.queue) > 0 {
		r := l.queue[0]
		l.queue = l.queue[1:]
		l.mu.Unlock()
		l.told(l, r)
		l.mu.Lock()
	}
	l.telling = false
}

func (l *Leg) say(r leg.Report) {
	r.Port = l.port
	l.queue = append(l.queue, r)
}

func (l *Leg) after(d time.Duration, do func()) {
	if d > 0 {
		l.timers = append(l.timers, time.AfterFunc(d, func() { l.act(do) }))
	}
}

// FarModem has the leg say that a machine talks in its call, or no more.
func (l *Leg) FarModem(on bool) { l.modem.Store(on) }

// Modem implements leg.Modem.
func (l *Leg) Modem() bool { return l.modem.Load() }

// FarSounds has the leg say how its sound goes.
func (l *Leg) FarSounds(q event.Quality) { l.went.Store(&q) }

// Quality implements leg.Measurer.
func (l *Leg) Quality() (event.Quality, bool) {
	if q := l.went.Load(); q != nil {
		return *q, true
	}
	return event.Quality{}, false
}

// Can is as scripted.
func (l *Leg) Can() leg.Can { return l.script.Can }

// Ring starts the script.
func (l *Leg) Ring(c leg.Caller) {
	l.act(func() {
		if l.state != made {
			return
		}
		l.state, l.caller = ringing, c
		l.after(l.script.RingsAfter, l.rings)
		if l.script.Refuses != "" {
			l.after(max(l.script.Answers, 1), func() { l.end(l.script.Refuses) })
			return
		}
		l.after(l.script.Answers, l.answered)
	})
}

func (l *Leg) rings() {
	if l.state == ringing && !l.rang {
		l.rang = true
		l.say(leg.Report{Kind: leg.Ringing})
	}
}

func (l *Leg) answered() {
	if l.state != ringing {
		return
	}
	l.up(l.script.By)
	for i := range len(l.script.Presses) {
		l.say(leg.Report{Kind: leg.Digit, Digit: l.script.Presses[i]})
	}
}

func (l *Leg) up(by leg.By) {
	if by == "" {
		by = leg.ByHook
	}
	l.state = up
	l.say(leg.Report{Kind: leg.Answered, By: by, Sure: 100})
	l.after(l.script.HangsUp, func() { l.end(leg.Normal) })
}

func (l *Leg) end(c leg.Cause) {
	if l.state == over {
		return
	}
	l.state = over
	for _, t := range l.timers {
		t.Stop()
	}
	l.timers = nil
	l.say(leg.Report{Kind: leg.Ended, Cause: c})
}

// Progress does nothing that could be heard.
func (l *Leg) Progress(bool) {}

// Answer takes an offered leg.
func (l *Leg) Answer() {
	l.act(func() {
		if l.state == offered {
			l.up(l.script.By)
		}
	})
}

// Send remembers digits: see Sent.
func (l *Leg) Send(digits string) {
	l.act(func() {
		if l.state == up {
			l.sent += digits
		}
	})
}

// Flash counts: see Flashes.
func (l *Leg) Flash() {
	l.act(func() {
		if l.state == up {
			l.flashes++
		}
	})
}

// Hangup ends the leg.
func (l *Leg) Hangup(c leg.Cause) { l.act(func() { l.end(c) }) }

// FarRings: the far end begins to ring.
func (l *Leg) FarRings() { l.act(l.rings) }

// FarAnswers: the far end answers.
func (l *Leg) FarAnswers() { l.act(l.answered) }

// FarEnds: the far end refuses, gives up or hangs up.
func (l *Leg) FarEnds(c leg.Cause) { l.act(func() { l.end(c) }) }

// FarPresses: the far end presses digits.
func (l *Leg) FarPresses(digits string) {
	l.act(func() {
		if l.state != up {
			return
		}
		for i := range len(digits) {
			l.say(leg.Report{Kind: leg.Digit, Digit: digits[i]})
		}
	})
}

// FarSays: sound of the far end, 8 kHz, to be read by the tick.
func (l *Leg) FarSays(pcm []int16) {
	l.sound.Lock()
	l.says = append(l.says, pcm...)
	l.sound.Unlock()
}

// FarHeard is what the far end heard so far, at most ten seconds.
func (l *Leg) FarHeard() []int16 {
	l.sound.Lock()
	defer l.sound.Unlock()
	return append([]int16(nil), l.heard...)
}

// Shown is what the far end was shown.
func (l *Leg) Shown() leg.Caller { l.mu.Lock(); defer l.mu.Unlock(); return l.caller }

// Sent are the digits sent to the far end.
func (l *Leg) Sent() string { l.mu.Lock(); defer l.mu.Unlock(); return l.sent }

// Flashes counts Flash.
func (l *Leg) Flashes() int { l.mu.Lock(); defer l.mu.Unlock(); return l.flashes }

// Over reports whether the leg has ended.
func (l *Leg) Over() bool { l.mu.Lock(); defer l.mu.Unlock(); return l.state == over }

// Port is where the leg was made.
func (l *Leg) Port() id.Port { return l.port }

// Rate is narrow.
func (l *Leg) Rate() media.Rate { return media.Narrow }

// Read gives what FarSays left.
func (l *Leg) Read(_ uint64, f *media.Frame) bool {
	l.sound.Lock()
	defer l.sound.Unlock()
	if len(l.says) == 0 {
		return false
	}
	f.Silence(media.Narrow)
	l.says = l.says[copy(f.PCM(), l.says):]
	return true
}

// Write remembers: see FarHeard.
func (l *Leg) Write(_ uint64, f *media.Frame) {
	l.sound.Lock()
	if len(l.heard) < heardMax {
		l.heard = append(l.heard, f.PCM()...)
	}
	l.sound.Unlock()
}
