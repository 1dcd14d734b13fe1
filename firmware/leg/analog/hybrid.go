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

// Echo is how far a socket's echo is taken out of what it says.
type Echo uint8

// The degrees.
const (
	EchoSuppressed Echo = iota // cancelled, and what is left of it replaced by noise like the line's
	EchoCancelled              // cancelled only, as machines that listen to a voice like it
	EchoKept                   // nothing is done: a modem's line
)

// hybrid takes the echo of what was played into a socket out of what it says,
// while a call is there. All of it is the sound thread's, but for call and wanted.
//
// Both kinds of socket suppress: who calls by SIP hears a handset's echo as late as a
// line's. What is said at the socket is heard through it, digits and busy tones too,
// since those are louder than what can be left of an echo.
type hybrid struct {
	call      atomic.Pointer[end] // whose sound passes, nil none
	known     *end                // the call that the canceller has learnt
	canceller *echo.Canceller
	modem     *fax.Bypass
	wanted    atomic.Uint32 // an Echo
}

func (h *hybrid) make() {
	h.canceller = echo.New(echoTaps, echo.Options{Suppress: true})
	h.modem = fax.NewBypass()
}

// cancel works in said, in which the echo of played is. A new call begins with
// nothing, since a line's far end is another each time; a held one keeps what was
// learnt. It reports whether a modem is on the line.
func (h *hybrid) cancel(played, said *[hal.FrameSamples]int16) (modem bool) {
	call := h.call.Load()
	if call == nil {
		return false
	}
	if call != h.known {
		h.known = call
		h.canceller.Reset()
		h.modem.Reset()
	}
	wanted, aside := Echo(h.wanted.Load()), h.modem.Frame(said, played)
	h.canceller.Bypass(wanted == EchoKept || aside == fax.Off)
	h.canceller.Suppress(wanted == EchoSuppressed && aside == fax.Whole)
	h.canceller.Process(played, said)
	return h.modem.Talking()
}
