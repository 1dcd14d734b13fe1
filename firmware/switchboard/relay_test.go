package switchboard

import (
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media"
	"centralita/firmware/order"
)

// passer is a leg that can relay; it does nothing else.
type passer struct {
	leg.Leg
	t      *testing.T
	with   *passer
	tap    *media.Tap
	side   media.Side
	joined bool
	cannot bool
	ended  func()
	reads  int
	sent   string
}

func (p *passer) Rate() media.Rate               { return media.Narrow }
func (p *passer) Read(uint64, *media.Frame) bool { p.reads++; return false }
func (p *passer) Write(uint64, *media.Frame)     {}
func (p *passer) Send(d string)                  { p.sent += d }
func (p *passer) Hangup(leg.Cause)               {}

func (p *passer) Relay(with leg.Leg, r leg.Relay) bool {
	o, ok := with.(*passer)
	if !ok || p.cannot || o.cannot {
		p.Mix()
		return false
	}
	if p.with != o {
		p.Mix()
		o.Mix()
		p.joined, o.joined = r.Joined, r.Joined
	}
	p.with, o.with = o, p
	p.tap, o.tap, p.side, o.side = r.Tap, r.Tap, r.Side, r.Side.Other()
	p.ended, o.ended = r.Ended, r.Ended
	return true
}

func (p *passer) Mix() {
	if o := p.with; o != nil {
		p.with, o.with, p.tap, o.tap = nil, nil, nil, nil
	}
}

// spooler is a recorder that can take packets, and nothing of them.
type spooler struct{ spool *media.Spool }

func (s spooler) Begin(_ id.Call, file string, tap *media.Tap) error {
	if file == "" {
		return errors.New("no name")
	}
	tap.Spool(s.spool, 1)
	return nil
}

// desk is a switchboard that is given orders by hand, with legs that can relay.
type desk struct {
	t    *testing.T
	s    *Switchboard
	legs []*passer
}

func newDesk(t *testing.T, legs int) *desk {
	d := &desk{t: t, s: New(Options{
		Engine: media.New(), Recorder: spooler{media.NewSpool()}, Sounds: NewSounds(t.TempDir()), Log: slog.New(slog.DiscardHandler),
	})}
	for i := range legs {
		p := &passer{t: t}
		d.legs = append(d.legs, p)
		d.s.adopt(p, id.Leg(i+1), id.Port("sip/1"))
	}
	return d
}

// step carries out orders as one step does.
func (d *desk) step(orders ...order.Order) {
	for _, o := range orders {
		d.s.do(core.Time{}, o)
	}
	d.s.late = nil
	d.s.aim()
	d.s.opt.Engine.Tick()
}

// expect compares who relays with whom, by numbers of legs, and that those are out
// of the engine's ticks and all others in them.
func (d *desk) expect(what string, pairs ...[2]int) {
	d.t.Helper()
	want := map[*passer]*passer{}
	for _, p := range pairs {
		a, b := d.legs[p[0]-1], d.legs[p[1]-1]
		want[a], want[b] = b, a
	}
	for i, l := range d.legs {
		if d.s.legs[id.Leg(i+1)] == nil {
			continue
		}
		if l.with != want[l] {
			d.t.Errorf("%s: leg %d relays %v, want %v", what, i+1, l.with != nil, want[l] != nil)
		}
		before := l.reads
		d.s.opt.Engine.Tick()
		if (l.reads > before) == (want[l] != nil) {
			d.t.Errorf("%s: leg %d read in a tick: %v", what, i+1, l.reads > before)
		}
	}
}

func TestLegsThatHearExactlyEachOtherRelay(t *testing.T) {
	d := newDesk(t, 3)
	d.expect("alone")
	d.step(order.Connect{A: 1, B: 2})
	d.expect("connected", [2]int{1, 2})
	if d.legs[0].joined {
		t.Error("they had not heard each other before")
	}
	d.step(order.Connect{A: 1, B: 2})
	d.expect("connected again", [2]int{1, 2})

	d.step(order.Connect{A: 1, B: 3}, order.Connect{A: 2, B: 3})
	d.expect("in a conference")
	d.step(order.Disconnect{A: 1, B: 3}, order.Disconnect{A: 2, B: 3})
	d.expect("after the conference", [2]int{1, 2})
	if !d.legs[0].joined {
		t.Error("what is under way is lost")
	}

	d.step(order.Disconnect{A: 1, B: 2}, order.Play{Leg: 1, Play: 1, Clips: []string{"tone/ringback"}, Loop: true}, order.Connect{A: 2, B: 3})
	d.expect("one on hold", [2]int{2, 3})
	d.step(order.Disconnect{A: 2, B: 3}, order.Stop{Leg: 1}, order.Connect{A: 1, B: 2})
	d.expect("taken back", [2]int{1, 2})

	d.step(order.Play{Leg: 2, Play: 2, Clips: []string{"silence/50"}})
	d.expect("an announcement")
	d.s.report(d.legs[2], leg.Report{Kind: leg.ReportKind(99)}) // any word of another leg
	d.step()
	d.expect("it still plays")

	d.step(order.Stop{Leg: 2})
	d.s.forget(d.s.legs[2])
	d.step()
	d.expect("one has gone")
}

