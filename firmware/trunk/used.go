package trunk

import (
	"centralita/firmware/call"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// A line that another telephone of the office uses is neither free nor out of
// order: calls go to the next line, or wait where the line is set to.

// usedElsewhere reports whether another telephone on the line is off-hook.
func (t *Trunks) usedElsewhere(p id.Port) bool {
	return t.book.Port(p).State == "busy-elsewhere"
}

// pickOrWait is a free line, or else one that is worth waiting for.
func (t *Trunks) pickOrWait(c *call.Call, o *outgoing) id.Port {
	if p := t.pick(c, o, 0); p != "" {
		return p
	}
	for _, p := range t.candidates(c, o) {
		set, _ := t.book.Office().LineByPort(p)
		if o.count(p) == 0 && set.Parallel == "wait" && t.usedElsewhere(p) && t.book.PortFree(p) {
			return p
		}
	}
	return ""
}

// noLine is why a call found no line: what the last one said where that tells more
// than that none is left. Where none was tried and none is in use, all are out of
// order.
func (t *Trunks) noLine(c *call.Call, o *outgoing) leg.Cause {
	if o.why != "" && o.why != leg.Busy && o.why != leg.Preempted {
		return o.why
	}
	used := false
	for _, p := range t.candidates(c, o) {
		if t.usedElsewhere(p) && t.book.PortFree(p) {
			return leg.InUse
		}
		used = used || !t.book.PortFree(p) || t.book.Healthy(p)
	}
	if !used && o.why == "" {
		return leg.OutOfOrder
	}
	return leg.NoLine
}
