package fork

import (
	"testing"

	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
)

// packets is a maker of the one leg that it is, which passes packets.
type packets struct {
	leg.Leg
	rung   leg.Caller
	told   *rtp.Speech
	with   leg.Leg
	speech rtp.Speech
	sound  rtp.Session
}

func (p *packets) Make(id.Port) (leg.Leg, *leg.Refused) { return p, nil }
func (p *packets) Ring(c leg.Caller)                    { p.rung = c }
func (p *packets) Hangup(leg.Cause)                     {}
func (p *packets) Relay(with leg.Leg, _ leg.Relay) bool { p.with = with; return true }
func (p *packets) Mix()                                 { p.with = nil }
func (p *packets) Speech() *rtp.Speech                  { return &p.speech }
func (p *packets) Matched(s rtp.Speech)                 { p.told = &s }
func (p *packets) Sound() *rtp.Session                  { return &p.sound }

// Who answers is relayed as if it had been alone; while nobody has answered there is
// nothing to relay, and each is offered what the caller speaks.
func TestWhoAnsweredIsRelayed(t *testing.T) {
	f := New(func(leg.Leg, leg.Report) {})
	desk, page, caller := &packets{}, &packets{}, &packets{}
	l, refused := f.Maker(desk, page).Make("sip/201")
	if refused != nil {
		t.Fatal(refused.Why)
	}
	whole := l.(*Leg)
	l.Ring(leg.Caller{With: caller})
	for _, p := range []*packets{desk, page} {
		if p.rung.With != leg.Leg(caller) || p.rung.Mixed {
			t.Errorf("rung for %+v", p.rung)
		}
	}
	if whole.Relay(caller, leg.Relay{}) || whole.Speech() != nil || whole.Sound() != nil {
		t.Error("relayed before anybody answered")
	}
	whole.Mix()
	whole.Matched(rtp.Speech{})
	f.Told(page, leg.Report{Kind: leg.Answered})
	if !whole.Relay(caller, leg.Relay{}) || page.with != leg.Leg(caller) || desk.with != nil {
		t.Errorf("the page is relayed with %v, the telephone with %v", page.with, desk.with)
	}
	whole.Matched(rtp.Speech{Settled: true})
	if whole.Speech() != &page.speech || whole.Sound() != &page.sound || page.told == nil || desk.told != nil {
		t.Error("it speaks otherwise than the page")
	}
	if whole.Mix(); page.with != nil {
		t.Error("still relayed")
	}
}
