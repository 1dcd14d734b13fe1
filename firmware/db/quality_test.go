package db

import (
	"testing"

	"centralita/firmware/event"
)

// The call list keeps the worst end in its worse direction, and the story all ends.
func TestSoundOfACall(t *testing.T) {
	o := newOffice(t)
	good := event.Quality{Codec: "PCMA", MS: 30_000, Received: 1500, TripMS: 20.04, MOS: 4.4, FarMOS: 4.39}
	poor := event.Quality{Codec: "PCMA", MS: 29_000, RelayedMS: 28_000, Received: 1450, JitterMS: 3, FarLost: 0.123456, FarJitterMS: 12.34, TripMS: 179.91, MOS: 4.3, FarMOS: 3.054, DelayMS: 140}
	o.say(&event.CallBegan{Call: 2, Leg: 1, Port: "trunk/prov", Direction: "in"}, &event.LegBegan{Leg: 3, Call: 2, Port: "sip/101"},
		&event.CallConnected{Call: 2, Leg: 3}, &event.LegMeasured{Leg: 1, Port: "trunk/prov", Sound: poor}, &event.LegEnded{Leg: 1, Cause: "normal"},
		&event.CallEnded{Call: 2, Cause: "normal"}, &event.LegMeasured{Leg: 3, Port: "sip/101", Sound: good}, &event.LegEnded{Leg: 3, Cause: "normal"},
		&event.CallBegan{Call: 5, Leg: 4, Port: "fxo1", Direction: "in"}, &event.LegEnded{Leg: 4}, &event.CallEnded{Call: 5})
	o.fold()
	c, story, found, err := o.db.Story(t.Context(), 2)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	want := Quality{MOS: 3.05, Loss: 0.1235, JitterMS: 12.3, TripMS: 180, DelayMS: 140, SoundMS: 29_000, RelayedMS: 28_000}
	if c.Quality == nil || *c.Quality != want {
		t.Errorf("%+v, want %+v", c.Quality, want)
	}
	var ends []event.Quality
	for _, e := range story {
		if m, ok := e.Body.(*event.LegMeasured); ok {
			ends = append(ends, m.Sound)
		}
	}
	if len(ends) != 2 || ends[0] != poor || ends[1] != good {
		t.Errorf("the story tells %+v", ends)
	}
	if c, _, _, _ := o.db.Story(t.Context(), 5); c.Quality != nil {
		t.Errorf("a call over copper sounded %+v", c.Quality)
	}
}
