package analog

import (
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/media/tone"
)

// A handset that was left off-hook hears busy tone, then the howler, then nothing,
// and is fed with less until it is put back (ETSI TR 101 183 and GR-506 call it
// permanent off-hook). Calls to it find it busy all the time.
const (
	busyFor = 60 * time.Second
	howlFor = 60 * time.Second
	// howlerLevel is loud on purpose: the person is not at the telephone.
	howlerLevel = 0 // dBm0
)

// leave begins what a handset without a call goes through; why says whether the
// person heard a tone long enough already.
func (h *handset) leave(why leg.Cause) {
	h.enter(parked)
	if why == leg.Timeout {
		h.howl()
		return
	}
	h.port.say.Store(&sending{src: h.port.bank.plan.Load().Of(tone.Busy), middle: true})
	h.parkAt = h.since.Add(busyFor)
}

func (h *handset) howl() {
	h.enter(howling)
	h.port.say.Store(&sending{src: tone.New(h.port.bank.plan.Load().Signals[tone.Howler], howlerLevel)})
	h.parkAt = h.since.Add(howlFor)
	h.port.health("off-hook", "left off the hook")
}

// parkDue goes on with it.
func (h *handset) parkDue() {
	switch h.state {
	case parked:
		h.howl()
	case howling:
		h.enter(abandoned)
		h.port.say.Store(nil)
		if err := h.fxs.Park(true); err != nil {
			h.port.health("fault", err.Error())
		}
	}
}

// back is a handset that was put back at last.
func (h *handset) back() {
	if h.state == howling || h.state == abandoned {
		h.port.health("ready", "")
	}
}
