package ua

import (
	"sync"
	"time"
)

// repeater sends again what was not answered: after 0.5 s and then twice as long
// each time, up to 4 s, as RFC 3261 asks over UDP. One goroutine serves all that
// waits, since thousands do.
type repeater struct {
	mu   sync.Mutex
	due  map[*repeat]struct{}
	stop chan struct{}
	done chan struct{}
}

type repeat struct {
	send func()
	at   time.Time
	end  time.Time
	wait time.Duration
}

const (
	repeatFirst = 500 * time.Millisecond // T1
	repeatMost  = 4 * time.Second        // T2
	repeatEnd   = 64 * repeatFirst       // timers B, F and H
	repeatGrain = 20 * time.Millisecond
)

func newRepeater() *repeater {
	r := &repeater{due: make(map[*repeat]struct{}), stop: make(chan struct{}), done: make(chan struct{})}
	go r.run()
	return r
}

func (r *repeater) add(send func()) *repeat {
	now := time.Now()
	x := &repeat{send: send, wait: repeatFirst, at: now.Add(repeatFirst), end: now.Add(repeatEnd)}
	r.mu.Lock()
	r.due[x] = struct{}{}
	r.mu.Unlock()
	return x
}

func (r *repeater) remove(x *repeat) {
	r.mu.Lock()
	delete(r.due, x)
	r.mu.Unlock()
}

func (r *repeater) close() {
	close(r.stop)
	<-r.done
}

func (r *repeater) run() {
	defer close(r.done)
	tick := time.NewTicker(repeatGrain)
	defer tick.Stop()
	var now time.Time
	var send []func()
	for {
		select {
		case <-r.stop:
			return
		case now = <-tick.C:
		}
		r.mu.Lock()
		for x := range r.due {
			if now.Before(x.at) {
				continue
			}
			if now.After(x.end) {
				delete(r.due, x)
				continue
			}
			x.wait = min(2*x.wait, repeatMost)
			x.at = now.Add(x.wait)
			send = append(send, x.send)
		}
		r.mu.Unlock()
		for _, f := range send {
			f()
		}
		clear(send)
		send = send[:0]
	}
}
