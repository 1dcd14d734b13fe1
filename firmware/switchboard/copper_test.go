package switchboard_test

import (
	"context"
	"encoding/binary"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
	"centralita/firmware/acd"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/leg"
	"centralita/firmware/leg/analog"
	"centralita/firmware/media"
	"centralita/firmware/station"
	"centralita/firmware/switchboard"
	"centralita/firmware/trunk"
	"centralita/hal"
)

const copperOffice = `
office: {name: Prueba, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: station/101}, {name: fxo2, rings: station/101}]
stations: [{extension: "101", handset: fxs1, call_waiting: true}, {extension: "102", handset: fxs2}]
dial_plan: {inside: [{dial: "92", to: station/102, record: true}]}
`

// The voices of a copper test, by the seed of their babble.
const (
	customer = 11
	first    = 12 // at 101
	second   = 13 // at 102
	other    = 14 // another customer
	music    = 15
)

// copper is the whole box on the simulated board in virtual time: people at
// telephones and lines, the real drivers, the engine, the switchboard, the features.
type copper struct {
	t    *testing.T
	town *town.Town
	book *book
	tape *tapes
	stop func()
	ref  map[uint64]*reference
}

func newCopper(t *testing.T) *copper {
	t.Helper()
	if testing.Short() {
		t.Skip("a board and a minute of talk")
	}
	sounds := t.TempDir()
	speak(t, filepath.Join(sounds, "music", "default.wav"), town.Babble(music))
	c := &copper{t: t, book: &book{}, tape: &tapes{}, ref: map[uint64]*reference{}}
	engine := media.New()
	var bank *analog.Bank
	var sb *switchboard.Switchboard
	sim, err := simboard.New(simboard.Options{Paced: true, Country: "ES", Tell: func(e hal.Event) { bank.Event(e) }})
	if err != nil {
		t.Fatal(err)
	}
	if c.town, err = town.New(sim, town.Config{Country: "ES", Seed: 1}); err != nil {
		t.Fatal(err)
	}
	told := func(l leg.Leg, r leg.Report) { sb.Told(l, r) }
	bank = analog.New(analog.Options{Highway: sim.Highway, FXS: sim.FXS, FXO: sim.FXO, Told: told})
	bank.Configure(analog.Settings{Country: "ES"})
	list := []feature.Feature{desk.Feature, trunk.Feature, station.Feature, acd.Feature}
	sb = switchboard.New(switchboard.Options{
		Core: core.New(feature.Parts(call.New(), list)...), Journal: c.book, Engine: engine,
		Makers: map[string]leg.Maker{"fxo": bank, "fxs": bank},
		Sounds: switchboard.NewSounds(sounds), Recorder: c.tape, Start: 1_000_000, Log: slog.New(slog.DiscardHandler),
	})
	c.tape.tell = func(e event.Event) { sb.Tell(e) }
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	for _, w := range sim.Workers {
		work.Go(func() { _ = w.Serve(ctx) })
	}
	work.Go(func() { _ = bank.Serve(ctx) })
	work.Go(func() { _ = engine.Serve(ctx, bank.Clock, nil) })
	loop, end := context.WithCancel(t.Context())
	work.Go(func() { _ = sb.Serve(loop) })
	c.stop = func() {
		end()
		time.Sleep(3 * time.Second)
		cancel()
		work.Wait()
		c.tape.work.Wait()
	}
	for !sim.Ready() {
		time.Sleep(10 * time.Millisecond)
	}
	sb.Tell(&event.BoxStarted{Version: "test", Board: "sim"})
	sb.Tell(&event.SettingsCommitted{Rev: 1, Doc: []byte(copperOffice)})
	return c
}

