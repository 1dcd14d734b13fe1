package copper

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/analog"
	"centralita/firmware/media"
	"centralita/firmware/media/dtmf"
	"centralita/hal"
	"centralita/hal/sim/wire"
)

// box is the sound of a box in a synctest bubble: no features, whoever tests it
// decides who hears whom.
type box struct {
	t      *testing.T
	sim    *simboard.Sim
	town   *town.Town
	bank   *analog.Bank
	engine *media.Engine
	net    *network
	work   sync.WaitGroup
	cancel context.CancelFunc

	mu     sync.Mutex
	places map[media.Port]media.Handle
	told   []told
	heard  map[media.Handle][]media.Heard

	probes []*probe
	begun  time.Time // when the board's first step was
	frames uint64
}

type told struct {
	leg    leg.Leg
	report leg.Report
}

// newBox starts a box of a country; echo is whether its hybrids have any.
func newBox(t *testing.T, country string, noEcho bool) *box {
	t.Helper()
	b := &box{t: t, engine: media.New(), net: newNetwork(), places: map[media.Port]media.Handle{}, heard: map[media.Handle][]media.Heard{}}
	var err error
	b.sim, err = simboard.New(simboard.Options{Country: country, Paced: true, NoEcho: noEcho, Seed: 7, Tell: func(e hal.Event) { b.bank.Event(e) }})
	if err != nil {
		t.Fatal(err)
	}
	if b.town, err = town.New(b.sim, town.Config{Seed: 7, Country: country}); err != nil {
		t.Fatal(err)
	}
	b.sim.OnStep(b.look)
	b.bank = analog.New(analog.Options{Highway: b.sim.Highway, FXS: b.sim.FXS, FXO: b.sim.FXO, Told: b.tell})
	ctx, cancel := context.WithCancel(t.Context())
	b.cancel = cancel
	for _, w := range b.sim.Workers {
		b.work.Go(func() { _ = w.Serve(ctx) })
	}
	b.work.Go(func() { _ = b.bank.Serve(ctx) })
	b.work.Go(func() { b.tick(ctx) })
	b.set(analog.Settings{Country: country})
	b.until("the ports are ready", 10*time.Second, b.sim.Ready)
	time.Sleep(300 * time.Millisecond) // the next audit has set the gains by then
	return b
}

func (b *box) set(s analog.Settings) { b.bank.Configure(s) }

func (b *box) close() {
	b.cancel()
	_ = b.sim.Highway.Close()
	b.work.Wait()
	if err := b.town.Close(); err != nil {
		b.t.Error(err)
	}
}

// tick is the sound thread. What is heard goes back to the legs as the switchboard
// has it.
func (b *box) tick(ctx context.Context) {
	for ctx.Err() == nil {
		if b.bank.Clock() != nil {
			return
		}
		b.engine.Tick()
		for h, ok := b.engine.Next(); ok; h, ok = b.engine.Next() {
			b.mu.Lock()
			b.heard[h.Handle] = append(b.heard[h.Handle], h)
			for p, at := range b.places {
				if l, ok := p.(leg.Listener); ok && at == h.Handle {
					l.Heard(h)
				}
			}
			b.mu.Unlock()
		}
	}
}

