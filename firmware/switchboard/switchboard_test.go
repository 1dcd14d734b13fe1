package switchboard_test

import (
	"context"
	"encoding/binary"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/acd"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/ivr"
	"centralita/firmware/leg"
	"centralita/firmware/leg/legtest"
	"centralita/firmware/media"
	"centralita/firmware/media/dtmf"
	"centralita/firmware/station"
	"centralita/firmware/switchboard"
	"centralita/firmware/trunk"
)

const office = `
office: {name: Prueba, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: menu/dia}]
stations: [{extension: "101", handset: fxs1}, {extension: "102", handset: fxs2}]
people: [{name: marta, role: agent, station: "101", ready: always}]
menus: [{name: dia, say: [welcome], keys: {"1": queue/citas}, no_key: {after: 3s, times: 1}}]
queues: [{name: citas, agents: [marta], ring: 10s, wrap_up: 5s, record: {always: true}}]
dial_plan: {inside: [{dial: "600", to: service/echo}]}
`

// book is a journal in memory.
type book struct {
	mu   sync.Mutex
	said []event.Event
}

func (b *book) Append(_, _ int64, events ...event.Event) uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said = append(b.said, events...)
	return uint64(len(b.said))
}

func (b *book) Last() uint64 { b.mu.Lock(); defer b.mu.Unlock(); return uint64(len(b.said)) }

// find gives the last event of a kind that was written down.
func find[T event.Event](b *book) (last T, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.said {
		if x, ok := e.(T); ok {
			last, n = x, n+1
		}
	}
	return last, n
}

// tapes is a recorder that counts what it is given.
type tapes struct {
	tell  func(event.Event)
	work  sync.WaitGroup
	mu    sync.Mutex
	left  []int16
	right []int16
}

func (r *tapes) Begin(c id.Call, file string, tap *media.Tap) error {
	r.work.Go(func() {
		frames := 0
		for !tap.Done() {
			for f := tap.Peek(); f != nil; f = tap.Peek() {
				r.mu.Lock()
				r.left = append(r.left, f.Left[:]...)
				r.right = append(r.right, f.Right[:]...)
				r.mu.Unlock()
				frames++
				tap.Drop()
			}
			time.Sleep(50 * time.Millisecond)
		}
		r.tell(&event.RecordingEnded{Call: c, File: file, MS: int64(frames) * 10})
	})
	return nil
}

// rig is a switchboard with real features and engine, legs of memory and prompts
// of its own, in virtual time.
type rig struct {
	t     *testing.T
	sb    *switchboard.Switchboard
	legs  *legtest.Maker
	book  *book
	tapes *tapes
	stop  func()
}

func newRig(t *testing.T) *rig {
	t.Helper()
	sounds := t.TempDir()
	prompt(t, filepath.Join(sounds, "es", "welcome.wav"), 1000, 16000)
	engine := media.New()
	list := []feature.Feature{desk.Feature, trunk.Feature, station.Feature, ivr.Feature, acd.Feature}
	r := &rig{t: t, book: &book{}}
	r.tapes = &tapes{tell: func(e event.Event) { r.sb.Tell(e) }}
	r.legs = legtest.New(func(l leg.Leg, rep leg.Report) { r.sb.Told(l, rep) })
	lib := switchboard.NewSounds(sounds)
	r.sb = switchboard.New(switchboard.Options{
		Core: core.New(feature.Parts(call.New(), list)...), Journal: r.book, Engine: engine,
		Makers: map[string]leg.Maker{"fxo": r.legs, "fxs": r.legs},
		Sounds: lib, Recorder: r.tapes, Start: 1_000_000, Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { _ = engine.Serve(ctx, nil, nil) })
	loop, end := context.WithCancel(t.Context())
	work.Go(func() { _ = r.sb.Serve(loop) })
	r.stop = func() {
		end()
		time.Sleep(3 * time.Second) // virtual: the loop says goodbye while sound still runs
		cancel()
		work.Wait()
		r.tapes.work.Wait()
	}
	r.sb.Tell(&event.BoxStarted{Version: "test", Board: "none"})
	r.sb.Tell(&event.SettingsCommitted{Rev: 1, Doc: []byte(office)})
	return r
}

// prompt writes a WAV file of one value.
func prompt(t *testing.T, path string, value int16, samples int) {
	t.Helper()
	raw := make([]byte, 44+2*samples)
	copy(raw, "RIFF")
	binary.LittleEndian.PutUint32(raw[4:], uint32(len(raw)-8))
	copy(raw[8:], "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data")
	binary.LittleEndian.PutUint32(raw[40:], uint32(2*samples))
	for i := range samples {
		binary.LittleEndian.PutUint16(raw[44+2*i:], uint16(value))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// digit is a key pressed as sound.
func digit(t *testing.T, d string) []int16 {
	t.Helper()
	m, err := dtmf.NewMaker(d, dtmf.DefaultStyle())
	if err != nil {
		t.Fatal(err)
	}
	pcm := make([]int16, 8000)
	return pcm[:m.Fill(pcm)]
}

// TestCallThroughMenuToAgent: the caller hears the prompt, presses a key as sound,
// the agent's handset rings and answers, both hear each other, it is recorded, and
// the hang-up of one end frees everything.
func TestCallThroughMenuToAgent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.legs.Port("fxs1", legtest.Script{RingsAfter: 100 * time.Millisecond, Answers: 2 * time.Second})
		caller := r.legs.Offer("fxo1", leg.Report{From: "912345678"})
		time.Sleep(time.Second)
		if heard := caller.FarHeard(); !slices.Contains(heard, 1000) {
			t.Fatal("the caller does not hear the prompt")
		}
		caller.FarSays(digit(t, "1"))
		time.Sleep(4 * time.Second)
		connected, n := find[*event.CallConnected](r.book)
		if n != 1 || connected.Agent != "marta" {
			t.Fatalf("connected %d times, last %+v", n, connected)
		}
		agent := r.legs.Alive()[1]
		say := slices.Repeat([]int16{700}, 8000)
		caller.FarSays(say)
		agent.FarSays(slices.Repeat([]int16{-300}, 8000))
		time.Sleep(2 * time.Second)
		if !slices.Contains(agent.FarHeard(), 700) || !slices.Contains(caller.FarHeard(), -300) {
			t.Error("they do not hear each other")
		}
		caller.FarEnds(leg.LoopBreak)
		time.Sleep(time.Second)
		if changed, _ := find[*event.AgentChanged](r.book); changed.State != "wrap-up" {
			t.Errorf("the agent is %s, want wrap-up", changed.State)
		}
		ended, n := find[*event.CallEnded](r.book)
		if n != 1 || ended.Cause != string(leg.LoopBreak) {
			t.Errorf("ended %d times, last %+v", n, ended)
		}
		agent.FarEnds(leg.Normal)
		time.Sleep(6 * time.Second)
		if changed, _ := find[*event.AgentChanged](r.book); changed.State != "ready" {
			t.Errorf("after wrap-up the agent is %s, want ready", changed.State)
		}
		if _, n := find[*event.RecordingEnded](r.book); n != 1 {
			t.Errorf("%d recordings ended, want 1", n)
		}
		if !slices.Contains(r.tapes.left, 700) {
			t.Error("the recording's left side is not the caller")
		}
		if alive := r.legs.Alive(); len(alive) != 0 {
			t.Errorf("%d legs left", len(alive))
		}
		r.stop()
	})
}

