package release

import (
	"strings"
	"testing"
	"time"

	"centralita/firmware/line"
)

const sec = time.Second

// ago builds a fact at a time in milliseconds, of something that had lasted.
func fact(k Kind, atMS, forMS int, w Witness) Fact {
	return Fact{Kind: k, At: time.Duration(atMS) * time.Millisecond, For: time.Duration(forMS) * time.Millisecond, Witness: w}
}

// run feeds facts in virtual time, looking as often as the judge asks, and gives
// the verdict, if there is one before the limit.
func run(j *Judge, limit time.Duration, facts ...Fact) (Verdict, bool) {
	for at := time.Duration(0); at <= limit; at += 10 * time.Millisecond {
		for len(facts) > 0 && facts[0].At <= at {
			j.Take(facts[0])
			facts = facts[1:]
		}
		if v, ok := j.Look(at); ok {
			return v, true
		}
	}
	return Verdict{}, false
}

func TestVerdicts(t *testing.T) {
	for name, c := range map[string]struct {
		line     Line
		silence  time.Duration
		facts    []Fact
		because  Witness
		from, to float64 // s; 0, 0 is never
	}{
		"disconnect pulse": {facts: []Fact{fact(Opened, 10080, 80, 0), fact(Closed, 10600, 600, 0)}, because: LoopBreak, from: 10.18, to: 10.3},
		"a quarter of a second in the middle of a word": {facts: []Fact{
			fact(Spoke, 9000, 150, 0), fact(Opened, 10080, 80, 0), fact(Closed, 10250, 250, 0), fact(Hushed, 10500, 500, 0)},
			because: LoopBreak, from: 10.18, to: 10.3},
		"cable touched": {facts: []Fact{fact(Opened, 10080, 80, 0), fact(Closed, 10150, 150, 0)}},
		"cut wire under a voice's tail": {facts: []Fact{
			fact(Spoke, 9000, 150, 0), fact(Opened, 10080, 80, 0)}, because: LoopBreak, from: 10.18, to: 10.5},
		"busy tone":                   {facts: []Fact{fact(ToneBegan, 11200, 1200, Busy)}, because: Busy, from: 12.5, to: 14.9},
		"slow busy tone":              {facts: []Fact{fact(ToneBegan, 12500, 2500, Busy)}, because: Busy, from: 12.5, to: 14.9},
		"busy tone in the room":       {facts: []Fact{fact(ToneBegan, 11200, 1200, Busy), fact(Spoke, 12000, 150, 0)}},
		"speech before the busy tone": {facts: []Fact{fact(Spoke, 9000, 150, 0), fact(Hushed, 10500, 500, 0), fact(ToneBegan, 11200, 1200, Busy)}, because: Busy, from: 12.5, to: 14.9},
		"dial tone":                   {facts: []Fact{fact(ToneBegan, 10600, 600, Dial)}, because: Dial, from: 12, to: 14.9},
		"a whistle":                   {facts: []Fact{fact(ToneBegan, 10600, 600, Dial), fact(ToneEnded, 11500, 0, Dial), fact(Spoke, 13000, 150, 0)}},
		"busy tone after a whistle and a word": {facts: []Fact{fact(ToneBegan, 5600, 600, Dial), fact(ToneEnded, 6000, 0, Dial),
			fact(Spoke, 7000, 150, 0), fact(Hushed, 7900, 500, 0), fact(ToneBegan, 11200, 1200, Busy)}, because: Busy, from: 12.5, to: 14.9},
		"reversal, then nothing":     {facts: []Fact{fact(Reversed, 10000, 0, 0)}, because: Polarity, from: 10, to: 14.9},
		"reversal, and talk goes on": {facts: []Fact{fact(Reversed, 10000, 0, 0), fact(Spoke, 11000, 150, 0)}},
		"reversal on a line that has them": {line: Line{Reverses: true}, facts: []Fact{
			fact(Spoke, 9000, 150, 0), fact(Reversed, 10000, 0, 0)}, because: Polarity, from: 10, to: 10.5},
		"a flicker while somebody whistles": {facts: []Fact{fact(ToneBegan, 9500, 600, Dial), fact(Reversed, 10000, 0, 0),
			fact(Reversed, 10200, 0, 0), fact(ToneEnded, 10300, 0, Dial), fact(Spoke, 12000, 150, 0)}},
		"reversal at the answer":  {line: Line{Reverses: true}, facts: []Fact{fact(Reversed, 300, 0, 0)}},
		"two weak signs":          {facts: []Fact{fact(Reversed, 10000, 0, 0), fact(ToneBegan, 11200, 1200, Busy)}, because: Polarity, from: 10, to: 11.5},
		"silence that is allowed": {silence: 60 * sec, facts: []Fact{fact(Spoke, 1000, 150, 0), fact(Hushed, 2000, 0, 0), fact(Near, 30000, 0, 0)}},
		"silence from both":       {silence: 40 * sec, facts: []Fact{fact(Spoke, 1000, 150, 0), fact(Hushed, 2000, 0, 0), fact(Near, 30000, 0, 0)}, because: Silence, from: 70, to: 71},
		"no limit to silence":     {facts: []Fact{fact(Spoke, 1000, 150, 0), fact(Hushed, 2000, 0, 0)}},
	} {
		var h Habits
		j := New(&h, For(c.line), Options{Silence: c.silence})
		v, ok := run(j, 80*sec, c.facts...)
		at := v.At.Seconds()
		switch {
		case ok != (c.to > 0):
			t.Errorf("%s: released %v (%v)", name, ok, v)
		case ok && (v.Because != c.because || at < c.from || at > c.to):
			t.Errorf("%s: released at %.2f s, want %.2f..%.2f by %v: %v", name, at, c.from, c.to, c.because, v)
		}
	}
}

