package switchboard_test

import (
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/leg"
)

// How a leg sounded is written down just before its end, and while it lasts the last
// seconds can be looked at.
func TestSoundIsMeasured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		caller := r.legs.Offer("fxs2", leg.Report{})
		caller.FarPresses("600")
		caller.FarSounds(event.Quality{Codec: "PCMA", MS: 1000, Received: 100, Sent: 100, MOS: 4.4, DelayMS: 40})
		time.Sleep(5500 * time.Millisecond)
		caller.FarSounds(event.Quality{Codec: "PCMA", MS: 6000, Received: 300, Lost: 50, Sent: 350, MOS: 3.2, DelayMS: 40})
		time.Sleep(5 * time.Second)
		offered, _ := find[*event.LegOffered](r.book)
		var q event.Quality
		var relayed, known bool
		look := func(core.Time) { q, relayed, known = r.sb.Sounding(offered.Leg) }
		if err := r.sb.Do(t.Context(), look); err != nil {
			t.Fatal(err)
		}
		if !known || relayed || q.Received != 200 || q.Lost != 50 || q.MS != 5000 || q.MOS > 2.65 || q.MOS < 2.5 {
			t.Errorf("of the last seconds %+v, %v %v", q, relayed, known)
		}
		caller.FarEnds(leg.Normal)
		time.Sleep(time.Second)
		m, n := find[*event.LegMeasured](r.book)
		if n != 1 || m.Port != "fxs2" || m.Sound.Received != 300 || m.Sound.MOS != 3.2 {
			t.Errorf("written down %d times: %+v", n, m)
		}
		before, ended := -1, -1
		for i, e := range r.book.said {
			switch e := e.(type) {
			case *event.LegMeasured:
				before = i
			case *event.LegEnded:
				if e.Leg == m.Leg {
					ended = i
				}
			}
		}
		if before < 0 || ended != before+1 {
			t.Errorf("the measure is record %d, the end %d", before, ended)
		}
		if err := r.sb.Do(t.Context(), look); err != nil || known {
			t.Errorf("still looked at: %+v, %v", q, err)
		}
	})
}
