package analog

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	items "centralita/firmware/line"
)

// exam is a bench whose facts are kept.
type exam struct {
	*bench
	facts chan event.Event
	told  ears
}

func newExam(t *testing.T) *exam {
	x := &exam{facts: make(chan event.Event, 256), told: newEars()}
	x.bench = newBench(t, x.told.told)
	x.bank.opt.Fact = func(e event.Event) { x.facts <- e }
	return x
}

// outcome waits for the end of a test.
func (x *exam) outcome(t *testing.T, most time.Duration) (*event.LineTestEnded, []event.Event) {
	t.Helper()
	var all []event.Event
	limit := time.After(most)
	for {
		select {
		case e := <-x.facts:
			all = append(all, e)
			if end, ok := e.(*event.LineTestEnded); ok {
				return end, all
			}
		case <-limit:
			t.Fatalf("no end within %v: %v", most, all)
		}
	}
}

// A fresh pair of lines is learnt within 90 s: both get the best match of those
// their chip has, and their profile what they do.
func TestGuidedTest(t *testing.T) {
	for _, pair := range [][2]id.Port{{"fxo1", "fxo4"}, {"fxo2", "fxo3"}} {
		t.Run(string(pair[0]), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := newExam(t)
				defer x.close()
				began := time.Now()
				x.bank.TestLine(pair[0], pair[1], "91200000"+string(pair[1][3:]), "91200000"+string(pair[0][3:]))
				end, facts := x.outcome(t, 2*time.Minute)
				if took := time.Since(began); end.Result != "done" || took > 90*time.Second {
					t.Fatalf("%s (%s) after %v: %v", end.Result, end.Text, took, kinds(facts))
				}
				t.Logf("%v", time.Since(began))
				seen := map[id.Port]map[string]bool{pair[0]: {}, pair[1]: {}}
				for _, e := range facts {
					switch e := e.(type) {
					case *event.LineTuned:
						checkBest(t, e)
					case *event.LineMeasured:
						for _, r := range e.Readings {
							seen[e.Port][r.Item] = true
						}
					}
				}
				for _, p := range pair {
					for _, item := range []string{
						items.IdleVoltage, items.LoopCurrent, items.DialToneDelay, items.ToneDial, items.ToneRingback, items.RingHz, items.RingOn,
						items.RingOff, items.CallerIDStyle, items.EchoLoss, items.Noise, items.Loss, items.ReleaseBusy, items.Impedance,
					} {
						if !seen[p][item] {
							t.Errorf("%s: nothing was learnt of %s", p, item)
						}
					}
				}
			})
		})
	}
}

func kinds(list []event.Event) (names []string) {
	for _, e := range list {
		if m, ok := e.(*event.LineTestMoved); ok {
			names = append(names, m.Step)
		}
	}
	return names
}

// checkBest knows which of the chip's terminations fits the town's loops: computed
// from the loop's cable and exchange as |Z - Zt| / |Z + Zt| over 300 to 3400 Hz.
func checkBest(t *testing.T, e *event.LineTuned) {
	t.Helper()
	want := map[id.Port]struct {
		code uint8
		dB   float64
	}{"fxo1": {15, 29.7}, "fxo2": {3, 19.3}, "fxo3": {9, 15.7}, "fxo4": {0, 28.1}}[e.Port]
	if e.Impedance != want.code || math.Abs(e.Loss-want.dB) > 1 {
		t.Errorf("%s: impedance %d with %.1f dB; the best is %d with %.1f", e.Port, e.Impedance, e.Loss, want.code, want.dB)
	}
}

// A call that wants the line ends the test and is dialled; what the test tried is
// taken back.
func TestCallEndsGuidedTest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newExam(t)
		defer x.close()
		x.bank.TestLine("fxo1", "fxo2", "912000002", "912000001")
		time.Sleep(8 * time.Second)
		l := makeLeg(t, x.bank, "fxo1")
		x.plug(l, leg.Report{Kind: leg.Ringing})
		l.Ring(leg.Caller{To: "911000001"})
		if end, _ := x.outcome(t, time.Second); end.Result != "line-needed" {
			t.Errorf("the test ended as %s", end.Result)
		}
		x.told.wait(t, 30*time.Second, leg.Answered)
		l.Hangup(leg.Normal)
	})
}

// A stranger who calls while the test dials is a call like any other.
func TestStrangerEndsGuidedTest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newExam(t)
		defer x.close()
		x.bank.TestLine("fxo1", "fxo2", "912000002", "912000001")
		line, err := x.town.Line("fxo2")
		if err != nil {
			t.Fatal(err)
		}
		wish(t, line.Call(town.Call{Number: "600123456", RingForS: 60}))
		if r := x.told.wait(t, 10*time.Second, leg.Offered); r.From != "600123456" || r.Port != "fxo2" {
			t.Errorf("offered as %+v", r)
		}
		if end, _ := x.outcome(t, time.Second); end.Result != "line-needed" {
			t.Errorf("the test ended as %s", end.Result)
		}
	})
}

// Nobody answers, the person stops it, or the line is in use: each is said.
func TestGuidedTestGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newExam(t)
		defer x.close()
		x.bank.TestLine("fxo1", "fxo2", "999", "912000001")
		time.Sleep(3 * time.Second)
		x.bank.TestLine("fxo3", "", "911000001", "")
		if end, _ := x.outcome(t, time.Second); end.Port != "fxo3" || end.Result != "failed" {
			t.Errorf("a second test: %+v", end)
		}
		if end, _ := x.outcome(t, time.Minute); end.Port != "fxo1" || end.Result != "no-answer" {
			t.Errorf("a number that is not the line's: %+v", end)
		}
		time.Sleep(3 * time.Second)
		x.bank.TestLine("fxo1", "fxo2", "912000002", "912000001")
		time.Sleep(20 * time.Second)
		x.bank.StopTest("fxo2")
		if end, _ := x.outcome(t, time.Second); end.Result != "cancelled" {
			t.Errorf("stopped: %+v", end)
		}
		time.Sleep(time.Second) // of the bubble: for the chips to obey
		for _, port := range []id.Port{"fxo1", "fxo2"} {
			if st, _ := x.bank.Status(port); st.OffHook {
				t.Errorf("%s is left off-hook", port)
			}
		}
	})
}
