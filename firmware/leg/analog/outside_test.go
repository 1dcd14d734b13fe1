package analog

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/hal"
)

// outside is one outside line under test, with the box's settings for it.
type outside struct {
	*bench
	t    *testing.T
	line *town.Line
	ears ears
	legs chan leg.Leg // offered
}

// onLine runs f with fxo1 at rest in a country, set as given.
func onLine(t *testing.T, country string, set Line, f func(t *testing.T, o *outside)) {
	between(t, country, country, set, f)
}

// between is onLine for a box of one country on an exchange of another.
func between(t *testing.T, box, exchange string, set Line, f func(t *testing.T, o *outside)) {
	synctest.Test(t, func(t *testing.T) {
		o := &outside{t: t, ears: newEars(), legs: make(chan leg.Leg, 8)}
		o.bench = newBenchIn(t, box, func(l leg.Leg, r leg.Report) {
			if r.Kind == leg.Offered {
				o.legs <- l
			}
			o.ears.told(l, r)
		})
		defer o.close()
		var err error
		if o.line, err = o.town.Line("fxo1"); err != nil {
			t.Fatal(err)
		}
		cfg := o.line.Config()
		cfg.Country = exchange
		wish(t, o.line.Configure(cfg))
		o.bank.Configure(Settings{Country: box, Lines: map[id.Port]Line{"fxo1": set}})
		time.Sleep(3 * time.Second)
		f(t, o)
	})
}

// change edits the exchange's behaviour.
func (o *outside) change(edit func(*town.LineConfig)) {
	o.t.Helper()
	cfg := o.line.Config()
	edit(&cfg)
	wish(o.t, o.line.Configure(cfg))
}

func (o *outside) dial(number string) leg.Leg {
	o.t.Helper()
	l := makeLeg(o.t, o.bank, "fxo1")
	o.plug(l, leg.Report{})
	l.Ring(leg.Caller{To: number})
	return l
}

func (o *outside) expectEnd(d time.Duration, c leg.Cause) {
	o.t.Helper()
	if r := o.ears.wait(o.t, d, leg.Ended); r.Cause != c {
		o.t.Errorf("ended as %s (%s), want %s", r.Cause, r.Text, c)
	}
}

func (o *outside) onHook() {
	o.t.Helper()
	time.Sleep(200 * time.Millisecond)
	if s, _ := o.bank.Status("fxo1"); s.OffHook {
		o.t.Error("the line is off-hook")
	}
}

func (o *outside) quiet(d time.Duration) {
	o.t.Helper()
	limit := time.After(d)
	for {
		select {
		case r := <-o.ears.heard:
			if r.Kind != leg.Measured {
				o.t.Fatalf("report %+v", r)
			}
		case <-limit:
			return
		}
	}
}

// TestPulseDialling: the exchange counts every digit, by each country's pulses.
func TestPulseDialling(t *testing.T) {
	for _, country := range []string{"ES", "UK", "US"} {
		onLine(t, country, Line{Pulse: true}, func(t *testing.T, o *outside) {
			o.dial("1029384756")
			o.ears.wait(t, 60*time.Second, leg.EarlySound)
			time.Sleep(2 * time.Second)
			if s := o.line.State(); s.Dialled != "1029384756" || s.Hears.Digits != "" {
				t.Errorf("%s: the exchange counted %q and heard %q", country, s.Dialled, s.Hears.Digits)
			}
		})
	}
}

// TestLatePulsesAreDialledAgain: where the box was held up and its pulses may have
// been another number, it hangs up and dials anew; it gives up after three times.
func TestLatePulsesAreDialledAgain(t *testing.T) {
	late := func(o *outside) {
		until(t, 20*time.Second, "the first digit", func() bool { s := o.line.State(); return s.State == "dialling" && s.Dialled == "3" })
		o.bank.Event(hal.Event{Port: "fxo1", Kind: hal.Dialled, At: time.Now(), Duration: 35 * time.Millisecond})
		if r := o.ears.wait(t, time.Second, leg.Trouble); r.Text != "a dial pulse was 35ms late" {
			t.Errorf("told %q", r.Text)
		}
	}
	onLine(t, "ES", Line{Pulse: true}, func(t *testing.T, o *outside) {
		o.dial("312")
		late(o)
		until(t, 3*time.Second, "the exchange has forgotten", func() bool { return o.line.State().State == "idle" })
		o.ears.wait(t, 30*time.Second, leg.EarlySound)
		time.Sleep(time.Second)
		if s := o.line.State(); s.Dialled != "312" {
			t.Errorf("the exchange counted %q", s.Dialled)
		}
	})
	onLine(t, "ES", Line{Pulse: true}, func(t *testing.T, o *outside) {
		o.dial("312")
		for range 3 {
			late(o)
			until(t, 3*time.Second, "the exchange has forgotten", func() bool { return o.line.State().State == "idle" })
		}
		o.expectEnd(5*time.Second, leg.OutOfOrder)
		o.onHook()
		o.dial("312")
		o.ears.wait(t, 30*time.Second, leg.EarlySound)
	})
}

