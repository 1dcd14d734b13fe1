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

// record begins the recording of a call, or changes whom it hears.
func (s *Switchboard) record(o order.Record) {
	var left, right media.Handle
	if e := s.legs[o.Left]; e != nil {
		left = e.at
	}
	if e := s.legs[o.Right]; e != nil {
		right = e.at
	}
	if tap := s.tapes[o.Call]; tap != nil {
		s.engine(s.opt.Engine.Record(tap, left, right))
		return
	}
	tap := media.NewTap(tapFrames)
	if err := s.opt.Recorder.Begin(o.Call, o.File, tap); err != nil {
		s.late = append(s.late, &event.RecordingEnded{Call: o.Call, File: o.File, Error: err.Error()})
		return
	}
	s.tapes[o.Call] = tap
	s.engine(s.opt.Engine.Record(tap, left, right))
}

func (s *Switchboard) stopRecord(call id.Call) {
	if tap := s.tapes[call]; tap != nil {
		delete(s.tapes, call)
		s.engine(s.opt.Engine.StopRecord(tap))
	}
}
