package web

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	pionrtp "github.com/pion/rtp"
)

// pump encrypts and sends what the tick left in the rings of all legs: one
// goroutine, woken once a tick, since encryption allocates and a socket may wait.
type pump struct {
	wake  chan struct{} // one
	mu    sync.Mutex    // of changes of wires
	wires atomic.Pointer[[]*wire]
}

func newPump() *pump {
	p := &pump{wake: make(chan struct{}, 1)}
	p.wires.Store(new([]*wire))
	return p
}

// nudge is called in the tick.
func (p *pump) nudge() {
	select {
	case p.wake <- struct{}{}:
	default: // it will look anyway
	}
}

func (p *pump) add(w *wire) {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := append(slices.Clone(*p.wires.Load()), w)
	p.wires.Store(&list)
}

func (p *pump) remove(w *wire) {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := slices.DeleteFunc(slices.Clone(*p.wires.Load()), func(x *wire) bool { return x == w })
	p.wires.Store(&list)
}

func (p *pump) serve(ctx context.Context) {
	var h pionrtp.Header
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		for _, w := range *p.wires.Load() {
			w.drain(&h)
		}
	}
}

// drain sends what one leg says; without a connection it is lost, as on a line
// that is cut.
func (w *wire) drain(h *pionrtp.Header) {
	for b := w.ring.next(); b != nil; b = w.ring.next() {
		if p := w.peer.Load(); p != nil {
			_ = p.mouth.say(b, h) // a connection that broke is told by its state
		}
		w.ring.drop()
	}
}