// TestPulsesKnowNoStar: what cannot be dialled by pulses is not dialled in part.
func TestPulsesKnowNoStar(t *testing.T) {
	onLine(t, "ES", Line{Pulse: true}, func(t *testing.T, o *outside) {
		o.dial("*21#")
		o.expectEnd(10*time.Second, leg.UnknownNumber)
		o.onHook()
	})
}

// TestSecondDialTone: the number follows the private exchange's own dial tone, by
// tones and by pulses.
func TestSecondDialTone(t *testing.T) {
	for _, pulse := range []bool{false, true} {
		onLine(t, "ES", Line{SecondTone: "0", Pulse: pulse}, func(t *testing.T, o *outside) {
			o.change(func(c *town.LineConfig) { c.Access = "0"; c.AccessToneMS = 1500 })
			o.dial("912345678")
			o.ears.wait(t, 60*time.Second, leg.EarlySound)
			time.Sleep(2 * time.Second)
			if s := o.line.State(); s.Dialled != "912345678" {
				t.Errorf("pulse %t: the exchange took %q", pulse, s.Dialled)
			}
		})
	}
}

// TestNoDialTone: an unknown line is dialled all the same, one that gave dial tone
// before is not, and settings decide for both.
func TestNoDialTone(t *testing.T) {
	for _, c := range []struct {
		blind Blind
		known bool
		cause leg.Cause
	}{
		{AsKnown, false, ""}, {AsKnown, true, leg.NoDialTone}, {Always, true, ""}, {Never, false, leg.NoDialTone},
	} {
		onLine(t, "ES", Line{NoDialTone: c.blind, ToneWait: 4 * time.Second}, func(t *testing.T, o *outside) {
			if c.known {
				l := o.dial("911")
				o.ears.wait(t, 20*time.Second, leg.EarlySound)
				l.Hangup(leg.Normal)
				o.expectEnd(time.Second, leg.Normal)
				time.Sleep(3 * time.Second)
			}
			o.change(func(c *town.LineConfig) { c.NoDialTone = true })
			o.dial("912345678")
			if c.cause == "" {
				o.ears.wait(t, 20*time.Second, leg.EarlySound)
				return
			}
			began := time.Now()
			o.expectEnd(20*time.Second, c.cause)
			if d := time.Since(began); d < 4*time.Second || d > 6*time.Second {
				t.Errorf("refused after %v", d)
			}
			o.onHook()
		})
	}
}

// TestParallelTelephoneIsNotCutInto: a call out is refused, or waits.
func TestParallelTelephoneIsNotCutInto(t *testing.T) {
	onLine(t, "ES", Line{}, func(t *testing.T, o *outside) {
		wish(t, o.line.Beside(town.Beside{Lifted: true, Voice: "babble:4"}))
		time.Sleep(20 * time.Millisecond) // not noticed yet
		o.dial("912345678")
		o.expectEnd(2*time.Second, leg.InUse)
		o.onHook()
		time.Sleep(2 * time.Second)
		o.dial("912345678")
		o.expectEnd(2*time.Second, leg.InUse)
		o.onHook()
		if s, _ := o.bank.Status("fxo1"); !s.InUse {
			t.Error("the state of the line does not say so")
		}
	})
	onLine(t, "ES", Line{WaitFree: 20 * time.Second}, func(t *testing.T, o *outside) {
		wish(t, o.line.Beside(town.Beside{Lifted: true, Voice: "babble:4"}))
		time.Sleep(time.Second)
		o.dial("912345678")
		o.quiet(10 * time.Second)
		o.onHook()
		wish(t, o.line.Beside(town.Beside{}))
		o.ears.wait(t, 20*time.Second, leg.Ringing)
		if s := o.line.State(); s.Dialled != "912345678" {
			t.Errorf("the exchange heard %q", s.Dialled)
		}
	})
	onLine(t, "ES", Line{WaitFree: 5 * time.Second}, func(t *testing.T, o *outside) {
		wish(t, o.line.Beside(town.Beside{Lifted: true}))
		time.Sleep(time.Second)
		o.dial("912345678")
		o.expectEnd(6*time.Second, leg.InUse)
		o.onHook()
	})
}

