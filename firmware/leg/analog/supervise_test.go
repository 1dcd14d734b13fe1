package analog

import (
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// TestSupervisionAtSocket: what hangs on a socket sees the answer of a call it made,
// and the far end's hang-up, where the office wants it so; then all is as before. An
// ordinary telephone sees nothing.
func TestSupervisionAtSocket(t *testing.T) {
	for name, set := range map[string]Handset{"": {}, "both": {Reversal: true, Pulse: 600 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				offered := make(chan leg.Leg, 1)
				b := newBench(t, func(l leg.Leg, r leg.Report) {
					if r.Kind == leg.Offered {
						offered <- l
					}
				})
				defer b.close()
				h, err := b.town.Handset("fxs1")
				if err != nil {
					t.Fatal(err)
				}
				b.bank.Configure(Settings{Country: "ES", Handsets: map[id.Port]Handset{"fxs1": set}})
				want := name == "both"
				wish(t, h.Lift())
				l := <-offered
				b.plug(l, leg.Report{})
				time.Sleep(time.Second)
				if h.State().Reversed {
					t.Error("reversed before the answer")
				}
				l.Answer()
				time.Sleep(500 * time.Millisecond)
				if h.State().Reversed != want {
					t.Errorf("answered: reversed %t", !want)
				}
				l.Hangup(leg.Normal)
				open := time.Duration(0)
				for range 150 {
					if time.Sleep(10 * time.Millisecond); h.State().Volts == 0 {
						open += 10 * time.Millisecond
					}
				}
				if want && (open < 550*time.Millisecond || open > 680*time.Millisecond) || !want && open > 0 {
					t.Errorf("the loop was open for %v", open)
				}
				if h.State().Reversed || !h.State().OffHook {
					t.Errorf("after the call: %+v", h.State())
				}
				wish(t, h.Hangup())
				time.Sleep(time.Second)
				if st, _ := b.bank.Status("fxs1"); st.OffHook || st.Reversed || !b.bank.Idle("fxs1") {
					t.Errorf("put back: %+v", st)
				}
			})
		})
	}
}
