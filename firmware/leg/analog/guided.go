package analog

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	items "centralita/firmware/line"
	"centralita/firmware/line/trial"
	"centralita/firmware/media"
	"centralita/hal"
)

// guidedEvery is how often a running trial is looked at.
const guidedEvery = 50 * time.Millisecond

// guided is the guided test that runs, as the switchboard is for calls: it owns the
// legs of its one or two lines, lets them listen to themselves and carries out what
// the trial decides. A call that wants one of the lines ends it. Its sound engine is
// its own; of the bank's goroutine, but for the engine's tick.
type guided struct {
	bank    *Bank
	trial   *trial.Trial
	began   time.Time
	next    time.Time
	sides   []guidedSide
	engine  *media.Engine
	step    trial.Step
	percent uint8
	over    bool // it is being ended: what its lines still tell is passed over
}

// guidedSide is one of its lines.
type guidedSide struct {
	port   *port
	dials  string
	end    *end // of the running call, nil none
	at     media.Handle
	ways   []hal.Balance
	before hal.Balance
	way    int
}

// TestLine begins the guided test of a line with another (then both dial each
// other, back being what with dials) or with an outside number. What comes of it is
// told as facts; one test runs at a time.
func (b *Bank) TestLine(port, with id.Port, number, back string) {
	b.put(func() {
		g := &guided{bank: b, began: time.Now(), engine: media.New()}
		ways := [2]int{}
		for i, name := range []id.Port{port, with} {
			if name == "" {
				continue
			}
			p := b.ports[name]
			if p == nil || p.line == nil || p.line.state != idle || p.leg != nil || !p.line.fxo.Status().Ready || b.guided.Load() != nil {
				b.fact(&event.LineTestEnded{Port: port, Result: trial.Failed, Text: fmt.Sprintf("%s is not free", name)})
				return
			}
			s := guidedSide{port: p, dials: [2]string{number, back}[i], ways: p.line.fxo.Balances(), before: p.line.matched}
			ways[i] = len(s.ways)
			g.sides = append(g.sides, s)
		}
		g.trial = trial.New(with != "", back != "", ways)
		for _, s := range g.sides {
			s.port.tried.Store(true)
		}
		b.guided.Store(g)
		b.lab.Store(g.engine)
		g.carry(g.trial.Start())
		g.look(time.Now())
	})
}

// StopTest ends the test that runs on a line.
func (b *Bank) StopTest(port id.Port) {
	b.put(func() {
		if g := b.guided.Load(); g != nil && g.uses(b.ports[port]) {
			g.stop(trial.Cancelled)
		}
	})
}

func (b *Bank) put(do func()) {
	select {
	case b.inbox <- item{do: do}:
	default: // stuck for a thousand events: the test does not begin
	}
}

func (b *Bank) fact(e event.Event) {
	if b.opt.Fact != nil {
		b.opt.Fact(e)
	}
}

func (g *guided) side(p *port) int {
	for i := range g.sides {
		if g.sides[i].port == p {
			return i
		}
	}
	return -1
}

func (g *guided) uses(p *port) bool { return p != nil && g.side(p) >= 0 }

// yield ends a test whose line a call wants.
func (b *Bank) yield(p *port) {
	if g := b.guided.Load(); g != nil && g.uses(p) {
		g.stop(trial.Needed)
	}
}

func (g *guided) stop(result string) {
	if g.over {
		return
	}
	g.over = true
	g.carry(g.trial.Stop(result))
	g.finish()
}

// look lets the lines hear themselves and the trial go on, and tells its progress.
func (g *guided) look(now time.Time) {
	for h, ok := g.engine.Next(); ok; h, ok = g.engine.Next() {
		for i := range g.sides {
			if s := &g.sides[i]; s.end != nil && s.at == h.Handle {
				s.end.Heard(h)
			}
		}
	}
	g.take(trial.Fact{})
	g.next = now.Add(guidedEvery)
}