// TestEcho: a handset dials the echo service by tones and hears itself.
func TestEcho(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		hand := r.legs.Offer("fxs2", leg.Report{})
		time.Sleep(500 * time.Millisecond)
		if slices.Max(hand.FarHeard()) == 0 {
			t.Error("no dial tone")
		}
		for _, d := range []string{"6", "0", "0"} {
			hand.FarSays(digit(t, d))
			time.Sleep(400 * time.Millisecond)
		}
		time.Sleep(time.Second)
		hand.FarSays(slices.Repeat([]int16{4321}, 800))
		time.Sleep(time.Second)
		if !slices.Contains(hand.FarHeard(), 4321) {
			t.Error("the handset does not hear itself")
		}
		hand.FarEnds(leg.Normal)
		r.stop()
	})
}

// TestModemPressesNoKeys: what sounds like a digit while a machine talks is none.
func TestModemPressesNoKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		caller := r.legs.Offer("fxo1", leg.Report{From: "912345678"})
		time.Sleep(time.Second)
		for _, machine := range []bool{true, false} {
			caller.FarModem(machine)
			caller.FarSays(digit(t, "9"))
			time.Sleep(time.Second)
			if _, n := find[*event.DigitPressed](r.book); (n > 0) == machine {
				t.Errorf("machine %v: %d digits were heard", machine, n)
			}
		}
		caller.FarEnds(leg.Normal)
		r.stop()
	})
}

// TestUnknownPort: an order for a port that is not there ends the leg as a fact
// and the call goes on to its end.
func TestUnknownPort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		hand := r.legs.Offer("fxs2", leg.Report{})
		time.Sleep(500 * time.Millisecond)
		for _, d := range []string{"1", "0", "1"} { // fxs1 was never plugged into the rig
			hand.FarSays(digit(t, d))
			time.Sleep(400 * time.Millisecond)
		}
		time.Sleep(2 * time.Second)
		ended, n := find[*event.LegEnded](r.book)
		if n != 1 || ended.Cause == "" {
			t.Errorf("%d legs ended, last %+v", n, ended)
		}
		hand.FarEnds(leg.Normal)
		time.Sleep(time.Second)
		if _, n := find[*event.CallEnded](r.book); n != 1 {
			t.Errorf("%d calls ended, want 1", n)
		}
		r.stop()
	})
}

// TestStop: an orderly end says so and hangs everything up.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.legs.Offer("fxo1", leg.Report{From: "912345678"})
		time.Sleep(time.Second)
		r.stop()
		if _, n := find[*event.BoxStopped](r.book); n != 1 {
			t.Errorf("stopped %d times", n)
		}
		ended, n := find[*event.CallEnded](r.book)
		if n != 1 {
			t.Errorf("%d calls ended, want 1: %+v", n, ended)
		}
		if alive := r.legs.Alive(); len(alive) != 0 {
			t.Errorf("%d legs left", len(alive))
		}
	})
}
