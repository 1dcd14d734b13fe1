package analog

import (
	"testing"
	"time"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
	"centralita/firmware/leg"
)

// TestPairFaultsAreTold: what is wrong with a handset's pair is told in a word
// within a second, a call to it is refused as out of order, one that was on it
// ends, other handsets go on, and it rings again soon after the pair is well.
func TestPairFaultsAreTold(t *testing.T) {
	for fault, word := range map[simboard.Fault]string{
		simboard.ForeignVoltage: "foreign-voltage", simboard.Short: "short", simboard.GroundFault: "power", simboard.NoHighVoltage: "no-high-voltage",
	} {
		t.Run(string(fault), func(t *testing.T) {
			atHandset(t, Settings{}, func(t *testing.T, b *bench, e ears, set *town.Handset) {
				b.calls(t, leg.Caller{Number: "21"})
				e.wait(t, 8*time.Second, leg.Ringing)
				wish(t, set.Lift())
				e.wait(t, time.Second, leg.Answered)
				time.Sleep(time.Second)
				if err := b.sim.Break("fxs1", fault); err != nil {
					t.Fatal(err)
				}
				begun := time.Now()
				if r := e.wait(t, 2*time.Second, leg.Ended); r.Cause != leg.OutOfOrder || time.Since(begun) > 1500*time.Millisecond {
					t.Errorf("the call ended after %s: %s", time.Since(begun), r.Cause)
				}
				if got := b.state("fxs1"); got != word {
					t.Errorf("told %q, want %q", got, word)
				}
				if _, refused := b.bank.Make("fxs1"); refused == nil || refused.Cause != leg.OutOfOrder {
					t.Errorf("a call to it: %+v", refused)
				}
				if _, refused := b.bank.Make("fxs2"); refused != nil {
					t.Errorf("another handset: %+v", refused)
				}
				wish(t, set.Hangup())
				b.sim.Heal("fxs1")
				until(t, 5*time.Second, "back", func() bool { return b.state("fxs1") == "ready" })
				time.Sleep(time.Second)
				b.calls(t, leg.Caller{Number: "21"})
				e.wait(t, 8*time.Second, leg.Ringing)
			})
		})
	}
}
