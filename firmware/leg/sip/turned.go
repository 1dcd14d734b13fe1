package sip

import (
	"github.com/emiago/sipgo/sip"

	"centralita/firmware/leg"
	"centralita/firmware/media"
)

// turned is a call of one of ours that got no further than the door: no port was left
// for its sound, or there were as many calls as the settings allow. It has no sound and
// takes no orders, and is there for the call list to have it.
type turned struct{ can leg.Can }

// turnAway refuses a call for want of room and tells of it.
func (e *Endpoint) turnAway(l *Leg, in *inbound, err error) {
	e.refused(in.req.Source(), err)
	e.answer(in.tx, full(in.req))
	r := in.report
	r.Port, r.Cause, r.Other = l.port, leg.Congestion, nil
	t := &turned{l.can}
	e.cfg.Told(t, r)
	e.cfg.Told(t, leg.Report{Kind: leg.Ended, Port: l.port, Cause: leg.Congestion, Text: err.Error(), SIP: sip.StatusServiceUnavailable})
}

// Can implements leg.Leg.
func (t *turned) Can() leg.Can { return t.can }

// Rate implements media.Port.
func (*turned) Rate() media.Rate { return media.Narrow }

// Read implements media.Port: there is nothing.
func (*turned) Read(uint64, *media.Frame) bool { return false }

// Write implements media.Port.
func (*turned) Write(uint64, *media.Frame) {}

// Ring implements leg.Leg.
func (*turned) Ring(leg.Caller) {}

// Progress implements leg.Leg.
func (*turned) Progress(bool) {}

// Answer implements leg.Leg.
func (*turned) Answer() {}

// Send implements leg.Leg.
func (*turned) Send(string) {}

// Flash implements leg.Leg.
func (*turned) Flash() {}

// Hangup implements leg.Leg: its end is told already.
func (*turned) Hangup(leg.Cause) {}
