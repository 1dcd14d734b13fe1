package profile

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"centralita/firmware/event"
	"centralita/firmware/line"
	"centralita/firmware/line/release"
)

const hour = int64(3600_000)

func number(item string, v float64) event.Reading { return event.Reading{Item: item, Value: v} }
func word(item, v string) event.Reading           { return event.Reading{Item: item, Text: v} }

// calls has n calls, an hour apart, teach the same.
func calls(p *Profile, at *int64, n int, readings ...event.Reading) {
	for range n {
		*at += hour
		p.Learn(*at, readings)
	}
}

func find(t *testing.T, p *Profile, item string) Known {
	t.Helper()
	k, ok := p.Find(item)
	if !ok {
		t.Fatalf("nothing is known of %s", item)
	}
	return k
}

// The middle of what calls show is learned, with a confidence that grows, and a
// third of mistaken readings moves neither.
func TestLearns(t *testing.T) {
	p, r, at := New(), rand.New(rand.NewPCG(1, 2)), int64(0)
	before := uint8(0)
	for i := range 60 {
		v := 425 + r.NormFloat64()
		if i%3 == 2 && i > 10 {
			v = 300 + 500*r.Float64()
		}
		calls(p, &at, 1, number(line.ToneBusy, v))
		if k := find(t, p, line.ToneBusy); i < 5 && k.Sure <= before {
			t.Errorf("after %d equal calls %d %% sure, before %d", i+1, k.Sure, before)
		} else {
			before = k.Sure
		}
	}
	k := find(t, p, line.ToneBusy)
	if k.Value < 422 || k.Value > 428 || k.Sure < 60 || k.Count != 60 || k.First != hour || k.Last != at {
		t.Errorf("%+v", k)
	}
	if d := p.Drifts(); len(d) != 0 {
		t.Errorf("mistakes were taken for a drift: %+v", d)
	}
	if len(p.items[line.ToneBusy].normal) > keep {
		t.Error("a profile grows")
	}
}

// One strange call is an accident, three that agree are a drift since the first of
// them; it ends when the item is back, or when it is accepted.
func TestDrift(t *testing.T) {
	p, at := New(), int64(0)
	calls(p, &at, 10, number(line.IdleVoltage, 48))
	calls(p, &at, 1, number(line.IdleVoltage, 30))
	calls(p, &at, 5, number(line.IdleVoltage, 49))
	calls(p, &at, 2, number(line.IdleVoltage, 31))
	if d := p.Drifts(); len(d) != 0 {
		t.Fatalf("two calls are a drift: %+v", d)
	}
	since := at - hour
	calls(p, &at, 1, number(line.IdleVoltage, 31))
	want := []Drift{{Item: line.IdleVoltage, Unit: "V", Was: 48, Is: 31, Since: since}}
	if d := p.Drifts(); !reflect.DeepEqual(d, want) {
		t.Fatalf("%+v, want %+v", d, want)
	}
	calls(p, &at, 2, number(line.IdleVoltage, 48))
	if d := p.Drifts(); len(d) != 0 {
		t.Fatalf("it came back, but %+v", d)
	}
	calls(p, &at, 4, number(line.IdleVoltage, 36))
	p.Accept(line.IdleVoltage)
	calls(p, &at, 3, number(line.IdleVoltage, 36))
	if d := p.Drifts(); len(d) != 0 || find(t, p, line.IdleVoltage).Value != 36 {
		t.Errorf("accepted, but %+v and %+v", d, find(t, p, line.IdleVoltage))
	}
}

// What gets better is no drift, and wild values agree on nothing.
func TestNoDrift(t *testing.T) {
	p, at := New(), int64(0)
	calls(p, &at, 10, number(line.Noise, -50), number(line.RingHz, 25))
	calls(p, &at, 5, number(line.Noise, -75))
	for _, hz := range []float64{17, 60, 30, 50, 20, 44} {
		calls(p, &at, 1, number(line.RingHz, hz))
	}
	if d := p.Drifts(); len(d) != 0 {
		t.Errorf("%+v", d)
	}
	calls(p, &at, 5, number(line.ToneBusy, 5), number("line.colour", 1), number(line.Noise, 400))
	if _, ok := p.Find(line.ToneBusy); ok {
		t.Error("a reading outside its range was kept")
	}
}

// A changed word is a drift with both words.
func TestDriftOfWord(t *testing.T) {
	p, at := New(), int64(0)
	calls(p, &at, 6, word(line.CallerIDStyle, "v23 after-ring"))
	calls(p, &at, 3, word(line.CallerIDStyle, "dtmf before-ring"))
	d := p.Drifts()
	if len(d) != 1 || d[0].Text != "v23 after-ring" || d[0].Now != "dtmf before-ring" {
		t.Errorf("%+v", d)
	}
}

// A line that always gave a disconnect pulse and now gives busy tone alone has
// lost the pulse, since the first call without. Calls that end before busy tone
// could be heard say nothing of it.
func TestLostSign(t *testing.T) {
	p, at := New(), int64(0)
	both := []event.Reading{number(line.ReleaseBreak, 600), number(line.ReleaseBusy, 2000)}
	pulse := []event.Reading{number(line.ReleaseBreak, 600)}
	busy := []event.Reading{number(line.ReleaseBusy, 0), number(line.ReleaseMissed+"loop-break", 0)}
	calls(p, &at, 8, both...)
	calls(p, &at, 20, pulse...)
	if d := p.Drifts(); len(d) != 0 {
		t.Fatalf("busy tone was cut short, not lost: %+v", d)
	}
	since := at + hour
	for i := 0; len(p.Drifts()) == 0; i++ {
		if i > 8 {
			t.Fatal("the lost pulse is not seen")
		}
		calls(p, &at, 1, busy...)
	}
	if d := p.Drifts(); d[0].Item != line.ReleaseBreak || !d[0].Lost || d[0].Since != since {
		t.Fatalf("%+v, want since %d", d, since)
	}
	calls(p, &at, 2, pulse...)
	if d := p.Drifts(); len(d) != 0 {
		t.Fatalf("the pulse is back: %+v", d)
	}
	calls(p, &at, 8, busy...)
	p.Accept(line.ReleaseBreak)
	calls(p, &at, 8, busy...)
	if d := p.Drifts(); len(d) != 0 {
		t.Errorf("accepted: %+v", d)
	}
	h := p.Habits()
	if r := h.Signs[release.LoopBreak]; r.Seen != 30 || r.Missed < 16 {
		t.Errorf("the judge is told %+v", r)
	}
}

// A sign that comes in three of four calls is missed thrice in a row now and then;
// that is chance, not a loss.
func TestUnreliableSign(t *testing.T) {
	lost := 0
	for seed := range uint64(50) {
		p, r, at := New(), rand.New(rand.NewPCG(seed, 3)), int64(0)
		for range 200 {
			list := []event.Reading{word(line.CallWay, "in")}
			if r.Float64() < 0.8 {
				list = append(list, word(line.CallerIDStyle, "v23 after-ring"))
			}
			calls(p, &at, 1, list...)
			lost += len(p.Drifts())
		}
	}
	if lost > 25 { // call-hours of a wrong alarm in 10 000 calls
		t.Errorf("a habit of four in five was called lost for %d of 10 000 calls", lost)
	}
}
