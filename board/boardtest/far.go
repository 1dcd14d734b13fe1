package boardtest

import (
	"math"
	"sync"
	"testing"
	"time"

	"centralita/board/simboard"
	"centralita/hal"
	"centralita/hal/sim/wire"
)

// Far is the simplest far end of a simulated board's wires: batteries, bells and tones.
// It fulfils World.
type Far struct {
	t *testing.T
	h *simboard.Hardware

	mu   sync.Mutex
	ends map[string]*End
}

// End is one far end: an exchange, or a telephone.
type End struct {
	Pair *wire.Pair

	office   bool
	hz, dBm0 float64
	heard    wire.Sound
}

var _ World = (*Far)(nil)

// NewFar hangs it on the wires, before anything runs.
func NewFar(t *testing.T, h *simboard.Hardware) *Far {
	w := &Far{t: t, h: h, ends: map[string]*End{}}
	for _, p := range wiredPorts {
		if pair := h.Line(p); pair != nil {
			pair.Feed = wire.Feed{Volts: 48, Ohms: 800, LimitMA: 40}
			w.ends[p] = &End{office: true, Pair: pair}
		}
		if pair := h.Handset(p); pair != nil {
			pair.Load = wire.Load{Ohms: 400, REN: 1}
			w.ends[p] = &End{Pair: pair}
		}
	}
	h.OnStep(w.step)
	return w
}

var wiredPorts = []string{"fxo1", "fxo2", "fxo3", "fxo4", "fxs1", "fxs2", "fxs3", "fxs4"}

func (w *Far) step(frame uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.ends {
		var s wire.Sound
		if e.hz > 0 {
			a := 32767 * math.Pow(10, (e.dBm0-fullScale)/20)
			for i := range s {
				s[i] = int16(a * math.Sin(2*math.Pi*e.hz*float64(int(frame)*len(s)+i)/8000))
			}
		}
		if e.office {
			e.Pair.AtOffice(&e.heard)
			e.Pair.OfficeSays(&s)
		} else {
			e.Pair.AtSet(&e.heard)
			e.Pair.SetSays(&s)
		}
	}
}

// With runs f on a far end between two steps.
func (w *Far) With(port string, f func(*End)) {
	w.h.Do(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		f(w.ends[port])
	})
}

// Lift fulfils World, as do all of these.
func (w *Far) Lift(p string)    { w.With(p, func(e *End) { e.Pair.Load.OffHook = true }) }
func (w *Far) Replace(p string) { w.With(p, func(e *End) { e.Pair.Load.OffHook = false }) }
func (w *Far) Battery(p string, v float64) {
	w.With(p, func(e *End) { e.Pair.Feed.Volts = v })
}
func (w *Far) RingLine(p string, vrms, hz float64) {
	w.With(p, func(e *End) { e.Pair.Feed.RingVrms, e.Pair.Feed.RingHz = vrms, hz })
}
func (w *Far) RingVolts(p string) (vrms, hz float64) {
	w.With(p, func(e *End) { vrms, hz = e.Pair.Feed.RingVrms, e.Pair.Feed.RingHz })
	return
}
func (w *Far) Feed(p string) (v float64) {
	w.With(p, func(e *End) { v = e.Pair.Volts() })
	return
}
func (w *Far) Speak(p string, hz, dBm0 float64) {
	w.With(p, func(e *End) { e.hz, e.dBm0 = hz, dBm0 })
}
func (w *Far) Hear(p string, hz float64) (v float64) {
	w.With(p, func(e *End) { v = Level(e.heard[:], hz) })
	return
}
func (w *Far) Press(b string, held time.Duration) {
	if err := w.h.Press(b, held); err != nil {
		w.t.Error(err)
	}
}
func (w *Far) Lamp(name string) hal.Lamp { return w.h.Lamp(name) }
func (w *Far) Break(p, fault string) bool {
	return w.h.Break(p, simboard.Fault(fault)) == nil
}
func (w *Far) Heal(p string) { w.h.Heal(p) }