// speak writes a voice to a WAV file.
func speak(t *testing.T, path string, pcm []int16) {
	t.Helper()
	prompt(t, path, 0, len(pcm))
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range pcm {
		binary.LittleEndian.PutUint16(raw[44+2*i:], uint16(x))
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (c *copper) wish(p town.Pending) {
	c.t.Helper()
	if err := p.Wait(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

func (c *copper) hand(name string) *town.Handset {
	h, err := c.town.Handset(name)
	if err != nil {
		c.t.Fatal(err)
	}
	return h
}

func (c *copper) line(name string) *town.Line {
	l, err := c.town.Line(name)
	if err != nil {
		c.t.Fatal(err)
	}
	return l
}

// until waits in virtual time for what a person would see.
func (c *copper) until(what string, seconds int, is func() bool) {
	c.t.Helper()
	for range seconds * 20 {
		if is() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.t.Fatalf("%s: not within %d s; %+v", what, seconds, c.town.State())
}

func (c *copper) sound(h *town.Handset, want string, seconds int) {
	c.t.Helper()
	c.until(want, seconds, func() bool { return h.State().Hears.Sound == want })
}

// calls has an outside party call the box.
func (c *copper) calls(line string, voice string) {
	c.wish(c.line(line).Call(town.Call{
		Number: "954123456", Supervision: &town.Supervision{LoopBreakMS: 600}, Party: town.Party{Voice: voice},
	}))
}

// lifts answers a telephone that rings, and speaks.
func (c *copper) lifts(name, voice string) {
	c.t.Helper()
	h := c.hand(name)
	c.until(name+" rings", 12, func() bool { return h.State().Ringing })
	c.wish(h.Lift())
	c.wish(h.Speak(town.Speech{Voice: voice, Loop: true}))
	time.Sleep(time.Second)
}

func (c *copper) flash(name string) {
	c.t.Helper()
	c.wish(c.hand(name).Flash(0))
	time.Sleep(800 * time.Millisecond)
}

func (c *copper) dial(name, digits string) {
	c.t.Helper()
	c.wish(c.hand(name).Dial(town.Dial{Digits: digits}))
	c.until("dialled", 10, func() bool { return !c.hand(name).State().Dialling })
	time.Sleep(500 * time.Millisecond)
}

// heard is an end that keeps what it hears.
type heard interface {
	Heard(first uint64, most int, out []int16) ([]int16, uint64)
}

// hears listens for a while: exactly these voices are there.
func (c *copper) hears(what string, e heard, want ...uint64) {
	c.t.Helper()
	_, from := e.Heard(math.MaxUint64, 0, nil)
	time.Sleep(2500 * time.Millisecond)
	pcm, _ := e.Heard(from, 200, nil)
	c.is(what, pcm, want...)
}

// recorded looks at the last two seconds of a recording.
func (c *copper) recorded(what string, left, right []uint64) {
	c.t.Helper()
	time.Sleep(2500 * time.Millisecond)
	c.tape.mu.Lock()
	l, r := slices.Clone(c.tape.left), slices.Clone(c.tape.right)
	c.tape.mu.Unlock()
	c.is(what+", left", l[max(0, len(l)-16000):], left...)
	c.is(what+", right", r[max(0, len(r)-16000):], right...)
}

// is knows voices again.
func (c *copper) is(what string, pcm []int16, want ...uint64) {
	c.t.Helper()
	for _, v := range []uint64{customer, first, second, other, music} {
		like := c.likeness(v, pcm)
		if there := like > 0.3; there != slices.Contains(want, v) {
			c.t.Errorf("%s: voice %d is like what is heard by %.2f; wanted %v", what, v, like, want)
		}
	}
}

// likeness is the normalised correlation with a voice that goes round: the lag is
// found with one of four samples, which all babble on its pitch resembles; how like
// it is, with all of them and the pitch taken down.
func (c *copper) likeness(voice uint64, pcm []int16) float64 {
	ref := c.ref[voice]
	if ref == nil {
		one := town.Babble(voice)
		ref = &reference{thin: thin(slices.Concat(one, one)), flat: flat(slices.Concat(one, one))}
		c.ref[voice] = ref
	}
	got := thin(pcm)
	at, best := 0, 0.0
	power := make([]float64, len(ref.thin)+1) // of the voice until there
	for i, x := range ref.thin {
		power[i+1] = power[i] + x*x
	}
	for lag := range len(ref.thin) / 2 {
		dot, y := 0.0, ref.thin[lag:lag+len(got)]
		for i := 0; i < len(got); i += 2 {
			dot += got[i] * y[i]
		}
		if like := dot * dot / (power[lag+len(got)] - power[lag] + 1); like > best {
			at, best = lag, like
		}
	}
	best = 0
	got = flat(pcm)
	for lag := max(0, 4*at-8); lag < 4*at+8; lag++ {
		best = max(best, alike(got, ref.flat[lag:]))
	}
	return best
}

// reference is a voice twice over.
type reference struct{ thin, flat []float64 }

// alike correlates x with the beginning of y, if that is as long.
func alike(x, y []float64) float64 {
	if len(y) < len(x) {
		return 0
	}
	y = y[:len(x)]
	dot, px, py := 0.0, 1e-9, 1e-9
	for i, v := range x {
		w := y[i]
		dot += v * w
		px += v * v
		py += w * w
	}
	return math.Abs(dot) / math.Sqrt(px*py)
}

// thin keeps one of four samples after a crude low pass, without the mean.
func thin(pcm []int16) []float64 {
	out := make([]float64, len(pcm)/4)
	mean := 0.0
	for i := range out {
		for _, x := range pcm[4*i : 4*i+4] {
			out[i] += float64(x)
		}
		mean += out[i]
	}
	for i := range out {
		out[i] -= mean / float64(len(out))
	}
	return out
}

// flat takes the pitch down by a difference.
func flat(pcm []int16) []float64 {
	out := make([]float64, len(pcm))
	for i := 1; i < len(pcm); i++ {
		out[i] = float64(pcm[i]) - float64(pcm[i-1])
	}
	return out
}

// A customer calls, the person at 101 asks a colleague, holds a conference, speaks
// with the colleague alone and hands the customer over by putting the handset down.
func TestCopperConsultConferenceTransfer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCopper(t)
		defer c.stop()
		c.calls("fxo1", "babble:11")
		c.lifts("fxs1", "babble:12")
		line, one, two := c.line("fxo1"), c.hand("fxs1"), c.hand("fxs2")
		c.hears("101 in the call", one, customer)
		c.hears("the customer", line, first)

		c.flash("fxs1")
		c.sound(one, "tone", 4) // recall dial tone
		c.hears("the customer on hold", line, music)
		c.dial("fxs1", "92")
		c.sound(one, "ringback", 6)
		c.lifts("fxs2", "babble:13")
		c.hears("101 asks 102", one, second)
		c.hears("102", two, first)
		c.hears("the customer on hold", line, music)
		c.recorded("the second call", []uint64{first}, []uint64{second})

		c.flash("fxs1")
		c.dial("fxs1", "3")
		c.hears("101 in the conference", one, customer, second)
		c.hears("102 in the conference", two, customer, first)
		c.hears("the customer in the conference", line, first, second)
		c.recorded("the conference", []uint64{first}, []uint64{second, customer})

		c.flash("fxs1")
		c.hears("101 in private", one, second)
		c.hears("the customer on hold again", line, music)
		c.recorded("in private", []uint64{first}, []uint64{second})

		c.wish(one.Hangup())
		time.Sleep(time.Second)
		c.hears("102 with the customer", two, customer)
		c.hears("the customer with 102", line, second)
		c.recorded("the customer's call", []uint64{customer}, []uint64{second})
		moved, n := find[*event.CallTransferred](c.book)
		if n != 1 || moved.How != "attended" || moved.Taken != "102" || moved.Station != "101" {
			t.Errorf("%d transfers, %+v", n, moved)
		}
		c.wish(line.Hangup())
		c.sound(two, "busy", 6)
	})
}

// A flash and the handset down: the telephone rings again and the customer is there.
// Then a wrong key among two calls does no harm, and R1 ends the second.
func TestCopperRecallAndKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCopper(t)
		defer c.stop()
		c.calls("fxo1", "babble:11")
		c.lifts("fxs1", "babble:12")
		line, one := c.line("fxo1"), c.hand("fxs1")
		c.flash("fxs1")
		c.sound(one, "tone", 4) // recall dial tone
		c.wish(one.Hangup())
		c.hears("the customer while it rings", line, music)
		c.lifts("fxs1", "babble:12")
		c.hears("the customer again", line, first)

		c.flash("fxs1")
		c.dial("fxs1", "9")
		c.sound(one, "special-information", 4)
		time.Sleep(4 * time.Second)
		c.hears("back from a number that is none", one, customer)

		c.flash("fxs1")
		c.dial("fxs1", "102")
		c.lifts("fxs2", "babble:13")
		c.flash("fxs1")
		c.dial("fxs1", "8")
		time.Sleep(2 * time.Second)
		c.hears("after a wrong key", one, second)
		c.flash("fxs1")
		c.dial("fxs1", "1")
		c.hears("R1", one, customer)
		c.sound(c.hand("fxs2"), "busy", 4)
		if _, n := find[*event.CallTransferred](c.book); n != 1 { // the recall
			t.Errorf("%d transfers", n)
		}
	})
}

