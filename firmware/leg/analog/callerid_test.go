package analog

import (
	"math"
	"testing"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/leg"
	items "centralita/firmware/line"
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// styleText is what a reading calls each style of the town.
var styleText = map[town.Style]string{
	town.FSKAfterRing: "after-ring", town.FSKAlert: "alert", town.FSKShortRing: "before-ring", town.FSKReversal: "reversal-alert",
	town.DTMFReversal: "reversal", town.DTMFRing: "after-ring", town.DTMFPlain: "before-ring",
}

// TestCallerIDInEveryStyle: every way in which exchanges tell who calls, with a
// number, withheld for either reason and disturbed: the call is offered once, with
// the right number or none, in time for the second ring.
func TestCallerIDInEveryStyle(t *testing.T) {
	long(t)
	for _, c := range []struct{ box, exchange, modem string }{
		{"ES", "ES", "v23"}, {"UK", "UK", "v23"}, {"US", "US", "bell202"}, {"ES", "US", "bell202"}, {"US", "ES", "v23"}, {"BR", "BR", ""},
	} {
		calls := []town.Call{
			{Number: "912345678"}, {Number: "912345678", BadChecksum: true}, {Withheld: "P"}, {Withheld: "O"},
		}
		switch {
		case c.box != "ES" && c.box != "US", c.box != c.exchange:
			calls = calls[:1]
		case c.box == "US":
			calls = calls[:2]
		}
		for _, style := range town.Styles {
			for _, call := range calls {
				call.CallerID = style
				callerIDCase(t, c.box, c.exchange, c.modem, call)
			}
		}
	}
}

func callerIDCase(t *testing.T, box, exchange, modem string, call town.Call) {
	between(t, box, exchange, Line{}, func(t *testing.T, o *outside) {
		wish(t, o.line.Call(call))
		r := o.ears.wait(t, 12*time.Second, leg.Offered)
		from, absent := r.From, r.Absent
		var style string
		level := math.NaN()
		limit := time.After(4 * time.Second)
		for done := false; !done; {
			select {
			case r := <-o.ears.heard:
				if r.Kind == leg.Updated {
					from, absent = r.From, r.Absent
				}
			case <-limit:
				done = true
			}
		}
		wish(t, o.line.Hangup())
		for r := range o.ears.heard {
			for _, x := range r.Readings {
				switch x.Item {
				case items.CallerIDStyle:
					style = x.Text
				case items.CallerIDLevel:
					level = x.Value
				}
			}
			if r.Kind == leg.Ended {
				break
			}
		}
		wantFrom, wantAbsent := call.Number, leg.Absent("")
		switch {
		case call.CallerID == town.NoCallerID, call.BadChecksum:
			wantFrom = ""
		case call.Withheld == "P":
			wantAbsent = leg.Private
		case call.Withheld == "O":
			wantAbsent = leg.Unavailable
		}
		if from != wantFrom || absent != wantAbsent {
			t.Errorf("box %s, exchange %s, %+v: offered from %q %q", box, exchange, call, from, absent)
		}
		if told := wantFrom != "" || wantAbsent != ""; told != (style != "") {
			t.Errorf("%s, %+v: read as style %q", exchange, call, style)
		} else if told && call.CallerID[0] == 'f' && modem != "" {
			if want := modem + " " + styleText[call.CallerID]; style != want {
				t.Errorf("%s, %+v: read as style %q, want %q", exchange, call, style, want)
			}
			if math.Abs(level+13.5) > 1 {
				t.Errorf("%s, %+v: read as %.1f dBm0", exchange, call, level)
			}
		} else if want := "dtmf " + styleText[call.CallerID]; told && call.CallerID[0] == 'd' && style != want {
			t.Errorf("%s, %+v: read as style %q, want %q", exchange, call, style, want)
		}
	})
}

// TestWettingPulse: an exchange that waits for the pulse of current behind its
// alert tells who calls; a box of another country gives none.
func TestWettingPulse(t *testing.T) {
	for box, from := range map[string]string{"UK": "02012345678", "AU": ""} { // of Australia: its rings are as British ones
		between(t, box, "UK", Line{}, func(t *testing.T, o *outside) {
			o.change(func(c *town.LineConfig) { c.Wetting = true })
			wish(t, o.line.Call(town.Call{Number: "02012345678", CallerID: town.FSKReversal}))
			if r := o.ears.wait(t, 12*time.Second, leg.Offered); r.From != from {
				t.Errorf("box of %s: offered from %q", box, r.From)
			}
		})
	}
}

// TestEarsAllocateNothing: listening to lines is the sound thread's.
func TestEarsAllocateNothing(t *testing.T) {
	plan, _ := tone.Plan("ES")
	l := &line{}
	for name, ear := range map[string]hearer{
		"idle": newIdleEar(l, true), "seized": newDawn(l, plan), "talk": newTalkEar(l),
	} {
		var pcm [media.Narrow]int16
		n := 0
		if got := testing.AllocsPerRun(200, func() {
			for i := range pcm {
				n++
				pcm[i] = int16(6000 * math.Sin(float64(n)*2*math.Pi*1300/8000))
			}
			ear.hear(&pcm)
		}); got != 0 { // what is said once counts as nothing
			t.Errorf("%s: %v allocations in a tick", name, got)
		}
	}
}
