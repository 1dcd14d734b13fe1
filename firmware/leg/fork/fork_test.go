package fork

import (
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/legtest"
)

// pair is a desk telephone and a browser of memory at the same port.
type pair struct {
	f          *Forks
	both       leg.Maker
	desk, page *legtest.Maker
}

func newPair(told leg.Told) *pair {
	f := New(told)
	p := &pair{f: f, desk: legtest.New(f.Told), page: legtest.New(f.Told)}
	p.desk.Port("sip/201", legtest.Script{})
	p.page.Port("sip/201", legtest.Script{})
	p.both = f.Maker(p.desk, p.page)
	return p
}

func (p *pair) leg(t *testing.T) (whole leg.Leg, desk, page *legtest.Leg) {
	t.Helper()
	l, refused := p.both.Make("sip/201")
	if refused != nil {
		t.Fatal(refused.Why)
	}
	return l, p.desk.Alive()[0], p.page.Alive()[0]
}

// line is a pair as the suite sees it; answering says which of the two acts.
type line struct {
	*pair
	desk, page, one *legtest.Leg
	second          bool
}

func (l *line) Able() legtest.Able {
	return legtest.Able{IsCalled: true, Rings: true, Refuses: true, Presses: true, HangsUp: true}
}

func (l *line) Make(t *testing.T) leg.Leg {
	whole, desk, page := l.leg(t)
	l.desk, l.page, l.one = desk, page, desk
	if l.second {
		l.one = page
	}
	return whole
}

func (l *line) Call(*testing.T)                  {}
func (l *line) Rings(*testing.T)                 { l.desk.FarRings(); l.page.FarRings() }
func (l *line) Answers(*testing.T)               { l.one.FarAnswers() }
func (l *line) Refuses(*testing.T)               { l.one.FarEnds(leg.Rejected) }
func (l *line) HangsUp(*testing.T)               { l.one.FarEnds(leg.Normal) }
func (l *line) Presses(_ *testing.T, digit byte) { l.one.FarPresses(string(digit)) }
func (l *line) Close()                           {}

func TestForkConforms(t *testing.T) {
	for name, second := range map[string]bool{"the desk telephone answers": false, "the browser answers": true} {
		t.Run(name, func(t *testing.T) {
			legtest.Conformance(t, legtest.Rig{
				Open: func(_ *testing.T, told leg.Told) legtest.Line { return &line{pair: newPair(told), second: second} },
				Run:  synctest.Test,
			})
		})
	}
}

func TestOneAnswersTheOtherStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []leg.Report
		p := newPair(func(_ leg.Leg, r leg.Report) { told = append(told, r) })
		whole, desk, page := p.leg(t)
		whole.Ring(leg.Caller{Number: "954"})
		desk.FarRings()
		page.FarRings()
		page.FarAnswers()
		synctest.Wait()
		if !desk.Over() || page.Over() {
			t.Fatal("both telephones are up, or none")
		}
		desk.FarAnswers() // crossed: too late
		whole.Send("5")
		if page.Sent() != "5" || desk.Sent() != "" {
			t.Fatalf("digits went to %q and %q", desk.Sent(), page.Sent())
		}
		page.FarEnds(leg.Normal)
		time.Sleep(time.Second)
		kinds := []leg.ReportKind{leg.Ringing, leg.Answered, leg.Ended}
		if len(told) != len(kinds) {
			t.Fatalf("told %+v", told)
		}
		for i, k := range kinds {
			if told[i].Kind != k || told[i].Port != "sip/201" {
				t.Fatalf("told %+v", told)
			}
		}
	})
}

func TestHowItEndsWhereNobodyAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		desk, page, want leg.Cause
		first            bool // the first end decides
	}{
		"busy beats a closed page":  {leg.Busy, leg.NotRegistered, leg.Busy, false},
		"no answer beats a failure": {leg.Failure, leg.NoAnswer, leg.NoAnswer, false},
		"a refusal is for all":      {leg.Rejected, "", leg.Rejected, true},
	} {
		t.Run(name, func(t *testing.T) {
			var told []leg.Report
			p := newPair(func(_ leg.Leg, r leg.Report) { told = append(told, r) })
			whole, desk, page := p.leg(t)
			whole.Ring(leg.Caller{})
			desk.FarEnds(c.desk)
			if !c.first {
				if len(told) != 0 {
					t.Fatalf("the first end ended all: %+v", told)
				}
				page.FarEnds(c.page)
			}
			if len(told) != 1 || told[0].Kind != leg.Ended || told[0].Cause != c.want {
				t.Fatalf("told %+v, want %s", told, c.want)
			}
		})
	}
}

func TestWhoIsThereIsAsked(t *testing.T) {
	var told []leg.Report
	p := newPair(func(_ leg.Leg, r leg.Report) { told = append(told, r) })
	make := func(desk, page leg.Cause) (leg.Leg, *leg.Refused) {
		p.desk.Port("sip/201", legtest.Script{Busy: desk})
		p.page.Port("sip/201", legtest.Script{Busy: page})
		return p.both.Make("sip/201")
	}
	if l, _ := make("", leg.NotRegistered); l != leg.Leg(p.desk.Alive()[0]) {
		t.Error("without a page the desk telephone is not alone")
	}
	if l, _ := make(leg.NotRegistered, ""); l != leg.Leg(p.page.Alive()[0]) {
		t.Error("without a desk telephone the page is not alone")
	}
	for _, l := range p.page.Alive() {
		l.FarEnds(leg.Normal)
	}
	told = nil
	if _, refused := make(leg.Busy, ""); refused == nil || refused.Cause != leg.Busy {
		t.Errorf("refused %+v", refused)
	}
	if n := len(p.page.Alive()); n != 0 || len(told) != 0 {
		t.Errorf("%d pages still ring, told %+v", n, told)
	}
}

// A far end that names the leg it was rung by (SIP Replaces) means the whole.
func TestAPartIsNamedByOthers(t *testing.T) {
	var other leg.Leg
	p := newPair(func(_ leg.Leg, r leg.Report) { other = r.Other })
	whole, desk, _ := p.leg(t)
	p.desk.Port("sip/202", legtest.Script{})
	p.desk.Offer("sip/202", leg.Report{Other: desk})
	if other != whole {
		t.Errorf("the place of %v is asked for", other)
	}
}

var (
	_ leg.Minder     = (*maker)(nil)
	_ leg.Transferor = (*Leg)(nil)
)

type minder struct {
	leg.Maker
	port  id.Port
	count int
}

func (m *minder) MessageWaiting(p id.Port, n int) { m.port, m.count = p, n }

func TestMessagesGoToTheDeskTelephone(t *testing.T) {
	m := &minder{}
	New(nil).Maker(m, nil).(leg.Minder).MessageWaiting("fxs1", 3)
	if m.port != "fxs1" || m.count != 3 {
		t.Errorf("%+v", m)
	}
}
