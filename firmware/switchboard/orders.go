package switchboard

import (
	"fmt"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media"
	"centralita/firmware/media/clip"
	"centralita/firmware/order"
)

// do carries out one order. An order for a leg that is gone does nothing: late
// orders are as normal as late reports.
func (s *Switchboard) do(now core.Time, o order.Order) {
	switch o := o.(type) {
	case order.Dial:
		s.dial(o)
	case order.Progress:
		s.with(o.Leg, func(e *end) { e.leg.Progress(o.Sound) })
	case order.Answer:
		s.with(o.Leg, func(e *end) { e.leg.Answer() })
	case order.Hangup:
		s.with(o.Leg, func(e *end) { e.leg.Hangup(leg.Cause(o.Cause)) })
	case order.Send:
		s.with(o.Leg, func(e *end) { s.say(e, o.Digits) })
	case order.Flash:
		s.with(o.Leg, func(e *end) { e.leg.Flash() })
	case order.Transferred:
		s.with(o.Leg, func(e *end) {
			if t, ok := e.leg.(leg.Transferor); ok {
				t.Transferred(leg.TransferState(o.State), leg.Cause(o.Cause))
			}
		})
	case order.Alert:
		s.with(o.Leg, func(e *end) { alert(e.leg, o) })
	case order.AlertOver:
		s.with(o.Leg, func(e *end) { alertOver(e.leg) })
	case order.Message:
		if m, ok := s.opt.Makers[o.Port.Kind()].(leg.Messenger); ok {
			m.Message(o.Port, o.Name, o.Who, o.Text)
		}
	case order.MessageWaiting:
		s.mind(o)
	case order.ShowStation:
		s.show(o)
	case order.Connect:
		s.cross(o.A, o.B, true)
	case order.Disconnect:
		s.cross(o.A, o.B, false)
	case order.Listen:
		s.listen(o.Leg, o.To)
	case order.Echo:
		s.cross(o.Leg, o.Leg, true)
	case order.Play:
		s.with(o.Leg, func(e *end) { s.play(e, o) })
	case order.Stop:
		s.with(o.Leg, s.hush)
	case order.Record:
		s.record(o)
	case order.StopRecord:
		s.stopRecord(o.Call)
	case order.TestLine:
		s.examine(o.Port, func(x leg.Examiner) { x.TestLine(o.Port, o.With, o.Number, o.Back) })
	case order.TestTrunk:
		if t, ok := s.opt.Makers["trunk"].(leg.TrunkTester); ok {
			t.TestTrunk(o.Trunk)
		}
	case order.StopTest:
		s.examine(o.Port, func(x leg.Examiner) { x.StopTest(o.Port) })
	case order.TuneLine:
		s.examine(o.Port, func(x leg.Examiner) {
			x.Tune(o.Port, leg.Tuning{Impedance: o.Impedance, Hybrid: o.Hybrid, Capture: o.Capture})
		})
	case order.KnowLine:
		s.examine(o.Port, func(x leg.Examiner) { x.Know(o.Port, known(o)) })
	case order.Wake:
		s.alarms.ask(now, o.At)
	default:
		panic(fmt.Sprintf("switchboard: no hands for order %T", o))
	}
}

// examine asks the maker of a line's legs, where it can test lines.
func (s *Switchboard) examine(p id.Port, do func(leg.Examiner)) {
	if x, ok := s.opt.Makers[p.Kind()].(leg.Examiner); ok {
		do(x)
	}
}

func (s *Switchboard) with(number id.Leg, do func(*end)) {
	if e := s.legs[number]; e != nil {
		do(e)
	}
}

func (s *Switchboard) connect(from, to media.Handle) error {
	return s.opt.Engine.Connect(from, to, media.Unity)
}

// dial makes a leg; what cannot be made ends as a fact in the next step.
func (s *Switchboard) dial(o order.Dial) {
	maker := s.opt.Makers[o.Port.Kind()]
	if maker == nil {
		s.fail(o.Leg, leg.OutOfOrder, fmt.Sprintf("no such kind of port: %s", o.Port))
		return
	}
	l, refused := maker.Make(o.Port)
	if refused != nil {
		s.fail(o.Leg, refused.Cause, refused.Why)
		return
	}
	if _, ok := s.adopt(l, o.Leg, o.Port); !ok {
		s.fail(o.Leg, leg.Congestion, "no place in the sound engine")
		return
	}
	caller := leg.Caller{
		Number: o.From, Name: o.Name, To: o.To, From: o.As,
		Absent: leg.Absent(o.Absent), Pattern: leg.Pattern(o.Pattern), Auto: o.Auto,
	}
	caller.Mixed = o.Taped
	s.with(o.With, func(e *end) { caller.With = e.leg })
	for _, d := range o.Diverted {
		caller.Diverted = append(caller.Diverted, leg.Diverted{Number: d.Number, When: d.When})
	}
	l.Ring(caller)
}

func (s *Switchboard) fail(number id.Leg, c leg.Cause, why string) {
	s.late = append(s.late, &event.LegEnded{Leg: number, Cause: string(c), Text: why})
}

// play lets a leg hear clips; what cannot be found is left out, and a list of
// nothing ends at once, so that no caller waits for a sound that never comes.
func (s *Switchboard) play(e *end, o order.Play) {
	if e.player == nil {
		at, err := s.opt.Engine.Reserve()
		if err != nil {
			s.late = append(s.late, &event.PlayEnded{Leg: e.id, Play: o.Play})
			return
		}
		e.player, e.playerAt = clip.NewPlayer(), at
		s.byPort[at] = e
		s.engine(s.opt.Engine.Plug(at, e.player))
		s.engine(s.connect(at, e.at))
	}
	s.moved[e] = struct{}{}
	e.playing = false
	sources := s.opt.Sounds.Sources(o.Lang, o.Clips, o.Loop)
	e.tag++
	e.play = o.Play
	if len(sources) == 0 {
		e.player.Stop()
		if !o.Loop {
			s.late = append(s.late, &event.PlayEnded{Leg: e.id, Play: o.Play})
		}
		return
	}
	if err := e.player.Play(e.tag, sources...); err != nil {
		s.opt.Log.Error("play", "leg", e.id, "err", err)
		s.late = append(s.late, &event.PlayEnded{Leg: e.id, Play: o.Play})
		return
	}
	e.playing = true
}

func (s *Switchboard) hush(e *end) {
	e.playing = false
	s.moved[e] = struct{}{}
	if e.player != nil {
		e.player.Stop()
		e.tag++
	}
}
