package db

import (
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// other is the second call that a fact is about: both stories tell it.
func other(e event.Event) id.Call {
	switch e := e.(type) {
	case *event.CallTransferred:
		return e.Via
	case *event.ConferenceBegan:
		return e.Other
	case *event.ConferenceEnded:
		return e.Other
	}
	return 0
}

// turn follows legs that go from one call to another, so that what they do later
// is told of the right one.
func (c *calls) turn(e event.Event) {
	set := func(leg id.Leg, call id.Call) {
		if leg != 0 && call != 0 {
			c.do("INSERT OR REPLACE INTO legs (leg, call) VALUES (?, ?)", uint64(leg), uint64(call))
		}
	}
	switch e := e.(type) {
	case *event.CallConnected:
		set(e.Leg, e.Call)
	case *event.CallResumed:
		set(e.By, e.Call)
	case *event.CallTransferred:
		if e.How == "ringing" {
			c.do("UPDATE legs SET call = ? WHERE call = ? AND leg <> ?", uint64(e.Call), uint64(e.Via), uint64(e.By))
		}
		set(e.Leg, e.Call)
		set(e.By, e.Via)
	}
}

// transferred keeps who speaks last.
func (c *calls) transferred(e *event.CallTransferred) {
	if e.Taken != "" {
		c.do("UPDATE calls SET station = ?, agent = CASE ? WHEN '' THEN agent ELSE ? END WHERE call = ?",
			string(e.Taken), string(e.Agent), string(e.Agent), uint64(e.Call))
	}
}
