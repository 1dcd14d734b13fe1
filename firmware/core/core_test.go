package core_test

import (
	"testing"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// part is a reactor made of functions.
type part struct {
	seen   []string
	due    int64
	react  func(e event.Event, out *core.Out)
	decide func(out *core.Out) error
}

func (p *part) Apply(_ core.Time, e event.Event) { p.seen = append(p.seen, e.Kind()) }
func (p *part) React(_ core.Time, e event.Event, out *core.Out) {
	if p.react != nil {
		p.react(e, out)
	}
}
func (p *part) Due() int64 { return p.due }
func (p *part) Decide(_ core.Time, _ id.Person, _ core.Command, out *core.Out) error {
	return p.decide(out)
}

func coreOf(parts ...*part) *core.Core {
	var list []core.Part
	for i, p := range parts {
		list = append(list, core.Part{Name: string(rune('a' + i)), Reactor: p})
	}
	return core.New(list...)
}

// What is said is applied everywhere when Say returns, and reacted to in its turn;
// orders leave when the step is over.
func TestSaidIsSo(t *testing.T) {
	second := &part{}
	first := &part{react: func(e event.Event, out *core.Out) {
		if e.Kind() != "BoxStarted" {
			return
		}
		out.Say(&event.CallBegan{Call: id.Call(out.Number())})
		if len(second.seen) != 2 {
			t.Errorf("the second part has seen %v when Say returned", second.seen)
		}
		out.Do(order.Answer{Leg: 1})
	}}
	second.react = func(e event.Event, out *core.Out) {
		if e.Kind() == "CallBegan" {
			out.Say(&event.CallEnded{Call: e.(*event.CallBegan).Call})
		}
	}
	orders, said := coreOf(first, second).Step(core.Time{At: 5}, &event.BoxStarted{})
	if len(said) != 3 || said[0].Kind() != "BoxStarted" || said[2].Kind() != "CallEnded" {
		t.Errorf("said %v", said)
	}
	if len(orders) != 1 || orders[0] != (order.Answer{Leg: 1}) {
		t.Errorf("ordered %v", orders)
	}
}

// A passing fact is reacted to and not written down.
func TestPassing(t *testing.T) {
	p := &part{}
	_, said := coreOf(p).Step(core.Time{}, &event.Woke{})
	if len(said) != 0 || len(p.seen) != 0 {
		t.Errorf("said %v, applied %v", said, p.seen)
	}
}

// Two reactors that answer each other for ever end the program with a sentence.
func TestEndlessEchoPanics(t *testing.T) {
	p := &part{react: func(_ event.Event, out *core.Out) { out.Say(&event.ClockStepped{}) }}
	defer func() {
		if recover() == nil {
			t.Error("an endless echo went on")
		}
	}()
	coreOf(p).Step(core.Time{}, &event.BoxStarted{})
}

// Wakes are asked for once, again when something is due earlier, and again after
// one that did not come.
func TestWakes(t *testing.T) {
	p := &part{}
	c := coreOf(p)
	for i, s := range []struct{ at, due, want int64 }{
		{0, 0, 0}, {1, 100, 100}, {2, 100, 0}, {3, 50, 50}, {4, 70, 0},
		{60, 70, 70}, // the one at 50 was lost
		{70, 0, 0},
		{80, 75, 81}, // overdue: at once
	} {
		p.due = s.due
		orders, _ := c.Step(core.Time{At: s.at}, &event.Woke{})
		got := int64(0)
		if len(orders) > 0 {
			got = orders[0].(order.Wake).At
		}
		if got != s.want {
			t.Errorf("step %d: wake at %d, want %d", i, got, s.want)
		}
	}
}

// A refusal leaves nothing behind; commands find their feature by name.
func TestCommand(t *testing.T) {
	p := &part{decide: func(*core.Out) error { return core.Refuse("no", "really") }}
	c := coreOf(p)
	if _, said, err := c.Command(core.Time{}, "ana", "a", nil); err == nil || said != nil {
		t.Errorf("said %v, %v", said, err)
	}
	if _, _, err := c.Command(core.Time{}, "ana", "nobody", nil); err == nil {
		t.Error("a command to nobody was taken")
	}
	p.decide = func(out *core.Out) error { out.Say(&event.SignedOut{Who: "ana"}); return nil }
	if _, said, err := c.Command(core.Time{}, "ana", "a", nil); err != nil || len(said) != 1 {
		t.Errorf("said %v, %v", said, err)
	}
}

// Numbers go on after those of the journal, also after legs that the shell numbered.
func TestNumbersComeFromTheJournal(t *testing.T) {
	c := coreOf(&part{})
	c.Replay(core.Time{At: 1}, &event.LegOffered{Leg: 41})
	c.Replay(core.Time{At: 2}, &event.CallBegan{Call: 40})
	if n := c.Number(); n != 42 {
		t.Errorf("number %d, want 42", n)
	}
}

// The loop's clock never goes back, even when the one that steps it does.
func TestClockNeverGoesBack(t *testing.T) {
	var at []int64
	p := &clocked{at: &at}
	c := core.New(core.Part{Name: "p", Reactor: p})
	for _, n := range []int64{10, 5, 20} {
		c.Step(core.Time{At: n}, &event.BoxStarted{})
	}
	if at[0] != 10 || at[1] != 10 || at[2] != 20 {
		t.Errorf("times %v", at)
	}
}

type clocked struct{ at *[]int64 }

func (c *clocked) Apply(now core.Time, _ event.Event)      { *c.at = append(*c.at, now.At) }
func (c *clocked) React(core.Time, event.Event, *core.Out) {}

func TestAgenda(t *testing.T) {
	var a core.Agenda[string]
	a.Note(20, "c")
	a.Note(10, "a")
	a.Note(20, "d")
	a.Note(10, "b")
	got := ""
	for {
		_, what, ok := a.Next()
		if !ok {
			break
		}
		got += what
	}
	if got != "abcd" {
		t.Errorf("order %q", got)
	}
}