func (g *guided) take(f trial.Fact) {
	if g.over {
		return
	}
	g.carry(g.trial.Take(time.Since(g.began), f))
	step, percent := g.trial.Step()
	if step == trial.Over {
		if !g.over {
			g.over = true
			g.finish()
		}
		return
	}
	if step != g.step || percent >= g.percent+5 {
		g.step, g.percent = step, percent
		g.bank.fact(&event.LineTestMoved{Port: g.sides[0].port.name, Step: string(step), Percent: percent})
	}
}

// takes is told of everything a line reports; it keeps what is the test's.
func (g *guided) takes(p *port, l *end, r leg.Report) bool {
	i := g.side(p)
	if i < 0 {
		return false
	}
	s := &g.sides[i]
	if r.Kind == leg.Offered && s.end == nil {
		if !g.trial.Expects(trial.Side(i)) {
			g.stop(trial.Needed) // somebody else calls
			return false
		}
		g.plug(s, l)
		g.take(trial.Fact{Kind: trial.Offered, Side: trial.Side(i)})
		return true
	}
	if s.end != l {
		return false
	}
	switch r.Kind {
	case leg.Measured:
		// What came back was noise under every balance in turn; the trial knows better.
		others := slices.DeleteFunc(r.Readings, func(x event.Reading) bool { return x.Item == items.EchoLoss })
		g.bank.fact(&event.LineMeasured{Port: p.name, Readings: others})
	case leg.EarlySound:
		g.take(trial.Fact{Kind: trial.Early, Side: trial.Side(i)})
	case leg.Answered:
		g.take(trial.Fact{Kind: trial.Answered, Side: trial.Side(i)})
	case leg.Ended:
		_ = g.engine.Unplug(s.at)
		s.end = nil
		g.take(trial.Fact{Kind: trial.Ended, Side: trial.Side(i)})
	}
	return true
}

// plug gives a leg its place in the test's own engine, with its ears.
func (g *guided) plug(s *guidedSide, l *end) {
	s.end = l
	at, err := g.engine.Reserve()
	if err != nil {
		return // two legs always fit
	}
	s.at = at
	_ = g.engine.Plug(at, l)
	for _, ear := range l.Ears() {
		_ = g.engine.Attach(at, ear)
	}
}

// finish tells what was found. What was tried on the lines stays where the test
// came to its end, and is taken back else.
func (g *guided) finish() {
	b, r := g.bank, g.trial.Results()
	for i := range g.sides {
		s := &g.sides[i]
		if s.end != nil && s.port.leg == s.end {
			s.port.hangup(leg.Normal)
		}
		s.port.tried.Store(false)
		s.port.meter.Store(nil)
	}
	b.guided.Store(nil)
	b.lab.Store(nil)
	for i := range g.sides {
		s := &g.sides[i]
		if r.Result != trial.Done {
			s.port.line.match(s.before)
			continue
		}
		if r.Tuned[i] {
			s.port.line.match(s.ways[s.way])
		}
		b.fact(&event.LineMeasured{Port: s.port.name, Readings: readingsOf(&r, i, s)})
		if r.Tuned[i] {
			chosen := s.ways[s.way]
			b.fact(&event.LineTuned{
				Port: s.port.name, Impedance: chosen.Impedance, Hybrid: coefficients(chosen.Hybrid), Loss: r.Return[i], Capture: float64(r.Gain()),
			})
		}
	}
	b.fact(&event.LineTestEnded{Port: g.sides[0].port.name, Result: r.Result})
}

// readingsOf is what the test measured of a side beside its calls.
func readingsOf(r *trial.Results, i int, s *guidedSide) (list []event.Reading) {
	if r.Tuned[i] {
		list = append(list, event.Reading{Item: items.Impedance, Text: s.ways[s.way].Name}, event.Reading{Item: items.EchoLoss, Value: r.Return[i]})
	}
	if far := 1 - i; r.Swept[0] && r.Swept[1] {
		list = append(list, event.Reading{Item: items.Loss, Value: r.Loss[far][0]})
	}
	return list
}

func coefficients(h [8]byte) string { return strings.Trim(fmt.Sprint(h), "[]") }
