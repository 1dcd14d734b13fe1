package analog

import (
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
)

// TestCallOutAtOnce calls out on a line in the moment in which the call before
// has ended, as an emergency call does that took the line: it must wait for the
// exchange to clear and reach its number. One that is hung up in that pause
// leaves the line usable.
func TestCallOutAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEars()
		b := newBench(t, e.told)
		defer b.close()
		line, err := b.town.Line("fxo1")
		if err != nil {
			t.Fatal(err)
		}
		call := func(number string) leg.Leg {
			l := makeLeg(t, b.bank, "fxo1")
			b.plug(l, leg.Report{})
			l.Ring(leg.Caller{To: number})
			return l
		}
		first := call("912345678")
		e.wait(t, 10*time.Second, leg.EarlySound)
		first.Hangup(leg.Preempted)
		e.wait(t, time.Second, leg.Ended)
		second := call("600000000")
		second.Hangup(leg.Normal)
		e.wait(t, time.Second, leg.Ended)
		call("112")
		e.wait(t, 10*time.Second, leg.EarlySound)
		if got := line.State().Dialled; got != "112" {
			t.Errorf("the exchange heard %q, want 112", got)
		}
	})
}
