package analog

import (
	"strings"
	"testing"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/leg"
)

// TestCallWaitsOnTheLine: the exchange's alert in a call is answered in time and
// who calls is told, once, with the right number or none; people hear each other
// again; a recall takes the call.
func TestCallWaitsOnTheLine(t *testing.T) {
	for _, country := range []string{"ES", "US", "UK"} {
		for _, c := range []struct {
			call town.Call
			tell string
		}{
			{town.Call{Number: "600123123", Name: "LOLA", Party: town.Party{Voice: "tone:700"}}, "600123123 LOLA"},
			{town.Call{Withheld: "P"}, "?"},
			{town.Call{Number: "600123123", BadChecksum: true}, ""},
		} {
			onLine(t, country, Line{CallWaiting: true}, func(t *testing.T, o *outside) {
				o.change(func(cfg *town.LineConfig) {
					cfg.Recall = true
					cfg.Plan = []town.Rule{{Pattern: "*", AnswerAfterS: 2, Party: town.Party{Voice: "babble:3"}}}
				})
				call := o.dial("912345678")
				o.ears.wait(t, 60*time.Second, leg.Answered)
				time.Sleep(5 * time.Second)
				wish(t, o.line.Wait(c.call))
				if c.tell == "" {
					time.Sleep(4 * time.Second)
					if s := o.line.State(); !s.WaitingTold {
						t.Errorf("%s: the alert was not answered: %+v", country, s)
					}
					o.quiet(time.Second)
				} else if r := o.ears.wait(t, 3*time.Second, leg.Trouble); !strings.HasSuffix(r.Text, "waits: "+c.tell) {
					t.Errorf("%s: told %q", country, r.Text)
				}
				time.Sleep(time.Second)
				if o.bank.ports["fxo1"].muted.Load() {
					t.Error("still muted")
				}
				if c.call.Voice == "" {
					return
				}
				call.Flash()
				time.Sleep(2 * time.Second)
				if s := o.line.State(); !s.Held || s.Waiting != "" || s.Flashes != 1 || s.State != "talking" {
					t.Errorf("%s: after the recall: %+v", country, s)
				}
			})
		}
	}
}

// TestVoicesAreNoAlert: with the service on, a talk has no holes and no digits; with
// it off, an alert is not answered.
func TestVoicesAreNoAlert(t *testing.T) {
	long(t)
	for _, voice := range []string{"babble:3", "babble:11"} {
		onLine(t, "ES", Line{CallWaiting: true}, func(t *testing.T, o *outside) {
			o.change(func(cfg *town.LineConfig) {
				cfg.Plan = []town.Rule{{Pattern: "*", AnswerAfterS: 2, Party: town.Party{Voice: voice}}}
			})
			o.dial("912345678")
			o.ears.wait(t, 60*time.Second, leg.Answered)
			time.Sleep(time.Minute)
			if d := o.line.State().Hears.Digits; strings.Contains(d, "D") {
				t.Errorf("%s: sent %q", voice, d)
			}
		})
	}
	onLine(t, "ES", Line{}, func(t *testing.T, o *outside) {
		o.dial("912345678")
		o.ears.wait(t, 60*time.Second, leg.Answered)
		time.Sleep(2 * time.Second)
		wish(t, o.line.Wait(town.Call{Number: "600123123"}))
		time.Sleep(4 * time.Second)
		if s := o.line.State(); s.WaitingTold {
			t.Errorf("answered without the service: %+v", s)
		}
	})
}

// TestRecallToTheExchange: a flash of each country's length holds the far end and
// gives a dial tone, the second joins a third party, the third lets it go.
func TestRecallToTheExchange(t *testing.T) {
	long(t)
	for _, country := range []string{"ES", "IT", "UK", "US", "FR", "DE", "MX", "AR", "BR"} {
		onLine(t, country, Line{}, func(t *testing.T, o *outside) {
			o.change(func(cfg *town.LineConfig) { cfg.Recall = true })
			call := o.dial("912345678")
			o.ears.wait(t, 90*time.Second, leg.Answered)
			time.Sleep(2 * time.Second)
			is := func(state string, held, joined bool) {
				t.Helper()
				if s := o.line.State(); s.State != state || s.Held != held || s.Joined != joined {
					for len(o.ears.heard) > 0 {
						t.Logf("%+v", <-o.ears.heard)
					}
					t.Fatalf("%s: %s, held %t, joined %t; want %s, %t, %t", country, s.State, s.Held, s.Joined, state, held, joined)
				}
			}
			call.Flash()
			time.Sleep(6 * time.Second) // the dial tone is no sign that the far end has gone
			is("dial-tone", true, false)
			call.Send("911111111")
			time.Sleep(15 * time.Second)
			is("talking", true, false)
			call.Flash()
			time.Sleep(time.Second)
			is("talking", true, true)
			call.Flash()
			time.Sleep(time.Second)
			is("talking", false, false)
			call.Hangup(leg.Normal)
		})
	}
}

// TestKeysArePressedFasterThanSaid: keys that come one by one are said one behind the
// other, none of them lost: the exchange takes them for the number that they are.
func TestKeysArePressedFasterThanSaid(t *testing.T) {
	onLine(t, "ES", Line{}, func(t *testing.T, o *outside) {
		o.change(func(cfg *town.LineConfig) { cfg.Recall = true })
		call := o.dial("912345678")
		o.ears.wait(t, 90*time.Second, leg.Answered)
		time.Sleep(2 * time.Second)
		call.Flash()
		time.Sleep(6 * time.Second)
		for _, key := range "911111111" {
			call.Send(string(key))
			time.Sleep(time.Duration(key-'0') * 20 * time.Millisecond)
		}
		time.Sleep(15 * time.Second)
		if s := o.line.State(); s.State != "talking" || !s.Held {
			t.Errorf("%s, held %t; want a second talk", s.State, s.Held)
		}
		call.Hangup(leg.Normal)
	})
}

// TestRecallAsSet: a line's own length of a recall is used, right or wrong.
func TestRecallAsSet(t *testing.T) {
	for flash, taken := range map[time.Duration]bool{120 * time.Millisecond: true, 250 * time.Millisecond: false} {
		onLine(t, "ES", Line{Flash: flash}, func(t *testing.T, o *outside) {
			o.change(func(cfg *town.LineConfig) { cfg.Recall = true })
			call := o.dial("912345678")
			o.ears.wait(t, 90*time.Second, leg.Answered)
			time.Sleep(2 * time.Second)
			call.Flash()
			time.Sleep(time.Second)
			if s := o.line.State(); s.Held != taken || s.Flashes != 1 {
				t.Errorf("%v: held %t, %d recalls", flash, s.Held, s.Flashes)
			}
		})
	}
}