// TestAnsweredElsewhere: a call that a parallel telephone takes is over at once,
// in the burst and in the pause, offered or not.
func TestAnsweredElsewhere(t *testing.T) {
	for _, after := range []time.Duration{3500 * time.Millisecond, 5 * time.Second} {
		onLine(t, "ES", Line{}, func(t *testing.T, o *outside) {
			began := time.Now()
			wish(t, o.line.Call(town.Call{Number: "912345678", Party: town.Party{Voice: "babble:2"}}))
			o.ears.wait(t, 10*time.Second, leg.Offered)
			time.Sleep(after - time.Since(began))
			began = time.Now()
			wish(t, o.line.Beside(town.Beside{Lifted: true, Voice: "babble:4"}))
			o.expectEnd(1500*time.Millisecond, leg.Elsewhere)
			t.Logf("known after %v", time.Since(began))
			o.onHook()
			time.Sleep(5 * time.Second)
			wish(t, o.line.Beside(town.Beside{}))
			time.Sleep(3 * time.Second)
			wish(t, o.line.Call(town.Call{Number: "912345679"}))
			if r := o.ears.wait(t, 10*time.Second, leg.Offered); r.From != "912345679" {
				t.Errorf("the next call came from %q", r.From)
			}
		})
	}
	onLine(t, "ES", Line{}, func(t *testing.T, o *outside) { // nobody was told of the call yet
		wish(t, o.line.Call(town.Call{Number: "912345678"}))
		time.Sleep(900 * time.Millisecond)
		wish(t, o.line.Beside(town.Beside{Lifted: true}))
		o.quiet(10 * time.Second)
	})
}

// TestParallelTelephoneInCall is told, and ends nothing.
func TestParallelTelephoneInCall(t *testing.T) {
	onLine(t, "ES", Line{}, func(t *testing.T, o *outside) {
		o.dial("912345678")
		o.ears.wait(t, 30*time.Second, leg.Answered)
		time.Sleep(2 * time.Second)
		wish(t, o.line.Beside(town.Beside{Lifted: true}))
		if r := o.ears.wait(t, 2*time.Second, leg.Trouble); r.Text != usedText {
			t.Errorf("told %q", r.Text)
		}
		wish(t, o.line.Beside(town.Beside{}))
		o.quiet(5 * time.Second)
	})
}

// TestGlareBeforeSeizure: ringing begins just before; the line is left alone, the
// call out is told why, the call in is offered with its number.
func TestGlareBeforeSeizure(t *testing.T) {
	for _, style := range []town.Style{town.FSKAfterRing, town.FSKReversal, town.FSKAlert, town.DTMFReversal} {
		for _, ahead := range []time.Duration{100, 200, 400, 600, 900} {
			onLine(t, "ES", Line{}, func(t *testing.T, o *outside) {
				wish(t, o.line.Call(town.Call{Number: "912345678", CallerID: style, Party: town.Party{Voice: "babble:6"}}))
				time.Sleep(ahead * time.Millisecond)
				l, refused := o.bank.Make("fxo1")
				if refused != nil {
					return // rings already
				}
				o.plug(l, leg.Report{})
				l.Ring(leg.Caller{To: "600000000"})
				r := o.ears.wait(t, 5*time.Second, leg.Ended)
				if r.Cause != leg.Glare && r.Cause != leg.Busy {
					t.Fatalf("%s, %d ms: the call out ended as %s (%s)", style, ahead, r.Cause, r.Text)
				}
				r = o.ears.wait(t, 10*time.Second, leg.Offered)
				if r.From != "912345678" && (r.From != "" || o.line.State().State == "ringing") {
					t.Errorf("%s, %d ms: offered from %q", style, ahead, r.From)
				}
			})
		}
	}
}

// TestGlareAtSeizure: the exchange puts the caller through in the moment of the
// seizure. He is offered like any other, hears ringing, and talks when answered.
func TestGlareAtSeizure(t *testing.T) {
	onLine(t, "ES", Line{}, func(t *testing.T, o *outside) {
		l := makeLeg(t, o.bank, "fxo1")
		o.plug(l, leg.Report{})
		l.Ring(leg.Caller{To: "600000000"})
		time.Sleep(30 * time.Millisecond)
		wish(t, o.line.Call(town.Call{Number: "912345678", CallerID: town.FSKAlert, Party: town.Party{Voice: "babble:2"}}))
		o.expectEnd(5*time.Second, leg.Glare)
		o.ears.wait(t, time.Second, leg.Offered)
		caller := <-o.legs
		time.Sleep(3 * time.Second)
		if s := o.line.State(); s.State != "talking" || s.Hears.Sound != "ringback" || s.Dialled != "" {
			t.Errorf("the caller is %s, hears %s; dialled %q", s.State, s.Hears.Sound, s.Dialled)
		}
		caller.Answer()
		o.ears.wait(t, time.Second, leg.Answered)
		caller.Hangup(leg.Normal)
		o.expectEnd(time.Second, leg.Normal)
		o.onHook()
	})
}

// TestForeignDialToneIsNobody: no exchange's tone is taken for a caller's voice.
func TestForeignDialToneIsNobody(t *testing.T) {
	long(t)
	for _, box := range []string{"ES", "US", "UK", "IT"} {
		for _, exchange := range []string{"ES", "US", "UK", "IT"} {
			between(t, box, exchange, Line{ToneWait: 8 * time.Second}, func(t *testing.T, o *outside) {
				o.dial("912345678")
				if r := o.ears.wait(t, 20*time.Second, leg.EarlySound); r.Kind != leg.EarlySound {
					t.Error(fmt.Sprint(box, exchange))
				}
			})
		}
	}
}
