package switchboard

import (
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/media"
	"centralita/firmware/order"
)

// tapFrames is how much sound a recording may be behind: 2.5 s, which sits out
// an erase of the flash.
const tapFrames = 256

// Recorder writes what taps give it. Begin returns at once; the end is told by
// event.RecordingEnded. A recorder that cannot begin (a full disk) returns why.
type Recorder interface {
	Begin(call id.Call, file string, tap *media.Tap) error
}

// tape is a recording under way.
type tape struct {
	tap                *media.Tap
	left, right, third id.Leg
	blend              media.Handle // of the right side with the third of a conference, 0 none
	relayed            bool         // its legs pass their packets, and those to it
	mixed              bool         // the engine records it
}

// of reports whether a leg is heard in the recording.
func (t *tape) of(e *end) bool { return e.id == t.left || e.id == t.right || e.id == t.third }

// exactly reports whether it is the recording of two legs.
func (t *tape) exactly(a, b *end) bool {
	return t.third == 0 && (t.left == a.id && t.right == b.id || t.left == b.id && t.right == a.id)
}

// record begins the recording of a call, or changes whom it hears.
func (s *Switchboard) record(o order.Record) {
	t := s.tapes[o.Call]
	if t == nil {
		t = &tape{tap: media.NewTap(tapFrames)}
		if err := s.opt.Recorder.Begin(o.Call, o.File, t.tap); err != nil {
			s.late = append(s.late, &event.RecordingEnded{Call: o.Call, File: o.File, Error: err.Error()})
			return
		}
		s.tapes[o.Call] = t
		s.writing++
	}
	s.stir(t)
	t.left, t.right, t.third = o.Left, o.Right, o.Third
	t.relayed = false // until aim finds it so
	s.stir(t)
}

// stir has a recording and the relays of its legs looked at when the step is over.
func (s *Switchboard) stir(t *tape) {
	s.turned[t] = struct{}{}
	for _, n := range []id.Leg{t.left, t.right, t.third} {
		if e := s.legs[n]; e != nil {
			s.moved[e] = struct{}{}
		}
	}
}

// capture has the engine record a conversation, unless its packets are relayed.
func (s *Switchboard) capture(t *tape) {
	s.part(t)
	if t.relayed {
		if t.mixed {
			t.mixed = false
			s.engine(s.opt.Engine.PauseRecord(t.tap))
		}
		return
	}
	right := s.handle(t.right)
	if third := s.handle(t.third); third != 0 {
		right = s.mixSide(t, right, third)
	}
	t.mixed = true
	s.engine(s.opt.Engine.Record(t.tap, s.handle(t.left), right))
}

// mixSide gives the sum of two legs a place of its own; with a full engine the third
// is left out of the recording.
func (s *Switchboard) mixSide(t *tape, right, third media.Handle) media.Handle {
	at, err := s.opt.Engine.Reserve()
	if err != nil {
		s.opt.Log.Warn("the engine is full: a conference is recorded without its third")
		return right
	}
	t.blend = at
	s.engine(s.opt.Engine.Plug(at, new(blend)))
	for _, from := range []media.Handle{right, third} {
		if from != 0 {
			s.engine(s.connect(from, at))
		}
	}
	return at
}

// part gives up the sum.
func (s *Switchboard) part(t *tape) {
	if t.blend != 0 {
		s.engine(s.opt.Engine.Unplug(t.blend))
		t.blend = 0
	}
}

// handle is a leg's place in the engine, none (silence) when it is gone.
func (s *Switchboard) handle(number id.Leg) media.Handle {
	if e := s.legs[number]; e != nil {
		return e.at
	}
	return 0
}

func (s *Switchboard) stopRecord(call id.Call) {
	if t := s.tapes[call]; t != nil {
		delete(s.tapes, call)
		s.stir(t)
		s.untap(t)
		delete(s.turned, t)
		s.part(t)
		s.engine(s.opt.Engine.StopRecord(t.tap))
	}
}

// untap has the legs of a recording pass their packets without it.
func (s *Switchboard) untap(t *tape) {
	e := s.legs[t.left]
	if t.relayed && e != nil && e.relay != nil {
		t.relayed = false
		s.relay(e, e.relay, nil)
	}
}

// ripe ends recordings that have nobody left to hear.
func (s *Switchboard) ripe() {
	for call, t := range s.tapes {
		silent := t.left == 0 && t.right == 0 // both on hold: the end of the call stops it
		if !silent && s.legs[t.left] == nil && s.legs[t.right] == nil {
			s.stopRecord(call)
		}
	}
}