func TestEchoIsNoRelay(t *testing.T) {
	d := newDesk(t, 1)
	d.step(order.Echo{Leg: 1})
	d.expect("echo")
}

func TestLegsThatCannotAreMixedUntilTheyCan(t *testing.T) {
	d := newDesk(t, 2)
	d.legs[1].cannot = true
	d.step(order.Connect{A: 1, B: 2})
	d.expect("not yet agreed")
	d.legs[1].cannot = false
	d.s.report(d.legs[1], leg.Report{Kind: leg.ReportKind(99)})
	d.step()
	d.expect("after a word of it", [2]int{1, 2})

	d.legs[1].cannot = true // another agreement ends it
	d.legs[1].Mix()
	d.legs[0].ended()
	d.s.take(<-d.s.inbox)
	d.s.opt.Engine.Tick()
	d.expect("ended by itself")
}

func TestRecordingStaysInTheRelay(t *testing.T) {
	d := newDesk(t, 3)
	d.step(order.Connect{A: 1, B: 2}, order.Record{Call: 7, File: "a.wav", Left: 2, Right: 1})
	d.expect("recorded", [2]int{1, 2})
	tap := d.s.tapes[7].tap
	if d.legs[0].tap != tap || d.legs[0].side != media.Right || d.legs[1].side != media.Left {
		t.Fatalf("tap %p at side %v", d.legs[0].tap, d.legs[0].side)
	}
	if tap.Waiting() != 0 {
		t.Error("the engine records too")
	}
	d.step(order.Connect{A: 1, B: 3}, order.Connect{A: 2, B: 3}, order.Record{Call: 7, File: "a.wav", Left: 2, Right: 1, Third: 3})
	d.expect("a recorded conference")
	n := tap.Waiting()
	if d.legs[0].tap != nil || n == 0 {
		t.Errorf("conference: %d frames from the engine", n)
	}
	d.step(order.Disconnect{A: 1, B: 3}, order.Disconnect{A: 2, B: 3}, order.Record{Call: 7, File: "a.wav", Left: 2, Right: 1})
	d.expect("after it", [2]int{1, 2})
	n = tap.Waiting()
	d.s.opt.Engine.Tick()
	if d.legs[0].tap != tap || tap.Waiting() != n {
		t.Error("it is not recorded from its packets alone")
	}
	d.step(order.Record{Call: 7, File: "a.wav", Left: 2, Right: 0}) // one side alone
	d.expect("recorded otherwise")
	d.step(order.Record{Call: 7, File: "a.wav", Left: 2, Right: 1}, order.StopRecord{Call: 7})
	d.expect("no longer recorded", [2]int{1, 2})
	for tap.Peek() != nil {
		tap.Drop()
	}
	if d.legs[0].tap != nil || !tap.Done() {
		t.Errorf("tap %p, done %v", d.legs[0].tap, tap.Done())
	}
}

func TestDigitsOfOursAreMixedAsLongAsTheyLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 2)
		d.step(order.Connect{A: 1, B: 2})
		d.step(order.Send{Leg: 1, Digits: "12"})
		d.expect("digits under way")
		if d.legs[0].sent != "12" {
			t.Errorf("sent %q", d.legs[0].sent)
		}
		<-d.s.alarms.timer.C
		time.Sleep(time.Millisecond)
		d.step()
		d.expect("said", [2]int{1, 2})
	})
}

// Digits follow the sound: they are said to whoever hears the leg, unless the packets
// of its relay bring them.
func TestDigitsAreSaidToWhoHears(t *testing.T) {
	for name, k := range map[string]struct {
		mixed  bool
		report leg.Report
		want   string
	}{
		"a key of a page":                     {false, leg.Report{Digit: '5'}, "5"},
		"an event in the packets of a relay":  {false, leg.Report{Digit: '5', Event: true}, ""},
		"an event in a call that is mixed":    {true, leg.Report{Digit: '5', Event: true}, "5"},
		"a flash, which the box itself takes": {true, leg.Report{Digit: '!'}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, 3)
				d.legs[0].cannot = k.mixed
				d.step(order.Connect{A: 1, B: 2}, order.Connect{A: 1, B: 1})
				d.step(order.Disconnect{A: 1, B: 1})
				d.s.keyed(d.s.legs[1], k.report)
				for i, want := range []string{"", k.want, ""} {
					if got := d.legs[i].sent; got != want {
						t.Errorf("leg %d is sent %q, want %q", i+1, got, want)
					}
				}
			})
		})
	}
}

// Legs that could not relay do when one of them has agreed on another codec.
func TestAnotherAgreementBeginsARelay(t *testing.T) {
	d := newDesk(t, 2)
	d.legs[0].cannot = true
	d.step(order.Connect{A: 1, B: 2})
	d.expect("different codecs")
	d.legs[0].cannot = false
	d.s.report(d.legs[1], leg.Report{Kind: leg.Agreed})
	d.s.opt.Engine.Tick()
	d.expect("agreed anew", [2]int{1, 2})
}