// A verdict says in words what it stands on.
func TestExplains(t *testing.T) {
	var h Habits
	j := New(&h, For(Line{}), Options{})
	v, _ := run(j, 20*sec, fact(Reversed, 10000, 0, 0), fact(ToneBegan, 11200, 1200, Busy))
	for _, w := range []string{"polarity reversed for 1.2 s (weight", "busy tone for 1.2 s (weight", "certainty 6.", "of 4.0"} {
		if !strings.Contains(v.String(), w) {
			t.Errorf("%q lacks %q", v, w)
		}
	}
}

// teach folds an episode as the line's profile does.
func teach(h *Habits, e Episode, r *Rates) {
	e.Each(func(item string, value float64, _ string) {
		if _, ok := line.Find(item); !ok {
			panic(item + " is no item")
		}
		h.Take(item, value)
		r.Take(item, value)
	})
}

// call runs one call to its end and learns from it.
func call(h *Habits, r *Rates, end time.Duration, facts ...Fact) (Verdict, bool, Episode) {
	j := New(h, For(Line{}), Options{})
	v, ok := run(j, end, facts...)
	at := end
	if ok {
		at = v.At
	}
	e := j.End(at, ok)
	teach(h, e, r)
	return v, ok, e
}

// A line that always gives a busy tone is released sooner than an unknown one; one
// on which busy tones are heard in talk later; and a tone of another level than the
// exchange's has to prove itself.
func TestLearns(t *testing.T) {
	tone := func(level float32) []Fact {
		f := fact(ToneBegan, 601200, 1200, Busy)
		f.DBm0 = level
		return []Fact{f}
	}
	var good, bad Habits
	var r Rates
	v0, _, _ := call(&Habits{}, &r, 700*sec, tone(-18)...)
	for range 20 {
		call(&good, &r, 700*sec, tone(-18)...)
		call(&bad, &r, 700*sec, append(tone(-18), fact(Spoke, 602000, 150, 0), fact(Hushed, 605000, 500, 0))...)
	}
	if s := good.Signs[Busy]; s.Seen != 20 || s.False != 0 || s.Level.N != 20 {
		t.Errorf("the good line has shown %+v", s)
	}
	if s := bad.Signs[Busy]; s.Seen != 0 || s.False != 20 {
		t.Errorf("the bad line has shown %+v", s)
	}
	v1, _, _ := call(&good, &r, 700*sec, tone(-18)...)
	v2, _, _ := call(&bad, &r, 700*sec, tone(-18)...)
	v3, _, _ := call(&good, &r, 700*sec, tone(-38)...)
	if !(v1.At < v0.At-sec/2 && v2.At > v0.At && v3.At > v1.At+sec/2) {
		t.Errorf("released after %v; learnt %v, deceived %v, another tone %v", v0.At, v1.At, v2.At, v3.At)
	}
}