// tell takes a leg's report and gives it its place.
func (b *box) tell(l leg.Leg, r leg.Report) {
	if r.Kind != leg.Ended {
		b.plug(l)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.told = append(b.told, told{l, r})
	if at, ok := b.places[l]; ok && r.Kind == leg.Ended {
		_ = b.engine.Unplug(at)
		delete(b.places, l)
	}
}

// plug gives a port a place, with the ears that the switchboard gives to legs.
func (b *box) plug(p media.Port) media.Handle {
	b.mu.Lock()
	defer b.mu.Unlock()
	if at, ok := b.places[p]; ok {
		return at
	}
	at, err := b.engine.Reserve()
	if err != nil {
		panic(err)
	}
	_ = b.engine.Plug(at, p)
	_ = b.engine.Attach(at, dtmf.NewDetector(dtmf.Line()))
	if l, ok := p.(leg.Listener); ok {
		for _, ear := range l.Ears() {
			_ = b.engine.Attach(at, ear)
		}
	}
	b.places[p] = at
	return at
}

// connect joins two ports both ways.
func (b *box) connect(x, y media.Port) {
	i, j := b.plug(x), b.plug(y)
	_ = b.engine.Connect(i, j, media.Unity)
	_ = b.engine.Connect(j, i, media.Unity)
}

// await is the leg that tells a report of the kind, within some seconds.
func (b *box) await(kind leg.ReportKind, port id.Port) leg.Leg {
	b.t.Helper()
	var found leg.Leg
	b.until(fmt.Sprintf("report %v of %s", kind, port), 15*time.Second, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, x := range b.told {
			if x.report.Kind == kind && x.report.Port == port {
				found = x.leg
			}
		}
		return found != nil
	})
	return found
}

func (b *box) until(what string, limit time.Duration, is func() bool) {
	b.t.Helper()
	for end := time.Now().Add(limit); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("not within %v: %s", limit, what)
		}
	}
}

func (b *box) must(p town.Pending) {
	b.t.Helper()
	if err := p.Wait(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// incoming is a call from outside on a line, answered by the box.
func (b *box) incoming(line string, who town.Party) leg.Leg {
	b.t.Helper()
	x, err := b.town.Line(line)
	if err != nil {
		b.t.Fatal(err)
	}
	b.must(x.Call(town.Call{Number: "912345678", CallerID: town.NoCallerID, Party: who}))
	l := b.await(leg.Offered, id.Port(line))
	l.Answer()
	b.await(leg.Answered, id.Port(line))
	return l
}

// lifted is a handset that the person lifted.
func (b *box) lifted(handset string) leg.Leg {
	b.t.Helper()
	b.must(b.handset(handset).Lift())
	l := b.await(leg.Offered, id.Port(handset))
	l.Answer()
	b.await(leg.Answered, id.Port(handset))
	return l
}

func (b *box) line(name string) *town.Line {
	l, err := b.town.Line(name)
	if err != nil {
		b.t.Fatal(err)
	}
	return l
}

func (b *box) handset(name string) *town.Handset {
	h, err := b.town.Handset(name)
	if err != nil {
		b.t.Fatal(err)
	}
	return h
}

// probe hangs on a pair and keeps what both ends put on it, by the board's frame:
// the town's of this step, and the chip's, which is a step old as the town lives
// before the chips do.
type probe struct {
	pair     *wire.Pair
	exchange bool // the town's end feeds: a line
	on       bool
	first    uint64
	town     []int16
	chip     []int16
}

func (b *box) look(frame uint64) {
	if frame == 0 {
		b.begun = time.Now()
	}
	b.frames = frame
	for _, p := range b.probes {
		if p.on {
			p.take(frame)
		}
	}
}

func (p *probe) take(frame uint64) {
	if len(p.town) == 0 {
		p.first = frame
	}
	var set, office wire.Sound
	p.pair.AtOffice(&set)
	p.pair.AtSet(&office)
	if !p.exchange {
		set, office = office, set
	}
	p.town = append(p.town, office[:]...)
	p.chip = append(p.chip, set[:]...)
}

// tap hangs a probe on a port's pair.
func (b *box) tap(port string) *probe {
	p := &probe{pair: b.sim.Line(port), exchange: true}
	if p.pair == nil {
		p.pair, p.exchange = b.sim.Handset(port), false
	}
	b.sim.Do(func() { b.probes = append(b.probes, p) })
	return p
}

// during keeps so much of what is on the pairs of some probes.
func (b *box) during(d time.Duration, probes ...*probe) {
	b.sim.Do(func() {
		for _, p := range probes {
			p.town, p.chip, p.on = nil, nil, true
		}
	})
	time.Sleep(d)
	b.sim.Do(func() {
		for _, p := range probes {
			p.on = false
		}
	})
}
