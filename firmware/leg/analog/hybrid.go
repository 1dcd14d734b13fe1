package analog

import (
	"sync/atomic"

	"centralita/firmware/media/echo"
	"centralita/firmware/media/fax"
	"centralita/hal"
)

// echoTaps is the longest echo that is cancelled: 32 ms hold the hybrids of a
// town's lines and 4000 km of cable behind them.
const echoTaps = 256

// hybrid takes the echo of what was played into a socket out of what it says,
// while a call is there. All of it is the sound thread's, but for call.
type hybrid struct {
	call      atomic.Pointer[end] // whose sound passes, nil none
	known     *end                // the call that the canceller has learnt
	canceller *echo.Canceller
	modem     *fax.Bypass
}

func (h *hybrid) make() {
	h.canceller = echo.New(echoTaps, echo.Options{})
	h.modem = fax.NewBypass()
}

// cancel works in said, in which the echo of played is. A new call begins with
// nothing, since a line's far end is another each time; a held one keeps what was
// learnt.
func (h *hybrid) cancel(played, said *[hal.FrameSamples]int16) {
	call := h.call.Load()
	if call == nil {
		return
	}
	if call != h.known {
		h.known = call
		h.canceller.Reset()
		h.modem.Reset()
	}
	h.canceller.Bypass(h.modem.Frame(said, played) == fax.Off)
	h.canceller.Process(played, said)
}
