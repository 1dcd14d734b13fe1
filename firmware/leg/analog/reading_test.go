package analog

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/leg"
	items "centralita/firmware/line"
)

// waitMeasured gathers readings until the leg ends.
func (e ears) waitMeasured(t *testing.T, d time.Duration) map[string][]float64 {
	t.Helper()
	got := map[string][]float64{}
	limit := time.After(d)
	for {
		select {
		case r := <-e.heard:
			for _, x := range r.Readings {
				got[x.Item] = append(got[x.Item], x.Value)
			}
			if r.Kind == leg.Ended {
				return got
			}
		case <-limit:
			t.Fatalf("the leg does not end within %v", d)
		}
	}
}

// An outgoing call to somebody who hangs up teaches the exchange's tones and what
// comes back of our own sound, within a few hertz and decibels of what the town
// does.
func TestCallTeaches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEars()
		b := newBench(t, e.told)
		defer b.close()
		line, err := b.town.Line("fxo4")
		if err != nil {
			t.Fatal(err)
		}
		cfg := line.Config()
		cfg.Plan = []town.Rule{{Pattern: "*", AnswerAfterS: 8, Party: town.Party{Voice: "silent", HangupAfterS: 6}}}
		wish(t, line.Configure(cfg))
		all := map[string][]float64{}
		for range 2 { // what the last moments show is told with the next call
			l := makeLeg(t, b.bank, "fxo4")
			b.plug(l, leg.Report{Kind: leg.Ringing}) // its ears, as the switchboard does
			l.Ring(leg.Caller{To: "911000001"})
			for k, v := range e.waitMeasured(t, 60*time.Second) {
				all[k] = append(all[k], v...)
			}
		}
		for item, want := range map[string]float64{
			items.ToneDial: 425, items.ToneRingback: 425, items.ToneRingbackOn: 1500, items.ToneRingbackOff: 3000,
			items.ToneBusy: 425, items.ToneBusyOn: 200, items.ToneBusyOff: 200,
		} {
			if len(all[item]) == 0 || math.Abs(all[item][0]-want) > max(5, want/20) {
				t.Errorf("%s reads %v, want %v", item, all[item], want)
			}
		}
		if len(all[items.Noise]) == 0 {
			t.Errorf("a quiet line has no noise reading: %v", all)
		}
	})
}
