package legtest

import (
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
)

// memory is the fake as a line of the suite.
type memory struct {
	m *Maker
	l *Leg
}

func (m *memory) Able() Able {
	return Able{Calls: true, IsCalled: true, Rings: true, Refuses: true, Presses: true, HangsUp: true, GivesUp: true}
}

func (m *memory) Make(t *testing.T) leg.Leg {
	l, refused := m.m.Make("sip/201")
	if refused != nil {
		t.Fatal(refused.Why)
	}
	m.l = l.(*Leg)
	return l
}

func (m *memory) Call(*testing.T)                  { m.l = m.m.Offer("sip/201", leg.Report{From: "0912"}) }
func (m *memory) Rings(*testing.T)                 { m.l.FarRings() }
func (m *memory) Answers(*testing.T)               { m.l.FarAnswers() }
func (m *memory) Refuses(*testing.T)               { m.l.FarEnds(leg.Busy) }
func (m *memory) HangsUp(*testing.T)               { m.l.FarEnds(leg.Normal) }
func (m *memory) Presses(_ *testing.T, digit byte) { m.l.FarPresses(string(digit)) }
func (m *memory) Close()                           {}

func TestMemoryConforms(t *testing.T) {
	Conformance(t, Rig{
		Open: func(t *testing.T, told leg.Told) Line {
			m := New(told)
			m.Port("sip/201", Script{})
			return &memory{m: m}
		},
		Run: synctest.Test,
	})
}

func TestScriptRunsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kinds []leg.ReportKind
		var at []time.Duration
		begun := time.Now()
		m := New(func(_ leg.Leg, r leg.Report) {
			kinds, at = append(kinds, r.Kind), append(at, time.Since(begun))
		})
		m.Port("fxs1", Script{RingsAfter: time.Second, Answers: 4 * time.Second, HangsUp: 30 * time.Second, Presses: "1"})
		l, _ := m.Make("fxs1")
		l.Ring(leg.Caller{Number: "5"})
		time.Sleep(time.Minute)
		synctest.Wait()
		want := []leg.ReportKind{leg.Ringing, leg.Answered, leg.Digit, leg.Ended}
		for i, d := range []time.Duration{1, 4, 4, 34} {
			if len(kinds) != 4 || kinds[i] != want[i] || at[i] != d*time.Second {
				t.Fatalf("reports %v at %v", kinds, at)
			}
		}
		if n := len(m.Alive()); n != 0 {
			t.Fatalf("%d legs alive", n)
		}
	})
}

func TestBusyPortIsRefused(t *testing.T) {
	m := New(func(leg.Leg, leg.Report) {})
	m.Port("fxo1", Script{Busy: leg.NoLine})
	if _, refused := m.Make("fxo1"); refused == nil || refused.Cause != leg.NoLine {
		t.Fatalf("refused %+v", refused)
	}
	if _, refused := m.Make("fxo9"); refused == nil || refused.Cause != leg.UnknownNumber {
		t.Fatalf("refused %+v", refused)
	}
}
