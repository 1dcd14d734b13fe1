package town

import "encoding/json"

// Telephone is what kind of set hangs on a port.
type Telephone struct {
	REN       float64 `json:"ren"`        // bells, 0.1 to 20
	Ohms      float64 `json:"ohms"`       // off-hook, 150 to 2000
	NoDisplay bool    `json:"no_display"` // shows nothing, and does not answer the alert of a waiting call
	PulseHz   float64 `json:"pulse_hz"`   // pulses a second of its dial, 7 to 20
	BreakMS   int     `json:"break_ms"`   // how long each opens the loop, 20 to 100
}

// ordinary is a set of today with the dial of yesterday: ITU-T P.300 series sets
// draw 200 to 600 ohm, dials break 60 of 100 ms.
var ordinary = Telephone{REN: 1, Ohms: 350, PulseHz: 10, BreakMS: 60}

// Kind is the set that hangs there.
func (h *Handset) Kind() Telephone {
	h.town.mu.Lock()
	defer h.town.mu.Unlock()
	return h.kind
}

// Replace hangs another set on the port, one that rests.
func (h *Handset) Replace(t Telephone) Pending {
	for _, x := range []struct {
		name           string
		v, least, most float64
	}{
		{"ren", t.REN, 0.1, 20}, {"ohms", t.Ohms, 150, 2000}, {"pulse_hz", t.PulseHz, 7, 20}, {"break_ms", float64(t.BreakMS), 20, 100},
	} {
		if !(x.v >= x.least && x.v <= x.most) {
			return refused(wrong("out_of_range", "handset %s: %s: from %g to %g", h.name, x.name, x.least, x.most))
		}
	}
	if float64(t.BreakMS) >= 1000/t.PulseHz-5 {
		return refused(wrong("out_of_range", "handset %s: break_ms: no time is left to close the loop", h.name))
	}
	return h.town.ask(func() error {
		if h.lifted {
			return wrong("off_hook", "handset %s is lifted: put it back first", h.name)
		}
		h.kind = t
		return nil
	})
}

// replaceBody changes what the body names of the telephone.
func (h *Handset) replaceBody(body json.RawMessage) Pending {
	kind := h.Kind()
	if err := decode(body, &kind); err != nil {
		return refused(err)
	}
	return h.Replace(kind)
}
