package analog

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	items "centralita/firmware/line"
	"centralita/firmware/media"
)

// atHandset runs f with a bank and the telephone at fxs1.
func atHandset(t *testing.T, s Settings, f func(t *testing.T, b *bench, e ears, set *town.Handset)) {
	synctest.Test(t, func(t *testing.T) {
		e := newEars()
		b := newBench(t, e.told)
		defer b.close()
		set, err := b.town.Handset("fxs1")
		if err != nil {
			t.Fatal(err)
		}
		if s.Country == "" {
			s.Country = "ES"
		}
		b.bank.Configure(s)
		f(t, b, e, set)
	})
}

// calls rings the telephone at fxs1.
func (b *bench) calls(t *testing.T, c leg.Caller) leg.Leg {
	t.Helper()
	l := makeLeg(t, b.bank, "fxs1")
	b.plug(l, leg.Report{})
	l.Ring(c)
	return l
}

func styled(s Style) Settings {
	return Settings{Handsets: map[id.Port]Handset{"fxs1": {CallerID: s}}}
}

// until looks at the telephone every 10 ms until something is so.
func until(t *testing.T, most time.Duration, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(most); !is(); {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, most)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// TestCallerIDStyles: a telephone shows who calls in every style, and why it does
// not know, with names in plain letters; before the first ring of the cadence
// where the style has it so, else before the second; and it is rung on.
func TestCallerIDStyles(t *testing.T) {
	long(t)
	zone := time.FixedZone("office", 2*3600)
	for _, style := range Styles {
		sender, way := style.split()
		for name, c := range map[string]struct {
			caller leg.Caller
			want   town.Shown
		}{
			"number and name": {leg.Caller{Number: "912345678", Name: "Recepción Ñu"}, town.Shown{Number: "912345678", Name: "Recepcion Nu"}},
			"withheld":        {leg.Caller{Absent: leg.Private}, town.Shown{Reason: "P"}},
			"unavailable":     {leg.Caller{}, town.Shown{Reason: "O"}},
		} {
			t.Run(string(style)+" "+name, func(t *testing.T) {
				s := styled(style)
				s.Zone = zone
				atHandset(t, s, func(t *testing.T, b *bench, e ears, set *town.Handset) {
					date := time.Now().In(zone).Format("0102")
					l := b.calls(t, c.caller)
					e.wait(t, 8*time.Second, leg.Ringing)
					rings := 1
					if way == "after-ring" || style == NoCallerID || way == "short-ring" {
						rings = 2
					}
					until(t, 12*time.Second, "rings", func() bool { return set.State().Rings >= rings })
					got, want := set.State().Shown, c.want
					if style == NoCallerID {
						want = town.Shown{}
					}
					if sender == "dtmf" {
						want.Name = ""
					} else if style != NoCallerID {
						if len(got.Date) != 8 || got.Date[:4] != date {
							t.Errorf("shows the date %q, want %s", got.Date, date)
						}
						got.Date = ""
					}
					if got != want {
						t.Errorf("shows %+v, want %+v", got, want)
					}
					until(t, 10*time.Second, "goes on ringing", func() bool { return set.State().Rings > rings })
					wish(t, set.Lift())
					if r := e.wait(t, time.Second, leg.Answered); r.By != leg.ByHook {
						t.Errorf("answered by %s", r.By)
					}
					if st := set.State(); st.Reversed {
						t.Error("the line stays reversed")
					}
					l.Hangup(leg.Normal)
				})
			})
		}
	}
}

// TestAnsweredDuringCallerID: a telephone lifted in the middle of being told has
// its call at once, without modem noise in the ear.
func TestAnsweredDuringCallerID(t *testing.T) {
	for _, style := range []Style{"v23-after-ring", "v23-reversal", "dtmf-before-ring"} {
		atHandset(t, styled(style), func(t *testing.T, b *bench, e ears, set *town.Handset) {
			b.calls(t, leg.Caller{Number: "912345678", Name: "A name that takes a while"})
			until(t, 5*time.Second, "message", func() bool {
				return b.bank.ports["fxs1"].say.Load() != nil
			})
			time.Sleep(300 * time.Millisecond)
			wish(t, set.Lift())
			e.wait(t, time.Second, leg.Answered)
			time.Sleep(2 * time.Second)
			if h := set.State().Hears; h.Sound != "silence" {
				t.Errorf("%s: hears %s at %.0f dBm0", style, h.Sound, h.Level)
			}
		})
	}
}

// TestRingPatterns: one hears by the bell what kind of call it is.
func TestRingPatterns(t *testing.T) {
	for _, c := range []struct {
		country string
		pattern leg.Pattern
		office  map[leg.Pattern]string
		want    []int // after the first cycle, whose pause is the message's
	}{
		{"ES", leg.RingExternal, nil, []int{1500, 3000}},
		{"ES", "", nil, []int{1500, 3000}},
		{"ES", leg.RingInternal, nil, []int{400, 200, 400, 3000}},
		{"ES", leg.RingAlarm, nil, []int{300, 200, 300, 200, 300, 3000}},
		{"ES", leg.RingQueue, map[leg.Pattern]string{leg.RingQueue: "short-long"}, []int{300, 200, 1000, 3000}},
		{"ES", leg.RingInternal, map[leg.Pattern]string{leg.RingInternal: "country"}, []int{1500, 3000}},
		{"GB", leg.RingExternal, nil, []int{400, 200, 400, 2000}},
		{"GB", leg.RingInternal, nil, []int{1000, 3000}},
		{"US", leg.RingExternal, nil, []int{2000, 4000}},
	} {
		t.Run(c.country+" "+string(c.pattern), func(t *testing.T) {
			s := styled("v23-alert")
			s.Country, s.Ringing = c.country, c.office
			atHandset(t, s, func(t *testing.T, b *bench, e ears, set *town.Handset) {
				b.calls(t, leg.Caller{Number: "21", Pattern: c.pattern})
				var got []int
				until(t, 30*time.Second, "a cycle", func() bool {
					got = set.State().Cadence
					return len(got) >= len(c.want)
				})
				for i, want := range c.want {
					if d := got[i] - want; d < -20 || d > 20 {
						t.Fatalf("rings %v, want %v", got, c.want)
					}
				}
			})
		})
	}
}

// TestPulseDial: a dial's digits come as digits, at every speed, a recall between
// them as a recall; a handset set so takes none.
func TestPulseDial(t *testing.T) {
	for _, c := range []struct {
		hz   float64
		open int
		off  bool
	}{{10, 60, false}, {8, 80, false}, {8, 60, false}, {12, 50, false}, {10, 60, true}} {
		s := Settings{Handsets: map[id.Port]Handset{"fxs1": {NoPulse: c.off}}}
		atHandset(t, s, func(t *testing.T, b *bench, e ears, set *town.Handset) {
			kind := set.Kind()
			kind.PulseHz, kind.BreakMS = c.hz, c.open
			wish(t, set.Replace(kind))
			wish(t, set.Lift())
			e.wait(t, time.Second, leg.Offered)
			time.Sleep(300 * time.Millisecond) // nobody dials sooner
			wish(t, set.Dial(town.Dial{Digits: "5190274683", Pulse: true}))
			until(t, time.Minute, "dialled", func() bool { return !set.State().Dialling })
			wish(t, set.Flash(150))
			time.Sleep(time.Second)
			got := ""
			for len(e.heard) > 0 {
				if r := <-e.heard; r.Kind == leg.Digit {
					got += string(rune(r.Digit))
				}
			}
			want := "5190274683!"
			if c.off {
				want = "!"
			}
			if got != want {
				t.Errorf("%g pulses a second, %d ms, off %t: digits %q, want %q", c.hz, c.open, c.off, got, want)
			}
		})
	}
}

// TestCallWaiting: in a talk the tone is heard, a telephone with a display shows
// who waits, the answer to the alert is no digit, and the talk goes on; one
// without a display hears the tone only, and again.
func TestCallWaiting(t *testing.T) {
	for _, c := range []struct {
		country string
		display bool
	}{{"ES", true}, {"US", true}, {"GB", true}, {"ES", false}} {
		t.Run(c.country, func(t *testing.T) {
			atHandset(t, Settings{Country: c.country}, func(t *testing.T, b *bench, e ears, set *town.Handset) {
				kind := set.Kind()
				kind.NoDisplay = !c.display
				wish(t, set.Replace(kind))
				l := b.calls(t, leg.Caller{Number: "900"})
				e.wait(t, 8*time.Second, leg.Ringing)
				wish(t, set.Lift())
				e.wait(t, time.Second, leg.Answered)
				wish(t, set.Speak(town.Speech{Voice: "babble:2", Loop: true}))
				time.Sleep(time.Second)
				w := l.(leg.Waiter)
				w.Waiting(leg.Caller{Number: "912345678", Name: "Casa Lola"})
				if c.display {
					until(t, 6*time.Second, "shown", func() bool { return set.State().Shown.InTalk })
					if s := set.State(); s.Shown.Number != "912345678" || s.Shown.Name != "Casa Lola" || s.Shown.Error != "" || s.Alerts != 1 {
						t.Errorf("shows %+v after %d alerts", s.Shown, s.Alerts)
					}
				}
				time.Sleep(3 * time.Second)
				if !said(b, l) {
					t.Error("the telephone is not heard after the alert")
				}
				again := false
				until(t, 20*time.Second, "the tone again", func() bool {
					again = again || b.bank.ports["fxs1"].say.Load() != nil
					return again
				})
				w.WaitingOver()
				time.Sleep(20 * time.Second)
				if b.bank.ports["fxs1"].say.Load() != nil {
					t.Error("the tone goes on when nobody waits")
				}
				for len(e.heard) > 0 {
					if r := <-e.heard; r.Kind == leg.Digit {
						t.Errorf("the answer to the alert came as digit %c", r.Digit)
					}
				}
			})
		})
	}
}

// said tells whether sound comes from a leg within a second.
func said(b *bench, l leg.Leg) (heard bool) {
	var f media.Frame
	for range 100 {
		b.InTick(func() {
			f.Silence(media.Narrow)
			heard = heard || l.Read(0, &f) && levelIn(f.PCM()) > -40
		})
	}
	return heard
}

func levelIn(pcm []int16) float64 {
	var sum float64
	for _, x := range pcm {
		sum += float64(x) * float64(x)
	}
	return 10 * math.Log10((sum/float64(len(pcm))+1e-9)/(16141*16141))
}

// TestMessages: the sign for messages goes on and off, by FSK and by polarity,
// also when the telephone is busy meanwhile; the handset can be used after it.
func TestMessages(t *testing.T) {
	for _, style := range []Style{"v23-after-ring", "bell202-after-ring", "v23-reversal"} {
		s := Settings{Handsets: map[id.Port]Handset{"fxs1": {CallerID: style, Messages: []string{ByTone, ByFSK, ByPolarity}}}}
		atHandset(t, s, func(t *testing.T, b *bench, e ears, set *town.Handset) {
			shows := func(on bool) {
				t.Helper()
				until(t, 8*time.Second, "sign", func() bool { s := set.State(); return s.Lamp == on && s.Reversed == on })
			}
			b.bank.MessageWaiting("fxs1", 3)
			shows(true)
			b.bank.MessageWaiting("fxs1", 0) // while the telling is not quite over
			shows(false)
			b.bank.MessageWaiting("fxs1", 2)
			shows(true)
			wish(t, set.Lift())
			e.wait(t, time.Second, leg.Offered)
			b.bank.MessageWaiting("fxs1", 0)
			time.Sleep(5 * time.Second)
			if !set.State().Lamp {
				t.Errorf("%s: told while lifted", style)
			}
			wish(t, set.Hangup())
			shows(false)
			b.calls(t, leg.Caller{Number: "21"})
			e.wait(t, 8*time.Second, leg.Ended) // of the first call
			b.bank.MessageWaiting("fxs1", 1)
			e.wait(t, 8*time.Second, leg.Ringing)
			wish(t, set.Lift())
			e.wait(t, time.Second, leg.Answered)
			wish(t, set.Hangup())
			shows(true)
		})
	}
}

// TestLeftOffHook: busy tone for a minute, the howler for another, then silence
// with little current; calls find it busy; put back, all is as before.
func TestLeftOffHook(t *testing.T) {
	long(t)
	atHandset(t, Settings{}, func(t *testing.T, b *bench, e ears, set *town.Handset) {
		wish(t, set.Lift())
		r := e.wait(t, time.Second, leg.Offered)
		_ = r
		b.bank.ports["fxs1"].leg.Hangup(leg.Normal)
		e.wait(t, time.Second, leg.Ended)
		time.Sleep(5 * time.Second)
		if h := set.State().Hears; h.Sound != "busy" {
			t.Errorf("hears %+v", h)
		}
		full := set.State().MilliAmp
		time.Sleep(60 * time.Second)
		if level := howls(b, set); level < -6 {
			t.Errorf("the howler is at %.1f dBm0", level)
		}
		if b.state("fxs1") != "off-hook" {
			t.Errorf("told %q while it howls", b.state("fxs1"))
		}
		if _, refused := b.bank.Make("fxs1"); refused == nil || refused.Cause != leg.Busy {
			t.Errorf("a call to it: %+v", refused)
		}
		time.Sleep(60 * time.Second)
		if s := set.State(); s.Hears.Level > -60 || s.MilliAmp > 0.7*full || s.MilliAmp < 3 {
			t.Errorf("given up: hears %+v with %.1f mA, at first %.1f", s.Hears, s.MilliAmp, full)
		}
		time.Sleep(10 * time.Minute)
		wish(t, set.Hangup())
		time.Sleep(time.Second)
		if b.state("fxs1") != "ready" {
			t.Errorf("told %q when put back", b.state("fxs1"))
		}
		b.calls(t, leg.Caller{Number: "21"})
		e.wait(t, 8*time.Second, leg.Ringing)
	})
}

// howls is how loud the howler is in a burst: 0 dBm0, if it has its four tones.
func howls(b *bench, set *town.Handset) (loudest float64) {
	_, at := set.Heard(math.MaxUint64, 0, nil)
	time.Sleep(time.Second)
	pcm, _ := set.Heard(at, 90, nil)
	var frame []int16
	loudest = -96
	for ; len(pcm) >= 80; pcm = pcm[80:] {
		if l := levelIn(pcm[:80]); l > loudest {
			loudest, frame = l, pcm[:80]
		}
	}
	for _, hz := range []float64{1400, 2060, 2450, 2600} {
		var re, im float64
		for i, x := range frame {
			w := 2 * math.Pi * hz / 8000 * float64(i)
			re, im = re+float64(x)*math.Cos(w), im+float64(x)*math.Sin(w)
		}
		if 10*math.Log10(2*(re*re+im*im)/(6400*16141*16141)) < loudest-12 {
			return -96 // one is missing
		}
	}
	return loudest
}

// TestRingLoad: bells and loop of a telephone are readings of its call, and too
// many bells are told.
func TestRingLoad(t *testing.T) {
	for _, ren := range []float64{1, 3, 5, 8} {
		atHandset(t, Settings{}, func(t *testing.T, b *bench, e ears, set *town.Handset) {
			kind := set.Kind()
			kind.REN = ren
			wish(t, set.Replace(kind))
			b.calls(t, leg.Caller{Number: "21"})
			time.Sleep(6 * time.Second)
			wish(t, set.Lift())
			time.Sleep(2 * time.Second)
			wish(t, set.Hangup())
			var got, ohms float64
			for r := range e.heard {
				for _, m := range r.Readings {
					switch m.Item {
					case items.RingLoad:
						got = m.Value
					case items.LoopOhms:
						ohms = m.Value
					}
				}
				if r.Kind == leg.Ended {
					break
				}
			}
			if math.Abs(ohms-kind.Ohms) > 60 { // the converter counts in 1.5 V
				t.Errorf("a set of %g ohm read as %g", kind.Ohms, ohms)
			}
			if ren <= 5 && math.Abs(got-ren) > 0.5 {
				t.Errorf("%g REN read as %g", ren, got)
			}
			if heavy := b.state("fxs1") == "overload"; heavy != (ren > 5) {
				t.Errorf("%g REN: told %q", ren, b.state("fxs1"))
			}
		})
	}
}
