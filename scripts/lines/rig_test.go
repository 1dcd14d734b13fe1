package lines

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
	"centralita/firmware/alarm"
	calls "centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/analog"
	"centralita/firmware/media"
	"centralita/firmware/station"
	"centralita/firmware/switchboard"
	"centralita/firmware/trunk"
	"centralita/hal"
)

// office calls out by two lines, in order.
const office = `
office: {name: Prueba, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: station/102}, {name: fxo2, rings: station/102}]
stations: [{extension: "101", handset: fxs1}, {extension: "102", handset: fxs2}]
dial_plan: {outside: [{prefix: "0", through: [fxo1, fxo2]}]}
`

// box is everything of a box but its doors and disks, in virtual time.
type box struct {
	t     *testing.T
	town  *town.Town
	bank  *analog.Bank
	board *switchboard.Switchboard
	book  *book
	set   *town.Handset // the person who calls, fxs1
	other *town.Handset // fxs2
	lines [2]*town.Line
}

type noTapes struct{}

func (noTapes) Begin(id.Call, string, *media.Tap) error { return errors.New("nothing is recorded") }

// book is a journal in memory.
type book struct {
	mu   sync.Mutex
	said []string
}

func (b *book) Append(_, _ int64, events ...event.Event) uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	first := uint64(len(b.said) + 1)
	for _, e := range events {
		b.said = append(b.said, fmt.Sprintf("%s %+v", e.Kind(), e))
	}
	return first
}

func (b *book) Last() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return uint64(len(b.said))
}

// count tells how many facts have all the words.
func (b *book) count(words ...string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.said {
		all := true
		for _, w := range words {
			all = all && strings.Contains(s, w)
		}
		if all {
			n++
		}
	}
	return n
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.said, "\n")
}

// inBox runs f with a box that is ready and knows the office.
func inBox(t *testing.T, f func(b *box)) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{t: t, book: &book{}}
		sim, err := simboard.New(simboard.Options{Paced: true, Tell: func(e hal.Event) { b.bank.Event(e) }})
		b.must(err)
		b.town, err = town.New(sim, town.Config{Seed: 1})
		b.must(err)
		engine := media.New()
		b.bank = analog.New(analog.Options{
			Highway: sim.Highway, FXS: sim.FXS, FXO: sim.FXO,
			Told: func(l leg.Leg, r leg.Report) { b.board.Told(l, r) },
			Health: func(p id.Port, state, text string) {
				b.board.Tell(&event.LineChanged{Port: p, State: state, Text: text})
			},
		})
		list := []feature.Feature{desk.Feature, trunk.Feature, station.Feature, alarm.Feature}
		b.board = switchboard.New(switchboard.Options{
			Core: core.New(feature.Parts(calls.New(), list)...), Journal: b.book, Engine: engine, Recorder: noTapes{},
			Makers: map[string]leg.Maker{"fxo": b.bank, "fxs": b.bank}, Sounds: switchboard.NewSounds(""),
			Start: 1, Log: slog.New(slog.DiscardHandler),
		})
		b.board.Tell(&event.BoxStarted{Version: "lines", Board: "simboard"})
		b.board.Tell(&event.SettingsCommitted{Rev: 1, Doc: []byte(office)})
		ctx, cancel := context.WithCancel(t.Context())
		var work sync.WaitGroup
		defer work.Wait()
		defer func() { cancel(); sim.Highway.Close() }()
		for _, w := range sim.Workers {
			work.Go(func() { _ = w.Serve(ctx) })
		}
		work.Go(func() { _ = b.bank.Serve(ctx) })
		work.Go(func() { _ = b.board.Serve(ctx) })
		work.Go(func() {
			for n := 0; ctx.Err() == nil && b.bank.Clock() == nil; n++ {
				engine.Tick()
				if n%3 == 0 {
					b.board.Tell(&event.Woke{}) // have it hear what the engine heard
				}
			}
		})
		b.find()
		b.until("the ports are ready", 5*time.Second, sim.Ready)
		time.Sleep(2 * time.Second)
		f(b)
	})
}

func (b *box) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) find() {
	var err error
	b.set, err = b.town.Handset("fxs1")
	b.must(err)
	b.other, err = b.town.Handset("fxs2")
	b.must(err)
	for i := range b.lines {
		b.lines[i], err = b.town.Line(fmt.Sprintf("fxo%d", i+1))
		b.must(err)
	}
}

func (b *box) wish(p town.Pending) {
	b.t.Helper()
	b.must(p.Wait(b.t.Context()))
}

// dial lifts fxs1 and dials out.
func (b *box) dial(number string) {
	b.t.Helper()
	b.wish(b.set.Lift())
	b.wish(b.set.Dial(town.Dial{Digits: "0" + number, WaitDialTone: true}))
}

func (b *box) until(what string, most time.Duration, is func() bool) {
	b.t.Helper()
	for begun := time.Now(); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > most {
			b.t.Fatalf("%s: not within %v\n%s\n%+v", what, most, b.book, b.town.State().Lines[:2])
		}
	}
}
