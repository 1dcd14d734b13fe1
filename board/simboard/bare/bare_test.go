package bare

import (
	"testing"

	"centralita/board/simboard/town"
)

// A terminal answers, hears, and sees every sign of the far end's hang-up at its
// time.
func TestSigns(t *testing.T) {
	for name, c := range map[string]struct {
		signs town.Supervision
		want  []Change
	}{
		"break":    {town.Supervision{LoopBreakMS: 600}, []Change{{Opened: true, Frames: 8}, {Closed: true, Frames: 59}}},
		"reversal": {town.Supervision{Polarity: true}, []Change{{Reversed: true, Frames: 8}}},
		"tone":     {town.Supervision{BusyTone: true}, nil},
	} {
		b := New(2)
		tw, err := town.New(b, town.Config{Lines: b.Names(), Handsets: []string{}, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		line, err := tw.Line(Name(1))
		if err != nil {
			t.Fatal(err)
		}
		ring := line.Call(town.Call{CallerID: town.NoCallerID, Supervision: &c.signs, Party: town.Party{Voice: "silent"}})
		set := b.Set(1)
		b.Step()
		if err := <-ring; err != nil {
			t.Fatal(err)
		}
		set.Lift()
		run := func(n int) (seen []Change, heard bool) {
			for range n {
				b.Step()
				if c := set.Seen(); c != (Change{}) {
					seen = append(seen, c)
				}
				var pcm [80]int16
				set.Hear(&pcm)
				heard = heard || pcm != [80]int16{}
			}
			return seen, heard
		}
		if seen, heard := run(100); len(seen) > 0 || heard || line.State().State != "talking" || set.MilliAmp() < 20 {
			t.Errorf("%s: %v, heard %v while %s at %v mA", name, seen, heard, line.State().State, set.MilliAmp())
		}
		gone := line.Hangup()
		seen, heard := run(200)
		if err := <-gone; err != nil {
			t.Fatal(err)
		}
		if len(seen) != len(c.want) || heard != (name == "tone") {
			t.Errorf("%s: saw %+v, heard %v", name, seen, heard)
			continue
		}
		for i := range seen {
			if seen[i] != c.want[i] {
				t.Errorf("%s: saw %+v, want %+v", name, seen[i], c.want[i])
			}
		}
		set.HangUp()
		if run(100); line.State().State != "idle" {
			t.Errorf("%s: the exchange is %s", name, line.State().State)
		}
	}
}
