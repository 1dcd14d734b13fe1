package analog

import (
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// calling dials out on fxo1 and waits until the number is through.
func calling(t *testing.T, plan []town.Rule, signs town.Supervision, wear town.Wear, set Settings) (*bench, ears, leg.Leg) {
	t.Helper()
	e := newEars()
	b := newBench(t, e.told)
	line, err := b.town.Line("fxo1")
	if err != nil {
		t.Fatal(err)
	}
	cfg := line.Config()
	cfg.Plan, cfg.Supervision, cfg.Wear = plan, signs, wear
	wish(t, line.Configure(cfg))
	b.bank.Configure(set)
	l := makeLeg(t, b.bank, "fxo1")
	b.plug(l, leg.Report{})
	l.Ring(leg.Caller{To: "944000001"})
	e.wait(t, 10*time.Second, leg.EarlySound)
	return b, e, l
}

// TestClicksAreNoAnswer: on a bad line that clicks through ringback, nobody has
// answered.
func TestClicksAreNoAnswer(t *testing.T) {
	long(t)
	for _, clicks := range []float64{20, 60} {
		synctest.Test(t, func(t *testing.T) {
			b, e, _ := calling(t, []town.Rule{{Pattern: "*", Behaviour: "never"}}, town.Supervision{},
				town.Wear{ClicksPerMin: clicks, NoiseDBm0: -55}, Settings{Country: "ES"})
			defer b.close()
			limit := time.After(60 * time.Second)
			for {
				select {
				case r := <-e.heard:
					if r.Kind == leg.Answered || r.Kind == leg.Ended {
						t.Errorf("%v clicks a minute: report %d by %s (%s)", clicks, r.Kind, r.By, r.Text)
						return
					}
				case <-limit:
					return
				}
			}
		})
	}
}

// TestAnnouncementIsNoAnswer: where the exchange reverses at the answer, a voice
// before it is an announcement; where the reversal fails to come, a voice that goes
// on is taken for an answer, though not as surely.
func TestAnnouncementIsNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := Settings{Country: "ES", Lines: map[id.Port]Line{"fxo1": {Polarity: true}}}
		b, e, _ := calling(t, []town.Rule{{Pattern: "*", AnswerAfterS: 2, Party: town.Party{Voice: "babble:3"}}}, town.Supervision{}, town.Wear{}, set)
		defer b.close()
		began := time.Now()
		r := e.wait(t, 30*time.Second, leg.Answered)
		if took := time.Since(began); took < 8*time.Second || r.By != leg.ByVoice || r.Sure > 60 {
			t.Errorf("answered by %s, %d %% sure, after %v", r.By, r.Sure, took)
		}
	})
}
