package town_test

import (
	"context"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
	"centralita/hal"
)

// box is the simulated board under its drivers, with a patch cord instead of
// firmware: one slot's sound goes to another and back.
type box struct {
	*simboard.Sim
	town *town.Town
	t    *testing.T

	mu     sync.Mutex
	events []hal.Event
	patch  [2]int // slots; equal is none
}

// newBox starts the board and returns what ends it. Time is the bubble's.
func newBox(t *testing.T) (*box, func()) {
	b := &box{t: t}
	sim, err := simboard.New(simboard.Options{Paced: true, Country: "ES", Seed: 1, Tell: func(e hal.Event) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.events = append(b.events, e)
	}})
	if err != nil {
		t.Fatal(err)
	}
	b.Sim = sim
	if b.town, err = town.New(sim, town.Config{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	for _, w := range sim.Workers {
		workers.Go(func() { _ = w.Serve(ctx) })
	}
	workers.Go(b.connect)
	b.until("the board is ready", 10*time.Second, sim.Ready)
	return b, func() {
		_ = sim.Highway.Close()
		cancel()
		workers.Wait()
		if err := b.town.Close(); err != nil {
			t.Error(err)
		}
	}
}

// connect is the patch cord.
func (b *box) connect() {
	var in, out hal.Frame
	for b.Highway.Exchange(&in, &out) == nil {
		b.mu.Lock()
		x, y := b.patch[0], b.patch[1]
		b.mu.Unlock()
		out = hal.Frame{}
		if x != y {
			out[x], out[y] = in[y], in[x]
		}
	}
}

func (b *box) join(x, y hal.Port) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.patch = [2]int{x.Slot(), y.Slot()}
}

// saw tells whether a driver told an event, and forgets all before it.
func (b *box) saw(port string, k hal.Kind) func() bool {
	return func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		for i, e := range b.events {
			if e.Port == port && e.Kind == k {
				b.events = b.events[i+1:]
				return true
			}
		}
		return false
	}
}

// until lets the bubble's time pass until something is so.
func (b *box) until(what string, most time.Duration, cond func() bool) time.Duration {
	b.t.Helper()
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if cond() {
			return time.Since(began)
		}
		if time.Since(began) > most {
			b.t.Fatalf("%s: not within %v\n%+v", what, most, b.town.State())
		}
	}
}

func (b *box) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) ends() (*town.Line, *town.Handset) {
	l, err := b.town.Line("fxo1")
	b.must(err)
	h, err := b.town.Handset("fxs1")
	b.must(err)
	return l, h
}

// An outside call rings the box, a handset is rung and answered, and both ends
// hear each other at the level they spoke; then the outside hangs up by each sign.
func TestThroughTheBox(t *testing.T) {
	for name, signs := range map[string]town.Supervision{
		"loop break": {LoopBreakMS: 600}, "polarity": {Polarity: true}, "busy tone": {BusyTone: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, end := newBox(t)
				defer end()
				l, h := b.ends()
				fxo, fxs := b.FXO[0], b.FXS[0]
				b.must(l.Call(town.Call{Number: "912345678", Supervision: &signs, Party: town.Party{Voice: "babble:1"}}).Wait(t.Context()))
				b.until("ringing", 3*time.Second, b.saw("fxo1", hal.RingBegin))
				b.must(fxo.OffHook())
				b.until("settled", 2*time.Second, b.saw("fxo1", hal.Settled))
				if s := l.State(); s.State != "talking" || s.MilliAmp < 18 {
					t.Fatalf("the exchange sees %+v", s)
				}
				b.must(h.Attend(town.Attend{Rings: 1, Voice: "babble:2"}).Wait(t.Context()))
				b.must(fxs.Ring(hal.Cadence{Hz: 25, Vrms: 45, Steps: []time.Duration{1500 * time.Millisecond, 3 * time.Second}}))
				b.until("lifted", 5*time.Second, b.saw("fxs1", hal.OffHook))
				b.join(fxo, fxs)
				time.Sleep(6 * time.Second)
				for who, want := range map[string]float64{"outside": -16, "handset": -16 - 7} { // less the exchange's loss
					hears := l.State().Hears
					if who == "handset" {
						hears = h.State().Hears
					}
					if math.Abs(hears.Speech-want) > 2.5 || hears.Clipped > 0 {
						t.Errorf("%s hears %+v, want speech at %g dBm0", who, hears, want)
					}
				}
				b.must(l.Hangup().Wait(t.Context()))
				switch {
				case signs.LoopBreakMS > 0:
					b.until("loop open", 2*time.Second, b.saw("fxo1", hal.LoopOpen))
					b.until("loop closed", 2*time.Second, b.saw("fxo1", hal.LoopClosed))
				case signs.Polarity:
					b.until("polarity", 2*time.Second, b.saw("fxo1", hal.Polarity))
				default:
					b.until("busy tone at the handset", 5*time.Second, func() bool { return h.State().Hears.Sound == "busy" })
				}
				b.must(fxo.OnHook())
				b.until("clear", 2*time.Second, func() bool { return l.State().State == "idle" })
			})
		})
	}
}

// A person dials through the box: the exchange hears exactly the digits over its
// own dial tone, and shows the answer by polarity.
func TestDiallingThroughTheBox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBox(t)
		defer end()
		l, h := b.ends()
		fxo, fxs := b.FXO[0], b.FXS[0]
		cfg := l.Config()
		cfg.Supervision.Polarity = true
		b.must(l.Configure(cfg).Wait(t.Context()))
		b.must(h.Lift().Wait(t.Context()))
		b.until("lifted", 2*time.Second, b.saw("fxs1", hal.OffHook))
		b.must(fxo.OffHook())
		b.until("settled", 2*time.Second, b.saw("fxo1", hal.Settled))
		b.join(fxo, fxs)
		b.must(h.Dial(town.Dial{Digits: "91234*#056", WaitDialTone: true}).Wait(t.Context()))
		b.until("ringback", 30*time.Second, func() bool { return h.State().Hears.Sound == "ringback" })
		if got := l.State().Dialled; got != "91234*#056" {
			t.Errorf("the exchange heard %q", got)
		}
		b.until("answer", 10*time.Second, b.saw("fxo1", hal.Polarity))
		b.until("speech", 5*time.Second, func() bool { return h.State().Hears.Sound == "speech" })
		b.must(h.Flash(100).Wait(t.Context()))
		b.until("recall", 2*time.Second, b.saw("fxs1", hal.HookFlash))
		b.must(h.Hangup().Wait(t.Context()))
		b.until("hung up", 3*time.Second, b.saw("fxs1", hal.OnHook))
	})
}

// Caller ID passes an on-hook line port and an on-hook handset port.
func TestCallerIDThroughTheBox(t *testing.T) {
	for _, style := range []town.Style{town.FSKAfterRing, town.FSKReversal, town.DTMFRing} {
		t.Run(string(style), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, end := newBox(t)
				defer end()
				l, h := b.ends()
				b.must(b.FXS[0].Transmit(true))
				b.join(b.FXO[0], b.FXS[0])
				time.Sleep(time.Second)
				b.must(l.Call(town.Call{Number: "912345678", CallerID: style}).Wait(t.Context()))
				time.Sleep(7 * time.Second)
				if got := h.State().Shown; got.Number != "912345678" || got.Error != "" {
					t.Errorf("the handset shows %+v", got)
				}
			})
		})
	}
}
