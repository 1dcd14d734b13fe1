package media

import "time"

// order is one instruction of the control plane to the sound thread.
type order struct {
	verb verb
	a, b Handle
	gain Gain
	port Port
	ear  Ear
	tap  *Tap
	slot *slot // of a port to be plugged
}

type verb uint8

const (
	plug verb = 1 + iota
	unplug
	lay
	resume
	connect
	disconnect
	attach
	detach
	record
	unrecord
	pause
)

// Reserve takes a place for a port. It refuses with ErrFull when the box is
// full, so that this is found out when a call is set up and never in a tick.
func (e *Engine) Reserve() (Handle, error) {
	for i := 1; i <= MaxPorts; i++ {
		if e.handles[i] == 0 {
			e.turn++
			h := Handle(e.turn<<slotBits | uint32(i))
			e.handles[i] = h
			return h, nil
		}
	}
	return 0, ErrFull
}

// Free is how many places are left.
func (e *Engine) Free() int {
	n := 0
	for _, h := range e.handles[1:] {
		if h == 0 {
			n++
		}
	}
	return n
}

// Plug begins to read and write p in the place h. Nobody hears it yet.
func (e *Engine) Plug(h Handle, p Port) error {
	return e.order(order{verb: plug, a: h, port: p, slot: new(slot)})
}

// Rest leaves a port out of the ticks, which then costs nothing: it is neither read
// nor written, its ears hear nothing and others hear it as silent. Its crosspoints
// stay as they are and are changed as always.
func (e *Engine) Rest(h Handle) error { return e.order(order{verb: lay, a: h}) }

// Resume takes a resting port into the ticks again.
func (e *Engine) Resume(h Handle) error { return e.order(order{verb: resume, a: h}) }

// Unplug ends it, with its crosspoints, ears and recordings, and gives up h,
// plugged or only reserved. After the next tick the engine touches the port no
// more.
func (e *Engine) Unplug(h Handle) error {
	if s := h.slot(); s <= MaxPorts && e.handles[s] == h {
		e.handles[s] = 0
	}
	return e.order(order{verb: unplug, a: h})
}

// Connect lets to hear from at a gain; done again it changes the gain. One way
// only; from and to may be the same port (an echo test).
func (e *Engine) Connect(from, to Handle, g Gain) error {
	return e.order(order{verb: connect, a: from, b: to, gain: g.clamp()})
}

// Disconnect lets to hear from no longer.
func (e *Engine) Disconnect(from, to Handle) error {
	return e.order(order{verb: disconnect, a: from, b: to})
}

// Attach lets an ear listen to what h says. At most MaxEars; more are ignored
// and counted as Refused.
func (e *Engine) Attach(h Handle, ear Ear) error {
	return e.order(order{verb: attach, a: h, ear: ear})
}

// Detach ends it; ear is the value given to Attach and must be a pointer.
func (e *Engine) Detach(h Handle, ear Ear) error {
	return e.order(order{verb: detach, a: h, ear: ear})
}

// Record lets a tap take what left and right say; either may be 0 (silence).
// Done again it changes the sides, as when a call goes to another agent. A port
// that is unplugged leaves silence.
func (e *Engine) Record(t *Tap, left, right Handle) error {
	t.open()
	return e.order(order{verb: record, tap: t, a: left, b: right})
}

// StopRecord ends a recording: the tap says so to its reader after the last frame.
func (e *Engine) StopRecord(t *Tap) error { return e.order(order{verb: unrecord, tap: t}) }

// PauseRecord has the engine record no more, until Record is said again; the
// recording goes on.
func (e *Engine) PauseRecord(t *Tap) error { return e.order(order{verb: pause, tap: t}) }

// order hands o to the sound thread. The ring holds far more than one tick
// brings, so waiting here means that the sound thread stands still.
func (e *Engine) order(o order) error {
	for range 1000 {
		if e.orders.Put(o) {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return ErrStalled
}

// Next is the oldest fact not yet taken. Control side only.
func (e *Engine) Next() (Heard, bool) { return e.heard.Take() }

// Wake receives after a tick of Serve that left facts to take with Next.
func (e *Engine) Wake() <-chan struct{} { return e.wake }
