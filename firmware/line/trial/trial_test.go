package trial

import (
	"testing"
	"time"
)

// exchange plays the two lines of a trial: calls that get through at once, and
// echoes as given for each way to match a side.
type exchange struct {
	trial   *Trial
	now     time.Duration
	losses  [2][]float64 // more than 90 dB is a lost frame, and 90 less when measured again
	tried   [2]map[int]int
	facts   []Fact
	settled [2]int
}

func (x *exchange) do(acts []Act) {
	for _, a := range acts {
		switch a.Do {
		case Dial:
			x.facts = append(x.facts, Fact{Kind: Early, Side: a.Side}, Fact{Kind: Offered, Side: 1 - a.Side})
		case Answer:
			x.facts = append(x.facts, Fact{Kind: Answered, Side: a.Side}, Fact{Kind: Answered, Side: 1 - a.Side})
		case Tone:
			x.facts = append(x.facts, Fact{Kind: Heard, DB: -7})
		case Match:
			loss := x.losses[a.Side][a.N]
			if x.tried[a.Side][a.N]++; loss > 90 && x.tried[a.Side][a.N] > 1 {
				loss -= 90
			}
			x.facts = append(x.facts, Fact{Kind: Heard, Side: a.Side, DB: -loss})
		case Settle:
			x.settled[a.Side] = a.N
		case Hangup:
			x.facts = append(x.facts, Fact{Kind: Ended, Side: a.Side}, Fact{Kind: Ended, Side: 1 - a.Side})
		}
	}
}

func (x *exchange) run() Results {
	x.tried = [2]map[int]int{{}, {}}
	x.do(x.trial.Start())
	for x.now < 2*wholeMost && x.trial.Results().Result == "" {
		f := Fact{}
		if len(x.facts) > 0 {
			f, x.facts = x.facts[0], x.facts[1:]
		}
		x.do(x.trial.Take(x.now, f))
		x.now += 50 * time.Millisecond
	}
	return x.trial.Results()
}

// The best way is chosen on each side, not one that a lost frame made look good, and
// the country's own where nothing is clearly better.
func TestChoice(t *testing.T) {
	for name, c := range map[string]struct {
		losses [2][]float64
		want   [2]int
	}{
		"best":            {[2][]float64{{12, 20, 15}, {9, 8, 14}}, [2]int{1, 2}},
		"own is as good":  {[2][]float64{{18, 18.5, 15}, {25, 25.2, 3}}, [2]int{0, 0}},
		"one measurement": {[2][]float64{{12, 99, 17, 3, 4}, {12, 3, 4, 5, 99}}, [2]int{2, 0}},
		"no ways":         {[2][]float64{nil, nil}, [2]int{0, 0}},
	} {
		x := &exchange{losses: c.losses, trial: New(true, true, [2]int{len(c.losses[0]), len(c.losses[1])})}
		r := x.run()
		if r.Result != Done || r.Way != c.want || x.settled != c.want {
			t.Errorf("%s: %s, %v settled as %v, want %v", name, r.Result, r.Way, x.settled, c.want)
		}
		if r.Loss[A][0] != 7 || r.Gain() != 0 {
			t.Errorf("%s: loss %v, gain %d", name, r.Loss, r.Gain())
		}
	}
}

// A trial whose lines never answer ends by itself, within its time.
func TestNobody(t *testing.T) {
	tr := New(true, true, [2]int{3, 3})
	tr.Start()
	for now := time.Duration(0); tr.Results().Result == ""; now += time.Second {
		if now > wholeMost+time.Second {
			t.Fatal("it goes on for ever")
		}
		tr.Take(now, Fact{})
	}
	if r := tr.Results().Result; r != NoAnswer {
		t.Error(r)
	}
}
