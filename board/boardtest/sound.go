package boardtest

import (
	"context"
	"math"
	"sync"
	"time"

	"centralita/hal"
)

// Levels: 0 dBm0 is 3.14 dB below a full-scale sine.
const fullScale = 3.14

// engine exchanges frames as the media engine does: it plays one tone in one slot
// and measures another.
type engine struct {
	x    *rig
	stop func()

	mu       sync.Mutex
	playSlot int
	playHz   float64
	playDBm0 float64
	slot     int
	hz       float64
	level    float64
}

// run starts exchanging until the test ends.
func run(x *rig) *engine {
	e := &engine{x: x}
	ctx, cancel := context.WithCancel(x.Context())
	var done sync.WaitGroup
	done.Go(func() { e.loop(ctx) })
	e.stop = func() { cancel(); done.Wait() }
	return e
}

func (e *engine) loop(ctx context.Context) {
	in, out := new(hal.Frame), new(hal.Frame)
	for n := 0; ctx.Err() == nil; n++ {
		if err := e.x.Highway.Exchange(in, out); err != nil {
			e.x.Errorf("exchange: %v", err)
			return
		}
		e.mu.Lock()
		*out = hal.Frame{}
		amplitude := 0.0
		if e.playHz > 0 {
			amplitude = 32767 * math.Pow(10, (e.playDBm0-fullScale)/20)
		}
		for i := range out[e.playSlot] {
			out[e.playSlot][i] = int16(amplitude * math.Sin(2*math.Pi*e.playHz*float64(n*hal.FrameSamples+i)/8000))
		}
		e.level = Level(in[e.slot][:], e.hz)
		e.mu.Unlock()
	}
}

func (e *engine) play(slot int, hz, dBm0 float64) {
	e.mu.Lock()
	e.playSlot, e.playHz, e.playDBm0 = slot, hz, dBm0
	e.mu.Unlock()
}

// captured is the level of a tone in a slot.
func (e *engine) captured(slot int, hz float64) float64 {
	e.mu.Lock()
	e.slot, e.hz = slot, hz
	e.mu.Unlock()
	time.Sleep(100 * ms)
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.level
}

// Level is the level of a tone in 10 ms of sound, in dBm0; -99 for none. The tone
// must be a multiple of 100 Hz.
func Level(s []int16, hz float64) float64 {
	var re, im float64
	for i, v := range s {
		phase := 2 * math.Pi * hz * float64(i) / 8000
		re += float64(v) * math.Cos(phase)
		im += float64(v) * math.Sin(phase)
	}
	amplitude := 2 * math.Hypot(re, im) / float64(len(s)) / 32767
	if amplitude < 1e-5 {
		return -99
	}
	return 20*math.Log10(amplitude) + fullScale
}

// Tones of the two directions, apart enough for 10 ms to tell them.
const (
	outHz = 1000
	inHz  = 400
)

// both measures a port's two directions and its echo, as they are and with gains.
func both(x *rig, e *engine, p hal.Port) {
	x.Helper()
	port, slot := p.Name(), p.Slot()
	e.play(slot, outHz, -10)
	x.Speak(port, inHz, -15)
	for _, g := range []struct{ play, capture float64 }{{}, {-6.5, 4.4}, {2.3, -7}, {}} {
		x.must(p.SetGain(g.play, g.capture))
		time.Sleep(300 * ms)
		level(x, port+" as its far end hears us", x.Hear(port, outHz), -10+g.play, 0.2)
		level(x, port+" as we hear its far end", e.captured(slot, inHz), -15+g.capture, 0.2)
		level(x, port+"'s echo", e.captured(slot, outHz), -28+g.play+g.capture, 1)
	}
	if p.SetGain(math.NaN(), 0) == nil || p.SetGain(0, 20) == nil || p.SetGain(-40, 0) == nil {
		x.Errorf("%s: takes gains that no chip has", port)
	}
	x.Speak(port, 0, 0)
	e.play(slot, 0, 0)
}

func level(x *rig, what string, got, want, tolerance float64) {
	x.Helper()
	if math.Abs(got-want) > tolerance {
		x.Errorf("%s: %.2f dBm0, want %.1f", what, got, want)
	}
}

// handsetSound: both ways while lifted, nothing on-hook.
func handsetSound(x *rig) {
	e := run(x)
	defer e.stop()
	for _, p := range x.FXS {
		e.play(p.Slot(), outHz, -10)
		time.Sleep(200 * ms)
		if v := x.Hear(p.Name(), outHz); v > -60 {
			x.Errorf("%s: an on-hook set hears %.1f dBm0", p.Name(), v)
		}
		x.Lift(p.Name())
		x.expect(p.Name(), hal.OffHook, 200*ms)
		both(x, e, p)
		x.Replace(p.Name())
		x.expect(p.Name(), hal.OnHook, 1500*ms)
	}
}

// lineSound: both ways on a seized line.
func lineSound(x *rig) {
	e := run(x)
	defer e.stop()
	for _, p := range x.FXO {
		x.must(p.OffHook())
		x.expect(p.Name(), hal.Settled, time.Second)
		both(x, e, p)
		x.must(p.OnHook())
		e.play(p.Slot(), outHz, -10)
		time.Sleep(200 * ms)
		if v := x.Hear(p.Name(), outHz); v > -60 {
			x.Errorf("%s: the exchange hears %.1f dBm0 of an on-hook line", p.Name(), v)
		}
	}
}

// onHookSound: what caller ID needs: to an on-hook set, and from an idle line.
func onHookSound(x *rig) {
	e := run(x)
	defer e.stop()
	p := x.FXS[0]
	x.must(p.Transmit(true))
	e.play(p.Slot(), outHz, -10)
	time.Sleep(300 * ms)
	level(x, "on-hook transmission", x.Hear(p.Name(), outHz), -10, 0.5)
	x.must(p.Transmit(false))
	time.Sleep(100 * ms)
	if v := x.Hear(p.Name(), outHz); v > -60 {
		x.Errorf("on-hook transmission goes on at %.1f dBm0", v)
	}
	x.must(p.Ring(spain))
	time.Sleep(2 * time.Second) // into the first pause
	level(x, "between two rings", x.Hear(p.Name(), outHz), -10, 0.5)
	x.must(p.StopRing())

	line := x.FXO[0]
	x.Speak(line.Name(), inHz, -15)
	time.Sleep(200 * ms)
	level(x, "an idle line", e.captured(line.Slot(), inHz), -15, 0.5)
}
