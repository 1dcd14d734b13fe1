package desk_test

import (
	"testing"

	"centralita/firmware/desk"
	"centralita/firmware/id"
)

// A call's row has its worst end, and is mixed where any end is.
func TestHowCallsSound(t *testing.T) {
	p := desk.Picture{Calls: []desk.Row{
		{Legs: []desk.LegRow{{Leg: 1}, {Leg: 2}}}, {Legs: []desk.LegRow{{Leg: 2}, {Leg: 3}}}, {Legs: []desk.LegRow{{Leg: 4}}},
	}}.Sounds(func(l id.Leg) desk.Sounding {
		return map[id.Leg]desk.Sounding{1: {Path: "relayed", MOS: 4.4}, 2: {Path: "relayed", MOS: 3.2}, 3: {Path: "mixed"}}[l]
	})
	for i, want := range []desk.Row{{Path: "relayed", MOS: 3.2}, {Path: "mixed", MOS: 3.2}, {}} {
		if got := p.Calls[i]; got.Path != want.Path || got.MOS != want.MOS {
			t.Errorf("call %d: %q %.1f, want %q %.1f", i, got.Path, got.MOS, want.Path, want.MOS)
		}
	}
	if s := p.Calls[0].Legs[1].Sound; s.MOS != 3.2 {
		t.Errorf("of its second leg %+v", s)
	}
}
