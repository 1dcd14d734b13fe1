package fork

import (
	"sync"
	"sync/atomic"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media"
)

// Leg rings at several places and is then the one that answered.
type Leg struct {
	told  leg.Told
	port  id.Port
	parts []leg.Leg // never changed

	winner atomic.Pointer[leg.Leg]

	mu      sync.Mutex
	alive   int
	rang    bool
	over    bool       // Ended was told, or is never to be
	asked   leg.Cause  // by Hangup
	best    leg.Report // of the parts that ended, the one that tells a caller most
	queue   []func()   // to be done without the mutex, in order
	telling bool
}

var _ leg.Leg = (*Leg)(nil)

// each does something with the part that answered, or with all while none did.
func (l *Leg) each(do func(leg.Leg)) {
	if w := l.winner.Load(); w != nil {
		do(*w)
		return
	}
	for _, p := range l.parts {
		do(p)
	}
}

// Can is what all can, until one has answered.
func (l *Leg) Can() leg.Can {
	can := leg.Can{Flash: true, Name: true, Supervision: true, EarlySound: true, Transfer: true, DTMFOutBand: true}
	l.each(func(p leg.Leg) {
		c := p.Can()
		can.Flash, can.Name, can.Supervision = can.Flash && c.Flash, can.Name && c.Name, can.Supervision && c.Supervision
		can.EarlySound, can.Transfer, can.DTMFOutBand = can.EarlySound && c.EarlySound, can.Transfer && c.Transfer, can.DTMFOutBand && c.DTMFOutBand
	})
	return can
}

// Ring rings them all.
func (l *Leg) Ring(c leg.Caller) {
	l.each(func(p leg.Leg) { p.Ring(c) })
}

// Progress and Answer are for offered legs, which are never joined.
func (l *Leg) Progress(bool) {}
func (l *Leg) Answer()       {}

// Send, Flash and Hangup are as for any leg.
func (l *Leg) Send(digits string) { l.each(func(p leg.Leg) { p.Send(digits) }) }
func (l *Leg) Flash()             { l.each(func(p leg.Leg) { p.Flash() }) }
func (l *Leg) Hangup(c leg.Cause) {
	l.mu.Lock()
	if l.asked == "" {
		l.asked = c
	}
	l.mu.Unlock()
	l.each(func(p leg.Leg) { p.Hangup(c) })
}

// Rate is that of the poorest, until one has answered.
func (l *Leg) Rate() media.Rate {
	if w := l.winner.Load(); w != nil {
		return (*w).Rate()
	}
	rate := media.Wide
	for _, p := range l.parts {
		rate = min(rate, p.Rate())
	}
	return rate
}

// Read gives what the one says who answered. The others are read too: their time
// goes on.
func (l *Leg) Read(tick uint64, f *media.Frame) bool {
	if w := l.winner.Load(); w != nil {
		return (*w).Read(tick, f)
	}
	for _, p := range l.parts {
		p.Read(tick, f)
	}
	f.Silence(f.Rate)
	return false
}

// Write lets them hear: a handset is told who calls by sound.
func (l *Leg) Write(tick uint64, f *media.Frame) {
	if w := l.winner.Load(); w != nil {
		(*w).Write(tick, f)
		return
	}
	for _, p := range l.parts {
		p.Write(tick, f)
	}
}

// Modem implements leg.Modem.
func (l *Leg) Modem() bool {
	if w := l.winner.Load(); w != nil {
		m, ok := (*w).(leg.Modem)
		return ok && m.Modem()
	}
	return false
}

// Quality implements leg.Measurer, once one of them has the call.
func (l *Leg) Quality() (event.Quality, bool) {
	if w := l.winner.Load(); w != nil {
		if m, ok := (*w).(leg.Measurer); ok {
			return m.Quality()
		}
	}
	return event.Quality{}, false
}

// Waiting and WaitingOver implement leg.Waiter.
func (l *Leg) Waiting(c leg.Caller) {
	l.each(func(p leg.Leg) {
		if w, ok := p.(leg.Waiter); ok {
			w.Waiting(c)
		}
	})
}

func (l *Leg) WaitingOver() {
	l.each(func(p leg.Leg) {
		if w, ok := p.(leg.Waiter); ok {
			w.WaitingOver()
		}
	})
}

// Transferred implements leg.Transferor.
func (l *Leg) Transferred(s leg.TransferState, c leg.Cause) {
	l.each(func(p leg.Leg) {
		if t, ok := p.(leg.Transferor); ok {
			t.Transferred(s, c)
		}
	})
}

// hear takes the report of a part. What follows is done without the mutex and in
// order.
func (l *Leg) hear(part leg.Leg, r leg.Report) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.judge(part, r)
	if l.telling {
		return
	}
	l.telling = true
	for len(l.queue) > 0 {
		do := l.queue[0]
		l.queue = l.queue[1:]
		l.mu.Unlock()
		do()
		l.mu.Lock()
	}
	l.telling = false
}

func (l *Leg) judge(part leg.Leg, r leg.Report) {
	w := l.winner.Load()
	mine := w != nil && *w == part
	switch {
	case r.Kind == leg.Ended:
		l.alive--
		l.ended(mine, w != nil, r)
	case l.over:
	case r.Kind == leg.Answered && w == nil:
		l.winner.Store(&part)
		l.say(r)
		l.others(part, leg.Elsewhere)
	case r.Kind == leg.Answered && !mine:
		l.queue = append(l.queue, func() { part.Hangup(leg.Elsewhere) })
	case r.Kind == leg.Ringing && w == nil && !l.rang:
		l.rang = true
		l.say(r)
	case mine, r.Kind == leg.Measured, r.Kind == leg.Trouble:
		l.say(r)
	}
}

// ended judges the end of a part. The whole ends with the one who answered; before
// an answer with the last, or when somebody refuses: that is meant for all.
func (l *Leg) ended(mine, answered bool, r leg.Report) {
	switch {
	case l.over:
	case mine:
		l.finish(r)
	case answered:
	default:
		if l.best.Cause == "" || rank[r.Cause] > rank[l.best.Cause] {
			l.best = r
		}
		if l.alive == 0 {
			l.finish(l.best)
		} else if r.Cause == leg.Rejected {
			l.others(nil, leg.Rejected)
		}
	}
}

// others hangs up all parts but one.
func (l *Leg) others(but leg.Leg, c leg.Cause) {
	l.queue = append(l.queue, func() {
		for _, p := range l.parts {
			if p != but {
				p.Hangup(c)
			}
		}
	})
}

func (l *Leg) finish(r leg.Report) {
	if l.asked != "" && l.winner.Load() == nil {
		r.Cause = l.asked
	}
	l.over = true
	l.say(r)
}

// rank says which end of several tells a caller most.
var rank = map[leg.Cause]int{leg.Rejected: 4, leg.Busy: 3, leg.NoAnswer: 2, leg.NotRegistered: -1}

func (l *Leg) say(r leg.Report) {
	r.Port = l.port
	l.queue = append(l.queue, func() { l.told(l, r) })
}