// Somebody calls a person who talks: a tone in the talk, ringback for the caller;
// a flash and 2 takes the call and holds the first, another swaps back, and when the
// handset is put down the held customer rings again.
func TestCopperCallWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCopper(t)
		defer c.stop()
		c.calls("fxo1", "babble:11")
		c.lifts("fxs1", "babble:12")
		one := c.hand("fxs1")
		c.calls("fxo2", "babble:14")
		c.until("the second call is told of", 10, func() bool { _, n := find[*event.CallWaits](c.book); return n == 1 })
		time.Sleep(3 * time.Second) // the tone and the number of who calls
		c.hears("101 goes on talking", one, customer)
		c.flash("fxs1")
		c.dial("fxs1", "2")
		time.Sleep(time.Second) // the line is answered
		c.hears("101 takes the second", one, other)
		c.hears("the second customer", c.line("fxo2"), first)
		c.hears("the first on hold", c.line("fxo1"), music)
		c.flash("fxs1")
		time.Sleep(3 * time.Second) // no key: swap
		c.hears("101 back at the first", one, customer)
		c.hears("the second on hold", c.line("fxo2"), music)
		c.wish(one.Hangup())
		c.lifts("fxs1", "babble:12")
		c.hears("the held one rang again", one, other)
	})
}