// A line whose exchange never breaks the loop does not believe a short break at
// once, and one that always gives 600 ms does.
func TestLoopBreakIsLearnt(t *testing.T) {
	var never, always Habits
	var r Rates
	for range 60 {
		call(&never, &r, 20*sec, fact(ToneBegan, 11200, 1200, Busy), fact(ToneEnded, 19000, 0, Busy))
		call(&always, &r, 20*sec, fact(Opened, 10080, 80, 0), fact(Closed, 10600, 600, 0))
	}
	if never.Signs[LoopBreak].Missed == 0 && never.Signs[Busy].Seen == 0 {
		t.Fatalf("nothing was learnt: %+v", never)
	}
	open := []Fact{fact(Opened, 10080, 80, 0), fact(Closed, 10800, 800, 0)}
	v1, ok1, _ := call(&never, &r, 20*sec, open...)
	v2, ok2, _ := call(&always, &r, 20*sec, open...)
	if !ok1 || !ok2 || v1.At < v2.At {
		t.Errorf("never: %v %v, always: %v %v", ok1, v1.At, ok2, v2.At)
	}
}

// What is true: our own hang-up during a tone teaches as a release does, one
// without a sign teaches talk only, and a release that was a cut is taken back.
func TestTruth(t *testing.T) {
	var h Habits
	var r Rates
	_, judged, e := call(&h, &r, 12200*time.Millisecond, fact(ToneBegan, 11200, 1200, Dial))
	if judged || !e.Released || h.Signs[Dial].Seen != 1 {
		t.Errorf("hung up during a dial tone: judged %v, %+v", judged, e)
	}
	if call(&h, &r, 60*sec); h.Signs[Dial].Seen != 1 || h.TalkS < 72 {
		t.Errorf("a call without a sign taught %+v", h)
	}
	_, judged, e = call(&h, &r, 60*sec, fact(ToneBegan, 11200, 1200, Busy))
	if !judged || h.Signs[Busy].Seen != 1 {
		t.Fatalf("busy tone: judged %v, %+v", judged, h.Signs[Busy])
	}
	e.Revoke(func(item string, value float64, _ string) { h.Take(item, value) })
	r.Take(line.ReleaseCut, 12)
	if s := h.Signs[Busy]; s.Seen != 0 || s.False != 1 {
		t.Errorf("a cut was counted as %+v", s)
	}
	if r != (Rates{Calls: 3, Releases: 2, Cuts: 1}) {
		t.Errorf("rates %+v", r)
	}
}

// Facts in any order and with any values never make the judge fall.
func FuzzJudge(f *testing.F) {
	f.Add([]byte{1, 10, 0, 2, 20, 200, 5, 40, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		var h Habits
		j := New(&h, For(Line{Country: "US"}), Options{Silence: 50 * sec})
		at := time.Duration(0)
		for ; len(b) >= 3; b = b[3:] {
			at += time.Duration(b[1]) * 20 * time.Millisecond
			j.Take(Fact{Kind: Kind(b[0] % 12), At: at, For: time.Duration(b[2]) * 10 * time.Millisecond,
				Witness: Witness(b[2] % 10), DBm0: -float32(b[2]), MilliAmp: float32(b[2])})
			if v, ok := j.Look(at); ok && (v.Because >= Witnesses || v.Score < Certain || len(v.Signs) == 0) {
				t.Fatalf("verdict %+v", v)
			}
			if d := j.Next(at); d < 0 {
				t.Fatalf("next look in %v", d)
			}
		}
		j.End(at, false).Each(func(item string, _ float64, _ string) {
			if _, ok := line.Find(item); !ok {
				t.Fatalf("%s is no item", item)
			}
		})
	})
}

// TestToneInPausesOfRingback: a busy tone that our own ringback covers again and
// again is one sign, weighed by the time it was heard; in a silence of ours each
// burst of it is another, as of a telephone in the room.
func TestToneInPausesOfRingback(t *testing.T) {
	when := func(ringing bool) (time.Duration, bool) {
		var facts []Fact
		for began := 10000; began < 40000; began += 4500 {
			if ringing {
				facts = append(facts, fact(Near, began-1000, 0, 0))
			}
			facts = append(facts, fact(ToneBegan, began+1200, 1200, Busy), fact(ToneEnded, began+2500, 0, Busy))
			if ringing {
				facts = append(facts, fact(Near, began+3400, 0, 0))
			}
		}
		v, ok := run(New(&Habits{}, For(Line{Country: "ES"}), Options{}), 40*sec, facts...)
		return v.At, ok
	}
	covered, ok := when(true)
	if !ok || covered > 20*sec {
		t.Errorf("between bursts of ours: %v, %v", covered, ok)
	}
	if alone, ok := when(false); ok && alone < covered+5*sec {
		t.Errorf("with pauses of its own: %v, covered %v", alone, covered)
	}
}
