package soak

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
	"centralita/firmware/acd"
	"centralita/firmware/alarm"
	calls "centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/ivr"
	"centralita/firmware/leg"
	"centralita/firmware/leg/analog"
	"centralita/firmware/lifeline"
	"centralita/firmware/media"
	"centralita/firmware/station"
	"centralita/firmware/supervise"
	"centralita/firmware/switchboard"
	"centralita/firmware/trunk"
	"centralita/hal"
)

// office gives each line a handset of its own and a prefix.
const office = `
office: {name: Prueba, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: station/101}, {name: fxo2, rings: station/102}, {name: fxo3, rings: station/103}, {name: fxo4, rings: station/104}]
stations: [{extension: "101", handset: fxs1}, {extension: "102", handset: fxs2}, {extension: "103", handset: fxs3}, {extension: "104", handset: fxs4}]
dial_plan:
  outside: [{prefix: "01", through: [fxo1]}, {prefix: "02", through: [fxo2]}, {prefix: "03", through: [fxo3]}, {prefix: "04", through: [fxo4]}]
`

// box is everything of a box but its doors and disks.
type box struct {
	sim    *simboard.Sim
	town   *town.Town
	bank   *analog.Bank
	engine *media.Engine
	board  *switchboard.Switchboard
	book   *book
	watch  *watch
	core   *core.Core
	relay  *relay // nil without lifeline

	stop  context.CancelFunc
	ended chan error
}

// noTapes is a recorder of an office that records nothing.
type noTapes struct{}

func (noTapes) Begin(id.Call, string, *media.Tap) error { return errors.New("nothing is recorded") }

func newBox(seed uint64, lifelined bool) (*box, error) {
	b := &box{engine: media.New(), ended: make(chan error, 1)}
	var err error
	b.sim, err = simboard.New(simboard.Options{Seed: seed, Lifeline: lifelined, Tell: func(e hal.Event) { b.bank.Event(e) }})
	if err != nil {
		return nil, err
	}
	if b.town, err = town.New(b.sim, town.Config{Seed: seed}); err != nil {
		return nil, err
	}
	b.bank = analog.New(analog.Options{
		Highway: b.sim.Highway, FXS: b.sim.FXS, FXO: b.sim.FXO,
		Told: func(l leg.Leg, r leg.Report) { b.board.Told(l, r) },
		Health: func(p id.Port, state, text string) {
			b.board.Tell(&event.LineChanged{Port: p, State: state, Text: text})
		},
	})
	list := []feature.Feature{desk.Feature, trunk.Feature, station.Feature, ivr.Feature, acd.Feature, alarm.Feature, lifeline.Feature}
	b.book = &book{began: time.Now()}
	b.core = core.New(feature.Parts(calls.New(), list)...)
	b.board = switchboard.New(switchboard.Options{
		Core: b.core, Journal: b.book, Engine: b.engine, Recorder: noTapes{},
		Makers: map[string]leg.Maker{"fxo": b.bank, "fxs": b.bank}, Sounds: switchboard.NewSounds(""),
		Start: 1, Log: slog.New(slog.DiscardHandler),
	})
	b.board.Tell(&event.BoxStarted{Version: "soak", Board: "simboard"})
	b.board.Tell(&event.SettingsCommitted{Rev: 1, Doc: []byte(office)})
	if lifelined {
		b.relay = newRelay(b)
	}
	b.watch = newWatch(b)
	b.sim.OnStep(b.watch.step)
	return b, b.set()
}

// set makes the exchange answer soon whatever is called.
func (b *box) set() error {
	var pending []town.Pending
	for _, p := range b.sim.FXO {
		l, err := b.town.Line(p.Name())
		if err != nil {
			return err
		}
		cfg := l.Config()
		cfg.Plan = []town.Rule{{Pattern: "*", Behaviour: "answer", AnswerAfterS: 1, Party: town.Party{Voice: "silent"}}}
		cfg.RouteMS, cfg.DialToneMS = 100, 100
		pending = append(pending, l.Configure(cfg))
	}
	b.sim.Step()
	for _, p := range pending {
		if err := <-p; err != nil {
			return err
		}
	}
	return nil
}

