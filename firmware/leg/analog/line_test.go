package analog

import (
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// ears collects reports of one test, in order.
type ears struct{ heard chan leg.Report }

func newEars() ears { return ears{make(chan leg.Report, 64)} }

func (e ears) told(_ leg.Leg, r leg.Report) { e.heard <- r }

// wait gives the next report of a kind, passing over others, within d of virtual
// time.
func (e ears) wait(t *testing.T, d time.Duration, kind leg.ReportKind) leg.Report {
	t.Helper()
	limit := time.After(d)
	for {
		select {
		case r := <-e.heard:
			if r.Kind == kind {
				return r
			}
			if r.Kind == leg.Ended {
				t.Fatalf("ended %s (%s) in place of report %d", r.Cause, r.Text, kind)
			}
		case <-limit:
			t.Fatalf("no report %d within %v", kind, d)
		}
	}
}

// TestOutgoing dials numbers that the exchange treats in every way, on a line
// with polarity supervision and on one without.
func TestOutgoing(t *testing.T) {
	plan := []town.Rule{
		{Pattern: "91100000X", Behaviour: "busy"},
		{Pattern: "92200000X", Behaviour: "congestion"},
		{Pattern: "93300000X", Behaviour: "unknown"},
		{Pattern: "94400000X", Behaviour: "never"},
		{Pattern: "955*", AnswerAfterS: 3, Party: town.Party{Voice: "babble:3"}}, // in ringback's pause
		{Pattern: "966*", AnswerAfterS: 5, Party: town.Party{Voice: "silent"}},
		{Pattern: "*", AnswerAfterS: 5, Party: town.Party{Voice: "babble:3"}}, // while it sounds
	}
	for _, c := range []struct {
		name, number string
		polarity     bool
		by           leg.By    // answered
		cause        leg.Cause // or ended
	}{
		{"busy", "911000001", false, "", leg.Busy},
		{"congestion", "922000001", false, "", leg.Congestion},
		{"unknown number", "933000001", false, "", leg.UnknownNumber},
		{"answer known by voice", "955000001", false, leg.ByVoice, ""},
		{"answer known by the end of ringback", "966000001", false, leg.ByRingback, ""},
		{"answer into ringback", "977000001", false, leg.ByVoice, ""},
		{"answer known by polarity", "955000002", true, leg.ByPolarity, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEars()
				b := newBench(t, e.told)
				defer b.close()
				line, err := b.town.Line("fxo1")
				if err != nil {
					t.Fatal(err)
				}
				cfg := line.Config()
				cfg.Plan = plan
				cfg.Supervision.Polarity = c.polarity
				wish(t, line.Configure(cfg))
				b.bank.Configure(Settings{Country: "ES", Lines: map[id.Port]Line{"fxo1": {Polarity: c.polarity}}})
				l := makeLeg(t, b.bank, "fxo1")
				b.plug(l, leg.Report{})
				l.Ring(leg.Caller{To: c.number})
				e.wait(t, 10*time.Second, leg.EarlySound)
				if c.cause != "" {
					if r := e.wait(t, 15*time.Second, leg.Ended); r.Cause != c.cause {
						t.Errorf("ended %s (%s), want %s", r.Cause, r.Text, c.cause)
					}
				} else {
					e.wait(t, 8*time.Second, leg.Ringing)
					began := time.Now()
					r := e.wait(t, 15*time.Second, leg.Answered)
					t.Logf("answered by %s, %v after ringback was known", r.By, time.Since(began))
					if r.By != c.by {
						t.Errorf("answered by %s, want %s", r.By, c.by)
					}
					l.Hangup(leg.Normal)
					e.wait(t, time.Second, leg.Ended)
				}
				if got := line.State().Dialled; got != c.number {
					t.Errorf("the exchange heard %q, want %q", got, c.number)
				}
			})
		})
	}
}

// TestNobodyAnswers: ringback alone is never taken for an answer.
func TestNobodyAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEars()
		b := newBench(t, e.told)
		defer b.close()
		line, err := b.town.Line("fxo1")
		if err != nil {
			t.Fatal(err)
		}
		cfg := line.Config()
		cfg.Plan = []town.Rule{{Pattern: "*", Behaviour: "never"}}
		wish(t, line.Configure(cfg))
		l := makeLeg(t, b.bank, "fxo1")
		b.plug(l, leg.Report{})
		l.Ring(leg.Caller{To: "944000001"})
		e.wait(t, 20*time.Second, leg.Ringing)
		select {
		case r := <-e.heard:
			t.Fatalf("report %+v while it only rings", r)
		case <-time.After(30 * time.Second):
		}
	})
}

// TestFarHangup: each sign of the exchange ends an answered incoming call by its
// own cause and puts the line on-hook: a loop break within its own time and a
// second, what can also be heard or seen in talk within five seconds.
func TestFarHangup(t *testing.T) {
	for _, c := range []struct {
		name  string
		sign  town.Supervision
		own   time.Duration
		cause leg.Cause
	}{
		{"loop break", town.Supervision{LoopBreakMS: 600}, 600 * time.Millisecond, leg.LoopBreak},
		{"short loop break", town.Supervision{LoopBreakMS: 250}, 250 * time.Millisecond, leg.LoopBreak},
		{"polarity", town.Supervision{Polarity: true}, 4 * time.Second, leg.PolarityBack},
		{"busy tone", town.Supervision{BusyTone: true}, 4 * time.Second, leg.BusyTone},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEars()
				var got leg.Leg
				b := newBench(t, func(l leg.Leg, r leg.Report) { got = l; e.told(l, r) })
				defer b.close()
				line, err := b.town.Line("fxo1")
				if err != nil {
					t.Fatal(err)
				}
				wish(t, line.Call(town.Call{Number: "912345678", Name: "CASA LOLA", Supervision: &c.sign,
					Party: town.Party{Voice: "babble:5"}}))
				r := e.wait(t, 10*time.Second, leg.Offered)
				if r.From != "912345678" || r.Name != "CASA LOLA" {
					t.Errorf("offered from %q %q", r.From, r.Name)
				}
				got.Answer()
				e.wait(t, 2*time.Second, leg.Answered)
				select {
				case r := <-e.heard:
					t.Fatalf("report %+v while they talk", r)
				case <-time.After(20 * time.Second):
				}
				began := time.Now()
				wish(t, line.Hangup())
				r = e.wait(t, c.own+time.Second, leg.Ended)
				t.Logf("known after %v", time.Since(began))
				if r.Cause != c.cause {
					t.Errorf("ended as %s (%s), want %s", r.Cause, r.Text, c.cause)
				}
				time.Sleep(200 * time.Millisecond)
				if st, _ := b.bank.Status("fxo1"); st.OffHook {
					t.Error("the line is still off-hook")
				}
			})
		})
	}
}
