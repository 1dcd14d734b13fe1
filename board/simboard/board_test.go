package simboard_test

import (
	"context"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board"
	"centralita/board/boardtest"
	"centralita/board/simboard"
	"centralita/hal"
	"centralita/hal/sim/wire"
)

// world is the simplest far end: batteries, bells and tones.
type world struct {
	t *testing.T
	s *simboard.Sim

	mu   sync.Mutex
	ends map[string]*end
}

// end is one far end.
type end struct {
	office   bool // an exchange, else a telephone
	pair     *wire.Pair
	hz, dBm0 float64
	heard    wire.Sound
}

func newWorld(t *testing.T, s *simboard.Sim) *world {
	w := &world{t: t, s: s, ends: map[string]*end{}}
	for _, p := range s.FXO {
		e := &end{office: true, pair: s.Line(p.Name())}
		e.pair.Feed = wire.Feed{Volts: 48, Ohms: 800, LimitMA: 40}
		w.ends[p.Name()] = e
	}
	for _, p := range s.FXS {
		e := &end{pair: s.Handset(p.Name())}
		e.pair.Load = wire.Load{Ohms: 400, REN: 1}
		w.ends[p.Name()] = e
	}
	s.OnStep(w.step)
	return w
}

func (w *world) step(frame uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.ends {
		var s wire.Sound
		if e.hz > 0 {
			a := 32767 * math.Pow(10, (e.dBm0-3.14)/20)
			for i := range s {
				s[i] = int16(a * math.Sin(2*math.Pi*e.hz*float64(int(frame)*len(s)+i)/8000))
			}
		}
		if e.office {
			e.pair.AtOffice(&e.heard)
			e.pair.OfficeSays(&s)
		} else {
			e.pair.AtSet(&e.heard)
			e.pair.SetSays(&s)
		}
	}
}

// with runs f on a far end between two steps.
func (w *world) with(port string, f func(*end)) {
	w.s.Do(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		f(w.ends[port])
	})
}

func (w *world) Lift(p string)    { w.with(p, func(e *end) { e.pair.Load.OffHook = true }) }
func (w *world) Replace(p string) { w.with(p, func(e *end) { e.pair.Load.OffHook = false }) }
func (w *world) Battery(p string, v float64) {
	w.with(p, func(e *end) { e.pair.Feed.Volts = v })
}
func (w *world) RingLine(p string, vrms, hz float64) {
	w.with(p, func(e *end) { e.pair.Feed.RingVrms, e.pair.Feed.RingHz = vrms, hz })
}
func (w *world) RingVolts(p string) (vrms, hz float64) {
	w.with(p, func(e *end) { vrms, hz = e.pair.Feed.RingVrms, e.pair.Feed.RingHz })
	return
}
func (w *world) Feed(p string) (v float64) {
	w.with(p, func(e *end) { v = e.pair.Volts() })
	return
}
func (w *world) Speak(p string, hz, dBm0 float64) {
	w.with(p, func(e *end) { e.hz, e.dBm0 = hz, dBm0 })
}
func (w *world) Hear(p string, hz float64) (v float64) {
	w.with(p, func(e *end) { v = boardtest.Level(e.heard[:], hz) })
	return
}
func (w *world) Press(b string, held time.Duration) {
	if err := w.s.Press(b, held); err != nil {
		w.t.Error(err)
	}
}
func (w *world) Lamp(name string) hal.Lamp { return w.s.Lamp(name) }
func (w *world) Break(p, fault string) bool {
	return w.s.Break(p, simboard.Fault(fault)) == nil
}
func (w *world) Heal(p string) { w.s.Heal(p) }

func rig(o simboard.Options) boardtest.Rig {
	return boardtest.Rig{
		Bubble: synctest.Test,
		Ready:  1500 * time.Millisecond,
		New: func(t *testing.T, tell func(hal.Event), press func(hal.Press)) (*board.Board, boardtest.World) {
			o.Paced, o.Tell, o.Press = true, tell, press
			s, err := simboard.New(o)
			if err != nil {
				t.Fatal(err)
			}
			return s.Board, newWorld(t, s)
		},
	}
}

func TestBoard(t *testing.T) { boardtest.Run(t, rig(simboard.Options{})) }

// TestReadyInRealTime measures what synctest cannot: the box must be ready within
// two seconds of its start, and the board's share of that is about half.
func TestReadyInRealTime(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second of real time")
	}
	s, err := simboard.New(simboard.Options{Paced: true})
	if err != nil {
		t.Fatal(err)
	}
	newWorld(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()
	for _, w := range s.Workers {
		workers.Go(func() { _ = w.Serve(ctx) })
	}
	begun := time.Now()
	for !s.Ready() {
		if time.Since(begun) > 2*time.Second {
			t.Fatal("not ready after two seconds")
		}
		time.Sleep(time.Millisecond)
	}
	t.Logf("ready after %s", time.Since(begun))
}
