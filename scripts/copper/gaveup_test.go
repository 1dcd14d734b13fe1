package copper

import (
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/leg"
	"centralita/firmware/leg/analog"
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// TestCallerGivesUpWhileItRings: who was answered by the box and hears its ringback
// hangs up, and the exchange says so by the busy tone alone, on the frequency of the
// ringback. The line is free within ten seconds, in each country.
func TestCallerGivesUpWhileItRings(t *testing.T) {
	for _, country := range []string{"ES", "IT", "UK", "US", "FR", "DE", "MX", "AR", "BR"} {
		t.Run(country, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBox(t, country, false)
				defer b.close()
				b.set(analog.Settings{Country: country})
				cfg := b.line("fxo1").Config()
				cfg.Supervision = town.Supervision{BusyTone: true}
				b.must(b.line("fxo1").Configure(cfg))
				line := b.incoming("fxo1", town.Party{Voice: "silent"})
				plan, _ := tone.Plan(country)
				_ = b.engine.Connect(b.plug(plan.Of(tone.Ringback)), b.plug(line), media.Unity)
				time.Sleep(7 * time.Second)
				b.must(b.line("fxo1").Hangup())
				gone := time.Now()
				b.until("the line is free", 40*time.Second, func() bool {
					b.mu.Lock()
					defer b.mu.Unlock()
					for _, r := range b.told {
						if r.report.Kind == leg.Ended && r.leg == line {
							return true
						}
					}
					return false
				})
				if took := time.Since(gone); took > 10*time.Second {
					t.Errorf("free after %s", took)
				} else {
					t.Logf("free after %s", took)
				}
			})
		})
	}
}