// begin runs the box as the program does; the board is stepped by sleep.
func (b *box) begin(ctx context.Context) error {
	ctx, b.stop = context.WithCancel(ctx)
	hardware := make([]supervise.Worker, 0, len(b.sim.Workers))
	for _, w := range b.sim.Workers {
		hardware = append(hardware, w)
	}
	stages := []supervise.Stage{
		{Name: "board", Edge: hardware, Patience: time.Second},
		{Name: "sound", Vital: []supervise.Worker{supervise.Named("media engine", b.sound)}, Patience: time.Second},
		{Name: "legs", Vital: []supervise.Worker{b.bank}, Patience: 3 * time.Second},
		{Name: "loop", Vital: []supervise.Worker{b.board}, Patience: 3 * time.Second},
	}
	if b.relay != nil {
		stages = append(stages, supervise.Stage{Name: "doors", Vital: []supervise.Worker{supervise.Named("lifeline", b.relay.serve)}, Patience: time.Second})
	}
	go func() { b.ended <- supervise.Run(ctx, supervise.Options{Tell: b.watch.fell}, stages, nil) }()
	return b.until("the ports are ready", 4*time.Second, b.sim.Ready)
}

// sound is what the engine's own loop does, but hears less often: thousands of boxes
// are not a box.
func (b *box) sound(ctx context.Context) error {
	missed := 0
	for n := 0; ctx.Err() == nil; n++ {
		if n%hearEvery == 0 {
			b.board.Tell(&event.Woke{}) // have it hear what the engine heard
		}
		err := b.bank.Clock()
		switch {
		case err == nil && missed >= 3:
			b.board.Tell(&event.AlarmCleared{Key: "pcm-clock"})
		case err != nil:
			if missed++; missed == 3 {
				b.board.Tell(&event.AlarmRaised{Key: "pcm-clock", Severity: "critical", Text: "alarm.no-pcm-clock"})
			}
			time.Sleep(media.Period)
		}
		if err == nil {
			missed = 0
		}
		b.engine.Tick()
	}
	return ctx.Err()
}

// hearEvery is how many ticks facts of the engine may wait for the loop.
const hearEvery = 3

// sleep lets time pass, in steps of the board.
func (b *box) sleep(d time.Duration) {
	for range d / simStep {
		time.Sleep(simStep)
		b.sim.Step()
	}
}

const simStep = 10 * time.Millisecond

// until waits for something, and says what when it does not come.
func (b *box) until(what string, most time.Duration, is func() bool) error {
	for range most / simStep {
		if is() {
			return nil
		}
		b.sleep(simStep)
	}
	return fmt.Errorf("%s: not within %s", what, most)
}

// end stops everything in order and tells what does not end.
func (b *box) end() error {
	b.stop()
	for range 1500 {
		select {
		case err := <-b.ended:
			_ = b.sim.Highway.Close()
			return errors.Join(err, b.town.Close())
		default:
			b.sleep(simStep)
		}
	}
	return errors.New("the box does not end")
}

// book is a journal in memory that keeps what is looked for.
type book struct {
	began time.Time
	mu    sync.Mutex
	count uint64
	said  []said
}

// said is a fact and when it was written.
type said struct {
	at time.Duration
	event.Event
}

// Append fulfils switchboard.Journal.
func (k *book) Append(_, _ int64, events ...event.Event) uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, e := range events {
		k.said = append(k.said, said{time.Since(k.began), e})
	}
	k.count += uint64(len(events))
	return k.count
}

// Last fulfils switchboard.Journal.
func (k *book) Last() uint64 { k.mu.Lock(); defer k.mu.Unlock(); return k.count }

// each calls f with every fact from a time on, until it returns true.
func (k *book) each(from time.Duration, f func(said) bool) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range k.said {
		if s.at >= from && f(s) {
			return true
		}
	}
	return false
}
