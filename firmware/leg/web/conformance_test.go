package web

import (
	"testing"

	"centralita/firmware/leg"
	"centralita/firmware/leg/legtest"
)

// line is a page as the suite of all legs sees it.
type line struct {
	b    *bench
	g    *Page
	call uint64
}

func TestBrowserConforms(t *testing.T) {
	legtest.Conformance(t, legtest.Rig{Open: func(t *testing.T, told leg.Told) legtest.Line {
		b := newBench(t, told)
		return &line{b: b, g: b.attach("201", "tab")}
	}})
}

func (l *line) Able() legtest.Able {
	return legtest.Able{Calls: true, IsCalled: true, Rings: true, Refuses: true, Presses: true, HangsUp: true, GivesUp: true}
}

func (l *line) Make(t *testing.T) leg.Leg {
	made, refused := l.b.e.Make("web/201")
	if refused != nil {
		t.Fatal(refused.Why)
	}
	return made
}

func (l *line) Call(t *testing.T) {
	w := newBrowser(t)
	j, err := l.b.e.Call("201", "tab", "600", w.offer(), true, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	l.call = j.Leg
	w.accept(j.SDP)
}

func (l *line) ringing(t *testing.T) uint64 {
	if l.call == 0 {
		l.call = news(t, l.g, "it rings", func(n News) bool { return n.Leg != nil && n.Leg.State == "ringing" }).Leg.Leg
	}
	return l.call
}

func (l *line) Rings(t *testing.T) { l.ringing(t) }

func (l *line) Answers(t *testing.T) {
	w := newBrowser(t)
	j, err := l.b.e.Answer("201", "tab", l.ringing(t), w.offer(), true)
	if err != nil {
		t.Fatal(err)
	}
	w.accept(j.SDP)
}

func (l *line) Refuses(t *testing.T) { l.hangup(t, l.ringing(t)) }
func (l *line) HangsUp(t *testing.T) { l.hangup(t, l.call) }

func (l *line) hangup(t *testing.T, call uint64) {
	if err := l.b.e.Hangup("201", "tab", call); err != nil {
		t.Fatal(err)
	}
}

func (l *line) Presses(t *testing.T, digit byte) {
	if err := l.b.e.Digits("201", "tab", l.call, string(digit)); err != nil {
		t.Fatal(err)
	}
}

func (l *line) Close() { l.b.stop() }
