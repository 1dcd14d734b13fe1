package analog

// A telephone needs no sign of answer and hang-up, for a person hears both. Another
// exchange at the socket, an adapter or a payphone does: polarity reversal while a
// call it made is answered, which metering begins with, and the loop open for a
// moment when the far end has gone (a disconnect pulse, also called calling party
// control), without which such a port stays off-hook into the busy tone.

// connected is a call from the socket that was answered.
func (h *handset) connected() {
	if h.set().Reversal && h.state == lifted && !h.turned {
		h.turned = true
		h.reverse(!h.minded())
	}
}

// disconnected is the far end's hang-up.
func (h *handset) disconnected() {
	h.turnBack()
	if d := h.set().Pulse; d > 0 {
		_ = h.fxs.Break(d) // a port that does not work has told so
	}
}

func (h *handset) turnBack() {
	if h.turned {
		h.turned = false
		h.reverse(h.minded())
	}
}
