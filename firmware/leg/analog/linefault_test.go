package analog

import (
	"testing"
	"time"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
	"centralita/firmware/leg"
)

// The fates that overtake a line in each of its states.
var fates = map[string]struct {
	strike func(*outside)
	heal   func(*outside)
	lasts  time.Duration
	state  string // of health while it lasts
	cause  leg.Cause
}{
	"cut": {
		func(o *outside) { wish(o.t, o.line.Cut(true)) }, func(o *outside) { wish(o.t, o.line.Cut(false)) },
		20 * time.Second, "no-battery", "",
	},
	"chip reset":  {breaks(simboard.ResetItself), nil, 0, "fault", leg.OutOfOrder},
	"link lost":   {breaks(simboard.LinkLost), nil, 0, "fault", leg.OutOfOrder},
	"link broken": {breaks(simboard.LinkBroken), heals, 20 * time.Second, "fault", leg.OutOfOrder},
	"chip dead":   {breaks(simboard.Dead), heals, 20 * time.Second, "fault", leg.OutOfOrder},
}

func breaks(f simboard.Fault) func(*outside) {
	return func(o *outside) {
		if err := o.sim.Break("fxo1", f); err != nil {
			o.t.Fatal(err)
		}
	}
}

func heals(o *outside) { o.sim.Heal("fxo1") }

// TestLineFates: whatever befalls a line is seen within a second and a half, ends
// its call with the right cause, leaves it on-hook, and is over within five seconds
// of its end; then the line takes and makes calls.
func TestLineFates(t *testing.T) {
	for name, f := range fates {
		for _, state := range []string{"idle", "ringing", "talking"} {
			t.Run(name+" while "+state, func(t *testing.T) {
				onLine(t, "ES", Line{}, func(t *testing.T, o *outside) {
					o.t = t
					cause := f.cause
					switch state {
					case "ringing":
						wish(t, o.line.Call(town.Call{Number: "912345678"}))
						o.ears.wait(t, 10*time.Second, leg.Offered)
						if cause == "" {
							cause = leg.OutOfOrder
						}
					case "talking":
						o.dial("912345678")
						o.ears.wait(t, 40*time.Second, leg.Answered)
						time.Sleep(3 * time.Second)
						if cause == "" {
							cause = leg.LoopBreak
						}
					}
					begun := time.Now()
					f.strike(o)
					if state != "idle" {
						o.expectEnd(1500*time.Millisecond, cause)
						t.Logf("ended after %v", time.Since(begun))
					}
					if f.lasts == 0 {
						o.healthy(t, "fxo1", f.state, time.Second)
					} else {
						o.healthy(t, "fxo1", f.state, 1500*time.Millisecond-time.Since(begun))
						t.Logf("known after %v", time.Since(begun))
						_ = o.line.Hangup() // the caller gives up, if there is one
						time.Sleep(f.lasts)
						f.heal(o)
					}
					t.Logf("back after %v", o.healthy(t, "fxo1", "ready", 5*time.Second))
					_ = o.line.Hangup()
					time.Sleep(8 * time.Second)
					for len(o.ears.heard) > 0 {
						<-o.ears.heard
					}
					o.onHook()
					o.dial("912345678")
					o.ears.wait(t, 20*time.Second, leg.EarlySound)
				})
			})
		}
	}
}
